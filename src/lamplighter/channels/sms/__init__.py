"""Texts: what comes in from a carrier, and the messenger that stands in for one."""

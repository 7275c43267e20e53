"""Channels of authorizations that go by no clearinghouse."""

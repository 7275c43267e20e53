"""Lamplighter: the front desk of a mental-health practice as software."""

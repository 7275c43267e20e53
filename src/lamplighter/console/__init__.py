"""The staff page: every contact live, and the means to step in."""

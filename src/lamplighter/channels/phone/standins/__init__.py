"""Stand-ins for carriers of calls on this machine, by the protocols that they publish: for development and for tests.

Nobody's telephone ever rings: whoever calls, and whoever is called, is somebody that only they know.
"""

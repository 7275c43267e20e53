"""Stand-ins for carriers on this machine, by the protocols that they publish: for development and for tests.

No text of theirs ever leaves this machine: what they carry appears on telephones that only they know.
"""

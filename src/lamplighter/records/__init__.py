"""What is kept, and what proves that it was kept: store, vault, ledger and durable jobs behind the desk's ports.

Three stores pass one contract suite: in memory (the reference), an encrypted SQLite file, PostgreSQL. A store is only
ever opened for one practice; nothing here reads across two.
"""

"""Records on SQL: an encrypted SQLite file or PostgreSQL, one set of tables and statements for both."""

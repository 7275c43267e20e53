"""PostgreSQL. Row-level security holds every transaction to its practice, even one that runs SQL of its own."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, text

ROLE = "lamplighter_app"
"""Whom transactions act as where the connecting user would be above row-level security."""

_ENTER = text(
    "SELECT set_config('lamplighter.practice', :practice, true), "
    "pg_advisory_xact_lock(hashtextextended('lamplighter practice ' || :practice, 0))"
)


class PostgresDatabase:
    """`url` as SQLAlchemy or libpq write it. The database must be there; schemas and tables are made."""

    name = "postgresql"

    def __init__(self, url: str) -> None:
        self._url = _with_driver(url)
        self.engine = self._make_engine(max_overflow=30)
        self._jobs: Engine | None = None
        with self.engine.connect() as connection:
            self._above = bool(connection.execute(text(_IS_ABOVE)).scalar())

    def __repr__(self) -> str:
        return f"<PostgresDatabase {self.engine.url.database}>"

    def _make_engine(self, max_overflow: int) -> Engine:
        return create_engine(
            self._url, pool_size=10, max_overflow=max_overflow, pool_pre_ping=True, hide_parameters=True
        )

    @contextmanager
    def begin(self, practice: str) -> Iterator[Connection]:
        """Holds the practice's advisory lock until it ends."""
        with self.engine.begin() as connection:
            if self._above:
                connection.execute(text(f"SET LOCAL ROLE {ROLE}"))
            connection.execute(_ENTER, {"practice": practice})
            yield connection

    def jobs_engine(self) -> Engine:
        if self._jobs is None:
            self._jobs = self._make_engine(max_overflow=10)
        return self._jobs

    def migrated(self) -> None:
        """Lets the role that transactions act as use the tables; it owns none, so that no policy spares it."""
        if self._above:
            with self.engine.begin() as connection:
                for statement in _GRANTS:
                    connection.execute(text(statement))

    def close(self) -> None:
        self.engine.dispose()
        if self._jobs is not None:
            self._jobs.dispose()


_IS_ABOVE = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"

_CREATE_ROLE = f"""
DO $$ BEGIN
  CREATE ROLE {ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS;
EXCEPTION WHEN duplicate_object THEN NULL;
END $$
"""

_GRANTS = (
    _CREATE_ROLE,
    f"GRANT USAGE ON SCHEMA public, dbos TO {ROLE}",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLE}",
    f"GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA dbos TO {ROLE}",
    f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA dbos TO {ROLE}",
    f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {ROLE}",
)


def _with_driver(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    if scheme in ("postgres", "postgresql"):
        scheme = "postgresql+psycopg"
    return f"{scheme}{separator}{rest}"

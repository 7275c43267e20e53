"""How wiring opens a store: one function each, alike in what they give back.

Each store has `.transaction(practice, who="agent")` and `.close()`. Imports are late: a rehearsal in memory loads no
database.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from lamplighter.desk.ports import Clock, Keys
from lamplighter.records.memory import MemoryRecords

if TYPE_CHECKING:
    from lamplighter.records.sql.database import Database
    from lamplighter.records.sql.store import SqlRecords


def open_memory(clock: Clock) -> MemoryRecords:
    """Records that are gone when the process ends; `MemoryJobs(records)` runs their jobs."""
    return MemoryRecords(clock)


def open_sqlite(path: Path, keys: Keys, clock: Clock, anchors: Path | None = None) -> "SqlRecords":
    """The encrypted file at `path`, made if it isn't there and brought up to date if it is old.

    `anchors` is a file outside the data folder for signed heads of the ledger. Raises WrongKey, KeyFileGone or
    NewerStore.
    """
    from lamplighter.records.sql.sqlite import SqliteDatabase

    return _open(SqliteDatabase(path, keys), keys, clock, anchors)


def open_postgres(url: str, keys: Keys, clock: Clock, anchors: Path | None = None) -> "SqlRecords":
    """The database at `url`, brought up to date. Raises WrongKey or NewerStore."""
    from lamplighter.records.sql.postgres import PostgresDatabase

    return _open(PostgresDatabase(url), keys, clock, anchors)


def _open(database: "Database", keys: Keys, clock: Clock, anchors: Path | None) -> "SqlRecords":
    from lamplighter.records import jobs_dbos
    from lamplighter.records.anchors import Anchors
    from lamplighter.records.sql.migrate import migrate
    from lamplighter.records.sql.store import SqlRecords

    try:
        with database.alone():
            migrate(database)
            if not jobs_dbos.prepared(database):
                jobs_dbos.prepare(database)
            database.migrated()
    except BaseException:
        database.close()
        raise
    enqueuer = jobs_dbos.DbosEnqueuer(database)
    return SqlRecords(database, keys, clock, enqueuer, Anchors(anchors) if anchors else None)

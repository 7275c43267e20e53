"""Whether the store answers and jobs run, for whoever watches from outside this machine. Cheap, and of nobody."""

from datetime import timedelta
from typing import Final, Literal

from sqlalchemy import ColumnElement, Engine, TableClause, column, func, select, table
from sqlalchemy.exc import SQLAlchemyError

from lamplighter import logs
from lamplighter.records.pulse import now_micros
from lamplighter.records.sql.database import Database

log = logs.get(__name__)
Lack = Literal["store", "jobs"]
LATE: Final = timedelta(seconds=60)
"""How long what is due may wait while nothing else gets done, until jobs are said not to run."""
WAITING: Final = ("ENQUEUED", "DELAYED")


def lack(database: Database, queue: str, version: str, *, running: bool, beats: bool) -> Lack | None:
    """What fails; None where nothing does. `running`: this process runs jobs; `beats`: it has written to the store just
    now. A job may take long, and many may wait: that is no failure while one after another is done."""
    if not running:
        return "jobs"
    if not beats:
        return "store"
    try:
        return "jobs" if _stands_still(database, queue, version) else None
    except (SQLAlchemyError, OSError):
        log.exception("store_does_not_answer")
        return "store"


def _stands_still(database: Database, queue: str, version: str) -> bool:
    engine, rows = database.jobs_engine(), _rows(database)
    due = func.coalesce(rows.c.delay_until_epoch_ms, rows.c.created_at)
    late = now_micros(database) / 1000 - int(LATE.total_seconds() * 1000)
    mine = (rows.c.queue_name == queue) & (rows.c.application_version == version)
    if not _any(engine, rows, mine & rows.c.status.in_(WAITING) & (due < late)):
        return False
    return not _any(engine, rows, mine & (rows.c.completed_at >= late))


def _any(engine: Engine, rows: TableClause, where: ColumnElement[bool]) -> bool:
    with engine.connect() as connection:
        return connection.execute(select(rows.c.status).where(where).limit(1)).first() is not None


def _rows(database: Database) -> TableClause:
    """The job engine's own."""
    names = (
        "status", "queue_name", "application_version", "created_at", "delay_until_epoch_ms", "completed_at",
    )  # fmt: skip
    schema = "dbos" if database.name == "postgresql" else None
    return table("workflow_status", *(column(name) for name in names), schema=schema)

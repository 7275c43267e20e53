"""Opens the records that the settings name, with their jobs, and the keys that seal them."""

from dataclasses import dataclass
from pathlib import Path

from lamplighter.connectors.keys.master import load_master_key
from lamplighter.desk.ports import Clock, Keys
from lamplighter.records.jobs_dbos import EMBEDDED, DbosJobs
from lamplighter.records.opening import open_postgres, open_sqlite
from lamplighter.records.sql.store import SqlRecords
from lamplighter.settings import Settings

DATABASE = "lamplighter.db"


@dataclass(frozen=True, slots=True)
class Store:
    records: SqlRecords
    jobs: DbosJobs
    anchors: Path | None

    def close(self) -> None:
        self.jobs.stop()
        self.records.close()


def demo_settings(settings: Settings) -> Settings:
    """The demo anchors its ledger beside the data folder, where `audit verify` finds the heads."""
    return settings.model_copy(
        update={"anchors": settings.anchors or settings.data.parent / "data-anchors.jsonl"}
    )


def master_key(settings: Settings, *, demo: bool = False) -> Keys:
    """Raises KeyProblem outside demo when no master key is named."""
    text = settings.master_key.get_secret_value() if settings.master_key else None
    return load_master_key(
        file=settings.master_key_file,
        text=text,
        kms_key=settings.kms_key_id,
        demo_file=settings.data / "demo-master.key" if demo else None,
    )


def open_records(settings: Settings, clock: Clock, *, demo: bool = False) -> SqlRecords:
    """The store alone, for looking at it. Raises KeyProblem, WrongKey, NewerStore."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = master_key(settings, demo=demo)
    if settings.database_url is not None:
        return open_postgres(settings.database_url.get_secret_value(), keys, clock, settings.anchors)
    return open_sqlite(settings.data / DATABASE, keys, clock, settings.anchors)


def open_store(settings: Settings, clock: Clock, *, demo: bool = False, worker: str = EMBEDDED) -> Store:
    """The store with the runner of its jobs; whoever opens it registers handlers and starts the runner."""
    records = open_records(settings, clock, demo=demo)
    return Store(records, DbosJobs(records, clock, worker), settings.anchors)

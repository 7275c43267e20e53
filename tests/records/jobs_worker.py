"""A process that runs jobs until it is killed or none is left: `python jobs_worker.py STORE EFFECTS WORKER`.

STORE is the path of a file or the address of a PostgreSQL. EFFECTS stands for the world outside: a line a message
sent, which can be asked but not taken back.
"""

import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from lamplighter.desk.ports import Job
from lamplighter.records.jobs_dbos import DbosJobs
from lamplighter.records.opening import open_postgres, open_sqlite
from lamplighter.records.sql.store import SqlRecords
from tests.records.stores import KEYS

PRACTICE = "demo"


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def open_store(where: str) -> SqlRecords:
    if "://" in where:
        return open_postgres(where, KEYS, SystemClock())
    return open_sqlite(Path(where), KEYS, SystemClock())


class Sending:
    """A handler as they all must be: the intent is stored first, and an unknown outcome is asked about."""

    def __init__(self, records: SqlRecords, outside: Path) -> None:
        self._records = records
        self._outside = outside

    def __call__(self, practice: str, job: Job) -> None:
        message = dict(job.args)["message"]
        with self._records.transaction(practice) as transaction:
            first = transaction.outbox.advance(message, "sending")
        if first or not self._was_sent(message):
            self._send(message)
        with self._records.transaction(practice) as transaction:
            transaction.outbox.advance(message, "sent")

    def _was_sent(self, message: str) -> bool:
        return self._outside.exists() and message in self._outside.read_text().split()

    def _send(self, message: str) -> None:
        handle = os.open(self._outside, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        os.write(handle, f"{message}\n".encode())
        os.close(handle)
        time.sleep(0.02)


def main(where: str, outside: str, worker: str) -> None:
    records = open_store(where)
    runner = DbosJobs(records, SystemClock(), worker, ttl_seconds=2)
    runner.register("send", Sending(records, Path(outside)))
    runner.start()
    try:
        while True:
            with records.transaction(PRACTICE) as transaction:
                if not transaction.jobs.pending():
                    break
            time.sleep(0.2)
    finally:
        runner.stop()
        records.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

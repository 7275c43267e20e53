"""The jobs part of a transaction on SQL: a row of ours that a job reads when it wakes, and the durable job itself."""

import json
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, Row, select

from lamplighter.desk.ports import Job
from lamplighter.records.sql.scope import Scope
from lamplighter.records.sql.tables import jobs

ATTEMPTS = 20
FIRST_RETRY = timedelta(seconds=1)
LONGEST_RETRY = timedelta(hours=1)
"""Retries double up to this: the last of the attempts comes about eight hours after the first."""

_MAY_BE_ENQUEUED_ANEW = ("cancelled", "failed")


class Enqueuer(Protocol):
    """Hands a job to the engine that will run it, on the caller's connection and in its transaction."""

    def enqueue(
        self, connection: Connection, practice: str, key: str, generation: int, delay: timedelta
    ) -> None: ...

    def committed(self) -> None:
        """The transaction under way on this thread has committed; what it enqueued may start."""
        ...

    def rolled_back(self) -> None: ...


class SqlQueue:
    def __init__(self, scope: Scope, enqueuer: Enqueuer) -> None:
        self._scope = scope
        self._enqueuer = enqueuer

    def enqueue(self, job: Job) -> None:
        """Once per key: one that waits or has run stays as it is; a cancelled or failed one may be enqueued anew."""
        scope = self._scope
        before = scope.one(jobs, key=job.key)
        if before is not None and before.status not in _MAY_BE_ENQUEUED_ANEW:
            return
        generation = before.generation + 1 if before else 1
        values = {
            "name": job.name, "due": job.due, "args": json.dumps(job.args), "status": "waiting",
            "generation": generation, "attempts": 0, "number": scope.ledger.number(),
        }  # fmt: skip
        if before is None:
            scope.insert(jobs, key=job.key, **values)
        else:
            scope.update(jobs, {"key": job.key}, **values)
        delay = job.due - scope.ledger.now()
        self._enqueuer.enqueue(scope.connection, scope.practice, job.key, generation, delay)
        scope.ledger.wrote("job_enqueued", f"job/{job.key}")

    def cancel(self, key: str) -> None:
        scope = self._scope
        if scope.update(jobs, {"key": key, "status": "waiting"}, status="cancelled"):
            scope.ledger.wrote("job_cancelled", f"job/{key}")

    def pending(self) -> tuple[Job, ...]:
        rows = self._scope.connection.execute(
            select(jobs).where(self._scope.mine(jobs, status="waiting")).order_by(jobs.c.due, jobs.c.number)
        )
        return tuple(_job(row) for row in rows)

    def waiting(self, key: str, generation: int) -> Job | None:
        """The job if it still waits under this generation; None once it has run, was cancelled or enqueued anew."""
        row = self._scope.one(jobs, key=key, generation=generation, status="waiting")
        return _job(row) if row else None

    def retry(self, key: str, generation: int) -> bool:
        """Has a job that failed run again later, each time twice as much later; False when it was tried enough."""
        scope = self._scope
        mine: dict[str, object] = {"key": key, "generation": generation, "status": "waiting"}
        row = scope.one(jobs, **mine)
        if row is None:
            return True
        if row.attempts + 1 >= ATTEMPTS:
            scope.update(jobs, mine, status="failed", attempts=row.attempts + 1)
            scope.ledger.wrote("job_failed", f"job/{key}")
            return False
        delay = min(FIRST_RETRY * 2**row.attempts, LONGEST_RETRY)
        scope.update(jobs, mine, generation=generation + 1, attempts=row.attempts + 1)
        self._enqueuer.enqueue(scope.connection, scope.practice, key, generation + 1, delay)
        return True

    def finish(self, key: str) -> None:
        self._scope.update(jobs, {"key": key}, status="done")


def _job(row: Row[Any]) -> Job:
    args = tuple((name, value) for name, value in json.loads(row.args))
    return Job(row.key, row.name, row.due, args)

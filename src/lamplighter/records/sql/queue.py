"""The jobs part of a transaction on SQL: a row of ours that a job reads when it wakes, and the durable job itself."""

import json
from typing import Any, Protocol

from sqlalchemy import Connection, Row, select

from lamplighter.desk.ports import Job
from lamplighter.records.sql.scope import Scope
from lamplighter.records.sql.tables import jobs


class Enqueuer(Protocol):
    """Hands a job to the engine that will run it, on the caller's connection and in its transaction."""

    def enqueue(self, connection: Connection, practice: str, job: Job, generation: int) -> None: ...


class SqlQueue:
    def __init__(self, scope: Scope, enqueuer: Enqueuer) -> None:
        self._scope = scope
        self._enqueuer = enqueuer

    def enqueue(self, job: Job) -> None:
        """Once per key: a key that waits or has run is left as it is; a cancelled one may be enqueued anew."""
        scope = self._scope
        before = scope.one(jobs, key=job.key)
        if before is not None and before.status != "cancelled":
            return
        generation = before.generation + 1 if before else 1
        values = {
            "name": job.name, "due": job.due, "args": json.dumps(job.args), "status": "waiting",
            "generation": generation, "number": scope.ledger.number(),
        }  # fmt: skip
        if before is None:
            scope.insert(jobs, key=job.key, **values)
        else:
            scope.update(jobs, scope.mine(jobs, key=job.key), **values)
        self._enqueuer.enqueue(scope.connection, scope.practice, job, generation)
        scope.ledger.wrote("job_enqueued", f"job/{job.key}")

    def cancel(self, key: str) -> None:
        scope = self._scope
        if scope.update(jobs, scope.mine(jobs, key=key, status="waiting"), status="cancelled"):
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

    def finish(self, key: str) -> None:
        self._scope.update(jobs, self._scope.mine(jobs, key=key), status="done")


def _job(row: Row[Any]) -> Job:
    args = tuple((name, value) for name, value in json.loads(row.args))
    return Job(row.key, row.name, row.due, args)

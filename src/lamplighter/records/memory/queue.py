"""The jobs part of a transaction in memory. A job waits in `jobs`; `jobs_over` says how the others ended."""

from dataclasses import replace
from datetime import UTC

from lamplighter.desk.ports import Job
from lamplighter.records.memory.ledger import MemoryLedger
from lamplighter.records.memory.state import State


class MemoryQueue:
    def __init__(self, state: State, ledger: MemoryLedger) -> None:
        self._state = state
        self._ledger = ledger

    def enqueue(self, job: Job) -> None:
        """Once per key: a key that waits or has run is left as it is; a cancelled one may be enqueued anew."""
        if job.key in self._state.jobs or self._state.jobs_over.get(job.key) == "done":
            return
        self._state.jobs.put(job.key, replace(job, due=job.due.astimezone(UTC)))
        self._state.jobs_over.drop(job.key)
        self._ledger.wrote("job_enqueued", f"job/{job.key}")

    def cancel(self, key: str) -> None:
        if key in self._state.jobs:
            self._state.jobs.drop(key)
            self._state.jobs_over.put(key, "cancelled")
            self._ledger.wrote("job_cancelled", f"job/{key}")

    def pending(self) -> tuple[Job, ...]:
        return tuple(sorted(self._state.jobs.values(), key=lambda job: job.due))

    def finish(self, key: str) -> None:
        self._state.jobs.drop(key)
        self._state.jobs_over.put(key, "done")

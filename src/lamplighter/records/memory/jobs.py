"""Jobs on a simulated clock: nothing waits; whoever drives the clock says when it is time."""

from datetime import datetime

from lamplighter.desk.ports import Job, JobHandler
from lamplighter.practice.model import PracticeId
from lamplighter.records.errors import NoHandler
from lamplighter.records.memory.store import MemoryRecords


class MemoryJobs:
    """Runs what is due when told to. A handler that raises leaves its job pending, and the exception passes on."""

    def __init__(self, records: MemoryRecords) -> None:
        self._records = records
        self._handlers: dict[str, JobHandler] = {}

    def __repr__(self) -> str:
        return f"<MemoryJobs over {self._records!r}: runs only when told to>"

    def register(self, name: str, handler: JobHandler) -> None:
        self._handlers[name] = handler

    def start(self) -> None:
        """Nothing runs by itself here: `run_due` is the only clock."""

    def stop(self) -> None:
        """Nothing runs by itself here, so nothing needs stopping."""

    def next_due(self) -> datetime | None:
        """When the earliest job of any practice is due; None when none waits."""
        first = self._first()
        return first[1].due if first else None

    def run_due(self, now: datetime) -> int:
        """Runs every job due at or before `now`, by due time, those that running them adds included. Says how many."""
        ran = 0
        while (first := self._first()) is not None and first[1].due <= now:
            practice, job = first
            if job.name not in self._handlers:
                raise NoHandler(job.name)
            self._handlers[job.name](practice, job)
            with self._records.transaction(practice) as transaction:
                transaction.finish_job(job.key)
            ran += 1
        return ran

    def _first(self) -> tuple[PracticeId, Job] | None:
        earliest: tuple[PracticeId, Job] | None = None
        for practice in self._records.practices():
            with self._records.transaction(practice) as transaction:
                pending = transaction.jobs.pending()
            if pending and (earliest is None or pending[0].due < earliest[1].due):
                earliest = practice, pending[0]
        return earliest

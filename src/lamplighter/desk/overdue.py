"""A crisis that nobody has reviewed in time, and a follow-up that nobody made: whoever is on the clinical ladder is
told, in open hours, once a day, for as long as it is open.

The job that puts the task on the board stores the first look; each look stores the next before anybody is told.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from lamplighter import logs
from lamplighter.desk import rota_changes
from lamplighter.desk.ports import Clock, Job, Pager, Records, Ring, Task, Transaction
from lamplighter.practice.calendar import NeverOpen, is_open, next_open
from lamplighter.practice.model import Practice, PracticeId
from lamplighter.practice.rota import everybody

log = logs.get(__name__)
JOB: Final = "overdue"
AGAIN: Final = timedelta(days=1)


def watch(tx: Transaction, task: Task) -> None:
    """From its due time on, whoever should have seen to it hears that it waits."""
    _look(tx, task.id, 0, task.due)


def _look(tx: Transaction, task: str, number: int, due: datetime) -> None:
    tx.jobs.enqueue(Job(f"{JOB}:{task}:{number}", JOB, due, (("task", task), ("number", str(number)))))


def _opens(practice: Practice, now: datetime) -> datetime | None:
    """None where it has no hours: its people hear of it as they would in open hours."""
    with suppress(NeverOpen):
        return next_open(practice, now)
    return None


class Overdue:
    """Tells people of tasks that are late."""

    def __init__(
        self, records: Records, practices: Mapping[PracticeId, Practice], pager: Pager, clock: Clock
    ) -> None:
        self._records, self._practices, self._pager, self._clock = records, practices, pager, clock

    def run(self, practice_id: PracticeId, job: Job) -> None:
        practice, now, args = self._practices.get(practice_id), self._clock.now(), dict(job.args)
        with self._records.transaction(practice_id) as tx:
            task = tx.tasks.get(args["task"])
            if task is None or task.status != "open":
                return
            number = int(args["number"]) + 1
            if practice is None:  # it is not answered here now, and may be again
                return _look(tx, task.id, number, now + AGAIN)
            if not is_open(practice, now) and (opens := _opens(practice, now)) is not None:
                return _look(tx, task.id, number, opens)
            _look(tx, task.id, number, now + AGAIN)
            rings = self._rings(tx, practice, task, number, now)
        for ring in rings:
            self._tell(ring)

    def _rings(
        self, tx: Transaction, practice: Practice, task: Task, number: int, now: datetime
    ) -> list[Ring]:
        changes = rota_changes.standing(tx)
        return [
            Ring(
                practice.id, task.contact or "", task.id, rung.id, rung.name, rung.phone, "clinical", number,
                licensed=rung.licensed, kind=rung.kind, locale=practice.languages_signed[0], late=True,
            )
            for rung in everybody(practice, "clinical", now, lines=False, changes=changes, hours="by_day")
            if rung.kind == "staff"
        ]  # fmt: skip

    def _tell(self, ring: Ring) -> None:
        try:
            self._pager.ring(ring)
        except Exception:  # the others are told all the same, and everybody again tomorrow
            log.exception("ringing_failed", practice=ring.practice, contact=ring.contact)

"""The office has confirmed a visit that was held for it: whoever has done the task "Confirm with the office" says so.

From then on it is a visit like any other: confirmed to whoever comes by the way that they are written to, with the link
to its papers where that fits, and reminded of. Whoever declines it calls it off first, and then the task says nothing.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from lamplighter.desk import gate, notices, packet, preferences, reminders
from lamplighter.desk.context import Wording, stable_id
from lamplighter.desk.ports import Clock, Job, Message, Person, Records, Task, Transaction, Visit
from lamplighter.practice.model import Practice, PracticeId

JOB: Final = "office_confirmed"
TASK: Final = "office_confirm"
HELD: Final = "held_for_office"
CONFIRMATION: Final = "confirmation"


def done(tx: Transaction, task: Task, now: datetime) -> None:
    """In the transaction in which a task is done."""
    if task.kind == TASK:
        _soon(tx, task.id.removeprefix(f"{TASK}:"), now)


def confirmed(tx: Transaction, visit: Visit, *, by: str, now: datetime) -> None:
    """Somebody here says so of the visit itself: its task is done with it."""
    task = tx.tasks.get(f"{TASK}:{visit.id}")
    if task is not None and task.status == "open":
        tx.tasks.close(task.id, by)
    _soon(tx, visit.id, now)


def _soon(tx: Transaction, visit: str, now: datetime) -> None:
    tx.jobs.enqueue(Job(f"{JOB}:{visit}", JOB, now, (("visit", visit),)))


class Confirming:
    """The job: what is no longer held is left as it is."""

    def __init__(
        self, records: Records, practices: Mapping[PracticeId, Practice], clock: Clock, wording: Wording
    ) -> None:
        self._records, self._practices, self._clock, self._wording = records, practices, clock, wording

    def run(self, practice_id: PracticeId, job: Job) -> None:
        practice, now = self._practices[practice_id], self._clock.now()
        with self._records.transaction(practice_id) as tx:
            visit = tx.schedule.visit(dict(job.args)["visit"])
            if visit is None or visit.status != HELD or visit.slot.start <= now:
                return
            booked = tx.schedule.set_status(visit.id, "booked")
            reminders.plan_for_all(tx, practice, booked, now)
            person = tx.people.get(booked.participants[0])
            if person is not None:
                self._tell(tx, practice, booked, person, now)
            packet.owe(tx, practice, booked, now)

    def _tell(self, tx: Transaction, practice: Practice, visit: Visit, person: Person, now: datetime) -> None:
        way = preferences.way_to(tx, practice, person)
        if way is None:
            return
        message = Message(
            id=stable_id(TASK, visit.id, visit.slot.start.isoformat(), way.address),
            channel=way.channel,
            to=way.address,
            phrase=f"{way.channel}.{CONFIRMATION}",
            args=tuple(sorted(notices.visit_args(practice, visit, person).items())),
            locale=person.language or practice.languages_signed[0],
            at=now,
            person=person.id,
            visit=visit.id,
        )
        if gate.never(tx, message) is None:
            notices.enqueue(tx, self._wording(tx, practice, visit, message))

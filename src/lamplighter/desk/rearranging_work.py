"""What is done when a change of a visit can't be taken back any more: its old time is offered to those who wait, and
whom nothing written reaches is called. What is written goes by its own jobs."""

from collections.abc import Mapping
from datetime import datetime

from lamplighter.conversation.flows.cancel import is_late
from lamplighter.desk import eap, rearranging_kept, sick_day_lift
from lamplighter.desk.context import stable_id
from lamplighter.desk.identity import payer_class
from lamplighter.desk.ports import Clock, Job, Records, Task, Transaction
from lamplighter.desk.rearranging_kept import Change
from lamplighter.desk.waitlist_openings import freed
from lamplighter.practice.calendar import next_open
from lamplighter.practice.model import Practice, PracticeId


class ChangesThatStand:
    """The job. Runs twice without doing anything twice."""

    def __init__(self, records: Records, practices: Mapping[PracticeId, Practice], clock: Clock) -> None:
        self._records, self._practices, self._clock = records, practices, clock

    def run(self, practice_id: PracticeId, job: Job) -> None:
        practice, now = self._practices[practice_id], self._clock.now()
        with self._records.transaction(practice_id) as tx:
            change = rearranging_kept.of(tx, dict(job.args)["change"])
            if change is None or change.done or now < change.begins:
                return
            tx.schedule.release(change.id)
            sick_day_lift.leaves(tx, change.before, now)
            freed(tx, practice, change.before, now, "moved" if change.after is not None else "cancelled")
            _settle_office(tx, change)
            if change.reason == "they_asked":
                _they_asked(tx, practice, change, now)
            else:
                _call(tx, practice, change, now)
            rearranging_kept.is_done(tx, change, now)


def _settle_office(tx: Transaction, change: Change) -> None:
    """What is called off needs nobody to confirm it."""
    task = tx.tasks.get(f"office_confirm:{change.before.id}")
    if change.after is None and task is not None and task.status == "open":
        tx.tasks.close(task.id, change.by)


def _they_asked(tx: Transaction, practice: Practice, change: Change, now: datetime) -> None:
    """As where they call it off with us themselves: a late one is a task for their clinician, never a charge."""
    visit = change.before
    person = tx.people.get(visit.participants[0])
    if change.after is not None or person is None:
        return
    late = is_late(practice, change.at, visit.slot.start, payer_class(practice, person))
    if late:
        eap.cancelled_late(tx, visit, change.at)
    if late or len(visit.participants) > 1:
        due = next_open(practice, now)
        tx.tasks.add(Task(f"late_cancel:{visit.id}", "late_cancel", "clinician", due, person=person.id))


def _call(tx: Transaction, practice: Practice, change: Change, now: datetime) -> None:
    """A task for each; whom nobody is to contact a clinician has."""
    for name, how in change.calls:
        person = tx.people.get(name)
        if person is None:
            continue
        task, due = stable_id("visit_changed", change.id, name), next_open(practice, now)
        if how == "clinician":
            details: tuple[tuple[str, str], ...] = (("do_not_call_back", "true"),)
            tx.tasks.add(Task(task, "not_reached", "clinician", due, person=name, details=details))
        else:
            details = (("phone", person.phone),) if person.phone else ()
            tx.tasks.add(Task(task, "not_reached", "desk", due, person=name, details=details))

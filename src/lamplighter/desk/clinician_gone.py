"""A clinician has left or has died: a list of people whom somebody who knows them speaks to, and no automation.

Rules of this room: it writes to nobody, cancels nothing and offers nothing. Until a person has spoken to them, nothing
of these visits goes by itself (`stopping`), and whoever asks about one gets a person. Why is asked nowhere.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lamplighter.desk import sick_day
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import Fact, Person, Task, Transaction, Visit
from lamplighter.desk.sick_day import STANDING
from lamplighter.desk.stopping import to_speak_to
from lamplighter.practice.model import ClinicianId

TO_UNDO: Final = timedelta(minutes=2)
AHEAD: Final = timedelta(days=366)
"""How far ahead visits are looked for. Their time is blocked as long: nobody is offered it."""


@dataclass(frozen=True, slots=True)
class Gone:
    """`since`: from when on they see nobody."""

    id: str
    clinician: ClinicianId
    since: datetime
    at: datetime
    by: str

    def may_be_undone(self, now: datetime) -> bool:
        return now < self.at + TO_UNDO


@dataclass(frozen=True, slots=True)
class ToSpeakTo:
    """One person with all of their visits from then on. `never`: nobody is to contact them unless a clinician decides
    so. `task`: what is open of it, or was done by `done_by`."""

    person: Person
    visits: tuple[Visit, ...]
    never: bool = False
    task: Task | None = None

    @property
    def first(self) -> datetime:
        return self.visits[0].slot.start


def preview(tx: Transaction, clinician: ClinicianId, since: datetime, now: datetime) -> tuple[ToSpeakTo, ...]:
    """Everybody who has a visit with them, whoever comes first at the head."""
    since = max(since, now)
    visits: dict[str, list[Visit]] = {}
    for visit in tx.schedule.visits_between(since, since + AHEAD):
        if visit.slot.clinician == clinician and visit.status in STANDING and visit.slot.start >= since:
            for person in visit.participants:
                visits.setdefault(person, []).append(visit)
    people = filter(None, map(tx.people.get, visits))
    found = (
        ToSpeakTo(each, tuple(visits[each.id]), sick_day.never(tx, visits[each.id][0].id, each) is not None)
        for each in people
    )
    return tuple(sorted(found, key=lambda each: (each.first, each.person.id)))


def say(tx: Transaction, clinician: ClinicianId, since: datetime, *, by: str, now: datetime) -> Gone:
    """At once, and once: what was said before stands. A task a person, due when their first visit would be."""
    if (before := of_clinician(tx, clinician)) is not None:
        return before
    name = stable_id("clinician_gone", clinician, now.isoformat())
    for each in preview(tx, clinician, since, now):
        number = (("phone", each.person.phone),) if each.person.phone else ()
        details = (("do_not_call_back", "true"),) if each.never else number
        task = to_speak_to(name, each.person.id)
        tx.tasks.add(Task(task, "clinician_gone", "clinician", each.first, None, each.person.id, details))
    begins = max(since, now)
    tx.schedule.add_absence(name, clinician, begins, begins + AHEAD)
    tx.facts.state(Fact(name, "clinician_gone", f"clinician/{clinician}", now, by, starts=begins))
    return Gone(name, clinician, begins, now, by)


def undo(tx: Transaction, name: str, *, by: str, now: datetime) -> bool:
    """All is as it was. False two minutes after it was said, or where it was taken back already."""
    gone = of(tx, name)
    if gone is None or not gone.may_be_undone(now) or not tx.facts.lift(name, by, now):
        return False
    for each in _tasks(tx, gone):
        tx.tasks.close(each.id, by)
    tx.schedule.end_absence(name, gone.since)
    return True


def of(tx: Transaction, name: str) -> Gone | None:
    """None where it was taken back, or nobody said it."""
    fact = tx.facts.get(name)
    return _gone(fact) if fact is not None and fact.kind == "clinician_gone" and fact.lifted is None else None


def of_clinician(tx: Transaction, clinician: ClinicianId) -> Gone | None:
    return next(map(_gone, tx.facts.standing("clinician_gone", f"clinician/{clinician}")), None)


def standing(tx: Transaction) -> tuple[Gone, ...]:
    return tuple(map(_gone, tx.facts.standing("clinician_gone")))


def to_speak(tx: Transaction, gone: Gone) -> tuple[ToSpeakTo, ...]:
    """How far it is: whoever has still to be spoken to, and who has been. Of whom nothing is left to come is gone from
    it once somebody has spoken to them."""
    found = []
    for each in preview(tx, gone.clinician, gone.since, gone.since):
        task = tx.tasks.get(to_speak_to(gone.id, each.person.id))
        never = task is not None and ("do_not_call_back", "true") in task.details
        found.append(ToSpeakTo(each.person, each.visits, never, task))
    return tuple(found)


def _tasks(tx: Transaction, gone: Gone) -> list[Task]:
    people = {task.person for task in tx.tasks.list_open() if task.kind == "clinician_gone" and task.person}
    found = (tx.tasks.get(to_speak_to(gone.id, person)) for person in people)
    return [task for task in found if task is not None and task.status == "open"]


def _gone(fact: Fact) -> Gone:
    assert fact.starts is not None
    return Gone(fact.id, fact.about.removeprefix("clinician/"), fact.starts, fact.at, fact.by)

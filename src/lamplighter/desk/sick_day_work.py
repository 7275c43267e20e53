"""What is done when the two minutes are over: visits called off by the practice, people told, the others to be called.

Theory of operation. One transaction does all of a day: it cancels, states who is to be told and how, stores the texts
and the tasks, and blocks the time. After that a look comes back every few minutes while a text waits, and makes a call
of each that did not go, or would come too late. Either runs twice without doing anything twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from lamplighter.desk import preferences, reminders, sick_day
from lamplighter.desk.context import stable_id
from lamplighter.desk.notices import enqueue
from lamplighter.desk.ports import AGENT, Clock, Fact, Job, Message, Person, Records, Task, Transaction, Visit
from lamplighter.desk.sick_day import IN_TIME, STANDING, CalledOff, ToTell, Way
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.model import Practice, PracticeId

LOOK: Final = "look_who_was_told"
SOON, OFTEN = timedelta(minutes=2), timedelta(minutes=10)
WAITING: Final = ("queued", "sending", "unknown")
NOT_GONE: Final = ("failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody whose visit was called off by the practice; it never counts against them. `message` is what was written
    to them, `task` the call that stands in for it or takes its place."""

    called_off: str
    visit: str
    person: str
    start: datetime
    way: Way
    why: str | None
    message: str | None
    at: datetime

    @property
    def task(self) -> str:
        return stable_id("called_off", self.visit, self.start.isoformat(), self.person)


def told(tx: Transaction, name: str) -> tuple[Told, ...]:
    """Everybody of one day that was called off, by the time of their visit."""
    found = map(_told, tx.facts.standing("called_off_visit", f"called_off/{name}"))
    return tuple(sorted(filter(None, found), key=lambda each: (each.start, each.person)))


class CallingVisitsOff:
    def __init__(
        self,
        records: Records,
        practices: Mapping[PracticeId, Practice],
        clock: Clock,
        laws: Mapping[PracticeId, LawData] = MappingProxyType({}),
    ) -> None:
        self._records, self._practices, self._clock, self._laws = records, practices, clock, laws

    def run(self, practice_id: PracticeId, job: Job) -> None:
        name, now = dict(job.args)["called_off"], self._clock.now()
        practice, law = self._practices[practice_id], self._laws.get(practice_id, SHIPPED)
        with self._records.transaction(practice_id) as tx:
            called_off = sick_day.of(tx, name)
            if called_off is None or called_off.done or now < called_off.begins:
                return
            for visit in sick_day.touched(tx, called_off.spell, now):
                _call_off(tx, practice, called_off, visit, now, law)
            spell = called_off.spell
            tx.schedule.add_absence(name, spell.clinician, spell.start, spell.end)
            done = sick_day.done_name(name)
            tx.facts.state(Fact(done, "called_off_done", f"called_off/{name}", now, AGENT))
            _look_at(tx, name, now + SOON)

    def look(self, practice_id: PracticeId, job: Job) -> None:
        """Whoever could not be told in writing is called; what still waits is looked at again."""
        name, now = dict(job.args)["called_off"], self._clock.now()
        with self._records.transaction(practice_id) as tx:
            waits = [each for each in told(tx, name) if _waits(tx, each, now)]
            if waits:
                _look_at(tx, name, now + OFTEN)


def _call_off(
    tx: Transaction, practice: Practice, called_off: CalledOff, visit: Visit, now: datetime, law: LawData
) -> None:
    reminders.drop(tx, practice, visit)
    visit = _cancelled(tx, visit, called_off, now)
    for person in sick_day.people_of(tx, visit):
        plan = sick_day.how_to_tell(tx, practice, visit, person, now, law)
        way = preferences.way_to(tx, practice, person)
        written = None
        if way is not None and plan.way in ("text", "email"):
            written = sick_day.message(practice, visit, person, way, now)
            enqueue(tx, written)
        each = _note(tx, called_off, plan, written, now)
        if written is None:
            _call(tx, each, person)


def _cancelled(tx: Transaction, visit: Visit, called_off: CalledOff, now: datetime) -> Visit:
    """The visit as it stands cancelled."""
    office = tx.tasks.get(f"office_confirm:{visit.id}")
    if office is not None and office.status == "open":
        tx.tasks.close(office.id, called_off.by)
    cancelled = tx.schedule.set_status(visit.id, "cancelled")
    return _of_its_own(tx, cancelled, called_off, now)


def _of_its_own(tx: Transaction, visit: Visit, called_off: CalledOff, now: datetime) -> Visit:
    """In place of a day of a series, cancelled by now, a cancelled visit of its own that can be moved. Where something
    else stands in its time, a hold or another visit, there is none: nobody's calling off depends on another's."""
    if visit.series is None:
        return visit
    own = stable_id("called_off", visit.id)
    booked = tx.schedule.book(own, visit.slot, visit.participants, called_off.id, now, "booked")
    return visit if booked is None else tx.schedule.set_status(booked.id, "cancelled")


def _note(
    tx: Transaction, called_off: CalledOff, plan: ToTell, written: Message | None, now: datetime
) -> Told:
    start, person = plan.visit.slot.start, plan.person.id
    details = [("visit", plan.visit.id), ("start", start.isoformat()), ("way", plan.way)]
    details += [("why", plan.why)] if plan.why else []
    details += [("message", written.id)] if written else []
    name = stable_id("called_off_visit", called_off.id, plan.visit.id, person)
    about = f"called_off/{called_off.id}"
    fact = Fact(name, "called_off_visit", about, now, called_off.by, tuple(details), person)
    tx.facts.state(fact)
    each = _told(fact)
    assert each is not None
    return each


def _told(fact: Fact) -> Told | None:
    """None for one whose person has been forgotten since."""
    values = dict(fact.details)
    if fact.person is None or "start" not in values:
        return None
    return Told(
        fact.about.removeprefix("called_off/"),
        values["visit"],
        fact.person,
        datetime.fromisoformat(values["start"]),
        values["way"],  # type: ignore[arg-type]
        values.get("why"),
        values.get("message"),
        fact.at,
    )


def _waits(tx: Transaction, each: Told, now: datetime) -> bool:
    """Whether what was written to them may yet go or come back; who it will not reach in time is called."""
    message = tx.outbox.get(each.message) if each.message else None
    person, visit = tx.people.get(each.person), tx.schedule.visit(each.visit)
    if message is None or person is None or (visit is not None and visit.status in STANDING):
        return False
    late = message.status in WAITING and now > each.start - IN_TIME
    if late:
        tx.outbox.advance(message.id, "cancelled", at=now, why="too_late")
    if late or message.status in NOT_GONE:
        _call(tx, each, person)
        return False
    return message.status != "delivered" and now < each.start


def _call(tx: Transaction, each: Told, person: Person) -> None:
    """Due when their visit would have been: the first of them first. Whom nobody is to contact a clinician has."""
    if sick_day.never(tx, each.visit, person):
        details: tuple[tuple[str, str], ...] = (("do_not_call_back", "true"),)
        tx.tasks.add(Task(each.task, "called_off", "clinician", each.start, None, each.person, details))
        return
    details = (("phone", person.phone),) if person.phone else ()
    tx.tasks.add(Task(each.task, "called_off", "desk", each.start, None, each.person, details))


def _look_at(tx: Transaction, name: str, due: datetime) -> None:
    tx.jobs.enqueue(Job(f"{LOOK}:{name}:{due.isoformat()}", LOOK, due, (("called_off", name),)))

"""What is done when the two minutes are over: visits called off by the practice, people told or asked, the others to be
called.

Theory of operation. One transaction does all of a day: it cancels, states who is to be told and how, holds what
somebody may keep, stores the texts and the tasks, and blocks the time. After that a look comes back every few minutes
while a text or an answer is waited for, and makes a call of each that did not go, would come too late, or was not
answered. Either runs twice without doing anything twice.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.slots import Slot
from lamplighter.desk import preferences, reminders, sick_day, sick_day_asks, sick_day_lift
from lamplighter.desk.context import stable_id
from lamplighter.desk.notices import enqueue
from lamplighter.desk.ports import Clock, Job, Message, Person, Records, Transaction, Visit
from lamplighter.desk.sick_day import IN_TIME, STANDING, Asks, CalledOff, ToTell, hold_name
from lamplighter.desk.sick_day_asks import Ask
from lamplighter.desk.sick_day_choices import ASKING, Option, option
from lamplighter.desk.sick_day_told import Told, call, note, told
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.model import Practice, PracticeId

LOOK: Final = "look_who_was_told"
SOON, OFTEN = timedelta(minutes=2), timedelta(minutes=10)
WAITING: Final = ("queued", "sending", "unknown")
NOT_GONE: Final = ("failed", "cancelled")
Span = tuple[datetime, datetime]


class CallingVisitsOff:
    def __init__(
        self,
        records: Records,
        practices: Mapping[PracticeId, Practice],
        clock: Clock,
        laws: Mapping[PracticeId, LawData] = MappingProxyType({}),
        books: Mapping[PracticeId, Phrasebook] = MappingProxyType({}),
    ) -> None:
        self._records, self._practices, self._clock, self._laws = records, practices, clock, laws
        self._books = books

    def run(self, practice_id: PracticeId, job: Job) -> None:
        name, now = dict(job.args)["called_off"], self._clock.now()
        practice, law = self._practices[practice_id], self._laws.get(practice_id, SHIPPED)
        with self._records.transaction(practice_id) as tx:
            called_off = sick_day.of(tx, name)
            if called_off is None or called_off.done or now < called_off.begins:
                return
            left: list[Slot] = []
            book = self._books.get(practice_id)
            for visit in sick_day.touched(tx, called_off.spell, now):
                left += _OneVisit(tx, practice, called_off, now, law, book).call_off(visit)
            parts = _block(tx, called_off, [*left, *_asked(tx, called_off)])
            sick_day_lift.state_done(tx, name, parts, now)
            _look_at(tx, name, now + SOON)

    def look(self, practice_id: PracticeId, job: Job) -> None:
        """Whoever could not be told in writing, or did not answer in time, is called; what still waits is looked at
        again."""
        name, now = dict(job.args)["called_off"], self._clock.now()
        practice = self._practices[practice_id]
        with self._records.transaction(practice_id) as tx:
            waits = [each for each in told(tx, name) if _waits(tx, practice, each, now)]
            if waits:
                asked = filter(None, (sick_day_asks.of(tx, each) for each in waits))
                _look_at(tx, name, min([now + OFTEN, *(ask.until for ask in asked if ask.until > now)]))


class _OneVisit:
    """What is done of one visit, by what was chosen for it and what may still be had."""

    def __init__(
        self,
        tx: Transaction,
        practice: Practice,
        called_off: CalledOff,
        now: datetime,
        law: LawData,
        book: Phrasebook | None,
    ) -> None:
        self._tx, self._practice, self._called_off = tx, practice, called_off
        self._now, self._law, self._book = now, law, book

    def call_off(self, visit: Visit) -> list[Slot]:
        """What is left out of the time that is blocked."""
        tx, choice = self._tx, self._called_off.choice_of(visit.id)
        plans = [self._plan(visit, person) for person in sick_day.people_of(tx, visit)]
        hold = hold_name(self._called_off.id, visit.id)
        may = option(tx, self._practice, visit, plans, choice, self._now, hold, book=self._book)
        if may.stays:
            return self._stays(visit, plans)
        tx.schedule.release(hold)
        reminders.drop(tx, self._practice, visit)
        own = _cancelled(tx, visit, self._called_off, self._now)
        asks = next((each for each in ASKING if each == choice), None)
        if asks is not None and not self._held(own, may):
            asks = None
        for plan in (self._plan(own, each.person) for each in plans):
            self._tell(plan, asks, may, by_call=choice == "call")
        return [own.slot] if asks == "video" else []

    def _plan(self, visit: Visit, person: Person) -> ToTell:
        return sick_day.how_to_tell(self._tx, self._practice, visit, person, self._now, self._law)

    def _stays(self, visit: Visit, plans: Iterable[ToTell]) -> list[Slot]:
        for plan in plans:
            note(self._tx, self._called_off, ToTell(visit, plan.person, "stays"), None, self._now)
        return [visit.slot]

    def _held(self, visit: Visit, may: Option) -> bool:
        """Whether the time that they may keep is theirs until they have answered. Where it is not, or can't be had any
        more, they are told as anybody is."""
        if may.slot is None or may.why is not None or visit.series is not None:
            return False
        until = visit.slot.start - IN_TIME
        return self._tx.schedule.hold(
            may.slot, hold_name(self._called_off.id, visit.id), until, self._now, visit.id
        )

    def _tell(self, plan: ToTell, asks: Asks | None, may: Option, *, by_call: bool) -> None:
        tx, way = self._tx, preferences.way_to(self._tx, self._practice, plan.person)
        writes = way is not None and plan.way in ("text", "email")
        if by_call and writes:
            plan, writes = ToTell(plan.visit, plan.person, "call", why="chosen"), False
        if way is None or not writes:
            return call(tx, note(tx, self._called_off, plan, None, self._now), plan.person)
        written = sick_day.message(self._practice, plan.visit, plan.person, way, self._now, asks)
        each = note(tx, self._called_off, plan, written, self._now, asks)
        if asks is None or may.slot is None:
            return enqueue(tx, written)
        ask = Ask(
            each.ask, each.called_off, each.visit, each.person, asks, may.slot,
            self._called_off.spell.clinician, way.address, written.id, self._now, each.start - IN_TIME,
        )  # fmt: skip
        sick_day_asks.make(tx, ask)
        sick_day_asks.ask_if_free(tx, ask, written)


def _asked(tx: Transaction, called_off: CalledOff) -> Iterator[Slot]:
    """What somebody may yet keep by video, of hours that were called off before."""
    spell = called_off.spell
    for ask in sick_day_asks.standing(tx):
        here = spell.start < ask.slot.end and ask.slot.start < spell.end
        if ask.way == "video" and ask.clinician == spell.clinician and here:
            yield ask.slot


def _block(tx: Transaction, called_off: CalledOff, left: Iterable[Slot]) -> int:
    """The clinician's time, but what is left out of it: in how many parts."""
    spell = called_off.spell
    parts = around(spell.start, spell.end, ((slot.start, slot.end) for slot in left))
    for number, (start, end) in enumerate(parts):
        tx.schedule.add_absence(sick_day_lift.part_of(called_off.id, number), spell.clinician, start, end)
    return len(parts)


def around(start: datetime, end: datetime, left: Iterable[Span]) -> list[Span]:
    """What remains of a time, in order, when some of it is left out."""
    parts: list[Span] = []
    for begins, ends in [*sorted(left), (end, end)]:
        if start < (until := min(begins, end)):
            parts.append((start, until))
        start = max(start, ends)
    return parts


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


def _waits(tx: Transaction, practice: Practice, each: Told, now: datetime) -> bool:
    """Whether what was written to them may yet go or come back, or be answered where it asks; who it will not reach in
    time is called."""
    if (ask := sick_day_asks.of(tx, each)) is not None:
        written = _asking(tx, practice, each, ask, now)
        return written is not None and sick_day_asks.waits(tx, each, ask, written, now)
    message = tx.outbox.get(each.message) if each.message else None
    person, visit = tx.people.get(each.person), tx.schedule.visit(each.visit)
    if message is None or person is None or (visit is not None and visit.status in STANDING):
        return False
    late = message.status in WAITING and now > each.start - IN_TIME
    if late:
        tx.outbox.advance(message.id, "cancelled", at=now, why="too_late")
    if late or message.status in NOT_GONE:
        call(tx, each, person)
        return False
    return message.status != "delivered" and now < each.start


def _asking(tx: Transaction, practice: Practice, each: Told, ask: Ask, now: datetime) -> Message | None:
    """The message that asks, as it goes to where they are asked. None for one who was forgotten since."""
    visit, person = tx.schedule.visit(each.visit), tx.people.get(each.person)
    if visit is None or person is None:
        return None
    way = preferences.Way("email" if "@" in ask.address else "sms", ask.address)
    return sick_day.message(practice, visit, person, way, now, ask.way)


def _look_at(tx: Transaction, name: str, due: datetime) -> None:
    tx.jobs.enqueue(Job(f"{LOOK}:{name}:{due.isoformat()}", LOOK, due, (("called_off", name),)))

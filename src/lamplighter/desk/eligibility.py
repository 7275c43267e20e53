"""Whether somebody's plan is what we think it is, asked of its payer before the visit: by durable jobs, made in the
transaction that books, moves or cancels it.

A question is stored with its trace before it leaves, and asked again under that trace whatever crashes. The same
member, payer, service and month asked about within some hours is one question, whichever visit asks: nobody pays twice.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from types import MappingProxyType
from typing import Final

from lamplighter import logs
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk import plan_gates, plan_kept, plan_outcomes, plan_waits
from lamplighter.desk.authorizations import planning as authorization_planning
from lamplighter.desk.charting import Charting, overtake
from lamplighter.desk.context import stable_id
from lamplighter.desk.plan_card_links import NO_LINKS, CardLinks
from lamplighter.desk.plan_gates import Reason
from lamplighter.desk.plan_kept import Question, Reading
from lamplighter.desk.ports import AGENT, Clock, Job, Person, Records, Transaction, Visit
from lamplighter.desk.ports.clearinghouse import Clearinghouse, Clearinghouses, Why
from lamplighter.desk.ports.coverage import EligibilityQuestion, Insured, Payer, Provider
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.agreements import agreed_with
from lamplighter.practice.calendar import at_local, local_date
from lamplighter.practice.model import Practice, PracticeId

log = logs.get(__name__)
JOB: Final = "eligibility"
ASK: Final = "ask_plan"
DEADLINE: Final = 45.0
"""Seconds: payers that are asked in real time answer within twenty, mostly."""

AT_ONCE: Final = 2
"""Questions on their way at a time, and as many again for which somebody waits: a slow payer never takes the hands that
ring somebody for a person in need."""

LATER: Final = timedelta(seconds=15)
OVERDUE: Final = timedelta(hours=1)
MORNING: Final = time(7)
STANDS: Final = ("booked", "confirmed")
PLANNED_AHEAD: Final = timedelta(days=22)
"""Of a series; what comes later is planned when its reminders are."""


# -- planning ----------------------------------------------------------------------------------------------------------


def plan(tx: Transaction, practice: Practice, visit: Visit, now: datetime) -> None:
    """Stores a job a touch about the patient's plan; for whoever has none that can be asked the reason instead."""
    authorization_planning.plan(tx, practice, visit, now)
    person = tx.people.get(visit.participants[0])
    if person is None or not practice.eligibility.payers or visit.status not in STANDS:
        return
    if reason := plan_gates.plainly(practice, person):
        return plan_gates.keep_reason(tx, person.id, reason, visit.id, now)
    for what, due in touches(practice, visit, now):
        tx.jobs.enqueue(_job(visit, what, due))
    return None


def plan_anew(tx: Transaction, practice: Practice, person: str, now: datetime) -> None:
    """What is on file of their plan, or what they said of it, has changed: asked now, and before each visit ahead."""
    overtake(tx, person, now)
    ahead = [
        visit
        for visit in tx.schedule.visits_of(person, now)
        if visit.participants[0] == person and visit.status in STANDS
    ]
    for visit in ahead:
        if visit.series is None or visit.slot.start <= now + PLANNED_AHEAD:
            plan(tx, practice, visit, now)
    if ahead and practice.eligibility.payers:
        tx.jobs.enqueue(_job(ahead[0], f"changed:{now.isoformat()}", now))


def drop(tx: Transaction, practice: Practice, visit: Visit) -> None:
    """Cancels the touches of the visit as it stood. One planned under other rules wakes, and does nothing."""
    for what in ("booked", "month", *map(str, practice.eligibility.hours), "morning"):
        tx.jobs.cancel(_key(visit, what))


def touches(practice: Practice, visit: Visit, now: datetime) -> Iterator[tuple[str, datetime]]:
    """At once, when the visit's month begins, some hours before, and on the morning before; those still to come."""
    start = visit.slot.start.astimezone(practice.timezone)
    yield "booked", now
    coming = [
        ("month", at_local(practice, start.date().replace(day=1), MORNING)),
        *((str(hours), start - timedelta(hours=hours)) for hours in practice.eligibility.hours),
        ("morning", morning_before(practice, visit)),
    ]
    yield from ((what, due) for what, due in coming if now < due < start)


def morning_before(practice: Practice, visit: Visit) -> datetime:
    day = local_date(practice, visit.slot.start) - timedelta(days=1)
    return at_local(practice, day, MORNING)


def _job(visit: Visit, what: str, due: datetime) -> Job:
    args = (("visit", visit.id), ("start", visit.slot.start.isoformat()))
    return Job(_key(visit, what), JOB, due, args)


def _key(visit: Visit, what: str) -> str:
    return f"{JOB}:{visit.id}:{int(visit.slot.start.timestamp())}:{what}"


# -- asking ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Begun:
    """What came of the wish to ask: why not, or the questions and whether any of them goes out anew."""

    reason: Reason | None = None
    questions: tuple[Question, ...] = ()
    anew: bool = False


class Plans:
    """The duty: decides whether a plan is asked, asks, and sees to what follows."""

    def __init__(
        self,
        records: Records,
        practices: Mapping[PracticeId, Practice],
        clock: Clock,
        clearinghouses: Clearinghouses | None = None,
        laws: Mapping[PracticeId, LawData] = MappingProxyType({}),
        phrasebooks: Mapping[PracticeId, Phrasebook] = MappingProxyType({}),
        charting: Charting | None = None,
        cards: CardLinks = NO_LINKS,
    ) -> None:
        self._records, self._practices, self._clock = records, practices, clock
        self._clearinghouses, self._laws, self._books = clearinghouses, laws, phrasebooks
        self._charting, self.cards = charting, cards
        self._room, self._own_room = (threading.BoundedSemaphore(AT_ONCE) for _ in range(2))

    def run(self, practice_id: PracticeId, job: Job) -> None:
        """A touch: reads the visit again, and asks only about what is still so."""
        args, now = dict(job.args), self._clock.now()
        with self._records.transaction(practice_id) as tx:
            visit = tx.schedule.visit(args["visit"])
            if visit is None or visit.status not in STANDS or visit.slot.start <= now:
                return
            if visit.slot.start != datetime.fromisoformat(args["start"]):
                return
            person = tx.people.get(visit.participants[0])
            if person is not None:
                self.begin(tx, person, visit, now)

    def why_not(self, tx: Transaction, person: Person, now: datetime) -> Reason | None:
        """What stands in the way now, at their record or at ours."""
        practice, law = self._practices[tx.practice], self._laws.get(tx.practice, SHIPPED)
        return plan_gates.why_not(tx, practice, person, now, law) or self._unreachable(practice, now)

    def begin(
        self, tx: Transaction, person: Person, visit: Visit | None, now: datetime, by: str = AGENT
    ) -> Begun:
        """Asks in this transaction, or says why not; what is being asked or was asked just now is not asked again."""
        practice = self._practices[tx.practice]
        if reason := self.why_not(tx, person, now):
            plan_gates.keep_reason(tx, person.id, reason, visit.id if visit else "", now)
            plan_outcomes.not_asked(tx, practice, person, reason, now)
            return Begun(reason)
        payer = plan_gates.payer_of(practice, person)
        assert payer is not None
        at = Payer(payer.id, payer.name)
        made = [
            self._claim(tx, question, now)
            for question in (
                _question(practice, person, visit, at, service, now, by) for service in payer.services
            )
        ]
        return Begun(None, tuple(each for each, _ in made), any(anew for _, anew in made))

    def _claim(self, tx: Transaction, question: Question, now: datetime) -> tuple[Question, bool]:
        """The one question of its kind: that which is there, or this one."""
        practice = self._practices[tx.practice]
        since = now - timedelta(hours=practice.eligibility.again_after_hours)
        for before in plan_kept.same_as(tx, question):
            reading = plan_kept.latest(tx, before)
            if not self._is_over(reading) and _is_called_off(tx, before, now):
                plan_kept.read(tx, before, None, now)
                continue
            if reading is None:
                return before, False
            if reading.is_open:
                again = question.by != AGENT or _given_up(tx, practice, before, reading, now)
                if again:
                    _ask_at(tx, before, now, f"again:{now:%Y-%m-%dT%H:%M}", question.by != AGENT)
                return before, again
            if before.at > since and reading.outcome != "withdrawn":
                return before, False
        plan_kept.ask(tx, question)
        _ask_at(tx, question, now, "first", question.by != AGENT)
        return question, True

    def ask(self, practice_id: PracticeId, job: Job) -> None:
        """A question goes out, under the trace that it has; after a crash once more under the same. A little later,
        where as many as may be are on their way; those that somebody waits for have room of their own."""
        now, name = self._clock.now(), dict(job.args)["question"]
        room = self._own_room if "waits" in dict(job.args) else self._room
        if not room.acquire(blocking=False):
            with self._records.transaction(practice_id) as tx:
                due = now + LATER
                tx.jobs.enqueue(Job(f"{ASK}:{name}:room:{due.isoformat()}", ASK, due, job.args))
            return
        try:
            self._ask(practice_id, name, now)
        finally:
            room.release()

    def _ask(self, practice_id: PracticeId, name: str, now: datetime) -> None:
        with self._records.transaction(practice_id) as tx:
            ready = self._ready(tx, name, now)
        if ready is None:
            return
        question, asked, ticket, way = ready
        log.info("plan_asked", practice=practice_id)
        reply = way.look_again(asked, ticket, DEADLINE) if ticket else way.ask(asked, DEADLINE)
        with self._records.transaction(practice_id) as tx:
            if not self._is_over(plan_kept.latest(tx, question)):
                self._read(tx, question, plan_kept.read(tx, question, reply, self._clock.now()))

    @staticmethod
    def _is_over(reading: Reading | None) -> bool:
        return reading is not None and not reading.is_open

    def _ready(
        self, tx: Transaction, name: str, now: datetime
    ) -> tuple[Question, EligibilityQuestion, str, Clearinghouse] | None:
        question = plan_kept.question(tx, name)
        person = tx.people.get(question.person) if question else None
        if question is None or person is None:
            return None
        reading = plan_kept.latest(tx, question)
        if self._is_over(reading):
            return None
        practice = self._practices[tx.practice]
        way = self._clearinghouses.of(practice.id) if self._clearinghouses else None
        reason = self.why_not(tx, person, now)
        over = _is_called_off(tx, question, now) or _changed(question, person)
        if reason is not None or way is None or over:
            plan_kept.read(tx, question, None, now)
            if reason is not None:
                plan_gates.keep_reason(tx, person.id, reason, question.visit, now)
            return None
        ticket = _ticket(plan_kept.readings(tx, question))
        return question, _asked(tx, practice, person, question), ticket, way

    def number_due(self, practice_id: PracticeId, job: Job) -> None:
        """The morning before: the number on their card has not come, nor was the plan found by another question."""
        args, practice, now = dict(job.args), self._practices[practice_id], self._clock.now()
        with self._records.transaction(practice_id) as tx:
            question, person = plan_kept.question(tx, args["question"]), tx.people.get(args["person"])
            if question is None or person is None or _changed(question, person):
                return
            visit = _waiting(tx, question, now)
            if question.visit and visit is None:
                return
            if visit is not None and plan_outcomes.number_by(practice, visit) > now:
                return plan_outcomes.look_for_the_number(tx, practice, question, visit, now)
            found = any(
                reading.outcome == "answered"
                for each in plan_kept.same_as(tx, question)
                for reading in plan_kept.readings(tx, each)
            )
            if not found:
                plan_outcomes.ask_by_person(tx, practice, person.id, question.member_id, now)
        return None

    def _unreachable(self, practice: Practice, now: datetime) -> Reason | None:
        way = self._clearinghouses.of(practice.id) if self._clearinghouses else None
        if way is None:
            return "nobody_asks"
        day = local_date(practice, now)
        return "no_agreement" if way.party and not agreed_with(practice, way.party, day) else None

    # -- what follows --------------------------------------------------------------------------------------------------

    def _read(self, tx: Transaction, question: Question, reading: Reading) -> None:
        practice, now = self._practices[tx.practice], reading.at
        person = tx.people.get(question.person)
        if person is None:
            return
        if reading.is_open:
            self._later(tx, practice, question, reading)
        if reading.outcome == "answered":
            authorization_planning.plan_after_answer(tx, practice, question.visit, now)
            self._carved_out(tx, practice, person, question, reading)
            if self._charting is not None:
                self._charting.answered(tx, question, now)
        book = self._books.get(practice.id)
        plan_outcomes.follow(tx, practice, person, question, reading, book, self.cards, now)
        plan_waits.look_in(tx, question, now)

    def _later(self, tx: Transaction, practice: Practice, question: Question, reading: Reading) -> None:
        """Again under the same trace, until the visit; then a biller looks, where there is a visit to be had."""
        number = len(plan_kept.readings(tx, question))
        due = again_at(practice, reading, number)
        if _is_called_off(tx, question, reading.at):
            plan_kept.read(tx, question, None, reading.at)
        elif due < _until(tx, question, reading.at):
            _ask_at(tx, question, due, str(number))
        else:
            plan_outcomes.for_the_biller(tx, practice, question, reading.at)

    def _carved_out(
        self, tx: Transaction, practice: Practice, person: Person, question: Question, reading: Reading
    ) -> None:
        """Somebody else answers for this kind of care: asked as well, once, and never on from there."""
        party = plan_outcomes.carved_out_to(tx, practice, question, reading)
        if party is None:
            return None
        named = plan_outcomes.carve_out(practice, party)
        if named is None:
            return plan_outcomes.for_the_biller(tx, practice, question, reading.at, party)
        visit = tx.schedule.visit(question.visit) if question.visit else None
        at = Payer(named.id, named.names[0])
        for service in named.services:
            further = _question(practice, person, visit, at, service, reading.at, AGENT)
            self._claim(tx, replace(further, carved_from=question.id), reading.at)
        return None


def _ticket(readings: Iterable[Reading]) -> str:
    """Under which it is worked on. Where the answer to that was that the payer is down, it is asked anew."""
    since = takewhile(lambda each: each.outcome != Why.PAYER_DOWN, readings)
    return next((each.ticket for each in since if each.ticket), "")


def again_at(practice: Practice, reading: Reading, number: int) -> datetime:
    """When to ask again after so many readings: soon, less soon, and then every morning. A key that was refused is not
    tried before a morning."""
    soon = () if reading.outcome == "not_allowed" else plan_outcomes.AGAIN
    if number <= len(soon):
        return reading.at + soon[number - 1]
    return at_local(practice, local_date(practice, reading.at) + timedelta(days=1), MORNING)


def _waiting(tx: Transaction, question: Question, now: datetime) -> Visit | None:
    """The visit that it is for; where that stands no more, the next that takes its place."""
    visit = tx.schedule.visit(question.visit) if question.visit else None
    if visit is not None and visit.status in STANDS:
        return visit
    ahead = [
        each
        for each in tx.schedule.visits_of(question.person, now)
        if each.status in STANDS and each.participants[0] == question.person
    ]
    return min(ahead, key=lambda each: each.slot.start, default=None)


def _is_called_off(tx: Transaction, question: Question, now: datetime) -> bool:
    """It was for a visit, and none waits for it any more."""
    return bool(question.visit) and _waiting(tx, question, now) is None


def _until(tx: Transaction, question: Question, now: datetime) -> datetime:
    """The visit that waits for it; without one a day."""
    visit = _waiting(tx, question, now)
    return visit.slot.start if visit is not None else question.at + timedelta(days=1)


def _given_up(
    tx: Transaction, practice: Practice, question: Question, reading: Reading, now: datetime
) -> bool:
    """Nothing asks it again by itself any more."""
    due = again_at(practice, reading, len(plan_kept.readings(tx, question)))
    return _until(tx, question, now) <= now or due + OVERDUE < now


def _ask_at(
    tx: Transaction, question: Question, due: datetime, what: str, somebody_waits: bool = False
) -> None:
    key = f"{ASK}:{question.id}:{what}"
    waits = (("waits", "yes"),) if somebody_waits else ()
    tx.jobs.enqueue(Job(key, ASK, due, (("question", question.id), *waits)))


def _question(
    practice: Practice,
    person: Person,
    visit: Visit | None,
    payer: Payer,
    service: str,
    now: datetime,
    by: str,
) -> Question:
    today = local_date(practice, now)
    who, member = plan_kept.who_is(person), person.member_id or ""
    name = stable_id("plan_asked", person.id, payer.id, member, who, service, now.isoformat())
    return Question(
        id=name,
        person=person.id,
        payer=payer,
        member_id=member,
        who=who,
        service=service,
        month=f"{today:%Y-%m}",
        trace=stable_id("trace", name),
        at=now,
        visit=visit.id if visit else "",
        day=_day(practice, visit, today),
        by=by,
    )


def _day(practice: Practice, visit: Visit | None, today: date) -> date | None:
    """That of the visit where a payer can tell of it by now: until the end of this month. Else today."""
    day = local_date(practice, visit.slot.start) if visit else today
    return day if today < day and (day.year, day.month) == (today.year, today.month) else None


def _changed(question: Question, person: Person) -> bool:
    """Whoever it was about is known as somebody else by now: nobody asks that any more."""
    return (question.member_id, question.who) != (person.member_id or "", plan_kept.who_is(person))


def _asked(tx: Transaction, practice: Practice, person: Person, question: Question) -> EligibilityQuestion:
    rules = practice.eligibility
    patient = Insured(person.first_name, person.last_name, person.date_of_birth, question.member_id)
    holder = plan_kept.holder(tx, person.id) if person.subscriber != plan_gates.OWN else None
    subscriber = replace(holder, member_id=question.member_id) if holder else patient
    return EligibilityQuestion(
        payer=question.payer,
        provider=Provider(rules.npi, rules.name, rules.first_name),
        subscriber=subscriber,
        dependent=replace(patient, member_id="") if holder else None,
        services=(question.service,),
        day=question.day,
        trace=question.trace,
    )

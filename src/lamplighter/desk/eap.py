"""What an employee assistance program (EAP) has granted somebody, as staff wrote it down, and how much of it is used.

Visits are counted anew whenever somebody looks, so that one that is put right counts right, and none counts twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from lamplighter.desk.authorizations.units import TOOK_PLACE
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import AGENT, Fact, Transaction, Visit
from lamplighter.practice.authorizing import EapProgram
from lamplighter.practice.calendar import at_local, local_date
from lamplighter.practice.model import Practice

KIND: Final = "eap"
AHEAD: Final = ("booked", "confirmed", "held_for_office")


@dataclass(frozen=True, slots=True)
class Grant:
    """`sessions` None where nobody has said how many; `last` None where nobody has said until when."""

    id: str
    person: str
    program: str
    sessions: int | None
    first: date
    last: date | None
    at: datetime
    by: str
    number: str = field(default="", repr=False)

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Use:
    """One thing that uses a session up: a visit that took place, or what the program counts beside it."""

    start: datetime
    kind: str
    how: str = "took_place"  # or missed, cancelled_late


@dataclass(frozen=True, slots=True)
class Counted:
    """A grant with what is used of it. `over`: beyond what it granted."""

    grant: Grant
    used: int
    over: int = 0

    @property
    def left(self) -> int | None:
        """None where nobody knows."""
        return None if self.grant.sessions is None else max(0, self.grant.sessions - self.used)


# -- kept --------------------------------------------------------------------------------------------------------------


def keep(
    tx: Transaction,
    person: str,
    program: str,
    sessions: int | None,
    first: date,
    last: date | None,
    number: str,
    *,
    by: str,
    now: datetime,
) -> Grant:
    """The same grant written down twice is one."""
    told = (
        ("program", program),
        ("sessions", "" if sessions is None else str(sessions)),
        ("first", first.isoformat()),
        ("last", last.isoformat() if last else ""),
        ("number", number),
    )
    name = stable_id(KIND, person, *(value for _, value in told))
    while (fact := tx.facts.get(name)) is not None and fact.lifted is not None:
        name = stable_id(KIND, name)
    fact = Fact(name, "eap", f"person/{person}", now, by, told, person)
    tx.facts.state(fact)
    return _grant(fact)


def take_back(tx: Transaction, person: str, name: str, *, by: str, now: datetime) -> bool:
    """False where it is nothing of theirs."""
    return any(each.id == name for each in grants(tx, person)) and tx.facts.lift(name, by, now)


def grants(tx: Transaction, person: str) -> tuple[Grant, ...]:
    """The one that begins first the first."""
    found = [_grant(fact) for fact in tx.facts.standing("eap", f"person/{person}") if fact.details]
    return tuple(sorted(found, key=lambda each: (each.first, each.at, each.id)))


def get(tx: Transaction, name: str) -> Grant | None:
    """None where there is none, it was taken back, or its person has been forgotten."""
    fact = tx.facts.get(name)
    stands = fact is not None and fact.kind == KIND and fact.lifted is None and fact.details
    return _grant(fact) if fact is not None and stands else None


def _grant(fact: Fact) -> Grant:
    told = dict(fact.details)
    return Grant(
        fact.id,
        fact.about.removeprefix("person/"),
        told["program"],
        int(told["sessions"]) if told["sessions"] else None,
        date.fromisoformat(told["first"]),
        date.fromisoformat(told["last"]) if told["last"] else None,
        fact.at,
        fact.by,
        told["number"],
    )


def cancelled_late(tx: Transaction, visit: Visit, now: datetime) -> None:
    """Some programs count such a visit: kept, as the visit itself may leave the calendar."""
    person = visit.participants[0]
    told = (("start", visit.slot.start.isoformat()), ("kind", visit.slot.visit_kind))
    name = stable_id("cancelled_late", visit.id)
    tx.facts.state(Fact(name, "cancelled_late", f"person/{person}", now, AGENT, told, person))


# -- counted -----------------------------------------------------------------------------------------------------------


def count(
    practice: Practice, found: Iterable[Grant], uses: Iterable[Use], programs: Iterable[EapProgram]
) -> tuple[Counted, ...]:
    """Each use counts once, on the first grant that covers its day and has room; where none has, it goes beyond the
    last that covers it. Pure; `found` in the order in which they are used up."""
    grants, by_id = list(found), {each.id: each for each in programs}
    used, over = [0] * len(grants), [0] * len(grants)
    for use in sorted(uses, key=lambda each: each.start):
        day = local_date(practice, use.start)
        fits = [
            place
            for place, each in enumerate(grants)
            if each.covers(day) and _counts(by_id.get(each.program), use)
        ]
        room = [
            place
            for place in fits
            if grants[place].sessions is None or used[place] < _sessions(grants[place])
        ]
        if room:
            used[room[0]] += 1
        elif fits:
            over[fits[-1]] += 1
    return tuple(Counted(*each) for each in zip(grants, used, over, strict=True))


def _sessions(grant: Grant) -> int:
    return grant.sessions or 0


def _counts(program: EapProgram | None, use: Use) -> bool:
    """A program that the file names no more counts what took place."""
    if program is None:
        return use.how == "took_place"
    how = use.how == "took_place" or use.how in program.counts
    return how and (not program.visits or use.kind in program.visits)


def counted(tx: Transaction, practice: Practice, person: str, now: datetime) -> tuple[Counted, ...]:
    found = grants(tx, person)
    if not found:
        return ()
    start = at_local(practice, min(each.first for each in found), datetime.min.time())
    return count(practice, found, _uses(tx, person, start, now), practice.authorizations.eaps)


def _uses(tx: Transaction, person: str, start: datetime, now: datetime) -> list[Use]:
    theirs = [each for each in tx.schedule.visits_of(person, start) if each.participants[0] == person]
    past = [each for each in theirs if each.slot.end <= now and each.slot.start >= start]
    uses = [Use(each.slot.start, each.slot.visit_kind) for each in past if each.status in TOOK_PLACE]
    uses += [Use(each.slot.start, each.slot.visit_kind, "missed") for each in past if each.status == "missed"]
    for fact in tx.facts.standing("cancelled_late", f"person/{person}"):
        if fact.details and (at := datetime.fromisoformat(fact.value("start"))) >= start:
            uses.append(Use(at, fact.value("kind"), "cancelled_late"))
    return uses


def running(found: Iterable[Counted], today: date) -> tuple[Counted, ...]:
    """Those that cover that day, or begin later."""
    return tuple(each for each in found if each.grant.last is None or today <= each.grant.last)


def left_of(found: Iterable[Counted]) -> tuple[int, int] | None:
    """How many are left, and how many were granted, over all of them; None where one of them is not known."""
    left, granted = 0, 0
    for each in found:
        if each.left is None or each.grant.sessions is None:
            return None
        left, granted = left + each.left, granted + each.grant.sessions
    return left, granted


def ahead(
    tx: Transaction, practice: Practice, found: Iterable[Counted], person: str, now: datetime
) -> list[Visit]:
    """Visits to come that these would pay for, whether or not enough is left; the next first."""
    grants = [(each.grant, practice.authorizations.eap(each.grant.program)) for each in found]
    theirs = [
        each
        for each in tx.schedule.visits_of(person, now)
        if each.participants[0] == person and each.status in AHEAD and each.slot.start > now
        if any(
            grant.covers(local_date(practice, each.slot.start))
            and _counts(program, Use(each.slot.start, each.slot.visit_kind))
            for grant, program in grants
        )
    ]
    return sorted(theirs, key=lambda each: each.slot.start)

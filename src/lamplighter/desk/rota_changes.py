"""Swaps, cover, absence and other numbers: data inside what was signed, stated by a person, effective on the next ring.

Who is listed stays as it was signed: only people of the ladder and its rota stand in for each other, and no number of
theirs is one that no machine may dial.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from lamplighter.desk.ports import Fact, FactKind, Transaction
from lamplighter.practice.changes import Absence, Changes, Cover
from lamplighter.practice.model import Practice
from lamplighter.practice.rota import may_stand_in, missing_for, steps_of
from lamplighter.practice.values import PHONE, Unreadable

LONGEST = timedelta(days=60)
NOBODY = {
    "person": "Then nobody would be there for whoever needs a person now. State first who stands in.",
    "licensed": "Then nobody licensed would be there for whoever needs a person now. State first who stands in.",
}


class OutOfBounds(Exception):
    """This is more than what was signed allows. Carries what is wrong, in words for whoever stated it."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody of the ladder. `who` is a clinician's id, else the step's."""

    who: str
    name: str
    phone: str | None
    clinician: bool
    interrupt: str | None


def listed(practice: Practice) -> tuple[Listed, ...]:
    """The people of the ladder and of its rota, clinicians first."""
    sides = (practice.ladder.by_day, practice.ladder.after_hours)
    rungs = {rung.id: rung for side in sides for route in side.values() for rung in route}
    named = {rung.clinician for rung in rungs.values()} | set(practice.ladder.on_call)
    treat = any(rung.kind == "treating" for rung in rungs.values())
    clinicians = tuple(
        Listed(each.id, each.spoken_name, each.phone, True, each.interrupt_session)
        for each in practice.clinicians
        if treat or each.id in named
    )
    staff = (each for each in rungs.values() if each.kind == "staff" and not each.clinician)
    return clinicians + tuple(Listed(each.id, each.name, each.phone, False, None) for each in staff)


def standing(tx: Transaction) -> Changes:
    covers = tuple(
        Cover(_who(fact), fact.value("by"), fact.starts, fact.ends)
        for fact in tx.facts.standing("cover")
        if fact.starts and fact.ends
    )
    absences = tuple(
        Absence(_who(fact), fact.starts, fact.ends)
        for fact in tx.facts.standing("absent")
        if fact.starts and fact.ends
    )
    numbers = tuple((_who(fact), fact.value("phone")) for fact in tx.facts.standing("number"))
    return Changes(covers, absences, numbers)


def _who(fact: Fact) -> str:
    return fact.about.removeprefix("ladder/")


def cover(
    tx: Transaction,
    practice: Practice,
    who: str,
    stands_in: str,
    start: datetime,
    end: datetime,
    *,
    by: str,
    now: datetime,
) -> None:
    """`stands_in` is rung wherever `who` would be. A swap is two of these. Raises OutOfBounds."""
    clinicians = {each.who for each in listed(practice) if each.clinician}
    if who not in clinicians or stands_in not in clinicians or who == stands_in:
        raise OutOfBounds("Cover is for one clinician of the ladder by another.")
    _in_time(start, end, now)
    _able(tx, practice, who, stands_in, max(start, now), end)
    _leaves_somebody(tx, practice, Changes(covers=(Cover(who, stands_in, start, end),)), start, end, now)
    _state(tx, "cover", who, start, end, (("by", stands_in),), by, now)


def absent(
    tx: Transaction, practice: Practice, who: str, start: datetime, end: datetime, *, by: str, now: datetime
) -> None:
    """Raises OutOfBounds."""
    if who not in {each.who for each in listed(practice)}:
        raise OutOfBounds("Nobody of that name is on the ladder.")
    _in_time(start, end, now)
    _leaves_somebody(tx, practice, Changes(absences=(Absence(who, start, end),)), start, end, now)
    _state(tx, "absent", who, start, end, (), by, now)


def number(tx: Transaction, practice: Practice, who: str, written: str, *, by: str, now: datetime) -> None:
    """In place of the number that was signed; nothing written goes back to it. Raises OutOfBounds."""
    if who not in {each.who for each in listed(practice)}:
        raise OutOfBounds("Nobody of that name is on the ladder.")
    try:
        phone = PHONE.read(written) if written.strip() else ""
    except Unreadable as wrong:
        raise OutOfBounds(f"{wrong.remedy}") from None
    for fact in tx.facts.standing("number", f"ladder/{who}"):
        tx.facts.lift(fact.id, by, now)
    if phone:
        tx.facts.state(Fact(uuid4().hex, "number", f"ladder/{who}", now, by, (("phone", phone),)))


def _in_time(start: datetime, end: datetime, now: datetime) -> None:
    if not start < end or end <= now:
        raise OutOfBounds("It ends before it begins, or is over already.")
    if end - start > LONGEST:
        raise OutOfBounds("For longer than 60 days change the ladder itself, and have it signed.")


def _able(
    tx: Transaction, practice: Practice, who: str, stands_in: str, start: datetime, end: datetime
) -> None:
    """Nobody is put in a place in which they could not be rung, or may not answer."""
    changes, other = standing(tx), practice.clinician(stands_in)
    if not (changes.number_of(other.id) or other.phone):
        raise OutOfBounds(f"{other.spoken_name} has no number to be rung under. State one first.")
    if not all(may_stand_in(rung, other, changes) for rung in steps_of(practice, who, start, end)):
        raise OutOfBounds(
            "Questions about medicines go to somebody who prescribes. State this cover for the hours in which "
            "none are rung for, or choose somebody else."
        )


def _leaves_somebody(
    tx: Transaction, practice: Practice, more: Changes, start: datetime, end: datetime, now: datetime
) -> None:
    before = standing(tx)
    after = replace(before, covers=more.covers + before.covers, absences=more.absences + before.absences)
    missing = missing_for(practice, max(start, now), end, before, after)
    if missing is not None:
        raise OutOfBounds(NOBODY[missing])


def _state(
    tx: Transaction,
    kind: FactKind,
    who: str,
    start: datetime,
    end: datetime,
    details: tuple[tuple[str, str], ...],
    by: str,
    now: datetime,
) -> None:
    tx.facts.state(Fact(uuid4().hex, kind, f"ladder/{who}", now, by, details, starts=start, ends=end))

"""Times that came free and whom they were offered to, from the transaction that freed them to what became of each.

An opening is offered to one person at a time. What is kept of it are ids, a time and words of a list; nothing of why
anybody comes or why they don't.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from lamplighter.conversation.slots import Slot
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import AGENT, Fact, Job, Message, Transaction, Visit
from lamplighter.desk.ports.facts import FactKind
from lamplighter.practice.model import Modality, Practice

JOB = "offer_opening"
KEPT: Final = timedelta(days=30)
"""How long it is shown what became of an opening and of an offer."""

Freed = Literal["cancelled", "moved"]
OpeningEnd = Literal["filled", "nobody", "taken", "too_near", "not_signed"]
OfferEnd = Literal["accepted", "declined", "expired", "not_sent", "too_late"]


@dataclass(frozen=True, slots=True)
class Opening:
    """A time that came free. `not_for`: whoever had it. Its id is the name under which it is held."""

    id: str
    slot: Slot
    at: datetime
    freed: Freed
    not_for: tuple[str, ...] = ()
    end: OpeningEnd | None = None
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """Somebody was asked. `instead`: their own later visit that it would stand in for; `since` when they began to wait;
    `passed` why those who wait longer were not asked, as reasons with how many."""

    id: str
    opening: str
    person: str
    waiting: str
    number: str
    slot: Slot
    at: datetime
    until: datetime
    message: str
    since: datetime
    instead: str | None = None
    passed: tuple[tuple[str, int], ...] = ()
    end: OfferEnd | None = None
    ended: datetime | None = None


def freed(tx: Transaction, practice: Practice, visit: Visit, now: datetime, why: Freed) -> None:
    """Sees to it that the time of this visit is offered, from this transaction on; not where nobody waits for one or it
    is too near."""
    if visit.slot.start - now < least_notice(practice) or not tx.waitlist.all():
        return
    name = stable_id("opening", visit.id, visit.slot.start.isoformat(), now.isoformat())
    _state_opening(tx, Opening(name, visit.slot, now, why, visit.participants))
    look(tx, name, now, "freed")


def look(tx: Transaction, opening: str, due: datetime, after: str) -> None:
    """Then it is looked at: offered, or seen what became of its offer. `after` names what made it so, once."""
    key = f"{JOB}:{opening}:{after}:{due.isoformat()}"
    tx.jobs.enqueue(Job(key, JOB, due, (("opening", opening),)))


def look_again(tx: Transaction, message: Message, now: datetime) -> None:
    """Its text did not arrive: the next one is asked, and nobody waits for this one."""
    facts = tx.facts.standing("offer", f"person/{message.person}")
    for offer in filter(None, map(_offer, facts)):
        if offer.message == message.id:
            look(tx, offer.opening, now, message.id)


def least_notice(practice: Practice) -> timedelta:
    return max(timedelta(hours=practice.waitlist.notice_hours), timedelta(minutes=practice.notice_minutes))


# -- openings --------------------------------------------------------------------------------------------------------


def opening(tx: Transaction, name: str) -> Opening | None:
    """One that is still to be filled."""
    fact = tx.facts.get(name)
    return _opening(fact) if fact is not None and fact.lifted is None else None


def openings(tx: Transaction) -> tuple[Opening, ...]:
    """Those that are open and those that are over, the newest first."""
    facts = (*tx.facts.standing("opening"), *tx.facts.standing("opening_over"))
    found = (_opening(fact) for fact in facts)
    return tuple(sorted(filter(None, found), key=lambda each: each.at, reverse=True))


def close(tx: Transaction, which: Opening, how: OpeningEnd, now: datetime) -> None:
    if tx.facts.lift(which.id, AGENT, now):
        tx.schedule.release(which.id)
        _state_opening(tx, replace(which, end=how, ended=now))
        _sweep(tx, now)


def _state_opening(tx: Transaction, which: Opening) -> None:
    details = [*_written(which.slot), ("freed", which.freed)]
    details += [("not_for", person) for person in which.not_for]
    if which.end is None:
        fact = Fact(which.id, "opening", f"opening/{which.id}", which.at, AGENT, tuple(details))
    else:
        details += [("end", which.end), ("opening", which.id), ("since", which.at.isoformat())]
        name = stable_id("over", which.id)
        assert which.ended is not None
        fact = Fact(name, "opening_over", f"opening/{which.id}", which.ended, AGENT, tuple(details))
    tx.facts.state(fact)


def _opening(fact: Fact) -> Opening | None:
    values = dict(fact.details)
    if "start" not in values:
        return None
    return Opening(
        values.get("opening", fact.id),
        _slot(values),
        datetime.fromisoformat(values["since"]) if "since" in values else fact.at,
        values["freed"],  # type: ignore[arg-type]
        tuple(value for name, value in fact.details if name == "not_for"),
        values.get("end"),  # type: ignore[arg-type]
        fact.at if "end" in values else None,
    )


# -- offers ----------------------------------------------------------------------------------------------------------


def make(tx: Transaction, which: Offer) -> None:
    about, details = f"person/{which.person}", _told(which)
    tx.facts.state(Fact(which.id, "offer", about, which.at, AGENT, details, which.person, ends=which.until))


def end(tx: Transaction, which: Offer, how: OfferEnd, now: datetime) -> bool:
    """Once: False where it was over by then. The time is free for the next one. What has lapsed may yet be accepted."""
    before = which.id if which.end is None else stable_id("over", which.id, which.end)
    if not tx.facts.lift(before, AGENT, now):
        return False
    details = (*_told(which), ("end", how), ("offer", which.id), ("at", which.at.isoformat()),
               ("until", which.until.isoformat()))  # fmt: skip
    name = stable_id("over", which.id, how)
    tx.facts.state(Fact(name, "offer_over", f"person/{which.person}", now, AGENT, details, which.person))
    if which.end is None:
        tx.schedule.release(which.opening)
    return True


def pending(tx: Transaction, opening: str | None = None) -> tuple[Offer, ...]:
    """Those that nobody has answered and that have not been called over."""
    found = filter(None, map(_offer, tx.facts.standing("offer")))
    return tuple(each for each in found if opening in (None, each.opening))


def of_number(tx: Transaction, number: str) -> tuple[Offer, ...]:
    """What whoever is on file under this number was offered on it: what stands first, then what is over, the newest
    first. Looked up by person: every text that comes in asks."""
    found = [each for person in tx.people.by_phone(number) for each in of_person(tx, person.id)]
    mine = [each for each in found if each.number == number]
    return tuple(sorted(mine, key=lambda each: (each.end is None, each.ended or each.at), reverse=True))


def of_person(tx: Transaction, person: str) -> tuple[Offer, ...]:
    kinds: tuple[FactKind, ...] = ("offer", "offer_over")
    facts = (fact for kind in kinds for fact in tx.facts.standing(kind, f"person/{person}"))
    return tuple(filter(None, map(_offer, facts)))


def over(tx: Transaction) -> tuple[Offer, ...]:
    """What became of the others, the newest first."""
    return tuple(filter(None, map(_offer, tx.facts.standing("offer_over"))))


def _told(which: Offer) -> tuple[tuple[str, str], ...]:
    details = [*_written(which.slot), ("opening", which.opening), ("waiting", which.waiting)]
    details += [("number", which.number), ("message", which.message), ("since", which.since.isoformat())]
    if which.instead is not None:
        details.append(("instead", which.instead))
    return (*details, *(("passed", f"{why} {count}") for why, count in which.passed))


def _offer(fact: Fact) -> Offer | None:
    """None for one whose person has been forgotten since."""
    values = dict(fact.details)
    if "start" not in values or fact.person is None:
        return None
    passed = (value.split() for name, value in fact.details if name == "passed")
    ended = "end" in values
    until = datetime.fromisoformat(values["until"]) if ended else fact.ends
    assert until is not None
    return Offer(
        values.get("offer", fact.id),
        values["opening"],
        fact.person,
        values["waiting"],
        values["number"],
        _slot(values),
        datetime.fromisoformat(values["at"]) if ended else fact.at,
        until,
        values["message"],
        datetime.fromisoformat(values["since"]),
        values.get("instead"),
        tuple((why, int(count)) for why, count in passed),
        values.get("end"),  # type: ignore[arg-type]
        fact.at if ended else None,
    )


# -- both ------------------------------------------------------------------------------------------------------------


def _written(slot: Slot) -> list[tuple[str, str]]:
    values = [
        ("start", slot.start.isoformat()),
        ("minutes", str(slot.minutes)),
        ("clinician", slot.clinician),
        ("modality", slot.modality.value),
        ("visit_kind", slot.visit_kind),
    ]
    return [*values, ("site", slot.site)] if slot.site else values


def _slot(values: dict[str, str]) -> Slot:
    return Slot(
        datetime.fromisoformat(values["start"]),
        int(values["minutes"]),
        values["clinician"],
        Modality(values["modality"]),
        values["visit_kind"],
        values.get("site"),
    )


def _sweep(tx: Transaction, now: datetime) -> None:
    for kind in ("opening_over", "offer_over"):
        for fact in tx.facts.standing(kind):
            if now - fact.at > KEPT:
                tx.facts.lift(fact.id, AGENT, now)

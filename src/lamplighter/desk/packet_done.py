"""That somebody has read a paper or agreed to it: which, in which version, when, and over which link, or on paper with
whom. No word of theirs is kept: there is no place to write one. It stands until somebody here takes it back, or whoever
has the number that the link went to says that it is not theirs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import AGENT, Fact, Job, Transaction, Visit
from lamplighter.practice import packet
from lamplighter.practice.model import Practice
from lamplighter.practice.packet import Paper

How = Literal["agreed", "read", "paper"]
Reason = Literal["by_mistake", "not_them", "taken_back"]
REASONS: Final[Mapping[Reason, str]] = {
    "by_mistake": "Marked by mistake",
    "not_them": "It was not them",
    "taken_back": "They take it back",
}
"""Why what was done is taken back, as the ledger keeps it."""

NOT_THEIRS: Final = "wrong_number"
JOB: Final = "packet"
A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Done:
    """`by` names who handed it over on paper; by a link it is nobody in particular."""

    piece: str
    digest: str
    how: How
    at: datetime
    by: str
    fact: str
    via: str


def about(person: str) -> str:
    return f"person/{person}"


def done(tx: Transaction, practice: Practice, person: str) -> dict[str, Done]:
    """By paper: what was done in the version that is in force under this very record. Another that may be the same
    person's counts for nothing: whoever gives a name and a birth date would learn from it who is on file."""
    in_force = {piece.id: packet.digests(practice, piece) for piece in practice.packet.pieces}
    return {each.piece: each for each in _all_of(tx, person) if each.digest in in_force.get(each.piece, ())}


def _all_of(tx: Transaction, person: str) -> Iterator[Done]:
    for fact in tx.facts.standing("packet_done", about(person)):
        how: How = fact.value("how")  # type: ignore[assignment]
        via = fact.value("via")
        yield Done(fact.value("piece"), fact.value("digest"), how, fact.at, fact.by, fact.id, via)


def keep(
    tx: Transaction, person: str, paper: Paper, how: How, *, now: datetime, via: str, by: str = AGENT
) -> None:
    """`via`: over which link, or "paper"."""
    details = (
        ("piece", paper.id),
        ("digest", paper.digest),
        ("locale", paper.locale),
        ("how", how),
        ("via", via),
    )
    name = stable_id("packet_done", person, paper.id, paper.digest, now.isoformat())
    tx.facts.state(Fact(name, "packet_done", about(person), now, by, details, person))


def take_back(
    tx: Transaction,
    practice: Practice,
    person: str,
    piece: str,
    reason: Reason,
    *,
    by: str,
    now: datetime,
) -> bool:
    """The paper is open again, however it was done; what is said of it on the board is looked at anew. False where it
    was not done."""
    found = done(tx, practice, person).get(piece)
    if found is None:
        return False
    _void(tx, person, found, reason, by, now)
    _look_anew(tx, person, now)
    return True


def void_what_came_from(tx: Transaction, person: str, address: str, now: datetime) -> None:
    """Whoever has this number or address says that it is not this person's: nothing holds that a link to it did."""
    theirs = [each for each in _all_of(tx, person) if _went_to(tx, each.via) == address.lower()]
    for each in theirs:
        _void(tx, person, each, NOT_THEIRS, AGENT, now)
    if theirs:
        _look_anew(tx, person, now)


def _went_to(tx: Transaction, via: str) -> str | None:
    link = tx.facts.standing("link", via)
    return link[0].value("to").lower() if link else None


def _void(tx: Transaction, person: str, found: Done, why: str, by: str, now: datetime) -> None:
    tx.facts.lift(found.fact, by, now)
    tx.ledger.note(at=now, who=by, what="packet_done_voided", about=about(person), why=why)


def _look_anew(tx: Transaction, person: str, now: datetime) -> None:
    """Of a visit later than that the morning of its day is still to come."""
    for visit in tx.schedule.visits_of(person, now):
        if visit.slot.start <= now + A_DAY:
            plan(tx, visit, person, "anew", now, asked=now)


def plan(tx: Transaction, visit: Visit, person: str, what: str, due: datetime, *, asked: datetime) -> None:
    """A job about the papers for a visit."""
    args = (
        ("visit", visit.id),
        ("start", visit.slot.start.isoformat()),
        ("person", person),
        ("what", what),
        ("asked", asked.isoformat()),
    )
    tx.jobs.enqueue(Job(":".join((JOB, *(value for _, value in args), due.isoformat())), JOB, due, args))

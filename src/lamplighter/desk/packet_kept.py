"""What is kept of the papers that somebody has read and agreed to: which, in which version, when, and over which link,
or on paper with whom. No word of theirs is kept: there is no place to write one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from lamplighter.desk.context import stable_id
from lamplighter.desk.owed import OURS
from lamplighter.desk.ports import AGENT, Fact, Message, Task, Transaction, Visit
from lamplighter.practice import packet
from lamplighter.practice.files.packet import NOTICE
from lamplighter.practice.model import PacketPiece, Practice
from lamplighter.practice.packet import Paper

How = Literal["agreed", "read", "paper"]
STANDS: Final = ("booked", "confirmed")
TASKS: Final[tuple[Literal["packet", "ai_notice"], ...]] = ("packet", "ai_notice")


@dataclass(frozen=True, slots=True)
class Done:
    """`by` names who handed it over on paper; by a link it is nobody in particular."""

    piece: str
    digest: str
    how: How
    at: datetime
    by: str
    fact: str


@dataclass(frozen=True, slots=True)
class Sent:
    """That a link to the papers of this version went into a message."""

    message: str
    visit: str
    version: str
    channel: str
    at: datetime


def done(tx: Transaction, practice: Practice, person: str) -> dict[str, Done]:
    """By paper: what was done in the version that is in force under this very record. Another that may be the same
    person's counts for nothing: whoever gives a name and a birth date would learn from it who is on file."""
    in_force = {piece.id: packet.digests(practice, piece) for piece in practice.packet.pieces}
    found = _all_of(tx, person)
    return {each.piece: each for each in found if each.digest in in_force.get(each.piece, ())}


def _all_of(tx: Transaction, person: str) -> Iterator[Done]:
    for fact in tx.facts.standing("packet_done", _about(person)):
        how: How = fact.value("how")  # type: ignore[assignment]
        yield Done(fact.value("piece"), fact.value("digest"), how, fact.at, fact.by, fact.id)


def _about(person: str) -> str:
    return f"person/{person}"


def for_visit(practice: Practice, visit: Visit) -> tuple[PacketPiece, ...]:
    return packet.for_visit(practice, visit.slot.visit_kind, visit.slot.modality)


def missing(tx: Transaction, practice: Practice, visit: Visit, person: str) -> tuple[PacketPiece, ...]:
    """What has to be done before this visit, and is not."""
    wanted = [piece for piece in for_visit(practice, visit) if piece.asks != "optional"]
    have = done(tx, practice, person) if wanted else {}
    return tuple(piece for piece in wanted if piece.id not in have)


def mark(
    tx: Transaction,
    practice: Practice,
    person: str,
    paper: Paper,
    how: How,
    *,
    now: datetime,
    via: str,
    by: str = AGENT,
) -> bool:
    """`via`: over which link, or "paper". False where it was done already; once, however often it is pressed."""
    if paper.id in done(tx, practice, person):
        return False
    details = (
        ("piece", paper.id),
        ("digest", paper.digest),
        ("locale", paper.locale),
        ("how", how),
        ("via", via),
    )
    name = stable_id("packet_done", person, paper.id, paper.digest, now.isoformat())
    tx.facts.state(Fact(name, "packet_done", _about(person), now, by, details, person))
    _close_what_is_seen_to(tx, practice, person, by, now)
    return True


def unmark(tx: Transaction, practice: Practice, person: str, piece: str, *, by: str, now: datetime) -> bool:
    """A paper that somebody here marked by mistake is open again; what was done by a link stays done."""
    found = done(tx, practice, person).get(piece)
    return found is not None and found.how == "paper" and tx.facts.lift(found.fact, by, now)


def note_sent(tx: Transaction, practice: Practice, message: Message, visit: Visit, now: datetime) -> None:
    assert message.person is not None
    details = (
        ("message", message.id),
        ("visit", visit.id),
        ("version", packet.version(practice)),
        ("channel", message.channel),
        ("to", message.to),
    )
    name = stable_id("packet_sent", message.id, visit.id, message.person)
    tx.facts.state(Fact(name, "packet_sent", _about(message.person), now, AGENT, details, message.person))


def sent(tx: Transaction, person: str) -> tuple[Sent, ...]:
    """The newest first."""
    return tuple(
        Sent(
            fact.value("message"), fact.value("visit"), fact.value("version"), fact.value("channel"), fact.at
        )
        for fact in tx.facts.standing("packet_sent", _about(person))
    )


def was_sent(tx: Transaction, practice: Practice, visit: Visit, person: str, address: str) -> bool:
    """Whether a link to this version went out for this visit, to where they are reached now."""
    wanted = {("visit", visit.id), ("version", packet.version(practice)), ("to", address)}
    return any(wanted <= set(fact.details) for fact in tx.facts.standing("packet_sent", _about(person)))


def note_opened(tx: Transaction, person: str, link: str, now: datetime) -> None:
    """Once a link: somebody pressed its button, which nothing does that only looks at addresses."""
    name = stable_id("packet_opened", link)
    tx.facts.state(Fact(name, "packet_opened", _about(person), now, AGENT, (("via", link),), person))


def opened(tx: Transaction, person: str, link: str | None = None) -> Fact | None:
    """When they first did, by this link or any."""
    facts = tx.facts.standing("packet_opened", _about(person))
    return next((each for each in reversed(facts) if link in (None, each.value("via"))), None)


# -- what stands on the board ------------------------------------------------------------------------------------------


def ask_the_desk(tx: Transaction, practice: Practice, visit: Visit, person: str) -> None:
    """What is missing on the day is handed over by a person; the notice of the assistant before anything begins."""
    lacking = {piece.id for piece in missing(tx, practice, visit, person)}
    for kind, stands in (("ai_notice", NOTICE in lacking), ("packet", bool(lacking - {NOTICE}))):
        if stands:
            name = _task(kind, visit, person)
            tx.tasks.add(Task(name, kind, "desk", visit.slot.start, person=person))  # type: ignore[arg-type]


def over(tx: Transaction, visit: Visit) -> None:
    """The visit as it stood takes place no more: nothing is to be handed over for it."""
    for kind in TASKS:
        for person in visit.participants:
            _close(tx, _task(kind, visit, person), OURS)


def _task(kind: str, visit: Visit, person: str) -> str:
    return stable_id("packet_task", kind, visit.id, visit.slot.start.isoformat(), person)


def _close(tx: Transaction, name: str, by: str) -> None:
    task = tx.tasks.get(name)
    if task is not None and task.status == "open":
        tx.tasks.close(name, by)


def _close_what_is_seen_to(tx: Transaction, practice: Practice, person: str, by: str, now: datetime) -> None:
    for visit in tx.schedule.visits_of(person, now):
        lacking = {piece.id for piece in missing(tx, practice, visit, person)}
        if NOTICE not in lacking:
            _close(tx, _task("ai_notice", visit, person), by)
        if not lacking - {NOTICE}:
            _close(tx, _task("packet", visit, person), by)

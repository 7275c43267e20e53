"""What is kept of the papers for a visit: what is missing, which link went out and was opened, and what stands on the
board.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from lamplighter.desk import climbing, links, packet_done
from lamplighter.desk.context import stable_id
from lamplighter.desk.owed import OURS
from lamplighter.desk.packet_done import How, about
from lamplighter.desk.ports import AGENT, Fact, Message, MessageStatus, Task, Transaction, Visit
from lamplighter.practice import packet
from lamplighter.practice.files.packet import NOTICE
from lamplighter.practice.model import PacketPiece, Practice
from lamplighter.practice.packet import Paper

NOT_GONE: Final = ("failed", "cancelled")
STANDS: Final = ("booked", "confirmed")
TASKS: Final[tuple[Literal["packet", "ai_notice"], ...]] = ("packet", "ai_notice")


@dataclass(frozen=True, slots=True)
class Sent:
    """That a link to the papers of this version went into a message."""

    message: str
    visit: str
    version: str
    channel: str
    at: datetime
    status: MessageStatus | None


def for_visit(practice: Practice, visit: Visit) -> tuple[PacketPiece, ...]:
    return packet.for_visit(practice, visit.slot.visit_kind, visit.slot.modality)


def missing(tx: Transaction, practice: Practice, visit: Visit, person: str) -> tuple[PacketPiece, ...]:
    """What has to be done before this visit, and is not."""
    wanted = [piece for piece in for_visit(practice, visit) if piece.asks != "optional"]
    have = packet_done.done(tx, practice, person) if wanted else {}
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
    if paper.id in packet_done.done(tx, practice, person):
        return False
    packet_done.keep(tx, person, paper, how, now=now, via=via, by=by)
    _close_what_is_seen_to(tx, practice, person, by)
    return True


def note_sent(tx: Transaction, practice: Practice, message: Message, visit: Visit, now: datetime) -> None:
    assert message.person is not None
    details = (
        ("message", message.id),
        ("visit", visit.id),
        ("version", packet.version(practice)),
        ("channel", message.channel),
        ("to", message.to),
        ("lacking", " ".join(piece.id for piece in missing(tx, practice, visit, message.person))),
    )
    name = stable_id("packet_sent", message.id, visit.id, message.person)
    tx.facts.state(Fact(name, "packet_sent", about(message.person), now, AGENT, details, message.person))


def sent(tx: Transaction, person: str) -> tuple[Sent, ...]:
    """The newest first."""
    return tuple(_sent(tx, fact) for fact in tx.facts.standing("packet_sent", about(person)))


def _sent(tx: Transaction, fact: Fact) -> Sent:
    """How the email stands that went in its place, where one did."""
    name, channel = fact.value("message"), fact.value("channel")
    mail = tx.outbox.get(climbing.mail_for(name))
    message = mail or tx.outbox.get(name)
    return Sent(
        name,
        fact.value("visit"),
        fact.value("version"),
        message.channel if message is not None else channel,
        fact.at,
        message.status if message is not None else None,
    )


def was_sent(
    tx: Transaction, practice: Practice, visit: Visit, person: str, address: str, now: datetime
) -> bool:
    """Whether a link that still opens went out for this visit, to where they are reached now, at a time when what is
    missing was missing."""
    wanted = {("visit", visit.id), ("to", address)}
    lacking = {piece.id for piece in missing(tx, practice, visit, person)}
    return any(
        wanted <= set(fact.details)
        and lacking <= set(dict(fact.details).get("lacking", "").split())
        and fact.at > now - links.PACKET_LASTS
        and _sent(tx, fact).status not in NOT_GONE
        for fact in tx.facts.standing("packet_sent", about(person))
    )


def note_opened(tx: Transaction, person: str, link: str, now: datetime) -> None:
    """Once a link: somebody pressed its button, which nothing does that only looks at addresses."""
    name = stable_id("packet_opened", link)
    tx.facts.state(Fact(name, "packet_opened", about(person), now, AGENT, (("via", link),), person))


def opened(tx: Transaction, person: str, link: str | None = None) -> Fact | None:
    """When they first did, by this link or any."""
    facts = tx.facts.standing("packet_opened", about(person))
    return next((each for each in reversed(facts) if link in (None, each.value("via"))), None)


# -- what stands on the board ------------------------------------------------------------------------------------------


def ask_the_desk(
    tx: Transaction, practice: Practice, visit: Visit, person: str, *, anew: str | None = None
) -> None:
    """What is missing on the day is handed over by a person; the notice of the assistant before anything begins.
    `anew`: also where it had been seen to, since that was taken back."""
    lacking = {piece.id for piece in missing(tx, practice, visit, person)}
    for kind, stands in (("ai_notice", NOTICE in lacking), ("packet", bool(lacking - {NOTICE}))):
        if not stands:
            continue
        name = _task(kind, visit, person)
        before = tx.tasks.get(name)
        if anew is not None and before is not None:
            if any(task.kind == kind for task in _open_for(tx, person, visit.slot.start)):
                continue
            name = stable_id(name, anew)
        tx.tasks.add(Task(name, kind, "desk", visit.slot.start, person=person))  # type: ignore[arg-type]


def over(tx: Transaction, visit: Visit) -> None:
    """The visit as it stood takes place no more: nothing is to be handed over for it."""
    for person in visit.participants:
        over_for(tx, visit, person)


def over_for(tx: Transaction, visit: Visit, person: str) -> None:
    if any(tx.tasks.get(_task(kind, visit, person)) is not None for kind in TASKS):
        for task in tuple(_open_for(tx, person, visit.slot.start)):
            tx.tasks.close(task.id, OURS)


def _task(kind: str, visit: Visit, person: str) -> str:
    return stable_id("packet_task", kind, visit.id, visit.slot.start.isoformat(), person)


def _open_for(tx: Transaction, person: str, start: datetime | None = None) -> Iterator[Task]:
    """Of this person, for the visit that begins then, or any."""
    for task in tx.tasks.list_open():
        if task.kind in TASKS and task.person == person and start in (None, task.due):
            yield task


def _close_what_is_seen_to(tx: Transaction, practice: Practice, person: str, by: str) -> None:
    """Also of a visit that has begun since, and of one that there is no more."""
    for task in tuple(_open_for(tx, person)):
        visits = (each for each in tx.schedule.visits_of(person, task.due) if each.slot.start == task.due)
        visit = next(visits, None)
        lacking = {piece.id for piece in missing(tx, practice, visit, person)} if visit else set()
        if (NOTICE not in lacking) if task.kind == "ai_notice" else not lacking - {NOTICE}:
            tx.tasks.close(task.id, by)

"""Made-up contacts as stories, the events that each is logged as, and stores that hold them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from lamplighter.conversation import events as e
from lamplighter.conversation.actions import Done
from lamplighter.conversation.slots import Slot, VisitView
from lamplighter.desk.ports import Transaction
from lamplighter.practice.model import Modality, Practice

OPEN_AT = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)  # a Tuesday, ten in New York
CLOSED_AT = datetime(2026, 12, 2, 4, 0, tzinfo=UTC)
Ends = Literal["goodbye", "hung_up", "booked", "office", "never"]


@dataclass(frozen=True)
class Story:
    """What happened, in the words of whoever made it up. Delays are in seconds from when it began, or from asking."""

    channel: Literal["voice", "sms", "chat"] = "chat"
    language: str = "en"
    office_open: bool = True
    answered: int | None = 1
    heard: int = 2
    asked: Literal["crisis", "clinical", "human"] | None = None
    there: int | None = None
    ends: Ends = "goodbye"
    after: int = 300
    days_ahead: int = 3
    days_ago: int = 0

    @property
    def opened(self) -> datetime:
        return (OPEN_AT if self.office_open else CLOSED_AT) - timedelta(days=7 * self.days_ago)


def first_kind(practice: Practice) -> str:
    return next(each.id for each in practice.visit_kinds if each.first)


def bodies(story: Story, practice: Practice) -> list[tuple[datetime, e.Body]]:
    at = story.opened
    number = None if story.channel == "chat" else "+12125550143"
    found: list[tuple[datetime, e.Body]] = [
        (at, e.Opened(story.channel, practice.phone, story.language, number))
    ]
    if story.answered is not None:
        at += timedelta(seconds=story.answered)
        found.append((at, e.Said("greeting", {}, story.language)))
    found += [(at, e.Heard("hello there"))] * story.heard
    if story.asked is not None:
        if story.asked == "crisis":
            found.append((at, e.Guarded(2, "crisis")))
        found.append((at, e.HandoffAsked(story.asked)))
        if story.there is not None:
            at += timedelta(seconds=story.there)
            found.append((at, e.HandoffAccepted("Rosa", 0)))
    if story.ends in ("booked", "office"):
        at = max(at, story.opened)
        start = at + timedelta(days=story.days_ahead)
        slot = Slot(start, 45, practice.clinicians[0].id, Modality.IN_PERSON, first_kind(practice), None)
        done = Done(VisitView("v", slot, "booked"), pending_office=story.ends == "office")
        found.append((at, e.Committed("k", "book", done)))
    if story.ends != "never":
        why = story.ends if story.ends == "hung_up" else "goodbye"
        found.append((max(at, story.opened + timedelta(seconds=story.after)), e.Ended(why)))
    return found


def logged(tx: Transaction, name: str, story: Story, practice: Practice) -> tuple[e.Event, ...]:
    for seq, (at, body) in enumerate(bodies(story, practice)):
        tx.log.append(name, [body], expected=seq, at=at, protocol_hash="0" * 64)
    return tx.log.read(name)


def as_events(story: Story, practice: Practice, name: str = "c") -> list[e.Event]:
    told = enumerate(bodies(story, practice), 1)
    return [e.Event(seq, at, practice.id, name, "0" * 64, body) for seq, (at, body) in told]


def a_full_log(tx: Transaction, practice: Practice, weeks: int = 20) -> None:
    """Two hundred contacts over some weeks, of every kind."""
    for place, story in enumerate(some(weeks)):
        logged(tx, f"made-{place}", story, practice)


def some(weeks: int) -> Iterable[Story]:
    for place in range(200):
        yield Story(
            channel=("voice", "sms", "chat")[place % 3],  # type: ignore[arg-type]
            language="es" if place % 9 == 0 else "en",
            office_open=place % 4 != 0,
            asked="human" if place % 5 == 0 else "crisis" if place == 77 else None,
            there=30 * (place % 7) if place % 10 == 0 else None,
            ends=("goodbye", "booked", "hung_up", "booked", "office")[place % 5],  # type: ignore[arg-type]
            after=60 + place,
            days_ahead=1 + place % 11,
            days_ago=place % weeks,
        )

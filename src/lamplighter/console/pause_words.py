"""Pauses of the assistant in words, for every page that shows that one stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lamplighter.console import wording
from lamplighter.desk import pausing
from lamplighter.desk.pausing import EVERYTHING, Channel, Pause
from lamplighter.desk.ports import Transaction
from lamplighter.practice.model import Practice


@dataclass(frozen=True, slots=True)
class PauseLine:
    """A pause that stands. `what` begins a sentence: "Calls to (212) 555-0100"."""

    id: str
    what: str
    by: str
    since: str
    until: str
    why: str


def choices(practice: Practice) -> Iterator[tuple[str, str]]:
    """Everything that can be paused, by what a pause is about, and how it is called."""
    yield EVERYTHING, "Everything: calls, texts, web chat and email"
    for channel, dialled in pausing.lines(practice):
        yield pausing.line(channel, dialled), _line(channel, dialled)


def _line(channel: Channel, dialled: str) -> str:
    match channel:
        case "voice":
            return f"Calls to {wording.phone(dialled)}"
        case "sms":
            return f"Texts to {wording.phone(dialled)}"
        case "email":
            return f"Email to {dialled}"
    return "Web chat"


def what_of(practice: Practice, about: str) -> str:
    """A line that the practice has no longer is called by what it was."""
    if about == EVERYTHING:
        return "Everything"
    return dict(choices(practice)).get(about, "A line that is no more")


def pause_line(practice: Practice, pause: Pause) -> PauseLine:
    zone = practice.timezone
    return PauseLine(
        pause.id,
        what_of(practice, pause.about),
        pause.by,
        wording.when(pause.at, zone),
        wording.when(pause.ends, zone),
        pausing.REASONS.get(pause.why, ""),
    )


def pause_lines(tx: Transaction, practice: Practice, now: datetime) -> tuple[PauseLine, ...]:
    return tuple(pause_line(practice, pause) for pause in pausing.standing(tx, now))

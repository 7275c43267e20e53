"""What understanding may look at beside the words: what was just asked, read back and offered, and the practice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, Literal, TypeVar

from lamplighter.conversation.details import Errand, Key
from lamplighter.practice.model import Modality, Practice

Channel = Literal["voice", "sms", "chat", "email"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OfferedTime:
    """One of the times last offered, practice-local and aware, with the clinician's bare name."""

    start: datetime
    clinician: str
    modality: Modality


@dataclass(frozen=True, slots=True)
class Context:
    """`now` is aware and practice-local. `asked` and `confirmed` are in the order they were spoken."""

    locale: str
    channel: Channel
    now: datetime
    practice: Practice
    asked: tuple[Key, ...] = ()
    confirmed: tuple[Key, ...] = ()
    offered: tuple[OfferedTime, ...] = ()
    known: Mapping[Key, str] = field(default_factory=dict)
    errand: Errand | None = None
    last_errand: Errand | None = None  # the same, or the one that is done
    caller_id: str | None = None
    chosen: OfferedTime | None = None  # the time they agreed to, until it is booked
    moving: datetime | None = None  # when the visit that is being moved begins, practice-local
    standing: bool = False  # what is being moved or cancelled may be one of a series
    several: bool = False  # or for several people

    @property
    def week_of(self) -> datetime | None:
        """Where "that week" points: at the weekday and hour of the visit being moved, in the week of the times offered
        for it where they are of one week."""
        weeks = {time.start.isocalendar()[:2] for time in self.offered}
        if self.moving is None or len(weeks) != 1:
            return self.moving
        days = (self.offered[0].start.date() - self.moving.date()).days
        return self.moving + timedelta(days=days - self.offered[0].start.weekday() + self.moving.weekday())


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """Something read out of a text, with where it stood: `text[start:end]`."""

    value: T
    start: int
    end: int

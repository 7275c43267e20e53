"""What a rehearsal needs from the house: a fresh desk in memory. `wiring` builds it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from lamplighter.conversation.events import Body
from lamplighter.desk.ports import Clock, Hearing, Pager, Records, Ring
from lamplighter.practice.model import Practice, PracticeId
from lamplighter.rehearsal.scenario import Channel, Existing

RungAnswer = Literal["accepted", "declined", "busy"]


class Opened(Protocol):
    @property
    def contact(self) -> str: ...


class Desk(Protocol):
    """The part of `desk.contacts` that a caller meets."""

    def open(
        self, practice: PracticeId, *, channel: Channel, dialled: str, address: str | None
    ) -> Opened: ...

    def hear(
        self,
        practice: PracticeId,
        contact: str,
        text: str,
        *,
        keys: str = "",
        confidence: float = 1.0,
        alternatives: Sequence[tuple[str, float]] = (),
    ) -> object: ...

    def silence(self, practice: PracticeId, contact: str, seconds: float) -> object: ...

    def note(self, practice: PracticeId, contact: str, body: Body) -> object:
        """What staff did."""
        ...


@dataclass(frozen=True, slots=True)
class Sent:
    """A text or email as it left."""

    to: str
    text: str


class Scene(Protocol):
    """One desk with empty records, everything in it in memory."""

    @property
    def desk(self) -> Desk: ...

    @property
    def records(self) -> Records: ...

    def put_in_books(self, existing: Existing, now: datetime) -> None:
        """What they owe, as of yesterday: an account with nothing on it where the scenario does not say; and what their
        plan says, where it does."""
        ...

    def render(self, locale: str, phrase: str, args: Mapping[str, str], *, spoken: bool) -> str:
        """A phrase of the practice's phrasebook as words, for the ear or for the eye."""
        ...

    def next_due(self) -> datetime | None:
        """When the earliest job is due; None when none waits."""
        ...

    def run_due(self, now: datetime) -> int:
        """Runs every job due by `now`, those included that running them adds."""
        ...

    def answered(self, ring: Ring, answer: RungAnswer) -> None:
        """What somebody on the ladder did about a ring."""
        ...

    def sent(self) -> Sequence[Sent]:
        """What the messenger delivered, oldest first."""
        ...

    def log_lines(self) -> Sequence[str]:
        """Every log line written since the scene was made."""
        ...


class Stage(Protocol):
    def fresh(self, practice: Practice, clock: Clock, pager: Pager, seed: int) -> Scene:
        """An empty desk of this practice, unsigned and with draft locales; models may be shared between scenes."""
        ...


class Spoken(Protocol):
    """The sound path: the caller's words are spoken, sent as telephone audio, and recognised as answers to what was
    asked."""

    def __call__(self, text: str, locale: str, asked: tuple[str, ...]) -> Hearing: ...

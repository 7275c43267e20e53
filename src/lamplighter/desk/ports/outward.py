"""What reaches people, machines and time outside."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from lamplighter.practice.model import PracticeId

# -- time ------------------------------------------------------------------------------------------------------------


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware, UTC."""
        ...


# -- outward ---------------------------------------------------------------------------------------------------------


class MessageRefused(Exception):
    """The carrier will never deliver this; trying again doesn't help."""


class Messenger(Protocol):
    def send(self, message_id: str, channel: str, to: str, sender: str, text: str) -> None:
        """Idempotent by message id. Raises MessageRefused, or ConnectionError when it may be tried again."""
        ...


@dataclass(frozen=True, slots=True)
class Ring:
    practice: PracticeId
    contact: str
    handoff: str
    rung: str  # id in the ladder
    name: str
    phone: str | None
    route: str
    step: int
    licensed: bool = False
    kind: str = "staff"  # as in the ladder; a "line" is connected with whoever is on the telephone
    locale: str = "en"  # the language of whoever waits
    test: bool = False  # nobody waits: whoever is rung is told that it is a test, and connected with nobody


class Pager(Protocol):
    def ring(self, ring: Ring) -> None:
        """Starts ringing; the answer comes through `Handoffs.answered` when there is one. Whatever it raises is logged,
        and the next rung is rung in its time."""
        ...

    def call_off(self, ring: Ring, by: str) -> None:
        """Stops ringing for this contact, hand-over and rung, and says that `by` has it. May be asked more than once;
        one that never rang, or has stopped, is no fault. Whatever it raises is logged."""
        ...


class Feed(Protocol):
    """What changed, for live views. Carries ids only; whoever listens reads the log."""

    def publish(self, practice: PracticeId, contact: str, seq: int) -> None: ...

    def subscribe(self, practice: PracticeId) -> Iterator[tuple[str, int]]: ...


class Reader(Protocol):
    """An optional large model that helps to understand. Never speaks, never decides."""

    def interpret(self, utterance: str, schema: dict[str, object], deadline: float) -> str | None:
        """JSON that should follow `schema`, or None when it didn't answer within `deadline` seconds."""
        ...


class Keys(Protocol):
    """The master key. `wrap`/`unwrap` data keys bound to a context; secrets never appear in repr."""

    def wrap(self, key: bytes, context: str) -> bytes: ...

    def unwrap(self, wrapped: bytes, context: str) -> bytes: ...


# -- sound -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hearing:
    text: str
    confidence: float
    alternatives: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Sound:
    """16-bit signed mono little-endian."""

    pcm: bytes = field(repr=False)
    rate: int


class Recogniser(Protocol):
    async def recognise(
        self, sound: Sound, *, locale: str, final: bool = True, asked: tuple[str, ...] = ()
    ) -> Hearing:
        """`asked`: the details, by written name, that the words probably answer; it may help, and binds nobody."""
        ...


class Voice(Protocol):
    async def speak(self, text: str, *, locale: str, slow: bool = False) -> Sound: ...

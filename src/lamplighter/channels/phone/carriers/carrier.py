"""What differs from one carrier to the next: how it signs, what it tells and is asked, and the words of its streams."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from lamplighter.channels.phone.carriers.our_lines import OurLine
from lamplighter.channels.sms.carriers.hooks import Came

Answer = tuple[bytes, str]
"""Of a webhook: a body and its type."""

# -- what a stream tells ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Started:
    """`token` is the one that was given for this call; None where the stream brings none, and its address, which nobody
    else was told, must do."""

    stream: str
    call: str
    token: str | None


@dataclass(frozen=True, slots=True)
class Heard:
    """`code` is mu-law at 8 kHz. `at` counts the frames."""

    code: bytes
    at: int


@dataclass(frozen=True, slots=True)
class Pressed:
    key: str


@dataclass(frozen=True, slots=True)
class Marked:
    """All that was sent before this mark has been heard, or dropped."""

    name: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The call is over."""


Message = Started | Heard | Pressed | Marked | Stopped


class Dialect(Protocol):
    """The messages of a stream, as JSON."""

    def read(self, said: Mapping[str, Any]) -> Message | None:
        """None for what doesn't matter to us. Raises KeyError, TypeError or ValueError."""
        ...

    def play(self, stream: str, code: str) -> Mapping[str, Any]:
        """`code` is mu-law as base64."""
        ...

    def clear(self, stream: str) -> Mapping[str, Any]: ...

    def mark(self, stream: str, name: str) -> Mapping[str, Any]: ...


# -- what webhooks tell -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rang:
    """Somebody calls. `dialled` is E.164, `caller` as the carrier tells it."""

    call: str
    dialled: str
    caller: str


@dataclass(frozen=True, slots=True)
class StreamOver:
    """The sound of a call has ended. `goes_on`: the call surely has not. `rang` is None for a call of ours."""

    call: str
    rang: Rang | None
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """A call is over, with a status as of SIP, 200 where somebody had picked up."""

    call: str
    status: int


@dataclass(frozen=True, slots=True)
class Ringing:
    """A call of ours is on its way."""

    call: str


@dataclass(frozen=True, slots=True)
class PickedUp:
    """Whoever we call is there, and nothing is streamed yet."""

    call: str


News = Rang | StreamOver | Ended | Ringing | PickedUp
Why = Literal["rang", "again", "picked_up"]
"""A stream is opened: somebody calls; it broke off; whoever we call is there."""


class NotDone(Exception):
    """The carrier has surely not done what it was asked. `status` is that of its answer, 0 where none came."""

    def __init__(self, status: int = 0) -> None:
        super().__init__(f"the carrier did not do it (status {status})")
        self.status = status


class NobodyKnows(Exception):
    """The carrier was asked and has not answered."""

    def __init__(self) -> None:
        super().__init__("the carrier has not answered")


class Carrier(Protocol):
    @property
    def content_type(self) -> str: ...

    @property
    def dialect(self) -> Dialect: ...

    def verified(self, came: Came) -> Mapping[str, Any]:
        """What a webhook says. Raises Forged, Malformed."""
        ...

    def opened_by_it(self, came: Came) -> bool:
        """Whether it is the carrier that opens a stream, as far as it signs that."""
        ...

    def news(self, about: str, said: Mapping[str, Any]) -> News | None:
        """`about` is the part of the address after the door: voice, again, status. Raises Malformed."""
        ...

    async def opens(self, call: str, name: str, token: str, *, why: Why, rang: Rang | None = None) -> Answer:
        """The answer that lets a call's sound be streamed to and from us. Never waits for the carrier."""
        ...

    def thanks(self) -> Answer:
        """The answer that asks for nothing; a call that waits for one ends."""
        ...

    async def put_through(self, call: str, line: OurLine) -> Answer:
        """The answer to a call that is not taken: it hears the words, and is connected with the practice's own
        line."""
        ...

    async def move(self, call: str, answer: Answer) -> None:
        """Has a call that goes on do what `put_through` answered for it, whatever it does now. Raises NotDone,
        NobodyKnows."""
        ...

    async def dial(self, number: str, *, shown: str, ours: str, name: str, token: str, seconds: float) -> str:
        """The carrier's id of the call. `ours` is our own id of it. Raises NotDone, NobodyKnows."""
        ...

    async def end(self, call: str) -> None:
        """Hangs up, whatever the call's state. Raises NotDone, NobodyKnows."""
        ...

    async def is_over(self, call: str) -> bool:
        """Whether the carrier knows this call as one that has ended. Raises NotDone, NobodyKnows."""
        ...

    async def close(self) -> None: ...

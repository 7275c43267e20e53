"""The narrow port to whatever engine carries telephone calls."""

from collections.abc import Callable
from typing import Final, Protocol

RATE: Final = 8_000
FRAME_SECONDS: Final = 0.02
FRAME: Final = 320  # bytes: 20 ms of 16-bit samples at RATE


class NotReached(Exception):
    """Nobody took the call: busy, declined, no answer in time, no such number. `status` is the SIP status, 0 if none
    came."""

    def __init__(self, status: int = 0) -> None:
        super().__init__(f"the call was not taken (status {status})")
        self.status = status


class Leg(Protocol):
    """One call at the engine, in or out. What isn't awaited never blocks."""

    @property
    def dialled(self) -> str:
        """What was dialled to reach us, as the line wrote it; "" where it didn't say."""
        ...

    @property
    def caller(self) -> str:
        """Who calls, as the line wrote it."""
        ...

    async def answer(self) -> None:
        """Takes the call. Raises NotReached when it is gone already."""
        ...

    async def hang_up(self) -> None:
        """Ends it, whatever its state; nothing if it is over."""
        ...

    def read(self) -> bytes:
        """The sound that has come since the last look: 16-bit samples at RATE."""
        ...

    def write(self, pcm: bytes) -> int:
        """Sound for the other end; answers how many bytes were taken."""
        ...

    def waiting(self) -> int:
        """Bytes that were written and have not left yet."""
        ...

    def flush(self) -> None:
        """Drops what was written and has not left yet."""
        ...

    async def press(self, key: str) -> None:
        """A key for the other end, one of 0-9, * and #; nothing if the call is over."""
        ...


class Events(Protocol):
    """Told by the engine, on its event loop."""

    def rang(self, leg: Leg) -> None:
        """A call comes in, from a peer that is listed."""
        ...

    def key(self, leg: Leg, key: str) -> None:
        """The other end pressed a key: one of 0-9, * and #."""
        ...

    def over(self, leg: Leg) -> None:
        """The call has ended, whoever ended it."""
        ...


class Telephone(Protocol):
    """An engine. In-memory: `memory.MemoryTelephone`."""

    async def start(self, events: Events, on_dead: Callable[[], None]) -> None:
        """Takes calls from now on. `on_dead`: it carries no call any more, and only a new process helps."""
        ...

    async def dial(self, number: str, *, seconds: float, shown: str = "") -> Leg:
        """Rings `number` (E.164) for so long; a leg that somebody has picked up. Cancelled, it
        stops ringing. `shown` is the number of ours that they see, as somebody has dialled it; "" for the line's own.
        Raises NeverDialled, NotReached."""
        ...

    async def close(self) -> None: ...

"""A telephone without lines: calls that exist in memory only. The reference of the port, and loud about what it is."""

from collections.abc import Callable
from dataclasses import dataclass, field

from lamplighter import logs
from lamplighter.channels.phone.numbers import refuse_undialable
from lamplighter.channels.phone.ports import FRAME, Events, Leg, NotReached

log = logs.get(__name__)


@dataclass(slots=True, eq=False)
class MemoryLeg:
    """`heard` is what the other end got to hear, `says` what it is about to say, `pressed` the keys that came to it."""

    dialled: str
    caller: str
    says: bytes = b""
    heard: bytearray = field(default_factory=bytearray)
    answered: bool = False
    gone: bool = False
    pressed: str = ""
    on_over: Callable[[Leg], None] | None = None
    _unheard: int = 0

    async def answer(self) -> None:
        if self.gone:
            raise NotReached
        self.answered = True

    async def hang_up(self) -> None:
        if not self.gone:
            self.gone = True
            if self.on_over is not None:
                self.on_over(self)

    def read(self) -> bytes:
        """20 ms have gone by at every look."""
        self._unheard = max(0, self._unheard - FRAME)
        said, self.says = self.says, b""
        return said

    def write(self, pcm: bytes) -> int:
        self.heard += pcm
        self._unheard += len(pcm)
        return len(pcm)

    def waiting(self) -> int:
        return self._unheard

    def flush(self) -> None:
        if self._unheard:
            del self.heard[-self._unheard :]
        self._unheard = 0

    async def press(self, key: str) -> None:
        self.pressed += key


class MemoryTelephone:
    """`picks_up` says how whoever is rung behaves: 0 takes the call, anything else is the SIP status."""

    def __init__(self, picks_up: Callable[[str], int] = lambda number: 480) -> None:
        log.warning("telephone_is_simulated")
        self._picks_up = picks_up
        self._events: Events | None = None
        self.dialled: list[str] = []
        self.shown: list[str] = []
        self.rung: list[MemoryLeg] = []
        self.started = False

    async def start(self, events: Events, on_dead: Callable[[], None]) -> None:
        self._events, self.started = events, True

    def call_in(self, dialled: str, caller: str) -> MemoryLeg:
        """Somebody calls."""
        assert self._events is not None
        leg = MemoryLeg(dialled, caller, on_over=self._events.over)
        self._events.rang(leg)
        return leg

    def presses(self, leg: MemoryLeg, key: str) -> None:
        assert self._events is not None
        self._events.key(leg, key)

    async def dial(self, number: str, *, seconds: float, shown: str = "") -> Leg:
        refuse_undialable(number)
        self.dialled.append(number)
        self.shown.append(shown)
        status = self._picks_up(number)
        if status:
            raise NotReached(status)
        assert self._events is not None
        leg = MemoryLeg("", number, answered=True, on_over=self._events.over)
        self.rung.append(leg)
        return leg

    async def close(self) -> None:
        return None

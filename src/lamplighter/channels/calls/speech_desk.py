"""Whether this machine can hear and speak yet, and the parts to do it with once it can."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from threading import Lock
from typing import Literal, Protocol

from lamplighter.desk.ports import Hearing, Sound


class Heard(Protocol):
    """What a line hands over of what it heard; see `channels.speech.line.Utterance`."""

    @property
    def hearing(self) -> Hearing: ...
    @property
    def final(self) -> bool: ...
    @property
    def hum(self) -> bool: ...


class Loudspeaker(Protocol):
    async def play(self, sound: Sound) -> None: ...
    async def hush(self) -> None: ...


class VoiceLine(Protocol):
    """Sound in, words out; words in, sound out; see `channels.speech.line.SpokenLine`."""

    locale: str

    @property
    def speaking(self) -> bool: ...
    async def hear(self, sound: Sound) -> None: ...
    async def say(
        self, text: str, *, locale: str | None = None, slow: bool = False, interruptible: bool = True
    ) -> bool: ...
    async def hush(self) -> None: ...
    async def close(self) -> None: ...


class LineMaker(Protocol):
    """Makes the line of one call. `patient(line, details)` says which details the next words are expected to hold."""

    def __call__(
        self,
        *,
        loudspeaker: Loudspeaker,
        locale: str,
        on_words: Callable[[Heard], Awaitable[None]],
        on_trouble: Callable[[Exception], Awaitable[None]],
    ) -> VoiceLine: ...

    def expect(self, line: VoiceLine, details: tuple[str, ...], distress: bool) -> None: ...


@dataclass(frozen=True, slots=True)
class SpeechStatus:
    """`done` and `total` are bytes while installing. `remedy` is the one line to type where something is missing."""

    state: Literal["absent", "installing", "ready"] = "absent"
    done: int = 0
    total: int = 0
    remedy: str | None = None

    @property
    def percent(self) -> int:
        return min(99, self.done * 100 // self.total) if self.total else 0


class SpeechDesk:
    """Told by whoever installs speech, asked by the call page. Safe from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._status = SpeechStatus()
        self._maker: LineMaker | None = None

    @property
    def status(self) -> SpeechStatus:
        with self._lock:
            return self._status

    @property
    def maker(self) -> LineMaker | None:
        with self._lock:
            return self._maker

    def installing(self, done: int, total: int) -> None:
        with self._lock:
            self._status = SpeechStatus("installing", done, total)

    def absent(self, remedy: str | None = None) -> None:
        with self._lock:
            self._status, self._maker = SpeechStatus("absent", remedy=remedy), None

    def ready(self, maker: LineMaker) -> None:
        """From now on calls are heard and spoken; also those that are under way."""
        with self._lock:
            self._status, self._maker = SpeechStatus("ready"), maker

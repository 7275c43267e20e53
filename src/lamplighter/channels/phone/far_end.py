"""One call as the desk has it: what the telephone process told of it, and the way back to it."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from lamplighter.channels.calls.gone import Gone
from lamplighter.channels.calls.speech_desk import Loudspeaker
from lamplighter.channels.phone.loudspeaker import PhoneLoudspeaker
from lamplighter.channels.phone.wire import Wire

KEYS_PAUSE: Final = 1.5  # seconds after which what was keyed is one answer


@dataclass(frozen=True, slots=True)
class Ringing:
    """A call as the telephone process tells of it."""

    number: int
    dialled: tuple[str, ...]
    caller: str
    contact: str | None = None
    practice: str = ""
    joined: int | None = None  # who was rung for it and hears it, at the same process

    @classmethod
    def of(cls, number: int, told: dict[str, Any]) -> "Ringing":
        """Raises KeyError where it was not told what was dialled, or who calls."""
        dialled = (str(told["dialled"]), str(told.get("addressed") or ""))
        contact = str(told.get("contact") or "") or None
        practice, joined = str(told.get("practice") or ""), told.get("joined")
        return cls(number, dialled, str(told["caller"]), contact, practice, int(joined) if joined else None)


class PhoneEnd:
    """FarEnd of one call at the telephone process. `contact` is what the call is in, once there is one."""

    def __init__(self, wire: Wire, number: int) -> None:
        self._wire, self.number = wire, number
        self.incoming: asyncio.Queue[bytes | str | None] = asyncio.Queue()
        self._speaker = PhoneLoudspeaker(self._play, self._drop)
        self.silent = False  # they talk with somebody: whatever we had to say is not heard
        self.abandoned = self.is_over = False
        self.spoken = asyncio.Event()  # something that we had to say has been played
        self.contact: str | None = None
        self._locale = self._keys = ""
        self._keyed_at = 0.0

    @property
    def unheard(self) -> float:
        """Seconds until what we have said is heard."""
        return self._speaker.unheard

    def beside(self, number: int) -> "PhoneEnd":
        """The end of another call at the same process."""
        return PhoneEnd(self._wire, number)

    def ask(self, wish: int, type: str, **more: object) -> None:
        """Asks the process for something that is no call yet. Raises Gone."""
        self._told(wish, type, **more)

    def is_left(self) -> bool:
        """The call is the telephone process's, or nobody's: nothing more can be done for it here."""
        return self.abandoned

    def keyed(self, now: float) -> str:
        """The keys that are complete, which those of a call that is over always are. Sound is dropped: this is asked
        only while nobody can listen."""
        while not self.incoming.empty():
            if isinstance(piece := self.incoming.get_nowait(), str):
                self._keys, self._keyed_at = self._keys + piece, now
        if "#" not in self._keys and not self.is_over and now - self._keyed_at < KEYS_PAUSE:
            return ""
        keys, self._keys = self._keys.rstrip("#"), ""
        return keys

    def tell(self, type: str, **more: object) -> None:
        """Raises Gone."""
        self._told(self.number, type, **more)

    def _told(self, call: int, type: str, **more: object) -> None:
        try:
            self._wire.tell(call, type, **more)
        except OSError:
            self.abandoned = True
            raise Gone from None

    def in_locale(self, locale: str) -> None:
        """What is heard while no desk is there is in the language of the call."""
        if locale != self._locale:
            self._locale = locale
            self.tell("locale", locale=locale)

    def _play(self, frame: bytes) -> None:
        if not self.silent:
            self._wire.sound(self.number, frame)

    def _drop(self) -> None:
        """Where the line is gone nothing is heard any more."""
        with suppress(Gone):
            if not self.silent:
                self.tell("hush")

    async def send(self, **frame: object) -> None:
        """A telephone has no screen; when the contact is over and the last words are heard, we hang up."""
        if frame["type"] == "listening":
            self.spoken.set()
        if frame["type"] == "over":
            await asyncio.sleep(self._speaker.unheard + 0.1)
            self.tell("hang_up")

    def loudspeaker(self) -> Loudspeaker:
        return self._speaker

"""A call from the page: sound both ways where this machine can hear and speak, words and keys always. What is said is
shown as captions."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from starlette.websockets import WebSocket

from lamplighter.channels.calls.call import KEYS, Call
from lamplighter.channels.calls.speech_desk import Loudspeaker
from lamplighter.channels.web.limits import BadFrame, id_of, words_of
from lamplighter.channels.web.phones import INVENTED
from lamplighter.channels.web.site import Site
from lamplighter.channels.web.sockets import Line
from lamplighter.channels.web.web_loudspeaker import WebLoudspeaker
from lamplighter.desk.ports import Sound
from lamplighter.practice.model import Practice

RATE = 16_000
LONGEST_PIECE = 32_000  # bytes: a second of sound


async def serve(site: Site, practice: Practice, socket: WebSocket, line: Line) -> None:
    """`{"type": "hello", "number": E.164 or null}` first; then pieces of 16 kHz 16-bit mono sound, words and keys."""
    page = _Page(site, line, Call(site, practice, PageEnd(line)))
    try:
        await page.call.run(page.listen())
    finally:
        await page.call.end()


@dataclass(frozen=True, slots=True)
class PageEnd:
    """FarEnd of a page."""

    line: Line

    async def send(self, **frame: object) -> None:
        await self.line.send(**frame)

    def loudspeaker(self) -> Loudspeaker:
        return WebLoudspeaker(self.line)


@dataclass(frozen=True, slots=True)
class _Page:
    """What a page sends, into its call."""

    site: Site
    line: Line
    call: Call

    async def listen(self) -> None:
        await self.line.take_all(self._take, self._take_sound)

    async def _take(self, frame: dict[str, Any]) -> None:
        await self.call.safely(self._doing(frame))

    def _doing(self, frame: dict[str, Any]) -> Coroutine[Any, Any, None]:
        """What the frame asks for, once it has been read. Raises BadFrame."""
        match frame["type"], self.call.contact.done():
            case "hello", False:
                return self._hello(self._number(frame.get("number")))
            case "say", True:
                return self._say(words_of(frame), id_of(frame))
            case "keys", True:
                return self._press(_keys(frame.get("keys")))
        raise BadFrame("malformed")

    def _number(self, number: object) -> str | None:
        if number is None:
            return None
        if not self.site.demo or not isinstance(number, str) or not INVENTED.fullmatch(number):
            raise BadFrame("malformed")
        return number

    async def _hello(self, number: str | None) -> None:
        contact = await self.call.answered(number)
        await self.line.send(type="hello")
        self.call.begin(contact)

    async def _press(self, keys: str) -> None:
        self.call.press(keys)

    async def _say(self, text: str, name: str) -> None:
        await self.call.press_now()
        await self.call.hush()
        inbound = f"{self.call.contact.result()}:{name}"
        taken = await self.call.hear(text, inbound=inbound)
        if taken:
            await self.line.send(type="taken", id=name)
        else:
            await self.line.send(type="error", code="failed", id=name)

    async def _take_sound(self, pcm: bytes) -> None:
        if not self.call.contact.done() or len(pcm) > LONGEST_PIECE or len(pcm) % 2:
            raise BadFrame("malformed")
        await self.call.safely(self.call.take_sound(Sound(pcm, RATE)))


def _keys(keys: object) -> str:
    if not isinstance(keys, str) or not 0 < len(keys) <= 32 or not set(keys) <= KEYS:
        raise BadFrame("malformed")
    return keys

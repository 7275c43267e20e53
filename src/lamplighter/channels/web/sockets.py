"""A page's line to us: frames of JSON both ways, within limits, whatever the other end sends."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from lamplighter import logs
from lamplighter.channels.calls.gone import Gone
from lamplighter.channels.web.limits import (
    BAD_FRAMES,
    FRAMES_AHEAD,
    LONGEST_FRAME,
    SLOWEST_SEND,
    BadFrame,
    TooMany,
    read_frame,
)
from lamplighter.channels.web.site import Site, UnknownPractice
from lamplighter.practice.model import Practice

log = logs.get(__name__)
POLICY, TRY_LATER = 1008, 1013
Take = Callable[[dict[str, Any]], Awaitable[None]]
TakeSound = Callable[[bytes], Awaitable[None]]


class Line:
    """One open WebSocket. `send` and `receive` raise Gone."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._sending = asyncio.Lock()
        self._bad = 0

    async def send(self, **frame: object) -> None:
        await self._within_time(self._socket.send_json(frame))

    async def send_sound(self, sound: bytes) -> None:
        await self._within_time(self._socket.send_bytes(sound))

    async def _within_time(self, sending: Coroutine[Any, Any, None]) -> None:
        async with self._sending:
            try:
                await asyncio.wait_for(sending, SLOWEST_SEND)
            except (TimeoutError, WebSocketDisconnect, RuntimeError, OSError):
                raise Gone from None

    async def take_all(self, take: Take, take_sound: TakeSound | None = None) -> None:
        """Hands over every frame, one after another, until the browser goes. What it can't read it says so of. The next
        ones are read meanwhile: a line that nobody reads answers no sign of life and is given up."""
        frames: asyncio.Queue[Any] = asyncio.Queue(FRAMES_AHEAD)
        reading = asyncio.create_task(self._read(frames))
        try:
            while (message := await frames.get()) is not None:
                try:
                    await self._hand_over(message, take, take_sound)
                except BadFrame as bad:
                    await self._complain(bad)
        except Gone:
            return
        finally:
            reading.cancel()

    async def _read(self, frames: asyncio.Queue[Any]) -> None:
        """Every frame, and None once the browser has gone."""
        gone = False
        while not gone:
            try:
                message = await self._socket.receive()
                gone = message["type"] == "websocket.disconnect"
            except (RuntimeError, OSError):
                gone = True
            except Exception:
                log.exception("page_line_unread")
                gone = True
            await frames.put(None if gone else _no_longer_than_allowed(message))

    async def _hand_over(self, message: Any, take: Take, take_sound: TakeSound | None) -> None:
        sound = message.get("bytes")
        if sound is None:
            await _take_frame(read_frame(message.get("text") or ""), take)
        elif take_sound is None:
            raise BadFrame("malformed")
        else:
            await take_sound(sound)

    async def _complain(self, bad: BadFrame) -> None:
        self._bad += 1
        await self.send(type="error", code=bad.code, id=bad.id)
        if self._bad >= BAD_FRAMES:
            await self.close(POLICY)
            raise Gone

    async def close(self, code: int = 1000) -> None:
        with suppress(RuntimeError, OSError, WebSocketDisconnect):
            if self._socket.application_state is WebSocketState.CONNECTED:
                await self._socket.close(code)


def _no_longer_than_allowed(message: Any) -> dict[str, Any]:
    """Cut where it is too long for a frame already, so that what waits takes little room."""
    text, sound = message.get("text"), message.get("bytes")
    longest = LONGEST_FRAME + 1
    return {"text": text[:longest] if text else text, "bytes": sound[:longest] if sound else sound}


async def _take_frame(frame: dict[str, Any], take: Take) -> None:
    try:
        await take(frame)
    except BadFrame as bad:
        name = frame.get("id")
        bad.id = name if isinstance(name, str) and len(name) <= 64 else None
        raise


Serve = Callable[[Site, Practice, WebSocket, Line], Awaitable[None]]


def endpoint(site: Site, serve: Serve) -> Callable[[WebSocket], Awaitable[None]]:
    """A route that lets a browser in if it may come in, and ends its line with a word whatever happens."""

    async def enter(socket: WebSocket) -> None:
        try:
            practice = site.practice(socket)
        except UnknownPractice:
            return await socket.close(POLICY)
        if not site.same_origin(socket):
            return await socket.close(POLICY)
        await socket.accept()
        line = Line(socket)
        address = socket.client.host if socket.client else ""
        try:
            with site.doors.entered(address):
                await serve(site, practice, socket, line)
            await line.close()
        except TooMany:
            await _part(line, "busy", TRY_LATER)
        except Gone:
            await line.close()
        except Exception:
            log.exception("page_line_failed", practice=practice.id)
            await _part(line, "failed", 1011)

    return enter


async def _part(line: Line, code: str, close: int) -> None:
    with suppress(Gone):
        await line.send(type="error", code=code, closing=True)
    await line.close(close)

"""A media stream from the carrier's side, at the pace of a telephone line."""

import asyncio
import json
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, Protocol

import websockets
from websockets.asyncio.client import ClientConnection

from lamplighter.channels.phone.ports import FRAME_SECONDS
from lamplighter.channels.phone.standins.far_end import FarEnd

FRAME: Final = 160  # bytes of mu-law in 20 ms
Said = Mapping[str, Any]


class Wording(Protocol):
    """The messages of one carrier's stream, each without what numbers it."""

    def opening(self) -> Sequence[Said]:
        """What comes before any sound."""
        ...

    def media(self, code: bytes, count: int) -> Said: ...

    def key(self, key: str) -> Said: ...

    def mark(self, name: str) -> Said: ...

    def stop(self) -> Said | None: ...

    def told(self, said: Said) -> bytes | str | None:
        """Sound, a mark, or None for: drop what waits. Raises AssertionError for what the carrier would not take."""
        ...

    def numbered(self, said: Said, count: int) -> Said: ...


class PacedStream:
    """One stream of one call. What is played waits in a buffer; a mark in it comes back once it is reached."""

    def __init__(self, end: FarEnd, wording: Wording) -> None:
        self._end, self._wording = end, wording
        self._buffer: deque[bytes | str] = deque()
        self._sent = self._frames = 0
        self._socket: ClientConnection | None = None
        self._over, self.opened = asyncio.Event(), asyncio.Event()

    async def run(self, url: str, headers: Mapping[str, str]) -> None:
        """Until either side ends it. A socket that can't be opened ends it at once."""
        with suppress(OSError, websockets.WebSocketException):
            async with websockets.connect(
                url, additional_headers=dict(headers), compression=None, proxy=None
            ) as self._socket:
                for each in self._wording.opening():
                    await self._tell(each)
                self.opened.set()
                reading = asyncio.create_task(self._read())
                try:
                    await self._keep_pace()
                finally:
                    reading.cancel()

    def stop(self) -> None:
        """The call is over."""
        self._over.set()

    async def press(self, key: str) -> None:
        await self._tell(self._wording.key(key))

    async def break_off(self) -> None:
        """The network is cut: the other side is told nothing."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def _keep_pace(self) -> None:
        loop = asyncio.get_running_loop()
        following = loop.time()
        while not self._over.is_set():
            await self._frame()
            following = max(following + FRAME_SECONDS, loop.time() - 5 * FRAME_SECONDS)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), max(0.0, following - loop.time()))
        if (stop := self._wording.stop()) is not None:
            await self._tell(stop)

    async def _frame(self) -> None:
        self._frames += 1
        await self._tell(self._wording.media(self._end.speaks(), self._frames))
        left = FRAME
        while self._buffer and (left or isinstance(self._buffer[0], str)):
            piece = self._buffer.popleft()
            if isinstance(piece, str):
                await self._tell(self._wording.mark(piece))
            else:
                self._end.hears(piece[:left])
                if piece[left:]:
                    self._buffer.appendleft(piece[left:])
                left -= len(piece[:left])

    async def _read(self) -> None:
        assert self._socket is not None
        with suppress(websockets.ConnectionClosed):
            async for text in self._socket:
                told = self._wording.told(json.loads(text))
                if told is not None:
                    self._buffer.append(told)
                    continue
                marks = [each for each in self._buffer if isinstance(each, str)]
                self._buffer.clear()
                for each in marks:
                    await self._tell(self._wording.mark(each))

    async def _tell(self, said: Said) -> None:
        assert self._socket is not None
        self._sent += 1
        await self._socket.send(json.dumps(self._wording.numbered(said, self._sent)))

"""The sound of one call over a carrier's WebSocket. What waits here for the network can still be dropped."""

import asyncio
import json
from base64 import b64encode
from collections import deque
from collections.abc import Mapping
from typing import Any, Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from lamplighter.channels.phone.carriers.carrier import Dialect, Message

MOST_UNSENT: Final = 50
"""Frames that wait for a network that is stuck: one second."""

SILENT_FOR: Final = 30.0
"""Seconds without a message after which the other end is gone."""


class StreamGone(Exception):
    """The WebSocket is closed, or nothing comes any more."""


class NotUnderstood(ValueError):
    """No message of the carrier's."""


class CallStream:
    """One open WebSocket. `name` is the carrier's name of it, once it was told."""

    def __init__(self, socket: WebSocket, dialect: Dialect) -> None:
        self._socket, self._dialect, self.name = socket, dialect, ""
        self._out: deque[tuple[str, Mapping[str, Any]]] = deque()
        self._more = asyncio.Event()
        self.is_closed = False

    async def read(self, *, within: float = SILENT_FOR) -> Message | None:
        """Raises StreamGone, NotUnderstood."""
        try:
            async with asyncio.timeout(within):
                text = await self._socket.receive_text()
        except (WebSocketDisconnect, RuntimeError, KeyError, TimeoutError):
            raise StreamGone from None
        try:
            said = json.loads(text)
            return self._dialect.read(said) if isinstance(said, dict) else None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise NotUnderstood from None

    async def send_all(self) -> None:
        """What is to be sent, for as long as it is open."""
        try:
            while not self.is_closed:
                await self._more.wait()
                while self._out:
                    _, message = self._out.popleft()
                    await self._socket.send_text(json.dumps(message, separators=(",", ":")))
                self._more.clear()
        except (WebSocketDisconnect, RuntimeError, OSError):
            self.is_closed = True

    async def close(self) -> None:
        self.is_closed = True
        try:
            await self._socket.close()
        except (RuntimeError, OSError, WebSocketDisconnect):
            return

    @property
    def is_stuck(self) -> bool:
        return self.is_closed or len(self._out) >= MOST_UNSENT

    def play(self, code: bytes) -> None:
        self._send("sound", self._dialect.play(self.name, b64encode(code).decode()))

    def clear(self) -> None:
        """Drops what has not been heard, here and at the carrier."""
        self._out = deque(each for each in self._out if each[0] != "sound")
        self._send("clear", self._dialect.clear(self.name))

    def mark(self, name: str) -> None:
        self._send("mark", self._dialect.mark(self.name, name))

    def _send(self, kind: str, message: Mapping[str, Any]) -> None:
        self._out.append((kind, message))
        self._more.set()

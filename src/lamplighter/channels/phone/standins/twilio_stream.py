"""Media Streams from Twilio's side: its messages, at the pace of a telephone line."""

import asyncio
import json
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

import websockets
from websockets.asyncio.client import ClientConnection

from lamplighter.channels.phone.ports import FRAME_SECONDS
from lamplighter.channels.phone.standins.far_end import FarEnd

FRAME: Final = 160  # bytes of mu-law in 20 ms


class TwilioStream:
    """One stream of one call. What is played waits in a buffer; a mark in it comes back once it is reached."""

    def __init__(self, end: FarEnd, *, account: str, call: str, stream: str) -> None:
        self._end, self._account, self._call, self._stream = end, account, call, stream
        self._buffer: deque[bytes | str] = deque()
        self._sent = self._frames = 0
        self._socket: ClientConnection | None = None
        self._over, self.opened = asyncio.Event(), asyncio.Event()

    async def run(self, url: str, signature: str, parameters: Mapping[str, str]) -> None:
        """Until either side ends it. A socket that can't be opened ends it at once."""
        headers = {"x-twilio-signature": signature}
        with suppress(OSError, websockets.WebSocketException):
            async with websockets.connect(
                url, additional_headers=headers, compression=None, proxy=None
            ) as self._socket:
                await self._open(parameters)
                reading = asyncio.create_task(self._read())
                try:
                    await self._keep_pace()
                finally:
                    reading.cancel()

    def stop(self) -> None:
        """The call is over."""
        self._over.set()

    async def press(self, key: str) -> None:
        await self._tell("dtmf", {"dtmf": {"track": "inbound_track", "digit": key}})

    async def break_off(self) -> None:
        """The network is cut: the other side is told nothing."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def _open(self, parameters: Mapping[str, str]) -> None:
        assert self._socket is not None
        await self._socket.send(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
        about = {
            "accountSid": self._account,
            "streamSid": self._stream,
            "callSid": self._call,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": dict(parameters),
        }
        await self._tell("start", {"start": about})
        self.opened.set()

    async def _keep_pace(self) -> None:
        loop = asyncio.get_running_loop()
        following = loop.time()
        while not self._over.is_set():
            await self._frame()
            following = max(following + FRAME_SECONDS, loop.time() - 5 * FRAME_SECONDS)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), max(0.0, following - loop.time()))
        about = {"accountSid": self._account, "callSid": self._call}
        await self._tell("stop", {"stop": about})

    async def _frame(self) -> None:
        self._frames += 1
        media = {
            "track": "inbound",
            "chunk": str(self._frames),
            "timestamp": str(20 * self._frames),
            "payload": b64encode(self._end.speaks()).decode(),
        }
        await self._tell("media", {"media": media})
        left = FRAME
        while self._buffer and (left or isinstance(self._buffer[0], str)):
            piece = self._buffer.popleft()
            if isinstance(piece, str):
                await self._mark(piece)
            else:
                self._end.hears(piece[:left])
                if piece[left:]:
                    self._buffer.appendleft(piece[left:])
                left -= len(piece[:left])

    async def _read(self) -> None:
        assert self._socket is not None
        with suppress(websockets.ConnectionClosed):
            async for text in self._socket:
                await self._told(json.loads(text))

    async def _told(self, said: Mapping[str, Any]) -> None:
        """Twilio closes a stream that tells it something else."""
        assert said["streamSid"] == self._stream
        match said["event"]:
            case "media":
                self._buffer.append(b64decode(said["media"]["payload"], validate=True))
            case "mark":
                self._buffer.append(str(said["mark"]["name"]))
            case "clear":
                marks = [each for each in self._buffer if isinstance(each, str)]
                self._buffer.clear()
                for each in marks:
                    await self._mark(each)

    async def _mark(self, name: str) -> None:
        await self._tell("mark", {"mark": {"name": name}})

    async def _tell(self, event: str, more: Mapping[str, Any]) -> None:
        if self._socket is None:
            return
        self._sent += 1
        said = {"event": event, "sequenceNumber": str(self._sent), "streamSid": self._stream, **more}
        await self._socket.send(json.dumps(said))

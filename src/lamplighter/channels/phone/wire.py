"""The local socket between the telephone process and the desk: frames with a kind, a call and a body.

Sound is 16-bit at 8 kHz, 20 ms a frame; everything else is JSON. Neither side keeps the other waiting: who reads too
slowly for `MOST_WAITING` bytes is given up.
"""

import asyncio
import json
import struct
from dataclasses import dataclass
from typing import Any, Final

HEADER: Final = struct.Struct(">cII")
SOUND, TOLD = b"S", b"J"
LONGEST: Final = 1 << 20
MOST_WAITING: Final = 1 << 22


@dataclass(frozen=True, slots=True)
class Frame:
    """`sound` for a frame of sound, else `told`. `call` is the telephone process's own number of it, 0 for none."""

    call: int
    sound: bytes = b""
    told: dict[str, Any] | None = None


class BadWire(ConnectionError):
    """The other side speaks something else."""


class Wire:
    """One end. Raises ConnectionError or asyncio.IncompleteReadError once the other end has gone."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def read(self) -> Frame:
        kind, call, length = HEADER.unpack(await self._reader.readexactly(HEADER.size))
        if length > LONGEST or kind not in (SOUND, TOLD):
            raise BadWire("the telephone's socket carries something else")
        body = await self._reader.readexactly(length)
        if kind == SOUND:
            return Frame(call, sound=body)
        told = json.loads(body)
        if not isinstance(told, dict) or not isinstance(told.get("type"), str):
            raise BadWire("the telephone's socket carries something else")
        return Frame(call, told=told)

    def sound(self, call: int, pcm: bytes) -> None:
        self._write(SOUND, call, pcm)

    def tell(self, call: int, type: str, **more: object) -> None:
        self._write(TOLD, call, json.dumps({"type": type, **more}).encode())

    def _write(self, kind: bytes, call: int, body: bytes) -> None:
        if self._writer.is_closing():
            raise ConnectionResetError("the other end has gone")
        self._writer.write(HEADER.pack(kind, call, len(body)) + body)
        if self._writer.transport.get_write_buffer_size() > MOST_WAITING:
            self._writer.transport.abort()
            raise ConnectionResetError("the other end reads too slowly")

    @property
    def is_closed(self) -> bool:
        """By this end; an end that has only noticed nothing yet counts as open."""
        return self._writer.is_closing()

    def close(self) -> None:
        self._writer.close()

    def abort(self) -> None:
        """At once, whatever the other end has not read yet."""
        self._writer.transport.abort()

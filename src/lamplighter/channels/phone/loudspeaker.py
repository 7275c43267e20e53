"""The other end's ear on a telephone line: our sound at 8 kHz, 20 ms at a time, no further ahead than it must be."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import soxr

from lamplighter.channels.phone.ports import FRAME, RATE
from lamplighter.desk.ports import Sound

AHEAD: Final = 0.1  # seconds of sound that wait at the line


class ToLine:
    """Sound in pieces at any rate, as frames of the line; without a seam between them."""

    def __init__(self) -> None:
        self._rate = 0
        self._stream: Any = None
        self._rest = b""

    def __call__(self, piece: Sound) -> list[bytes]:
        """Whole frames; what is left goes with the next piece."""
        self._rest += self._at_line_rate(piece)
        whole = len(self._rest) // FRAME * FRAME
        frames = [self._rest[at : at + FRAME] for at in range(0, whole, FRAME)]
        self._rest = self._rest[whole:]
        return frames

    def _at_line_rate(self, piece: Sound) -> bytes:
        if piece.rate == RATE:
            return piece.pcm
        if piece.rate != self._rate:
            self._rate = piece.rate
            self._stream = soxr.ResampleStream(piece.rate, RATE, 1, dtype="int16", quality="HQ")
        values = np.frombuffer(piece.pcm, dtype="<i2")
        return bytes(np.asarray(self._stream.resample_chunk(values), dtype="<i2").tobytes())


def at_line_rate(sound: Sound) -> bytes:
    """A whole sound as it goes over the line."""
    values = np.frombuffer(sound.pcm, dtype="<i2")
    if sound.rate == RATE or not len(values):
        return sound.pcm
    return bytes(np.asarray(soxr.resample(values, sound.rate, RATE, quality="HQ"), dtype="<i2").tobytes())


class PhoneLoudspeaker:
    """Loudspeaker of one call. `send` takes a frame, `drop` drops whatever has not been heard."""

    def __init__(self, send: Callable[[bytes], None], drop: Callable[[], None]) -> None:
        self._send, self._drop = send, drop
        self._to_line = ToLine()
        self._heard_until = 0.0

    @property
    def unheard(self) -> float:
        """Seconds until what was played has been heard."""
        return max(0.0, self._heard_until - asyncio.get_running_loop().time())

    async def play(self, sound: Sound) -> None:
        """Raises Gone."""
        now = asyncio.get_running_loop().time()
        frames = self._to_line(sound)
        for frame in frames:
            self._send(frame)
        self._heard_until = max(now, self._heard_until) + len(frames) * FRAME / 2 / RATE
        await asyncio.sleep(max(0.0, self._heard_until - now - AHEAD))

    async def hush(self) -> None:
        self._heard_until = 0.0
        self._to_line = ToLine()
        self._drop()

"""The browser's loudspeaker at the other end of the line."""

import asyncio

from lamplighter.channels.web.sockets import Line
from lamplighter.desk.ports import Sound

AHEAD = 0.25  # seconds of sound that the browser has before it plays them: enough for an uneven line


class WebLoudspeaker:
    """Sends sound as it is wanted. A frame is the rate (4 bytes, little-endian) and 16-bit mono samples."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._heard_until = 0.0

    async def play(self, sound: Sound) -> None:
        """Raises Gone."""
        now = asyncio.get_running_loop().time()
        start = max(now, self._heard_until)
        self._heard_until = start + len(sound.pcm) / 2 / sound.rate
        await self._line.send_sound(sound.rate.to_bytes(4, "little") + sound.pcm)
        await asyncio.sleep(max(0.0, self._heard_until - now - AHEAD))

    async def hush(self) -> None:
        self._heard_until = 0.0
        await self._line.send(type="hush")

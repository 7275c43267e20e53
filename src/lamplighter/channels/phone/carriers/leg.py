"""One call by a carrier: its sound as a stream, its end by REST."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from lamplighter.channels.phone.carriers.carrier import Heard, Marked, Message, Pressed, Stopped
from lamplighter.channels.phone.carriers.in_order import InOrder
from lamplighter.channels.phone.carriers.keypad import tones
from lamplighter.channels.phone.carriers.stream import CallStream, NotUnderstood, StreamGone
from lamplighter.channels.phone.ports import RATE, NotReached
from lamplighter.channels.speech.mulaw import mulaw_decode, mulaw_encode

LEAD: Final = 0.2
"""Seconds of our sound that the carrier has before they are heard, so that the network between may falter. It can be
dropped there."""

MOST_HEARD: Final = 10 * 2 * RATE  # bytes that nobody has fetched
OPENS_WITHIN: Final = 10.0  # seconds after a call was answered in which its stream is there
ANEW_WITHIN: Final = 10.0  # seconds after a stream broke in which another is there
LAST_WORDS: Final = 1.5  # seconds that what was said last may be late at the other end
KEYS: Final = frozenset("0123456789*#")


class StreamLeg:
    """Leg. `call` is the carrier's id, "" until it told one; `ours` our own. `hang_up_at` asks the carrier to do
    so, `put_through_at` to connect a caller whom nobody hears with the practice's own line."""

    addressed = ""

    def __init__(
        self,
        ours: str,
        *,
        call: str = "",
        dialled: str = "",
        caller: str = "",
        hang_up_at: Callable[["StreamLeg"], Awaitable[None]],
        put_through_at: Callable[["StreamLeg"], Awaitable[None]],
        on_key: Callable[["StreamLeg", str], None],
        on_over: Callable[["StreamLeg"], None],
    ) -> None:
        self.ours, self.call, self.dialled, self.caller = ours, call, dialled, caller
        self._hang_up_at, self._put_through_at = hang_up_at, put_through_at
        self._on_key, self._on_over = on_key, on_over
        self._opened, self._over = asyncio.Event(), asyncio.Event()
        self._stream: CallStream | None = None
        self._heard, self._heard_until = bytearray(), 0.0
        self._early_keys: str | None = ""  # until somebody listens
        self._marks, self._marked = 0, asyncio.Event()
        self.is_ending, self.status = False, 0

    # -- Leg --------------------------------------------------------------------------------------------------------

    async def answer(self) -> None:
        """The carrier's question was answered already: waits for the sound."""
        if not await self.opened(OPENS_WITHIN):
            await self._give_up()
            raise NotReached(self.status)

    async def _give_up(self) -> None:
        if self.is_ending or self.is_over:
            return
        self.is_ending = True
        await self._put_through_at(self)
        await self._leave()
        self.ended(0)

    async def hang_up(self) -> None:
        """What was said last is heard before."""
        if self.is_ending or self.is_over:
            return
        self.is_ending = True
        await self._last_words()
        await self._hang_up_at(self)
        await self._leave()
        self.ended(200)

    def read(self) -> bytes:
        """Keys that came before anybody listened are told with the first look."""
        early, self._early_keys = self._early_keys, None
        for key in early or "":
            self._on_key(self, key)
        heard = bytes(self._heard)
        self._heard.clear()
        return heard

    def write(self, pcm: bytes) -> int:
        if self._stream is None or self._stream.is_stuck:
            return 0
        code = mulaw_encode(pcm[: len(pcm) // 2 * 2])
        self._stream.play(code)
        self._heard_until = max(self._now(), self._heard_until) + len(code) / RATE
        return len(pcm)

    def waiting(self) -> int:
        """By the clock, since the carrier plays at the pace of the line; without what is ahead on purpose."""
        return max(0, round((self._heard_until - self._now() - LEAD) * RATE)) * 2

    def flush(self) -> None:
        self._heard_until = 0.0
        if self._stream is not None:
            self._stream.clear()

    async def press(self, key: str) -> None:
        """As sound: a stream carries no keys to the other end."""
        self.write(tones(key))

    # -- its stream -------------------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        return self._stream is not None

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    async def opened(self, within: float) -> bool:
        """Whether there is sound, or was, before the call is over."""
        waiting = [asyncio.ensure_future(each.wait()) for each in (self._opened, self._over)]
        try:
            await asyncio.wait(waiting, timeout=within, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waiting:
                each.cancel()
        return self._opened.is_set() and not self.is_over

    async def carry(self, stream: CallStream) -> None:
        """For as long as it is open. Where it breaks while the call goes on, another may take its place."""
        self._stream = stream
        self._opened.set()
        sending = asyncio.create_task(stream.send_all())
        in_order = InOrder()
        try:
            while True:
                with suppress(NotUnderstood):
                    self._take(await stream.read(), in_order)
        except StreamGone:
            await self._wait_for_another(stream)
        finally:
            sending.cancel()
            if self._stream is stream:
                self._stream = None
            await stream.close()

    def _take(self, message: Message | None, in_order: InOrder) -> None:
        match message:
            case Heard():
                for code in in_order(message):
                    self._heard += mulaw_decode(code)
                del self._heard[: max(0, len(self._heard) - MOST_HEARD)]
            case Pressed() if message.key in KEYS:
                if self._early_keys is None:
                    self._on_key(self, message.key)
                else:
                    self._early_keys += message.key
            case Marked() if message.name == str(self._marks):
                self._marked.set()
            case Stopped():
                self.ended(200)
                raise StreamGone

    async def _wait_for_another(self, broken: CallStream) -> None:
        if self._stream is broken:
            self._stream = None
        self._opened.clear()
        if not self.is_ending and not self.is_over and not await self.opened(ANEW_WITHIN):
            self.ended(0)

    async def _last_words(self) -> None:
        if self._stream is None or self._now() > self._heard_until + LAST_WORDS:
            return
        self._marks += 1
        self._marked.clear()
        self._stream.mark(str(self._marks))
        with suppress(TimeoutError):
            await asyncio.wait_for(self._marked.wait(), LAST_WORDS)

    async def _leave(self) -> None:
        if self._stream is not None:
            await self._stream.close()

    def ended(self, status: int) -> None:
        """The call is over, whoever ended it; told once."""
        if self.is_over:
            return
        self.status = status
        self._over.set()
        self._on_over(self)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

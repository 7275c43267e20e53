"""One spoken contact: sound in, words out; words in, sound out; and who gives way when both speak.

No policy: it neither knows what is said nor what for. Whoever begins to speak silences the agent at once; if
it turns out to have been a hum, the agent goes on from where it was.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from lamplighter.channels.speech.aloud import clauses
from lamplighter.channels.speech.hums import is_hum
from lamplighter.channels.speech.sound import cut
from lamplighter.channels.speech.turns import (
    Event,
    InterimDue,
    Patience,
    Paused,
    Resumed,
    SpeechEnded,
    SpeechStarted,
    TurnTaker,
)
from lamplighter.desk.ports import Hearing, Recogniser, Sound, Voice

PIECE_SECONDS = 0.1
STEP_BACK = 5  # pieces said again after a hum
NEARLY_OVER = 8  # pieces: a hum this near the end of what we say may be an answer


@dataclass(frozen=True, slots=True)
class Utterance:
    """What was heard. `interrupted`: it began while we spoke. `hum`: "mhm" while we spoke; we went on speaking."""

    hearing: Hearing
    final: bool
    interrupted: bool = False
    hum: bool = False


class Loudspeaker(Protocol):
    """The other end's ear."""

    async def play(self, sound: Sound) -> None:
        """Plays it after what is playing; returns when no more than about 0.1 s of it is unheard."""
        ...

    async def hush(self) -> None:
        """Drops whatever is not yet heard."""
        ...


class SpokenLine:
    """One contact by voice. Give it every piece of sound with `hear`; make it speak with `say`.

    `on_words` gets every Utterance: final ones one after another, the next when it has returned, and interim
    ones as soon as they are there, even while it is at work on a final one. `on_trouble` gets what went wrong in
    recognising or in `on_words`, and the line goes on. `sounds_finished` is an end-of-turn model (0 to 1), run
    in a thread.
    `patience`, `locale` and `asked` (the details asked for last) may be set at any time. `enough` may end a turn early:
    it is asked at a pause.
    """

    def __init__(
        self,
        *,
        recogniser: Recogniser,
        voice: Voice,
        turns: TurnTaker,
        loudspeaker: Loudspeaker,
        locale: str,
        on_words: Callable[[Utterance], Awaitable[None]],
        on_trouble: Callable[[Exception], Awaitable[None]],
        sounds_finished: Callable[[Sound], float] | None = None,
    ) -> None:
        self.locale = locale
        self.asked: tuple[str, ...] = ()
        self.enough: Callable[[Hearing], bool] | None = None
        self._recogniser, self._voice, self._turns, self._out = recogniser, voice, turns, loudspeaker
        self._on_words, self._on_trouble, self._sounds_finished = on_words, on_trouble, sounds_finished
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended: asyncio.Queue[tuple[SpeechEnded, asyncio.Task[Hearing] | None, bool]] = asyncio.Queue()
        self._heard: asyncio.Queue[Utterance] = asyncio.Queue()
        self._early: asyncio.Task[Hearing] | None = None
        self._interim: asyncio.Task[None] | None = None
        self._interrupted = self._closed = False
        self._speech = _Speech(loudspeaker)
        self._saying = asyncio.Lock()
        self._spawn(self._recognise_ended())
        self._spawn(self._deliver())

    @property
    def patience(self) -> Patience:
        """How much silence ends a turn."""
        return self._turns.patience

    @patience.setter
    def patience(self, patience: Patience) -> None:
        self._turns.patience = patience

    @property
    def speaking(self) -> bool:
        """Whether something is being said, or held back while somebody speaks."""
        return self._speech.active

    async def hear(self, sound: Sound) -> None:
        """Takes the next piece of sound from the other end; none after `close`. Raises BadSound."""
        for event in [] if self._closed else self._turns.feed(sound):
            await self._take(event)

    async def say(
        self, text: str, *, locale: str | None = None, slow: bool = False, interruptible: bool = True
    ) -> bool:
        """Speaks, after what is being said. True if it was said to its end, False if somebody cut in.

        Raises what the voice raises.
        """
        async with self._saying:
            self._speech.begin(interruptible)
            if interruptible and self._turns.speaking:
                self._interrupted = True
                self._speech.hold()
            try:
                return await self._speak(clauses(text), locale or self.locale, slow)
            finally:
                self._speech.end()

    async def hush(self) -> None:
        """Stops speaking at once, whatever it was (a person takes over, the line closes)."""
        self._speech.cut()
        await self._out.hush()

    async def close(self) -> None:
        """Ends everything under way; nothing is delivered afterwards."""
        self._closed = True
        await self.hush()
        everything: list[asyncio.Task[Any]] = [t for t in (*self._tasks, self._early) if t]
        for task in everything:
            task.cancel()
        await asyncio.gather(*everything, return_exceptions=True)

    # -- speaking --

    async def _speak(self, pieces: list[str], locale: str, slow: bool) -> bool:
        coming = self._render(pieces[0], locale, slow) if pieces else None
        for at in range(len(pieces)):
            assert coming is not None
            following = self._render(pieces[at + 1], locale, slow) if at + 1 < len(pieces) else None
            try:
                rendered = await coming
                if not await self._speech.play(cut(rendered, PIECE_SECONDS), last=following is None):
                    return False
            finally:
                if following and self._speech.is_cut:
                    following.cancel()
            coming = following
        return True

    def _render(self, piece: str, locale: str, slow: bool) -> asyncio.Task[Sound]:
        return asyncio.ensure_future(self._voice.speak(piece, locale=locale, slow=slow))

    # -- hearing --

    async def _take(self, event: Event) -> None:
        match event:
            case SpeechStarted():
                self._interrupted = self._speech.active and self._speech.interruptible
                if self._interrupted:
                    self._speech.hold()
                    await self._out.hush()
            case InterimDue(heard):
                if self._interim is None or self._interim.done():
                    self._interim = self._spawn(self._hear_interim(heard))
            case Paused(heard):
                self._begin_early(heard)
            case Resumed():
                self._drop_early()
            case SpeechEnded():
                self._finish(event)

    def _begin_early(self, heard: Sound) -> None:
        """Recognises at the first pause already, so that the words are there when the turn is over."""
        self._drop_early()
        self._early = asyncio.ensure_future(self._recognise(heard))
        self._early.add_done_callback(_seen)
        if self.enough:
            self._spawn(self._end_if_enough(self._early))
        if self._sounds_finished and self.patience.settled < self.patience.longest:
            self._spawn(self._ask_whether_finished(heard, self._early))

    async def _recognise(self, heard: Sound) -> Hearing:
        return await self._recogniser.recognise(heard, locale=self.locale, final=True, asked=self.asked)

    def _drop_early(self) -> None:
        if self._early:
            self._early.cancel()
        self._early = None

    def _finish(self, ended: SpeechEnded) -> None:
        if self._interim:
            self._interim.cancel()
        early = self._early if ended.same_as_paused else None
        if early is None:
            self._drop_early()
        self._early = None
        self._ended.put_nowait((ended, early, self._interrupted))
        self._interrupted = False

    async def _ask_whether_finished(self, heard: Sound, pause: asyncio.Task[Hearing]) -> None:
        assert self._sounds_finished is not None
        chance = await asyncio.to_thread(self._sounds_finished, heard)
        if self._early is pause:
            self._turns.finished(chance)

    async def _end_if_enough(self, pause: asyncio.Task[Hearing]) -> None:
        hearing = await pause
        if self._early is pause and self.enough and self.enough(hearing):
            for event in self._turns.end_now():
                await self._take(event)

    async def _hear_interim(self, heard: Sound) -> None:
        interrupted = self._interrupted
        hearing = await self._recogniser.recognise(heard, locale=self.locale, final=False)
        if not hearing.text:
            return
        if interrupted and not is_hum(hearing.text, self.locale):
            self._speech.cut()
        await self._on_words(Utterance(hearing, False, interrupted))

    async def _recognise_ended(self) -> None:
        while True:
            ended, early, interrupted = await self._ended.get()
            try:
                await self._settle(ended, early, interrupted)
            except Exception as error:
                self._speech.go_on()
                await self._on_trouble(error)

    async def _settle(
        self, ended: SpeechEnded, early: asyncio.Task[Hearing] | None, interrupted: bool
    ) -> None:
        """Recognises a whole turn and decides whether we go on with what we were saying."""
        hearing = await (early or self._recognise(ended.heard))
        hum = interrupted and self._speech.midway and is_hum(hearing.text, self.locale)
        if hum or not hearing.text:
            self._speech.go_on()
        elif interrupted:
            self._speech.cut()
        self._heard.put_nowait(Utterance(hearing, True, interrupted, hum))

    async def _deliver(self) -> None:
        while True:
            utterance = await self._heard.get()
            try:
                await self._on_words(utterance)
            except Exception as error:
                await self._on_trouble(error)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(self._watched(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: work.close())  # never begun when cancelled first
        return task

    async def _watched(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:
            await self._on_trouble(error)


def _seen(task: asyncio.Task[Hearing]) -> None:
    """An early recognition that nobody waits for any more fails silently; the final one will tell."""
    if not task.cancelled():
        task.exception()


class _Speech:
    """What is being said: piece by piece, held while somebody else speaks, then cut or gone on with."""

    def __init__(self, out: Loudspeaker) -> None:
        self._out = out
        self._free = asyncio.Event()
        self._free.set()
        self.active = self.is_cut = False
        self.interruptible = True
        self._left = 0
        self._more = False

    @property
    def midway(self) -> bool:
        """Whether so much is still to be said that a hum cannot be an answer to it."""
        return self.active and not self.is_cut and (self._more or self._left > NEARLY_OVER)

    def begin(self, interruptible: bool) -> None:
        self.active, self.is_cut, self.interruptible = True, False, interruptible
        self._left, self._more = 0, True
        self._free.set()

    def end(self) -> None:
        self.active = False

    def hold(self) -> None:
        self._free.clear()

    def go_on(self) -> None:
        self._free.set()

    def cut(self) -> None:
        self.is_cut = True
        self._free.set()

    async def play(self, pieces: list[Sound], *, last: bool) -> bool:
        """False if it was cut."""
        at, self._more = 0, not last
        while at < len(pieces) or not self._free.is_set():
            self._left = len(pieces) - at
            if not self._free.is_set():
                await self._free.wait()
                at = max(0, at - STEP_BACK)
            if self.is_cut:
                return False
            if at < len(pieces):
                await self._out.play(pieces[at])
                at += 1
        return not self.is_cut

"""One call as a contact: sound both ways where this machine can hear and speak, words and keys always, whatever line it
comes by.

What is said goes over the log like everything else: this reads it there and speaks it. The last hop drops what was said
under a floor that has changed hands since.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any, Protocol

from lamplighter import logs
from lamplighter.channels.calls.gone import Gone, together
from lamplighter.channels.calls.speech_desk import Heard, Loudspeaker, SpeechDesk, VoiceLine
from lamplighter.channels.calls.standing import Standing, ToSay
from lamplighter.channels.web.thread import News, Threads, entries_of
from lamplighter.conversation import events as e
from lamplighter.desk.contacts import Contacts, NotStored
from lamplighter.desk.feed import LiveFeed
from lamplighter.desk.ports import Sound
from lamplighter.practice.model import Practice

log = logs.get(__name__)
KEYS = frozenset("0123456789*#")
KEYS_PAUSE = 1.5  # seconds after which keys are complete
SILENCE = {"spoken": 8.0, "typed": 90.0}  # seconds in which nobody speaks or types
TROUBLES = 3  # failures of a part of the call until a person is fetched
AGAIN = 0.5  # seconds until a part that broke is begun anew
SIGN_EVERY = 30.0  # seconds between signs that the call is still there


class CallDesk(Protocol):
    """What a call needs of the desk."""

    @property
    def contacts(self) -> Contacts: ...
    @property
    def feed(self) -> LiveFeed: ...
    @property
    def threads(self) -> Threads: ...
    @property
    def speech(self) -> SpeechDesk: ...


class FarEnd(Protocol):
    """The line to whoever calls."""

    async def send(self, **frame: object) -> None:
        """What a screen at the other end would show; `over` ends the call once the last words are heard. Raises
        Gone."""
        ...

    def loudspeaker(self) -> Loudspeaker: ...


@dataclass(slots=True)
class Call:
    desk: CallDesk
    practice: Practice
    line: FarEnd
    contact: "asyncio.Future[str]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    standing: Standing = field(default_factory=Standing)
    _queue: "deque[ToSay]" = field(default_factory=deque)
    _some: asyncio.Event = field(default_factory=asyncio.Event)
    _voice: VoiceLine | None = None
    _keys: str = ""
    _keys_timer: asyncio.TimerHandle | None = None
    _tasks: "set[asyncio.Task[None]]" = field(default_factory=set)
    _quiet_since: float = 0.0
    _by_voice: bool = False
    _deaf_until: float = 0.0
    _troubles: int = 0
    _person_fetched: bool = False
    _again: bool = False

    def begin(self, contact: str, *, again: bool = False) -> None:
        """The contact is there: what is said in it is spoken from now on. `again`: it went on without us; what was said
        since the person spoke last is said once more."""
        self.touched()
        self._again = again
        self.contact.set_result(contact)

    async def run(self, listening: Coroutine[Any, Any, None]) -> None:
        """Until `listening` ends; its exception is passed on, but for Gone."""
        sides = (self.keep_up(side) for side in (self.follow, self.speak, self.watch_silence, self.stay))
        await together(listening, *sides)

    async def safely(self, taking: Awaitable[None]) -> None:
        """What breaks while one frame or one piece of sound is taken ends no call."""
        try:
            await taking
        except Gone:
            raise
        except Exception as error:
            await self.on_trouble(error)
            if not self.contact.done():
                raise

    # -- what comes in -----------------------------------------------------------------------------------------------

    async def answered(self, number: str | None, dialled: str | None = None) -> str:
        """The contact's id. `number` is the caller's, `dialled` one of the practice's, both E.164. A call that can't be
        stored at once is tried again while it rings."""
        for _ in range(TROUBLES - 1):
            try:
                return await asyncio.to_thread(self._open, number, dialled or self.practice.phone)
            except Exception as error:
                await self.on_trouble(error)
                await asyncio.sleep(AGAIN)
        return await asyncio.to_thread(self._open, number, dialled or self.practice.phone)

    def _open(self, number: str | None, dialled: str) -> str:
        contact = f"call-{token_hex(12)}"
        self.desk.contacts.open(
            self.practice.id, channel="voice", dialled=dialled, address=number, contact=contact
        )
        return contact

    async def take_sound(self, sound: Sound) -> None:
        """The next piece of sound from the other end. Raises BadSound, and whatever breaks in hearing it; then nothing
        is heard for a moment."""
        now = asyncio.get_running_loop().time()
        if now < self._deaf_until:
            return
        self._deaf_until = now + AGAIN  # stands where what follows breaks
        voice = self._ready_voice()
        if voice is not None:
            self._by_voice = True
            await voice.hear(sound)
        self._deaf_until = 0.0

    def press(self, keys: str) -> None:
        """Keys are gathered: a number is one answer. `keys` are some of KEYS."""
        self.touched()
        self._keys = (self._keys + keys)[:64]
        if self._keys_timer is not None:
            self._keys_timer.cancel()
        wait = 0.0 if "#" in keys else KEYS_PAUSE
        self._keys_timer = asyncio.get_running_loop().call_later(wait, self._keys_complete)

    def _keys_complete(self) -> None:
        self._spawn(self.press_now())

    async def press_now(self) -> None:
        """Hands on the keys that are gathered: none is lost when words, or the end of the call, come after them."""
        if self._keys_timer is not None:
            self._keys_timer.cancel()
        keys, self._keys = self._keys.rstrip("#"), ""
        if not keys:
            return
        with suppress(Gone):
            await self.hush()
        if not await self.hear("", keys=keys):
            with suppress(Gone):
                await self.line.send(type="error", code="failed")

    async def _on_words(self, heard: Heard) -> None:
        if heard.hum or not heard.hearing.text:
            return
        self.touched()
        if heard.final:
            await self.press_now()
        hearing = heard.hearing
        await self.line.send(type="interim", text="" if heard.final else hearing.text)
        others = tuple((text, hearing.confidence) for text in hearing.alternatives)
        await self.hear(hearing.text, confidence=hearing.confidence, alternatives=others, final=heard.final)

    async def hear(self, text: str, **how: Any) -> bool:
        """Whether the words are in the log; if not, the line says so and a person may be fetched."""
        self.touched()
        contact = self.contact.result()
        try:
            await asyncio.to_thread(self.desk.contacts.hear, self.practice.id, contact, text, **how)
        except NotStored as held:
            self._say_from_memory(held)
            return False
        except Exception:
            log.exception("words_not_taken", practice=self.practice.id, contact=contact, channel="voice")
            return False
        return True

    def _say_from_memory(self, held: NotStored) -> None:
        """Words that no log has yet."""
        log.warning("words_held", practice=self.practice.id, contact=self.contact.result(), channel="voice")
        for one in held.said:
            self._queue.append(ToSay(one.spoken, one.locale, one.slow, one.epoch))
        self._spawn(self.line.send(type="entries", entries=entries_of(held), whole=False))
        self._some.set()

    async def keep_up(self, side: Callable[[], Awaitable[None]]) -> None:
        """A side of the call that breaks is begun anew: a fault of ours hangs up on nobody."""
        while True:
            try:
                return await side()
            except Gone:
                raise
            except Exception as error:
                await self.on_trouble(error)
                await asyncio.sleep(AGAIN)

    async def on_trouble(self, error: Exception) -> None:
        """A machine that can't hear or speak is no reason to leave anybody alone: the third time a person is rung."""
        if isinstance(error, Gone):
            return
        log.error("call_part_failed", practice=self.practice.id, channel="voice", exc_info=error)
        self._troubles += 1
        await self.line.send(type="error", code="failed")
        if self._troubles >= TROUBLES and not self._person_fetched and self.contact.done():
            self._person_fetched = await self.hear("", keys="0")

    # -- what goes out -----------------------------------------------------------------------------------------------

    async def follow(self) -> None:
        contact = await self.contact
        with self.desk.feed.watching(self.practice.id, contact) as changes:
            while not self.standing.ended:
                after = self.standing.seq
                news = await asyncio.to_thread(self.desk.threads.news, self.practice.id, contact, after)
                await self._tell(news, whole=not after, unsaid_after=self._unsaid_after(news, after))
                if not self.standing.ended:
                    await changes.next()
        await asyncio.Event().wait()  # `speak` ends the call when the last words are said

    def _unsaid_after(self, news: News, after: int) -> int:
        """Up to which event everything has been said, though this line has not read of it."""
        if after or not self._again:
            return 0
        heard = (event.seq for event in news.events if isinstance(event.body, e.Heard) and event.body.final)
        return max(heard, default=0)

    async def _tell(self, news: News, *, whole: bool, unsaid_after: int) -> None:
        standing, said = self.standing, {one.seq: one for one in news.said}
        if news.entries or whole:
            entries = [entry.as_json() for entry in news.entries]
            await self.line.send(type="entries", entries=entries, whole=whole)
        for event in news.events:
            match event.body:
                case e.Said() | e.StaffSaid() if event.seq <= unsaid_after:
                    pass
                case e.Said() if one := said.get(event.seq):
                    self._queue.append(ToSay(one.spoken, one.locale, one.slow, one.epoch, one.asks))
                case e.StaffSaid(_, text):
                    self._queue.append(ToSay(text, standing.locale, False, standing.epoch))
                case (
                    e.FloorTaken()
                    | e.FloorGiven()
                    | e.FloorLapsed()
                    | e.HandoffAccepted()
                    | e.HandoffPassedOn()
                    | e.HandoffClosed()
                ):
                    standing.epoch += 1
                    await self.hush()
                case e.LanguageSet(locale) | e.Opened(locale=locale):
                    standing.locale = locale
                case e.HandoffAsked(route):
                    standing.distress = route == "crisis"
                case e.Ended():
                    standing.ended = True
            standing.seq = event.seq
        self._some.set()

    async def speak(self) -> None:
        """Says what is to be said, one after another; drops what an earlier holder of the floor wanted said."""
        while True:
            while self._queue:
                await self._speak(self._queue.popleft())
            if self.standing.ended:
                await self.line.send(type="over")
                return
            await self._some.wait()
            self._some.clear()

    async def _speak(self, words: ToSay) -> None:
        voice = self._ready_voice()
        if words.epoch < await self._epoch():
            return
        self.standing.asks = words.asks
        if voice is not None:
            voice.locale = self.standing.locale
            try:
                await self.line.send(type="speaking")
                await voice.say(words.text, locale=words.locale, slow=words.slow)
            except Gone:
                raise
            except Exception as error:
                await self.on_trouble(error)
            if self.desk.speech.maker is not None:
                self.desk.speech.maker.expect(voice, words.asks, self.standing.distress)
        self.touched()
        if not self._queue:
            await self.line.send(type="listening")

    async def _epoch(self) -> int:
        """As the store has it now, which may be ahead of what was read; where it can't be asked, as it was read."""
        known = self.standing.epoch
        try:
            return max(
                known,
                await asyncio.to_thread(self.desk.contacts.epoch, self.practice.id, self.contact.result()),
            )
        except Exception as error:
            log.error("floor_not_read", practice=self.practice.id, channel="voice", exc_info=error)
            return self.standing.epoch

    async def hush(self) -> None:
        """The person spoke by other means, or the floor changed hands: silence at once."""
        self._queue.clear()
        try:
            if self._voice is not None:
                await self._voice.hush()
        except Gone:
            raise
        except Exception as error:
            await self.on_trouble(error)

    def _ready_voice(self) -> VoiceLine | None:
        """Made when speech is ready, which may be in the middle of a call."""
        maker = self.desk.speech.maker
        if self._voice is None and maker is not None:
            self._voice = maker(
                loudspeaker=self.line.loudspeaker(),
                locale=self.standing.locale,
                on_words=self._on_words,
                on_trouble=self.on_trouble,
            )
        return self._voice

    # -- time --------------------------------------------------------------------------------------------------------

    def touched(self) -> None:
        self._quiet_since = asyncio.get_running_loop().time()

    async def watch_silence(self) -> None:
        contact = await self.contact
        while True:
            longest = SILENCE["spoken" if self._by_voice else "typed"]
            quiet = asyncio.get_running_loop().time() - self._quiet_since
            if self._voice is not None and self._voice.speaking:
                self.touched()
                quiet = 0.0
            if quiet < longest:
                await asyncio.sleep(max(0.25, longest - quiet))
                continue
            self.touched()
            try:
                await asyncio.to_thread(self.desk.contacts.silence, self.practice.id, contact, quiet)
            except NotStored as held:
                self._say_from_memory(held)

    async def stay(self) -> None:
        contact = await self.contact
        while True:
            await asyncio.to_thread(self.desk.contacts.on_the_line, self.practice.id, contact)
            await asyncio.sleep(SIGN_EVERY)

    # -- the end -----------------------------------------------------------------------------------------------------

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def end(self) -> None:
        """However the call ended; a contact that was not over has been hung up on, whatever breaks on the way."""
        answered = self.contact.done() and not self.contact.cancelled()
        try:
            await self.leave()
        except Exception as error:
            log.error("call_end_failed", practice=self.practice.id, channel="voice", exc_info=error)
        finally:
            if answered and not self.standing.ended:
                await self._hung_up(self.contact.result())

    async def leave(self) -> None:
        """The call goes on without us; the keys that are gathered are handed on."""
        if self.contact.done() and not self.contact.cancelled():
            await self.press_now()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._voice is not None:
            await asyncio.gather(self._voice.close(), return_exceptions=True)

    async def _hung_up(self, contact: str) -> None:
        """Stored now or in a moment; where neither can be, a line that gives no sign any more is found to be gone."""
        for _ in range(TROUBLES):
            try:
                await asyncio.to_thread(self.desk.contacts.hang_up, self.practice.id, contact)
                return
            except Exception as error:
                log.error("hang_up_not_stored", practice=self.practice.id, contact=contact, exc_info=error)
                await asyncio.sleep(AGAIN)

"""Somebody on the ladder is rung by telephone for a call that is under way here, and connected once they have taken it.

The caller's own call goes on all the while: the guard hears them, waiting sentences are said. It is given away only
after a person has pressed 1 twice, which no mailbox does; and comes back, with words, as soon as they are alone again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any, Final, Literal, Protocol

from lamplighter import logs
from lamplighter.channels.calls.call import CallDesk
from lamplighter.channels.calls.gone import Gone
from lamplighter.channels.calls.speech_desk import Heard, VoiceLine
from lamplighter.channels.phone.far_end import PhoneEnd
from lamplighter.channels.phone.settling import until_stored
from lamplighter.conversation import events as e
from lamplighter.conversation.state import State
from lamplighter.desk.later import Overtaken
from lamplighter.desk.ports import Ring
from lamplighter.desk.ringing_out import RungCall
from lamplighter.practice.model import PracticeId

log = logs.get(__name__)
TAKES, PASSES_ON = "1", "2"
LINE: Final = "line"
PATIENCE: Final = 8.0
LOOKS_EVERY: Final = 1.0
SIGN_EVERY: Final = 30.0
SPEAKS_FOR: Final = timedelta(seconds=2 * SIGN_EVERY)
STEP_EVERY: Final = 300.0  # seconds after which whoever talks is noted to have the floor still
CUT_OFF: Final = 0.3
PARTING: Final = 3.0  # seconds that two who have talked may need to hang up, one after the other
LONGEST_WORDS: Final = 6.0  # seconds that the caller is told who comes, before they are connected
NO_ANSWER: Final = frozenset({0, 408, 487})
"""SIP statuses after which the ladder climbs in its own time; 0 for none."""

How = Literal["accepted", "declined", "busy", "no_answer"]


class Answered(Protocol):
    def __call__(
        self, practice_id: PracticeId, contact: str, step: int, rung: str, by: str, how: How
    ) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Ladder:
    """What is asked of the desk. `call_for` is None for a ring that is not to be dialled. `patience`: the seconds that
    a key is waited for after the words, twice."""

    call_for: Callable[[Ring], RungCall | None]
    answered: Answered
    patience: float = PATIENCE


@dataclass(slots=True)
class _Talk:
    """Two who are connected: when whoever has the floor last gave a sign, and when it was last noted."""

    practice: PracticeId
    contact: str
    by: str
    noted: float
    signed: float = 0.0


@dataclass(slots=True)
class Transfers:
    """`ends` are the calls that are here, by the process's number."""

    desk: CallDesk
    ladder: Ladder
    ends: dict[int, PhoneEnd]
    _wishes: "count[int]" = field(default_factory=lambda: count(1))
    _asked: "dict[int, asyncio.Future[dict[str, Any]]]" = field(default_factory=dict)
    _ringing: "dict[tuple[str, str, str], asyncio.Task[None]]" = field(default_factory=dict)
    _connected: "set[tuple[str, str, str]]" = field(default_factory=set)

    # -- what the ladder and the telephone process tell --------------------------------------------------------------

    def ring(self, ring: Ring) -> None:
        """Nothing, where their call is not here, this one rings already, or somebody talks with them by telephone: then
        others see it on the staff page."""
        key, taken = _key(ring), any(contact == ring.contact for contact, *_ in self._connected)
        if key not in self._ringing and not taken and self._caller(ring.contact) is not None:
            task = self._ringing[key] = asyncio.create_task(self._watched(ring))
            task.add_done_callback(lambda _: self._forget(key))

    def call_off(self, ring: Ring) -> None:
        """Nobody who talks already is parted by it."""
        task = self._ringing.get(_key(ring))
        if task is not None and _key(ring) not in self._connected:
            task.cancel()

    def told(self, wish: int, told: dict[str, Any]) -> None:
        """Where nobody asks any more, whoever was reached is not kept."""
        asked = self._asked.pop(wish, None)
        if asked is not None and not asked.done():
            asked.set_result(told)
        elif told["type"] == "reached":
            self._drop(self.ends[int(told["leg"])])

    async def resume(self, practice: PracticeId, contact: str, caller: PhoneEnd, leg: PhoneEnd) -> None:
        """They talked on while no desk was there."""
        state = await asyncio.to_thread(self.desk.contacts.state, practice, contact)
        by = state.floor or (state.handoff.by if state.handoff else None)
        try:
            await self.keep(practice, contact, by or "", caller, leg)
        finally:
            self._drop(leg)

    def _forget(self, key: tuple[str, str, str]) -> None:
        self._ringing.pop(key, None)
        self._connected.discard(key)

    async def leave(self) -> None:
        """The telephone process ends what is not connected; what is goes on there."""
        for task in list(self._ringing.values()):
            task.cancel()
        await asyncio.gather(*self._ringing.values(), return_exceptions=True)

    def _caller(self, contact: str) -> PhoneEnd | None:
        return next((end for end in self.ends.values() if end.contact == contact and not end.is_over), None)

    # -- one ring ----------------------------------------------------------------------------------------------------

    async def _watched(self, ring: Ring) -> None:
        try:
            await self._run(ring)
        except Gone:
            return
        except Exception:
            log.exception("ringing_out_failed", practice=ring.practice, contact=ring.contact)

    async def _run(self, ring: Ring) -> None:
        caller, rung = self._caller(ring.contact), await asyncio.to_thread(self.ladder.call_for, ring)
        if caller is None or rung is None or (self.desk.speech.maker is None and ring.kind != LINE):
            return
        leg = await self._reach(caller, ring, rung)
        if leg is None:
            return
        if ring.kind == LINE:
            return await self._bridge(ring, caller, leg)
        voice = self._voice(leg, rung.locale)
        try:
            await self._ask(ring, rung, caller, leg, voice)
            await asyncio.sleep(leg.unheard)
        finally:
            self._drop(leg)
            await voice.close()

    async def _bridge(self, ring: Ring, caller: PhoneEnd, leg: PhoneEnd) -> None:
        """A line such as 988, which was announced and not refused: it answers, and is spoken to, without us."""
        try:
            state = await asyncio.to_thread(self.desk.contacts.state, ring.practice, ring.contact)
            refused = caller.is_over or state.handoff is None or state.handoff.refused
            taken = e.FloorTaken(ring.name)
            if not refused and await self._noted(ring.practice, ring.contact, taken, None):
                await self._join(ring, caller, leg)
        finally:
            self._drop(leg)

    async def _join(self, ring: Ring, caller: PhoneEnd, leg: PhoneEnd) -> None:
        self._connected.add(_key(ring))
        caller.tell("join", **{"with": leg.number, "private": ring.kind == LINE})
        await self.keep(ring.practice, ring.contact, ring.name, caller, leg)

    async def _ask(
        self, ring: Ring, rung: RungCall, caller: PhoneEnd, leg: PhoneEnd, voice: VoiceLine
    ) -> None:
        how = await self._take_it(leg, voice, rung)
        if how != "accepted":
            await self._answer(ring, how)
        elif not await self._accepted(ring, leg):
            await voice.say(rung.taken)
        elif caller.is_over:
            await voice.say(rung.gone)
        else:
            self._connected.add(_key(ring))
            await _words_heard(caller)
            await self._join(ring, caller, leg)

    async def _reach(self, caller: PhoneEnd, ring: Ring, rung: RungCall) -> PhoneEnd | None:
        wish = next(self._wishes)
        told = self._asked[wish] = asyncio.get_running_loop().create_future()
        caller.ask(wish, "ring", number=rung.phone, seconds=rung.seconds, beside=caller.number)
        try:
            answer = await told
        except asyncio.CancelledError:
            with suppress(Gone):
                caller.ask(wish, "unring")
            raise
        if answer["type"] == "reached":
            return self.ends[int(answer["leg"])]
        if int(answer["status"]) not in NO_ANSWER:
            await self._answer(ring, "declined" if answer["status"] == 603 else "busy")
        return None

    async def _answer(self, ring: Ring, how: How) -> str | None:
        return await asyncio.to_thread(
            self.ladder.answered, ring.practice, ring.contact, ring.step, ring.rung, ring.name, how
        )

    async def _accepted(self, ring: Ring, leg: PhoneEnd) -> bool:
        """False where another has it, or nobody waits any more. Tried for as long as they are there, since a store may
        be away for a moment. Raises Gone."""

        def accepted() -> bool:
            how: How = "accepted"
            self.ladder.answered(ring.practice, ring.contact, ring.step, ring.rung, ring.name, how)
            return self.desk.contacts.state(ring.practice, ring.contact).floor == ring.name

        return await until_stored(lambda: leg.is_over or leg.abandoned, accepted)

    # -- the whisper -------------------------------------------------------------------------------------------------

    def _voice(self, leg: PhoneEnd, locale: str) -> VoiceLine:
        async def unheard(_: Heard) -> None:
            return None

        async def trouble(error: Exception) -> None:
            log.error("whisper_failed", exc_info=error)

        maker = self.desk.speech.maker
        assert maker is not None
        return maker(loudspeaker=leg.loudspeaker(), locale=locale, on_words=unheard, on_trouble=trouble)

    async def _take_it(self, leg: PhoneEnd, voice: VoiceLine, rung: RungCall) -> How:
        for words in (rung.gate, rung.who):
            key = await self._asked_for_key(leg, voice, words)
            if key != TAKES:
                return "declined" if key == PASSES_ON else "no_answer"
        return "accepted"

    async def _asked_for_key(self, leg: PhoneEnd, voice: VoiceLine, words: str) -> str:
        """What they pressed while or after it was said, at most twice; "" for nothing, or when they have gone."""
        pressed = asyncio.ensure_future(_key_of(leg))
        saying = asyncio.ensure_future(voice.say(words))
        try:
            for again in (True, False):
                await asyncio.wait({saying, pressed}, return_when=asyncio.FIRST_COMPLETED)
                await asyncio.wait({pressed}, timeout=leg.unheard + self.ladder.patience)
                if pressed.done():
                    await voice.hush()
                    return pressed.result()
                await saying
                if again:
                    saying = asyncio.ensure_future(voice.say(words))
            return ""
        finally:
            pressed.cancel()
            saying.cancel()

    # -- connected ---------------------------------------------------------------------------------------------------

    async def keep(
        self, practice: PracticeId, contact: str, by: str, caller: PhoneEnd, leg: PhoneEnd
    ) -> None:
        """They talk, until one of them goes. Who is left alone by whoever was rung is ours again, at once."""
        talk = _Talk(practice, contact, by, asyncio.get_running_loop().time())
        caller.silent = True
        while not leg.is_over and not leg.abandoned:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOKS_EVERY):
                    while await leg.incoming.get() is not None:
                        pass
            if not leg.is_over and not leg.abandoned:
                await self._safely(self._look_after(talk, caller))
        caller.silent = False
        if leg.is_over:
            await self._safely(self._left_alone(practice, contact, by, caller))

    async def _left_alone(self, practice: PracticeId, contact: str, by: str, caller: PhoneEnd) -> None:
        """In a crisis at once; else after the moment in which whoever has said goodbye hangs up."""
        state = await asyncio.to_thread(self.desk.contacts.state, practice, contact)
        if state.handoff is None or state.handoff.route != "crisis":
            await asyncio.sleep(PARTING)
        if not caller.is_over and not caller.abandoned:
            await self._noted(practice, contact, e.FloorLapsed("hung_up"), by)

    async def _look_after(self, talk: "_Talk", caller: PhoneEnd) -> None:
        """Whoever talks has the floor, whatever somebody clicks. Nothing is said into it but what others write
        who have taken it."""
        now = asyncio.get_running_loop().time()
        if now - talk.signed >= SIGN_EVERY:
            await asyncio.to_thread(
                self.desk.contacts.still_there, talk.practice, talk.by, [talk.contact], SPEAKS_FOR
            )
            talk.signed = now
        state = await asyncio.to_thread(self.desk.contacts.state, talk.practice, talk.contact)
        caller.silent = state.floor in (None, talk.by)
        has_lasted = state.floor == talk.by and now - talk.noted >= STEP_EVERY
        if talk.by and (state.floor is None or has_lasted):
            await self._noted(talk.practice, talk.contact, e.FloorTaken(talk.by), state.floor)
            talk.noted = now

    async def _noted(self, practice: PracticeId, contact: str, body: e.Body, holder: str | None) -> bool:
        """False where another than `holder` has the floor by now, or the contact is over."""

        def holds(_: object, state: State) -> bool:
            return state.floor == holder and state.ended is None

        def note() -> None:
            self.desk.contacts.note(practice, contact, body, given=holds)

        try:
            await asyncio.to_thread(note)
        except Overtaken:
            return False
        return True

    async def _safely(self, work: Awaitable[object]) -> None:
        """A store that is away parts nobody."""
        try:
            await work
        except Exception:
            log.exception("connected_call_not_stored")

    def _drop(self, leg: PhoneEnd) -> None:
        self.ends.pop(leg.number, None)
        with suppress(Gone):
            leg.tell("hang_up")


async def _key_of(leg: PhoneEnd) -> str:
    while (piece := await leg.incoming.get()) is not None:
        if isinstance(piece, str) and piece in (TAKES, PASSES_ON):
            return piece
    return ""


async def _words_heard(caller: PhoneEnd) -> None:
    """Until the caller has been told who comes; what was being said before is cut off for it."""
    await asyncio.sleep(CUT_OFF)
    caller.spoken.clear()
    with suppress(TimeoutError):
        await asyncio.wait_for(caller.spoken.wait(), LONGEST_WORDS)
    await asyncio.sleep(caller.unheard)


def _key(ring: Ring) -> tuple[str, str, str]:
    return ring.contact, ring.handoff, ring.rung


@dataclass(slots=True)
class TelephonePager:
    """Pager by the telephone line, once a desk's door has come to it. Safe from several threads."""

    _to: "tuple[asyncio.AbstractEventLoop, Transfers] | None" = None

    def rings_at(self, transfers: Transfers) -> None:
        """On the loop that `transfers` is used on."""
        self._to = (asyncio.get_running_loop(), transfers)

    def ring(self, ring: Ring) -> None:
        if self._to is not None:
            loop, transfers = self._to
            loop.call_soon_threadsafe(transfers.ring, ring)

    def call_off(self, ring: Ring, by: str) -> None:
        if self._to is not None:
            loop, transfers = self._to
            loop.call_soon_threadsafe(transfers.call_off, ring)

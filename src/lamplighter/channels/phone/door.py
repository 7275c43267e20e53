"""The desk's side of the telephone: takes the calls that the telephone process keeps, and makes each a contact.

A desk that goes away leaves its calls to the next one. What ended while none was there, and what a telephone process
that died has dropped, is settled here: a person calls back.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from math import inf
from pathlib import Path
from typing import Any, Final

from lamplighter import logs
from lamplighter.channels.calls.call import KEYS, Call, CallDesk
from lamplighter.channels.calls.gone import Gone
from lamplighter.channels.phone.far_end import PhoneEnd, Ringing
from lamplighter.channels.phone.numbers import e164, user_of
from lamplighter.channels.phone.ports import RATE
from lamplighter.channels.phone.settling import call_back, settle, settle_owed, until_stored
from lamplighter.channels.phone.transfers import Ladder, TelephonePager, Transfers
from lamplighter.channels.phone.whose import Whose
from lamplighter.channels.phone.wire import Frame, Wire
from lamplighter.desk.contacts import A_PERSON, NoSuchContact, NoSuchPractice
from lamplighter.desk.ports import Sound
from lamplighter.practice.directory import Directory
from lamplighter.practice.model import PracticeId

log = logs.get(__name__)
AGAIN: Final = 0.25  # seconds until the telephone is looked for again
SIGN_EVERY: Final = 1.0
FOR_NOBODY: Final = 45.0  # seconds that somebody is held whose number dialled is nobody's
VOICELESS: Final = 8.0  # seconds without a voice after which a person is fetched


@dataclass(slots=True)
class PhoneDoor:
    """`default` is the number that counts as dialled where the line doesn't say it. `socket` is the process's."""

    desk: CallDesk
    directory: Directory
    socket: Path
    default: str | None = None
    on_connected: Callable[[], None] = lambda: None
    for_nobody: float = FOR_NOBODY
    ladder: Ladder | None = None
    pager: TelephonePager = field(default_factory=TelephonePager)
    _whose: Whose = field(init=False)
    _ends: dict[int, PhoneEnd] = field(default_factory=dict)
    _transfers: Transfers | None = None
    _process: str = ""
    _left: dict[int, tuple[PracticeId, str]] = field(default_factory=dict)
    _tasks: "set[asyncio.Task[None]]" = field(default_factory=set)

    def __post_init__(self) -> None:
        self._whose = Whose(self.directory, self.default)
        if self.ladder is not None:
            self._transfers = Transfers(self.desk, self.ladder, self._ends)

    async def run(self) -> None:
        """For good: the telephone process may come, go and come again."""
        if self._transfers is not None:
            self.pager.rings_at(self._transfers)
        while True:
            try:
                reader, writer = await asyncio.open_unix_connection(self.socket)
            except OSError:
                await asyncio.sleep(AGAIN)
                continue
            try:
                await self._attend(Wire(reader, writer))
            except (OSError, asyncio.IncompleteReadError):
                log.warning("telephone_gone")
            except Exception:
                log.exception("telephone_not_understood")
            finally:
                writer.close()
                await self._abandon()
            await asyncio.sleep(AGAIN)

    async def _attend(self, wire: Wire) -> None:
        signs = asyncio.create_task(_give_signs(wire))
        self.on_connected()
        try:
            while True:
                frame = await wire.read()
                try:
                    self._take(wire, frame)
                except Exception:  # of another version, perhaps: the other calls go on
                    log.exception("telephone_not_understood")
        finally:
            signs.cancel()

    async def _abandon(self) -> None:
        """The calls go on without us, or are dropped: whoever has them says so when we are there again."""
        for end in self._ends.values():
            end.abandoned = True
            end.incoming.put_nowait(None)
        if self._transfers is not None:
            await self._transfers.leave()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _take(self, wire: Wire, frame: Frame) -> None:
        end = self._ends.get(frame.call)
        if frame.told is None:
            if end is not None:
                end.incoming.put_nowait(frame.sound)
            return
        told = frame.told
        match told["type"]:
            case "hello":
                owed = list(told.get("owed", ()))
                self._settle(
                    wire, owed + self._never_told(told.get("process", ""), owed), list(told.get("away", ()))
                )
            case "call":
                self._begin(wire, Ringing.of(frame.call, told))
            case "reached" | "not_reached":
                self._reached(wire, frame.call, told)
            case "key" if end is not None and set(told["key"]) <= KEYS:
                end.incoming.put_nowait(str(told["key"]))
            case "over" if end is not None:
                end.is_over = True
                end.incoming.put_nowait(None)

    def _reached(self, wire: Wire, wish: int, told: dict[str, Any]) -> None:
        """Whoever was rung is there from now on: what they press comes by their own number."""
        if self._transfers is None:
            return
        if told["type"] == "reached":
            leg = int(told["leg"])
            self._ends[leg] = PhoneEnd(wire, leg)
        self._transfers.told(wish, told)

    # -- a call -----------------------------------------------------------------------------------------------------

    def _begin(self, wire: Wire, ringing: Ringing) -> None:
        end = self._ends[ringing.number] = PhoneEnd(wire, ringing.number)
        if ringing.joined is not None:
            self._ends[ringing.joined], end.silent = end.beside(ringing.joined), True
        self._spawn(self._serve(end, ringing))

    async def _serve(self, end: PhoneEnd, ringing: Ringing) -> None:
        practice = self._whose.practice(ringing)
        if practice is None:
            return await self._for_nobody(end, ringing)
        call = Call(self.desk, practice, end)
        try:
            await self._contact(call, end, ringing)
            self._resume_talk(practice.id, end, ringing)
            await call.run(_listen(call, end))
        except Gone:
            raise
        except Exception:
            if end.contact is not None:
                await self._settled(practice.id, end, dropped=True)
            raise
        finally:
            self._ends.pop(ringing.number, None)
            if end.abandoned and end.contact is not None:
                self._left[ringing.number] = practice.id, end.contact
            await (call.leave() if end.abandoned else self._end(call, end))

    def _resume_talk(self, practice: PracticeId, end: PhoneEnd, ringing: Ringing) -> None:
        leg = self._ends.get(ringing.joined or 0)
        if leg is not None and self._transfers is not None and end.contact is not None:
            self._spawn(self._transfers.resume(practice, end.contact, end, leg))

    async def _for_nobody(self, end: PhoneEnd, ringing: Ringing) -> None:
        """They hear for a while what is heard while no desk is there, with whom to call in danger; then we hang up.
        Raises Gone."""
        log.error("call_for_nobody_here")
        with suppress(TimeoutError):
            async with asyncio.timeout(self.for_nobody):
                while await end.incoming.get() is not None:
                    pass
        self._ends.pop(ringing.number, None)
        end.tell("hang_up")
        end.tell("settled", contact="")

    async def _contact(self, call: Call, end: PhoneEnd, ringing: Ringing) -> None:
        """A call that had a desk before goes on in its contact. Whoever has gone before we could speak is called back.
        Raises Gone."""
        practice = call.practice.id
        before = await until_stored(end.is_left, self._goes_on, practice, ringing.contact)
        contact = end.contact = before or await self._answered(call, end, ringing)
        end.tell("take", contact=contact, practice=practice, mute=True)
        await self._until_it_speaks(practice, contact, end)
        if end.is_over:
            await self._settled(practice, end, dropped=True)
            end.tell("settled", contact=contact)
            raise Gone
        end.tell("take")
        call.begin(contact, again=before is not None)

    async def _until_it_speaks(self, practice: PracticeId, contact: str, end: PhoneEnd) -> None:
        """A desk that has just started may have no voice yet: they hear that they are held, what they key is taken, and
        where it takes long a person is fetched. Raises Gone."""
        now = asyncio.get_running_loop().time
        since, fetched = now(), False
        while self.desk.speech.maker is None and not end.is_over:
            if end.abandoned:
                raise Gone
            keys = end.keyed(now())
            if not keys and not fetched and now() - since >= VOICELESS:
                fetched, keys = True, A_PERSON
            await self._hear_keys(practice, contact, end, keys)
            await asyncio.sleep(AGAIN)
        await self._hear_keys(practice, contact, end, end.keyed(inf))

    async def _hear_keys(self, practice: PracticeId, contact: str, end: PhoneEnd, keys: str) -> None:
        """Nothing for none. Raises Gone where they are left to the next desk."""
        if not keys:
            return
        hear = partial(self.desk.contacts.hear, practice, contact, "", keys=keys)
        await until_stored(end.is_left, hear)

    def _goes_on(self, practice: PracticeId, contact: str | None) -> str | None:
        """The contact of a call that had a desk before; None where it is over, or this desk's store doesn't know it."""
        with suppress(NoSuchContact, NoSuchPractice):
            if contact is not None and self.desk.contacts.state(practice, contact).ended is None:
                return contact
        return None

    async def _answered(self, call: Call, end: PhoneEnd, ringing: Ringing) -> str:
        """Tried for as long as we are there, also for somebody who has gone: they are called back. They hear meanwhile
        that they are held. Raises Gone."""
        end.in_locale(call.practice.languages_signed[0])
        while True:
            try:
                number = self._whose.number(ringing, call.practice)
                return await call.answered(e164(user_of(ringing.caller)), number)
            except Exception:
                log.exception("call_not_stored", practice=call.practice.id)
                if end.abandoned:
                    raise Gone from None

    async def _end(self, call: Call, end: PhoneEnd) -> None:
        await call.end()
        with suppress(Gone):
            end.tell("hang_up")
            if call.contact.done():
                end.tell("settled", contact=call.contact.result())

    # -- what was cut off -------------------------------------------------------------------------------------------

    def _settle(self, wire: Wire, owed: list[dict[str, Any]], away: list[dict[str, Any]]) -> None:
        """Each by itself: one that can't be stored keeps no other waiting."""
        for each in owed:
            self._spawn(settle_owed(self.desk.contacts, wire, each))
        for each in away:
            self._spawn(call_back(self.desk.contacts, self._whose, wire, each))

    def _never_told(self, process: str, owed: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Contacts of calls that a process which died had, and that it had not been told of yet: they are owed too."""
        left, self._left = self._left, {}
        if process == self._process:
            return []
        self._process, known = process, {each.get("contact") for each in owed}
        return [
            {"contact": contact, "practice": practice, "how": "lost"}
            for practice, contact in left.values()
            if contact not in known
        ]

    async def _settled(self, practice: PracticeId, end: PhoneEnd, *, dropped: bool) -> None:
        assert end.contact is not None
        await settle(self.desk.contacts, practice, end.contact, end.is_left, dropped=dropped)

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(_watched(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _listen(call: Call, end: PhoneEnd) -> None:
    while (piece := await end.incoming.get()) is not None:
        end.in_locale(call.standing.locale)
        if isinstance(piece, str):
            call.press(piece)
        else:
            await call.safely(call.take_sound(Sound(piece, RATE)))


async def _give_signs(wire: Wire) -> None:
    while True:
        try:
            wire.tell(0, "here")
        except OSError:
            return
        await asyncio.sleep(SIGN_EVERY)


async def _watched(work: Any) -> None:
    try:
        await work
    except Gone:
        return
    except Exception:
        log.exception("phone_call_failed")

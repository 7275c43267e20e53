"""The desk's side of the telephone: takes the calls that the telephone process keeps, and makes each a contact.

A desk that goes away leaves its calls to the next one. What ended while none was there, and what a telephone process
that died has dropped, is settled here: a person calls back.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from lamplighter import logs
from lamplighter.channels.calls.call import KEYS, Call, CallDesk
from lamplighter.channels.calls.gone import Gone
from lamplighter.channels.calls.speech_desk import Loudspeaker
from lamplighter.channels.phone.loudspeaker import PhoneLoudspeaker
from lamplighter.channels.phone.numbers import e164, user_of
from lamplighter.channels.phone.ports import RATE
from lamplighter.channels.phone.wire import Frame, Wire
from lamplighter.desk.contacts import A_PERSON, NoSuchContact, NoSuchPractice
from lamplighter.desk.ports import Sound
from lamplighter.practice.directory import Directory, UnknownPractice
from lamplighter.practice.model import Practice, PracticeId

log = logs.get(__name__)
AGAIN: Final = 0.25  # seconds until the telephone is looked for again
SIGN_EVERY: Final = 1.0
TRIES: Final = 5
VOICELESS: Final = 8.0  # seconds without a voice after which a person is fetched


class PhoneEnd:
    """FarEnd of one call at the telephone process."""

    def __init__(self, wire: Wire, number: int) -> None:
        self._wire, self._number = wire, number
        self.incoming: asyncio.Queue[bytes | str | None] = asyncio.Queue()
        self._speaker = PhoneLoudspeaker(lambda frame: wire.sound(number, frame), self._drop)
        self.abandoned = self.is_over = False
        self._locale = ""

    def tell(self, type: str, **more: object) -> None:
        """Raises Gone."""
        try:
            self._wire.tell(self._number, type, **more)
        except OSError:
            self.abandoned = True
            raise Gone from None

    def in_locale(self, locale: str) -> None:
        """What is heard while no desk is there is in the language of the call."""
        if locale != self._locale:
            self._locale = locale
            self.tell("locale", locale=locale)

    def _drop(self) -> None:
        """Where the line is gone nothing is heard any more."""
        with suppress(Gone):
            self.tell("hush")

    async def send(self, **frame: object) -> None:
        """A telephone has no screen; when the contact is over and the last words are heard, we hang up."""
        if frame["type"] == "over":
            await asyncio.sleep(self._speaker.unheard + 0.1)
            self.tell("hang_up")

    def loudspeaker(self) -> Loudspeaker:
        return self._speaker


@dataclass(frozen=True, slots=True)
class Ringing:
    """A call as the telephone process tells of it."""

    number: int
    dialled: tuple[str, ...]
    caller: str
    contact: str | None = None
    practice: str = ""


@dataclass(slots=True)
class PhoneDoor:
    """`default` is the number that counts as dialled where the line doesn't say it. `socket` is the process's."""

    desk: CallDesk
    directory: Directory
    socket: Path
    default: str | None = None
    on_connected: Callable[[], None] = lambda: None
    _ends: dict[int, PhoneEnd] = field(default_factory=dict)
    _tasks: "set[asyncio.Task[None]]" = field(default_factory=set)

    async def run(self) -> None:
        """For good: the telephone process may come, go and come again."""
        while True:
            try:
                reader, writer = await asyncio.open_unix_connection(self.socket)
            except OSError:
                await asyncio.sleep(AGAIN)
                continue
            try:
                await self._attend(Wire(reader, writer))
            except (OSError, asyncio.IncompleteReadError, ValueError):
                log.warning("telephone_gone")
            finally:
                writer.close()
                await self._abandon()

    async def _attend(self, wire: Wire) -> None:
        signs = asyncio.create_task(_give_signs(wire))
        self.on_connected()
        try:
            while True:
                self._take(wire, await wire.read())
        finally:
            signs.cancel()

    async def _abandon(self) -> None:
        """The calls go on without us, or are dropped: whoever has them says so when we are there again."""
        for end in self._ends.values():
            end.abandoned = True
            end.incoming.put_nowait(None)
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
                self._spawn(self._settle(wire, list(told["owed"]), list(told["away"])))
            case "call":
                self._begin(wire, _ringing(frame.call, told))
            case "key" if end is not None and set(told["key"]) <= KEYS:
                end.incoming.put_nowait(str(told["key"]))
            case "over" if end is not None:
                end.is_over = True
                end.incoming.put_nowait(None)

    # -- a call -----------------------------------------------------------------------------------------------------

    def _begin(self, wire: Wire, ringing: Ringing) -> None:
        end = self._ends[ringing.number] = PhoneEnd(wire, ringing.number)
        self._spawn(self._serve(end, ringing))

    async def _serve(self, end: PhoneEnd, ringing: Ringing) -> None:
        practice = self._practice(ringing)
        if practice is None:
            log.error("call_for_nobody_here")
            end.tell("hang_up")
            return
        call = Call(self.desk, practice, end)
        try:
            await self._contact(call, end, ringing)
            await call.run(_listen(call, end))
        finally:
            self._ends.pop(ringing.number, None)
            await (call.leave() if end.abandoned else self._end(call, end))

    async def _contact(self, call: Call, end: PhoneEnd, ringing: Ringing) -> None:
        """A call that had a desk before goes on in its contact."""
        before = await asyncio.to_thread(self._goes_on, call.practice.id, ringing.contact)
        contact = before or await self._answered(call, end, ringing)
        end.tell("take", contact=contact, practice=call.practice.id, mute=True)
        await self._until_it_speaks(call.practice.id, contact, end)
        end.tell("take")
        call.begin(contact, again=before is not None)

    async def _until_it_speaks(self, practice: PracticeId, contact: str, end: PhoneEnd) -> None:
        """A desk that has just started may have no voice yet: they hear that they are held, and where it takes long a
        person is fetched. Raises Gone."""
        waited = 0.0
        while self.desk.speech.maker is None:
            if end.is_over or end.abandoned:
                if end.is_over:
                    await self._settled(practice, contact, dropped=True)
                    end.tell("settled", contact=contact)
                raise Gone
            if waited <= VOICELESS < waited + AGAIN:
                await asyncio.to_thread(self.desk.contacts.hear, practice, contact, "", keys=A_PERSON)
            waited += AGAIN
            await asyncio.sleep(AGAIN)

    def _goes_on(self, practice: PracticeId, contact: str | None) -> str | None:
        """The contact of a call that had a desk before; None where it is over, or this desk's store doesn't know it."""
        with suppress(NoSuchContact, NoSuchPractice):
            if contact is not None and self.desk.contacts.state(practice, contact).ended is None:
                return contact
        return None

    async def _answered(self, call: Call, end: PhoneEnd, ringing: Ringing) -> str:
        """Tried for as long as they are there: they hear meanwhile that they are held."""
        end.in_locale(call.practice.languages_signed[0])
        while True:
            try:
                return await call.answered(
                    e164(user_of(ringing.caller)), self._dialled(ringing, call.practice)
                )
            except Exception:
                log.exception("call_not_stored", practice=call.practice.id)
                end.in_locale(call.practice.languages_signed[0])
                if end.abandoned or end.is_over:
                    raise Gone from None

    async def _end(self, call: Call, end: PhoneEnd) -> None:
        await call.end()
        with suppress(Gone):
            end.tell("hang_up")
            if call.contact.done():
                end.tell("settled", contact=call.contact.result())

    def _practice(self, ringing: Ringing) -> Practice | None:
        """Found once, by the number dialled."""
        with suppress(UnknownPractice):
            if ringing.practice:
                return self.directory.by_id(PracticeId(ringing.practice))
        for each in (*ringing.dialled, self.default or ""):
            with suppress(UnknownPractice):
                return self.directory.by_number(e164(user_of(each)) or "")
        return None

    def _dialled(self, ringing: Ringing, practice: Practice) -> str:
        said = (e164(user_of(each)) for each in ringing.dialled)
        return next((each for each in said if each in practice.numbers), practice.phone)

    # -- what was cut off -------------------------------------------------------------------------------------------

    async def _settle(self, wire: Wire, owed: list[dict[str, str]], away: list[dict[str, str]]) -> None:
        for each in owed:
            await self._settled(each["practice"], each["contact"], dropped=each["how"] == "lost")
            with suppress(OSError):
                wire.tell(0, "settled", contact=each["contact"])
        for each in away:
            await self._call_back(each)

    async def _settled(self, practice: str, contact: str, *, dropped: bool) -> None:
        """Tried a few times: a store may be away for a moment. Whom we dropped a person calls back."""
        for attempt in range(1, TRIES + 1):
            try:
                return await asyncio.to_thread(self._over, PracticeId(practice), contact, dropped)
            except (NoSuchContact, NoSuchPractice):
                return
            except Exception:
                log.exception("call_not_settled", practice=practice, contact=contact, attempt=attempt)
                await asyncio.sleep(AGAIN)

    def _over(self, practice: PracticeId, contact: str, dropped: bool) -> None:
        contacts = self.desk.contacts
        if contacts.state(practice, contact).ended is not None:
            return
        (contacts.dropped if dropped else contacts.hang_up)(practice, contact)

    async def _call_back(self, away: dict[str, str]) -> None:
        """Somebody called while no desk was there, and has gone again."""
        practice = self._practice(Ringing(0, (away["dialled"],), away["caller"]))
        if practice is None:
            return
        call = Call(self.desk, practice, _Nobody())
        contact = await call.answered(e164(user_of(away["caller"])))
        await self._settled(practice.id, contact, dropped=True)

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(_watched(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class _Nobody:
    """FarEnd where nobody is any more."""

    async def send(self, **frame: object) -> None:
        return None

    def loudspeaker(self) -> Loudspeaker:
        raise Gone


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


def _ringing(number: int, told: dict[str, Any]) -> Ringing:
    dialled = (str(told["dialled"]), str(told["addressed"]))
    contact = told.get("contact")
    return Ringing(
        number, dialled, str(told["caller"]), str(contact) if contact else None, str(told["practice"])
    )

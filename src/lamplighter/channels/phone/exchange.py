"""Who owns which call: this keeps every line, whatever becomes of the desk.

It runs in the telephone process. The desk comes by a local socket and takes the calls; its sound goes out at the pace
of the line, and what it hushes is dropped here. While no desk is there, callers hear phrases that were rendered ahead;
the next desk that comes takes the calls as they are.
"""

import asyncio
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final

from lamplighter import logs
from lamplighter.channels.phone.held import HeldPhrases
from lamplighter.channels.phone.numbers import e164, user_of
from lamplighter.channels.phone.owed_calls import OwedCalls
from lamplighter.channels.phone.ports import FRAME, FRAME_SECONDS, RATE, Leg, NotReached, Telephone
from lamplighter.channels.phone.wire import Frame, Wire

log = logs.get(__name__)
AHEAD: Final = 2 * FRAME  # bytes that the engine has before they leave
MOST_OUT: Final = 10 * 2 * RATE  # bytes of a call that wait for their time: ten seconds
UNTAKEN: Final = 2.0  # seconds that a desk which is there may need to take a call
BETWEEN: Final = 3.0  # seconds between two phrases while nobody is there
SIGNLESS: Final = 2.5  # seconds without a sign from the desk: nobody listens
DEAD_AFTER: Final = 5.0  # the same, until its calls are taken from it
LONGEST_AWAY: Final = 2000  # calls that came and went before a desk had taken them


@dataclass(slots=True)
class _Kept:
    """One call. `unowned_since` is None while the desk has it."""

    number: int
    leg: Leg
    unowned_since: float
    contact: str | None = None
    practice: str = ""
    locale: str = ""
    keys: str = ""
    out: bytearray = field(default_factory=bytearray)
    held: int = 0
    next_held: float = 0.0
    owned: bool = False
    muted: bool = False  # a desk that can't speak yet has it: keys go there, and we speak
    joined: int | None = None
    ending: bool = False
    rung: bool = False  # we called
    private: bool = False  # joined with a line that is none of the practice's: nobody else hears them


class Exchange:
    """Events of the telephone, and the socket that the desk comes by. `folder` is this process's own, `dead_after` the
    seconds without a sign after which a desk is given up."""

    def __init__(self, telephone: Telephone, folder: Path, *, dead_after: float = DEAD_AFTER) -> None:
        self._telephone, self._dead_after = telephone, dead_after
        self._socket = folder / "socket"
        self._held = HeldPhrases(folder / "held")
        self._owed = OwedCalls(folder / "calls.json")
        self._calls: dict[int, _Kept] = {}
        self._numbers, self._name = count(1), secrets.token_hex(8)
        self._desk: Wire | None = None
        self._last_sign = 0.0
        self._away: dict[int, dict[str, str]] = {}  # until a desk has made a contact of each
        self._dead = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._rings: dict[int, asyncio.Task[None]] = {}  # by the desk's number of its wish

    async def run(self) -> None:
        """Until the engine is dead. Raises what starting it raises, and OSError where the socket can't be made."""
        self._socket.unlink(missing_ok=True)
        server = await asyncio.start_unix_server(self._enter, self._socket)
        self._socket.chmod(0o600)
        await self._telephone.start(self, self._dead.set)
        pumping = asyncio.create_task(self._pump_all())
        log.info("telephone_answers")
        try:
            await self._dead.wait()
        finally:
            pumping.cancel()
            server.close()
            self._give_up_desk()
            await self._telephone.close()

    # -- what the engine tells --------------------------------------------------------------------------------------

    def rang(self, leg: Leg) -> None:
        self._spawn(self._take(leg))

    async def _take(self, leg: Leg) -> None:
        """Answered at once: the desk is told meanwhile, and where none is there a phrase is heard."""
        call = _Kept(next(self._numbers), leg, self._now())
        self._calls[call.number] = call
        self._tell_of(call)
        try:
            await leg.answer()
        except NotReached:
            self.over(leg)

    def key(self, leg: Leg, key: str) -> None:
        call = self._of(leg)
        if call is None:
            return
        other = self._calls.get(call.joined or 0)
        if call.private and other is not None:
            self._spawn(other.leg.press(key))
        elif call.owned or call.muted:
            self._tell(call.number, "key", key=key)
        else:
            call.keys += key

    def over(self, leg: Leg) -> None:
        call = self._of(leg)
        if call is None:
            return
        del self._calls[call.number]
        given_up = self._unheard(call)
        self._part(call)
        if call.contact is not None:
            self._owed.ended(call.contact, "lost" if given_up else "over")
        elif not call.rung:
            self._keep_away(call)
        self._tell(call.number, "over")

    def _unheard(self, call: _Kept) -> bool:
        """Whether whoever goes now goes while no desk listens to them."""
        silent = self._now() - self._last_sign > SIGNLESS
        return (not call.owned or silent) and not call.ending and call.joined is None

    def _keep_away(self, call: _Kept) -> None:
        if len(self._away) >= LONGEST_AWAY:
            log.error("too_many_calls_came_and_went", kept=len(self._away))
            return
        self._away[call.number] = _line(call.leg)

    def _of(self, leg: Leg) -> _Kept | None:
        return next((call for call in self._calls.values() if call.leg is leg), None)

    # -- what the desk asks -----------------------------------------------------------------------------------------

    async def _enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The desk that came last has the calls."""
        wire = Wire(reader, writer)
        self._give_up_desk()
        self._desk, self._last_sign = wire, self._now()
        try:
            self._greet()
            while self._desk is wire:
                frame = await wire.read()
                if self._desk is wire:
                    self._understand(frame)
        except (OSError, asyncio.IncompleteReadError, ValueError):
            log.warning("desk_gone")
        finally:
            wire.close()
            if self._desk is wire:
                self._give_up_desk()

    def _give_up_desk(self) -> None:
        """Its calls are ours from now on, though it may not read that it is given up."""
        desk, self._desk = self._desk, None
        if desk is not None:
            desk.abort()
        for ring in self._rings.values():
            ring.cancel()
        self._disown()

    def _disown(self) -> None:
        now = self._now()
        for call in self._calls.values():
            call.muted = False
            if call.rung and call.joined is None:
                self._end(call)
            elif call.owned:
                call.owned, call.unowned_since, call.next_held = False, now, now
                call.out.clear()

    def _greet(self) -> None:
        owed = [{"contact": c, "practice": p, "how": how} for c, p, how in self._owed.owed()]
        away = [{"call": number, **each} for number, each in self._away.items()]
        self._tell(0, "hello", owed=owed, away=away, process=self._name)
        for call in self._calls.values():
            if not call.ending and not call.rung:
                self._tell_of(call)

    def _tell_of(self, call: _Kept) -> None:
        known = {"contact": call.contact, "practice": call.practice, "joined": call.joined}
        self._tell(call.number, "call", **_line(call.leg), **known)

    def _understand(self, frame: Frame) -> None:
        """What this version can't do with keeps the rest from nothing."""
        try:
            self._do(frame)
        except Exception:
            log.exception("desk_not_understood")

    def _do(self, frame: Frame) -> None:
        self._last_sign = self._now()
        if frame.told is None:
            call = self._calls.get(frame.call)
            if call is not None and call.owned and len(call.out) < MOST_OUT:
                call.out += frame.sound
            return
        told = frame.told
        if told["type"] == "settled":
            self._owed.settle(str(told["contact"]))
            self._away.pop(frame.call, None)
        elif told["type"] == "take" and frame.call in self._away:
            self._owe(frame.call, told)
        elif told["type"] == "ring":
            ring = self._ring(frame.call, told)
            self._rings[frame.call] = self._spawn(ring)
        elif told["type"] == "unring":
            if (ringing := self._rings.get(frame.call)) is not None:
                ringing.cancel()
        elif (call := self._calls.get(frame.call)) is not None:
            self._do_with(call, told)

    def _owe(self, gone: int, told: dict[str, Any]) -> None:
        """Somebody who has gone again has a contact now: it is owed until it is settled."""
        if told.get("contact"):
            del self._away[gone]
            self._owed.live(str(told["contact"]), str(told["practice"]))
            self._owed.ended(str(told["contact"]), "lost")

    def _do_with(self, call: _Kept, told: dict[str, Any]) -> None:
        match told["type"]:
            case "take":
                self._give(call, told)
            case "locale":
                call.locale = str(told["locale"])
            case "hush":
                call.out.clear()
                call.leg.flush()
            case "join":
                self._join(call, self._calls.get(int(told["with"])), private=bool(told.get("private")))
            case "part":
                self._part(call)
            case "hang_up":
                self._end(call)

    def _give(self, call: _Kept, told: dict[str, Any]) -> None:
        """The desk has it from here, and what we were saying stops; with `mute` it only says whose contact it is, since
        it can't speak yet."""
        if told.get("contact"):
            call.contact, call.practice = str(told["contact"]), str(told["practice"])
            self._owed.live(call.contact, call.practice)
        if told.get("mute"):
            call.unowned_since -= UNTAKEN
        elif not call.owned:
            call.out.clear()
            call.leg.flush()
        call.muted, call.owned = bool(told.get("mute")), not told.get("mute")
        for key in call.keys:
            self._tell(call.number, "key", key=key)
        call.keys = ""

    def _end(self, call: _Kept) -> None:
        call.ending = True
        self._spawn(call.leg.hang_up())

    async def _ring(self, asked: int, told: dict[str, Any]) -> None:
        """`asked` is the desk's own number of its wish; whoever is rung sees the number that the call it is for has
        dialled. Raises nothing: the desk is told how it went, and where it is gone it stops ringing."""
        beside = self._calls.get(int(told.get("beside") or 0))
        shown = (e164(user_of(beside.leg.dialled)) if beside is not None else None) or ""
        try:
            leg = await self._telephone.dial(str(told["number"]), seconds=float(told["seconds"]), shown=shown)
        except NotReached as why:
            return self._tell(asked, "not_reached", status=why.status)
        except ValueError:
            return self._tell(asked, "not_reached", status=0)
        finally:
            self._rings.pop(asked, None)
        call = _Kept(next(self._numbers), leg, self._now(), owned=True, rung=True)
        self._calls[call.number] = call
        self._tell(asked, "reached", leg=call.number)

    def _join(self, call: _Kept, other: _Kept | None, *, private: bool) -> None:
        """They hear each other from now on. The desk goes on hearing whoever called, unless it is `private`: then their
        keys go to the other as well."""
        if other is None:
            return self._tell(call.number, "parted")
        for each, with_whom in ((call, other), (other, call)):
            each.leg.read()
            each.out.clear()
            each.joined = with_whom.number
        call.private = private

    def _part(self, call: _Kept) -> None:
        """Whoever was rung has nobody left to talk to; whoever called is the desk's again."""
        other = self._calls.get(call.joined or 0)
        call.joined, call.private = None, False
        if other is not None and other.joined == call.number:
            other.joined, other.private = None, False
            other.unowned_since = self._now() - UNTAKEN
            self._tell(other.number, "parted")
            if other.rung:
                self._end(other)

    def _tell(self, call: int, type: str, **more: object) -> None:
        if self._desk is not None:
            with suppress(OSError):
                self._desk.tell(call, type, **more)

    # -- sound ------------------------------------------------------------------------------------------------------

    async def _pump_all(self) -> None:
        """Every 20 ms, by the clock and not by how long the last round took."""
        following = self._now()
        while True:
            following = max(following + FRAME_SECONDS, self._now() - 5 * FRAME_SECONDS)
            self._look_after_desk()
            for call in list(self._calls.values()):
                try:
                    self._pump(call)
                except Exception:
                    log.exception("call_not_pumped")
            await asyncio.sleep(max(0.0, following - self._now()))

    def _look_after_desk(self) -> None:
        if self._desk is not None and self._now() - self._last_sign > self._dead_after:
            log.error("desk_gives_no_sign")
            self._give_up_desk()

    def _pump(self, call: _Kept) -> None:
        heard = call.leg.read()
        if heard and call.owned and not call.rung and not call.private and self._desk is not None:
            with suppress(OSError):
                self._desk.sound(call.number, heard)
        other = self._calls.get(call.joined or 0)
        if other is not None and len(other.out) < 3 * FRAME:
            other.out += heard
        self._stand_in(call)
        while call.out and call.leg.waiting() < AHEAD:
            taken = call.leg.write(bytes(call.out[:FRAME]))
            if not taken:
                break
            del call.out[:taken]

    def _stand_in(self, call: _Kept) -> None:
        """Says something to somebody whom no desk speaks to."""
        now = self._now()
        patience = UNTAKEN if self._desk is not None else 0.0
        if (
            call.owned
            or call.ending
            or call.joined is not None
            or call.out
            or now < max(call.unowned_since + patience, call.next_held)
        ):
            return
        line = _line(call.leg)
        practice = call.practice or self._held.whose(line["dialled"], line["addressed"])
        phrase = self._held.of(practice, call.locale, call.held)
        call.held += 1
        call.next_held = now + len(phrase) / 2 / RATE + BETWEEN
        call.out += phrase

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _spawn(self, work: Any) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _line(leg: Leg) -> dict[str, str]:
    """What the line said of a call."""
    return {"dialled": leg.dialled, "addressed": getattr(leg, "addressed", ""), "caller": leg.caller}

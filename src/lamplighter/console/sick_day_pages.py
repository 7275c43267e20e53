"""A clinician can't come: who would be told what way, one click, two minutes to undo it, and how far it is."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from babel.dates import format_date
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from lamplighter.console import wording
from lamplighter.console.access import Session
from lamplighter.console.gate import Gate, form_of, session_of
from lamplighter.console.pages import draw
from lamplighter.console.reading import Reading
from lamplighter.console.roles import AT_THE_DESK, Place
from lamplighter.desk import sick_day, sick_day_lift, sick_day_tally
from lamplighter.desk.ports import Clock, Person, Records, Transaction
from lamplighter.desk.sick_day import CalledOff, Spell, ToTell
from lamplighter.desk.sick_day_lift import Lifted
from lamplighter.desk.sick_day_tally import How, Line
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.calendar import at_local
from lamplighter.practice.model import Practice

NO_SUCH_TIME = "Choose a clinician and a day, and hours that end after they begin."
BY_CALL: Mapping[str, str] = {
    **wording.NOT_SENT,
    "channel": "they get no texts from us",
    "by_person_only": "a person sees to them",
    "email_too_slow": "an email may not be read in time",
    "quiet_hours": "no text may go early enough",
    "too_late": "a text would come too late",
}
STANDS: Mapping[How, str] = {
    "rebooked": "Has a new time",
    "answered": "Told, and answered",
    "told": "Told",
    "waits": "Text waits for the hours in which it may go",
    "to_call": "To be called",
    "called": "Called",
    "to_decide": wording.CLINICIAN_DECIDES,
    "decided": "Not to be contacted: a clinician has seen to it",
}
OF_THE_DESK = ("called_off", "desk", "open")
NOT_AGAIN = ("rebooked", "to_decide", "decided")


@dataclass(frozen=True, slots=True)
class Row:
    """One person of one visit, in words."""

    when: str
    name: str
    phone: str | None
    about: str
    way: str
    task: str | None = None
    to_call: bool = False
    to_decide: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form holds. `spell` None: it names no time that can be called off."""

    clinician: str
    day: str
    starts: str
    ends: str
    spell: Spell | None


@dataclass(frozen=True, slots=True)
class Freed:
    """They can come after all. `seconds`: until what is left is free."""

    by: str
    at: str
    seconds: int
    done: bool


@dataclass(frozen=True, slots=True)
class Tallied:
    id: str
    what: str
    by: str
    seconds: int
    done: bool
    told: int
    waits: int
    answered: int
    rebooked: int
    to_call: int
    to_decide: int
    rows: tuple[Row, ...]
    left: str = ""  # what would be free again, where that may still be said
    freed: Freed | None = None
    again: tuple[Row, ...] = ()  # whose visit of what is left was called off, and who have no new time
    blocks: tuple[tuple[str, str], ...] = ()  # what else was called off over this time, and stays so


class SickDayPages:
    def __init__(
        self,
        gate: Gate,
        practice: Practice,
        records: Records,
        clock: Clock,
        reading: Reading,
        law: LawData = SHIPPED,
    ) -> None:
        self._gate, self._practice, self._records = gate, practice, records
        self._clock, self._reading, self._law = clock, reading, law

    def places(self) -> list[Place]:
        place = self._gate.place
        return [
            place("/sick-day", AT_THE_DESK, self.page),
            place("/sick-day", AT_THE_DESK, self.call_off, "POST"),
            place("/sick-day/{called_off}", AT_THE_DESK, self.one),
            place("/sick-day/{called_off}/tally", AT_THE_DESK, self.part, counts=False),
            place("/sick-day/{called_off}/undo", AT_THE_DESK, self.undo, "POST"),
            place("/sick-day/{called_off}/called", AT_THE_DESK, self.called, "POST"),
            place("/sick-day/{called_off}/after-all", AT_THE_DESK, self.after_all),
            place("/sick-day/{called_off}/after-all", AT_THE_DESK, self.lift, "POST"),
            place("/sick-day/{called_off}/after-all/undo", AT_THE_DESK, self.keep, "POST"),
        ]

    # -- before it is said ---------------------------------------------------------------------------------------------

    async def page(self, request: Request) -> Response:
        session, query = session_of(request), request.query_params
        asked = self._asked(query) if "clinician" in query else None
        rows, said = await asyncio.to_thread(self._preview, session, asked)
        wrong = NO_SUCH_TIME if asked is not None and asked.spell is None else ""
        today = self._clock.now().astimezone(self._practice.timezone).date().isoformat()
        given = {
            "practice": self._practice, "session": session, "asked": asked, "rows": rows, "wrong": wrong,
            "today": today, "said": said, "undone": "undone" in query,
            "what": self._what(asked.spell) if asked and asked.spell else "",
        }  # fmt: skip
        return HTMLResponse(draw("sick-day.html", **given), 422 if wrong else 200)

    def _asked(self, form: Mapping[str, object]) -> Asked:
        """The whole day where no hours are written."""
        clinician, day, starts, ends = (
            str(form.get(name) or "") for name in ("clinician", "day", "starts", "ends")
        )
        return Asked(clinician, day, starts, ends, self._spell(clinician, day, starts, ends))

    def _spell(self, clinician: str, day: str, starts: str, ends: str) -> Spell | None:
        try:
            on = date.fromisoformat(day)
            start = at_local(self._practice, on, time.fromisoformat(starts) if starts else time())
            end = (
                at_local(self._practice, on, time.fromisoformat(ends))
                if ends
                else at_local(self._practice, on + timedelta(days=1), time())
            )
        except (ValueError, OverflowError):
            return None
        known = any(each.id == clinician for each in self._practice.clinicians)
        return Spell(clinician, start, end) if known and start < end and end > self._clock.now() else None

    def _preview(
        self, session: Session, asked: Asked | None
    ) -> tuple[tuple[Row, ...], tuple[tuple[str, str], ...]]:
        practice, now = self._practice, self._clock.now()
        with self._records.transaction(practice.id) as tx:
            said = tuple((each.id, self._what(each.spell)) for each in sick_day.standing(tx, now))
            if asked is None or asked.spell is None:
                return (), said
            found = sick_day.preview(tx, practice, asked.spell, now, self._law)
        self._reading.listed(session, [f"person/{each.person.id}" for each in found])
        return tuple(self._planned(each) for each in found), said

    def _planned(self, each: ToTell) -> Row:
        zone = self._practice.timezone
        if each.way == "clinician":
            return self._row(each.visit.slot.start, each.person, wording.CLINICIAN_DECIDES, to_decide=True)
        if each.way == "call":
            why = BY_CALL.get(each.why or "", "a person sees to them")
            return self._row(each.visit.slot.start, each.person, f"Call: {why}", to_call=True)
        at = (
            "at once"
            if each.at is None or each.at <= self._soon()
            else f"at {wording.time_of(each.at, zone)}"
        )
        return self._row(each.visit.slot.start, each.person, f"{each.way.capitalize()}, {at}")

    def _soon(self) -> datetime:
        return self._clock.now() + sick_day.TO_UNDO

    def _row(
        self,
        start: datetime,
        person: Person | None,
        way: str,
        task: str | None = None,
        *,
        to_call: bool = False,
        to_decide: bool = False,
    ) -> Row:
        name = f"{person.preferred_name or person.first_name} {person.last_name}" if person else ""
        return Row(
            wording.time_of(start, self._practice.timezone),
            name or "Name not known",
            person.phone if person and not to_decide else None,
            person.id if person else "",
            way,
            task,
            to_call,
            to_decide,
        )

    def _what(self, spell: Spell) -> str:
        zone = self._practice.timezone
        named = {each.id: each.spoken_name for each in self._practice.clinicians}
        start, end = spell.start.astimezone(zone), spell.end.astimezone(zone)
        day = format_date(start.date(), "EEEE, MMM d", locale="en")
        whole = start.time() == time() and end.date() > start.date()
        hours = "" if whole else f", {wording.time_of(start, zone)} to {wording.time_of(end, zone)}"
        return f"{named.get(spell.clinician, spell.clinician)}, {day}{hours}"

    # -- saying it -----------------------------------------------------------------------------------------------------

    async def call_off(self, request: Request) -> Response:
        session, form = session_of(request), await form_of(request)
        spell = self._asked(form).spell
        if spell is None:
            raise HTTPException(422, "choice")
        said = await asyncio.to_thread(self._said, spell, session.name)
        return RedirectResponse(f"/sick-day/{said.id}", 303)

    def _said(self, spell: Spell, by: str) -> CalledOff:
        with self._records.transaction(self._practice.id) as tx:
            return sick_day.call_off(tx, spell, by=by, now=self._clock.now())

    async def undo(self, request: Request) -> Response:
        session = session_of(request)
        await form_of(request)
        name = str(request.path_params["called_off"])

        def stands() -> bool:
            with self._records.transaction(self._practice.id) as tx:
                sick_day.undo(tx, name, by=session.name, now=self._clock.now())
                return sick_day.of(tx, name) is not None

        to = f"/sick-day/{name}" if await asyncio.to_thread(stands) else "/sick-day?undone=yes"
        return RedirectResponse(to, 303)

    async def called(self, request: Request) -> Response:
        session, form = session_of(request), await form_of(request)
        name, task = str(request.path_params["called_off"]), str(form.get("task"))

        def closed() -> None:
            with self._records.transaction(self._practice.id) as tx:
                found = tx.tasks.get(task)
                if found is not None and (found.kind, found.route, found.status) == OF_THE_DESK:
                    tx.tasks.close(task, session.name)

        await asyncio.to_thread(closed)
        return RedirectResponse(f"/sick-day/{name}#calls", 303)

    # -- after all -----------------------------------------------------------------------------------------------------

    async def after_all(self, request: Request) -> Response:
        """What would be free again, and who may be called about it."""
        return await self._tally(request, "sick-day-lift.html")

    async def lift(self, request: Request) -> Response:
        return await self._said_of(request, sick_day_lift.lift)

    async def keep(self, request: Request) -> Response:
        def undo(tx: Transaction, called_off: CalledOff, *, by: str, now: datetime) -> bool:
            return sick_day_lift.undo(tx, called_off.id, by=by, now=now)

        return await self._said_of(request, undo)

    async def _said_of(self, request: Request, act: Callable[..., bool]) -> Response:
        session = session_of(request)
        await form_of(request)
        name = str(request.path_params["called_off"])

        def said() -> bool:
            with self._records.transaction(self._practice.id) as tx:
                called_off = sick_day.of(tx, name)
                return called_off is not None and act(tx, called_off, by=session.name, now=self._clock.now())

        await asyncio.to_thread(said)
        return RedirectResponse(f"/sick-day/{name}", 303)

    # -- how far it is -------------------------------------------------------------------------------------------------

    async def one(self, request: Request) -> Response:
        return await self._tally(request, "sick-day-one.html")

    async def part(self, request: Request) -> Response:
        return await self._tally(request, "sick-day-tally.html")

    async def _tally(self, request: Request, page: str) -> Response:
        session = session_of(request)
        found = await asyncio.to_thread(self._tallied, session, str(request.path_params["called_off"]))
        if found is None:
            raise HTTPException(404, "page")
        return HTMLResponse(draw(page, practice=self._practice, session=session, tally=found))

    def _tallied(self, session: Session, name: str) -> Tallied | None:
        """None where it was taken back, or never said."""
        now = self._clock.now()
        with self._records.transaction(self._practice.id) as tx:
            called_off = sick_day.of(tx, name)
            if called_off is None:
                return None
            tally = sick_day_tally.tally(tx, called_off, now)
            lifted, may = sick_day_lift.of(tx, name), sick_day_lift.may_be_lifted(tx, called_off, now)
            blocks = sick_day_lift.still_blocks(tx, called_off, now)
            rows = tuple(map(self._standing, tally.lines)) if called_off.done else self._ahead(tx, called_off)
        self._reading.listed(session, [f"person/{row.about}" for row in rows if row.about])
        return Tallied(
            name,
            self._what(called_off.spell),
            called_off.by,
            max(0, int((called_off.begins - now).total_seconds())),
            called_off.done,
            tally.told,
            tally.waits,
            tally.answered,
            tally.rebooked,
            tally.to_call,
            tally.to_decide,
            rows,
            self._left(called_off.spell, now) if may else "",
            self._freed(lifted, now),
            tuple(
                self._again(line)
                for line in tally.lines
                if line.how not in NOT_AGAIN and line.told.start > now
            ),
            tuple((each.id, self._what(each.spell)) for each in blocks),
        )

    def _left(self, spell: Spell, now: datetime) -> str:
        return self._what(replace(spell, start=max(spell.start, now)))

    def _freed(self, lifted: Lifted | None, now: datetime) -> Freed | None:
        if lifted is None:
            return None
        at = wording.time_of(lifted.begins, self._practice.timezone)
        return Freed(lifted.by, at, max(0, int((lifted.begins - now).total_seconds())), lifted.done)

    def _again(self, line: Line) -> Row:
        """Somebody without a new time, for whoever wants to call them; nobody who is not to be contacted."""
        return self._row(line.told.start, line.person, STANDS[line.how], to_call=True)

    def _ahead(self, tx: Transaction, called_off: CalledOff) -> tuple[Row, ...]:
        found = sick_day.preview(tx, self._practice, called_off.spell, self._clock.now(), self._law)
        return tuple(self._planned(each) for each in found)

    def _standing(self, line: Line) -> Row:
        words = STANDS[line.how]
        if line.how == "to_call" and line.why:
            words = f"{words}: {BY_CALL.get(line.why, 'the text could not go')}"
        if line.how == "to_decide":
            return self._row(line.told.start, line.person, words, to_decide=True)
        return self._row(line.told.start, line.person, words, line.task, to_call=line.how == "to_call")

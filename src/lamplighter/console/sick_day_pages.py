"""A clinician can't come: who would be told what way, one click, two minutes to undo it, and how far it is."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from lamplighter.console import wording
from lamplighter.console.access import Session
from lamplighter.console.gate import Gate, form_of, session_of
from lamplighter.console.pages import draw
from lamplighter.console.reading import Reading
from lamplighter.console.roles import AT_THE_DESK, Place
from lamplighter.console.sick_day_words import CHOSEN, Group, Row, Words
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk import sick_day, sick_day_choices, sick_day_lift, sick_day_tally
from lamplighter.desk.ports import Clock, Records, Transaction
from lamplighter.desk.sick_day import CalledOff, Spell
from lamplighter.desk.sick_day_lift import Lifted
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.calendar import at_local
from lamplighter.practice.model import Practice, PracticeId

NO_SUCH_TIME = "Choose a clinician and a day, and hours that end after they begin."
CHANGED = "Something that you chose can't be had any more. Nothing was called off. Please look again."
CHOICE = "choice-"
"""What a field of the form is called before the visit whose choice it holds."""

OF_THE_DESK = ("called_off", "desk", "open")
NOT_AGAIN = ("rebooked", "by_video", "with_colleague", "to_decide", "decided")


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
    by_video: int
    with_colleague: int
    asked: int
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
        books: Mapping[PracticeId, Phrasebook] = MappingProxyType({}),
    ) -> None:
        self._gate, self._practice, self._records = gate, practice, records
        self._clock, self._reading, self._law = clock, reading, law
        self._words, self._books = Words(practice), books

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
        wrong = NO_SUCH_TIME if asked is not None and asked.spell is None else ""
        wanted, undone = query.get("all"), "undone" in query
        return await self._shown(session, asked, wrong, 422 if wrong else 200, wanted=wanted, undone=undone)

    async def _shown(
        self,
        session: Session,
        asked: Asked | None,
        wrong: str,
        status: int,
        *,
        wanted: str | None = None,
        undone: bool = False,
    ) -> Response:
        """`wanted`: what is to be chosen for everybody for whom it can be had."""
        groups, said = await asyncio.to_thread(self._preview, session, asked, wanted)
        today = self._clock.now().astimezone(self._practice.timezone).date().isoformat()
        given = {
            "practice": self._practice, "session": session, "asked": asked, "groups": groups, "wrong": wrong,
            "rows": [row for group in groups for row in group.rows], "today": today, "said": said,
            "undone": undone, "chosen": CHOSEN, "field": CHOICE, "wanted": wanted,
            "what": self._words.what(asked.spell) if asked and asked.spell else "",
        }  # fmt: skip
        return HTMLResponse(draw("sick-day.html", **given), status)

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
        self, session: Session, asked: Asked | None, wanted: str | None
    ) -> tuple[tuple[Group, ...], tuple[tuple[str, str], ...]]:
        practice, now = self._practice, self._clock.now()
        with self._records.transaction(practice.id) as tx:
            said = tuple((each.id, self._words.what(each.spell)) for each in sick_day.standing(tx, now))
            if asked is None or asked.spell is None:
                return (), said
            found = sick_day_choices.choosing(tx, practice, asked.spell, now, self._law, self._book())
        self._reading.listed(session, [f"person/{plan.person.id}" for each in found for plan in each.plans])
        return tuple(self._words.group(each, wanted, self._soon()) for each in found), said

    def _book(self) -> Phrasebook | None:
        """What the practice has signed by now."""
        return self._books.get(self._practice.id)

    def _soon(self) -> datetime:
        return self._clock.now() + sick_day.TO_UNDO

    # -- saying it -----------------------------------------------------------------------------------------------------

    async def call_off(self, request: Request) -> Response:
        session, form = session_of(request), await form_of(request)
        asked = self._asked(form)
        if asked.spell is None:
            raise HTTPException(422, "choice")
        wanted = {
            name.removeprefix(CHOICE): str(value) for name, value in form.items() if name.startswith(CHOICE)
        }
        try:
            said = await asyncio.to_thread(self._said, asked.spell, wanted, session.name)
        except sick_day_choices.GoneError:
            return await self._shown(session, asked, CHANGED, 409)
        return RedirectResponse(f"/sick-day/{said.id}", 303)

    def _said(self, spell: Spell, wanted: Mapping[str, str], by: str) -> CalledOff:
        """Where somebody has said it already, that stands, whatever they chose."""
        practice, now = self._practice, self._clock.now()
        with self._records.transaction(practice.id) as tx:
            if (before := sick_day.already(tx, spell, now)) is not None:
                return before
            found = sick_day_choices.choosing(tx, practice, spell, now, self._law, self._book())
            choices, colleagues = sick_day_choices.chosen(found, wanted)
            return sick_day.call_off(tx, spell, by=by, now=now, choices=choices, colleagues=colleagues)

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
            rows = (
                tuple(map(self._words.standing, tally.lines))
                if called_off.done
                else self._ahead(tx, called_off)
            )
        self._reading.listed(session, [f"person/{row.about}" for row in rows if row.about])
        return Tallied(
            name,
            self._words.what(called_off.spell),
            called_off.by,
            max(0, int((called_off.begins - now).total_seconds())),
            called_off.done,
            tally.told,
            tally.waits,
            tally.answered,
            tally.rebooked,
            tally.by_video,
            tally.with_colleague,
            tally.asked,
            tally.to_call,
            tally.to_decide,
            rows,
            self._left(called_off.spell, now) if may else "",
            self._freed(lifted, now),
            tuple(
                self._words.again(line)
                for line in tally.lines
                if line.how not in NOT_AGAIN and line.told.start > now
            ),
            tuple((each.id, self._words.what(each.spell)) for each in blocks),
        )

    def _left(self, spell: Spell, now: datetime) -> str:
        return self._words.what(replace(spell, start=max(spell.start, now)))

    def _freed(self, lifted: Lifted | None, now: datetime) -> Freed | None:
        if lifted is None:
            return None
        at = wording.time_of(lifted.begins, self._practice.timezone)
        return Freed(lifted.by, at, max(0, int((lifted.begins - now).total_seconds())), lifted.done)

    def _ahead(self, tx: Transaction, called_off: CalledOff) -> tuple[Row, ...]:
        found = sick_day.preview(tx, self._practice, called_off.spell, self._clock.now(), self._law)
        rows = ((each.visit.id, self._words.planned(each, self._soon())) for each in found)
        chosen = dict(called_off.choices)
        return tuple(
            replace(row, way=f"{row.way}. Chosen: {CHOSEN[chosen[visit]]}") if visit in chosen else row
            for visit, row in rows
        )

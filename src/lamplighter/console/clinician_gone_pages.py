"""A clinician has left or has died: whom somebody has to speak to, in order of their visits; nothing goes by itself."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

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
from lamplighter.desk import clinician_gone
from lamplighter.desk.clinician_gone import Gone, ToSpeakTo
from lamplighter.desk.ports import Clock, Records
from lamplighter.practice.calendar import at_local
from lamplighter.practice.model import Practice

NOT_CHOSEN = "Choose a clinician, and the day from which they see nobody."


@dataclass(frozen=True, slots=True)
class Line:
    """One person, in words. `task`: what ticks them off."""

    about: str
    when: str
    more: int
    name: str
    phone: str | None
    how: str
    task: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form holds. `since` None: it names no day."""

    clinician: str
    day: str
    since: datetime | None


class ClinicianGonePages:
    def __init__(
        self, gate: Gate, practice: Practice, records: Records, clock: Clock, reading: Reading
    ) -> None:
        self._gate, self._practice, self._records = gate, practice, records
        self._clock, self._reading = clock, reading

    def places(self) -> list[Place]:
        place = self._gate.place
        return [
            place("/clinician-gone", AT_THE_DESK, self.page),
            place("/clinician-gone", AT_THE_DESK, self.say, "POST"),
            place("/clinician-gone/{gone}", AT_THE_DESK, self.one),
            place("/clinician-gone/{gone}/undo", AT_THE_DESK, self.undo, "POST"),
            place("/clinician-gone/{gone}/spoken", AT_THE_DESK, self.spoken, "POST"),
        ]

    # -- before it is said ---------------------------------------------------------------------------------------------

    async def page(self, request: Request) -> Response:
        session, query = session_of(request), request.query_params
        asked = self._asked(query) if "clinician" in query else None
        lines, said = await asyncio.to_thread(self._preview, session, asked)
        wrong = NOT_CHOSEN if asked is not None and asked.since is None else ""
        given = {
            "practice": self._practice, "session": session, "asked": asked, "lines": lines, "wrong": wrong,
            "today": self._today().isoformat(), "said": said, "undone": "undone" in query,
            "name": self._named(asked.clinician) if asked else "",
        }  # fmt: skip
        return HTMLResponse(draw("clinician-gone.html", **given), 422 if wrong else 200)

    def _today(self) -> date:
        return self._clock.now().astimezone(self._practice.timezone).date()

    def _asked(self, form: Mapping[str, object]) -> Asked:
        clinician, day = str(form.get("clinician") or ""), str(form.get("day") or "")
        known = any(each.id == clinician for each in self._practice.clinicians)
        try:
            on = date.fromisoformat(day)
            since = at_local(self._practice, on, time()) if known and on >= self._today() else None
        except (ValueError, OverflowError):
            since = None
        return Asked(clinician, day, since)

    def _preview(
        self, session: Session, asked: Asked | None
    ) -> tuple[tuple[Line, ...], tuple[tuple[str, str], ...]]:
        now = self._clock.now()
        with self._records.transaction(self._practice.id) as tx:
            said = tuple((each.id, self._named(each.clinician)) for each in clinician_gone.standing(tx))
            if asked is None or asked.since is None:
                return (), said
            found = clinician_gone.preview(tx, asked.clinician, asked.since, now)
        return self._lines(session, found), said

    def _lines(self, session: Session, found: tuple[ToSpeakTo, ...]) -> tuple[Line, ...]:
        self._reading.listed(session, [f"person/{each.person.id}" for each in found])
        return tuple(map(self._line, found))

    def _line(self, each: ToSpeakTo) -> Line:
        person, task = each.person, each.task
        how = wording.CLINICIAN_DECIDES if each.never else ""
        if task is not None and task.status == "done":
            how = f"Spoken to by {task.done_by}"
        can = task is not None and task.status == "open" and not each.never
        return Line(
            person.id,
            wording.when(each.first, self._practice.timezone),
            len(each.visits) - 1,
            f"{person.preferred_name or person.first_name} {person.last_name}",
            None if each.never else person.phone,
            how,
            task.id if task is not None and can else None,
        )

    def _named(self, clinician: str) -> str:
        named = {each.id: each.spoken_name for each in self._practice.clinicians}
        return named.get(clinician, clinician)

    # -- saying it -----------------------------------------------------------------------------------------------------

    async def say(self, request: Request) -> Response:
        session, form = session_of(request), await form_of(request)
        asked = self._asked(form)
        since = asked.since
        if since is None:
            raise HTTPException(422, "choice")

        def said() -> Gone:
            with self._records.transaction(self._practice.id) as tx:
                return clinician_gone.say(tx, asked.clinician, since, by=session.name, now=self._clock.now())

        gone = await asyncio.to_thread(said)
        return RedirectResponse(f"/clinician-gone/{gone.id}", 303)

    async def undo(self, request: Request) -> Response:
        session, name = session_of(request), str(request.path_params["gone"])
        await form_of(request)

        def stands() -> bool:
            with self._records.transaction(self._practice.id) as tx:
                clinician_gone.undo(tx, name, by=session.name, now=self._clock.now())
                return clinician_gone.of(tx, name) is not None

        to = f"/clinician-gone/{name}" if await asyncio.to_thread(stands) else "/clinician-gone?undone=yes"
        return RedirectResponse(to, 303)

    # -- how far it is -------------------------------------------------------------------------------------------------

    async def one(self, request: Request) -> Response:
        session, name = session_of(request), str(request.path_params["gone"])

        def found() -> tuple[Gone, tuple[Line, ...]] | None:
            with self._records.transaction(self._practice.id) as tx:
                gone = clinician_gone.of(tx, name)
                people = clinician_gone.to_speak(tx, gone) if gone is not None else ()
            return (gone, self._lines(session, people)) if gone is not None else None

        seen = await asyncio.to_thread(found)
        if seen is None:
            raise HTTPException(404, "page")
        gone, lines = seen
        since = gone.since.astimezone(self._practice.timezone).date()
        given = {
            "practice": self._practice, "session": session, "gone": gone, "lines": lines,
            "name": self._named(gone.clinician), "since": format_date(since, "EEEE, MMM d", locale="en"),
            "may_undo": gone.may_be_undone(self._clock.now()),
            "left": sum(line.task is not None for line in lines),
        }  # fmt: skip
        return HTMLResponse(draw("clinician-gone-one.html", **given))

    async def spoken(self, request: Request) -> Response:
        session, form = session_of(request), await form_of(request)
        name, task = str(request.path_params["gone"]), str(form.get("task"))

        def closed() -> None:
            with self._records.transaction(self._practice.id) as tx:
                found = tx.tasks.get(task)
                mine = found is not None and (found.kind, found.status) == ("clinician_gone", "open")
                if found is not None and mine and "do_not_call_back" not in dict(found.details):
                    tx.tasks.close(task, session.name)

        await asyncio.to_thread(closed)
        return RedirectResponse(f"/clinician-gone/{name}#list", 303)

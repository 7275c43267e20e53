"""Somebody on file: found by last name and birth date, and what stops for them. Every look stands in the ledger.

Where they live is behind glass and not shown here; it can be written down, not read.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import date

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from lamplighter.console import wording
from lamplighter.console.access import Session
from lamplighter.console.gate import Gate, form_of, session_of
from lamplighter.console.pages import draw
from lamplighter.console.reading import Reading
from lamplighter.console.roles import AT_THE_DESK, Place, only
from lamplighter.desk import planning, stopping
from lamplighter.desk.ports import Clock, Person, Records, Transaction
from lamplighter.desk.stopping import BY_CLINICIANS, STOPS, Stop
from lamplighter.practice.calendar import local_date
from lamplighter.practice.model import Practice

LONGEST = {"address": 200, "pronouns": 40}


@dataclass(frozen=True, slots=True)
class StopShown:
    stop: Stop
    name: str
    since: str
    by: str


@dataclass(frozen=True, slots=True)
class PersonShown:
    """What the desk needs to know of somebody. No word of why they come."""

    id: str
    name: str
    born: str
    pronouns: str | None
    phone: str | None
    language: str | None
    sees: str | None
    has_address: bool
    visits: tuple[str, ...]
    stops: tuple[StopShown, ...]
    plan: tuple[str, ...]
    plan_ids: tuple[str, ...]
    plan_by: str

    @property
    def may_stop(self) -> tuple[tuple[Stop, str], ...]:
        """What has not been said of them yet."""
        said = {each.stop for each in self.stops}
        return tuple((stop, name) for stop, name in STOPS.items() if stop not in said)


class Persons:
    def __init__(
        self, gate: Gate, practice: Practice, records: Records, clock: Clock, reading: Reading
    ) -> None:
        self._gate, self._practice, self._records = gate, practice, records
        self._clock, self._reading = clock, reading

    def places(self) -> list[Place]:
        place, clinician = self._gate.place, only("clinician")
        return [
            place("/persons", AT_THE_DESK, self.search),
            place("/persons/find", AT_THE_DESK, self.find, "POST"),
            place("/persons/{person}", AT_THE_DESK, self.page),
            place("/persons/{person}/stop", AT_THE_DESK, self.stop, "POST"),
            place("/persons/{person}/go-on", AT_THE_DESK, self.go_on, "POST"),
            place("/persons/{person}/hold", clinician, self.hold, "POST"),
            place("/persons/{person}/unhold", clinician, self.unhold, "POST"),
            place("/persons/{person}/plan", clinician, self.plan, "POST"),
            place("/persons/{person}/card", AT_THE_DESK, self.write_card, "POST"),
        ]

    # -- looking -------------------------------------------------------------------------------------------------------

    async def search(self, request: Request) -> Response:
        return self._search(session_of(request))

    def _search(self, session: Session, *, found: tuple[Person, ...] | None = None, wrong: str = "") -> Response:
        page = draw("persons.html", practice=self._practice, session=session, found=found, wrong=wrong)
        return HTMLResponse(page, 422 if wrong else 200)

    async def find(self, request: Request) -> Response:
        """By a form, so that no name stands in an address."""
        session, form = session_of(request), await form_of(request)
        try:
            born = date.fromisoformat(str(form.get("born") or ""))
        except ValueError:
            return self._search(session, wrong="Write the last name and the whole birth date.")
        found = await asyncio.to_thread(self._find, session, str(form.get("last_name") or ""), born)
        if len(found) == 1:
            return RedirectResponse(f"/persons/{found[0].id}", 303)
        return self._search(session, found=found)

    def _find(self, session: Session, last_name: str, born: date) -> tuple[Person, ...]:
        assert session.account is not None
        with self._records.transaction(self._practice.id, session.account.id) as tx:
            found = tx.people.of_last_name(last_name, born)
        self._reading.listed(session, (f"person/{each.id}" for each in found))
        return found

    async def page(self, request: Request) -> Response:
        session, person = session_of(request), request.path_params["person"]
        shown = await asyncio.to_thread(self._shown, session, person)
        if shown is None:
            raise HTTPException(404, "person")
        await asyncio.to_thread(self._reading.opened, session, f"person/{person}")
        rungs = planning.may_be_first(self._practice)
        return HTMLResponse(
            draw("person.html", practice=self._practice, session=session, person=shown, rungs=rungs)
        )

    def _shown(self, session: Session, person_id: str) -> PersonShown | None:
        assert session.account is not None
        with self._records.transaction(self._practice.id, session.account.id) as tx:
            person = tx.people.get(person_id)
            return shown(tx, self._practice, person) if person else None

    # -- stopping and going on -------------------------------------------------------------------------------------------

    async def stop(self, request: Request) -> Response:
        return await self._state(request, stopped=True, by_clinicians=False)

    async def go_on(self, request: Request) -> Response:
        return await self._state(request, stopped=False, by_clinicians=False)

    async def hold(self, request: Request) -> Response:
        return await self._state(request, stopped=True, by_clinicians=True)

    async def unhold(self, request: Request) -> Response:
        return await self._state(request, stopped=False, by_clinicians=True)

    async def _state(self, request: Request, *, stopped: bool, by_clinicians: bool) -> Response:
        session, form = session_of(request), await form_of(request)
        what = next((each for each in STOPS if each == form.get("what")), None)
        if what is None or (what in BY_CLINICIANS) != by_clinicians:
            raise HTTPException(422, "form")

        def said(tx: Transaction, person: Person, by: str) -> None:
            act = stopping.stop if stopped else stopping.lift
            act(tx, person.id, what, by=by, now=self._clock.now())

        return await self._change(request, session, said, str(form.get("back") or ""))

    async def plan(self, request: Request) -> Response:
        """Whom to ring first, signed by a clinician; none chosen takes it back."""
        session, form = session_of(request), await form_of(request)
        rungs = tuple(str(each) for name in ("first", "second", "third") if (each := form.get(name)))
        if not set(rungs) <= {rung.id for rung in planning.may_be_first(self._practice)}:
            raise HTTPException(422, "form")

        def signed(tx: Transaction, person: Person, by: str) -> None:
            planning.sign(tx, person.id, rungs, by=by, now=self._clock.now())

        return await self._change(request, session, signed, "")

    async def write_card(self, request: Request) -> Response:
        """What is left empty stays as it is."""
        session, form = session_of(request), await form_of(request)
        given = {name: " ".join(str(form.get(name) or "").split())[:longest] for name, longest in LONGEST.items()}

        def written(tx: Transaction, person: Person, by: str) -> None:
            changed = {name: text for name, text in given.items() if text}
            if changed:
                tx.people.update(replace(person, **changed))  # type: ignore[arg-type]

        return await self._change(request, session, written, "")

    async def _change(self, request: Request, session: Session, change: "_Change", back: str) -> Response:
        person_id = request.path_params["person"]

        def changed() -> bool:
            assert session.account is not None
            with self._records.transaction(self._practice.id, session.account.id) as tx:
                person = tx.people.get(person_id)
                if person is not None:
                    change(tx, person, session.account.name)
                return person is not None

        if not await asyncio.to_thread(changed):
            raise HTTPException(404, "person")
        return RedirectResponse(f"/?contact={back}#detail" if back.isalnum() else f"/persons/{person_id}", 303)


def shown(tx: Transaction, practice: Practice, person: Person) -> PersonShown:
    zone, now = practice.timezone, tx.ledger_now() if hasattr(tx, "ledger_now") else None
    raise NotImplementedError

"""Somebody on file: found by last name and birth date, and what stops for them. Every look stands in the ledger.

Where they live is behind glass: it can be written down here, not read.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from lamplighter.console.access import Session
from lamplighter.console.gate import Gate, form_of, session_of
from lamplighter.console.of_a_person import Change, changed
from lamplighter.console.on_file import PersonShown, born, person_shown
from lamplighter.console.pages import draw
from lamplighter.console.reaching import REMINDED_NAMES, WAY_NAMES, NotReadable, wish_in
from lamplighter.console.reading import Reading
from lamplighter.console.roles import AT_THE_DESK, Place, only
from lamplighter.desk import missed, planning, reminders, stopping
from lamplighter.desk.card import may_write_address
from lamplighter.desk.eligibility import Plans
from lamplighter.desk.ports import Clock, Person, Records, Transaction
from lamplighter.desk.stopping import BY_CLINICIANS, OF_ITSELF, STOPS
from lamplighter.practice.model import Practice

LONGEST = {"address": 200, "pronouns": 40}
CHOSEN = ("first", "second", "third")


class Persons:
    def __init__(
        self, gate: Gate, practice: Practice, records: Records, clock: Clock, reading: Reading, plans: Plans
    ) -> None:
        self._gate, self._practice, self._records = gate, practice, records
        self._clock, self._reading, self._plans = clock, reading, plans

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
            place("/persons/{person}/plan", clinician, self.plan, "POST", fresh=True),
            place("/persons/{person}/card", AT_THE_DESK, self.card, "POST"),
            place("/persons/{person}/reach", AT_THE_DESK, self.reach, "POST"),
            place("/persons/{person}/missed", AT_THE_DESK, self.missed, "POST"),
            place("/persons/{person}/took-place", AT_THE_DESK, self.took_place, "POST"),
        ]

    # -- looking -------------------------------------------------------------------------------------------------------

    async def search(self, request: Request) -> Response:
        return self._search(session_of(request))

    def _search(
        self, session: Session, *, found: tuple[Person, ...] | None = None, wrong: str = ""
    ) -> Response:
        given = {"practice": self._practice, "session": session, "found": found, "wrong": wrong, "born": born}
        return HTMLResponse(draw("persons.html", **given), 422 if wrong else 200)

    async def find(self, request: Request) -> Response:
        """By a form, so that no name stands in an address."""
        session, form = session_of(request), await form_of(request)
        last_name = str(form.get("last_name") or "").strip()
        try:
            day = date.fromisoformat(str(form.get("born") or ""))
        except ValueError:
            day = None
        if day is None or not last_name:
            return self._search(session, wrong="Write the last name and the whole birth date.")
        found = await asyncio.to_thread(self._find, session, last_name, day)
        if len(found) == 1:
            return RedirectResponse(f"/persons/{found[0].id}", 303)
        return self._search(session, found=found)

    def _find(self, session: Session, last_name: str, day: date) -> tuple[Person, ...]:
        assert session.account is not None
        with self._records.transaction(self._practice.id, session.account.id) as tx:
            found = tx.people.of_last_name(last_name, day)
        self._reading.listed(session, [f"person/{each.id}" for each in found])
        return found

    async def page(self, request: Request) -> Response:
        session, person = session_of(request), request.path_params["person"]
        shown = await asyncio.to_thread(self._shown, session, person)
        if shown is None:
            raise HTTPException(404, "person")
        await asyncio.to_thread(self._reading.opened, session, f"person/{person}")
        rungs = planning.may_be_first(self._practice)
        return HTMLResponse(
            draw(
                "person.html",
                practice=self._practice,
                session=session,
                person=shown,
                rungs=rungs,
                ways=WAY_NAMES,
                reminded=REMINDED_NAMES,
                fresh=self._gate.may_change(session),
            )
        )

    def _shown(self, session: Session, person_id: str) -> PersonShown | None:
        assert session.account is not None
        with self._records.transaction(self._practice.id, session.account.id) as tx:
            person = tx.people.get(person_id)
            now = self._clock.now()
            return person_shown(tx, self._practice, self._plans, person, now) if person else None

    # -- stopping and going on -----------------------------------------------------------------------------------------

    async def stop(self, request: Request) -> Response:
        return await self._state(request, stops=True, clinical=False)

    async def go_on(self, request: Request) -> Response:
        return await self._state(request, stops=False, clinical=False)

    async def hold(self, request: Request) -> Response:
        return await self._state(request, stops=True, clinical=True)

    async def unhold(self, request: Request) -> Response:
        return await self._state(request, stops=False, clinical=True)

    async def _state(self, request: Request, *, stops: bool, clinical: bool) -> Response:
        session, form = session_of(request), await form_of(request)
        what = next((each for each in STOPS if each == form.get("what")), None)
        if what is None or (what in BY_CLINICIANS) != clinical or (stops and what in OF_ITSELF):
            raise HTTPException(422, "choice")

        def said(tx: Transaction, person: Person, by: str) -> None:
            act = stopping.stop if stops else stopping.lift
            act(tx, person.id, what, by=by, now=self._clock.now())

        return await self._change(request, session, said, str(form.get("back") or ""))

    # -- the plan and the card -----------------------------------------------------------------------------------------

    async def plan(self, request: Request) -> Response:
        """Whom to ring first, signed by a clinician; none chosen takes it back."""
        session, form = session_of(request), await form_of(request)
        rungs = tuple(str(form[name]) for name in CHOSEN if form.get(name))
        if not set(rungs) <= {rung.id for rung in planning.may_be_first(self._practice)}:
            raise HTTPException(422, "choice")

        def signed(tx: Transaction, person: Person, by: str) -> None:
            planning.sign(tx, person.id, rungs, by=by, now=self._clock.now())

        return await self._change(request, session, signed)

    async def card(self, request: Request) -> Response:
        """What is left empty stays as it is."""
        session, form = session_of(request), await form_of(request)
        account = session.account
        assert account is not None
        given = {name: " ".join(str(form.get(name) or "").split())[:most] for name, most in LONGEST.items()}

        def written(tx: Transaction, person: Person, by: str) -> None:
            if given["address"] and not may_write_address(tx, person, account):
                raise HTTPException(403, "glass")
            pronouns, address = given["pronouns"] or person.pronouns, given["address"] or person.address
            changed = replace(person, pronouns=pronouns, address=address)
            if changed != person:
                tx.people.update(changed)

        return await self._change(request, session, written)

    async def reach(self, request: Request) -> Response:
        """How they want to be reached; what was planned for them goes by it from now on."""
        session, form = session_of(request), await form_of(request)
        try:
            wish = wish_in(form)
        except NotReadable as wrong:
            raise HTTPException(422, "choice") from wrong

        def wished(tx: Transaction, person: Person, by: str) -> None:
            reminders.go_by(tx, self._practice, person, wish, by=by, now=self._clock.now())

        return await self._change(request, session, wished)

    async def missed(self, request: Request) -> Response:
        """They did not come; the clinician is told, and what the practice has signed for that is set going."""
        return await self._came(request, missed.mark)

    async def took_place(self, request: Request) -> Response:
        return await self._came(request, missed.undo)

    async def _came(self, request: Request, act: Callable[..., object]) -> Response:
        session, form = session_of(request), await form_of(request)
        visit = str(form.get("visit") or "")

        def said(tx: Transaction, person: Person, by: str) -> None:
            found = tx.schedule.visit(visit)
            if found is None or person.id not in found.participants:
                raise HTTPException(422, "choice")
            act(tx, self._practice, visit, by=by, now=self._clock.now())

        return await self._change(request, session, said)

    async def _change(self, request: Request, session: Session, change: Change, back: str = "") -> Response:
        """`back` is the contact that it was done from."""
        person_id = request.path_params["person"]
        if not await asyncio.to_thread(changed, self._records, self._practice, session, person_id, change):
            raise HTTPException(404, "person")
        return RedirectResponse(
            f"/?contact={back}#detail" if back.isalnum() else f"/persons/{person_id}", 303
        )

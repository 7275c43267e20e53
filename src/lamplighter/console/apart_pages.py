"""Whom a clinician must not see: of somebody on file on a page of theirs, of anybody else by name and birth date."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from lamplighter.console import wording
from lamplighter.console.gate import Gate, form_of, session_of
from lamplighter.console.of_a_person import changed
from lamplighter.console.pages import draw
from lamplighter.console.reading import Reading
from lamplighter.console.roles import AT_THE_DESK, Place
from lamplighter.desk import apart
from lamplighter.desk.apart import Apart, NotRecorded
from lamplighter.desk.ports import Person, Records, Transaction
from lamplighter.practice.model import Practice

LIST: Final = "/apart"
ASKED: Final = ("first_name", "last_name", "born", "clinician")


@dataclass(frozen=True, slots=True)
class EntryShown:
    id: str
    clinician: str
    who: str
    since: str
    by: str


class ApartPages:
    def __init__(self, gate: Gate, practice: Practice, records: Records, reading: Reading) -> None:
        self._gate, self._practice, self._records, self._reading = gate, practice, records, reading
        self._clock = reading.clock

    def places(self) -> list[Place]:
        place, of = self._gate.place, "/persons/{person}/apart"
        return [
            place(of, AT_THE_DESK, self.page),
            place(f"{of}/keep", AT_THE_DESK, self.keep, "POST"),
            place(f"{of}/end", AT_THE_DESK, self.end, "POST"),
            place(LIST, AT_THE_DESK, self.named),
            place(f"{LIST}/keep", AT_THE_DESK, self.keep_named, "POST"),
            place(f"{LIST}/end", AT_THE_DESK, self.end_named, "POST"),
        ]

    # -- somebody on file ----------------------------------------------------------------------------------------------

    async def page(self, request: Request) -> Response:
        session, person_id = session_of(request), request.path_params["person"]
        drawn = await asyncio.to_thread(self._drawn, request, person_id)
        if drawn is None:
            raise HTTPException(404, "person")
        await asyncio.to_thread(self._reading.opened, session, f"person/{person_id}")
        return HTMLResponse(drawn)

    def _drawn(self, request: Request, person_id: str) -> str | None:
        session = session_of(request)
        assert session.account is not None
        with self._records.transaction(self._practice.id, session.account.id) as tx:
            person = tx.people.get(person_id)
            if person is None:
                return None
            entries = apart.entries(tx, person)
            visits = apart.visits_ahead(tx, person, self._clock.now())
        return draw(
            "apart.html",
            practice=self._practice,
            session=session,
            person=person,
            entries=[self._shown(each) for each in entries],
            others=[c for c in self._practice.clinicians if c.id not in {each.clinician for each in entries}],
            visits=[self._visit(each.slot.start, each.slot.clinician) for each in visits],
        )

    async def keep(self, request: Request) -> Response:
        clinician = self._clinician(str((await form_of(request)).get("clinician") or ""))

        def kept(tx: Transaction, person: Person, by: str) -> None:
            apart.keep(tx, person, clinician, by=by, now=self._clock.now())

        return await self._change(request, kept)

    async def end(self, request: Request) -> Response:
        name = str((await form_of(request)).get("entry") or "")

        def ended(tx: Transaction, person: Person, by: str) -> None:
            if name in {each.id for each in apart.entries(tx, person)}:
                apart.let_go(tx, name, by=by, now=self._clock.now())

        return await self._change(request, ended)

    async def _change(self, request: Request, change: Callable[[Transaction, Person, str], None]) -> Response:
        session, person_id = session_of(request), request.path_params["person"]
        there = await asyncio.to_thread(changed, self._records, self._practice, session, person_id, change)
        if not there:
            raise HTTPException(404, "person")
        return RedirectResponse(f"/persons/{person_id}/apart", 303)

    # -- anybody else --------------------------------------------------------------------------------------------------

    async def named(self, request: Request) -> Response:
        return await self._named(request)

    async def _named(
        self, request: Request, wrong: str = "", given: dict[str, str] | None = None
    ) -> Response:
        session = session_of(request)
        await asyncio.to_thread(self._reading.opened, session, "kept_apart")
        entries = await asyncio.to_thread(self._entries, request)
        drawn = draw(
            "apart-named.html",
            practice=self._practice,
            session=session,
            entries=[self._shown(each) for each in entries],
            others=self._practice.clinicians,
            given=given or dict.fromkeys(ASKED, ""),
            wrong=wrong,
        )
        return HTMLResponse(drawn, 422 if wrong else 200)

    def _entries(self, request: Request) -> list[Apart]:
        account = session_of(request).account
        assert account is not None
        with self._records.transaction(self._practice.id, account.id) as tx:
            return [each for each in apart.entries(tx) if each.person is None]

    async def keep_named(self, request: Request) -> Response:
        form = await form_of(request)
        given = {each: str(form.get(each) or "") for each in ASKED}
        clinician = self._clinician(given["clinician"])
        account = session_of(request).account
        assert account is not None

        def kept() -> None:
            who = {each: given[each] for each in ("first_name", "last_name", "born")}
            with self._records.transaction(self._practice.id, account.id) as tx:
                apart.keep_named(tx, **who, clinician=clinician, by=account.name, now=self._clock.now())

        try:
            await asyncio.to_thread(kept)
        except NotRecorded as wrong:
            return await self._named(request, str(wrong), given)
        return RedirectResponse(LIST, 303)

    async def end_named(self, request: Request) -> Response:
        name = str((await form_of(request)).get("entry") or "")
        account = session_of(request).account
        assert account is not None

        def ended() -> None:
            with self._records.transaction(self._practice.id, account.id) as tx:
                apart.let_go(tx, name, by=account.name, now=self._clock.now())

        await asyncio.to_thread(ended)
        return RedirectResponse(LIST, 303)

    # -- words ---------------------------------------------------------------------------------------------------------

    def _clinician(self, wanted: str) -> str:
        if wanted not in {each.id for each in self._practice.clinicians}:
            raise HTTPException(404, "clinician")
        return wanted

    def _name(self, clinician: str) -> str:
        """Whoever works here no longer is named by what the files called them."""
        names = {each.id: each.name for each in self._practice.clinicians}
        return names.get(clinician, clinician)

    def _visit(self, start: datetime, clinician: str) -> str:
        return f"{wording.when(start, self._practice.timezone)}, {self._name(clinician)}"

    def _shown(self, entry: Apart) -> EntryShown:
        born = f", born {entry.born.isoformat()}" if entry.born else ""
        since = wording.when(entry.at, self._practice.timezone)
        return EntryShown(entry.id, self._name(entry.clinician), f"{entry.name}{born}", since, entry.by)

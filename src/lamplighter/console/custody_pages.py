"""Who may act for somebody on file: recorded, and taken back, within ten minutes of a proof."""

import asyncio
from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from lamplighter.console.gate import Gate, form_of, session_of
from lamplighter.console.pages import draw
from lamplighter.console.reading import Reading
from lamplighter.console.roles import AT_THE_DESK, Place
from lamplighter.desk import custody
from lamplighter.desk.custody import NotRecorded
from lamplighter.desk.ports import Person, Records, Transaction
from lamplighter.practice.model import Practice

Change = Callable[[Transaction, Person, str], None]


class CustodyPages:
    def __init__(self, gate: Gate, practice: Practice, records: Records, reading: Reading) -> None:
        self._gate, self._practice, self._records, self._reading = gate, practice, records, reading
        self._clock = reading.clock

    def places(self) -> list[Place]:
        place, of = self._gate.place, "/persons/{person}/custody"
        return [
            place(of, AT_THE_DESK, self.page),
            place(f"{of}/record", AT_THE_DESK, self.record, "POST", fresh=True),
            place(f"{of}/remove", AT_THE_DESK, self.remove, "POST", fresh=True),
            place(f"{of}/only", AT_THE_DESK, self.only, "POST", fresh=True),
        ]

    async def page(self, request: Request) -> Response:
        return await self._page(request)

    async def _page(self, request: Request, wrong: str = "") -> Response:
        session, person_id = session_of(request), request.path_params["person"]
        person = await asyncio.to_thread(self._person, request)
        if person is None:
            raise HTTPException(404, "person")
        await asyncio.to_thread(self._reading.opened, session, f"person/{person_id}")
        drawn = draw(
            "custody.html",
            practice=self._practice,
            session=session,
            person=person,
            proxies=[(each, custody.scope(each)) for each in person.proxies],
            fresh=self._gate.may_change(session),
            wrong=wrong,
        )
        return HTMLResponse(drawn, 422 if wrong else 200)

    def _person(self, request: Request) -> Person | None:
        account = session_of(request).account
        assert account is not None
        with self._records.transaction(self._practice.id, account.id) as tx:
            return tx.people.get(request.path_params["person"])

    async def record(self, request: Request) -> Response:
        form = await form_of(request)
        name, phone = (str(form.get(each) or "") for each in ("name", "phone"))
        may = {each: form.get(each) == "yes" for each in ("visits", "consents")}

        def recorded(tx: Transaction, person: Person, by: str) -> None:
            custody.record(tx, person, name=name, phone=phone, **may, by=by, now=self._clock.now())

        return await self._change(request, recorded)

    async def remove(self, request: Request) -> Response:
        name = str((await form_of(request)).get("name") or "")
        return await self._change(
            request, lambda tx, person, by: custody.remove(tx, person, name, by=by, now=self._clock.now())
        )

    async def only(self, request: Request) -> Response:
        yes = (await form_of(request)).get("only") == "yes"
        return await self._change(
            request,
            lambda tx, person, by: custody.only_by_a_person(tx, person, yes, by=by, now=self._clock.now()),
        )

    async def _change(self, request: Request, change: Change) -> Response:
        account, person_id = session_of(request).account, request.path_params["person"]
        assert account is not None

        def changed() -> bool:
            with self._records.transaction(self._practice.id, account.id) as tx:
                person = tx.people.get(person_id)
                if person is not None:
                    change(tx, person, account.id)
            return person is not None

        try:
            there = await asyncio.to_thread(changed)
        except NotRecorded as wrong:
            return await self._page(request, str(wrong))
        if not there:
            raise HTTPException(404, "person")
        return RedirectResponse(f"/persons/{person_id}/custody", 303)

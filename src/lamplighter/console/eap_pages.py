"""What an EAP has granted somebody: written down by staff on their insurance page, and taken back there."""

import asyncio
from datetime import date

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lamplighter.console.gate import Gate, form_of, session_of
from lamplighter.console.of_a_person import Change, changed
from lamplighter.console.roles import Place, only
from lamplighter.desk import eap, eap_watch
from lamplighter.desk.ports import Clock, Person, Records, Transaction
from lamplighter.practice.model import Practice

MOST, LONGEST_NUMBER = 100, 30
SEES = only("owner", "clinician", "desk", "biller")


class EapPages:
    def __init__(self, gate: Gate, practice: Practice, records: Records, clock: Clock) -> None:
        self._gate, self._practice, self._records, self._clock = gate, practice, records, clock

    def places(self) -> list[Place]:
        here = "/persons/{person}/insurance/eap"
        return [
            self._gate.place(here, SEES, self.keep, "POST"),
            self._gate.place(f"{here}/undo", SEES, self.undo, "POST"),
        ]

    async def keep(self, request: Request) -> Response:
        form = await form_of(request)
        program = str(form.get("program") or "")
        if self._practice.authorizations.eap(program) is None:
            raise HTTPException(422, "choice")
        sessions, number = _sessions_in(form), _number_in(form)
        first, last = _day_in(form, "first"), _day_in(form, "last")
        if first is None or (last is not None and last < first):
            raise HTTPException(422, "choice")

        def kept(tx: Transaction, person: Person, by: str) -> None:
            now = self._clock.now()
            eap.keep(tx, person.id, program, sessions, first, last, number, by=by, now=now)
            eap_watch.plan(tx, person.id, now)

        return await self._change(request, kept)

    async def undo(self, request: Request) -> Response:
        form = await form_of(request)
        name = str(form.get("grant") or "")

        def taken_back(tx: Transaction, person: Person, by: str) -> None:
            now = self._clock.now()
            if eap.take_back(tx, person.id, name, by=by, now=now):
                eap_watch.plan(tx, person.id, now)

        return await self._change(request, taken_back)

    async def _change(self, request: Request, change: Change) -> Response:
        session, person = session_of(request), request.path_params["person"]
        if not await asyncio.to_thread(changed, self._records, self._practice, session, person, change):
            raise HTTPException(404, "person")
        return RedirectResponse(f"/persons/{person}/insurance#eap", 303)


def _sessions_in(form: FormData) -> int | None:
    """None where nobody has said. Raises HTTPException for what is no number of visits."""
    written = str(form.get("sessions") or "").strip()
    if not written:
        return None
    if not written.isascii() or not written.isdigit() or not 0 < int(written) <= MOST:
        raise HTTPException(422, "choice")
    return int(written)


def _number_in(form: FormData) -> str:
    number = "".join(str(form.get("number") or "").split()).upper()[:LONGEST_NUMBER]
    if number and not number.replace("-", "").isalnum():
        raise HTTPException(422, "choice")
    return number


def _day_in(form: FormData, name: str) -> date | None:
    written = str(form.get(name) or "")
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as wrong:
        raise HTTPException(422, "choice") from wrong

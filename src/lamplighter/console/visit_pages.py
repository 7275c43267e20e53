"""One visit: what it is, what was told about it, what was done to it, and what may be said of it."""

import asyncio
from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from lamplighter.console.gate import Gate, form_of, session_of
from lamplighter.console.roles import AT_THE_DESK, Place
from lamplighter.console.visit_room import CHANGES, VisitRoom, day_in, found, named, who
from lamplighter.console.visit_shown import value_of
from lamplighter.conversation.slots import Slot
from lamplighter.desk import missed, office
from lamplighter.desk.ports import Transaction

Mark = Callable[[Transaction, str, str], bool]


class VisitPages:
    def __init__(self, gate: Gate, room: VisitRoom) -> None:
        self._gate, self._room = gate, room

    def places(self) -> list[Place]:
        place, visit = self._gate.place, "/schedule/visits/{visit}"
        return [
            place(visit, AT_THE_DESK, self.page),
            place(f"{visit}/missed", AT_THE_DESK, self.missed, "POST"),
            place(f"{visit}/took-place", AT_THE_DESK, self.took_place, "POST"),
            place(f"{visit}/confirm", CHANGES, self.confirm, "POST"),
            place(f"{visit}/places", CHANGES, self.free_places),
        ]

    async def page(self, request: Request) -> Response:
        return await self._room.page(request, named(request))

    async def free_places(self, request: Request) -> Response:
        """For the page's own script: where a visit could be on the days that it shows."""
        query = request.query_params
        days = [day_in(each) for each in query.get("days", "").split(",")[:7]]
        clinicians = query.get("clinicians", "").split(",")

        def read() -> list[dict[str, object]]:
            with self._room.records.transaction(self._room.practice.id) as tx:
                visit, known = found(tx, named(request)), {each.id for each in self._room.practice.clinicians}
                wanted = [each for each in clinicians if each in known]
                slots = self._room.places(tx, visit, [each for each in days if each], wanted)
            return [self._json(each) for each in slots if each.clinician in wanted]

        return JSONResponse(await asyncio.to_thread(read))

    def _json(self, slot: Slot) -> dict[str, object]:
        local = slot.start.astimezone(self._room.practice.timezone)
        return {
            "to": value_of(slot), "clinician": slot.clinician, "day": local.date().isoformat(),
            "minute": local.hour * 60 + local.minute, "minutes": slot.minutes, "label": self._room.words.slot(slot),
        }  # fmt: skip

    # -- what the domain has -------------------------------------------------------------------------------------------

    async def confirm(self, request: Request) -> Response:
        """The office has confirmed a visit that was held for it; said twice, once."""
        session, _ = session_of(request), await form_of(request)
        name = named(request)

        def confirmed() -> None:
            with self._room.records.transaction(self._room.practice.id, who(session)) as tx:
                visit = found(tx, name)
                if visit.status == office.HELD:
                    office.confirmed(tx, visit, by=session.name, now=self._room.clock.now())

        await asyncio.to_thread(confirmed)
        return RedirectResponse(f"/schedule/visits/{name}?confirmed=yes", 303)

    async def missed(self, request: Request) -> Response:
        def mark(tx: Transaction, name: str, by: str) -> bool:
            marked = missed.mark(tx, self._room.practice, name, by=by, now=self._room.clock.now())
            return marked is not None

        return await self._marked(request, mark)

    async def took_place(self, request: Request) -> Response:
        def unmark(tx: Transaction, name: str, by: str) -> bool:
            return missed.undo(tx, self._room.practice, name, by=by, now=self._room.clock.now())

        return await self._marked(request, unmark)

    async def _marked(self, request: Request, how: Mark) -> Response:
        session, _ = session_of(request), await form_of(request)
        name = named(request)

        def marked() -> bool:
            with self._room.records.transaction(self._room.practice.id, who(session)) as tx:
                self._room.visit(tx, session, name)
                return how(tx, name, session.name)

        if not await asyncio.to_thread(marked):
            raise HTTPException(409, "choice")
        return RedirectResponse(f"/schedule/visits/{name}", 303)

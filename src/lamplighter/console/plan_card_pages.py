"""A picture of somebody's insurance card at the desk: asked for, looked at, read or not. No other page shows it."""

import asyncio
from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lamplighter.console.access import Session
from lamplighter.console.gate import Gate, form_of, session_of
from lamplighter.console.insurance_pages import SEES
from lamplighter.console.of_a_person import changed
from lamplighter.console.reading import Reading
from lamplighter.console.roles import Place
from lamplighter.desk import plan_card, plan_card_kept
from lamplighter.desk.eligibility import Plans
from lamplighter.desk.plan_card_kept import SIDES
from lamplighter.desk.ports import Clock, Person, Records, Transaction
from lamplighter.practice.model import Practice

UNKEPT = {"cache-control": "no-store", "content-disposition": 'inline; filename="card.jpg"'}


class PlanCardPages:
    def __init__(
        self, gate: Gate, practice: Practice, records: Records, clock: Clock, reading: Reading, plans: Plans
    ) -> None:
        self._gate, self._practice, self._records = gate, practice, records
        self._clock, self._reading, self._plans = clock, reading, plans

    def places(self) -> list[Place]:
        place, here = self._gate.place, "/persons/{person}/insurance/card"
        return [
            place(f"{here}/{{side}}", SEES, self.picture),
            place(here, SEES, self.act, "POST"),
        ]

    async def picture(self, request: Request) -> Response:
        session, person = session_of(request), request.path_params["person"]
        found = await asyncio.to_thread(self._picture, session, person, request.path_params["side"])
        if found is None:
            raise HTTPException(404, "page")
        await asyncio.to_thread(self._reading.followed, session, f"card/{person}")
        return Response(found, media_type="image/jpeg", headers=UNKEPT)

    def _picture(self, session: Session, person: str, side: str) -> bytes | None:
        assert session.account is not None
        with self._records.transaction(self._practice.id, session.account.id) as tx:
            card = plan_card_kept.of(tx, person)
            if card is None or side not in SIDES[: len(card.pictures)]:
                return None
            return tx.pictures.get(card.pictures[SIDES.index(side)])

    async def act(self, request: Request) -> Response:
        """They are asked for it, it can't be read, or somebody is done with it: the one that the page showed."""
        form = await form_of(request)
        act, card = ACTS.get(str(form.get("act"))), str(form.get("card") or "")
        if act is None:
            raise HTTPException(422, "choice")

        def acted(tx: Transaction, person: Person, by: str) -> None:
            there = plan_card_kept.of(tx, person.id)
            if (there.id if there else "") == card:
                act(self, tx, person, by)

        session, person = session_of(request), request.path_params["person"]
        if not await asyncio.to_thread(changed, self._records, self._practice, session, person, acted):
            raise HTTPException(404, "person")
        return RedirectResponse(f"/persons/{person}/insurance", 303)

    def _ask(self, tx: Transaction, person: Person, by: str) -> None:
        plan_card.ask(tx, self._practice, self._plans.cards, person, by=by, now=self._clock.now())

    def _unreadable(self, tx: Transaction, person: Person, by: str) -> None:
        plan_card.unreadable(tx, self._practice, self._plans.cards, person, by=by, now=self._clock.now())

    def _done(self, tx: Transaction, person: Person, by: str) -> None:
        plan_card_kept.done_with(tx, person.id, by=by, now=self._clock.now())


ACTS: dict[str, Callable[[PlanCardPages, Transaction, Person, str], None]] = {
    "ask": PlanCardPages._ask,
    "unreadable": PlanCardPages._unreadable,
    "done": PlanCardPages._done,
}

"""The biller's page: whoever is upset first, what is to do, plans, money that was paid by a link and may go back, and
of whom nobody may ask any."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from lamplighter.console.access import Session
from lamplighter.console.billing_shown import BillingShown, shown
from lamplighter.console.gate import Gate, form_of, session_of
from lamplighter.console.live import Wall, Walls
from lamplighter.console.pages import draw
from lamplighter.console.reading import Reading
from lamplighter.console.roles import Place, only
from lamplighter.desk import bill_holds, bill_open, bill_plans, bill_whom, refunds
from lamplighter.desk.ports import Clock, Person, Records, Transaction
from lamplighter.desk.ports.balances import Balances
from lamplighter.practice.model import Money, Practice

BILLING = only("owner", "biller")
NOT_BACK = "Nothing goes back: write an amount that is still left of what was paid, and a reason."
NOBODY = "Write the last name and the whole birth date."
AGREED: Mapping[bill_open.Purpose, str] = {
    "billing": "One message where a payment of their plan is missing",
    "balance": "A message now and then while a balance is open",
}
NOT_APPROVED: Mapping[bill_plans.NotApproved, str] = {
    "gone": "It was not set up: it waits no more, or they have a plan already.",
    "not_asked": "It was not set up: the law lets nobody ask them for money, or their insurer is not clear. Look, and "
    "call them.",
    "held": "It was not set up: nothing about money goes to them. See why below, and call them.",
    "changed": "It was not set up: the books don't show that balance any more, or are too old to tell. Call them.",
}
NO_USE = (
    "Their yes is kept, and nothing goes to them all the same: their number wants nothing about money. "
    "That ends when they write START from it."
)
NOT_THERE = "It was not undone: it stands no more."


class BillingPages:
    def __init__(
        self,
        gate: Gate,
        practice: Practice,
        records: Records,
        walls: Walls,
        reading: Reading,
        clock: Clock,
        books: Balances,
    ) -> None:
        self._gate, self._practice, self._records = gate, practice, records
        self._walls, self._reading, self._clock, self._books = walls, reading, clock, books

    def places(self) -> list[Place]:
        place = self._gate.place
        return [
            place("/billing", BILLING, self.page),
            place("/billing/plans/{plan}/approve", BILLING, self.approve, "POST"),
            place("/billing/plans/{plan}/undo", BILLING, self.undo, "POST"),
            place("/billing/paid/{link}/refund", BILLING, self.refund, "POST", fresh=True),
            place("/billing/find", BILLING, self.find, "POST"),
            place("/billing/persons/{person}/hold", BILLING, self.hold, "POST"),
            place("/billing/persons/{person}/agreed", BILLING, self.agreed, "POST"),
            place("/billing/persons/{person}/may-ask", BILLING, self.may_ask, "POST", fresh=True),
            place("/billing/holds/{hold}/undo", BILLING, self.let_go, "POST"),
        ]

    async def page(self, request: Request) -> Response:
        return await self._drawn(session_of(request), "")

    async def approve(self, request: Request) -> Response:
        session, _ = session_of(request), await form_of(request)
        why = await asyncio.to_thread(self._approved, request.path_params["plan"], session)
        if why is None:
            return RedirectResponse("/billing#plans", 303)
        return await self._drawn(session, NOT_APPROVED[why], 409)

    async def undo(self, request: Request) -> Response:
        session, _ = session_of(request), await form_of(request)
        if await asyncio.to_thread(self._undone, request.path_params["plan"], session):
            return RedirectResponse("/billing#plans", 303)
        return await self._drawn(session, NOT_THERE, 409)

    async def refund(self, request: Request) -> Response:
        """Of what was paid by a link; a second click on the same form is the same refund."""
        session, form = session_of(request), await form_of(request)
        try:
            amount = Decimal(str(form.get("amount") or "").strip().removeprefix("$"))
            number = int(str(form.get("number") or ""))
            amount = amount.quantize(Decimal("0.01")) if amount == round(amount, 2) else Decimal(0)
        except (InvalidOperation, ValueError):
            return await self._drawn(session, NOT_BACK, 422)
        link, why = request.path_params["link"], str(form.get("why") or "")

        def asked(tx: Transaction, by: str) -> object:
            return refunds.ask(tx, link, number, Money(amount), why, by=by, now=self._clock.now())

        return await self._done(session, asked, NOT_BACK, "paid")

    async def find(self, request: Request) -> Response:
        """By a form, so that no name stands in an address."""
        session, form = session_of(request), await form_of(request)
        last_name = str(form.get("last_name") or "").strip()
        try:
            day = date.fromisoformat(str(form.get("born") or ""))
        except ValueError:
            return await self._drawn(session, NOBODY, 422)
        return await self._drawn(session, "" if last_name else NOBODY, found=(last_name, day))

    async def hold(self, request: Request) -> Response:
        return await self._stated(request, bill_holds.HOLDS, bill_holds.hold)

    async def agreed(self, request: Request) -> Response:
        """What they told somebody here: that they may be written to, and about what."""
        session, form = session_of(request), await form_of(request)
        purpose = next((each for each in AGREED if each == form.get("purpose")), None)
        if purpose is None:
            raise HTTPException(422, "choice")
        return await self._of_person(request, session, self._agrees(purpose, session), NO_USE)

    def _agrees(self, purpose: bill_open.Purpose, session: Session) -> Callable[[Transaction, Person], bool]:
        name = session.account.name if session.account else ""

        def agrees(tx: Transaction, person: Person) -> bool:
            said, now = f"told {name}", self._clock.now()
            bill_open.agree(tx, self._practice, person, purpose, True, wording=said, now=now)
            return not bill_whom.wants_none(tx, self._practice, person)

        return agrees

    async def may_ask(self, request: Request) -> Response:
        """Rule 35: with a reason, and never against what the books say of the law."""
        return await self._stated(request, bill_holds.OVERRIDES, bill_holds.let_ask)

    async def let_go(self, request: Request) -> Response:
        session, _ = session_of(request), await form_of(request)
        hold = request.path_params["hold"]

        def taken_back(tx: Transaction, by: str) -> object:
            return bill_holds.take_back(tx, hold, by=by, now=self._clock.now())

        return await self._done(session, taken_back, NOT_THERE, "holds")

    async def _stated(
        self, request: Request, reasons: Mapping[str, str], act: Callable[..., object]
    ) -> Response:
        session, form = session_of(request), await form_of(request)
        why, by = str(form.get("why") or ""), session.account.id if session.account else ""
        if why not in reasons:
            raise HTTPException(422, "choice")

        def said(tx: Transaction, person: Person) -> bool:
            act(tx, person.id, why, by=by, now=self._clock.now())
            return True

        return await self._of_person(request, session, said)

    async def _of_person(
        self, request: Request, session: Session, said: Callable[[Transaction, Person], bool], wrong: str = ""
    ) -> Response:
        def in_one(tx: Transaction, by: str) -> object:
            person = tx.people.get(request.path_params["person"])
            if person is None:
                raise HTTPException(404, "person")
            return said(tx, person)

        return await self._done(session, in_one, wrong, "holds")

    async def _done(
        self, session: Session, act: Callable[[Transaction, str], object], wrong: str, back: str
    ) -> Response:
        """Under the account of whoever is signed in; `wrong` where it comes to nothing."""

        def in_one() -> bool:
            assert session.account is not None
            with self._records.transaction(self._practice.id, session.account.id) as tx:
                return bool(act(tx, session.account.id))

        if await asyncio.to_thread(in_one):
            return RedirectResponse(f"/billing#{back}", 303)
        return await self._drawn(session, wrong, 409)

    async def _drawn(
        self, session: Session, wrong: str, status: int = 200, *, found: tuple[str, date] | None = None
    ) -> Response:
        beside = (await asyncio.to_thread(self._walls.beside, session)).for_billing()
        plans = await asyncio.to_thread(self._shown, found)
        await asyncio.to_thread(self._reading.listed, session, [*beside.about, *plans.about])
        wall = Wall((), None, beside, "", None, None, by_itself=False, draft=False)
        page = draw(
            "billing.html",
            practice=self._practice,
            session=session,
            wall=wall,
            plans=plans,
            wrong=wrong,
            refund_reasons=refunds.REASONS,
            holds=bill_holds.HOLDS,
            overrides=bill_holds.OVERRIDES,
            agreed=AGREED,
            fresh=self._gate.may_change(session),
        )
        return HTMLResponse(page, status)

    def _shown(self, found: tuple[str, date] | None) -> BillingShown:
        books = self._books.stand(self._practice.id)
        with self._records.transaction(self._practice.id) as tx:
            people: tuple[Person, ...] | None = tx.people.of_last_name(*found) if found else None
            return shown(tx, self._practice, self._clock.now(), books, people)

    def _approved(self, task: str, session: Session) -> bill_plans.NotApproved | None:
        now, practice = self._clock.now(), self._practice
        assert session.account is not None
        with self._records.transaction(practice.id, session.account.id) as tx:
            done = bill_plans.approve(tx, self._books, practice, task, by=session.account.id, now=now)
            return None if isinstance(done, bill_plans.Plan) else done

    def _undone(self, plan: str, session: Session) -> bool:
        now = self._clock.now()
        assert session.account is not None
        with self._records.transaction(self._practice.id, session.account.id) as tx:
            return bill_plans.undo(tx, self._practice, plan, by=session.account.id, now=now)

"""The biller's page: what they have to do, plans that wait for approval, and those that stand, each with undo."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from babel.dates import format_date
from babel.numbers import format_currency
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from lamplighter.console import wording
from lamplighter.console.access import Session
from lamplighter.console.gate import Gate, form_of, session_of
from lamplighter.console.live import Wall, Walls
from lamplighter.console.pages import draw
from lamplighter.console.reading import Reading
from lamplighter.console.roles import Place, only
from lamplighter.desk import bill_plans
from lamplighter.desk.ports import AGENT, Clock, Records, Task, Transaction
from lamplighter.practice.model import Money, Practice

BILLING = only("owner", "biller")
GONE = "It was not set up: it waits no more, or they have a plan already."
NOT_THERE = "It was not undone: it stands no more."


@dataclass(frozen=True, slots=True)
class WaitingLine:
    id: str
    name: str
    amount: str
    payments: str
    due: str
    about: str


@dataclass(frozen=True, slots=True)
class PlanLine:
    id: str
    name: str
    amount: str
    payments: tuple[str, ...]
    since: str
    about: str
    over: bool


@dataclass(frozen=True, slots=True)
class PlansOnPage:
    waiting: tuple[WaitingLine, ...]
    standing: tuple[PlanLine, ...]


class BillingPages:
    def __init__(
        self, gate: Gate, practice: Practice, records: Records, walls: Walls, reading: Reading, clock: Clock
    ) -> None:
        self._gate, self._practice, self._records = gate, practice, records
        self._walls, self._reading, self._clock = walls, reading, clock

    def places(self) -> list[Place]:
        place = self._gate.place
        return [
            place("/billing", BILLING, self.page),
            place("/billing/plans/{plan}/approve", BILLING, self.approve, "POST"),
            place("/billing/plans/{plan}/undo", BILLING, self.undo, "POST"),
        ]

    async def page(self, request: Request) -> Response:
        return await self._drawn(session_of(request), "")

    async def approve(self, request: Request) -> Response:
        session, _ = session_of(request), await form_of(request)
        if await asyncio.to_thread(self._approved, request.path_params["plan"], session):
            return RedirectResponse("/billing#plans", 303)
        return await self._drawn(session, GONE, 409)

    async def undo(self, request: Request) -> Response:
        session, _ = session_of(request), await form_of(request)
        if await asyncio.to_thread(self._undone, request.path_params["plan"], session):
            return RedirectResponse("/billing#plans", 303)
        return await self._drawn(session, NOT_THERE, 409)

    async def _drawn(self, session: Session, wrong: str, status: int = 200) -> Response:
        beside = (await asyncio.to_thread(self._walls.beside, session)).for_billing()
        plans = await asyncio.to_thread(self._plans)
        of_plans = (*(each.about for each in plans.waiting), *(each.about for each in plans.standing))
        about = [*beside.about, *of_plans]
        await asyncio.to_thread(self._reading.listed, session, about)
        wall = Wall((), None, beside, "", None, None, by_itself=False, draft=False)
        page = draw(
            "billing.html", practice=self._practice, session=session, wall=wall, plans=plans, wrong=wrong
        )
        return HTMLResponse(page, status)

    def _approved(self, task: str, session: Session) -> bool:
        now = self._clock.now()
        assert session.account is not None
        with self._records.transaction(self._practice.id, session.account.id) as tx:
            return bill_plans.approve(tx, self._practice, task, by=session.account.id, now=now) is not None

    def _undone(self, plan: str, session: Session) -> bool:
        now = self._clock.now()
        assert session.account is not None
        with self._records.transaction(self._practice.id, session.account.id) as tx:
            return bill_plans.undo(tx, self._practice, plan, by=session.account.id, now=now)

    def _plans(self) -> PlansOnPage:
        with self._records.transaction(self._practice.id) as tx:
            waiting = tuple(self._waiting(tx, task) for task in bill_plans.waiting(tx))
            return PlansOnPage(waiting, tuple(self._standing(tx)))

    def _waiting(self, tx: Transaction, task: Task) -> WaitingLine:
        asked = dict(task.details)
        due = wording.when(task.due, self._practice.timezone)
        about = f"person/{task.person}" if task.person else f"task/{task.id}"
        amount = asked.get("amount", "").removesuffix(" USD")
        return WaitingLine(
            task.id, _name(tx, task.person), f"${amount}", asked.get("payments", "?"), due, about
        )

    def _standing(self, tx: Transaction) -> Iterator[PlanLine]:
        names = {each.id: each.name for each in tx.staff.all()}
        today = self._clock.now().astimezone(self._practice.timezone).date()
        for plan, at, by in bill_plans.standing(tx):
            payments = tuple(
                f"{format_date(each.day, 'MMM d, y', locale='en')}: {_dollars(each.amount)}"
                for each in plan.payments
            )
            who = "agreed by themselves" if by == AGENT else f"by {names.get(by, by)}"
            since = f"{wording.when(at, self._practice.timezone)}, {who}"
            yield PlanLine(
                plan.id,
                _name(tx, plan.person),
                _dollars(plan.total),
                payments,
                since,
                f"person/{plan.person}",
                plan.is_over(today),
            )


def _name(tx: Transaction, person_id: str | None) -> str:
    person = tx.people.get(person_id) if person_id else None
    return f"{person.preferred_name or person.first_name} {person.last_name}" if person else "Name not known"


def _dollars(amount: Money) -> str:
    return str(format_currency(amount.amount, amount.currency, locale="en_US"))

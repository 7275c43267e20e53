"""Balances that are paid in monthly payments. A plan is what somebody agreed to, to the day and the cent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lamplighter.conversation.actions import Done, Refused
from lamplighter.conversation.bill_actions import StartPlan
from lamplighter.desk.context import Errand
from lamplighter.desk.messages import callback_due
from lamplighter.desk.ports import AGENT, Fact, Task, Transaction
from lamplighter.desk.ports.balances import Account
from lamplighter.desk.ports.kept import Person
from lamplighter.practice.instalments import Instalment, how_many, instalments
from lamplighter.practice.model import Money


@dataclass(frozen=True, slots=True)
class Plan:
    id: str
    person: str
    payments: tuple[Instalment, ...]

    @property
    def total(self) -> Money:
        return Money(sum((each.amount.amount for each in self.payments), Decimal()))


def of(tx: Transaction, person: str) -> Plan | None:
    """The one that stands."""
    return next((_read(fact) for fact in tx.facts.standing("bill_plan", f"person/{person}")), None)


def start(errand: Errand, person: Person, account: Account, request: StartPlan) -> Done | Refused:
    """Only what the practice's rules make of the balance; anything else was never read out by us."""
    if of(errand.tx, person.id) is not None:
        return Refused("has_one")
    if not _is_ours(errand, account, request):
        return Refused("not_within_limits")
    name = errand.name_of(request)
    details = tuple((f"{n:02}", f"{day} {amount}") for n, (day, amount) in enumerate(request.payments, 1))
    errand.tx.facts.state(
        Fact(name, "bill_plan", f"person/{person.id}", errand.now, AGENT, details, person.id)
    )
    said = (("about", "plan_begun"), ("amount", f"{account.balance.amount} {account.balance.currency}"),
            ("payments", str(len(request.payments))))  # fmt: skip
    due = callback_due(errand.practice, errand.now)
    errand.tx.tasks.add(Task(f"bill_plan:{name}", "billing", "biller", due, errand.contact, person.id, said))
    return Done(ref=name, person=person.id)


def _is_ours(errand: Errand, account: Account, request: StartPlan) -> bool:
    limits, billing = errand.practice.payment_plans, errand.practice.billing
    number, balance = len(request.payments), account.balance
    if limits is None or billing is None or number not in how_many(balance, limits):
        return False
    if billing.plan_alone_to is None or balance.amount > billing.plan_alone_to.amount:
        return False
    first = date.fromisoformat(request.payments[0][0])
    ours = instalments(balance, number, first)
    return request.payments == tuple(
        (each.day.isoformat(), f"{each.amount.amount} {each.amount.currency}") for each in ours
    )


def _read(fact: Fact) -> Plan:
    return Plan(fact.id, fact.person or "", tuple(_payments(fact)))


def _payments(fact: Fact) -> Iterator[Instalment]:
    for _, written in sorted(fact.details):
        day, amount, currency = written.split()
        yield Instalment(date.fromisoformat(day), Money(Decimal(amount), currency))

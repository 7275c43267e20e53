"""Balances that are paid in monthly payments. A plan is what somebody agreed to, to the day and the cent."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final, Literal

from lamplighter.conversation.actions import Done, Refused
from lamplighter.conversation.bill_actions import StartPlan
from lamplighter.conversation.facts import money, money_in
from lamplighter.desk import bill_books, bill_holds, pay_links
from lamplighter.desk.context import Errand, stable_id
from lamplighter.desk.messages import callback_due
from lamplighter.desk.ports import AGENT, Fact, Job, Task, Transaction
from lamplighter.desk.ports.balances import Account, Balances
from lamplighter.desk.ports.kept import Person
from lamplighter.practice.calendar import at_local
from lamplighter.practice.instalments import Instalment, how_many, instalments
from lamplighter.practice.model import Money, Practice

ENTERED_WITHIN: Final = timedelta(days=7)
"""How long after its day a payment may be missing in the books before it is taken to be late."""

JOB: Final = "look_at_payment"
NotApproved = Literal["gone", "not_asked", "held", "changed"]
"""It waits no more, or they have one already; the law lets nobody ask them for money, or that is not clear; a biller's
hold stands; the books don't show that balance, or something was paid since."""

LOOKED_AT: Final = time(10)
"""When on its day it is looked at, where the practice is."""


@dataclass(frozen=True, slots=True)
class Plan:
    id: str
    person: str
    since: datetime
    payments: tuple[Instalment, ...]

    @property
    def total(self) -> Money:
        return Money(sum((each.amount.amount for each in self.payments), Decimal()))

    @property
    def last(self) -> date:
        return max(each.day for each in self.payments)

    def is_over(self, today: date) -> bool:
        return today > self.last

    def stands(self, as_of: date) -> bool:
        """Whether books of this day may still lack a payment that came on its day."""
        return as_of < self.last + ENTERED_WITHIN

    def after(self, day: date) -> Decimal:
        """What falls due later than on this day."""
        return sum((each.amount.amount for each in self.payments if each.day > day), Decimal())

    def holds_more(self, account: Account, begun: date) -> bool:
        """Whether something came to what is owed that the plan was not made of, whatever its day is in the books: a
        later charge, an insurer's answer about an earlier visit, something paid that was taken back."""
        since = sum(
            (each.amount.amount for each in account.credits if each.day > begun and each.amount.amount > 0),
            Decimal(),
        )
        younger = any(charge.day > begun for charge in account.charges)
        return younger or account.balance.amount + since > self.total.amount

    def covers(self, account: Account, begun: date) -> bool:
        """Whether all that is owed is what the plan was made of, and nothing of it is late."""
        to_come = self.after(account.as_of - ENTERED_WITHIN)
        return not self.holds_more(account, begun) and account.balance.amount <= to_come

    def due(self, account: Account, begun: date, today: date) -> Instalment | None:
        """What has fallen due by now and is not in the books: its last day, and all of it. They may have paid it. None
        where the books hold more than the plan: nobody can tell by the balance what of it is missing."""
        due = account.balance.amount - self.after(today)
        days = [each.day for each in self.payments if each.day <= today]
        if not days or due <= 0 or self.holds_more(account, begun):
            return None
        return Instalment(max(days), Money(due, account.balance.currency))

    def payable(self, account: Account, begun: date, today: date) -> Instalment | None:
        """What they may pay of it now: all that has fallen due and is not in the books, else the next payment. None
        where the books hold more than the plan, or nothing is left."""
        if self.holds_more(account, begun):
            return None
        for each in sorted(self.payments, key=lambda payment: payment.day):
            left = account.balance.amount - self.after(each.day)
            if each.day > today and left > 0:
                return self.due(account, begun, today) or Instalment(
                    each.day, Money(left, account.balance.currency)
                )
        return self.due(account, begun, today)


def of(tx: Transaction, person: str, as_of: date) -> Plan | None:
    """The one that stands by books of this day: a payment has the same time to get there, the last one too."""
    found = (_read(fact) for fact in tx.facts.standing("bill_plan", f"person/{person}"))
    return next((plan for plan in found if plan.stands(as_of)), None)


def start(errand: Errand, person: Person, account: Account, request: StartPlan) -> Done | Refused:
    """Only what the practice's rules make of the balance; anything else was never read out by us."""
    if of(errand.tx, person.id, account.as_of) is not None:
        return Refused("has_one")
    if not _is_ours(errand, account, request):
        return Refused("not_within_limits")
    name = errand.name_of(request)
    details = tuple((f"{n:02}", f"{day} {amount}") for n, (day, amount) in enumerate(request.payments, 1))
    fact = Fact(name, "bill_plan", f"person/{person.id}", errand.now, AGENT, details, person.id)
    errand.tx.facts.state(fact)
    _watch(errand.tx, errand.practice, _read(fact))
    said = (("about", "plan_begun"), ("amount", f"{account.balance.amount} {account.balance.currency}"),
            ("payments", str(len(request.payments))))  # fmt: skip
    due = callback_due(errand.practice, errand.now)
    errand.tx.tasks.add(Task(f"bill_plan:{name}", "billing", "biller", due, errand.contact, person.id, said))
    return Done(ref=name, person=person.id)


def standing(tx: Transaction) -> tuple[tuple[Plan, datetime, str], ...]:
    """Every plan that stands, since when, and by whom it was set up; the newest first."""
    return tuple((_read(fact), fact.at, fact.by) for fact in tx.facts.standing("bill_plan"))


def waiting(tx: Transaction) -> tuple[Task, ...]:
    """Those that somebody has to approve."""
    return tuple(
        task
        for task in tx.tasks.list_open()
        if task.kind == "billing" and ("about", "approval") in task.details
    )


def approve(
    tx: Transaction, books: Balances, practice: Practice, task_id: str, *, by: str, now: datetime
) -> Plan | NotApproved:
    """As it was read out to them, from today on; somebody has to tell them, by when they were promised a call."""
    task, billing = tx.tasks.get(task_id), practice.billing
    person = tx.people.get(task.person) if task is not None and task.person is not None else None
    if task is None or task not in waiting(tx) or person is None or billing is None:
        return "gone"
    today = now.astimezone(practice.timezone).date()
    asked = dict(task.details)
    if (why := _why_not(tx, books, practice, person, asked["amount"], today)) is not None:
        return why
    first = today + timedelta(days=billing.plan_first_days)
    payments = instalments(money_in(asked["amount"]), int(asked["payments"]), first)
    fact = Fact(stable_id("bill_plan", task.id, now.isoformat()), "bill_plan", f"person/{person.id}", now, by,
                _written(payments), person.id)  # fmt: skip
    tx.facts.state(fact)
    tx.tasks.close(task.id, by)
    said = tuple(sorted((asked | {"about": "plan_approved"}).items()))
    told = Task(f"plan_approved:{fact.id}", "billing", "biller", task.due, task.contact, person.id, said)
    tx.tasks.add(told)
    plan = _read(fact)
    _watch(tx, practice, plan)
    return plan


def _why_not(
    tx: Transaction, books: Balances, practice: Practice, person: Person, amount: str, today: date
) -> NotApproved | None:
    """What has come about since they asked, or is known by now."""
    account = bill_books.current(tx, books, practice, person, today)
    if of(tx, person.id, account.as_of if account is not None else today) is not None:
        return "gone"
    if bill_books.may_be_asked(tx, books, practice, person) != "yes":
        return "not_asked"
    if bill_holds.held(tx, person.id):
        return "held"
    return None if account is not None and money(account.balance) == amount else "changed"


def undo(tx: Transaction, practice: Practice, plan_id: str, *, by: str, now: datetime) -> bool:
    """It stands no more, and somebody has to tell them. False where it does not stand."""
    fact = tx.facts.get(plan_id)
    if fact is None or fact.kind != "bill_plan" or not tx.facts.lift(plan_id, by, now):
        return False
    total = _drop(tx, _read(fact)).total
    pay_links.close(tx, fact.person or "", now)
    said = (("about", "plan_undone"), ("amount", f"{total.amount} {total.currency}"))
    due = callback_due(practice, now)
    tx.tasks.add(Task(f"plan_undone:{plan_id}", "billing", "biller", due, None, fact.person, said))
    return True


# -- whether it is paid as agreed --------------------------------------------------------------------------------------


def get(tx: Transaction, plan_id: str) -> Plan | None:
    """None where it stands no more."""
    fact = tx.facts.get(plan_id)
    return _read(fact) if fact is not None and fact.kind == "bill_plan" and fact.lifted is None else None


def _watch(tx: Transaction, practice: Practice, plan: Plan) -> None:
    """Each payment is looked at once the books have had the time to show it; a link to all of it is good no more."""
    pay_links.close(tx, plan.person, plan.since)
    for number, payment in enumerate(plan.payments):
        day = payment.day + ENTERED_WITHIN + timedelta(days=1)
        look_again(tx, plan, number, 0, at_local(practice, day, LOOKED_AT))


def look_again(tx: Transaction, plan: Plan, number: int, look: int, due: datetime) -> None:
    args = (("plan", plan.id), ("number", str(number)), ("look", str(look)))
    tx.jobs.enqueue(Job(_key(plan, number, look), JOB, due, args))


def _drop(tx: Transaction, plan: Plan) -> Plan:
    """What was to be looked at again wakes, and finds no plan."""
    for number in range(len(plan.payments)):
        tx.jobs.cancel(_key(plan, number, 0))
    return plan


def _key(plan: Plan, number: int, look: int) -> str:
    return f"{JOB}:{plan.id}:{number}:{look}"


def _written(payments: Iterable[Instalment]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (f"{n:02}", f"{each.day.isoformat()} {each.amount.amount} {each.amount.currency}")
        for n, each in enumerate(payments, 1)
    )


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
    return Plan(fact.id, fact.person or "", fact.at, tuple(_payments(fact)))


def _payments(fact: Fact) -> Iterator[Instalment]:
    for _, written in sorted(fact.details):
        day, amount, currency = written.split()
        yield Instalment(date.fromisoformat(day), Money(Decimal(amount), currency))

"""A balance in monthly payments, within the practice's own limits: read back with every day and amount, and begun by a
yes. Beyond the limits somebody here decides."""

from datetime import timedelta
from decimal import Decimal
from math import ceil

from lamplighter.conversation.actions import Done, PersonFound
from lamplighter.conversation.bill_actions import Owing, StartPlan
from lamplighter.conversation.details import Detail
from lamplighter.conversation.facts import money, money_in
from lamplighter.conversation.flows.owing import Steps, biller, may_we_write, owed
from lamplighter.conversation.needs import Ask, Commit, Confirm, Flow, HandOver, Say, args, keys
from lamplighter.conversation.view import View
from lamplighter.practice.instalments import Instalment, how_many, instalments
from lamplighter.practice.model import Money


def payment_plan(view: View) -> Flow:
    known = yield from owed(view)
    if known is None:
        return
    found, owing = known
    if owing.has_plan:
        return (yield from biller(view, "plan", found))
    limits = view.practice.payment_plans
    allowed = how_many(money_in(owing.amount), limits) if limits else range(0)
    if not allowed:
        return (yield from biller(view, "plan", found, phrase="bill.plan_no", amount=owing.amount))
    yield Ask(
        required=keys(Detail.AMOUNT),
        phrase="bill.plan_offer",
        args=args(months_min=str(allowed[0]), months_max=str(allowed[-1])),
    )
    number = _number(view.value(Detail.AMOUNT) or "", money_in(owing.amount))
    if number not in allowed:
        yield from biller(view, "plan", found, phrase="bill.plan_no", amount=owing.amount, payments=number)
        return
    yield from _agree(view, found, owing, number)


def _agree(view: View, found: PersonFound, owing: Owing, number: int) -> Steps:
    assert found.person is not None and view.practice.billing is not None
    billing = view.practice.billing
    first = view.now.date() + timedelta(days=billing.plan_first_days)
    plan = instalments(money_in(owing.amount), number, first)
    if not (yield Confirm("bill.plan_summary", _read_back(plan))):
        yield Say("bill.kept")
        return
    alone = billing.plan_alone_to
    if alone is None or money_in(owing.amount).amount > alone.amount:
        phrase = "bill.plan_approval"
        yield from biller(view, "approval", found, phrase=phrase, amount=owing.amount, payments=number)
        return
    begun = yield Commit(
        StartPlan(found.person, tuple((each.day.isoformat(), money(each.amount)) for each in plan))
    )
    if not isinstance(begun, Done):
        yield HandOver("handoff.stuck")
    yield Say("bill.plan_begun")
    yield from may_we_write(view, found, owing, "billing")


def _read_back(plan: tuple[Instalment, ...]) -> tuple[tuple[str, str], ...]:
    """The first payment where it is a cent more, the others, the first day and the last."""
    first, last = plan[0], plan[-1]
    more = sum(each.amount != last.amount for each in plan)
    return args(
        number=str(len(plan)),
        how="some" if more > 1 else "one" if more else "alike",
        more=str(more),
        fee=money(first.amount),
        fee_later=money(last.amount),
        day=first.day.isoformat(),
        day2=last.day.isoformat(),
    )


def _number(said: str, balance: Money) -> int:
    """How many payments: a small number is one, anything else what they would pay a month."""
    try:
        amount = Decimal(said)
    except ArithmeticError:
        return 0
    if amount <= 0:
        return 0
    return int(amount) if amount <= 12 and amount == int(amount) else ceil(balance.amount / amount)

"""A balance in monthly payments: exact to the cent, on the same day of each month, or on the last of a shorter one."""

import calendar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from lamplighter.practice.model import Money, PaymentPlans

CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Instalment:
    day: date
    amount: Money


def how_many(balance: Money, limits: PaymentPlans) -> range:
    """The numbers of payments that the limits allow for this balance; empty where none does."""
    if balance.amount < limits.minimum_balance.amount:
        return range(0)
    smallest = limits.minimum_instalment.amount
    most = int(balance.amount // smallest) if smallest else limits.months_max
    return range(limits.months_min, min(most, limits.months_max) + 1)


def instalments(balance: Money, number: int, first: date) -> tuple[Instalment, ...]:
    """They sum to the balance; cents that can't be shared alike are in the first ones, a cent each."""
    cents = int(balance.amount / CENT)
    each, over = divmod(cents, number)
    return tuple(
        Instalment(months_after(first, n), Money((each + (n < over)) * CENT, balance.currency))
        for n in range(number)
    )


def months_after(first: date, months: int) -> date:
    """The same day of a later month, or its last day where it has no such day."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(first.day, last))

"""The columns of a file of accounts, a row at a time. What is wrong is named by its line and column, never by what
stands there: it is about somebody."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeVar

from lamplighter.desk.ports.balances import CHARGES, CREDITS, Charge, Credit
from lamplighter.practice.model import Money

T = TypeVar("T")
NEEDED: Final = (
    "account",
    "first_name",
    "last_name",
    "date_of_birth",
    "as_of",
    "id",
    "day",
    "entry",
    "amount",
)
OPTIONAL: Final = ("for", "charge", "no_cost_sharing", "currency")
NOTHING: Final = "none"
"""The entry of an account that has none, so that whoever owes nothing is known to."""

AMOUNT: Final = re.compile(r"-?(?:\d{1,9}|\d{1,3}(?:,\d{3})+)(?:\.\d{1,2})?", re.ASCII)
"""A comma stands before three digits of dollars and nowhere else: 175,00 is not 17,500."""

LARGEST: Final = Decimal(1_000_000)


class Wrong(Exception):
    """A value can't be read: in which column, what is wrong, and what to write instead."""

    def __init__(self, column: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.column, self.message, self.remedy = column, message, remedy


@dataclass(frozen=True, slots=True, repr=False)
class Owner:
    """The account that a row is about, and whose it is."""

    number: str
    first_name: str
    last_name: str
    born: date
    as_of: date
    no_cost_sharing: bool


def read_owner(values: Mapping[str, str]) -> Owner:
    """Raises Wrong."""
    first_name, last_name, born = read_holder(values)
    return Owner(
        number=_words(values, "account"),
        first_name=first_name,
        last_name=last_name,
        born=born,
        as_of=_day(values, "as_of"),
        no_cost_sharing=_yes_no(values, "no_cost_sharing"),
    )


def read_holder(values: Mapping[str, str]) -> tuple[str, str, date]:
    """First and last name, and the day of birth. Raises Wrong."""
    return _words(values, "first_name"), _words(values, "last_name"), _day(values, "date_of_birth")


def read_entry(values: Mapping[str, str]) -> Charge | Credit | None:
    """Raises Wrong."""
    kind = _one_of(values, "entry", ("charge", *CREDITS, NOTHING))
    if kind == NOTHING:
        return None
    name, day, amount = _words(values, "id"), _day(values, "day"), _amount(values)
    if kind == "charge":
        if amount.amount < 0:
            raise Wrong("amount", "a charge is below nothing", "Write it as an adjustment.")
        return Charge(name, day, amount, _one_of(values, "for", CHARGES, "visit"))
    by = next(each for each in CREDITS if each == kind)
    return Credit(name, day, amount, by, values.get("charge") or None)


def _words(values: Mapping[str, str], column: str) -> str:
    if not values.get(column):
        raise Wrong(column, "nothing is written here", "Every row needs it.")
    return values[column]


def _day(values: Mapping[str, str], column: str) -> date:
    """As books in the United States write days, and as computers do."""
    written = _words(values, column)
    for shape in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            return datetime.strptime(written, shape).date()  # noqa: DTZ007 - a day without a time
        except ValueError:
            continue
    raise Wrong(column, "this is no day of the calendar", "Write it as 2026-12-24 or 12/24/2026.")


def _amount(values: Mapping[str, str]) -> Money:
    if values.get("currency", "USD").upper() not in ("", "USD"):
        raise Wrong(
            "currency", "only US dollars can be told to people", "Leave the currency out, or write USD."
        )
    bare = _words(values, "amount").replace("$", "").strip()
    if bare.startswith("(") and bare.endswith(")"):  # as bookkeepers write what is below nothing
        bare = f"-{bare[1:-1]}"
    amount = Decimal(bare.replace(",", "")) if AMOUNT.fullmatch(bare) else None
    if amount is None or abs(amount) > LARGEST:
        raise Wrong("amount", "this is no amount of money", "Write dollars and cents: 175.00 or 1,750.00.")
    return Money(amount.quantize(Decimal("0.01")))


def _one_of(values: Mapping[str, str], column: str, words: tuple[T, ...], otherwise: T | None = None) -> T:
    written = values.get(column, "").lower().replace(" ", "_")
    if not written and otherwise is not None:
        return otherwise
    found = next((word for word in words if word == written), None)
    if found is None:
        raise Wrong(
            column, "this is none of the words known here", f"Write one of: {', '.join(map(str, words))}."
        )
    return found


def _yes_no(values: Mapping[str, str], column: str) -> bool:
    return _one_of(values, column, ("yes", "no"), "no") == "yes"

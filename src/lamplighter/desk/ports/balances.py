"""What people owe the practice, as whoever keeps its books says: charges, and what was paid and taken off, each with
its day; never a procedure, a diagnosis or a kind of care.

What is not known is said to be so: an account of which one entry can't be read is told to nobody.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Literal, Protocol

from lamplighter.practice.model import Money, PracticeId

ChargeFor = Literal["visit", "late_cancel", "missed", "other"]
CHARGES: Final[tuple[ChargeFor, ...]] = ("visit", "late_cancel", "missed", "other")
CreditBy = Literal["payment", "insurance", "adjustment"]
CREDITS: Final[tuple[CreditBy, ...]] = ("payment", "insurance", "adjustment")


@dataclass(frozen=True, slots=True, repr=False)
class Holder:
    """Whose account it is, as the books know people."""

    first_name: str
    last_name: str
    born: date


@dataclass(frozen=True, slots=True)
class Charge:
    """Something that is owed. `what` is all that may be said of it."""

    id: str
    day: date
    amount: Money
    what: ChargeFor = "visit"


@dataclass(frozen=True, slots=True)
class Credit:
    """Something that was paid or taken off; below nothing where that was taken back. `charge`: of which charge, where
    the books say so."""

    id: str
    day: date
    amount: Money
    by: CreditBy = "payment"
    charge: str | None = None


@dataclass(frozen=True, slots=True)
class FromInsurer:
    """What an insurer has said about a charge (835), all of its answers together. `patient_owes` is what it leaves to
    the patient; `denied`: it pays nothing and leaves it open who does."""

    charge: str
    paid: Money
    taken_off: Money
    patient_owes: Money
    denied: bool = False
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """`as_of`: the day on which all of this was true. `no_cost_sharing`: the law lets nobody ask them for anything.
    `insurer`: what insurers have said of its charges; the books alone make the balance."""

    number: str
    as_of: date
    charges: tuple[Charge, ...] = ()
    credits: tuple[Credit, ...] = ()
    no_cost_sharing: bool = False
    insurer: tuple[FromInsurer, ...] = field(default=())

    @property
    def balance(self) -> Money:
        """What is owed; below nothing where the practice owes them."""
        owed = sum((charge.amount.amount for charge in self.charges), Decimal())
        return Money(owed - sum((credit.amount.amount for credit in self.credits), Decimal()))


@dataclass(frozen=True, slots=True)
class NotTold:
    """Nothing may be said of what they owe, and a person looks: the books have nobody of this name and birth date
    (which is not the same as owing nothing), several, or an entry that can't be read; or there are no books."""

    why: Literal["nobody", "several", "unclear", "no_books"]


@dataclass(frozen=True, slots=True)
class BooksStand:
    """How a practice's books are. "none": nobody has connected any; "reading": they were not read yet; "failed": they
    can't be read now, and what was read last holds. `as_of` is the oldest day among the `accounts`; of `untold` of
    them an entry can't be read, and `all_untold`: nobody's is sure to be whole."""

    state: Literal["none", "reading", "failed", "read"]
    as_of: date | None = None
    accounts: int = 0
    untold: int = 0
    all_untold: bool = False


class Balances(Protocol):
    """Answers at once, from what it holds: whoever asks another system does so beforehand. Nothing here raises."""

    def of(self, practice: PracticeId, holder: Holder) -> Account | NotTold: ...

    def stand(self, practice: PracticeId) -> BooksStand: ...


class NoBooks:
    """For a practice whose books nobody has connected: everything about them goes to a person."""

    def of(self, practice: PracticeId, holder: Holder) -> Account | NotTold:
        return NotTold("no_books")

    def stand(self, practice: PracticeId) -> BooksStand:
        return BooksStand("none")

"""The port to a payment company: a page of theirs on which one amount is paid once. No card number ever passes us."""

from dataclasses import dataclass
from typing import Literal, Protocol

from lamplighter.practice.model import Money, PracticeId

PayStatus = Literal["open", "pending", "paid", "over"]
"""Nobody has paid yet; somebody has by a slower way, and it has not come in; it has; it can't be paid any more."""


RefundState = Literal["done", "pending", "failed"]
"""It is on its way back; the company has not said yet; nothing went back."""


class PaymentRefused(Exception):
    """The company will not do this; trying again doesn't help."""


@dataclass(frozen=True, slots=True)
class PayWanted:
    """A page that is asked for. `id` is stored before; `descriptor` is what stands on statements beside the practice's
    own name: neutral words."""

    id: str
    amount: Money
    descriptor: str


@dataclass(frozen=True, slots=True)
class PayPage:
    """`id` is what the company calls it."""

    id: str
    url: str


@dataclass(frozen=True, slots=True)
class RefundWanted:
    """Money that goes back of what was paid on a page. `id` is stored before; `twice`: it was paid more than once."""

    id: str
    page: str
    amount: Money
    twice: bool = False


class Payments(Protocol):
    """A payment company, for one practice."""

    def page(self, wanted: PayWanted) -> PayPage:
        """The same page however often it is asked for by the same id, after a crash too. Raises PaymentRefused, and
        ConnectionError when it may be tried again."""
        ...

    def status(self, page_id: str) -> PayStatus:
        """Raises ConnectionError when the company can't tell now."""
        ...

    def close(self, page_id: str) -> None:
        """Nobody begins to pay there from now on; what was paid stays so. Raises PaymentRefused, and ConnectionError
        when it may be tried again."""
        ...

    def refund(self, wanted: RefundWanted) -> RefundState:
        """Once, however often it is asked for by the same id, after a crash and however much later; then what became of
        it. Raises PaymentRefused (more than was paid, or nothing was), and ConnectionError when it may be tried
        again."""
        ...


class PaymentCompanies(Protocol):
    def of(self, practice: PracticeId) -> Payments | None:
        """None where there is none, or none that may be used now: then what is owed is paid by statement alone."""
        ...


class StatementsOnly:
    """For practices without a payment company."""

    def of(self, practice: PracticeId) -> Payments | None:
        return None

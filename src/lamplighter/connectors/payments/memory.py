"""A payment company in memory: what the demonstration and rehearsals run on, and the reference for others. No money
moves, and its pages are nowhere."""

from dataclasses import dataclass, field
from decimal import Decimal

from lamplighter.desk.ports.payments import (
    PaymentRefused,
    Payments,
    PayPage,
    PayStatus,
    PayWanted,
    RefundState,
    RefundWanted,
)
from lamplighter.practice.model import PracticeId


@dataclass(slots=True)
class MemoryPayments:
    pages: dict[str, PayWanted] = field(default_factory=dict)
    paid: set[str] = field(default_factory=set)
    pending: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    refunds: dict[str, RefundWanted] = field(default_factory=dict)

    def page(self, wanted: PayWanted) -> PayPage:
        self.pages.setdefault(wanted.id, wanted)
        return PayPage(wanted.id, f"https://pay.example/{wanted.id[:12]}")

    def status(self, page_id: str) -> PayStatus:
        if page_id not in self.pages:
            return "over"
        if page_id in self.paid:
            return "paid"
        if page_id in self.pending:
            return "pending"
        return "over" if page_id in self.closed else "open"

    def close(self, page_id: str) -> None:
        self.closed.add(page_id)

    def refund(self, wanted: RefundWanted) -> RefundState:
        if wanted.id not in self.refunds:
            if wanted.page not in self.paid or not 0 < wanted.amount.amount <= self._left(wanted.page):
                raise PaymentRefused("more than was paid")
            self.refunds[wanted.id] = wanted
        return "done"

    def _left(self, page: str) -> Decimal:
        back = (each.amount.amount for each in self.refunds.values() if each.page == page)
        return self.pages[page].amount.amount - sum(back, Decimal())


@dataclass(frozen=True, slots=True)
class OneCompany:
    """PaymentCompanies, the same for every practice."""

    company: Payments

    def of(self, practice: PracticeId) -> Payments | None:
        return self.company

"""A payment company in memory: what the demonstration and rehearsals run on, and the reference for others. No money
moves, and its pages are nowhere."""

from dataclasses import dataclass, field

from lamplighter.desk.ports.payments import Payments, PayPage, PayStatus, PayWanted
from lamplighter.practice.model import PracticeId


@dataclass(slots=True)
class MemoryPayments:
    pages: dict[str, PayWanted] = field(default_factory=dict)
    paid: set[str] = field(default_factory=set)

    def page(self, wanted: PayWanted) -> PayPage:
        self.pages.setdefault(wanted.id, wanted)
        return PayPage(wanted.id, f"https://pay.example/{wanted.id[:12]}")

    def status(self, page_id: str) -> PayStatus:
        if page_id not in self.pages:
            return "over"
        return "paid" if page_id in self.paid else "open"


@dataclass(frozen=True, slots=True)
class OneCompany:
    """PaymentCompanies, the same for every practice."""

    company: Payments

    def of(self, practice: PracticeId) -> Payments | None:
        return self.company

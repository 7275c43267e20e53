"""The demo's invented plans, answered by the simulated clearinghouse: nothing leaves this machine."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from lamplighter.connectors.clearinghouse.simulated import SimulatedClearinghouse
from lamplighter.desk.ports.clearinghouse import Clearinghouse
from lamplighter.desk.ports.coverage import BenefitRow, Delivery, Network, OtherParty
from lamplighter.practice.model import Money, PracticeId

INSURERS: Final = ("aetna", "cigna", "unitedhealthcare", "empire", "healthfirst_medicaid")
CARVED_TO: Final = "DEMO9"
LOST: Final = 6
"""One of so many is not known to their plan, so that the demo shows what happens then."""


def _dollars(amount: str) -> Money:
    return Money(Decimal(amount))


OPEN_PLAN: Final = (
    BenefitRow(1, "1", "IND", ("30",), plan="LANTERN OPEN ACCESS"),
    BenefitRow(
        2, "B", "IND", ("A6",), period="27", amount=_dollars("25.00"), authorization=False, network=Network.IN,
        places=("11",),
    ),
    BenefitRow(3, "B", "IND", ("98",), period="27", amount=_dollars("40.00"), network=Network.IN),
    BenefitRow(4, "B", "IND", ("A6",), period="27", amount=_dollars("0.00"), network=Network.IN, places=("02",)),
    BenefitRow(5, "C", "IND", ("30",), period="23", amount=_dollars("1500.00"), network=Network.IN),
    BenefitRow(6, "C", "IND", ("30",), period="29", amount=_dollars("310.00"), network=Network.IN),
    BenefitRow(
        7, "F", "IND", ("MH",), network=Network.IN, deliveries=(Delivery("VS", Decimal(30), "23"),),
    ),
)  # fmt: skip
QUIET_PLAN: Final = (
    BenefitRow(1, "1", "IND", ("30",), plan="LANTERN ESSENTIAL"),
    BenefitRow(2, "A", "IND", ("MH",), period="23", share=Decimal("0.20"), network=Network.IN, authorization=True),
    BenefitRow(3, "B", "IND", ("98",), period="27", amount=_dollars("30.00"), network=Network.IN),
    BenefitRow(4, "B", "IND", ("98",), period="27", amount=_dollars("45.00"), network=Network.IN),
)  # fmt: skip
CARVED_PLAN: Final = (
    BenefitRow(1, "1", "IND", ("30",), plan="LANTERN CHOICE"),
    BenefitRow(2, "U", "", ("MH",), others=(OtherParty("X3", "Lantern Behavioral", "PI", CARVED_TO),)),
)
PLANS: Final = (OPEN_PLAN, QUIET_PLAN, CARVED_PLAN)


def member_id(number: int) -> str:
    return f"W{550100 + number:09d}"


def plan_of(number: int) -> tuple[BenefitRow, ...]:
    return PLANS[number % len(PLANS)]


@dataclass(frozen=True, slots=True)
class SimulatedClearinghouses:
    """One that answers every practice out of the invented plans; a carve-out is one of them."""

    one: SimulatedClearinghouse

    def of(self, practice: PracticeId) -> Clearinghouse:
        return self.one


def simulated(people: int) -> SimulatedClearinghouses:
    known = {member_id(number): plan_of(number) for number in range(people) if number % LOST != LOST - 1}
    return SimulatedClearinghouses(SimulatedClearinghouse(known, of_payers={CARVED_TO: OPEN_PLAN}))

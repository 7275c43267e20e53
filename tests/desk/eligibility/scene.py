"""A desk that asks a simulated clearinghouse, one person with a plan, and a visit of theirs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from lamplighter.connectors.clearinghouse.simulated import SimulatedClearinghouse
from lamplighter.conversation.slots import Slot
from lamplighter.desk import plan_gates, plan_kept, reminders
from lamplighter.desk.plan_kept import Reading
from lamplighter.desk.ports import Person, Task, Visit
from lamplighter.desk.ports.clearinghouse import Refused, Reply, Why
from lamplighter.desk.ports.coverage import BenefitRow, EligibilityQuestion, Network, OtherParty
from lamplighter.practice.model import Modality, Money, Practice
from lamplighter.practice.sample import load_sample
from tests.promises.desks import House

AT = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)  # a Tuesday; noon in New York
SOON = datetime(2026, 12, 15, 19, 0, tzinfo=UTC)
NUMBER = "W123456789"
ACTIVE = BenefitRow(1, "1", services=("30",), plan="LANTERN OPEN")
COPAY = BenefitRow(
    2, "B", "IND", ("A6",), period="27", amount=Money(Decimal("20.00")), network=Network.IN, places=("11",)
)
CARVED = BenefitRow(3, "U", services=("MH",), others=(OtherParty("X3", "Lantern Behavioral"),))
ANNA = Person(
    "anna", "Anna", "Lindqvist", date(1988, 4, 12), "+12125550144", language="en", state="NY",
    insurer="aetna", member_id=NUMBER, subscriber="self", contact_channel="sms",
)  # fmt: skip


@dataclass
class Payers:
    """One clearinghouse for everybody. `says` answers in place of its plans, each once; `told` counts what left."""

    plans: dict[str, tuple[BenefitRow, ...]] = field(default_factory=lambda: {NUMBER: (ACTIVE, COPAY)})
    says: list[Reply] = field(default_factory=list)
    party: str = ""
    told: list[EligibilityQuestion] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)
    real: SimulatedClearinghouse = field(default_factory=SimulatedClearinghouse)

    def of(self, practice: str) -> "Payers":
        return self

    def ask(self, question: EligibilityQuestion, deadline: float) -> Reply:
        self.told.append(question)
        self.real.plans = self.plans
        return self.says.pop(0) if self.says else self.real.ask(question, deadline)

    def look_again(self, question: EligibilityQuestion, ticket: str, deadline: float) -> Reply:
        self.looked.append(ticket)
        return self.says.pop(0) if self.says else self.real.look_again(question, ticket, deadline)


class Scene:
    def __init__(
        self,
        person: Person = ANNA,
        *,
        payers: Payers | None = None,
        practice: Practice | None = None,
        charts: Any = None,
        pages: str | None = None,
        agreed: Iterable[plan_gates.Purpose] = ("plan_check",),
        **rules: Any,
    ) -> None:
        sample = practice or load_sample()
        self.practice = replace(sample, eligibility=replace(sample.eligibility, **rules))
        self.payers = payers or Payers()
        self.house = House(AT, practice=self.practice, clearinghouses=self.payers, charts=charts, pages=pages)
        with self.tx() as tx:
            tx.people.add(person)
            for purpose in agreed:
                plan_gates.keep_answer(tx, person.id, purpose, True, wording="paper", now=AT)

    def tx(self) -> Any:
        return self.house.store.transaction(self.practice.id)

    @property
    def now(self) -> datetime:
        return self.house.clock.now()

    def book(
        self, name: str = "v1", start: datetime = SOON, person: str = ANNA.id, *, video: bool = False
    ) -> Visit:
        modality = Modality.TELEHEALTH if video else Modality.IN_PERSON
        site = None if video else self.practice.sites[0].id
        slot = Slot(start, 50, "amara_osei", modality, "follow_up", site)
        with self.tx() as tx:
            visit = tx.schedule.book(name, slot, [person], "test", self.now, "booked")
            assert visit is not None
            reminders.plan_for_all(tx, self.practice, visit, self.now)
        return visit

    def until(self, moment: datetime) -> None:
        self.house.pass_time((moment - self.now).total_seconds())

    def a_moment(self) -> None:
        self.house.pass_time(1)

    def change(self, **values: Any) -> None:
        from lamplighter.desk import eligibility

        with self.tx() as tx:
            person = tx.people.get(ANNA.id)
            tx.people.update(replace(person, **values))
            eligibility.plan_anew(tx, self.practice, ANNA.id, self.now)

    def readings(self, person: str = ANNA.id) -> list[Reading]:
        """Of all their questions, the newest question and reading first."""
        with self.tx() as tx:
            return [each for one in plan_kept.questions(tx, person) for each in plan_kept.readings(tx, one)]

    def outcomes(self) -> list[str]:
        return [str(each.outcome) for each in self.readings()]

    def reasons(self) -> list[str]:
        with self.tx() as tx:
            return [reason for _, reason in plan_gates.kept_reasons(tx, ANNA.id)]

    def tasks(self, *kinds: str) -> list[Task]:
        with self.tx() as tx:
            return [each for each in tx.tasks.list_open() if each.kind in kinds or not kinds]

    def texts(self) -> list[str]:
        return [each.text for each in self.house.messenger.texts.values()]

    def traces(self) -> set[str]:
        return {each.trace for each in self.payers.told}


def refuses(why: Why, times: int = 1, **more: Mapping[str, object]) -> Payers:
    return Payers(says=[Refused(why) for _ in range(times)])


def days(count: float) -> timedelta:
    return timedelta(days=count)

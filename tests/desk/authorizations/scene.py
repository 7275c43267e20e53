"""A desk whose payer wants to approve follow-up visits first, and rules in memory."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from lamplighter.connectors.clearinghouse.simulated_authorizations import SimulatedAuthorizations
from lamplighter.conversation.slots import Slot
from lamplighter.desk import missed, plan_gates, reminders
from lamplighter.desk.authorizations import kept
from lamplighter.desk.authorizations.acts import Acts
from lamplighter.desk.authorizations.model import Authorization, Codes
from lamplighter.desk.authorizations.standing import Standing, standing_for
from lamplighter.desk.ports import Person, Task, Visit
from lamplighter.desk.ports.authorizations import AuthorizationReply
from lamplighter.desk.ports.coverage import AskedService
from lamplighter.practice.authorizing import AskedBy, AuthorizationPayer, AuthorizationRules, Need
from lamplighter.practice.model import Modality, Party
from lamplighter.practice.sample import load_sample
from tests.desk.eligibility.scene import ANNA, AT, SOON, Payers
from tests.promises.desks import House

CODES = Codes(
    ("F41.1",), (AskedService("90837", units=Decimal(8)),), date(2026, 12, 10), date(2027, 3, 10)
)  # fmt: skip
BILLER, CLINICIAN = "Bea Count", "Dr. Osei"


class Scene:
    def __init__(
        self,
        *says: AuthorizationReply,
        by: AskedBy = "x12_278",
        need: Need = "needed",
        polled: bool = True,
        party: str = "",
        part_2: bool = False,
        person: Person = ANNA,
        channels: Any = None,
        parties: tuple[Party, ...] = (),
        **rules: Any,
    ) -> None:
        sample = load_sample()
        payer = AuthorizationPayer(
            "aetna", by, (("follow_up", need),), "not_needed", fax="+12125550188", **rules
        )
        self.practice = replace(
            sample,
            authorizations=AuthorizationRules((payer,)),
            eligibility=replace(sample.eligibility, part_2=part_2),
            parties=(*sample.parties, *parties),
        )
        self.payers = SimulatedAuthorizations(list(says), may_be_polled=polled, party=party)
        self.plans = Payers()
        self.house = House(
            AT, practice=self.practice, clearinghouses=self.plans, authorizations=channels or self.payers
        )  # fmt: skip
        with self.tx() as tx:
            tx.people.add(person)
            plan_gates.keep_answer(tx, person.id, "plan_check", True, wording="paper", now=AT)

    def tx(self) -> Any:
        return self.house.store.transaction(self.practice.id)

    @property
    def acts(self) -> Acts:
        return Acts(self.house.desk.authorizations, self.practice)

    @property
    def now(self) -> datetime:
        return self.house.clock.now()

    def book(self, name: str = "v1", start: datetime = SOON) -> Visit:
        slot = Slot(start, 45, "amara_osei", Modality.TELEHEALTH, "follow_up")
        with self.tx() as tx:
            visit = tx.schedule.book(name, slot, [ANNA.id], "test", self.now, "booked")
            assert visit is not None
            reminders.plan_for_all(tx, self.practice, visit, self.now)
        return visit

    def cancel(self, name: str = "v1") -> None:
        with self.tx() as tx:
            reminders.drop(tx, self.practice, tx.schedule.set_status(name, "cancelled"))

    def miss(self, name: str, *, undo: bool = False) -> None:
        with self.tx() as tx:
            what = missed.undo if undo else missed.mark
            assert what(tx, self.practice, name, by="Sam", now=self.now)

    def change(self, **values: Any) -> None:
        with self.tx() as tx:
            tx.people.update(replace(tx.people.get(ANNA.id), **values))

    def past(self, **time: float) -> None:
        self.house.pass_time(timedelta(**time).total_seconds())

    def until(self, moment: datetime) -> None:
        self.house.pass_time((moment - self.now).total_seconds())

    def all(self) -> tuple[Authorization, ...]:
        with self.tx() as tx:
            return kept.of_person(tx, ANNA.id)

    @property
    def one(self) -> Authorization:
        return self.all()[-1]

    def do(self, act: str, *args: Any, by: str = BILLER, found: Authorization | None = None) -> Any:
        one = found or self.one
        with self.tx() as tx:
            return getattr(self.acts, act)(tx, one, *args, by, self.now)

    def confirm(self, codes: Codes = CODES) -> Any:
        return self.do("confirm", codes, by=CLINICIAN)

    def release(self, found: Authorization | None = None) -> Any:
        one = found or self.one
        with self.tx() as tx:
            return self.acts.release(tx, tx.people.get(ANNA.id), one, BILLER, self.now)

    def drafted(self) -> "Scene":
        self.book()
        self.past(minutes=11)
        return self

    def released(self) -> "Scene":
        self.drafted()
        self.confirm()
        assert not isinstance(self.release(), str)
        return self

    def tasks(self) -> list[str]:
        """What is to be done about authorizations, and by whom."""
        return [f"{each.route}: {dict(each.details)['about']}" for each in self.open_tasks()]

    def open_tasks(self) -> list[Task]:
        with self.tx() as tx:
            return [each for each in tx.tasks.list_open() if each.kind == "authorization"]

    def told(self) -> Standing:
        with self.tx() as tx:
            return standing_for(tx, self.practice, tx.people.get(ANNA.id), self.now)

"""Somebody on file with a visit, who has our reminder on their telephone and answers it."""

import itertools
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from lamplighter.channels.sms.inbound import Inbound
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.state import State, fold
from lamplighter.desk import reminders
from lamplighter.desk.ports import Fact, Person, Task, Visit
from lamplighter.practice.model import Modality
from tests.promises.desks import House

NUMBER = "+12125550123"
WHO = Person("p1", "Rosalind", "Thimblewick", date(1985, 12, 1), NUMBER, contact_channel="sms", language="en")
VISIT_AT = datetime(2026, 12, 9, 19, tzinfo=UTC)  # a Wednesday, two in the afternoon in New York
REMINDED_AT = VISIT_AT - timedelta(hours=23)


@dataclass
class Thread:
    """One telephone: what is written from it, and what comes back."""

    house: House
    number: str = NUMBER
    contact: str | None = None
    _names: Any = field(default_factory=itertools.count)

    def writes(self, text: str) -> list[str]:
        """The phrases that answer."""
        self.reply = Inbound(self.house.desk.contacts, self.house.store).take(
            "demo",
            dialled=self.house.practice.phone,
            sender=self.number,
            text=text,
            inbound=f"t{next(self._names)}",
        )
        self.contact = self.reply.contact
        return [each.phrase for each in self.reply.said]

    @property
    def words(self) -> str:
        return " ".join(each.text for each in self.reply.said)

    @property
    def state(self) -> State:
        assert self.contact is not None
        with self.house.store.transaction("demo") as tx:
            return fold(tx.log.read(self.contact))

    def tasks(self, *kinds: str) -> list[Task]:
        with self.house.store.transaction("demo") as tx:
            return [task for task in tx.tasks.list_open() if task.kind in kinds]

    def opted_out(self) -> list[Fact]:
        with self.house.store.transaction("demo") as tx:
            return list(tx.facts.standing("opted_out", f"number/{self.number}"))

    def person(self) -> Person:
        with self.house.store.transaction("demo") as tx:
            found = tx.people.get("p1")
        assert found is not None
        return found

    def visit(self) -> Visit:
        with self.house.store.transaction("demo") as tx:
            found = tx.schedule.visit("v1")
        assert found is not None
        return found


def reminded(*, practice: Any = None, sent: bool = True, **person: Any) -> Thread:
    """The day before the visit; their reminder has arrived an hour ago where it was `sent`."""
    house = House(VISIT_AT - timedelta(days=6), practice=practice)
    with house.store.transaction("demo") as tx:
        who = replace(WHO, **person)
        tx.people.add(who)
        slot = Slot(VISIT_AT, 50, "mei_tan", Modality.IN_PERSON, "follow_up", "harbor_lane")
        visit = tx.schedule.book("v1", slot, ["p1"], "c0", house.clock.now(), "booked")
        assert visit is not None
        if sent:
            reminders.plan_for_all(tx, house.practice, visit, house.clock.now())
    house.pass_time((REMINDED_AT - house.clock.now()).total_seconds())
    return Thread(house)

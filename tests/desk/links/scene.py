"""Somebody on file with a visit, and the link that our reminder brought to their telephone."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from lamplighter.conversation.slots import Slot
from lamplighter.conversation.state import State, fold
from lamplighter.desk import reminders
from lamplighter.desk.contacts import Line
from lamplighter.desk.context import stable_id
from lamplighter.desk.link_acts import Act, Shown
from lamplighter.desk.links import PATH, about
from lamplighter.desk.ports import Message, Task, Visit
from lamplighter.practice.model import Modality
from lamplighter.wiring.desk import Desk, wire
from lamplighter.wiring.outward import Outward
from lamplighter.wiring.stage import Quiet
from tests.desk.gate.threads import REMINDED_AT, VISIT_AT, WHO
from tests.promises.desks import House

ADDRESS = "https://localhost"


class Linked(House):
    """A desk whose operator has set where its pages are from outside."""

    def wired_with(self, line: Line) -> Desk:
        return wire(
            self.records,
            self.jobs,
            [line],
            Outward(self.clock, self.messenger, self.pager, Quiet()),
            worker="w1",
            new_id=self._next_id,
            new_code=lambda: "123456",
            public_address=ADDRESS,
        )


@dataclass
class Telephone:
    """Theirs, with the link on it."""

    house: Linked
    token: str

    def looks(self) -> Shown:
        return self.house.desk.links.look("demo", self.token)

    def does(self, act: Act, chosen: str = "") -> Shown:
        return self.house.desk.links.act("demo", self.token, act, chosen)

    def chooses(self, shown: Shown, place: int = 0) -> Shown:
        return self.does("choose", shown.slots[place].start.isoformat())

    @property
    def visit(self) -> Visit:
        with self.house.store.transaction("demo") as tx:
            found = tx.schedule.visit("v1")
        assert found is not None
        return found

    @property
    def state(self) -> State:
        with self.house.store.transaction("demo") as tx:
            return fold(tx.log.read(stable_id("link", about(self.token))))

    def tasks(self, *kinds: str) -> list[Task]:
        with self.house.store.transaction("demo") as tx:
            return [task for task in tx.tasks.list_open() if task.kind in kinds]

    def texts(self, phrase: str) -> list[Message]:
        with self.house.store.transaction("demo") as tx:
            return [each for each in tx.outbox.recent() if each.phrase == phrase]

    def stored(self) -> tuple[object, ...]:
        """What anything that is done would move."""
        with self.house.store.transaction("demo") as tx:
            kept = (tx.log.contacts(), tx.outbox.recent(), tx.tasks.list_open(), tx.jobs.pending())
            return (*kept, tx.facts.standing("link_over"), tx.schedule.visit("v1"))


def book(house: House, name: str, person: Any, start: Any = VISIT_AT, kind: str = "follow_up") -> None:
    with house.store.transaction("demo") as tx:
        tx.people.add(person)
        slot = Slot(start, 50, "mei_tan", Modality.IN_PERSON, kind, "harbor_lane")
        visit = tx.schedule.book(name, slot, [person.id], "c0", house.clock.now(), "booked")
        assert visit is not None
        reminders.plan_for_all(tx, house.practice, visit, house.clock.now())


def token_in(house: House, person: str = "p1") -> str:
    with house.store.transaction(house.practice.id) as tx:
        urls = [dict(each.args).get("link") for each in tx.outbox.recent() if each.person == person]
    url = next(each for each in urls if each)
    return str(url.rpartition(PATH)[2])


def reminded(*, practice: Any = None, **person: Any) -> Telephone:
    """The day before the visit; the reminder came an hour ago."""
    house = Linked(VISIT_AT - timedelta(days=6), practice=practice)
    book(house, "v1", replace(WHO, **person))
    house.pass_time((REMINDED_AT - house.clock.now()).total_seconds())
    return Telephone(house, token_in(house))

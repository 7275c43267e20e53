"""A morning on which a clinician can't come: four people who see her today, one of them by phone only."""

import itertools
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from lamplighter.conversation.slots import Slot
from lamplighter.desk import reminders, sick_day, sick_day_tally, sick_day_told
from lamplighter.desk.ports import Message, Person, Task, Visit
from lamplighter.desk.sick_day import CalledOff, Spell, ToTell
from lamplighter.practice.model import Modality
from tests.desk.gate.threads import Thread
from tests.promises.desks import House

SEVEN_FIFTEEN = datetime(2026, 12, 9, 12, 15, tzinfo=UTC)  # a Wednesday in New York
WHO = "mei_tan"
DAY = Spell(WHO, datetime(2026, 12, 9, 5, tzinfo=UTC), datetime(2026, 12, 10, 5, tzinfo=UTC))
NINE, ELEVEN, TWO, FOUR = (datetime(2026, 12, 9, hour, tzinfo=UTC) for hour in (14, 16, 19, 21))


def number(place: int) -> str:
    return f"+1212555{120 + place:04d}"


def somebody(place: int, **other: Any) -> Person:
    known = Person(
        f"p{place}", f"Tabitha{'abcdefgh'[place]}", "Nettleship", date(1980, 1, 1 + place), number(place),
        contact_channel="sms", language="en",
    )  # fmt: skip
    return replace(known, **other)


@dataclass
class Morning:
    """Visits v0 to v3 at nine, eleven, two and four; p3 is reached by phone only."""

    house: House = field(default_factory=lambda: House(SEVEN_FIFTEEN - timedelta(days=10)))
    _names: Any = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        for place, at in enumerate((NINE, ELEVEN, TWO, FOUR)):
            self.books(place, at, contact_channel="voice" if place == 3 else "sms")
        self.until(SEVEN_FIFTEEN)

    def books(self, place: int, at: datetime, **person: Any) -> None:
        slot = Slot(at, 45, WHO, Modality.IN_PERSON, "follow_up", "harbor_lane")
        with self.tx() as tx:
            tx.people.add(somebody(place, **person))
            visit = tx.schedule.book(f"v{place}", slot, [f"p{place}"], "c0", self.now, "booked")
            assert visit is not None
            reminders.plan_for_all(tx, self.house.practice, visit, self.now)

    def tx(self) -> Any:
        return self.house.store.transaction(self.house.practice.id)

    @property
    def now(self) -> datetime:
        return self.house.clock.now()

    def until(self, then: datetime) -> None:
        self.house.pass_time((then - self.now).total_seconds())

    def passes(self, **time: Any) -> None:
        self.house.pass_time(timedelta(**time).total_seconds())

    def preview(self) -> list[ToTell]:
        with self.tx() as tx:
            return list(sick_day.preview(tx, self.house.practice, DAY, self.now))

    def says(self, by: str = "Rosa Ferro") -> CalledOff:
        with self.tx() as tx:
            return sick_day.call_off(tx, DAY, by=by, now=self.now)

    def undoes(self, called_off: CalledOff, by: str = "Rosa Ferro") -> bool:
        with self.tx() as tx:
            return sick_day.undo(tx, called_off.id, by=by, now=self.now)

    def is_done(self) -> CalledOff:
        called_off = self.says()
        self.passes(minutes=2, seconds=1)
        return called_off

    def visit(self, place: int) -> Visit:
        with self.tx() as tx:
            found = tx.schedule.visit(f"v{place}")
        assert found is not None
        return found

    def statuses(self) -> list[str]:
        return [self.visit(place).status for place in range(4)]

    def written(self) -> list[Message]:
        with self.tx() as tx:
            found = [each for each in tx.outbox.recent(1000) if each.phrase == "sms.called_off"]
        return sorted(found, key=lambda each: each.person or "")

    def calls(self) -> list[Task]:
        with self.tx() as tx:
            return [task for task in tx.tasks.list_open() if task.kind == "called_off"]

    def tally(self, called_off: CalledOff) -> sick_day_tally.Tally:
        with self.tx() as tx:
            stands = sick_day.of(tx, called_off.id)
            assert stands is not None
            return sick_day_tally.tally(tx, stands, self.now)

    def told(self, called_off: CalledOff) -> list[sick_day_told.Told]:
        with self.tx() as tx:
            return list(sick_day_told.told(tx, called_off.id))

    def thread(self, place: int) -> Thread:
        return Thread(self.house, number(place), _names=self._names)

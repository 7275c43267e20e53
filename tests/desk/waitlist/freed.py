"""A practice with a visit that can be freed and people who wait for a time like it."""

import itertools
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from lamplighter.conversation.actions import Cancel
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.state import State
from lamplighter.conversation.wish import Wish
from lamplighter.desk import booking, waitlist_openings
from lamplighter.desk.context import Errand
from lamplighter.desk.offering import Offering
from lamplighter.desk.ports import Consent, Job, Message, Person, Visit, Waiting
from lamplighter.desk.waitlist_openings import Offer, Opening
from lamplighter.practice.model import Modality
from tests.desk.gate.threads import Thread
from tests.promises.desks import NOON, House

VISIT_AT = datetime(2026, 12, 9, 19, tzinfo=UTC)  # a Wednesday, two in the afternoon in New York
SLOT = Slot(VISIT_AT, 45, "mei_tan", Modality.IN_PERSON, "follow_up", "harbor_lane")
OWNER = Person("owner", "Quentin", "Marblethorpe", date(1979, 3, 2), "+12125550190", contact_channel="sms")


def number(place: int) -> str:
    return f"+1212555{100 + place:04d}"


def somebody(place: int, **other: Any) -> Person:
    known = Person(
        f"w{place}", f"Willa{'abcdefghij'[place % 10]}", "Quillfeather", date(1990, 1, 1 + place), number(place),
        contact_channel="sms", language="en",
    )  # fmt: skip
    return replace(known, **other)


def waits(place: int, **other: Any) -> Waiting:
    """Whoever has the lower number waits longer."""
    since = NOON - timedelta(days=30 - place)
    return replace(Waiting(f"e{place}", f"w{place}", Wish().dumps(), "follow_up", since), **other)


@dataclass
class Freed:
    """`practice`, `clock` and `store` are the house's; `owner`'s visit is `v1`."""

    house: House = field(default_factory=lambda: House(NOON))
    _names: Any = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        with self.tx() as tx:
            tx.people.add(OWNER)
            assert tx.schedule.book("v1", SLOT, ["owner"], "c0", NOON, "booked")

    def tx(self) -> Any:
        return self.house.store.transaction(self.house.practice.id)

    def joins(self, place: int, *, person: Any = None, agreed: bool = True, **waiting: Any) -> None:
        with self.tx() as tx:
            who = somebody(place, **(person or {}))
            tx.people.add(who)
            tx.waitlist.join(waits(place, **waiting))
            if agreed:
                tx.consents.record(Consent(f"a{place}", who.id, "waitlist", "sms", True, NOON, "waitlisted"))

    def free(self, visit: str = "v1") -> None:
        """As a turn does in which it is cancelled; nothing has run yet."""
        with self.tx() as tx:
            state = State(practice=self.house.practice.id, contact="c9", channel="voice")
            errand = Errand(tx, self.house.practice, state, self.house.clock.now(), lambda: "123456")
            booking.cancel(errand, Cancel(visit))

    def frees(self, visit: str = "v1") -> None:
        self.free(visit)
        self.goes_by()

    def goes_by(self, **time: Any) -> None:
        self.house.pass_time(timedelta(**time).total_seconds())

    def looks_again(self, job: Job) -> None:
        """As a worker does that takes up what another one had begun."""
        house = self.house
        books = {house.practice.id: house.conversation.phrasebook}
        Offering(house.store, {house.practice.id: house.practice}, books, house.clock).run(
            house.practice.id, job
        )

    def thread(self, place: int) -> Thread:
        return Thread(self.house, number(place), _names=self._names)

    def offered(self) -> list[str]:
        """To whom it stands offered now."""
        with self.tx() as tx:
            return [each.person for each in waitlist_openings.pending(tx)]

    def over(self) -> list[Offer]:
        with self.tx() as tx:
            return list(waitlist_openings.over(tx))[::-1]

    def ends(self) -> list[tuple[str, str | None]]:
        return [(each.person, each.end) for each in self.over()]

    def openings(self) -> list[Opening]:
        with self.tx() as tx:
            return list(waitlist_openings.openings(tx))

    def texts(self) -> list[Message]:
        with self.tx() as tx:
            return [each for each in tx.outbox.recent(100) if each.phrase.startswith("sms.opening")][::-1]

    def visits(self, place: int) -> list[Visit]:
        with self.tx() as tx:
            return list(tx.schedule.visits_of(f"w{place}", self.house.clock.now()))

    def waiting(self) -> list[str]:
        with self.tx() as tx:
            return [each.person for each in tx.waitlist.all()]

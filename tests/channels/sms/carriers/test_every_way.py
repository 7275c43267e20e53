"""What holds whatever takes a text to a telephone: the simulated carrier, and every real one's library."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from lamplighter.channels.sms.simulated import SimulatedMessenger
from lamplighter.desk import notices
from lamplighter.desk.ports import Message
from tests.channels.sms.carriers.stage import KINDS, staged
from tests.promises.desks import CALLER, NOON, House

pytestmark = pytest.mark.enable_socket
OTHER, NO_TELEPHONE = "+12125550144", "+1212555"


@dataclass
class Way:
    house: House
    on: Callable[[str], list[str]]

    def store(self, name: str, to: str, day: int = 8) -> None:
        when = f"2026-12-{day:02}T14:00:00-05:00"
        args = (("clock", when), ("day", when), ("practice_phone", "+12125550100"), ("sender", "HLC Office"))
        message = Message(name, "sms", to, "sms.cancelled", args, "es", self.house.clock.now())
        with self.house.store.transaction("demo") as tx:
            notices.enqueue(tx, message)

    def status(self, name: str) -> str:
        with self.house.store.transaction("demo") as tx:
            return str(tx.outbox.get(name).status)


@contextmanager
def simulated() -> Iterator[Way]:
    messenger = SimulatedMessenger()
    house = House(NOON)
    house.messenger = messenger  # type: ignore[assignment]
    house.reopen()
    yield Way(house, lambda number: [sent.text for sent in messenger.sent_to(number)])


@contextmanager
def carried(kind: str) -> Iterator[Way]:
    with staged(kind) as stage:  # type: ignore[arg-type]
        stage.network.landlines.add(NO_TELEPHONE)
        yield Way(stage.house, stage.network.on)


@pytest.fixture(params=("simulated", *KINDS))
def way(request: pytest.FixtureRequest) -> Iterator[Way]:
    with simulated() if request.param == "simulated" else carried(request.param) as made:
        yield made


def test_a_text_reaches_the_telephone_that_it_is_for_in_its_own_letters_once(way: Way) -> None:
    way.store("m1", CALLER)
    way.house.pass_time(600)
    [text] = way.on(CALLER)
    assert "HLC Office" in text
    assert "cancelado" in text
    assert way.on(OTHER) == []
    assert way.status("m1") == "sent"


def test_a_number_that_can_take_none_has_failed_and_keeps_no_other_waiting(way: Way) -> None:
    way.store("m1", NO_TELEPHONE)
    way.store("m2", OTHER)
    way.house.pass_time(600)
    assert (way.status("m1"), way.status("m2")) == ("failed", "sent")


def test_texts_to_one_telephone_arrive_as_many_as_were_stored(way: Way) -> None:
    for day in (8, 9, 10):
        way.store(f"m{day}", CALLER, day)
    way.house.pass_time(600)
    assert len(way.on(CALLER)) == len(set(way.on(CALLER))) == 3

"""What every Messenger does, whichever carrier is behind it. `carried` tells what reached a telephone."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from lamplighter.channels.sms.simulated import SimulatedMessenger
from lamplighter.desk.ports import MessageRefused, Messenger

PHONE, OTHER = "+12125550143", "+12125550144"


@dataclass(frozen=True)
class Carrier:
    messenger: Messenger
    carried: Callable[[str], list[str]]


def simulated() -> Carrier:
    messenger = SimulatedMessenger()
    return Carrier(messenger, lambda number: [sent.text for sent in messenger.sent_to(number)])


@pytest.fixture(params=[simulated], ids=["simulated"])
def carrier(request: pytest.FixtureRequest) -> Carrier:
    made: Carrier = request.param()
    return made


def test_a_message_reaches_the_telephone_it_is_for(carrier: Carrier) -> None:
    carrier.messenger.send("m1", "sms", PHONE, "HLC Office", "Tuesday at 3 PM.")
    assert carrier.carried(PHONE) == ["Tuesday at 3 PM."]
    assert carrier.carried(OTHER) == []


def test_a_message_sent_again_under_its_id_arrives_once(carrier: Carrier) -> None:
    for _ in range(3):
        carrier.messenger.send("m1", "sms", PHONE, "HLC Office", "Tuesday at 3 PM.")
    assert carrier.carried(PHONE) == ["Tuesday at 3 PM."]


def test_messages_arrive_in_the_order_in_which_they_were_sent(carrier: Carrier) -> None:
    for name in ("one", "two", "three"):
        carrier.messenger.send(name, "sms", PHONE, "HLC Office", name)
    assert carrier.carried(PHONE) == ["one", "two", "three"]


def test_a_number_that_can_take_no_text_is_refused_for_good(carrier: Carrier) -> None:
    with pytest.raises(MessageRefused):
        carrier.messenger.send("m1", "sms", "+1212555", "HLC Office", "Tuesday at 3 PM.")


def test_the_simulated_carrier_sends_to_nobody_who_could_exist() -> None:
    messenger = SimulatedMessenger()
    with pytest.raises(MessageRefused, match="555-01xx"):
        messenger.send("m1", "sms", "+12125550" + "243", "HLC Office", "Tuesday at 3 PM.")
    assert "none of which left this machine" in repr(messenger)


def test_each_message_is_announced_once() -> None:
    told: list[str] = []
    messenger = SimulatedMessenger(lambda sent: told.append(sent.id))
    for name in ("m1", "m1", "m2"):
        messenger.send(name, "sms", PHONE, "HLC Office", "Tuesday.")
    assert told == ["m1", "m2"]

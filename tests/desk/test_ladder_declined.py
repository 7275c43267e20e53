"""Whoever declines is not rung again in the same climb, and a line is connected only after its time to be refused."""

from dataclasses import replace

import pytest

from lamplighter.conversation import events as e
from lamplighter.practice.model import Rung
from tests.promises.desks import House, of_kind

PERSON = Rung("front", "Front desk", "+12125550101", licensed=True)
SERVICE = Rung("service", "Answering service", "+12125550109", kind="answering_service")
LINE = Rung("lifeline", "988", "988", kind="line")


@pytest.fixture
def house() -> House:
    """A ladder on which a line stands right behind the last person."""
    practice = House().practice
    crisis = {"crisis": (PERSON, SERVICE, LINE)}
    return House(
        practice=replace(
            practice, ladder=replace(practice.ladder, by_day={**practice.ladder.by_day, **crisis})
        )
    )


def declines_all(house: House) -> list[e.Event]:
    """Everybody who is rung declines eight seconds later."""
    call = house.call("voice")
    call.say("I want to kill myself")
    house.pass_time(1)
    for ring in (0, 1):
        house.pass_time(8)
        rung = house.pager.rings[ring]
        house.desk.handoffs.answered("demo", call.contact, rung.step, rung.rung, rung.name, "declined")
    house.pass_time(60)
    return list(call.events)


def test_whoever_declines_is_rung_once_in_a_climb(house: House) -> None:
    declines_all(house)
    assert [ring.rung for ring in house.pager.rings][:3] == ["front", "service", "lifeline"]


def test_a_line_behind_somebody_who_declines_is_announced_once_and_then_waits_to_be_refused(
    house: House,
) -> None:
    events = declines_all(house)
    bodies = [event.body for event in events]
    [announced] = [event for event in events if isinstance(event.body, e.HandoffAnnounced)]
    connected = next(
        event for event in events if isinstance(event.body, e.HandoffRung) and event.body.rung == "lifeline"
    )
    assert (connected.at - announced.at).total_seconds() == 20
    assert [said.phrase for said in of_kind(bodies, e.Said)].count("handoff.bridge") == 1

"""Whom the ladder is made of may change while it rings: nobody is skipped, and nobody rings twice in a climb."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from lamplighter.conversation import events as e
from lamplighter.desk import rota_changes
from lamplighter.practice.model import Rung
from tests.promises.desks import NOON, Call, House, of_kind

DAY = timedelta(days=1)
DANGER = "I want to kill myself"
FRONT = Rung("front_desk", "Front desk", "+12125550101", licensed=True)
MANAGER = Rung("office_manager", "Office manager", "+12125550102", licensed=True)
SERVICE = Rung("service", "Answering service", "+12125550109", licensed=True, kind="answering_service")


@pytest.fixture
def house() -> House:
    practice = House().practice
    ladder = replace(
        practice.ladder,
        by_day={
            **practice.ladder.by_day,
            "crisis": (FRONT, MANAGER, SERVICE),
            "human": (FRONT, MANAGER, SERVICE),
        },
    )
    return House(practice=replace(practice, ladder=ladder))


def away(house: House, who: str, until: datetime) -> str:
    now = house.clock.now()
    with house.store.transaction("demo") as tx:
        rota_changes.absent(tx, house.practice, who, now, until, by="Dana", now=now)
        return tx.facts.standing("absent")[0].id


def rung(house: House) -> list[str]:
    return [ring.rung for ring in house.pager.rings]


def in_danger(house: House) -> Call:
    call = house.call("voice")
    call.say(DANGER)
    house.pass_time(1)
    return call


def test_an_absence_stated_while_it_rings_skips_nobody(house: House) -> None:
    in_danger(house)
    away(house, "front_desk", NOON + DAY)
    house.pass_time(45)
    assert rung(house) == ["front_desk", "office_manager", "service"]


def test_an_absence_of_whoever_is_next_rings_the_one_behind_them(house: House) -> None:
    in_danger(house)
    away(house, "office_manager", NOON + DAY)
    house.pass_time(25)
    assert rung(house) == ["front_desk", "service"]


def test_whoever_comes_back_while_it_rings_is_rung_before_the_climb_is_over(house: House) -> None:
    fact = away(house, "front_desk", NOON + DAY)
    call = in_danger(house)
    with house.store.transaction("demo") as tx:
        tx.facts.lift(fact, "Dana", house.clock.now())
    house.pass_time(45)
    assert rung(house) == ["office_manager", "front_desk", "service"]
    assert not of_kind(call.bodies, e.HandoffPromised)


def test_whoever_declined_is_not_rung_again_in_the_climb_because_another_went_away(house: House) -> None:
    call = in_danger(house)
    house.desk.handoffs.answered("demo", call.contact, 0, "front_desk", "Front desk", "declined")
    away(house, "office_manager", NOON + DAY)
    house.pass_time(45)
    assert rung(house)[:3] == ["front_desk", "office_manager", "service"]


def test_the_second_climb_rings_everybody_who_is_there_then(house: House) -> None:
    in_danger(house)
    away(house, "office_manager", NOON + DAY)
    house.pass_time(240)
    assert rung(house)[:5] == ["front_desk", "service", "front_desk", "service", "front_desk"]


def test_whoever_needs_somebody_else_gets_the_next_also_after_an_absence(house: House) -> None:
    call = in_danger(house)
    house.desk.handoffs.answered("demo", call.contact, 0, "front_desk", "Front desk", "accepted")
    away(house, "front_desk", NOON + DAY)
    house.desk.handoffs.someone_else("demo", call.contact, "Front desk")
    house.pass_time(1)
    assert rung(house)[-1] == "office_manager"

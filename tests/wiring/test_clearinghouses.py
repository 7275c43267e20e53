"""Clearinghouses as an operator sets them up: what is missing is named, secrets are told to nobody, nothing goes in the
open."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lamplighter.practice.model import Eligibility, Party, Practice
from lamplighter.practice.sample import load_sample
from lamplighter.settings import Settings
from lamplighter.wiring.clearinghouses import (
    SetUpClearinghouses,
    clearinghouse_problems,
    tell_of_clearinghouses,
)
from tests.promises.desks import NOON, SimulatedClock

DAY = date(2026, 12, 1)
AGREED = Party("Lantern Exchange", "asks plans", ("names",), date(2026, 1, 1), may_reuse=False)
SECRET = "hunter2"


def practice(*parties: Party) -> Practice:
    return replace(load_sample(), parties=parties)


def settings(**account: Any) -> Settings:
    whole = {"url": "https://api.exchange.example", "party": "Lantern Exchange", "secret": SECRET, **account}
    return Settings.model_validate({"clearinghouses": {"demo": whole}})


def test_what_is_set_up_whole_has_nothing_missing_and_shows_no_secret() -> None:
    given = settings()
    assert clearinghouse_problems(practice(AGREED), given, DAY) == []
    way = SetUpClearinghouses(given, SimulatedClock(NOON)).of("demo")
    assert way is not None and way.party == "Lantern Exchange"
    assert SECRET not in repr(way) + repr(given)
    assert SetUpClearinghouses(given, SimulatedClock(NOON)).of("another") is None


@pytest.mark.parametrize(
    ("of", "given", "said"),
    [
        (practice(), settings(), "names no agreement with Lantern Exchange"),
        (practice(AGREED), settings(party=None), "names no agreement with whoever runs its clearinghouse"),
        (practice(AGREED), settings(secret=None), "has no secret"),
        (practice(AGREED), settings(url="http://api.exchange.example"), "does not begin with https"),
        (replace(practice(AGREED), eligibility=Eligibility()), settings(), "names no payers"),
        (practice(AGREED), Settings(), "has no clearinghouse"),
    ],
)
def test_what_is_missing_is_named_at_the_start(of: Practice, given: Settings, said: str) -> None:
    told: list[str] = []
    tell_of_clearinghouses([of], given, DAY, told.append)
    [line] = told
    assert said in line and line.startswith("NO PLAN IS ASKED")


def test_one_without_a_secret_or_in_the_open_is_not_there_and_one_on_this_machine_needs_no_agreement() -> (
    None
):
    clock = SimulatedClock(NOON)
    assert SetUpClearinghouses(settings(secret=None), clock).of("demo") is None
    assert SetUpClearinghouses(settings(url="http://api.exchange.example"), clock).of("demo") is None
    here = SetUpClearinghouses(settings(url="http://127.0.0.1:9", token_url="http://127.0.0.1:9/t"), clock)
    way = here.of("demo")
    assert way is not None and way.party == ""
    assert clearinghouse_problems(practice(), settings(url="http://127.0.0.1:9"), DAY) == []

"""Clearinghouses as an operator sets them up: what is missing is named, secrets are told to nobody, nothing goes in the
open."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from lamplighter.cli_errors import explained
from lamplighter.connectors.clearinghouse.availity import AvailityClearinghouse
from lamplighter.connectors.clearinghouse.core_envelope import CoreClearinghouse
from lamplighter.practice.model import Eligibility, Party, Practice
from lamplighter.practice.sample import load_sample
from lamplighter.records.opening import open_memory
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
RECORDS = open_memory(SimulatedClock(NOON))
NAMES = {"sender": "HARBORLANE", "receiver": "EXCHANGE"}


def practice(*parties: Party) -> Practice:
    return replace(load_sample(), parties=parties)


def settings(**account: Any) -> Settings:
    whole = {"url": "https://api.exchange.example", "party": "Lantern Exchange", "secret": SECRET, **account}
    return Settings.model_validate({"clearinghouses": {"demo": whole}})


def core(**account: Any) -> Settings:
    return settings(**{"kind": "core", "names": NAMES, "user": "harbor", **account})


def test_envelopes_are_set_up_from_settings_and_numbered_for_good() -> None:
    assert clearinghouse_problems(practice(AGREED), core(envelope="soap"), DAY) == []
    way = SetUpClearinghouses(core(envelope="soap"), SimulatedClock(NOON), RECORDS).of("demo")
    assert isinstance(way, CoreClearinghouse) and SECRET not in repr(way)
    first = way.numbers.next("interchange")
    again = SetUpClearinghouses(core(), SimulatedClock(NOON), RECORDS).of("demo")
    assert isinstance(again, CoreClearinghouse) and again.numbers.next("interchange") == first + 1


def test_availity_is_set_up_with_little() -> None:
    little = {"kind": "availity", "client": "harbor", "secret": SECRET}
    given = Settings.model_validate({"clearinghouses": {"demo": little}})
    way = SetUpClearinghouses(given, SimulatedClock(NOON), RECORDS).of("demo")
    assert isinstance(way, AvailityClearinghouse) and way.party == "Availity" and SECRET not in repr(way)
    [problem] = clearinghouse_problems(practice(AGREED), given, DAY)
    assert "no agreement with Availity" in problem.message


def test_what_is_set_up_whole_has_nothing_missing_and_shows_no_secret() -> None:
    given = settings()
    assert clearinghouse_problems(practice(AGREED), given, DAY) == []
    way = SetUpClearinghouses(given, SimulatedClock(NOON), RECORDS).of("demo")
    assert way is not None and way.party == "Lantern Exchange"
    assert SECRET not in repr(way) + repr(given)
    assert SetUpClearinghouses(given, SimulatedClock(NOON), RECORDS).of("another") is None


@pytest.mark.parametrize(
    ("of", "given", "said"),
    [
        (practice(), settings(), "names no agreement with Lantern Exchange"),
        (practice(AGREED), settings(party=None), "names no agreement with whoever runs its clearinghouse"),
        (practice(AGREED), settings(secret=None), "has no secret"),
        (practice(AGREED), settings(url="http://api.exchange.example"), "does not begin with https"),
        (replace(practice(AGREED), eligibility=Eligibility()), settings(), "names no payers"),
        (practice(AGREED), Settings(), "has no clearinghouse"),
        (practice(AGREED), core(secret=None), "has neither a user with a secret nor a certificate"),
        (practice(AGREED), core(user=""), "has neither a user with a secret nor a certificate"),
        (practice(AGREED), core(certificate="nowhere.pem"), "certificate is no file"),
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
    assert SetUpClearinghouses(settings(secret=None), clock, RECORDS).of("demo") is None
    assert SetUpClearinghouses(settings(url="http://api.exchange.example"), clock, RECORDS).of("demo") is None
    here = SetUpClearinghouses(
        settings(url="http://127.0.0.1:9", token_url="http://127.0.0.1:9/t"), clock, RECORDS
    )
    way = here.of("demo")
    assert way is not None and way.party == ""
    assert clearinghouse_problems(practice(), settings(url="http://127.0.0.1:9"), DAY) == []


def test_what_can_t_be_read_of_the_settings_is_named_by_its_place_and_shows_no_secret(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for wrong, said in (
        ({"kind": "core"}, "clearinghouses.demo.core.names: Field required"),
        ({"kind": "x"}, "'x'"),
    ):
        with pytest.raises(SystemExit), explained():
            settings(**wrong)
        told = capsys.readouterr().err
        assert said in told and SECRET not in told and "Traceback" not in told
    with pytest.raises(ValidationError) as refused:
        settings(kind="core")
    assert SECRET not in str(refused.value)

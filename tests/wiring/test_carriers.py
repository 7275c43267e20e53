"""Carriers as an operator sets them up: what is missing is named, secrets are told to nobody, and texts truly go."""

import tomllib
from dataclasses import replace
from datetime import date
from typing import Any

import httpx
import pytest
from starlette.responses import PlainTextResponse

from lamplighter.channels.sms.standins.network import Network
from lamplighter.desk import notices
from lamplighter.desk.ports import Message
from lamplighter.practice.directory import Directory
from lamplighter.practice.model import Party, Practice
from lamplighter.practice.sample import SAMPLE_FOLDER, load_sample
from lamplighter.settings import Settings
from lamplighter.wiring.carriers import (
    SetUpCarriers,
    carrier_door,
    carrier_problems,
    carriers_today,
    may_text,
    tell_of_carriers,
)
from lamplighter.wiring.late_parts import ready_for_words
from lamplighter.wiring.serve import NoCarrier
from lamplighter.wiring.standins import Telephones, settings_for, standin_of
from tests.channels.sms.carriers.stage import CarriedHouse, address, bound, served
from tests.desk.gate.threads import Thread
from tests.promises.desks import CALLER, NOON

DAY = date(2026, 12, 1)
SECRET = "an-auth-token"
AGREED = Party("Twilio", "texts", ("numbers", "texts"), date(2026, 1, 1), may_reuse=False)


def practice(*parties: Party) -> Practice:
    return replace(load_sample(), parties=parties)


def settings(**account: Any) -> Settings:
    number = load_sample().phone
    whole = {
        "kind": "twilio",
        "account": "AC" + "1" * 32,
        "secret": SECRET,
        "practices": {"demo": {"numbers": [number], "brand": "BN1", "campaign": "CM1"}},
    }
    return Settings.model_validate(
        {"public_address": "https://desk.example", "carriers": {"main": whole | account}}
    )


def wrong(settings: Settings, of: Practice | None = None) -> list[str]:
    return [problem.message for problem in carrier_problems(of or practice(AGREED), settings, DAY)]


def test_what_is_set_up_whole_has_nothing_missing() -> None:
    assert wrong(settings()) == []
    assert may_text(practice(AGREED), settings(), DAY)


def test_a_practice_that_no_carrier_is_set_up_for_sends_no_texts() -> None:
    assert wrong(Settings()) == []
    assert not may_text(practice(AGREED), Settings(), DAY)


@pytest.mark.parametrize(
    ("account", "says"),
    [
        ({"secret": None}, "its secret is missing"),
        ({"account": ""}, "its account SID is missing"),
        ({"kind": "telnyx", "public_key": "bm8="}, "its public key is missing or is none"),
        ({"kind": "plivo", "account": "12"}, "its auth id is none"),
        ({"api": "https://example.com"}, "`api` is for a stand-in on this machine"),
        ({"practices": {"demo": {"numbers": []}}}, "demo has no number"),
        ({"practices": {"demo": {"numbers": ["+12125550199"]}}}, "+12125550199 is no number of demo"),
    ],
)
def test_what_is_missing_is_named_and_keeps_texts_from_going(account: dict[str, Any], says: str) -> None:
    set_up = settings(**account)
    assert f"carriers.main: {says}" in wrong(set_up)
    assert not may_text(practice(AGREED), set_up, DAY)


def test_a_deployment_that_carriers_cannot_reach_sealed_takes_none() -> None:
    for where in (None, "http://desk.example"):
        set_up = settings().model_copy(update={"public_address": where})
        assert len(wrong(set_up)) == 1
        assert not may_text(practice(AGREED), set_up, DAY)


def test_numbers_that_nobody_registered_are_worth_a_look_and_no_more() -> None:
    number = load_sample().phone
    set_up = settings(practices={"demo": {"numbers": [number]}})
    assert [problem.severity for problem in carrier_problems(practice(AGREED), set_up, DAY)] == ["warning"]
    assert may_text(practice(AGREED), set_up, DAY)


def test_nothing_goes_to_a_vendor_that_a_practice_has_no_agreement_with() -> None:
    for parties in ((), (replace(AGREED, may_reuse=True),), (replace(AGREED, agreed_on=date(2027, 1, 1)),)):
        assert wrong(settings(), practice(*parties)) == [
            "carriers.main: demo names no agreement with Twilio: nothing goes out"
        ]
    clock = CarriedHouse(None).clock  # type: ignore[arg-type]
    assert SetUpCarriers(settings(), {"demo": practice()}, clock).of("demo") is None
    assert SetUpCarriers(settings(), {"demo": practice(AGREED)}, clock).of("demo") is not None


def test_a_thread_whose_carrier_may_not_be_used_any_more_fails_and_a_person_answers() -> None:
    house = CarriedHouse(None)  # type: ignore[arg-type]
    house.carriers = SetUpCarriers(settings(), {"demo": practice()}, house.clock)  # type: ignore[assignment]
    house.messenger = NoCarrier()  # type: ignore[assignment]
    house.reopen()
    Thread(house).writes("what are your hours?")
    house.pass_time(60)
    with house.store.transaction("demo") as tx:
        assert {(message.phrase, message.status) for message in tx.outbox.recent()} == {("thread", "failed")}
        [task] = tx.tasks.list_open()
    assert (task.kind, dict(task.details)["phone"]) == ("not_reached", CALLER)


def test_what_a_carrier_perhaps_took_before_it_could_not_be_used_any_more_is_unknown_and_not_failed() -> None:
    house = CarriedHouse(None)  # type: ignore[arg-type]
    house.carriers = SetUpCarriers(settings(), {"demo": practice()}, house.clock)  # type: ignore[assignment]
    house.messenger = NoCarrier()  # type: ignore[assignment]
    house.reopen()
    args = (("practice_phone", "+12125550100"), ("sender", "HLC Office"))
    with house.store.transaction("demo") as tx:
        notices.enqueue(tx, Message("m1", "sms", CALLER, "sms.waitlisted", args, "en", NOON))
        tx.outbox.hand_over("m1", at=NOON, sent_from="+12125550100")
    house.pass_time(60)
    with house.store.transaction("demo") as tx:
        assert tx.outbox.get("m1").status == "unknown"
        assert [task.kind for task in tx.tasks.list_open()] == ["not_reached"]


def test_doctor_says_how_a_practice_texts_and_what_is_missing_for_it() -> None:
    set_up, missing = carriers_today(SAMPLE_FOLDER, settings())
    assert set_up == [f"Texts by twilio (main) from {load_sample().phone}; 10DLC brand BN1, campaign CM1"]
    assert [problem.message for problem in missing] == [
        "carriers.main: demo names no agreement with Twilio: nothing goes out"
    ]
    assert carriers_today(SAMPLE_FOLDER, Settings()) == ([], [])
    assert carriers_today(SAMPLE_FOLDER / "nowhere", settings()) == ([], [])


def test_a_secret_is_in_no_repr_and_in_nothing_that_is_told() -> None:
    told: list[str] = []
    tell_of_carriers([practice(AGREED)], settings(), DAY, told.append)
    carriers = SetUpCarriers(settings(), {"demo": practice(AGREED)}, CarriedHouse(None).clock)  # type: ignore[arg-type]
    carrier = carriers.of("demo")
    assert carrier is not None
    assert told == ["  Harbor Lane Counseling, texts by twilio: https://desk.example/carriers/main/texts"]
    for shown in (*told, repr(settings()), repr(carriers), repr(carrier), repr(carrier.real())):  # type: ignore[attr-defined]
        assert SECRET not in shown


def test_a_secret_may_stand_in_the_environment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMPLIGHTER_CARRIER_SECRETS", '{"main": "from-outside"}')
    without = settings().model_dump(exclude={"carrier_secrets"})
    without["carriers"]["main"]["secret"] = None
    assert wrong(Settings(**without)) == []


@pytest.mark.enable_socket
def test_a_text_to_a_stand_in_comes_back_answered_and_delivered_through_all_that_serve_puts_together() -> (
    None
):
    """Two servers on loopback, the official library between them, signed webhooks, the settings that it prints."""
    sample, ours, theirs = load_sample(), bound(), bound()
    house = CarriedHouse(None)  # type: ignore[arg-type]
    network = Network(house.clock, frozenset({sample.phone}))
    standin = standin_of("twilio", network, f"{address(ours)}/carriers/standin/texts", SECRET)
    written = settings_for("twilio", standin, SECRET, address(theirs), address(ours), "demo")
    set_up = Settings.model_validate(tomllib.loads(written))
    house.carriers = SetUpCarriers(set_up, {"demo": sample}, house.clock)  # type: ignore[assignment]
    house.reopen()
    public = PlainTextResponse("a public page")
    door = carrier_door(public, set_up, house.desk.contacts, house.records, Directory([sample]), house.clock)
    ready_for_words()
    with served(door, ours), served(Telephones(standin), theirs) as api:
        said = {"from": CALLER, "to": sample.phone, "text": "what are your hours?"}
        assert httpx.post(f"{api}/standin/texts", json=said, timeout=120).json() == {"answered": 200}
        house.pass_time(30)
        texts = httpx.get(f"{api}/standin/telephones/{CALLER}", timeout=120).json()
    assert any("9" in text for text in texts)
    with house.store.transaction("demo") as tx:
        assert {message.status for message in tx.outbox.recent()} == {"delivered"}
    assert house.clock.now() >= NOON

"""By which channel a practice's requests for authorization go: what the operator has set up, and nothing else."""

from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from lamplighter.practice.authorizing import AuthorizationPayer, AuthorizationRules
from lamplighter.practice.model import Practice
from lamplighter.settings import Settings
from lamplighter.wiring.authorization_channels import (
    authorization_channels,
    authorization_problems,
    tell_of_authorizations,
)
from lamplighter.wiring.clearinghouses import clearinghouse_problems
from tests.promises.desks import NOON, SimulatedClock
from tests.wiring.test_clearinghouses import AGREED, DAY, NAMES, RECORDS, SECRET, core, practice, settings


def test_requests_go_by_availity_where_that_is_set_up() -> None:
    little = {"kind": "availity", "client": "harbor", "secret": SECRET}
    given = Settings.model_validate({"clearinghouses": {"demo": little}})
    channel = authorization_channels(given, SimulatedClock(NOON), RECORDS).of("demo", "availity")
    assert channel is not None and channel.party == "Availity" and SECRET not in repr(channel)
    assert authorization_problems(asking_by("availity"), given, DAY) == []


def test_requests_go_by_optum_where_it_has_names_for_envelopes_and_gives_tokens() -> None:
    clock = SimulatedClock(NOON)
    named = {"names": NAMES, "token_url": "https://api.exchange.example/token", "client": "harbor"}
    channel = authorization_channels(settings(**named), clock, RECORDS).of("demo", "x12_278")
    assert channel is not None and channel.party == "Lantern Exchange" and SECRET not in repr(channel)
    stedi = authorization_channels(settings(names=NAMES), clock, RECORDS)
    assert stedi.of("demo", "x12_278") is None


FILES = {
    "kind": "files", "host": "sftp.exchange.example", "user": "harbor", "host_key": "ssh-ed25519 AAAA",
    "outgoing": "to", "incoming": "from", "names": NAMES, "secret": SECRET, "party": "Lantern Exchange",
}  # fmt: skip


def test_requests_go_as_files_where_those_are_set_up() -> None:
    given = Settings.model_validate({"clearinghouses": {"demo": FILES}})
    channel = authorization_channels(given, SimulatedClock(NOON), RECORDS).of("demo", "x12_278")
    assert channel is not None and channel.may_be_polled and channel.party == "Lantern Exchange"
    assert SECRET not in repr(channel)
    assert clearinghouse_problems(practice(AGREED), given, DAY) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"secret": None}, "has neither a secret nor a key"),
        ({"key": "nowhere"}, "key is no file"),
        ({"host_key": "AAAA"}, "host_key is no public key"),
        ({"party": None}, "names no agreement with whoever runs its clearinghouse"),
    ],
)
def test_what_is_missing_for_files_is_named(wrong: dict[str, str | None], said: str) -> None:
    given = Settings.model_validate({"clearinghouses": {"demo": {**FILES, **wrong}}})
    [problem] = clearinghouse_problems(practice(AGREED), given, DAY)
    assert said in problem.message


def test_requests_go_by_the_channel_of_the_clearinghouse_that_is_set_up() -> None:
    clock = SimulatedClock(NOON)
    found = authorization_channels(core(), clock, RECORDS)
    channel = found.of("demo", "x12_278")
    assert (
        channel is not None
        and channel.may_be_polled
        and channel.party == "Lantern Exchange"
        and SECRET not in repr(channel)
    )
    assert (found.of("demo", "availity"), found.of("another", "x12_278")) == (None, None)
    assert authorization_channels(settings(), clock, RECORDS).of("demo", "x12_278") is None


def pas(**account: Any) -> Settings:
    pem = ec.generate_private_key(ec.SECP384R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    whole = {
        "url": "https://pas.example/{payer}/fhir", "token_url": "https://pas.example/token", "client": "harbor",
        "party": "Lantern Exchange", "key": pem.decode(), **account,
    }  # fmt: skip
    return Settings.model_validate({"pas": {"demo": whole}})


def asking_by(*ways: str) -> Practice:
    insurers = tuple(AuthorizationPayer(f"insurer-{way}", by=way) for way in ways)  # type: ignore[arg-type]
    return replace(practice(AGREED), authorizations=AuthorizationRules(insurers))


def test_fhir_is_set_up_with_a_key_that_is_shown_to_nobody_and_is_never_polled() -> None:
    channel = authorization_channels(pas(), SimulatedClock(NOON), RECORDS).of("demo", "fhir_pas")
    assert channel is not None and channel.party == "Lantern Exchange" and not channel.may_be_polled
    assert "PRIVATE" not in repr(channel) + repr(pas())
    assert authorization_problems(asking_by("fhir_pas", "paper"), pas(), DAY) == []
    in_the_open = authorization_channels(pas(url="http://pas.example"), SimulatedClock(NOON), RECORDS)
    assert in_the_open.of("demo", "fhir_pas") is None


@pytest.mark.parametrize(
    ("given", "ways", "said"),
    [
        (pas(key=None), (), "there is no key"),
        (pas(key="no key"), (), "this is no private key"),
        (pas(url="http://pas.example"), (), "does not begin with https"),
        (pas(client=""), (), "has no client"),
        (pas(party=None), (), "names no agreement with whoever takes its requests"),
        (Settings(), ("x12_278",), "by x12_278, and nothing is set up"),
        (core(), ("x12_278", "availity"), "by availity, and nothing is set up"),
    ],
)
def test_why_requests_go_by_paper_is_told_at_the_start(
    given: Settings, ways: tuple[str, ...], said: str
) -> None:
    told: list[str] = []
    tell_of_authorizations([asking_by(*ways)], given, DAY, told.append)
    [line] = told
    assert said in line and line.startswith("AUTHORIZATIONS GO BY PAPER")

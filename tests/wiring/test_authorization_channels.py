"""By which channel a practice's requests for authorization go: what the operator has set up, and nothing else."""

import pytest

from lamplighter.settings import Settings
from lamplighter.wiring.authorization_channels import authorization_channels
from lamplighter.wiring.clearinghouses import clearinghouse_problems
from tests.promises.desks import NOON, SimulatedClock
from tests.wiring.test_clearinghouses import AGREED, DAY, NAMES, RECORDS, SECRET, core, practice, settings

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

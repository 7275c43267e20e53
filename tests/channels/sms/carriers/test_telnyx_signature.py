"""Telnyx's signature by the scheme that it publishes, checked without its library: body and time, by Ed25519."""

import base64
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from lamplighter.channels.sms.carriers.account import Account
from lamplighter.channels.sms.carriers.hooks import Came, Forged, Malformed
from lamplighter.channels.sms.carriers.telnyx import TOLERATED, TelnyxHooks
from lamplighter.channels.sms.standins.network import Network
from lamplighter.channels.sms.standins.telnyx import TelnyxStandIn
from lamplighter.rehearsal.clock import SimulatedClock
from tests.promises.desks import CALLER, NOON

OURS = "+12125550100"


@pytest.fixture
def came() -> list[Came]:
    return []


@pytest.fixture
def standin(came: list[Came]) -> TelnyxStandIn:
    def post(url: str, headers: dict[str, str], body: bytes) -> int:
        came.append(Came(url, headers, body, NOON))
        return 200

    return TelnyxStandIn(Network(SimulatedClock(NOON), frozenset({OURS})), "key", "https://x/texts", post)  # type: ignore[arg-type]


@pytest.fixture
def hooks(standin: TelnyxStandIn) -> TelnyxHooks:
    return TelnyxHooks(Account("main", "telnyx", "", "key", "https://x", standin.public_key))


def test_what_it_signed_is_read(standin: TelnyxStandIn, hooks: TelnyxHooks, came: list[Came]) -> None:
    standin.writes(CALLER, OURS, "¿A qué hora abren?", named="T1")
    text = hooks.text(hooks.verified(came[0]))
    assert text is not None
    assert (text.id, text.sender, text.dialled, text.text) == ("T1", CALLER, OURS, "¿A qué hora abren?")


@pytest.mark.parametrize("late", [-TOLERATED - 1, TOLERATED + 1])
def test_what_it_signed_at_another_time_is_not_believed(
    standin: TelnyxStandIn, hooks: TelnyxHooks, came: list[Came], late: int
) -> None:
    standin.writes(CALLER, OURS, "hello")
    with pytest.raises(Forged):
        hooks.verified(replace(came[0], at=NOON + timedelta(seconds=late)))


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("telnyx-signature-ed25519", ""),
        ("telnyx-signature-ed25519", base64.b64encode(bytes(64)).decode()),
        ("telnyx-signature-ed25519", "no base64!"),
        ("telnyx-timestamp", ""),
        ("telnyx-timestamp", str(int(NOON.timestamp()) + 1)),
    ],
)
def test_a_signature_or_a_time_that_somebody_changed_is_not_believed(
    standin: TelnyxStandIn, hooks: TelnyxHooks, came: list[Came], header: str, value: str
) -> None:
    standin.writes(CALLER, OURS, "hello")
    with pytest.raises(Forged):
        hooks.verified(replace(came[0], headers={**came[0].headers, header: value}))


@pytest.mark.parametrize(
    "body", [b"[]", b"nothing", b'{"data": 3}', b'{"data": {"event_type": "message.received"}}']
)
def test_what_is_signed_and_no_event_is_refused(
    standin: TelnyxStandIn, hooks: TelnyxHooks, body: bytes
) -> None:
    headers = standin.signed(body, int(NOON.timestamp()))
    with pytest.raises(Malformed):
        hooks.verified(Came("https://x/texts", headers, body, NOON))


def test_a_text_from_or_to_nobody_is_refused(
    standin: TelnyxStandIn, hooks: TelnyxHooks, came: list[Came]
) -> None:
    standin.writes(CALLER, OURS, "hello")
    said = json.loads(came[0].body)["data"]
    for broken in ({"to": []}, {"from": None}, {"id": "x" * 101}, {"id": None}):
        with pytest.raises(Malformed):
            hooks.text({**said, "payload": said["payload"] | broken})

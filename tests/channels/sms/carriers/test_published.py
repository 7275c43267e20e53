"""What the carriers' published documents say and a stand-in alone would not have told: each test names the document."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from lamplighter.channels.sms.carriers.account import Account
from lamplighter.channels.sms.carriers.telnyx import TelnyxHooks
from tests.channels.sms.carriers.stage import Stage, staged
from tests.promises.desks import CALLER

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def plivo() -> Iterator[Stage]:
    with staged("plivo") as made:
        yield made


@pytest.fixture
def telnyx() -> Iterator[Stage]:
    with staged("telnyx") as made:
        yield made


def heard(stage: Stage) -> list[str]:
    with stage.house.store.transaction("demo") as tx:
        return [str(contact) for contact in tx.log.contacts()]


def test_plivo_texts_that_are_signed_as_its_messaging_pages_document_it_are_heard(plivo: Stage) -> None:
    """Plivo, Messaging > Concepts > Signature validation: X-Plivo-Signature-V2 over address and nonce."""
    plivo.standin.newest = False
    assert plivo.standin.writes(CALLER, plivo.number, "what are your hours?", named="P1") == 200
    assert plivo.again() == 200
    plivo.house.pass_time(30)
    assert plivo.network.on(CALLER)


@pytest.mark.parametrize("newest", [True, False])
@pytest.mark.parametrize("signer", ["", "ma-"])
def test_plivo_may_sign_for_the_account_or_for_its_main_account(
    plivo: Stage, signer: str, newest: bool
) -> None:
    plivo.standin.signers, plivo.standin.newest = (signer,), newest
    assert plivo.standin.writes(CALLER, plivo.number, "what are your hours?") == 200
    url, headers, body = plivo.posted[-1]
    assert plivo.post(url, headers, body.replace(b"hours", b"prices")) == 403


@pytest.mark.parametrize("newest", [True, False])
def test_a_plivo_signature_that_leaves_out_the_words_is_good_for_the_words_it_came_with_alone(
    plivo: Stage, newest: bool
) -> None:
    plivo.standin.newest = newest
    plivo.standin.writes(CALLER, plivo.number, "hello", named="P1")
    url, headers, body = plivo.posted[-1]
    bare = {name: value for name, value in headers.items() if "v3" not in name}
    assert plivo.post(url, bare, body.replace(b"hello", b"hullo").replace(b"P1", b"P2")) == 403
    assert plivo.post(plivo.account.receipts("demo", "m1"), bare, body) == 403
    assert len(heard(plivo)) == 1


def test_a_plivo_signature_over_the_words_that_is_bad_is_not_made_up_for_by_one_that_leaves_them_out(
    plivo: Stage,
) -> None:
    plivo.standin.writes(CALLER, plivo.number, "hello", named="P1")
    url, headers, body = plivo.posted[-1]
    bad = {name: "" for name in headers if name.endswith("-v3")}
    assert plivo.post(url, dict(headers) | bad, body) == 403


def test_danger_beside_a_plivo_picture_is_read_by_the_name_that_it_has_there(plivo: Stage) -> None:
    """Plivo, Messaging > API > Handling incoming: a text has Text, a picture message has Body and Media1, Media2."""
    plivo.standin.writes(CALLER, plivo.number, "I want to kill myself", pictures=1)
    [(_, _, body)] = plivo.posted
    assert b"Body=I+want" in body
    assert b"Text=" not in body
    plivo.house.pass_time(5)
    assert any("988" in text for text in plivo.network.on(CALLER))


def test_whoever_stopped_texts_at_plivo_is_opted_out_here_by_the_receipt(plivo: Stage) -> None:
    """Plivo, Messaging > Troubleshooting > Error codes, 200: it is taken first, and has failed by its receipt."""
    plivo.store()
    plivo.house.pass_time(5)
    plivo.network.stopped.add(CALLER)
    assert plivo.standin.tells(plivo.network.carried[0], "failed") == 200
    assert (plivo.status(), plivo.message().why) == ("failed", "opted_out")
    plivo.store("m2")
    plivo.house.pass_time(60)
    assert (plivo.status("m2"), plivo.message("m2").why) == ("cancelled", "opted_out")


def test_plivo_is_answered_in_the_xml_that_it_expects(plivo: Stage) -> None:
    """Plivo, Messaging > XML > Request."""
    plivo.standin.writes(CALLER, plivo.number, "hello")
    url, headers, body = plivo.posted[-1]
    answer = plivo.door.post(url.removeprefix("https://desk.example"), content=body, headers=dict(headers))
    assert answer.headers["content-type"].startswith("application/xml")
    assert answer.text == "<Response/>"


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("queued", None), ("sending", None), ("sent", "sent"), ("delivery_unconfirmed", "sent"),
        ("delivered", "delivered"), ("expired", "failed"), ("sending_failed", "failed"),
        ("delivery_failed", "failed"),
    ],
)  # fmt: skip
def test_every_status_that_telnyx_publishes_of_a_message_is_understood(told: str, status: str | None) -> None:
    """Telnyx's library, OutboundMessagePayload.to[].status."""
    hooks = TelnyxHooks(Account("main", "telnyx", "", "key", "https://x", f"{'A' * 43}="))
    payload = {"id": "T1", "to": [{"status": told}], "errors": []}
    assert hooks.receipt({"event_type": "message.finalized", "payload": payload}).status == status


@pytest.mark.slow
def test_a_telnyx_record_of_what_was_not_delivered_is_read_in_its_own_words(telnyx: Stage) -> None:
    """Telnyx's library, MessageDetailRecord.status: failed, where a receipt says delivery_failed."""
    telnyx.goes_wrong("silent_after")
    telnyx.store()
    telnyx.house.pass_time(5)
    telnyx.network.carried[0].status = "delivery_failed"
    telnyx.house.pass_time(timedelta(minutes=10).total_seconds())
    assert telnyx.status() == "failed"

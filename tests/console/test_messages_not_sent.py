"""What was not sent, and why, stands beside the board in words."""

from typing import get_args

import pytest
from starlette.testclient import TestClient

from lamplighter.console.wording import NOT_SENT
from lamplighter.desk import gate, texting
from lamplighter.desk.ports import Message
from tests.channels.web.stage import Stage
from tests.console.test_staff_page import browser, sign_in, stage

__all__ = ["browser", "stage"]


def test_every_word_of_the_gate_has_words_here() -> None:
    assert set(NOT_SENT) == set(get_args(gate.Why))


@pytest.fixture
def desk(stage: Stage, browser: TestClient) -> TestClient:
    args = (("practice_phone", stage.practice.phone), ("sender", "HLC Office"))
    with stage.records.transaction(stage.practice.id) as tx:
        for name in ("m1", "m2"):
            tx.outbox.add(
                Message(name, "sms", "+12125550145", "sms.waitlisted", args, "en", stage.clock.now())
            )
        tx.outbox.put_off("m1", "quiet_hours")
        tx.outbox.advance("m2", "cancelled", why="too_late")
    sign_in(stage, browser)
    return browser


def test_a_message_that_waits_or_did_not_go_says_why_on_the_staff_page(desk: TestClient) -> None:
    page = desk.get("/").text
    assert "waits: outside the hours for messages" in page
    assert "not sent: it would have come too late" in page


def test_what_nobody_knows_of_says_so_and_answers_in_a_thread_stand_in_their_contact_alone(
    stage: Stage, desk: TestClient
) -> None:
    args = (("practice_phone", stage.practice.phone), ("sender", "HLC Office"))
    thread = (("after", "1"), ("part", "0"), ("upto", "3"))
    with stage.records.transaction(stage.practice.id) as tx:
        now = stage.clock.now()
        tx.outbox.add(Message("m3", "sms", "+12125550145", "sms.waitlisted", args, "en", now))
        tx.outbox.add(Message("m4", "sms", "+12125550145", texting.PHRASE, thread, "en", now, contact="c1"))
        tx.outbox.hand_over("m3", at=now, sent_from=stage.practice.phone)
        tx.outbox.put_off("m3", "not_taken")
    assert "waits: no carrier has taken it yet" in desk.get("/").text
    with stage.records.transaction(stage.practice.id) as tx:
        tx.outbox.advance("m3", "unknown", at=now)
    page = desk.get("/").text
    assert "nobody can tell whether it went" in page
    assert "no longer in the phrasebook" not in page

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from lamplighter.desk import notices
from lamplighter.desk.ports import Message
from tests.channels.web.lines import End, line_to, said
from tests.channels.web.stage import Stage, served

PHONE, OTHER = "+19175550171", "+19175550172"


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def address(stage: Stage) -> Iterator[str]:
    with served(stage.public()) as address:
        yield address


@contextmanager
def phone(address: str, number: str = PHONE) -> Iterator[End]:
    with line_to(address, "/text/line") as line:
        line.send(type="hello", number=number)
        line.until("hello")
        yield line


def reminder(stage: Stage, number: str) -> Message:
    at = stage.clock.now()
    start = (at + timedelta(days=1)).isoformat()
    args = {"sender": "HLC Office", "practice_phone": stage.practice.phone, "day": start, "clock": start}
    wanted = stage.phrasebook.phrase("en", "sms.reminder").arguments
    return Message("r1", "sms", number, "sms.reminder", tuple((k, args[k]) for k in sorted(wanted)), "en", at)


def test_a_text_is_answered_in_the_thread_of_its_telephone(address: str) -> None:
    with phone(address) as line:
        line.say("What are your hours?")
        thread = line.until_said("9 AM")
    assert thread[0] == ("person", "What are your hours?")


def test_the_thread_is_there_when_the_telephone_is_picked_up_again(address: str) -> None:
    with phone(address) as line:
        line.say("What are your hours?")
        thread = line.until_said("9 AM")
    with phone(address) as line:
        frame = line.until("entries")
    assert frame["whole"] is True
    assert said(frame)[: len(thread)] == thread


def test_another_telephone_shows_nothing_of_it(address: str) -> None:
    with phone(address) as line, phone(address, OTHER) as other:
        line.say("What are your hours?")
        line.until_said("9 AM")
        assert said(other.until("entries")) == []
        other.say("hello")
        assert "What are your hours?" not in [text for _, text in other.until_said("")]


def test_a_message_of_ours_arrives_while_the_telephone_is_in_hand(stage: Stage, address: str) -> None:
    with phone(address) as line:
        line.until("entries")
        with stage.records.transaction(stage.practice.id) as tx:
            notices.enqueue(tx, reminder(stage, PHONE))
        stage.run_due()
        ((who, text),) = line.until_said("HLC Office")
    assert who == "agent"
    assert stage.messenger.sent_to(PHONE)[0].text == text


def test_a_message_that_has_not_been_sent_is_not_on_the_telephone(stage: Stage, address: str) -> None:
    with stage.records.transaction(stage.practice.id) as tx:
        tx.outbox.add(reminder(stage, PHONE))
    with phone(address) as line:
        assert said(line.until("entries")) == []


@pytest.mark.parametrize(
    "number", [None, 5, "", "+1917555" + "0243", "Nora", "+1917555017", "+19175550171\n"]
)
def test_a_number_that_is_not_an_invented_one_is_refused(address: str, number: object) -> None:
    with line_to(address, "/text/line") as line:
        line.send(type="hello", number=number)
        assert line.until("error")["code"] == "malformed"

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from lamplighter.channels.sms.simulated import SimulatedMessenger
from lamplighter.channels.web.limits import BAD_FRAMES, Doors
from lamplighter.channels.web.tickets import Tickets
from lamplighter.conversation import events as e
from lamplighter.desk.without_store import WithoutStore
from tests.channels.web.lines import Closed, End, line_to, said
from tests.channels.web.stage import Stage, served
from tests.promises.desks import Pager
from tests.promises.fail_to_a_person.test_fail_to_a_person import Flaky


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def address(stage: Stage) -> Iterator[str]:
    with served(stage.public()) as address:
        yield address


@contextmanager
def chatting(address: str, ticket: str | None = None) -> Iterator[tuple[End, str]]:
    with line_to(address, "/chat/line") as line:
        line.send(type="hello", ticket=ticket)
        yield line, line.until("hello")["ticket"]


def heard(stage: Stage, ticket: str) -> list[str]:
    with stage.records.transaction(stage.practice.id) as tx:
        events = tx.log.read(ticket.rpartition(".")[0])
    return [event.body.text for event in events if isinstance(event.body, e.Heard)]


def test_a_chat_opens_with_the_automated_assistant_saying_what_it_is(address: str) -> None:
    with chatting(address) as (line, _):
        ((who, text),) = said(line.until("entries"))
    assert who == "agent"
    assert "automated AI assistant" in text
    assert "988" in text


def test_words_are_answered_in_the_thread(address: str) -> None:
    with chatting(address) as (line, _):
        line.until("entries")
        line.say("What are your hours?")
        thread = said(line.until("entries"))
    assert thread[0] == ("person", "What are your hours?")
    assert any("9 AM" in text for who, text in thread if who == "agent")


def test_after_a_reload_the_whole_thread_is_there_again(address: str) -> None:
    with chatting(address) as (line, ticket):
        before = said(line.until("entries"))
        line.say("What are your hours?")
        before += said(line.until("entries"))
    with chatting(address, ticket) as (line, again):
        frame = line.until("entries")
    assert again == ticket
    assert frame["whole"] is True
    assert said(frame) == before


def test_words_sent_again_after_a_lost_line_count_once(stage: Stage, address: str) -> None:
    with chatting(address) as (line, ticket):
        line.say("hello", "message-one")
        line.until("taken")
    with chatting(address, ticket) as (line, _):
        line.say("hello", "message-one")
        line.until("taken")
    assert heard(stage, ticket) == ["hello"]


def test_in_danger_on_a_full_disk_the_words_are_shown_at_once_and_taken_when_there_is_room(
    stage: Stage, address: str
) -> None:
    pager = Pager()
    with chatting(address) as (line, ticket):
        line.until("entries")
        records: Any = Flaky(stage.records)
        records.failures = 10**9
        stage.contacts._records = records
        stage.contacts._without = WithoutStore(stage.clock, pager, SimulatedMessenger())
        line.say("I want to kill myself", "message-one")
        (who, text), *_ = said(line.until("entries"))
        assert who == "agent" and "988" in text and "911" in text
        assert [ring.route for ring in pager.rings] == ["crisis"] and heard(stage, ticket) == []
        records.failures = 0
        assert line.until("taken")["id"] == "message-one"
        assert stage.contacts.store_what_waits() == 0
    assert heard(stage, ticket) == ["I want to kill myself"]


def test_what_staff_write_appears_under_their_name(stage: Stage, address: str) -> None:
    with chatting(address) as (line, ticket):
        line.until("entries")
        contact = ticket.rpartition(".")[0]
        stage.contacts.note(stage.practice.id, contact, e.FloorTaken("Rosa"))
        joined = line.until("entries")["entries"][0]
        stage.contacts.note(stage.practice.id, contact, e.StaffSaid("Rosa", "This is Rosa."))
        written = line.until("entries")["entries"][0]
    assert (joined["who"], joined["text"], joined["name"]) == ("note", "joined", "Rosa")
    assert (written["who"], written["text"], written["name"]) == ("staff", "This is Rosa.", "Rosa")


def test_a_ticket_of_nobodys_is_refused_and_the_line_stays_usable(address: str) -> None:
    with line_to(address, "/chat/line") as line:
        line.send(type="hello", ticket="chat-1." + "0" * 64)
        assert line.until("error")["code"] == "not_yours"
        line.send(type="hello", ticket=None)
        assert line.until("hello")["ticket"]


def test_a_ticket_of_another_practice_opens_nothing_here(stage: Stage) -> None:
    secret = b"k" * 32
    with served(stage.public(secret=secret)) as address, line_to(address, "/chat/line") as line:
        line.send(type="hello", ticket=Tickets(secret).issue("other-practice", "chat-1"))
        assert line.until("error")["code"] == "not_yours"


@pytest.mark.parametrize("raw", ["", "hello", "[]", '{"type": "dance"}', '{"type": "say"}', "{" * 9999])
def test_what_is_no_frame_is_answered_and_loses_nothing(stage: Stage, address: str, raw: str) -> None:
    with chatting(address) as (line, ticket):
        line.send_raw(raw)
        assert line.until("error")["code"] == "malformed"
        line.say("hello", "message-one")
        assert line.until("taken")["id"] == "message-one"
    assert heard(stage, ticket) == ["hello"]


def test_bytes_on_a_line_of_words_are_answered_as_malformed(address: str) -> None:
    with chatting(address) as (line, _):
        line.send_raw(b"\x00" * 100_000)
        assert line.until("error")["code"] == "malformed"


def test_a_megabyte_of_words_is_refused_with_a_reason_and_the_talk_goes_on(
    stage: Stage, address: str
) -> None:
    with chatting(address) as (line, ticket):
        line.say("a" * 1_000_000, "message-one")
        assert line.until("error")["code"] == "too_long"
        line.say("b" * 9_000, "message-two")
        refused = line.until("error")
        assert (refused["code"], refused["id"]) == ("too_long", "message-two")
        line.say("hello", "message-three")
        line.until("taken")
    assert heard(stage, ticket) == ["hello"]


@pytest.mark.parametrize(
    "text", ["a\x00b", "😀", "שלום", "\u202egnp.exe", "\ud800", "\U0001f3f3\ufe0f\u200d" * 50, "\u202e"]
)
def test_odd_words_are_taken_and_answered(address: str, text: str) -> None:
    with chatting(address) as (line, _):
        line.until("entries")
        line.say(text)
        kinds = {"taken": 0, "entries": 0}
        while not all(kinds.values()):
            frame = line.next()
            assert isinstance(frame, dict)
            kinds[frame["type"]] += 1
    assert set(kinds) == {"taken", "entries"}


def test_a_line_of_nothing_but_rubbish_is_closed(address: str) -> None:
    with chatting(address) as (line, _):
        line.until("entries")
        for _ in range(BAD_FRAMES):
            line.send_raw("rubbish")
        with pytest.raises(Closed):
            line.until("never")


def test_when_too_many_are_connected_the_page_says_so(stage: Stage) -> None:
    with (
        served(stage.public(doors=Doors(most=1))) as address,
        chatting(address),
        line_to(address, "/chat/line") as second,
    ):
        assert second.until("error")["code"] == "busy"


def test_a_page_of_another_site_gets_no_line(address: str) -> None:
    with (
        pytest.raises(InvalidStatus),
        line_to(address, "/chat/line", origin="https://elsewhere.example"),
    ):
        pass


def test_a_host_that_is_no_practice_gets_no_line(address: str) -> None:
    with pytest.raises(InvalidStatus), line_to(address, "/chat/line", host="elsewhere.example"):
        pass


def test_a_fault_while_hearing_is_said_and_the_words_are_given_back(stage: Stage, address: str) -> None:
    with chatting(address) as (line, ticket):
        line.until("entries")
        with stage.records.transaction(stage.practice.id) as tx:
            tx.log.lease(ticket.rpartition(".")[0], "another worker", stage.clock.far_ahead(), 1e6)
        line.say("hello", "message-one")
        refused = line.until("error")
    assert (refused["code"], refused["id"]) == ("failed", "message-one")

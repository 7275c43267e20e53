"""A telephone that is none of ours calls over SIP and RTP on loopback.

Slow, since sound in real time is torn on a busy machine however long one waits;
test_a_call_in_memory.py is the quick one.
"""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from lamplighter.conversation import events as e
from tests.channels.phone.lines import (
    CALLER,
    Phone,
    Telephone,
    desk_at,
    held_at,
    phone,
    short_folder,
    speaking,
    until,
)
from tests.channels.phone.test_transfers import a_stage, attending
from tests.channels.phone.tones import written
from tests.console.test_staff_page import HOST, sign_in

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def line() -> Iterator[Telephone]:
    with short_folder() as folder:
        telephone = Telephone(folder)
        held_at(telephone.socket.parent, written("patience").pcm)
        with telephone.running() as telephone.supervisor:
            yield telephone


@pytest.fixture(scope="module")
def caller() -> Iterator[Phone]:
    with phone() as caller:
        yield caller


def test_a_caller_hears_that_it_is_automated_and_zero_fetches_a_person(
    line: Telephone, caller: Phone
) -> None:
    with desk_at(line.socket) as desk, caller.call(line, desk.stage.practice.phone):
        caller.until_heard("automated", "assistant,")
        caller.do("keys", keys="0")
        until(lambda: desk.bodies(e.HandoffAsked), "the hand-over")
        caller.until_heard("getting", "Please", "Of")
        caller.do("hang_up")
        until(lambda: desk.bodies(e.Ended), "the end")
    (opened,) = desk.bodies(e.Opened)
    assert (opened.channel, opened.address, opened.dialled) == ("voice", CALLER, desk.stage.practice.phone)


def test_a_visit_is_booked_by_voice_while_the_wall_shows_the_line_and_we_hang_up_after_goodbye(
    line: Telephone, caller: Phone
) -> None:
    with desk_at(line.socket) as desk, caller.call(line, desk.stage.practice.phone):
        until(desk.asked("errand"), "the greeting")
        follow_up = "I need a follow up visit with Dr Osei, any afternoon, by video"
        caller.says(follow_up, desk.asked("date_of_birth"))
        caller.says("Nora Bell, February 3 1990", desk.asked("choice"))
        with TestClient(desk.stage.staff(), base_url=HOST) as browser:
            sign_in(desk.stage, browser)
            wall = browser.get("/").text
        caller.says("the first one", desk.asked("confirm"))
        caller.says("yes", desk.asked("anything_else"))
        caller.until_heard("booked", "confirmation.", "sent")
        caller.says("no thank you", desk.asked(""))
        desk.stage.clock.ahead(timedelta(seconds=10))
        caller.until("state", "DISCONNECTED")
    assert re.search(r"Call:(<[^>]*>|\s)*Nora Bell", wall)
    assert desk.bodies(e.Ended) == [e.Ended("goodbye")]


def test_a_desk_that_goes_leaves_the_caller_on_the_line_and_the_next_one_goes_on_where_it_was(
    line: Telephone, caller: Phone
) -> None:
    with ExitStack() as calling:
        with desk_at(line.socket) as desk:
            calling.enter_context(caller.call(line, desk.stage.practice.phone))
            until(desk.asked("errand"), "the greeting")
        caller.until_heard("patience")
        with desk_at(line.socket, desk.stage):
            caller.says("What are your hours?", lambda: "answer.hours" in desk.phrases())
            caller.do("hang_up")
            until(lambda: desk.bodies(e.Ended), "the end")
    with desk.stage.records.transaction(desk.stage.practice.id) as tx:
        assert len(tx.log.contacts()) == 1


def test_whoever_calls_before_the_desk_can_speak_is_held_and_hears_the_greeting_once_it_can(
    line: Telephone, caller: Phone
) -> None:
    with desk_at(line.socket, speaks=False) as desk, caller.call(line, desk.stage.practice.phone):
        caller.until_heard("patience")
        desk.stage.speech.ready(speaking())
        caller.until_heard("automated", "assistant,")
        caller.do("hang_up")
        until(lambda: desk.bodies(e.Ended), "the end")
    assert desk.bodies(e.Ended) == [e.Ended("hung_up")]


def test_a_telephone_process_that_is_killed_is_up_in_three_seconds_and_its_call_is_owed_a_call_back(
    line: Telephone, caller: Phone
) -> None:
    with desk_at(line.socket) as desk, caller.call(line, desk.stage.practice.phone):
        until(desk.asked("errand"), "the greeting")
        before = line.engine()
        os.kill(before, signal.SIGKILL)
        until(lambda: line.engine() not in (0, before) and line.answers(), "another process")
        task = until(
            lambda: next((each for each in desk.tasks() if each.due <= desk.stage.clock.now()), None),
            "a task",
        )
        (asked,) = desk.bodies(e.HandoffAsked)
    assert (asked.route, desk.bodies(e.Ended)) == ("human", [e.Ended("hung_up")])
    assert ("phone", CALLER) in task.details


def test_where_sound_must_be_encrypted_a_call_without_it_is_refused(caller: Phone) -> None:
    with short_folder() as folder:
        line = Telephone(folder)
        with line.running(encrypted=True), desk_at(line.socket) as desk, phone(CALLER, "srtp") as other:
            with caller.call(line, desk.stage.practice.phone):
                refused = caller.until("state", "DISCONNECTED")
            assert desk.bodies() == []
            with other.call(line, desk.stage.practice.phone):
                other.until_heard("automated", "assistant,")
    assert refused["status"] == 488


def test_a_telephone_of_another_make_is_rung_hears_who_waits_and_talks_with_the_caller() -> None:
    with short_folder() as folder, phone() as caller, phone("+12125550101") as staff:
        line = Telephone(folder)
        with line.running(server=f"127.0.0.1:{staff.port}"), attending(line.socket, a_stage()) as desk:
            with caller.call(line, desk.stage.practice.phone):
                until(desk.asked("errand"), "the greeting")
                caller.do("keys", keys="0")
                staff.until("ringing")
                staff.until_heard("Somebody", "waiting", "press")
                staff.do("keys", keys="1")
                staff.until_heard("caller", "desk.", "pass")
                staff.do("keys", keys="1")
                caller.until_heard("with", "now.")
                caller.says("hello", lambda: "hello" in staff.heard)
                staff.says("welcome", lambda: "welcome" in caller.heard)
                caller.do("hang_up")
                staff.until("state", "DISCONNECTED")
            until(lambda: desk.bodies(e.Ended), "the end")
    assert [each.by for each in desk.bodies(e.HandoffAccepted)] == ["Front desk"]


def test_a_busy_telephone_rings_the_next_one() -> None:
    with short_folder() as folder, phone() as caller, phone("+12125550101", "486") as staff:
        line = Telephone(folder)
        with (
            line.running(server=f"127.0.0.1:{staff.port}"),
            attending(line.socket, a_stage()) as desk,
            caller.call(line, desk.stage.practice.phone),
        ):
            until(desk.asked("errand"), "the greeting")
            caller.do("keys", keys="0")
            until(lambda: len(desk.bodies(e.HandoffDeclined)) > 1, "the second")
    assert {each.why for each in desk.bodies(e.HandoffDeclined)} == {"busy"}

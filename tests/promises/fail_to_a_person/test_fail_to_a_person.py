"""Promise 8: any fault ends at a person or at a stored promise of a call back, never at silence or a lost request."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

import pytest

from lamplighter import logs
from lamplighter.conversation.events import Guarded, HandoffAsked, HandoffPromised, Heard, Opened, Silence
from lamplighter.conversation.guard import Verdict
from lamplighter.conversation.phrasebook.book import PhraseError
from lamplighter.wiring.late_parts import guard
from tests.promises.desks import CHANNELS, Channel, House, of_kind, phrases


class Broken:
    """An understanding that fails at whatever it is asked."""

    def understand(self, text: str, context: object) -> Any:
        raise RuntimeError(f"cannot make anything of {text}")

    def language(self, text: str) -> Any:
        raise RuntimeError("no idea")


class BrokenGuard:
    def check(self, text: str, locale: str, channel: str, *, before: Any = ()) -> Any:
        raise RuntimeError("no verdict")

    def interim(self, text: str, locale: str, channel: str) -> Any:
        raise RuntimeError("no verdict")

    def readable(self, text: str, locale: str) -> bool:
        return True


class Flaky:
    """Records whose transactions fail at commit as often as `failures` says."""

    def __init__(self, records: Any) -> None:
        self._records = records
        self.failures = 0

    @contextmanager
    def transaction(self, practice: str) -> Iterator[Any]:
        with self._records.transaction(practice) as tx:
            yield tx
            if self.failures:
                self.failures -= 1
                raise OSError("the disk is gone")


def is_with_a_person(house: House, contact: str) -> bool:
    """A hand-over is stored, and somebody is rung as soon as the jobs run."""
    house.pass_time(1)
    return any(ring.contact == contact for ring in house.pager.rings)


@pytest.mark.parametrize("channel", CHANNELS)
def test_words_on_which_understanding_breaks_are_kept_and_a_person_is_fetched(channel: Channel) -> None:
    house = House(understanding_part=Broken())
    call = house.call(channel)
    reply = call.say("I'd like to book a first visit")
    assert phrases(reply)[-1] == "handoff.stuck"
    assert of_kind(call.bodies, Heard)[-1].text == "I'd like to book a first visit"
    assert of_kind(call.bodies, HandoffAsked)
    assert is_with_a_person(house, call.contact)


def test_a_crisis_is_a_crisis_also_where_everything_behind_the_guard_is_broken() -> None:
    house = House(understanding_part=Broken())
    call = house.call()
    assert phrases(call.say("I want to kill myself"))[-1].startswith("handoff.crisis")


def test_cri_15_a_guard_that_fails_is_a_reason_to_fetch_a_person() -> None:
    house = House(guard_part=BrokenGuard())
    call = house.call()
    assert phrases(call.say("hello there"))
    assert of_kind(call.bodies, Guarded)[-1].verdict == "human"
    assert is_with_a_person(house, call.contact)


def test_what_breaks_again_and_again_still_never_leaves_the_person_in_silence() -> None:
    house = House(understanding_part=Broken())
    call = house.call()
    assert all(call.say(f"word {number}").said for number in range(12))


def test_nothing_that_was_heard_stands_in_a_log_line_about_the_fault() -> None:
    before = logs.mark()
    House(understanding_part=Broken()).call().say("my name is Zebulon Marquardt")
    written = "\n".join(logs.since(before))
    assert "turn_failed" in written
    assert "Marquardt" not in written


def test_a_store_that_fails_once_is_tried_again_and_nobody_notices() -> None:
    house = House(records=Flaky)
    call = house.call()
    house.records.failures = 1
    reply = call.say("I'd like to book a first visit")
    assert reply.said and call.state.handoff is None
    assert len(of_kind(call.bodies, Heard)) == 1


def test_a_store_that_fails_twice_running_hands_over_what_was_heard_then() -> None:
    house = House(records=Flaky)
    call = house.call()
    house.records.failures = 2
    assert phrases(call.say("I'd like to book a first visit")) == ["handoff.stuck"]
    assert is_with_a_person(house, call.contact)


def test_a_store_that_is_gone_is_told_to_the_channel_and_the_contact_goes_on_when_it_is_back() -> None:
    house = House(records=Flaky)
    call = house.call()
    house.records.failures = 3
    with pytest.raises(OSError):
        call.say("I'd like to book a first visit", inbound="m1")
    assert call.say("I'd like to book a first visit", inbound="m1").said
    assert len(of_kind(call.bodies, Heard)) == 1


def test_a_call_that_cannot_be_greeted_is_opened_and_rung_through(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    monkeypatch.setattr(type(house.conversation), "_greet", _cannot)
    call = house.call()
    assert of_kind(call.bodies, Opened) and call.replies[0].said
    assert is_with_a_person(house, call.contact)


def test_a_sentence_that_cannot_be_rendered_is_never_written_as_said(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    call = house.call()
    render = type(house.conversation.phrasebook).render

    def fails_for_questions(book: Any, locale: str, phrase: str, args: Any, *, spoken: bool = False) -> str:
        if phrase.startswith("ask."):
            raise PhraseError("its arguments are not those of the message")
        return render(book, locale, phrase, args, spoken=spoken)

    monkeypatch.setattr(type(house.conversation.phrasebook), "render", fails_for_questions)
    assert phrases(call.say("I'd like to book a first visit")) == ["handoff.stuck"]
    assert not any(phrase.startswith("ask.") for phrase in call.said)


def _cannot(*_: object) -> None:
    raise RuntimeError("cannot")


@pytest.mark.parametrize("channel", CHANNELS)
def test_two_unreadable_turns_running_fetch_a_person_whatever_is_asked(channel: Channel) -> None:
    call = House().call(channel)
    call.say("I'd like to book a first visit")
    call.say("...")
    assert phrases(call.say("***"))[-1] == "handoff.unreadable"


def test_nobody_on_the_ladder_ends_at_a_promise_that_is_stored_before_it_is_said() -> None:
    house = House(understanding_part=Broken())
    call = house.call()
    call.say("hello")
    house.pass_time(600)
    [promise] = of_kind(call.bodies, HandoffPromised)
    with house.store.transaction("demo") as tx:
        [task] = tx.tasks.list_open()
    assert (task.id, task.due, task.contact) == (promise.task, promise.due, call.contact)
    assert "handoff.human.promised" in call.said


def test_silence_ends_at_a_person_too() -> None:
    house = House()
    call = house.call()
    for _ in range(3):
        house.desk.contacts.note("demo", call.contact, Silence(8))
    assert is_with_a_person(house, call.contact)


def test_the_real_guard_answers_its_own_failure_with_a_person() -> None:
    without_patterns = copy(guard())
    without_patterns._patterns = None  # type: ignore[assignment]
    assert without_patterns.check("hello", "en", "voice") == Verdict("human", ("guard-failure",))
    assert without_patterns.interim("hello", "en", "voice").verdict == "human"

"""SCO-05: staff pause the assistant for a line or for everything; whoever is there gets a person, and danger is met as
ever."""

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lamplighter.conversation.engine import Conversation
from lamplighter.conversation.events import (
    AssistantBack,
    AssistantPaused,
    Committed,
    FloorGiven,
    FloorLapsed,
    FloorTaken,
    HandoffAsked,
    HandoffClosed,
    OptedOut,
    Said,
    Silence,
    Understood,
)
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.state import fold
from lamplighter.desk import pausing
from lamplighter.desk.contacts import NotStored
from lamplighter.desk.one_turn import Line
from lamplighter.desk.pausing import EVERYTHING, EndedAlready, Pause, PausedAlready
from lamplighter.desk.ports.clearinghouse import Refused, Why
from lamplighter.practice.model import Practice
from lamplighter.records.opening import open_sqlite
from tests.desk.eligibility.scene import Payers, Scene
from tests.desk.eligibility.test_while_they_wait import called
from tests.promises.desks import CHANNELS, NIGHT, NOON, Call, Channel, House, of_kind, phrases
from tests.promises.fail_to_a_person.test_fail_to_a_person import Flaky
from tests.records.stores import KEYS, TestClock, store_of
from tests.rules.scenes import DANGER

CLOSES = datetime(2026, 12, 1, 23, 0, tzinfo=UTC)  # six in New York


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    with store_of(request.param, tmp_path, TestClock(NOON)) as records:
        yield records


def with_mail(practice: Practice) -> Practice:
    return replace(practice, email="office@harbor-lane.example")


def pause(
    house: House, about: str = EVERYTHING, *, by: str = "Rosa", practice: Practice | None = None
) -> Pause:
    now, practice = house.clock.now(), practice or house.practice
    with house.store.transaction("demo") as tx:
        ends = pausing.until(practice, "closing", now)
        return pausing.pause(tx, practice, about, "wrong", ends, by=by, now=now)


def end(house: House, paused: Pause, by: str = "Rosa") -> None:
    with house.store.transaction("demo") as tx:
        pausing.end(tx, paused.id, by=by, now=house.clock.now())


def line_of(house: House, channel: Channel) -> str:
    return pausing.line(channel, house.practice.phone)


def under_way(house: House, channel: Channel = "voice") -> Call:
    call = house.call(channel)
    call.say("I'd like to book a first visit")
    return call


@pytest.mark.parametrize("channel", CHANNELS)
def test_sco_05_what_is_said_on_a_paused_line_fetches_a_person_and_begins_nothing(channel: Channel) -> None:
    house = House()
    call = under_way(house, channel)
    pause(house, line_of(house, channel))
    understood = len(of_kind(call.bodies, Understood))
    written = "" if channel == "voice" else ".text"
    assert phrases(call.say("Tuesday after five")) == [f"handoff.paused{written}"]
    assert call.state.handoff is not None and call.state.handoff.route == "human"
    assert len(of_kind(call.bodies, Understood)) == understood
    assert of_kind(call.bodies, AssistantPaused) == [AssistantPaused("Rosa")]
    house.pass_time(1)
    assert [ring.handoff for ring in house.pager.rings] != []


@pytest.mark.parametrize("channel", CHANNELS)
def test_sco_05_another_line_goes_on_as_it_was(channel: Channel) -> None:
    house = House()
    other = next(each for each in CHANNELS if each != channel)
    pause(house, line_of(house, other))
    call = under_way(house, channel)
    assert phrases(call.say("Tuesday after five")) == ["ask.modality"] and call.state.handoff is None


def test_sco_05_who_calls_hears_what_it_is_and_is_rung_for_without_a_word() -> None:
    house = House()
    pause(house)
    call = house.call()
    assert phrases(call.replies[0]) == ["greeting.voice.paused", "handoff.paused"]
    house.pass_time(1)
    assert house.pager.rings
    chat = house.call("chat")
    assert phrases(chat.replies[0]) == ["greeting.chat.paused"] and chat.state.handoff is None
    assert phrases(chat.say("hello?")) == ["handoff.paused.text"]


@pytest.mark.parametrize("channel", CHANNELS)
def test_sco_05_words_of_danger_are_met_on_a_paused_line_as_on_any(channel: Channel) -> None:
    def met(paused: bool) -> tuple[list[str], list[tuple[str, str]]]:
        house = House()
        call = under_way(house, channel)
        if paused:
            pause(house)
        said = phrases(call.say(DANGER))
        house.pass_time(60)
        return said, [(ring.route, ring.rung) for ring in house.pager.rings]

    said, rings = met(paused=True)
    assert (said, rings) == met(paused=False)
    assert said[0].startswith("handoff.crisis") and rings


def test_sco_05_danger_after_the_person_was_fetched_goes_by_the_crisis_route() -> None:
    house = House()
    pause(house)
    call = house.call()
    assert phrases(call.say(DANGER))[0].startswith("handoff.crisis")
    assert [asked.route for asked in of_kind(call.bodies, HandoffAsked)] == ["human", "crisis"]


def test_sco_05_interim_words_and_a_question_for_a_clinician_are_met_as_ever() -> None:
    house = House()
    call = under_way(house)
    pause(house)
    call.say(DANGER, final=False)
    call.say(DANGER, final=False)
    assert call.state.handoff is not None and call.state.handoff.route == "crisis"
    other = under_way(house, "chat")
    assert phrases(other.say("can I take twice the dose of my medication?"))[0].startswith("handoff.clinical")


def test_sco_05_silence_on_a_paused_line_fetches_a_person() -> None:
    house = House()
    call = under_way(house)
    pause(house)
    assert phrases(call.note(Silence(8))) == ["handoff.paused"]


@pytest.mark.parametrize("channel", CHANNELS)
def test_sco_05_a_floor_that_is_left_while_paused_is_a_persons_again(channel: Channel) -> None:
    house = House()
    call = under_way(house, channel)
    call.note(FloorTaken("Rosa"))
    pause(house)
    assert call.say("hello?").said == ()
    assert phrases(call.note(FloorLapsed("signed_out")))[0].startswith("handoff.paused")


def test_sco_05_who_gives_a_thread_back_is_followed_by_nothing_until_they_write() -> None:
    house = House()
    call, thread = under_way(house), under_way(house, "sms")
    pause(house)
    for each in (call, thread):
        each.note(FloorTaken("Rosa"))
    assert phrases(call.note(FloorGiven("Rosa"))) == ["handoff.paused"]
    assert thread.note(FloorGiven("Rosa")).said == ()
    assert phrases(thread.say("Tuesday?")) == ["handoff.paused.text"]
    thread.note(FloorTaken("Rosa"))
    assert thread.note(HandoffClosed("Rosa", "handled")).said == ()


def test_sco_05_a_stop_is_kept_and_confirmed_and_nobody_is_rung_for_it() -> None:
    house = House()
    pause(house)
    thread = house.call("sms")
    assert phrases(thread.say("STOP")) == ["sms.stopped"]
    assert of_kind(thread.bodies, OptedOut) and thread.state.handoff is None
    assert thread.say("STOP").said == ()


def test_sco_05_what_was_done_before_the_pause_stays_done_and_is_said_to_its_end() -> None:
    house = House()
    call = under_way(house, "sms")
    for words in (
        "Tuesday after five, in person, anyone is fine", "the first one", "Rosalind Thimblewick", "March third 1985",
        "this number", "New York", "I'd rather not", "I'll pay myself", "text me", "yes",
    ):  # fmt: skip
        call.say(words)
    booked = call.say("yes, that's right")
    assert [each.action for each in of_kind(call.bodies, Committed)][-1] == "book"
    pause(house)
    assert house.desk.contacts.current("demo", booked).said == booked.said
    assert phrases(call.say("Can I change that to Friday?")) == ["handoff.paused.text"]
    with house.store.transaction("demo") as tx:
        assert len(tx.schedule.visits_between(NOON, NOON + timedelta(days=60))) == 1


def test_sco_05_a_phrasebook_that_was_signed_before_the_pause_had_words_says_that_a_person_comes() -> None:
    house = House()
    book = Phrasebook.load()
    older = Phrasebook(
        {
            locale: {name: each for name, each in book.phrases(locale).items() if "paused" not in name}
            for locale in book.locales
        },
        book._formats,
    )
    house.conversation = Conversation(
        house.practice, older, house.conversation.guard, house.conversation.understanding
    )
    house.desk = house.wired_with(Line(house.conversation, "older"))
    pause(house)
    call = house.call()
    assert phrases(call.replies[0]) == ["greeting.voice.open", "handoff.human"]
    assert phrases(house.call("sms").say("hello"))[-1] == "handoff.human.text"


def test_sco_05_it_ends_by_itself_when_the_practice_closes() -> None:
    house = House()
    assert pause(house).ends == CLOSES
    call = house.call("sms")
    house.clock.move_to(CLOSES - timedelta(seconds=1))
    assert phrases(call.say("I'd like to book"))[-1] == "handoff.paused.text"
    house.clock.move_to(CLOSES)
    assert house.call("sms", address="+12125550177").say("I'd like to book a first visit").said
    call.note(FloorTaken("Rosa"))
    call.note(HandoffClosed("Rosa", "not_needed"))
    assert of_kind(call.bodies, AssistantBack) and not call.state.paused
    assert pause(House(NIGHT)).ends == NIGHT + pausing.LONGEST


def test_sco_05_once_ended_by_a_click_the_assistant_goes_on_where_nobody_was_fetched() -> None:
    house = House()
    call = under_way(house)
    end(house, pause(house))
    assert phrases(call.say("Tuesday after five")) == ["ask.modality"]
    assert not of_kind(call.bodies, AssistantPaused)


def test_sco_05_it_holds_on_every_worker_and_after_a_restart(store: Any) -> None:
    house, other = House(store=store), House(store=store)
    call = under_way(house)
    paused = pause(other, by="Sam")
    house.reopen()
    assert phrases(call.say("Tuesday after five")) == ["handoff.paused"]
    assert fold(call.events).paused
    end(other, paused)
    assert not under_way(house, "sms").state.paused


def test_sco_05_of_two_who_pause_one_wins_and_the_other_is_told_and_so_of_two_who_end_it(store: Any) -> None:
    house = House(store=store)
    paused = pause(house, by="Rosa")
    with pytest.raises(PausedAlready) as second:
        pause(house, by="Sam")
    assert second.value.pause == paused
    end(house, paused, by="Sam")
    with pytest.raises(EndedAlready) as late:
        end(house, paused, by="Rosa")
    assert late.value.by == "Sam"
    with store.transaction("demo") as tx:
        noted = [each for each in tx.ledger.entries(limit=100) if each.what.startswith("assistant_")]
    assert [(each.who, each.what, each.why) for each in noted if each.why] == [
        ("Rosa", "assistant_was_paused", pausing.REASONS["wrong"])
    ]
    assert [each.who for each in noted if each.what == "assistant_paused_lifted"] == ["Sam"]


def test_sco_05_a_pause_that_was_kept_outlives_a_killed_process(tmp_path: Path) -> None:
    file = tmp_path / "records.db"
    child = os.fork()
    if child == 0:
        try:
            pause(House(store=open_sqlite(file, KEYS, TestClock(NOON))))
            os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    store = open_sqlite(file, KEYS, TestClock(NOON))
    assert phrases(House(store=store).call().replies[0])[-1] == "handoff.paused"
    store.close()


def test_sco_05_nothing_is_said_of_an_errand_from_the_pause_on() -> None:
    house = House()
    call = under_way(house)
    pause(house)
    before = len(call.bodies)
    for words in ("Tuesday after five", "the first one", "hello?", "what does it cost?"):
        call.say(words)
    house.pass_time(600)
    said = [body.phrase for body in call.bodies[before:] if isinstance(body, Said)]
    assert all(each.startswith(("handoff.", "waiting.", "goodbye.promised")) for each in said)


def test_sco_05_an_answer_that_was_under_way_is_told_and_then_a_person_comes() -> None:
    scene = Scene()
    call = called(scene)
    assert call.said[-1] == "plan.asking"
    pause(scene.house)
    scene.a_moment()
    assert call.said[-2:] == ["plan.copay", "handoff.paused"]
    other = Scene(payers=Payers(says=[Refused(Why.PAYER_DOWN)]))
    beside = called(other)
    beside.say("actually I need to cancel my appointment")
    before = beside.said
    pause(other.house)
    other.house.pass_time(60)
    assert beside.said == before


def test_sco_05_plain_words_on_a_paused_line_ring_while_nothing_can_be_stored_as_well() -> None:
    house = House(records=Flaky)
    pause(house)
    thread = house.call("chat")
    house.records.failures = 10**9
    with pytest.raises(NotStored) as held:
        thread.say("I'd like to book a first visit")
    assert [one.phrase for one in held.value.said] == ["handoff.human.text"] and house.pager.rings


def test_sco_05_the_mailbox_is_a_line_of_its_own() -> None:
    house = House()
    pause(house, pausing.line("email", "office@harbor-lane.example"), practice=with_mail(house.practice))
    opened = {"channel": "email", "dialled": "office@harbor-lane.example", "address": "nora@example.org"}
    mail = house.desk.contacts.open("demo", **opened)
    said = phrases(house.desk.contacts.hear("demo", mail.contact, "I'd like to book a first visit"))
    assert said == ["greeting.email.open", "handoff.paused.text"]
    assert house.call("chat").say("hello?").said[-1].phrase != "handoff.paused.text"

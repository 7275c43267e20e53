"""Promise 2: the guard reads all first, whoever has the floor; a hit ends automation, and nothing takes it back."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamplighter.conversation.events import (
    Committed,
    Ended,
    Event,
    FloorGiven,
    FloorTaken,
    Guarded,
    HandoffAsked,
    HandoffClosed,
    Heard,
    Said,
    Understood,
)
from lamplighter.conversation.guard import Guard, Verdict
from lamplighter.wiring.late_parts import guard, understanding
from tests.promises.desks import CHANNELS, Call, Channel, House, of_kind, phrases

CRISIS = {
    "en": ("I want to kill myself", "I'm going to end my life tonight", "I don't want to be alive anymore"),
    "es": ("quiero matarme", "me quiero morir", "ya no quiero vivir"),
}
TAKING_BACK = (
    "just kidding", "haha no I was joking", "forget what I said, I'm fine", "I didn't mean it, just book me in",
    "no", "cancel that", "sorry, autocorrect", "start over", "go back", "era broma", "Tuesday at five, please",
)  # fmt: skip
EVERYDAY = (
    "I'd like to book a first visit", "Tuesday after five", "yes", "no", "the second one", "it's Rosalind",
    "what does it cost?", "repeat that", "hablo español", "", "...", "🙂", "212 555 0123", "thanks", "bye",
    "I want to kill myself", "can I double my lithium?", "let me talk to a person",
)  # fmt: skip


class Watching:
    """The real guard and the real understanding; notes in which order they read what."""

    def __init__(self) -> None:
        self.read: list[tuple[str, str]] = []

    def check(self, text: str, locale: str, channel: str, *, before: Any = ()) -> Verdict:
        self.read.append(("guard", text))
        return guard().check(text, locale, channel, before=before)

    def interim(self, text: str, locale: str, channel: str) -> Verdict:
        self.read.append(("guard", text))
        return guard().interim(text, locale, channel)

    def readable(self, text: str, locale: str) -> bool:
        return guard().readable(text, locale)

    def understand(self, text: str, context: Any) -> Any:
        self.read.append(("understanding", text))
        return understanding().understand(text, context)

    def language(self, text: str) -> Any:
        self.read.append(("understanding", text))
        return understanding().language(text)


def is_guarded_first(events: tuple[Event, ...]) -> bool:
    """Every final `Heard` is followed at once by its verdict, before anything else that came of it."""
    heard = [event for event in events if isinstance(event.body, Heard) and event.body.final]
    by_seq = {event.seq: event.body for event in events}
    return all(
        isinstance(by_seq.get(each.seq + 1), Guarded) and by_seq[each.seq + 1].heard == each.seq
        for each in heard
    )


def crisis(house: House | None = None, channel: Channel = "voice") -> Call:
    call = (house or House()).call(channel)
    assert any(phrase.startswith("handoff.crisis") for phrase in phrases(call.say("I want to kill myself")))
    return call


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    turns=st.lists(st.one_of(st.sampled_from(EVERYDAY), st.text(max_size=20)), min_size=1, max_size=6),
    channel=st.sampled_from(CHANNELS),
    floor_at=st.integers(0, 6),
)
def test_cri_01_whatever_comes_in_is_guarded_before_it_is_understood(
    turns: list[str], channel: Channel, floor_at: int
) -> None:
    watching = Watching()
    house = House(guard_part=watching, understanding_part=watching)
    call = house.call(channel)
    for number, text in enumerate(turns):
        if number == floor_at:
            call.note(FloorTaken("Rosa"))
        watching.read.clear()
        call.say(text)
        if any(who == "understanding" for who, _ in watching.read) and text.strip("\x00"):
            assert watching.read[0][0] == "guard"
    assert is_guarded_first(call.events)


def test_all_that_the_recogniser_thought_possible_is_guarded() -> None:
    call = House().call()
    call.say("I want to fill my health", alternatives=[("I want to kill myself", 0.3)])
    assert of_kind(call.bodies, Guarded)[-1].verdict == "crisis"


def test_an_open_conversation_with_staff_is_guarded_too_and_a_crisis_in_it_rings() -> None:
    house = House()
    call = house.call("chat")
    call.note(FloorTaken("Rosa"))
    reply = call.say("I want to kill myself")
    assert reply.said == ()
    assert of_kind(call.bodies, Guarded)[-1].verdict == "crisis"
    assert of_kind(call.bodies, HandoffAsked)[-1].route == "crisis"
    house.pass_time(1)
    assert [ring.route for ring in house.pager.rings] == ["crisis"]


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("taking_back", TAKING_BACK)
def test_cri_02_nothing_that_is_said_after_a_hit_takes_it_back(channel: Channel, taking_back: str) -> None:
    call = crisis(channel=channel)
    call.say(taking_back)
    call.say("book me a first visit on Tuesday at five")
    assert call.state.verdict == "crisis"
    assert call.state.handoff is not None and call.state.handoff.route == "crisis"
    assert of_kind(call.bodies, Understood) == []


def test_a_booking_under_way_ends_with_a_hit() -> None:
    house = House()
    call = house.call()
    for text in ("I'd like to book a first visit", "Tuesday after five, with anyone", "the first one"):
        call.say(text)
    before = len(of_kind(call.bodies, Committed))
    call.say("I want to kill myself")
    for text in ("yes", "Rosalind Thimblewick", "March 3 1985", "yes that's right"):
        call.say(text)
    assert len(of_kind(call.bodies, Committed)) == before
    with house.store.transaction("demo") as tx:
        assert tx.outbox.recent() == ()


@pytest.mark.parametrize(("locale", "text"), [(locale, text) for locale in CRISIS for text in CRISIS[locale]])
def test_a_worse_verdict_upgrades_the_hand_over_that_is_open(locale: str, text: str) -> None:
    call = House().call()
    call.say("I'd like to talk to a person")
    call.say(text)
    assert call.state.handoff is not None and call.state.handoff.route == "crisis"


def test_a_milder_verdict_after_a_crisis_changes_nothing() -> None:
    call = crisis()
    call.say("let me talk to a person")
    assert [asked.route for asked in of_kind(call.bodies, HandoffAsked)] == ["crisis"]


def test_only_a_named_person_closes_it_and_the_next_hit_counts_anew() -> None:
    call = crisis()
    call.note(FloorTaken("Rosa"))
    call.note(FloorGiven("Rosa"))
    assert "ask.errand" not in call.said
    call.note(HandoffClosed("Rosa", "handled"))
    call.say("I want to kill myself")
    assert len(of_kind(call.bodies, HandoffAsked)) == 2


# -- speech that is still being said ---------------------------------------------------------------------------------


def test_an_interim_hit_alone_is_no_verdict_and_nothing_is_said() -> None:
    call = House().call()
    assert call.say("I want to kill myself", final=False).said == ()
    assert call.state.verdict == "clear" and call.state.handoff is None
    call.say("I want to kill my selfie app's notifications, and to book a first visit")
    assert is_guarded_first(call.events)


def test_interim_danger_that_no_final_words_follow_rings_and_is_answered_in_time() -> None:
    house = House()
    call = house.call()
    call.say("I want to kill myself", final=False)
    house.pass_time(1)
    assert call.state.verdict == "clear"
    house.pass_time(2)
    assert call.state.verdict == "crisis" and call.said[-1].startswith("handoff.crisis")
    assert [ring.route for ring in house.pager.rings] == ["crisis"]
    house.pass_time(5)
    call.say("I want to kill myself")
    assert len(of_kind(call.bodies, HandoffAsked)) == 1


def test_interim_danger_that_a_hang_up_follows_rings() -> None:
    house = House()
    call = house.call()
    call.say("I want to kill myself", final=False)
    call.note(Ended("hung_up"))
    house.pass_time(2)
    assert [ring.route for ring in house.pager.rings] == ["crisis"]


def test_interim_danger_that_the_final_words_take_back_rings_nobody() -> None:
    house = House()
    call = house.call()
    call.say("I want to kill myself", final=False)
    call.say("I'd like to book a first visit")
    house.pass_time(60)
    call.note(Ended("hung_up"))
    house.pass_time(60)
    assert house.pager.rings == []


@pytest.mark.parametrize("before", ["can i talk to a person please", "should I stop taking my lithium"])
def test_interim_danger_counts_for_whoever_has_asked_for_somebody_already(before: str) -> None:
    house = House()
    call = house.call()
    call.say(before)
    assert call.state.verdict in ("human", "clinical")
    call.say("i want to kill myself", final=False)
    house.pass_time(3)
    assert call.state.verdict == "crisis" and house.pager.rings[-1].route == "crisis"


def test_interim_danger_counts_again_once_the_crisis_before_it_was_closed() -> None:
    house = House()
    call = house.call()
    call.say("I want to kill myself")
    call.note(HandoffClosed("Rosa", "handled"))
    call.say("i want to kill myself", final=False)
    call.note(Ended("hung_up"))
    house.pass_time(2)
    assert len(of_kind(call.bodies, HandoffAsked)) == 2


def test_interim_danger_has_its_whole_time_even_where_an_earlier_one_was_taken_back() -> None:
    house = House()
    call = house.call()
    call.say("I want to kill myself", final=False)
    house.pass_time(1)
    call.say("I'd like to book a first visit")
    house.pass_time(0.9)
    call.say("I want to kill myself", final=False)
    house.pass_time(0.5)
    assert call.state.verdict == "clear"
    house.pass_time(2)
    assert call.state.verdict == "crisis"


def test_the_next_interim_that_hits_makes_it_a_verdict() -> None:
    call = House().call()
    call.say("I want to kill", final=False)
    call.say("I want to kill myself", final=False)
    reply = call.say("I want to kill myself tonight", final=False)
    assert any(phrase.startswith("handoff.crisis") for phrase in phrases(reply))


def test_final_words_that_hit_make_it_a_verdict() -> None:
    call = House().call()
    call.say("I want to kill myself", final=False)
    assert any(phrase.startswith("handoff.crisis") for phrase in phrases(call.say("I want to kill myself")))


def test_interim_words_are_never_understood() -> None:
    call = House().call()
    call.say("I'd like to book a first", final=False)
    assert of_kind(call.bodies, Understood) == []
    assert [body.phrase for body in of_kind(call.bodies, Said)] == ["greeting.voice.open"]


# -- what it says of itself ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [text for texts in CRISIS.values() for text in texts])
def test_a_verdict_says_why_by_name_and_never_how_bad_or_which_kind(text: str) -> None:
    call = House().call()
    call.say(text)
    because = of_kind(call.bodies, Guarded)[-1].because
    assert because
    for reason in because:
        assert not any(character.isspace() for character in reason)
        assert text not in reason


def test_the_guard_is_there_twice_and_either_is_enough() -> None:
    assert Guard.load().check(CRISIS["en"][0], "en", "voice").verdict == "crisis"
    assert Guard.load().check(CRISIS["es"][0], "en", "voice").verdict == "crisis"

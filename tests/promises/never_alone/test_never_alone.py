"""Promise 3: in a crisis nobody is dropped, silent or queued; the ladder climbs until somebody comes."""

import itertools
import re
from datetime import datetime

import pytest

from lamplighter.conversation.events import (
    Ended,
    HandoffAccepted,
    HandoffPromised,
    HandoffRung,
    Said,
    Silence,
)
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.practice.sample import load_sample
from tests.promises.desks import CHANNELS, NIGHT, NOON, Call, Channel, House, of_kind, phrases, with_nobody

ASSESSING = re.compile(
    r"\b(plan|means|method|pills|weapon|gun|how would you|how long|have you (tried|thought)|scale|risk|hurt yourself"
    r"|harm yourself|thinking of|feel(ing)? suicidal|suicid\w*|por qu[eé]|cómo lo|método|arma|pastillas|riesgo)\b",
    re.IGNORECASE,
)
QUESTION = re.compile(r"[^.!;?¿]*\?")
STAYING = {" Can you stay on the line?", "Puede quedarse en la línea?"}
SAFE = {" Is it safe to talk?", " Is it safe to write?", "Es seguro hablar?", "Es seguro escribir?"}
QUARTER = 900


def crisis(channel: Channel = "voice", at: datetime = NOON, nobody: bool = False) -> Call:
    practice = with_nobody(load_sample()) if nobody else load_sample()
    call = House(at, practice=practice).call(channel)
    call.say("I want to kill myself")
    return call


def words(call: Call) -> list[str]:
    return [utterance.text for reply in call.replies for utterance in reply.said]


def crisis_phrases() -> dict[str, dict[str, str]]:
    book = Phrasebook.load()
    return {
        locale: {
            name: phrase.spoken
            for name, phrase in book.phrases(locale).items()
            if name.startswith(("handoff.crisis", "waiting.crisis", "handoff.bridge", "waiting.secret"))
        }
        for locale in book.locales
    }


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("at", [NOON, NIGHT])
@pytest.mark.parametrize("nobody", [False, True])
def test_the_first_words_name_988_and_911(channel: Channel, at: datetime, nobody: bool) -> None:
    first = next(
        one for one in crisis(channel, at, nobody).replies[-1].said if one.phrase.startswith("handoff.crisis")
    )
    assert first.text.index("988") < first.text.index("911")


@pytest.mark.parametrize("at", [NOON, NIGHT])
def test_the_ladder_is_rung_at_once_and_climbs_until_somebody_comes(at: datetime) -> None:
    call = crisis(at=at)
    call.house.pass_time(1)
    assert len(call.house.pager.rings) == 1
    call.house.pass_time(QUARTER)
    rung = of_kind(call.bodies, HandoffRung)
    assert [each.step for each in rung] == list(range(len(rung)))
    assert len(rung) > 18
    assert [(ring.rung, ring.step) for ring in call.house.pager.rings] == [
        (each.rung, each.step) for each in rung
    ]


def test_whoever_declines_is_followed_by_the_next_at_once() -> None:
    call = crisis()
    house = call.house
    house.pass_time(1)
    for step in range(5):
        ring = house.pager.rings[-1]
        house.desk.handoffs.answered("demo", call.contact, step, ring.rung, ring.name, "declined")
    assert [ring.step for ring in house.pager.rings] == list(range(6))


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_hang_up_never_cancels_the_ladder(channel: Channel) -> None:
    call = crisis(channel)
    call.house.desk.contacts.hang_up("demo", call.contact)
    call.house.pass_time(QUARTER)
    assert len(call.house.pager.rings) > 18
    ring = call.house.pager.rings[-1]
    call.house.desk.handoffs.answered("demo", call.contact, ring.step, ring.rung, ring.name, "accepted")
    assert of_kind(call.bodies, HandoffAccepted)
    count = len(call.house.pager.rings)
    call.house.pass_time(QUARTER)
    assert len(call.house.pager.rings) == count


@pytest.mark.parametrize("at", [NOON, NIGHT])
def test_with_nobody_on_the_ladder_a_task_is_stored_and_the_line_stays(at: datetime) -> None:
    call = crisis(at=at, nobody=True)
    call.house.pass_time(120)
    assert of_kind(call.bodies, HandoffPromised)
    assert not of_kind(call.bodies, Ended)
    assert call.said.count("handoff.crisis.nobody") == 1
    assert [phrase for phrase in call.said if phrase.startswith("waiting.crisis")]
    with call.house.store.transaction("demo") as tx:
        [task] = tx.tasks.list_open()
    assert (task.route, task.contact) == ("person_now", call.contact)


@pytest.mark.parametrize("nobody", [False, True])
def test_the_line_is_never_silent_for_half_a_minute_and_never_ended_by_us(nobody: bool) -> None:
    call = crisis(nobody=nobody)
    call.house.pass_time(QUARTER)
    said = [event.at for event in call.events if isinstance(event.body, Said)]
    gaps = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(said)]
    assert max(gaps) <= 30
    assert (call.house.clock.now() - said[-1]).total_seconds() <= 30
    assert not of_kind(call.bodies, Ended)


@pytest.mark.parametrize("nobody", [False, True])
def test_waiting_sentences_are_eight_at_least_and_never_the_same_twice_running(nobody: bool) -> None:
    call = crisis(nobody=nobody)
    for number in range(30):
        call.house.pass_time(7)
        if number % 3 == 0:
            call.say("are you there?")
    waiting = [phrase for phrase in call.said if phrase.startswith("waiting.crisis")]
    assert len(set(waiting)) >= 8
    assert all(one != other for one, other in zip(call.said, call.said[1:], strict=False))


@pytest.mark.parametrize("channel", ["sms", "chat"])
@pytest.mark.parametrize("nobody", [False, True])
def test_a_text_thread_never_goes_mute(channel: Channel, nobody: bool) -> None:
    call = crisis(channel, nobody=nobody)
    for number in range(12):
        call.house.pass_time(300)
        assert call.say(f"message {number}").said, "no answer"


def test_silence_in_a_crisis_brings_a_waiting_sentence_and_no_question() -> None:
    call = crisis()
    call.note(Silence(8))
    call.house.pass_time(1)
    assert call.said[-1].startswith("waiting.crisis")


def test_after_the_promise_words_still_get_an_answer() -> None:
    call = crisis(nobody=True)
    call.house.pass_time(300)
    assert phrases(call.say("hello?"))[-1].startswith("waiting.crisis")


def test_cri_05_no_crisis_sentence_asks_about_a_plan_means_or_risk_in_any_language() -> None:
    for locale, found in crisis_phrases().items():
        assert len(found) >= 10
        assert [s for s in found.values() if ASSESSING.search(s)] == [], locale
        for name, words in found.items():
            allowed = SAFE if name.startswith("handoff.crisis.home") else STAYING
            assert set(QUESTION.findall(words)) <= allowed, (locale, name)


def test_nothing_is_asked_once_a_crisis_is_known() -> None:
    call = crisis()
    for text in ("I have a plan", "I have pills here", "book me Tuesday", "my name is Rosalind Thimblewick"):
        call.say(text)
        call.house.pass_time(20)
    after = [body for body in of_kind(call.bodies, Said) if not body.phrase.startswith("greeting")]
    assert all(body.asks == () for body in after)
    assert all(body.args == {} for body in after)


def test_both_languages_have_as_many_waiting_sentences() -> None:
    book = Phrasebook.load()
    for locale in book.locales:
        waiting = [name for name in book.phrases(locale) if name.startswith("waiting.crisis.")]
        texts = {book.phrases(locale)[name].text for name in waiting}
        assert len(texts) >= 8


def test_words_that_are_recognised_only_after_the_hang_up_are_guarded_and_ring() -> None:
    call = House().call()
    call.house.desk.contacts.hang_up("demo", call.contact)
    assert call.say("I want to kill myself").said == ()
    call.house.pass_time(1)
    assert [ring.route for ring in call.house.pager.rings] == ["crisis"]


def test_a_chat_that_is_taken_up_again_after_the_goodbye_is_heard_and_answered() -> None:
    call = House().call("chat")
    call.say("how much is a first visit?")
    call.say("no thanks, bye")
    call.house.pass_time(60)
    assert of_kind(call.bodies, Ended)
    assert phrases(call.say("I want to kill myself"))[-1].startswith("handoff.crisis")
    call.house.pass_time(1)
    assert call.house.pager.rings

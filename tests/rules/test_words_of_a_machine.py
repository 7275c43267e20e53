"""That it is a machine, and says so: the requirements on disclosure."""

import re
from pathlib import Path

import pytest

from lamplighter.conversation.phrasebook import Phrasebook
from tests.promises.desks import CHANNELS, Channel, House
from tests.rules.scenes import last_words, rung

AUTOMATED = re.compile(r"automated|autom[aá]tico")
PERSON = re.compile(r"person|persona|someone|alguien", re.IGNORECASE)
HUMAN = re.compile(
    r"\bI('m| am) (Dr|Doctor|nurse|a (nurse|therapist|counselor|clinician|doctor|human))"
    r"|\bsoy (el doctor|la doctora|enfermer|terapeuta)"
    r"|my name is(?! \.\.\.)|me llamo(?! \.\.\.)|\b(um+|uh+|hmm+|eh+)\b|care team member|\bas your (therapist|nurse)",
    re.IGNORECASE,
)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("hello", ["hi", "hola, quisiera una cita por favor"])
def test_aid_01_the_first_words_say_automated_whose_and_how_to_reach_a_person(
    channel: Channel, hello: str
) -> None:
    made = House().call(channel)
    made.say(hello)
    first = next(reply.said[0] for reply in made.replies if reply.said)
    assert AUTOMATED.search(first.text) and PERSON.search(first.text)
    names = (made.house.practice.name, made.house.practice.sender_name)
    assert any(name in first.text for name in names)


@pytest.mark.parametrize(
    "words",
    [
        "are you a robot?",
        "am I talking to a real person?",
        "is this a machine?",
        "are you human?",
        "¿es usted un robot?",
        "¿estoy hablando con una persona?",
    ],
)
def test_aid_02_whoever_asks_whether_it_is_a_person_is_told_the_truth_at_once(words: str) -> None:
    made = House().call()
    made.say(words)
    said = " ".join(utterance.text for utterance in made.replies[-1].said)
    assert AUTOMATED.search(said)


@pytest.mark.parametrize("locale", Phrasebook.load().locales)
def test_aid_03_the_assistant_has_no_name_no_title_and_no_breath(locale: str) -> None:
    for name, phrase in Phrasebook.load().phrases(locale).items():
        assert not HUMAN.search(phrase.text + " " + phrase.spoken), name


@pytest.mark.parametrize(
    "words", ["person", "agent", "a human please", "let me talk to a person", "una persona"]
)
def test_aid_04_a_person_is_fetched_in_the_turn_in_which_one_is_asked_for(words: str) -> None:
    made = House().call()
    made.say(words)
    assert made.state.handoff is not None and made.state.handoff.route == "human"
    assert "?" not in last_words(made)
    made.house.pass_time(1)
    assert rung(made)


def test_aid_04_zero_on_the_keys_does_the_same() -> None:
    made = House().call()
    made.say("", keys="0")
    assert made.state.handoff is not None and made.state.handoff.route == "human"


def test_aid_07_no_part_reads_an_emotion() -> None:
    source = Path(__file__).parents[2] / "src" / "lamplighter"
    reads = re.compile(
        r"\b(sentiment|emotion_|emotional_state|mood_score|voiceprint|speaker_embedding|arousal|valence)\b"
    )
    assert [path.name for path in source.rglob("*.py") if reads.search(path.read_text("utf-8"))] == []

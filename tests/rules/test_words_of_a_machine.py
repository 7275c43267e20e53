"""That it is a machine, and says so: the requirements on disclosure."""

import re
from pathlib import Path

import pytest

from lamplighter.cli import app
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.records.memory import MemoryJobs
from lamplighter.records.memory.jobs import JobHandler
from tests.promises.desks import CHANNELS, Channel, House
from tests.rules.scenes import last_words, rung

AUTOMATED = re.compile(r"automated AI assistant|asistente automático de (inteligencia artificial|IA)\b")
NO_CLINICIAN = re.compile(
    r"not (a person (or|and not) )?a (clinician|licensed professional)|(no|ni) un profesional (clínico|con licencia)"
)
"""In a text or an email it is said without a word that tells what kind of office this is."""
PERSON = re.compile(
    r"(say|write|text) \"?person|to reach a person|(diga|escriba) \"?persona|para hablar con una persona",
    re.IGNORECASE,
)
SOURCE = Path(__file__).parents[2] / "src" / "lamplighter"
FOR_OTHER_ENDS = re.compile(
    r"\bads?\b|advert|market|campaign|profil|train|voiceprint|biometr|emotion|mood|export|dump|upload"
)
READS_CONTACTS = re.compile(r"lamplighter\.(records|desk|channels|connectors|wiring|console)\b")
TOKENS = (AUTOMATED, NO_CLINICIAN, PERSON)
MOST_WORDS_OF_HELLO = 42  # about a quarter of a minute
HUMAN = re.compile(
    r"\bI('m| am) (Dr|Doctor|nurse|a (nurse|therapist|counselor|clinician|doctor|human))"
    r"|\bsoy (el doctor|la doctora|enfermer|terapeuta)"
    r"|my name is(?! \.\.\.)|me llamo(?! \.\.\.)|\b(um+|uh+|hmm+|eh+)\b|care team member|\bas your (therapist|nurse)",
    re.IGNORECASE,
)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("hello", ["hi", "hola, quisiera una cita por favor"])
def test_aid_01_the_first_words_say_automated_ai_no_clinician_whose_and_how_to_reach_a_person(
    channel: Channel, hello: str
) -> None:
    made = House().call(channel)
    made.say(hello)
    first = next(reply.said[0] for reply in made.replies if reply.said)
    assert all(token.search(first.text) for token in TOKENS), first.text
    names = (made.house.practice.name, made.house.practice.sender_name)
    assert any(name in first.text for name in names)


@pytest.mark.parametrize("locale", Phrasebook.load().locales)
def test_aid_01_every_greeting_there_is_says_so_and_the_spoken_ones_stay_short(locale: str) -> None:
    for name, phrase in Phrasebook.load().phrases(locale).items():
        if name.startswith("greeting."):
            assert all(token.search(phrase.text) for token in TOKENS), name
            assert "{practice}" in phrase.text or "{sender}" in phrase.text, name
    spoken = Phrasebook.load().phrase(locale, "greeting.voice.open").spoken
    assert len(spoken.split()) <= MOST_WORDS_OF_HELLO


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
    reads = re.compile(
        r"\b(sentiment|emotion_|emotional_state|mood_score|voiceprint|speaker_embedding|arousal|valence)\b"
    )
    assert [path.name for path in SOURCE.rglob("*.py") if reads.search(path.read_text("utf-8"))] == []


def test_prv_12_no_job_and_no_command_sells_trains_profiles_or_takes_words_out() -> None:
    """What is trained is trained from the files of the product: no such program can read what anybody said."""
    jobs: list[str] = []

    class Names(MemoryJobs):
        def register(self, name: str, handler: JobHandler) -> None:
            jobs.append(name)

    house = House()
    house.jobs = Names(house.store)
    house.reopen()
    commands = [
        command.name or command.callback.__name__ for command in app.registered_commands if command.callback
    ]
    assert jobs and commands
    assert [name for name in (*jobs, *commands) if FOR_OTHER_ENDS.search(name)] == []
    trainers = sorted((SOURCE / "conversation").rglob("train*.py"))
    assert len(trainers) >= 2
    for path in trainers:
        assert not READS_CONTACTS.search(path.read_text("utf-8")), path.name

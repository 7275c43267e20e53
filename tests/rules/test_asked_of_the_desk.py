"""What is asked of the desk itself, as first words and in the middle of an errand: what speaks (AID-02), and whether it
is taken down."""

import re

import pytest

from lamplighter.conversation.details import Detail, key
from tests.promises.desks import Call, House

TRUTH = re.compile(
    r"automated AI assistant, not a person (?:and not|or) a clinician"
    r"|asistente automático de inteligencia artificial, no una persona ni un profesional clínico"
)
PERSON_OFFERED = re.compile(r"\bperson")
ERRANDS = {"en": "I'd like to make a first appointment", "es": "quisiera hacer una primera cita"}

WHAT_SPEAKS = {
    "en": [
        "are you a therapist", "are you a nurse or what", "is this a doctor I'm talking to", "are you even licensed?",
        "am I speaking with a human", "do I have a bot on the line", "hang on, is this a robot",
        "so you're a machine, right?", "Sorry, are you an actual person?", "you sound like a computer",
        "is a human being reading these", "what are you exactly?", "are you some kind of AI thing",
        "wait, am I texting a real person", "is this one of those chatbots", "are you a counselor, can you help me",
        "do you have a medical degree", "are you ChatGPT", "Is there a live person on the other end?", "r u real",
    ],
    "es": [
        "¿eres terapeuta?", "¿es usted enfermera?", "¿usted es doctora o qué?", "¿tiene licencia de psicólogo?",
        "¿estoy hablando con una persona?", "¿me tocó un robot otra vez?", "espere, ¿esto es una máquina?",
        "¿eres una persona de verdad?", "suena a grabadora", "¿quién eres, un bot?", "¿me está contestando un humano?",
        "oiga, ¿es inteligencia artificial?", "¿usted no es humana, verdad?", "¿hablo con una computadora?",
        "¿es usted psicóloga?", "¿qué eres exactamente?", "¿hay una persona del otro lado?", "eres real?",
    ],
}  # fmt: skip
TAKEN_DOWN = {
    "en": ["is this call recorded", "are you recording this?", "am I being recorded", "do you record these calls",
           "I don't want to be recorded", "is this conversation being transcribed"],
    "es": ["¿esta llamada se graba?", "¿me están grabando?", "¿están grabando esto?", "no quiero que me graben",
           "¿se graba la conversación?", "¿graban las llamadas?"],
}  # fmt: skip


def said_to(call: Call, words: str) -> str:
    return " ".join(said.text for said in call.say(words).said)


def in_an_errand(locale: str) -> Call:
    call = House().call()
    call.say(ERRANDS[locale])
    return call


@pytest.mark.parametrize(
    ("locale", "words"), [(way, words) for way in WHAT_SPEAKS for words in WHAT_SPEAKS[way]]
)
def test_aid_02_whoever_asks_what_speaks_is_told_at_once_that_it_is_no_person_and_no_clinician(
    locale: str, words: str
) -> None:
    first, later = House().call(), in_an_errand(locale)
    asked = later.state.asked
    for call in (first, later):
        told = said_to(call, words)
        truth = TRUTH.search(told)
        assert truth is not None and PERSON_OFFERED.search(told, truth.end()), told
    assert later.state.handed_over or set(asked) <= set(later.state.asked)
    assert key(Detail.LAST_NAME) not in later.state.known


BOUNDED = [(locale, words) for locale, said in TAKEN_DOWN.items() for words in said]


@pytest.mark.parametrize(("locale", "words"), BOUNDED)
def test_whoever_asks_whether_it_is_taken_down_is_told_the_truth_and_the_errand_goes_on(
    locale: str, words: str
) -> None:
    """What the guard hears in it goes to a person as ever."""
    first, later = House().call(), in_an_errand(locale)
    asked = later.state.asked
    for call in (first, later):
        before = len(call.said)
        call.say(words)
        if call.state.verdict == "clear":
            assert call.said[before] == "aside.recorded"
        else:
            assert call.state.handed_over
    assert later.state.handed_over or set(asked) <= set(later.state.asked)


@pytest.mark.parametrize(
    "words", ["are you a robot? get me a person", "¿es usted un robot? quiero hablar con una persona"]
)
def test_aid_02_who_asks_what_speaks_and_for_a_person_hears_the_truth_and_gets_the_person(words: str) -> None:
    call = House().call()
    told = said_to(call, words)
    assert TRUTH.search(told) and call.state.handed_over
    assert call.said[-1] == "handoff.human"


@pytest.mark.parametrize("words", ["are you a nurse?", "¿es usted doctora?"])
def test_aid_02_holds_while_somebody_is_being_rung(words: str) -> None:
    call = House().call()
    call.say(
        "let me talk to a person, please" if words.startswith("are") else "quiero hablar con una persona"
    )
    assert TRUTH.search(said_to(call, words))


@pytest.mark.parametrize(
    ("words", "details"),
    [
        ("My name is Nora Quill. Are you a robot?", {Detail.FIRST_NAME: "Nora", Detail.LAST_NAME: "Quill"}),
        (
            "is this recorded? I'd rather come in on Tuesday afternoon, in person",
            {Detail.MODALITY: "in_person"},
        ),
        ("me llamo Nora Paz, ¿esto se graba?", {Detail.FIRST_NAME: "Nora", Detail.LAST_NAME: "Paz"}),
    ],
)
def test_what_was_said_beside_such_a_question_is_understood_as_ever(
    words: str, details: dict[Detail, str]
) -> None:
    call = in_an_errand("es" if "llamo" in words else "en")
    call.say(words)
    known = {detail: call.state.value(detail) for detail in details}
    assert known == details


@pytest.mark.parametrize(
    "words",
    [
        "are you psychiatrists or therapists there",
        "is there a therapist who speaks Spanish",
        "is this the doctor's office on Harbor Lane",
        "do you have someone licensed in New Jersey",
        "I need an ADHD evaluation, I've never been to you",
        "what kind of therapy do you offer",
        "is there a private entrance",
        "do you treat anxiety",
        "can I get a copy of my records",
        "¿la doctora Osei es psicóloga?",
        "¿tienen terapeutas que hablen español?",
        "¿cuánto pago sin seguro?",
    ],
)
def test_a_question_about_the_practice_is_not_taken_for_one_about_what_speaks(words: str) -> None:
    call = House().call()
    call.say(words)
    ours = {"aside.robot", "aside.recorded", "aside.somebody_else"}
    assert ours.isdisjoint(call.said)

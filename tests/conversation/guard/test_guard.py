"""The verdicts, whatever the spelling, and that nothing breaks the guard."""

from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from lamplighter.conversation.guard import Guard, Verdict
from lamplighter.conversation.guard.cases import written_locales
from lamplighter.conversation.guard.classifier import Classifier, Vectors, encode
from lamplighter.conversation.guard.patterns import Patterns

GUARD = Guard.load()
CRISES = [
    "I want to kill myself",
    "k i l l   m y s e l f",
    "i wanna k1ll myself",
    "I want to k\u200bill my\u200dself",
    "I want to kіll myself",  # a Cyrillic і
    "Ｉ ｗａｎｔ ｔｏ ｄｉｅ",
    "i want to dieeeee",
    "I WANT TO DIE!!!",
    "i wont to dye",
    "I over took my pills",
    "gonna kms",
    "i wanna unalive",
    "s.u.i.c.i.d.a.l, I'm suicidal",
    "quiero morir me",
    "y ahora morir",
    "me kiero morir",
    "ya no quiero vivir",
    "everyone would be better off without me",
    "I've said my goodbyes",
    "mi marido me pega",
    "he's not breathing",
    "\u202eI want to die\u202c",
    "I want\x00 to die",
]


@pytest.mark.parametrize("text", CRISES)
def test_a_crisis_is_seen_through_its_spelling(guard: Guard, text: str) -> None:
    assert guard.check(text, "en", "sms").verdict == "crisis"


def said_in_danger(locale: str) -> str:
    page = files("lamplighter.rehearsal") / "safety" / f"{locale}.yaml"
    return str(YAML(typ="safe").load(page.read_text("utf-8"))["says"]["crisis_direct"])


@pytest.mark.parametrize("locale", [*written_locales(), "zh-Hant", "no such locale", ""])
def test_every_language_is_heard_whatever_the_contacts_language_is(guard: Guard, locale: str) -> None:
    heard = {said: guard.check(said_in_danger(said), locale, "voice").verdict for said in written_locales()}
    assert set(heard.values()) == {"crisis"}


@pytest.mark.parametrize(
    "text",
    ["Rob Dye", "Will Hurt", "Angel Muerte-Soto", "Killeen street", "Dr. Payne", "k i l l e e n", "d i e t r i c h",
     "555 0143", "👍", "", "Tuesdays after four", "are you a robot?", "no, thank you, I don't need a person",
     "I take the bus", "I need a refill of my parking card", "I need a psychiatric evaluation appointment",
     "can someone call me back tomorrow", "I'm running late", "me muero por conocer la oficina", "Dolores Guerra",
     "quiero cambiar mi cita del jueves"],
)  # fmt: skip
def test_what_belongs_to_the_desk_stays_at_the_desk(guard: Guard, text: str) -> None:
    assert guard.check(text, "en", "voice") == Verdict("clear")


@pytest.mark.parametrize(
    "text",
    [
        "he'd rather not give his name yet. i'd rather not say",
        "i won't be around friday, can we do my appt the week after",
        "i'm not going to be around next week",
        "i left a green umbrella in the waiting room. any time tomorrow",
        "i think i left my umbrella there",
        "qué pena, se me descompuso el carro y no voy a poder llegar hoy, cancéleme la cita por favor",
        "i'm dying to finally get in",
        "what happens if i don't show up",
        "it's not the end of the world if you don't have it",
        "i don't want to be here when it's crowded",
        "i'd like to end it with luis and see somebody else",
        "falleció mi mamá y no podré ir mañana",
        "my wife would rather not be on file",
        "I see her every couple weeks",
        "who speaks cantonese",
        "quién habla español",
        "quien habla ahi espanol",
        "am i speaking with a real person or a machine",
        "are you a robot",
        "this is officer Daniels, please have your privacy officer call me",
        "please have your privacy officer call me",
    ],
)
def test_what_only_sounds_like_danger_or_grievance_stays_at_the_desk(guard: Guard, text: str) -> None:
    assert guard.check(text, "en", "voice") == Verdict("clear")


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("I keep thinking about stepping in front of a train", "crisis"),
        ("i was going to jump off the bridge", "crisis"),
        ("ugh kms lol", "crisis"),
        ("kms jk", "crisis"),
        ("i won't be needing my appointments any more, tell her goodbye", "crisis"),
        ("cancel everything, i won't need it, not after tonight", "crisis"),
        ("ya no voy a necesitar más citas, despídame de la doctora", "crisis"),
        ("tell everyone goodbye for me", "crisis"),
        ("solo llamo para despedirme", "crisis"),
        ("i've been putting my affairs in order", "crisis"),
        ("i gave my dog away and i'm giving away my things", "crisis"),
        ("i've been saving up my pills", "crisis"),
        ("ha ido guardando su medicina", "crisis"),
        ("él ido guardando mi medicina", "crisis"),
        ("he ido guardando mi medicina", "crisis"),
        ("everyone's better off", "crisis"),
        ("i'm done living", "crisis"),
        ("ya terminé con esta vida", "crisis"),
        ("my panic attacks have gotten a lot worse, ask Dr. Osei what I should do", "clinical"),
        ("i'm his attorney and I demand the records", "human"),
        ("send me my records or you'll hear from my lawyer", "human"),
        ("exijo mis registros médicos", "human"),
        ("y ahora morir", "crisis"),
        ("era un morir no", "crisis"),
        ("quiero ponirme", "crisis"),
        ("i wont to dye", "crisis"),
    ],
)
def test_easy_or_misheard_words_reach_a_person_all_the_same(guard: Guard, text: str, verdict: str) -> None:
    assert guard.check(text, "en", "voice").verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("can you send my prescription to the pharmacy", "clinical"),
        ("la pastilla nueva me da mareos", "clinical"),
        ("representative", "human"),
        ("0", "human"),
        ("quiero hablar con una persona", "human"),
        ("you charged me twice", "human"),
        ("quiero poner una queja", "human"),
        ("I need a refill and I want to kill myself", "crisis"),
    ],
)
def test_the_gravest_verdict_wins(guard: Guard, text: str, verdict: str) -> None:
    assert guard.check(text, "en", "chat").verdict == verdict


def test_because_names_patterns_or_the_classifier_and_nothing_else(guard: Guard, patterns: Patterns) -> None:
    known = {p.entry.id for p in patterns.all} | {"classifier"}
    assert set(guard.check("I want to kill myself", "en", "voice").because) <= known
    assert guard.check("hello", "en", "voice").because == ()
    assert guard.check("it's around my neck already", "en", "voice").because == ("classifier",)


def test_interim_speech_is_judged_without_the_encoder() -> None:
    def refuse(texts: list[str]) -> Vectors:
        raise AssertionError("the encoder was asked")

    guard = Guard(Patterns.load(), Classifier.load(), refuse)
    assert guard.interim("I want to kill myself", "en", "voice").verdict == "crisis"
    assert guard.interim("I'd like an appointment", "en", "voice") == Verdict("clear")


def test_its_own_failure_goes_to_a_person() -> None:
    def fail(texts: list[str]) -> Vectors:
        raise MemoryError

    guard = Guard(Patterns.load(), Classifier.load(), fail)
    assert guard.check("I'd like an appointment", "en", "voice") == Verdict("human", ("guard-failure",))
    assert guard.check("I want to kill myself", "en", "voice").verdict == "crisis"


def test_a_vector_that_the_caller_has_already_is_not_reckoned_again() -> None:
    def refuse(texts: list[str]) -> Vectors:
        raise AssertionError("the encoder was asked")

    text = "it's around my neck already"
    guard = Guard(Patterns.load(), Classifier.load(), refuse)
    assert guard.check(text, "en", "voice", encode([text])[0]).verdict == "crisis"


@pytest.mark.parametrize("where", [0, 99_000, 180_000])
def test_a_megabyte_is_read_to_its_end(guard: Guard, where: int) -> None:
    words = ["appointment"] * 90_000
    words.insert(where // 2, "I want to kill myself")
    assert guard.check(" ".join(words), "en", "chat").verdict == "crisis"


def test_a_crisis_in_other_words_is_found_deep_in_a_long_text(guard: Guard) -> None:
    calm = "we would like to move our appointment to a later day next week if that is possible please. " * 40
    assert guard.check(calm, "en", "chat").verdict == "clear"
    assert guard.check(calm + "it's around my neck already. " + calm, "en", "chat").verdict == "crisis"


HOSTILE = ["a" * 1_000_000, "\u200b" * 100_000, "\x00" * 1000, "💥" * 50_000, "ﷺ" * 5000, "\ud800"]


@pytest.mark.parametrize(
    "text", [*HOSTILE, "i want to " * 20_000, "k " * 100_000], ids=range(len(HOSTILE) + 2)
)
def test_hostile_text_gets_a_verdict(guard: Guard, text: str) -> None:
    assert guard.check(text, "en", "chat").because != ("guard-failure",)


@settings(max_examples=60, deadline=None)
@given(st.text(), st.text(max_size=8))
def test_any_text_gets_a_verdict(text: str, locale: str) -> None:
    assert GUARD.check(text, locale, "chat").because != ("guard-failure",)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(CRISES[:-2]), st.text(max_size=60), st.sampled_from([" ", ". ", ", ", "\n"]))
def test_nothing_said_afterwards_takes_a_crisis_back(crisis: str, more: str, joint: str) -> None:
    if GUARD.interim(crisis, "en", "sms").verdict == "crisis":
        assert GUARD.interim(crisis + joint + "just kidding " + more, "en", "sms").verdict == "crisis"


def test_a_word_a_number_a_name_or_an_emoji_is_readable(guard: Guard) -> None:
    assert all(guard.readable(text, "en") for text in ("yes", "42", "Nguyen", "👍", "здравствуйте"))
    assert not any(guard.readable(text, "en") for text in ("", " ", "...", "\x00", "�"))


def test_a_verdict_is_the_same_each_time(guard: Guard) -> None:
    text = "I don't think I'll make it through the weekend"
    assert {guard.check(text, "en", "voice") for _ in range(3)} == {guard.check(text, "en", "voice")}
    assert np.array_equal(encode([text]), encode([text]))

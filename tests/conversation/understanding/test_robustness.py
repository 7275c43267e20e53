"""What holds for any text at all, and for what a large model may answer."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.conversation.acts import Act, Aside, Decline, Give, Interject
from lamplighter.conversation.details import Detail
from lamplighter.conversation.understanding import LanguageVote, Understanding
from lamplighter.conversation.understanding.lexicon import languages, lexicon
from lamplighter.conversation.understanding.reader import schema_for, validate
from tests.conversation.understanding.scene import context

UNDERSTANDING = Understanding.load()
ALL = "first_name last_name date_of_birth phone email state insurance member_id availability confirm contact_channel"
STRANGE = [
    "", " ", "\x00", "a\x00b", "\ud800", "🙂" * 50, "👍", "מה שלומך היום", "مرحبا كيف حالك", "𝓜𝓪𝔂𝓪", "....",
    "@@@ at at dot dot", "o " * 5000, "no. " * 3000, "x" * 1_000_000, "maya at " * 2000, "double " * 2000, "1" * 5000,
    "\u202emaya\u202c", "(((((", "-" * 9999,
]  # fmt: skip


@pytest.mark.parametrize("text", STRANGE, ids=range(len(STRANGE)))
@pytest.mark.parametrize("asked", ["", "errand", ALL, "choice", "message"])
def test_no_text_however_strange_makes_it_raise(text: str, asked: str) -> None:
    acts = UNDERSTANDING.understand(text, context(asked=asked, confirmed="first_name phone", offered=True))
    assert all(isinstance(act, get_args(Act)) for act in acts)
    assert isinstance(UNDERSTANDING.language(text), LanguageVote)


@given(st.text(max_size=60), st.sampled_from(["", "errand", ALL, "choice", "last_name phone", "message"]))
def test_the_same_words_always_become_the_same_acts(text: str, asked: str) -> None:
    scene = context(asked=asked)
    assert UNDERSTANDING.understand(text, scene) == UNDERSTANDING.understand(text, scene)


@given(st.text(st.sampled_from(".,?!-… \t\n"), max_size=20))
def test_what_has_no_words_is_noise(text: str) -> None:
    assert UNDERSTANDING.understand(text, context(asked="phone")) == (Interject(Aside.NOISE),)


def test_an_accented_name_keeps_its_accents_however_they_are_encoded() -> None:
    acts = UNDERSTANDING.understand("Jose\u0301 Nu\u0301n\u0303ez", context(asked="first_name last_name"))
    assert [act.value for act in acts if isinstance(act, Give)] == ["José", "Núñez"]


@pytest.mark.parametrize(
    "word", ["um", "uh", "sure", "yeah so", "it's", "okay", "hmm", "este", "pues", "bueno"]
)
def test_filler_is_never_a_name(word: str) -> None:
    acts = UNDERSTANDING.understand(word, context(asked="first_name last_name"))
    assert not [act for act in acts if isinstance(act, Give)]


def test_spanish_has_every_part_that_english_has() -> None:
    ours, theirs = lexicon("en").raw, lexicon("es").raw
    for part in ("words", "tables", "patterns", "groups"):
        assert set(theirs[part]) == set(ours[part])
    for group in ("errands", "topics", "asides", "asides_whole", "kinds", "modality", "relationship"):
        assert set(theirs["groups"][group]) == set(ours["groups"][group])


@pytest.mark.parametrize("language", languages())
def test_every_expression_of_a_language_can_be_made(language: str) -> None:
    lex = lexicon(language)
    lex.ready()
    assert all(lex.pattern(name).pattern for name in lex.raw["patterns"])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hola quisiera hacer una cita para mi hija", "es"),
        ("I would like to make an appointment please", "en"),
        ("bonjour je voudrais prendre un rendez-vous", "fr"),
        ("здравствуйте я хочу записаться на приём", "ru"),
    ],
)
def test_a_sentence_of_five_words_tells_its_language_alone(text: str, language: str) -> None:
    vote = UNDERSTANDING.language(text)
    assert (vote.language, vote.alone) == (language, True)


@pytest.mark.parametrize("text", ["si", "no", "ok", "sí", "yes", "hola", "12", "", "ok no"])
def test_a_lone_yes_or_no_tells_no_language(text: str) -> None:
    assert UNDERSTANDING.language(text).language is None


def test_the_english_name_of_an_insurer_makes_no_answer_english() -> None:
    assert UNDERSTANDING.language("no, unitedhealthcare, no es oxford").language == "es"
    assert UNDERSTANDING.language("no, it's united healthcare and not oxford").language == "en"


# --- the optional large model


def test_a_models_value_is_taken_only_where_the_caller_said_it() -> None:
    scene = context(asked="last_name")
    told = {"said": {"last_name": "Okafor"}}
    assert [act.value for act in validate(told, "it would be Okafor", scene) if isinstance(act, Give)] == [
        "Okafor"
    ]
    assert validate(told, "it would be Obama", scene) == ()


@pytest.mark.parametrize(
    "output",
    [
        "not json", "[]", "null", '{"said": 3}', '{"said": {"phone": "x"}}', '{"other": 1}', '{"errand": "dance"}',
        {"said": {"last_name": ""}}, {"declined": "last_name"}, {"declined": [{}]},
        '{"said": {"last_name": ' + "[" * 5000,
    ],
    ids=range(11),
)  # fmt: skip
def test_what_the_schema_does_not_allow_is_nothing(output: str | dict[str, object]) -> None:
    assert validate(output, "Okafor", context(asked="last_name")) == ()


def test_a_models_refusal_and_errand_become_acts() -> None:
    acts = validate({"declined": ["email"], "aside": "why_ask"}, "whatever for?", context(asked="email"))
    assert acts == (Decline(Detail.EMAIL), Interject(Aside.WHY_ASK))


def test_the_schema_offers_only_what_was_asked_or_read_back() -> None:
    said = schema_for(context(asked="email message", confirmed="phone"))["properties"]["said"]
    assert set(said["properties"]) == {"email", "phone"}

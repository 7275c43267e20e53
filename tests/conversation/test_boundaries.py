"""What an automated front desk can't answer has one fixed answer each, and the errand goes on: SCO-02 and SCO-03."""

import re

import pytest

from lamplighter.conversation import boundaries
from lamplighter.conversation.boundaries import Asked
from lamplighter.conversation.details import Detail, key
from lamplighter.conversation.events import Guarded
from lamplighter.conversation.phrasebook import Phrasebook
from tests.promises.desks import Channel, House, of_kind

PAGES = boundaries.pages()
BOOKS = {"en": "I'd like to book a first visit", "es": "quisiera hacer una primera cita"}
PROMISES = re.compile(
    r"\b(?:i promise|i guarantee|is confidential|le prometo|es confidencial)\b", re.IGNORECASE
)
VERDICTS = {"crisis": "handoff.crisis", "clinical": "handoff.clinical"}


def answered(text: str, language: str, first: bool, channel: Channel = "voice") -> tuple[list[str], str]:
    """What was said to it, and the guard's verdict."""
    call = House().call(channel, "+12125550199")
    if not first:
        call.say(BOOKS[language])
    before = len(call.said)
    call.say(text)
    said = [phrase for phrase in call.said[before:] if not phrase.startswith("greeting.")]
    return said, of_kind(call.bodies, Guarded)[-1].verdict


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.kind}-{page.language}")
def test_sco_02_ten_ways_and_more_of_asking_are_heard_and_what_only_sounds_so_is_not(page: Asked) -> None:
    assert len(page.must) >= 10 and len(page.must_not) >= 10
    assert [text for text in page.must if page.kind not in boundaries.asked_in(text)] == []
    assert {text: kinds for text in page.must_not if (kinds := boundaries.asked_in(text))} == {}


@pytest.mark.parametrize("first", [True, False], ids=["first-words", "midway"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.kind}-{page.language}")
def test_sco_02_the_fixed_sentence_comes_and_then_the_errand_unless_the_guard_has_a_verdict(
    page: Asked, first: bool
) -> None:
    for text in page.must:
        said, verdict = answered(text, page.language, first)
        if verdict in VERDICTS:
            assert said[0].startswith(VERDICTS[verdict]), text
            continue
        assert said[0] == f"aside.{page.kind}" and len(said) == 2, text
        assert said[1].startswith("ask."), text
        assert first or "availability" in said[1], text


@pytest.mark.parametrize("channel", ["sms", "chat"])
def test_sco_02_it_is_answered_so_where_it_is_written_too(channel: Channel) -> None:
    assert "aside.private" in answered("is this chat confidential?", "en", True, channel)[0]


@pytest.mark.parametrize(
    "said",
    [
        "is this confidential? I'm fifteen",
        "I'm fifteen, is this confidential?",
        "I'm 15. will you tell my parents? is this confidential",
        "¿esto es confidencial? tengo quince años",
    ],
)
def test_min_01_a_minor_who_asks_whether_it_is_secret_gets_the_answer_and_a_person(said: str) -> None:
    call = House().call("sms", address="+12125550199")
    call.say(said)
    assert "aside.private" in call.said
    assert call.state.handed_over


def test_what_else_was_said_counts_and_a_tag_is_no_yes() -> None:
    call = House().call(address="+12125550199")
    call.say("I'd like to book a first visit, and is this call confidential?")
    assert call.said[1] == "aside.private" and call.state.errand == "first_appointment"
    before = call.state.known
    call.say("so what I say here is private, right?")
    assert call.state.known == before and key(Detail.AVAILABILITY) in call.state.asked


def test_what_is_dictated_as_a_message_asks_us_nothing() -> None:
    call = House().call()
    call.say("please take a message for Dr. Osei")
    for _ in range(8):
        if any(place.detail is Detail.MESSAGE for place in call.state.asked):
            break
        call.say("Rosa Thimblewick, 212 555 0123")
    assert any(place.detail is Detail.MESSAGE for place in call.state.asked)
    call.say("will you tell anyone what I said, is this confidential")
    assert "aside.private" not in call.said


@pytest.mark.parametrize("locale", Phrasebook.load().locales)
@pytest.mark.parametrize("kind", boundaries.KINDS)
def test_sco_03_neither_sentence_promises_and_both_offer_a_person(kind: str, locale: str) -> None:
    words = Phrasebook.load().render(locale, f"aside.{kind}", {})
    assert not PROMISES.search(words)
    assert re.search(r'"person(?:a)?"', words) and re.search("automated|automático", words)

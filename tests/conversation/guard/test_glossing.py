"""A language that the encoder does not know is read word by word in English."""

from importlib.resources import files

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.conversation.guard.glossing import LANGUAGES, in_english
from lamplighter.conversation.guard.romanised import romanised


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("मरना चाहता हूँ", "hi"),
        ("marna chahta hoon yaar", "hi"),
        ("مرنا چاہتا ہوں", "ur"),
        ("marna chahti hoon", "ur"),
        ("tôi muốn chết", "vi"),
        ("toi muon chet", "vi"),
        ("gusto ko nang mamatay", "tl"),
        ("mwen vle mouri", "ht"),
        ("میخوام بمیرم", "fa"),
        ("хочу померти", "uk"),
        ("ਮਰਨਾ ਚਾਹੁੰਦਾ", "pa"),
        ("મરી જવું છે", "gu"),
        ("చనిపోవాలి", "te"),
        ("আমি মরতে চাই", "bn"),
    ],
)
def test_what_was_said_is_there_in_english_in_either_spelling(text: str, locale: str) -> None:
    assert "die" in in_english(text, locale).split()


def test_the_letters_tell_the_language_where_the_contact_is_in_another() -> None:
    assert "die" in in_english("నేను చనిపోవాలి", "en").split()
    assert "die" in in_english("मरना चाहता हूँ", "fr").split()


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("je veux mourir", "fr"),
        ("я хочу умереть", "ru"),
        ("I want to die", "vi"),
        ("I need to move my appointment", "tl"),
        ("Kowalczyk Brzeszczykiewicz", "hi"),
        ("", "te"),
    ],
)
def test_what_the_encoder_knows_or_nobody_knows_stays_as_it_is(text: str, locale: str) -> None:
    assert in_english(text, locale) == text


def test_a_script_and_its_latin_spelling_share_their_letters() -> None:
    assert romanised("Привет, мама!") == " privet mama . "
    assert romanised("добро") == romanised("dobro")


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_each_glossary_says_who_wrote_and_who_reviewed_it_and_gives_no_word_twice(language: str) -> None:
    source = files("lamplighter.conversation.guard") / "glosses" / f"{language}.yaml"
    page = yaml.safe_load(source.read_text("utf-8"))
    assert {page["status"], page["author"], page["reviewer"]} == {"draft", "Lamplighter", None}
    for forms in page["words"].values():
        each = [form.strip() for form in forms.split(",")]
        assert len(each) == len(set(each)) and all(each)


@given(st.text(max_size=60), st.sampled_from([*sorted(LANGUAGES), "en", ""]))
def test_any_text_can_be_read(text: str, locale: str) -> None:
    assert isinstance(in_english(text, locale), str)

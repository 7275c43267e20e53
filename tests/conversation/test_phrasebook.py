"""The phrasebook: every phrase of every locale renders, and says the same thing as its sisters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.conversation.phrasebook import Phrasebook, PhraseError

BOOK = Phrasebook.load()
IDS = [(locale, phrase) for locale in BOOK.locales for phrase in BOOK.phrases(locale)]
SAMPLES = {
    "day": "2026-12-01T13:00:00-05:00", "clock": "2026-12-01T13:00:00-05:00", "born": "1985-03-03",
    "date_of_birth": "1985-03-03", "fee": "220 USD", "fee_later": "175.50 USD", "phone": "+12125550143",
    "practice_phone": "+12125550100", "opens": "09:00", "closes": "18:00", "names": "Ana|Luz|Sol",
    "languages": "English|Spanish", "modality": "telehealth", "until": "2026-12-01T13:30:00-05:00",
}  # fmt: skip
SENT = 306  # septets of two concatenated texts


def sample(name: str) -> str:
    base = name.removeprefix("new_").removeprefix("due_").rstrip("23")
    return SAMPLES.get(name, SAMPLES.get(base, "Wren"))


@pytest.mark.parametrize("locale", BOOK.locales)
@pytest.mark.parametrize("spoken", [False, True])
def test_every_phrase_renders_in_both_forms_without_a_brace_left(locale: str, spoken: bool) -> None:
    for name, phrase in BOOK.phrases(locale).items():
        args = {each: sample(each) for each in phrase.arguments}
        words = BOOK.render(locale, name, args, spoken=spoken)
        assert words and "{" not in words and "}" not in words, name


@pytest.mark.parametrize("locale", BOOK.locales)
def test_every_phrase_renders_when_nothing_optional_is_known(locale: str) -> None:
    for name, phrase in BOOK.phrases(locale).items():
        assert "{" not in BOOK.render(locale, name, dict.fromkeys(phrase.arguments, "none")), name


def test_every_locale_has_the_same_phrases_asking_and_confirming_the_same() -> None:
    english = BOOK.phrases("en")
    for locale in BOOK.locales:
        others = BOOK.phrases(locale)
        assert set(others) == set(english)
        for name, phrase in english.items():
            assert (others[name].asks, others[name].confirms) == (phrase.asks, phrase.confirms), (
                locale,
                name,
            )
            assert others[name].arguments == phrase.arguments, (locale, name)


@given(st.sampled_from(IDS), st.text(min_size=1, max_size=12))
def test_a_wrong_argument_is_refused(which: tuple[str, str], extra: str) -> None:
    locale, phrase = which
    known = BOOK.phrase(locale, phrase).arguments
    if extra in known:
        return
    with pytest.raises(PhraseError):
        BOOK.render(locale, phrase, {**{name: sample(name) for name in known}, extra: "x"})


@pytest.mark.parametrize("locale", BOOK.locales)
def test_prv_03_outbound_texts_hold_no_clinical_word_and_fit_two_segments(locale: str) -> None:
    clinical = (
        "therap",
        "counsel",
        "psych",
        "mental",
        "terapi",
        "psic",
        "psiq",
        "salud",
        "clinic",
        "clínic",
        "Dr.",
    )
    for name, phrase in BOOK.phrases(locale).items():
        if name.startswith("sms."):
            args = {each: "HLC Office" if each == "sender" else sample(each) for each in phrase.arguments}
            words = BOOK.render(locale, name, args)
            assert not [word for word in clinical if word.lower() in words.lower()], name
            assert len(words) <= SENT


def test_one_o_clock_is_singular_in_spanish() -> None:
    args = {"day": SAMPLES["day"], "clock": SAMPLES["clock"], "clinician": "Luis Ortega"}
    assert "martes 1 de diciembre a la 1 de la tarde" in BOOK.render("es", "visit.confirmed", args)


def test_a_phone_number_is_spoken_digit_by_digit() -> None:
    spoken = BOOK.render("en", "readback.phone", {"phone": "+12125550143"}, spoken=True)
    assert "2 1 2, 5 5 5, 0 1 4 3" in spoken


@pytest.mark.parametrize("locale", BOOK.locales)
def test_a_name_of_two_words_is_spelled_without_an_empty_letter(locale: str) -> None:
    args = {"last_name": "Paz Gil", "last_name_spelled": "Paz Gil"}
    words = BOOK.render(locale, "readback.last_name", args, spoken=True)
    assert "P, A, Z; G, I, L" in words

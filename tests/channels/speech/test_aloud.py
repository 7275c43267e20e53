import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.channels.speech.aloud import aloud, clauses
from lamplighter.channels.speech.hums import is_hum


@pytest.mark.parametrize(
    ("locale", "written", "said"),
    [
        ("en", "Tuesday, December 1 at 5:30 PM", "Tuesday, December 1st at 5 30 PM"),
        ("en", "at 5:00\u202fPM", "at 5 PM"),
        ("en", "at 9:05 a.m. or 17:00", "at 9 oh 5 AM or 5 PM"),
        ("en", "It is $120, or $95.50.", "It is 120 dollars, or 95 dollars and 50 cents."),
        ("en", "Call 415-555-0192.", "Call 4 1 5, 5 5 5, 0 1 9 2."),
        ("en", "Call +1 (212) 555-0143 now", "Call 2 1 2, 5 5 5, 0 1 4 3 now"),
        ("en", "call or text 988", "call or text 9 8 8"),
        ("en", "O-K-A-F-O-R", "O, K, A, F, O, R"),
        ("en", "that is O K A F O R?", "that is O, K, A, F, O, R?"),
        ("en", "o k a f o r", "o, k, a, f, o, r"),
        ("en", "born on March 3, 1981", "born on March 3rd, 19 81"),
        ("en", "maya@example.org", "maya at example dot org"),
        ("en", "zip 94110", "zip 9 4 1 1 0"),
        ("en", "Dr. Osei", "Doctor Osei"),
        ("en", "I'm a nurse", "I'm a nurse"),
        (
            "es",
            "el martes 1 de diciembre a las 17:30",
            "el martes primero de diciembre a las 5 y media de la tarde",
        ),
        ("es", "a la 1:15 p. m.", "a la una y cuarto de la tarde"),
        ("es", "a las 9:00 a. m.", "a las 9 de la mañana"),
        ("es", "Cuesta $120.50.", "Cuesta 120 dólares con 50 centavos."),
        ("es", "llame o escriba al 988", "llame o escriba al 9 8 8"),
        ("es", "la Dra. Osei", "la Doctora Osei"),
        ("fr", "Appelez le 212-555-0143", "Appelez le 2 1 2, 5 5 5, 0 1 4 3"),
    ],
)
def test_what_is_written_is_read_as_people_say_it(locale: str, written: str, said: str) -> None:
    assert aloud(written, locale) == said


@given(st.text(max_size=300), st.sampled_from(["en", "es", "ar"]))
def test_any_text_can_be_read_and_reading_it_twice_changes_nothing_more(text: str, locale: str) -> None:
    assert aloud(aloud(text, locale), locale) == aloud(aloud(aloud(text, locale), locale), locale)


@given(st.text(max_size=300))
def test_cutting_at_breaths_loses_no_word(text: str) -> None:
    assert "".join("".join(clauses(text)).split()) == "".join(text.split())


@given(st.text(alphabet="ab .,;!", max_size=200))
def test_a_clause_is_not_cut_again(text: str) -> None:
    assert all(clauses(clause) == [clause] for clause in clauses(text))


def test_a_title_is_not_the_end_of_a_sentence() -> None:
    assert clauses("You will see Dr. Osei at noon. A las 5:00 p. m. la espera la Dra. Ruiz.") == [
        "You will see Dr. Osei at noon.",
        "A las 5:00 p. m. la espera la Dra. Ruiz.",
    ]


def test_sentences_are_spoken_apart_and_short_openings_with_what_follows() -> None:
    assert clauses(
        "Hello, this is Harbor Lane. In a crisis, call or text 988, at any hour. How can I help?"
    ) == [
        "Hello, this is Harbor Lane.",
        "In a crisis, call or text 988,",
        "at any hour.",
        "How can I help?",
    ]


@pytest.mark.parametrize("text", ["Mm-hmm.", "Mhm", "uh-huh", "Hmm.", "okay", "Uh huh, okay."])
def test_a_hum_is_a_hum(text: str) -> None:
    assert is_hum(text, "en")


@pytest.mark.parametrize("text", ["Ajá.", "mhm", "claro", "ya, ya"])
def test_a_spanish_hum_is_a_hum(text: str) -> None:
    assert is_hum(text, "es")


@pytest.mark.parametrize(
    "text", ["yes", "no", "stop", "help", "okay but wait", "", "I want to die", "right now"]
)
def test_words_are_no_hum(text: str) -> None:
    assert not is_hum(text, "en")


@given(st.text(max_size=2000))
def test_no_text_keeps_the_question_whether_it_is_a_hum_busy(text: str) -> None:
    assert is_hum("m" * 2000 + text + "!", "en") in (True, False)

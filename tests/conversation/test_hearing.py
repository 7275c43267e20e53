"""Where the recogniser is in doubt, what answers counts."""

import pytest

from lamplighter.conversation import acts as a
from lamplighter.conversation.details import Detail, Key
from lamplighter.conversation.hearing import best_hearing, spelling_mended
from lamplighter.conversation.understanding import Understanding
from tests.conversation.understanding.scene import context

UNDERSTANDING = Understanding.load()


def heard(text: str, *others: str, asked: str, locale: str = "en") -> tuple[a.Act, ...]:
    scene = context(locale, asked)
    return best_hearing(text, others, scene.asked, lambda said: UNDERSTANDING.understand(said, scene))


def test_a_second_reading_that_answers_counts_where_the_first_means_nothing() -> None:
    acts = heard("El hueve.", "el jueves", asked="availability", locale="es")
    assert [act.detail for act in acts if isinstance(act, a.Give)] == [Detail.AVAILABILITY]


def test_a_first_reading_that_answers_is_kept_whatever_else_was_possible() -> None:
    acts = heard("In person.", "on the computer", asked="modality")
    assert a.Give(Detail.MODALITY, "in_person") in acts


def test_a_second_reading_that_answers_nothing_changes_nothing() -> None:
    assert heard("blurry words", "burly swords", asked="date_of_birth") == heard(
        "blurry words", asked="date_of_birth"
    )


def test_no_second_reading_is_taken_for_a_name() -> None:
    acts = heard("mm", "Seymour Koy", asked="first_name last_name")
    assert Key.parse("first_name") not in {act.key for act in acts if isinstance(act, a.Give)}


def test_a_number_that_lost_a_digit_is_taken_from_a_reading_that_has_them_all() -> None:
    acts = heard("212-55-0170. New York.", "212-5550-170. New York.", asked="phone state")
    assert [act.value for act in acts if isinstance(act, a.Give)] == ["NY", "+12125550170"]


def test_a_corrected_number_is_taken_whole_from_the_reading_that_has_it_whatever_was_asked() -> None:
    acts = heard("No 516555-01.7.", "No 516-555-0177", asked="confirm")
    assert [act.value for act in acts if isinstance(act, a.Give)] == ["+15165550177"]


def test_a_number_that_was_declined_is_taken_from_no_other_reading() -> None:
    acts = heard("I don't have one. New York.", "212-555-0170", asked="phone state")
    assert Key.parse("phone") not in {act.key for act in acts if isinstance(act, a.Give)}


def test_a_letter_is_the_one_its_word_begins_with() -> None:
    assert spelling_mended("B as in Victor, R, O, O, S as in Frank") == "V as in Victor, R-O-O-F as in Frank"


def test_one_letter_before_such_a_word_is_no_row_of_letters() -> None:
    assert spelling_mended("el 3 o de enero") == "el 3 o de enero"


@pytest.mark.parametrize(
    ("heard_as", "meant"),
    [
        ("Menon-N-E-N-O-N-6465550140.", "Menon, M-E-N-O-N, 6465550140."),
        ("Albert T-O-L-B-E-R-T-12-12-1999", "T-O-L-B-E-R-T, 12-12-1999"),
        ("Oliver Stein-ST-E-I-N, 3 April 72", "Oliver Stein, S-T-E-I-N, 3 April 72"),
        ("Voss, Z-O-S-S", "Voss, V-O-S-S"),
        ("Boy B-O-Y-D. 718-555-0103", "B-O-Y-D. 718-555-0103"),
        ("No, Ramen, R.A.H.M., A.N. August 1986.", "No, R-A-H-M-A-N. August 1986."),
        (
            "No. R as in Robert. A as in apple. As an house. M as in Mary. This number.",
            "No. R-A-H-M. This number.",
        ),
        ("R de ratón, U de uva. I de iglesia. Z de zapato", "R-U-I-Z"),
        ("Joanna. Haloxic K-O-W-A-L-C-Z-Y-K March 1", "Joanna. K-O-W-A-L-C-Z-Y-K, March 1"),
        ("Denise, H-O-L-L-O-W-A-Y", "Denise, H-O-L-L-O-W-A-Y"),
        ("No Koreans, C-O-R-I-N-N-E.", "No C-O-R-I-N-N-E."),
        (
            "No currency as in cap, low as in ocean, far as in robber, lie as in ice. Yes",
            "No C-O-R-I. Yes",
        ),
        (
            "Know the last name is Du Bois-D as in Da, you as an uncle, be as in boy, low as in ocean.",
            "No the last name is D-U-B-O.",
        ),
        (
            "Know the first name is Janet J.A.N.E. Please call",
            "No the first name is J-A-N-E-T. Please call",
        ),
        ("No, the first name is Korean, C-O-R-I-N-N-E.", "No, the first name is C-O-R-I-N-N-E."),
        ("Okafor, O, K, A, F, O, R", "Okafor, O-K-A-F-O-R"),
        ("Malina, M-O-L-I-N-A", "M-O-L-I-N-A"),
    ],
)
def test_letters_are_parted_from_what_they_run_into_and_a_name_mends_those_a_line_mixes_up(
    heard_as: str, meant: str
) -> None:
    assert spelling_mended(heard_as) == meant


@pytest.mark.parametrize(
    "text", ["212-555-0170, New York", "an X-ray at ten", "Jean-Luc", "a T-shirt", "5-6 p.m."]
)
def test_what_is_no_spelling_is_left_alone(text: str) -> None:
    assert spelling_mended(text) == text

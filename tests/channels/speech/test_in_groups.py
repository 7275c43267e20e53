"""Telephone numbers are said in groups."""

import pytest

from lamplighter.channels.speech.in_groups import in_groups


@pytest.mark.parametrize(
    ("locale", "written", "said"),
    [
        ("en", "two one two five five five oh one seven zero", "two one two, five five five, oh one seven zero"),
        ("en", "nine one four five five five oh one double four. new york",
         "nine one four, five five five, oh one double four. new york"),
        ("en", "one two one two five five five oh one fifty three",
         "one, two one two, five five five, oh one fifty three"),
        ("es", "tres cuarenta y siete cinco cinco cinco cero uno tres tres",
         "tres cuarenta y siete, cinco cinco cinco, cero uno tres tres"),
        ("es", "siete dieciocho cinco cinco cinco cero uno cuatro seis",
         "siete dieciocho, cinco cinco cinco, cero uno cuatro seis"),
    ],
)  # fmt: skip
def test_a_number_of_ten_or_eleven_digits_is_said_with_breath_between(
    locale: str, written: str, said: str
) -> None:
    assert in_groups(written, locale) == said


@pytest.mark.parametrize(
    "written", ["two two ninety", "the first of march", "one two three four five six seven", ""]
)
def test_other_numbers_are_said_as_they_are_written(written: str) -> None:
    assert in_groups(written, "en") == written


def test_a_language_whose_numbers_are_not_known_is_left_alone() -> None:
    assert in_groups("un deux trois quatre cinq six sept huit neuf zéro", "fr").count(",") == 0

"""Dates of birth as people say, spell, write and key them."""

from datetime import date
from pathlib import Path

import pytest

from lamplighter.conversation.understanding.when import (
    PartialBirthDate,
    find_birth_date,
    find_partial_birth_date,
)

TODAY = date(2026, 11, 25)


def cases() -> list[tuple[str, str, str]]:
    lines = Path(__file__).with_name("births.txt").read_text("utf-8").splitlines()
    rows = [[part.strip() for part in line.split("|")] for line in lines if line and not line.startswith("#")]
    return [(locale, said, born) for locale, said, born in rows]


@pytest.mark.parametrize(("locale", "said", "born"), cases())
def test_a_date_of_birth_is_read_however_it_is_said(locale: str, said: str, born: str) -> None:
    found = find_birth_date(said, locale, TODAY)
    assert (found.value.isoformat() if found else "none") == born


@pytest.mark.parametrize(
    ("locale", "said", "parts"),
    [
        ("en", "march third", PartialBirthDate(month=3, day=3)),
        ("en", "nineteen eighty five", PartialBirthDate(year=1985)),
        ("en", "in 1985", PartialBirthDate(year=1985)),
        ("en", "march of 1985", PartialBirthDate(month=3, year=1985)),
        ("en", "march", PartialBirthDate(month=3)),
        ("es", "el siete de junio", PartialBirthDate(month=6, day=7)),
        ("es", "en mil novecientos ochenta", PartialBirthDate(year=1980)),
    ],
)
def test_what_is_known_of_a_date_of_birth_is_kept_so_that_only_the_rest_is_asked(
    locale: str, said: str, parts: PartialBirthDate
) -> None:
    found = find_partial_birth_date(said, locale, TODAY)
    assert found is not None
    assert found.value == parts


def test_a_year_given_later_completes_the_month_and_day_given_first() -> None:
    first = find_partial_birth_date("march third", "en", TODAY)
    later = find_partial_birth_date("nineteen eighty five", "en", TODAY)
    assert first is not None
    assert later is not None
    assert later.value.over(first.value).date(TODAY) == date(1985, 3, 3)


def test_the_span_covers_the_date_and_nothing_else() -> None:
    said = "it's maya okafor and i was born on march third nineteen eighty five, thanks"
    found = find_birth_date(said, "en", TODAY)
    assert found is not None
    assert said[found.start : found.end] == "march third nineteen eighty five"

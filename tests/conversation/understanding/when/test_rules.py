"""What must hold of every text, not of examples only."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.conversation.understanding.when import (
    find_birth_date,
    find_callback_time,
    find_choice,
    find_partial_birth_date,
    find_wish,
)
from lamplighter.conversation.wish import Wish

from .sample import NOW, PRACTICE
from .test_choices import OFFERED

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
DIAS = ("lunes", "martes", "miércoles", "jueves", "viernes")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
MESES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
    "noviembre", "diciembre",
)  # fmt: skip
PIECE_WORDS = (
    "not", "no", "but", "except", "after", "before", "until", "between", "and", "or", "to", "at", "the",
    "of", "3", "10", "3:30", "12/3", "2026-13-45", "third", "noon", "half", "quarter", "past", "next",
    "this", "week", "weeks", "in", "two", "monday", "tuesdays", "mornings", "december", "may", "sorry",
    ",", ".", "?", "-", "menos", "el", "las", "y", "media", "de", "a", "mañana", "martes", "que",
    "viene", "no", "puedo", "0", "00", "99", "-5", "1985", "nineteen", "oh", "one", "first", "last",
    "all", "anything", "later",
)  # fmt: skip
PIECES = st.sampled_from(PIECE_WORDS)
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map(" ".join))
LOCALES = st.sampled_from(("en", "es", "pl", "../en", ""))


@given(TEXTS, LOCALES)
def test_no_text_makes_a_reader_fail_and_every_span_lies_in_the_text(text: str, locale: str) -> None:
    today = NOW.date()
    for found in (
        find_wish(text, locale, NOW, PRACTICE),
        find_birth_date(text, locale, today),
        find_partial_birth_date(text, locale, today),
        find_callback_time(text, locale, NOW, PRACTICE),
    ):
        assert found is None or 0 <= found.start < found.end <= len(text)
    find_choice(text, OFFERED, locale, NOW)


@given(TEXTS, LOCALES)
def test_every_wish_survives_being_kept_as_a_detail(text: str, locale: str) -> None:
    found = find_wish(text, locale, NOW, PRACTICE)
    assert found is None or Wish.loads(found.value.dumps()) == found.value


TIMES = st.sampled_from(
    (
        "",
        "after 3",
        "mornings",
        "between 2 and 5",
        "in the afternoon",
        "next week",
        "as soon as possible",
    )
)
REFUSALS = st.sampled_from(
    (
        "not {}s",
        "not on {}s",
        "but not {}",
        "except {}s",
        "i can't do {}s",
        "{}s don't work",
        "no {}s please",
    )
)


@given(TIMES, REFUSALS, st.sampled_from(DAYS), st.integers(0, 60), st.sampled_from((9, 12, 15, 17)))
def test_a_day_refused_is_never_allowed(when: str, refusal: str, day: str, ahead: int, hour: int) -> None:
    found = find_wish(f"{when}, {refusal.format(day)}" if when else refusal.format(day), "en", NOW, PRACTICE)
    assert found is not None
    start = datetime.combine(NOW.date() + timedelta(ahead), time(hour))
    assert not (start.weekday() == DAYS.index(day) and found.value.allows(start))


CUANDO = st.sampled_from(
    (
        "",
        "por la tarde",
        "después de las tres",
        "la semana que viene",
        "entre semana",
        "lo antes posible",
    )
)
NEGATIVAS = st.sampled_from(
    (
        "no los {}",
        "menos los {}",
        "pero no el {}",
        "excepto los {}",
        "los {} no puedo",
        "no puedo los {}",
    )
)


@given(CUANDO, NEGATIVAS, st.sampled_from(DIAS), st.integers(0, 60), st.sampled_from((9, 12, 15, 17)))
def test_a_day_refused_in_spanish_is_never_allowed(
    when: str, refusal: str, day: str, ahead: int, hour: int
) -> None:
    found = find_wish(f"{when}, {refusal.format(day)}" if when else refusal.format(day), "es", NOW, PRACTICE)
    assert found is not None
    start = datetime.combine(NOW.date() + timedelta(ahead), time(hour))
    assert not (start.weekday() == DIAS.index(day) and found.value.allows(start))


@given(st.integers(9, 17), st.sampled_from((0, 15, 30, 45)), st.sampled_from(("at {}", "a las {}")))
def test_an_exact_time_allows_that_start_alone(hour: int, minute: int, form: str) -> None:
    locale = "es" if form.startswith("a las") else "en"
    found = find_wish(form.format(f"{(hour - 1) % 12 + 1}:{minute:02}"), locale, NOW, PRACTICE)
    assert found is not None
    day = datetime(2026, 12, 1, tzinfo=NOW.tzinfo)
    allowed = [n for n in range(9 * 60, 18 * 60, 15) if found.value.allows(day + timedelta(minutes=n))]
    assert allowed == [hour * 60 + minute]


BIRTHS = st.dates(date(1910, 1, 1), NOW.date())


WRITTEN = (
    "{m}/{d}/{y}",
    "{m:02}-{d:02}-{y}",
    "{y}-{m:02}-{d:02}",
    "{m:02}{d:02}{y}",
    "{M} {d}, {y}",
    "{d} {M} {y}",
)


@given(BIRTHS, st.sampled_from(WRITTEN))
def test_a_written_date_of_birth_comes_back_as_it_went_in(born: date, form: str) -> None:
    text = form.format(m=born.month, d=born.day, y=born.year, M=MONTHS[born.month - 1])
    found = find_birth_date(text, "en", NOW.date())
    assert found is not None
    assert found.value == born


@given(BIRTHS, st.sampled_from(("{d}/{m}/{y}", "{d} de {M} de {y}", "el {d} de {M} del {y}")))
def test_a_written_date_of_birth_in_spanish_is_day_first(born: date, form: str) -> None:
    text = form.format(m=born.month, d=born.day, y=born.year, M=MESES[born.month - 1])
    found = find_birth_date(text, "es", NOW.date())
    assert found is not None
    assert found.value == born


@given(TEXTS, LOCALES)
def test_nobody_is_born_tomorrow_or_more_than_120_years_ago(text: str, locale: str) -> None:
    found = find_birth_date(text, locale, NOW.date())
    assert found is None or NOW.year - 120 <= found.value.year and found.value <= NOW.date()


def no_wishes() -> list[list[str]]:
    lines = Path(__file__).with_name("no_wish.txt").read_text("utf-8").splitlines()
    return [line.split(" | ") for line in lines if not line.startswith("#")]


@pytest.mark.parametrize(("locale", "said"), no_wishes())
def test_a_story_a_question_or_a_number_is_no_wish(locale: str, said: str) -> None:
    assert find_wish(said, locale, NOW, PRACTICE) is None


@pytest.mark.parametrize(
    ("locale", "said", "kept"),
    [
        ("en", "any time tomorrow after two", "2026-11-26 14:00-"),
        ("en", "weekday mornings, not mondays", "mon,tue,wed,thu,fri -12:00; not mon"),
        ("en", "between ten and noon", "10:00-12:00"),
        ("en", "as soon as possible", "asap"),
        ("en", "whenever", "any"),
        ("en", "friday at three thirty", "fri 15:30"),
        ("en", "next tuesday", "2026-12-01"),
        ("en", "this week", "2026-11-25/2026-11-29"),
        ("es", "mañana por la tarde", "2026-11-26 13:00-17:00"),
        ("es", "el lunes a las diez", "mon 10:00"),
    ],
)
def test_a_time_to_call_back_is_kept_short_and_dated_where_it_can_be(
    locale: str, said: str, kept: str
) -> None:
    found = find_callback_time(said, locale, NOW, PRACTICE)
    assert found is not None
    assert found.value == kept


def test_the_span_of_a_wish_leaves_out_what_does_not_belong_to_it() -> None:
    said = "hi it's maya, evenings after five, not wednesdays, and my number is 212 555 0143"
    found = find_wish(said, "en", NOW, PRACTICE)
    assert found is not None
    assert said[found.start : found.end] == "evenings after five, not wednesdays"


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", "my sister passed in october and i'd like to talk to someone"),
        ("en", "the divorce was final in january and the house is sold"),
        ("en", "my son is home from school fridays and my mother stays with us"),
        ("en", "hey there, how y'all doing today"),
        ("es", "a mí me botaron de la fábrica en febrero y quiero una cita"),
        ("es", "yo nunca he ido a una cosa de estas, quiero una consulta"),
        ("es", "yo acá todavía nada, así que quiero sacar un primer turno con un psicólogo"),
    ],
)
def test_a_day_told_in_passing_is_no_wish_where_nobody_asked_for_one(locale: str, said: str) -> None:
    assert find_wish(said, locale, NOW, PRACTICE, unasked=True) is None


@pytest.mark.parametrize(
    "said", ["i'm only free friday mornings", "do you have anything friday morning", "a visit friday morning"]
)
def test_a_wish_told_without_being_asked_is_one(said: str) -> None:
    found = find_wish(said, "en", NOW, PRACTICE, unasked=True)
    assert found is not None
    assert {day for window in found.value.any_of for day in window.weekdays} == {4}

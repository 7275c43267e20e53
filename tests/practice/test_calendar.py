from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.practice.calendar import (
    NeverOpen,
    at_local,
    business_day_after,
    is_business_day,
    is_open,
    next_open,
    noon_next_business_day,
    open_spans,
)
from lamplighter.practice.model import Span, WeekHours
from lamplighter.practice.sample import load_sample

PRACTICE = load_sample()
NIGHTS = replace(  # open over both clock changes, with a break around each
    PRACTICE,
    hours=WeekHours({day: (Span(time(0, 30), time(2, 30)), Span(time(3), time(9))) for day in range(7)}),
    holidays="none",
)
INSTANTS = st.datetimes(
    datetime.fromisoformat("2024-01-01"), datetime.fromisoformat("2032-01-01"), timezones=st.just(UTC)
)


def ny(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=PRACTICE.timezone)


@pytest.mark.parametrize(
    ("instant", "open_now"),
    [
        ("2026-12-01T08:59:59", False),
        ("2026-12-01T09:00", True),
        ("2026-12-01T17:59:59", True),
        ("2026-12-01T18:00", False),
        ("2026-12-05T12:00", False),  # a Saturday
        ("2026-11-26T12:00", False),  # Thanksgiving
        ("2026-07-03T12:00", False),  # Independence Day falls on the Saturday
        ("2027-12-31T12:00", False),  # New Year's Day of the next year is observed in this one
        ("2026-11-27T12:00", True),
    ],
)
def test_the_office_is_open_in_its_hours_and_closed_on_holidays(instant: str, open_now: bool) -> None:
    assert is_open(PRACTICE, ny(instant)) is open_now


def test_a_date_that_the_practice_closes_is_no_business_day() -> None:
    closed = replace(PRACTICE, closed_dates=(date(2026, 12, 24),))

    assert not is_business_day(closed, date(2026, 12, 24))
    assert open_spans(closed, date(2026, 12, 24)) == ()
    assert is_business_day(PRACTICE, date(2026, 12, 24))


def test_a_practice_without_holidays_opens_on_them() -> None:
    assert is_open(replace(PRACTICE, holidays="none"), ny("2026-11-26T12:00"))


@pytest.mark.parametrize(
    ("instant", "opens"),
    [
        ("2026-12-01T10:15", "2026-12-01T10:15"),
        ("2026-12-01T07:00", "2026-12-01T09:00"),
        ("2026-12-01T18:00", "2026-12-02T09:00"),
        ("2026-11-25T20:00", "2026-11-27T09:00"),
        ("2026-12-24T18:30", "2026-12-28T09:00"),
    ],
)
def test_the_next_opening_passes_over_nights_weekends_and_holidays(instant: str, opens: str) -> None:
    assert next_open(PRACTICE, ny(instant)) == ny(opens)


@pytest.mark.parametrize(
    ("instant", "count", "day"),
    [
        ("2026-12-01T10:00", 1, date(2026, 12, 2)),
        ("2026-12-04T10:00", 1, date(2026, 12, 7)),
        ("2026-11-25T23:30", 1, date(2026, 11, 27)),
        ("2026-11-25T10:00", 3, date(2026, 12, 1)),
    ],
)
def test_business_days_are_counted_from_the_day_after(instant: str, count: int, day: date) -> None:
    assert business_day_after(PRACTICE, ny(instant), count) == day


def test_the_day_is_the_practices_even_when_the_instant_comes_from_elsewhere() -> None:
    late_on_thursday = datetime(2026, 12, 4, 3, 0, tzinfo=UTC)

    assert business_day_after(PRACTICE, late_on_thursday) == date(2026, 12, 4)


def test_a_held_time_is_kept_until_noon_of_the_next_business_day() -> None:
    assert noon_next_business_day(PRACTICE, ny("2026-12-04T16:00")) == ny("2026-12-07T12:00")


def test_the_hour_that_a_clock_change_leaves_out_is_not_open_time() -> None:
    first, second = open_spans(NIGHTS, date(2027, 3, 14))

    assert first.end.astimezone(UTC) == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)
    assert second.start == ny("2027-03-14T03:00")


def test_the_hour_that_a_clock_change_repeats_is_open_twice() -> None:
    first, _ = open_spans(NIGHTS, date(2026, 11, 1))
    one_thirty = datetime(2026, 11, 1, 1, 30, tzinfo=PRACTICE.timezone)

    assert first.end.astimezone(UTC) - first.start.astimezone(UTC) == timedelta(hours=3)
    assert is_open(NIGHTS, one_thirty)
    assert is_open(NIGHTS, one_thirty.replace(fold=1))


def test_a_practice_that_never_opens_says_so() -> None:
    closed = replace(PRACTICE, hours=WeekHours({}))

    with pytest.raises(NeverOpen):
        next_open(closed, ny("2026-12-01T10:00"))
    with pytest.raises(NeverOpen):
        business_day_after(closed, ny("2026-12-01T10:00"))


@given(st.sampled_from([PRACTICE, NIGHTS]), INSTANTS)
def test_the_next_opening_is_open_not_past_and_the_first(practice, instant) -> None:  # type: ignore[no-untyped-def]
    opens = next_open(practice, instant)

    assert is_open(practice, opens)
    assert opens.astimezone(UTC) >= instant
    if opens.astimezone(UTC) > instant:
        assert not is_open(practice, instant)
        assert not is_open(practice, opens.astimezone(UTC) - timedelta(seconds=1))


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.times())
def test_a_local_time_becomes_an_instant_that_exists(day: date, clock: time) -> None:
    instant = at_local(PRACTICE, day, clock)

    assert instant.astimezone(UTC).astimezone(PRACTICE.timezone).timetuple() == instant.timetuple()

"""What is kept of a practice's days is what would be reckoned anew, and a practice that changed is another one."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lamplighter.desk.scheduling import calendar
from lamplighter.desk.scheduling.calendar import calendar_of
from lamplighter.desk.scheduling.openings import Day, shifts_of, starts_of
from lamplighter.practice.sample import load_sample

PRACTICE = load_sample()
CHANGE_OF_CLOCKS = date(2027, 3, 14)


@pytest.mark.parametrize("after", [0, 1, 2, 200])
def test_a_day_that_is_kept_is_the_day_itself(after: int) -> None:
    on = CHANGE_OF_CLOCKS + timedelta(days=after)
    calendar, own = calendar_of(PRACTICE), Day.of(PRACTICE, on)
    for _ in range(2):
        day, starts = calendar.day(on)
        assert (day, starts) == (own, starts_of(PRACTICE, own))
        for clinician in PRACTICE.clinicians:
            for new in (True, False):
                assert calendar.shifts(clinician, day, new) == shifts_of(PRACTICE, clinician, own, new)


def test_a_practice_that_closes_on_a_day_after_all_has_another_calendar() -> None:
    on = next(
        day for n in range(7) if calendar_of(PRACTICE).day(day := CHANGE_OF_CLOCKS + timedelta(days=n))[1]
    )
    closed = replace(PRACTICE, closed_dates=frozenset({on}))
    assert calendar_of(closed).day(on)[1] == ()
    assert calendar_of(PRACTICE).day(on)[1]


def test_no_more_is_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar, "KEPT_DAYS", 3)
    monkeypatch.setattr(calendar, "KEPT_PRACTICES", 2)
    many = [replace(PRACTICE, id=f"p{number}") for number in range(5)]
    for practice in many:
        for n in range(7):
            on = CHANGE_OF_CLOCKS + timedelta(days=n)
            assert calendar_of(practice).day(on)[0] == Day.of(practice, on)
    assert len(calendar._CALENDARS) <= 2

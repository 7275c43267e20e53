"""TEL-09: written to by where they are and by area code, the stricter of both, never at night and never on a Sunday."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.law.area_codes import state_of
from lamplighter.law.contact_hours import contact_hours, zones_of
from lamplighter.law.federal_days import federal_holidays
from lamplighter.law.profile import WIDEST, window
from lamplighter.law.states import SHIPPED, STATES

PRACTICE = ("NY", "America/New_York")
CODES = {
    "NY": "212",
    "CA": "415",
    "HI": "808",
    "ME": "207",
    "KY": "502",
    "RI": "401",
    "AZ": "602",
    "TX": "512",
}
NUMBERS = [f"+1{code}5550143" for code in CODES.values()]
CLOCKS_CHANGE = [datetime(2027, 3, 14, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)]

instants = st.one_of(
    st.integers(0, 2 * 365 * 1440).map(
        lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.sampled_from(CLOCKS_CHANGE).flatmap(
        lambda day: st.integers(-3 * 1440, 3 * 1440).map(lambda minutes: day + timedelta(minutes=minutes))
    ),
)
states = st.one_of(st.none(), st.sampled_from(sorted(STATES)))
numbers = st.one_of(st.sampled_from(NUMBERS), st.none(), st.just("+18005550143"))


def clocks_of(state: str, instant: datetime) -> list[datetime]:
    return [instant.astimezone(ZoneInfo(zone)) for zone in zones_of(state)]


@given(instants, states, numbers)
def test_tel_09_an_allowed_moment_is_decent_wherever_they_may_be(
    instant: datetime, state: str | None, number: str | None
) -> None:
    hours = contact_hours(state=state, number=number, otherwise=PRACTICE)
    if not hours.allow(instant):
        return
    for place in {state, state_of(number)} - {None}:
        assert place is not None
        start, end = window(SHIPPED.facts[place])
        for local in clocks_of(place, instant):
            assert max(start, WIDEST[0]) <= local.time() < min(end, WIDEST[1])
            assert local.weekday() != 6


@given(instants, states, numbers)
def test_tel_09_what_is_put_off_goes_at_the_first_moment_that_is_allowed(
    instant: datetime, state: str | None, number: str | None
) -> None:
    hours = contact_hours(state=state, number=number, otherwise=PRACTICE)
    then = hours.next_from(instant)
    assert then is not None and then >= instant and hours.allow(then)
    assert then == instant or not hours.allow(then - timedelta(minutes=1))
    between = (instant + (then - instant) * part / 7 for part in range(7))
    assert then == instant or not any(hours.allow(each) for each in between)


@given(instants, states, numbers)
def test_tel_09_what_is_sent_earlier_instead_goes_at_an_allowed_moment_before_its_own(
    instant: datetime, state: str | None, number: str | None
) -> None:
    hours = contact_hours(state=state, number=number, otherwise=PRACTICE)
    then = hours.last_by(instant, timedelta(minutes=30))
    assert then is not None and then <= instant and hours.allow(then)


def test_tel_09_every_state_of_the_law_has_hours_and_zones_that_exist() -> None:
    for state in STATES:
        hours = contact_hours(state=state, number=None, otherwise=PRACTICE)
        assert hours.next_from(datetime(2026, 11, 29, 3, tzinfo=UTC)) is not None
        assert all(ZoneInfo(place.zone).key == place.zone for place in hours.places)


@pytest.mark.parametrize(
    "state", [state for state, facts in SHIPPED.facts.items() if facts.get("holidays") is False]
)
def test_tel_09_a_state_that_forbids_it_on_holidays_has_none(state: str) -> None:
    thanksgiving = datetime(2026, 11, 26, 18, tzinfo=UTC)
    assert thanksgiving.date() in federal_holidays(2026)
    hours = contact_hours(state=state, number=None, otherwise=PRACTICE)
    assert not hours.allow(thanksgiving) and hours.allow(thanksgiving - timedelta(days=1))


def test_tel_09_maine_has_weekdays_alone() -> None:
    saturday = datetime(2026, 12, 5, 17, tzinfo=UTC)
    assert not contact_hours(state="ME", number=None, otherwise=PRACTICE).allow(saturday)
    assert contact_hours(state="VT", number=None, otherwise=PRACTICE).allow(saturday)


def test_tel_09_somebody_who_took_a_new_york_number_to_california_is_written_to_when_both_are_awake() -> None:
    hours = contact_hours(state="CA", number="+12125550143", otherwise=PRACTICE)
    day = datetime(2026, 12, 2, tzinfo=UTC)
    allowed = [hour for hour in range(24) if hours.allow(day + timedelta(hours=hour))]
    assert allowed == [0, *range(17, 24)]  # nine in San Francisco until eight in New York


def test_tel_09_a_practice_may_narrow_the_hours_and_never_widen_them() -> None:
    noon = datetime(2026, 12, 2, 17, tzinfo=UTC)
    narrow = contact_hours(state="NY", number=None, otherwise=PRACTICE, narrower=(time(10), time(17)))
    wide = contact_hours(state="NY", number=None, otherwise=PRACTICE, narrower=(time(6), time(23)))
    assert [narrow.allow(noon + timedelta(hours=h)) for h in (-3, -2, 4, 5)] == [False, True, True, False]
    assert [wide.allow(noon + timedelta(hours=h)) for h in (-4, -3, 7, 8)] == [False, True, True, False]


def test_tel_09_a_number_that_belongs_nowhere_goes_by_where_the_practice_is() -> None:
    hours = contact_hours(state=None, number="+18005550143", otherwise=("HI", "Pacific/Honolulu"))
    assert [place.zone for place in hours.places] == ["Pacific/Honolulu"]

"""Whoever is where clocks show another time is told which clock is meant, and written to at a decent hour there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.phrasebook.room import fits
from lamplighter.conversation.slots import Slot
from lamplighter.desk import gate, reminders
from lamplighter.desk.told_times import told, zone_for
from lamplighter.law.contact_hours import known_zones_of
from lamplighter.law.federal_days import federal_holidays
from lamplighter.law.states import SHIPPED
from lamplighter.practice.model import Modality, Practice
from lamplighter.practice.sample import load_sample
from tests.desk.gate.threads import VISIT_AT, WHO, reminded
from tests.promises.desks import House

SAMPLE = load_sample()
VIDEO, AT_THE_PRACTICE = Modality.TELEHEALTH, Modality.IN_PERSON
NEW_YORK = ZoneInfo("America/New_York")
STATES = sorted(state for state in SHIPPED.facts if known_zones_of(state))


def slot_at(start: datetime, modality: Modality) -> Slot:
    return Slot(start, 50, "mei_tan", modality, "follow_up", "harbor_lane")


def words(state: str | None, modality: Modality, start: datetime = VISIT_AT, locale: str = "en") -> str:
    when = told(SAMPLE, slot_at(start, modality), replace(WHO, state=state))
    args = {"sender": "Harbor Lane", "practice_phone": "+12125550100", **when}
    return Phrasebook.load().render(locale, "sms.reminder", args)


@pytest.mark.parametrize(
    ("state", "modality", "time"),
    [
        (None, VIDEO, "2 PM."),
        ("NY", VIDEO, "2 PM."),
        ("CA", VIDEO, "11 AM PT"),
        ("CA", AT_THE_PRACTICE, "2 PM ET"),
        ("HI", VIDEO, "9 AM HST"),
        ("TX", VIDEO, "2 PM ET"),  # two zones there: which is theirs is not guessed
        ("FL", AT_THE_PRACTICE, "2 PM ET"),
    ],
)
def test_rem_01_a_time_names_its_zone_where_theirs_may_be_another(
    state: str | None, modality: Modality, time: str
) -> None:
    assert time.rstrip(".") in words(state, modality).replace("\u202f", " ").replace(":00", "")
    assert any(zone in words(state, modality) for zone in (" ET", " PT", " HST")) == (time[-1] != ".")


def test_a_zone_is_named_in_spanish_and_spoken_in_full() -> None:
    assert " PT" in words("CA", VIDEO, locale="es")
    when = told(SAMPLE, slot_at(VISIT_AT, VIDEO), replace(WHO, state="CA"))
    named = {"sender": "Harbor Lane", "practice_phone": "+12125550100", **when}
    assert "Pacific Time" in Phrasebook.load().render("en", "sms.reminder", named, spoken=True)


def test_a_zone_whose_name_is_long_is_written_by_its_distance_from_greenwich() -> None:
    args = {"sender": "Harbor Lane", "practice_phone": "+12125550100", "day": "2026-12-10T05:00:00+10:00",
            "clock": "2026-12-10T05:00:00+10:00[Pacific/Guam]"}  # fmt: skip
    assert "GMT+10:00" in Phrasebook.load().render("en", "sms.reminder", args)


def test_arizona_differs_from_denver_in_summer_alone() -> None:
    denver = replace(SAMPLE, timezone_name="America/Denver")
    who = replace(WHO, state="UT")
    for month in (1, 7):
        slot = slot_at(datetime(2027, month, 12, 18, tzinfo=UTC), VIDEO)
        assert "[" not in told(denver, slot, who)["clock"]
    phoenix = replace(SAMPLE, timezone_name="America/Phoenix")
    winter, summer = (slot_at(datetime(2027, month, 12, 18, tzinfo=UTC), VIDEO) for month in (1, 7))
    assert "[" not in told(phoenix, winter, who)["clock"]
    assert told(phoenix, summer, who)["clock"] == "2027-07-12T12:00:00-06:00[America/Denver]"


@pytest.mark.parametrize(
    ("here", "state", "month", "time"),
    [
        ("America/Phoenix", "TX", 7, "11 AM MST"),  # by "MT" people mean Denver's clocks: noon
        ("America/Phoenix", "TX", 1, "11 AM MT"),
        ("America/Phoenix", "UT", 7, "12 PM MT"),
        ("America/Denver", "TX", 7, "12 PM MT"),
        ("America/Puerto_Rico", "TX", 7, "2 PM AST"),
    ],
)
def test_rem_01_a_zone_without_summer_time_is_called_what_its_clocks_show(
    here: str, state: str, month: int, time: str
) -> None:
    practice = replace(SAMPLE, timezone_name=here)
    start = datetime(2027, month, 12, 18, tzinfo=UTC)
    when = told(practice, slot_at(start, VIDEO), replace(WHO, state=state))
    args = {"sender": "Harbor Lane", "practice_phone": "+12125550100", **when}
    said = {
        spoken: Phrasebook.load().render("en", "sms.reminder", args, spoken=spoken)
        for spoken in (True, False)
    }
    assert time in said[False].replace("\u202f", " ").replace(":00", "")
    assert ("Standard Time" in said[True]) == time.endswith("ST")


@given(
    st.sampled_from(STATES),
    st.sampled_from([VIDEO, AT_THE_PRACTICE]),
    st.integers(0, 365 * 48),
    st.sampled_from(["America/New_York", "America/Phoenix", "America/Los_Angeles", "Pacific/Honolulu"]),
)
def test_rem_01_in_every_state_and_across_both_clock_changes_the_told_time_is_the_visits_and_its_zone_is_right(
    state: str, modality: Modality, half_hours: int, here: str
) -> None:
    practice: Practice = replace(SAMPLE, timezone_name=here)
    start = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=30 * half_hours)
    when = told(practice, slot_at(start, modality), replace(WHO, state=state))
    clock, _, zone = when["clock"].partition("[")
    assert datetime.fromisoformat(clock) == datetime.fromisoformat(when["day"]) == start
    own = {start.astimezone(ZoneInfo(each)).utcoffset() for each in known_zones_of(state)}
    at_home = start.astimezone(ZoneInfo(here)).utcoffset()
    assert bool(zone) == (own != {at_home})
    if zone:
        in_zone = start.astimezone(ZoneInfo(zone.rstrip("]")))
        assert datetime.fromisoformat(clock).utcoffset() == in_zone.utcoffset()
    alone = modality is VIDEO and len(own) == 1
    assert datetime.fromisoformat(clock).utcoffset() == (next(iter(own)) if alone else at_home)


@given(
    st.sampled_from(STATES),
    st.sampled_from([VIDEO, AT_THE_PRACTICE]),
    st.sampled_from([72, 24, 2]),
    st.sampled_from([datetime(2027, 3, 12, 0, tzinfo=UTC), datetime(2027, 11, 5, 0, tzinfo=UTC)]),
    st.integers(0, 7 * 48),
)
def test_rem_01_a_touch_comes_at_a_decent_hour_there_and_at_the_told_time_of_day_on_both_sides_of_a_clock_change(
    state: str, modality: Modality, hours: int, around: datetime, half_hours: int
) -> None:
    start, who = around + timedelta(minutes=30 * half_hours), replace(WHO, state=state)
    house = House(around - timedelta(days=9))
    with house.store.transaction("demo") as tx:
        tx.people.add(who)
        allowed = gate.hours_for(tx, SAMPLE, "p1", WHO.phone or "")
    zone = zone_for(SAMPLE, slot_at(start, modality), who)
    due = reminders.touch_at(SAMPLE, start, hours, allowed, zone)
    if due is None:
        assert hours < 24
        return
    assert due < start and allowed.allow(due)
    for name in known_zones_of(state):
        assert 9 <= due.astimezone(ZoneInfo(name)).hour < 20
    wished = start.astimezone(zone).replace(tzinfo=None) - timedelta(hours=hours)
    then = wished.replace(tzinfo=zone).astimezone(UTC)
    if hours >= 24 and allowed.allow(then) and allowed.allow(then + reminders.BEFORE_END):
        assert due.astimezone(zone).replace(tzinfo=None) == wished


@pytest.mark.parametrize("state", [s for s in STATES if SHIPPED.facts[s].get("holidays") is False])
def test_tel_09_a_visit_on_the_day_after_a_holiday_is_reminded_of_before_it_where_the_law_wants_that(
    state: str,
) -> None:
    start = datetime(2026, 11, 27, 19, tzinfo=UTC)  # the Friday after Thanksgiving
    house = House(start - timedelta(days=8))
    with house.store.transaction("demo") as tx:
        tx.people.add(replace(WHO, state=state))
        visit = tx.schedule.book("v1", slot_at(start, VIDEO), ["p1"], "c0", house.clock.now(), "booked")
        assert visit is not None
        reminders.plan_for_all(tx, SAMPLE, visit, house.clock.now())
    house.pass_time((start - house.clock.now()).total_seconds() - 1)
    with house.store.transaction("demo") as tx:
        went = [each.moved_at for each in tx.outbox.recent() if each.status == "sent"]
    days = [at.astimezone(NEW_YORK).date() for at in went if at is not None]
    assert len(days) == 2 and max(days).isoformat() == "2026-11-25"
    assert not set(days) & set(federal_holidays(2026))


@pytest.mark.parametrize("locale", Phrasebook.load().locales)
@pytest.mark.parametrize(
    "name", ["sms.confirmation", "sms.moved", "sms.reminder", "sms.called_off", "sms.opening"]
)
def test_rem_02_a_text_with_a_zone_in_it_fits_like_any_other(locale: str, name: str) -> None:
    book = Phrasebook.load()
    clock = "2026-09-30T10:30:00-08:00[America/Anchorage]"
    every = {"sender": "W" * 16, "practice_phone": "+12125550100", "day": clock.partition("[")[0], "clock": clock,
             "until": "2026-09-30T10:30:00-08:00"}  # fmt: skip
    wanted = book.phrase(locale, name).arguments
    text = book.render(locale, name, {each: every[each] for each in wanted})
    assert "AKT" in text and fits(text), (len(text), text)


def test_rem_01_the_text_that_goes_out_says_so() -> None:
    thread = reminded(state="CA")
    sent = [each.text for each in thread.house.messenger.texts.values()]
    assert sent and all(" ET" in text for text in sent)

"""REM-01: two touches before a visit, moved and cancelled with it, at decent moments, none doubled and none lost."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.conversation.slots import Slot
from lamplighter.desk import preferences, reminders
from lamplighter.desk.ports import Job, Message, Person, Series, Transaction, Visit
from lamplighter.desk.preferences import Preferences
from lamplighter.law.contact_hours import contact_hours
from lamplighter.practice.model import Modality, Practice, Reminders
from lamplighter.practice.sample import load_sample
from tests.promises.desks import House

NUMBER = "+12125550123"
WHO = Person("p1", "Rosalind", "Thimblewick", date(1985, 12, 1), NUMBER, contact_channel="sms")
MONDAY = datetime(2026, 12, 7, 15, tzinfo=UTC)  # ten in New York
NY = ("NY", "America/New_York")


def local(practice: Practice, at: datetime) -> str:
    return f"{at.astimezone(practice.timezone):%a %H:%M}"


def visit_of(tx: Transaction, start: datetime, *people: str, **slot: Any) -> Visit:
    where = Slot(start, 50, "mei_tan", Modality.IN_PERSON, "follow_up", "harbor_lane")
    made = tx.schedule.book("v1", replace(where, **slot), people or ("p1",), "c0", start, "booked")
    assert made is not None
    return made


def house_with(
    start: datetime,
    now: datetime,
    rules: Reminders | None = None,
    wish: Preferences | None = None,
    **slot: Any,
) -> House:
    """A visit is booked `now`."""
    sample = load_sample()
    house = House(now, practice=replace(sample, reminders=rules or sample.reminders))
    with house.store.transaction("demo") as tx:
        tx.people.add(WHO)
        if wish is not None:
            preferences.state(tx, "p1", wish, by="a1", now=now)
        reminders.plan_for_all(tx, house.practice, visit_of(tx, start, **slot), now)
    return house


def planned(house: House) -> list[str]:
    with house.store.transaction("demo") as tx:
        return [local(house.practice, job.due) for job in tx.jobs.pending() if job.name == reminders.JOB]


def messages(house: House) -> list[Message]:
    with house.store.transaction("demo") as tx:
        return sorted(tx.outbox.recent(), key=lambda each: each.at)


def told(house: House) -> list[tuple[str, str]]:
    """When each message that went was sent, and by which phrase."""
    return [
        (local(house.practice, each.moved_at), each.phrase)
        for each in messages(house)
        if each.status == "sent" and each.moved_at is not None
    ]


def test_rem_01_a_visit_is_reminded_of_three_days_and_one_day_before_at_its_own_time() -> None:
    house = house_with(MONDAY + timedelta(days=3), MONDAY - timedelta(days=6))
    assert planned(house) == ["Mon 10:00", "Wed 10:00"]
    house.pass_time(20 * 24 * 3600)
    assert told(house) == [("Mon 10:00", "sms.reminder"), ("Wed 10:00", "sms.reminder")]


def test_rem_01_what_would_fall_on_a_sunday_comes_the_evening_before() -> None:
    house = house_with(MONDAY, MONDAY - timedelta(days=6))
    assert planned(house) == ["Fri 10:00", "Sat 19:30"]


@pytest.mark.parametrize(
    ("before", "left"),
    [
        (timedelta(hours=100), ["Mon 10:00", "Wed 10:00"]),
        (timedelta(hours=80), ["Wed 10:00"]),
        (timedelta(hours=60), ["Wed 10:00"]),
        (timedelta(hours=30), ["Wed 10:00"]),
        (timedelta(hours=20), []),
    ],
)
def test_rem_01_a_late_booking_has_fewer_touches_and_none_that_follows_on_its_heels(
    before: timedelta, left: list[str]
) -> None:
    start = MONDAY + timedelta(days=3)
    assert planned(house_with(start, start - before)) == left


def test_rem_01_a_visit_by_video_may_have_one_two_hours_before_where_the_practice_says_so() -> None:
    start, rules = MONDAY + timedelta(days=3, hours=4), Reminders(telehealth_hours=(2,))
    by_video: dict[str, Any] = {"modality": Modality.TELEHEALTH, "site": None}
    house = house_with(start, MONDAY - timedelta(days=6), rules, **by_video)
    assert planned(house) == ["Mon 14:00", "Wed 14:00", "Thu 12:00"]
    house.pass_time(20 * 24 * 3600)
    assert [when for when, _ in told(house)] == ["Mon 14:00", "Wed 14:00", "Thu 12:00"]
    assert planned(house_with(start, MONDAY - timedelta(days=6), rules)) == ["Mon 14:00", "Wed 14:00"]
    early = house_with(MONDAY + timedelta(days=3), MONDAY - timedelta(days=6), rules, **by_video)
    assert planned(early) == ["Mon 10:00", "Wed 10:00"]  # eight in the morning is no decent moment


def test_rem_01_kinds_of_visit_and_people_have_reminders_of_their_own() -> None:
    start, now = MONDAY + timedelta(days=3), MONDAY - timedelta(days=6)
    rules = Reminders(by_kind={"follow_up": (48,)})
    assert planned(house_with(start, now, rules)) == ["Tue 10:00"]
    assert planned(house_with(start, now, rules, Preferences(hours_before=(24,)))) == ["Wed 10:00"]
    assert planned(house_with(start, now, rules, Preferences(hours_before=()))) == []


def test_rem_01_a_wish_that_is_said_later_changes_what_is_planned_already() -> None:
    house = house_with(MONDAY + timedelta(days=3), MONDAY - timedelta(days=6))
    for wish, left in (
        (Preferences(hours_before=(24,)), ["Wed 10:00"]),
        (Preferences(hours_before=()), []),
        (Preferences(start=time(14)), ["Mon 14:00", "Wed 14:00"]),
        (Preferences(), ["Mon 10:00", "Wed 10:00"]),
    ):
        with house.store.transaction("demo") as tx:
            reminders.go_by(tx, house.practice, WHO, wish, by="a1", now=house.clock.now())
        assert planned(house) == left


def test_rem_01_a_first_visit_is_told_that_a_person_can_help() -> None:
    house = house_with(MONDAY + timedelta(days=3), MONDAY - timedelta(days=6), visit_kind="first_visit")
    house.pass_time(20 * 24 * 3600)
    assert {phrase for _, phrase in told(house)} == {"sms.reminder.first"}
    assert all("A person can help you" in text.text for text in house.messenger.texts.values())


def test_rem_01_a_visit_that_is_moved_takes_its_touches_along_and_one_that_is_cancelled_has_none() -> None:
    house = house_with(MONDAY + timedelta(days=3), MONDAY - timedelta(days=6))
    with house.store.transaction("demo") as tx:
        before = tx.schedule.visit("v1")
        assert before is not None
        reminders.drop(tx, house.practice, before)
        later = replace(before.slot, start=before.slot.start + timedelta(days=7))
        moved = tx.schedule.move("v1", later, "c0", house.clock.now())
        assert moved is not None
        reminders.plan_for_all(tx, house.practice, moved, house.clock.now())
    assert planned(house) == ["Mon 10:00", "Wed 10:00"]
    house.pass_time(7 * 24 * 3600)
    assert told(house) == []
    with house.store.transaction("demo") as tx:
        tx.schedule.set_status("v1", "cancelled")
    house.pass_time(20 * 24 * 3600)
    assert messages(house) == []


@pytest.mark.parametrize("twice", [1, 2])
def test_rem_01_a_touch_whose_job_runs_again_goes_once(twice: int) -> None:
    house = house_with(MONDAY + timedelta(days=3), MONDAY - timedelta(days=6))
    with house.store.transaction("demo") as tx:
        [first, _] = [job for job in tx.jobs.pending() if job.name == reminders.JOB]
    house.pass_time((first.due - house.clock.now()).total_seconds())
    again = reminders.Reminding(house.store, {"demo": house.practice}, house.clock)
    for _ in range(twice):
        again.run("demo", first)
    house.pass_time(60)
    assert len(house.messenger.texts) == 1


def test_rem_01_a_clock_that_jumps_sends_what_is_still_of_use_once_and_says_what_came_too_late() -> None:
    start = MONDAY + timedelta(days=3)
    house = house_with(start, MONDAY - timedelta(days=6))
    house.clock.move_to(start - timedelta(hours=20))
    house.pass_time(60)
    assert sorted(each.why or each.status for each in messages(house)) == ["sent", "too_late"]
    near = house_with(start, MONDAY - timedelta(days=6))
    near.clock.move_to(start - timedelta(minutes=90))
    near.pass_time(3600)
    assert told(near) == []
    assert [(each.status, each.why) for each in messages(near)] == [("cancelled", "too_late")] * 2


def test_rule_30_each_who_comes_is_reminded_by_their_own_number_and_two_with_one_number_once() -> None:
    house = House(MONDAY - timedelta(days=6))
    with house.store.transaction("demo") as tx:
        tx.people.add(WHO)
        tx.people.add(replace(WHO, id="p2", first_name="Ignatius", phone="+12125550124"))
        tx.people.add(replace(WHO, id="p3", first_name="Odette"))
        visit = visit_of(tx, MONDAY + timedelta(days=3), "p1", "p2", "p3")
        reminders.plan_for_all(tx, house.practice, visit, house.clock.now())
    house.pass_time(20 * 24 * 3600)
    assert sorted(sent.to for sent in house.messenger.texts.values()) == [NUMBER] * 2 + ["+12125550124"] * 2


def test_a_job_of_an_earlier_version_is_still_a_reminder() -> None:
    house = House(MONDAY - timedelta(days=1))
    with house.store.transaction("demo") as tx:
        tx.people.add(WHO)
        visit = visit_of(tx, MONDAY + timedelta(days=3))
        args = (("visit", "v1"), ("start", visit.slot.start.isoformat()))
        tx.jobs.enqueue(Job("remind:v1:1", reminders.JOB, visit.slot.start - timedelta(days=1), args))
    house.pass_time(20 * 24 * 3600)
    assert [phrase for _, phrase in told(house)] == ["sms.reminder"]


@given(
    st.integers(0, 400 * 48),
    st.sampled_from([72, 48, 24, 4, 2]),
    st.sampled_from([None, "CA", "HI", "AL", "KY", "AZ", "ME"]),
)
def test_rem_01_a_touch_comes_before_its_visit_at_a_moment_that_the_gate_allows_across_clock_changes(
    half_hours: int, hours: int, state: str | None
) -> None:
    sample = load_sample()
    start = datetime(2026, 9, 1, 4, tzinfo=UTC) + timedelta(minutes=30 * half_hours)
    allowed = contact_hours(state=state, number=NUMBER, otherwise=NY)
    due = reminders.touch_at(sample, start, hours, allowed)
    if due is None:
        assert hours < 24
        return
    assert due < start and allowed.allow(due)
    if hours >= 24:
        wall = start.astimezone(sample.timezone).replace(tzinfo=None) - timedelta(hours=hours)
        came = due.astimezone(sample.timezone).replace(tzinfo=None)
        assert came == wall or not allowed.allow(wall.replace(tzinfo=sample.timezone)) or came < wall


@pytest.mark.parametrize(("language", "words"), [("es", "nos vemos"), ("fr", "see you"), (None, "see you")])
def test_lng_01_a_reminder_is_in_their_language_where_there_are_words_in_it(
    language: str | None, words: str
) -> None:
    house = House(MONDAY - timedelta(days=6))
    with house.store.transaction("demo") as tx:
        tx.people.add(replace(WHO, language=language))
        reminders.plan_for_all(
            tx, house.practice, visit_of(tx, MONDAY + timedelta(days=3)), house.clock.now()
        )
    house.pass_time(20 * 24 * 3600)
    assert house.messenger.texts and all(words in sent.text for sent in house.messenger.texts.values())


def standing(now: datetime, **changes: Any) -> House:
    """Every Thursday at ten, from the next one on."""
    house = House(now)
    with house.store.transaction("demo") as tx:
        tx.people.add(WHO)
        first = Slot(
            MONDAY + timedelta(days=3), 50, "mei_tan", Modality.IN_PERSON, "follow_up", "harbor_lane"
        )
        series = replace(Series("s1", first, 1, ("p1",), house.practice.timezone_name), **changes)
        tx.schedule.add_series(series)
        reminders.plan_series(tx, house.practice, series, now)
    return house


def test_rule_23_every_visit_of_a_series_is_reminded_of_until_it_ends_and_on_both_sides_of_a_clock_change() -> (
    None
):
    last = date(2027, 3, 25)
    house = standing(MONDAY - timedelta(days=6), until=last)
    house.pass_time(20 * 7 * 24 * 3600)
    weeks = (last - (MONDAY + timedelta(days=3)).date()).days // 7 + 1
    assert told(house) == [("Mon 10:00", "sms.reminder"), ("Wed 10:00", "sms.reminder")] * weeks
    with house.store.transaction("demo") as tx:
        assert [job for job in tx.jobs.pending() if job.name == reminders.JOB] == []


def test_rule_23_a_visit_of_a_series_that_does_not_take_place_is_not_reminded_of() -> None:
    house = standing(MONDAY - timedelta(days=6), until=date(2026, 12, 24))
    with house.store.transaction("demo") as tx:
        series = tx.schedule.series("s1")
        assert series is not None
        tx.schedule.change_series(replace(series, skipped=(date(2026, 12, 17),)))
    house.pass_time(30 * 24 * 3600)
    days = sorted({each.visit for each in messages(house) if each.status == "sent"} - {None})
    assert days == ["s1@2026-12-10", "s1@2026-12-24"]


def test_rule_23_a_wish_counts_for_the_visits_of_a_series_as_well() -> None:
    house = standing(MONDAY - timedelta(days=6), until=date(2026, 12, 31))
    with house.store.transaction("demo") as tx:
        wish = Preferences(hours_before=(24,))
        reminders.go_by(tx, house.practice, WHO, wish, by="a1", now=house.clock.now())
    house.pass_time(40 * 24 * 3600)
    assert {when for when, _ in told(house)} == {"Wed 10:00"} and len(told(house)) == 4

"""Every figure is what a plain count of the log comes to, and no small count shows through what it is broken into."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.conversation.actions import Done
from lamplighter.conversation.events import Committed, Ended
from lamplighter.conversation.slots import Slot, VisitView
from lamplighter.desk import numbers, tallying
from lamplighter.desk.ports import Tally
from lamplighter.desk.veiling import veiled
from lamplighter.practice.model import Modality
from lamplighter.practice.sample import load_sample
from lamplighter.records.memory import MemoryRecords
from tests.channels.web.stage import Stage
from tests.desk.numbers_log import OPEN_AT, Story, as_events, first_kind, logged
from tests.records.stores import TestClock

PRACTICE = load_sample()
KIND = first_kind(PRACTICE)
SECONDS = st.integers(0, 5000)
STORIES = st.builds(
    Story,
    channel=st.sampled_from(["voice", "sms", "chat"]),
    language=st.sampled_from(["en", "es"]),
    office_open=st.booleans(),
    answered=st.none() | SECONDS,
    heard=st.integers(0, 20),
    asked=st.sampled_from([None, None, "crisis", "clinical", "human"]),
    there=st.none() | SECONDS,
    ends=st.sampled_from(["goodbye", "hung_up", "booked", "office", "never"]),
    after=SECONDS,
    days_ahead=st.integers(0, 40),
)


@given(st.lists(STORIES, max_size=12))
def test_every_figure_is_what_a_plain_count_of_the_log_comes_to(stories: list[Story]) -> None:
    found = [tallying.counted(as_events(each, PRACTICE), PRACTICE) for each in stories]
    over = [each for each in stories if each.ends != "never"]
    left = [each for each in over if each.ends == "hung_up" and not each.asked]
    alone = [each for each in over if each.ends in ("goodbye", "booked") and not each.asked]
    asked = [each for each in stories if each.asked]
    closed = [each for each in stories if not each.office_open]
    booked = [each for each in stories if each.ends in ("booked", "office")]
    answered = [each for each in stories if each.answered is not None]
    assert {each.which: (each.count, each.of) for each in (of(found) for of in numbers.OF_CONTACTS)} == {
        "contacts": (len(stories), None),
        "answered": (len(answered), len(stories)),
        "after_hours": (sum(each.answered is not None for each in closed), len(closed)),
        "time_to_answer": (len(answered), None),
        "abandoned": (len(left), len(over)),
        "finished": (len(alone), len(over)),
        "handed_over": (len(asked), len(stories)),
        "person_there": (sum(each.there is not None for each in asked), len(asked)),
        "first_visits": (len(booked), None),
        "days_to_first": (len(booked), None),
        "hours_saved": (len(alone), None),
    }


@given(st.lists(STORIES, min_size=1, max_size=12))
def test_times_are_those_of_the_log_and_hours_saved_those_of_what_was_finished(stories: list[Story]) -> None:
    found = [tallying.counted(as_events(each, PRACTICE), PRACTICE) for each in stories]
    there = sorted(each.there for each in stories if each.asked and each.there is not None)
    number = numbers.person_there(found)
    if not there:
        assert (number.middle, number.most) == (None, None)
    else:
        assert number.middle is not None and number.most is not None
        assert there[0] <= number.middle <= number.most <= there[-1]
        assert sum(each <= number.middle for each in there) * 2 >= len(there)
    alone = [each for each in stories if each.ends in ("goodbye", "booked") and not each.asked]
    minutes = sum(
        min(max(each.after, each.answered or 0) / 60, 30) if each.channel == "voice" else min(each.heard, 15)
        for each in alone
    )
    saved = numbers.hours_saved(found).middle
    assert saved is None if not alone else saved == pytest.approx(minutes / 60)


@given(STORIES)
def test_what_is_kept_of_a_contact_is_read_back_as_it_was_counted(story: Story) -> None:
    found = tallying.counted(as_events(story, PRACTICE), PRACTICE)
    kept = Tally("c", 9, found.opened, tallying.VERSION, tallying.written(found))
    assert tallying.read([kept]) == [found]


@given(st.lists(st.integers(0, 40), max_size=10))
def test_no_count_under_five_is_shown_and_none_can_be_told_from_the_sum(counts: list[int]) -> None:
    shown = veiled(counts)
    hidden = [count for count, seen in zip(counts, shown, strict=True) if seen is None]
    assert all(seen in (None, count) for count, seen in zip(counts, shown, strict=True))
    assert not any(seen is not None and 0 < seen < 5 for seen in shown)
    if hidden and any(seen is not None for seen in shown):
        assert len(hidden) > 1
        assert sum(hidden) >= 5
    if not any(0 < count < 5 for count in counts):
        assert not hidden


def test_no_shows_leave_out_what_did_not_stand_and_stand_beside_the_days_before() -> None:
    now = OPEN_AT
    visits = [
        (now, status) for status in ("booked", "missed", "cancelled", "held_for_office", "done", "confirmed")
    ]
    number = numbers.no_shows(visits, [(now, "missed"), (now, "done")])
    assert (number.count, number.of, number.before) == (1, 4, 50)
    assert numbers.no_shows(visits, []).before is None


def test_a_contact_is_counted_anew_when_it_goes_on_and_stays_counted_when_it_is_forgotten() -> None:
    records = MemoryRecords(TestClock())
    with records.transaction(PRACTICE.id) as tx:
        logged(tx, "c1", Story(ends="never"), PRACTICE)
    assert tallying.catch_up(records, PRACTICE, 100) == 1
    assert tallying.catch_up(records, PRACTICE, 100) == 0
    with records.transaction(PRACTICE.id) as tx:
        at, seq = OPEN_AT + timedelta(hours=1), len(tx.log.read("c1"))
        tx.log.append("c1", [Ended("goodbye")], expected=seq, at=at, protocol_hash="0" * 64)
        assert not over(tx, at)
    assert tallying.catch_up(records, PRACTICE, 100) == 1
    with records.transaction(PRACTICE.id) as tx:
        assert over(tx, at)


def test_a_contact_that_cannot_be_read_keeps_no_other_from_being_counted() -> None:
    records = MemoryRecords(TestClock())
    with records.transaction(PRACTICE.id) as tx:
        for name in ("broken", "whole"):
            logged(tx, name, Story(ends="never"), PRACTICE)
        at, seq = OPEN_AT + timedelta(hours=1), len(tx.log.read("broken"))
        slot = Slot(at.replace(tzinfo=None), 45, PRACTICE.clinicians[0].id, Modality.IN_PERSON, KIND, None)
        booked = Committed("k", "book", Done(VisitView("v", slot, "booked")))
        tx.log.append("broken", [booked], expected=seq, at=at, protocol_hash="0" * 64)
    assert tallying.catch_up(records, PRACTICE, 100) == 2
    assert tallying.catch_up(records, PRACTICE, 100) == 0
    with records.transaction(PRACTICE.id) as tx:
        found = tx.tallies.between(OPEN_AT, OPEN_AT + timedelta(days=1))
    assert (len(found), len(tallying.read(found))) == (2, 1)


def over(tx: object, at: datetime) -> bool:
    (tally,) = tx.tallies.between(OPEN_AT, at)  # type: ignore[attr-defined]
    return tallying.read([tally])[0].ended


def test_whatever_has_ended_in_an_hour_is_counted_by_one_job_soon_after_it() -> None:
    stage = Stage()
    for _ in range(2):
        chat = stage.contacts.open(
            stage.practice.id, channel="chat", dialled=stage.practice.phone, address=None
        )
        stage.contacts.hear(stage.practice.id, chat.contact, "what are your hours?")
        stage.contacts.hang_up(stage.practice.id, chat.contact)
    with stage.records.transaction(stage.practice.id) as tx:
        (job,) = (each for each in tx.jobs.pending() if each.name == tallying.JOB)
    assert timedelta(0) < job.due - stage.clock.now() < timedelta(minutes=66)
    tallying.Tallying(stage.records, {stage.practice.id: stage.practice}).run(stage.practice.id, job)
    with stage.records.transaction(stage.practice.id) as tx:
        found = tallying.read(tx.tallies.between(OPEN_AT, OPEN_AT + timedelta(days=1)))
    assert [(each.came_to, each.answered is not None, each.routes) for each in found] == [
        ("answered", True, ())
    ] * 2

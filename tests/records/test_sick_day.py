"""Rule 28 on every store: a day is called off whole and once, with a visit of a series; what is undone is not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from lamplighter.conversation.slots import Slot
from lamplighter.desk import (
    sick_day,
    sick_day_asks,
    sick_day_choices,
    sick_day_tally,
    sick_day_told,
    sick_day_work,
)
from lamplighter.desk.ports import Job, Person, Series
from lamplighter.desk.sick_day import CalledOff, Spell
from lamplighter.practice.model import Modality
from lamplighter.practice.sample import load_sample
from tests.records.stores import Store, TestClock

NINE = datetime(2026, 12, 9, 9, tzinfo=ZoneInfo("America/New_York"))
DAY = Spell("mei_tan", NINE - timedelta(hours=9), NINE + timedelta(hours=15))


@pytest.fixture(autouse=True)
def its_own_time(clock: TestClock) -> Iterator[None]:
    """The clock is one for all tests of stores."""
    before = clock.at
    yield
    clock.at = before


def a_day(store: Store) -> Job:
    """Called off just now: a visit at eleven and one of a weekly series at two."""
    store.clock.at = NINE - timedelta(minutes=105)
    with store.transaction() as tx:
        for place in range(2):
            number = f"+1212555018{place}"
            tx.people.add(
                Person(f"p{place}", "Araminta", "Hollyhock", date(1990, 1, 1), number, contact_channel="sms")
            )
        assert tx.schedule.book(
            "v1", _slot(NINE + timedelta(hours=2)), ["p0"], "c0", store.clock.now(), "booked"
        )
        weekly = _slot(NINE + timedelta(hours=5) - timedelta(days=14))
        tx.schedule.add_series(Series("s1", weekly, 1, ("p1",), "America/New_York"))
        called_off = sick_day.call_off(tx, DAY, by="rosa", now=store.clock.now())
    return Job("j", sick_day.JOB, called_off.begins, (("called_off", called_off.id),))


def _slot(start: datetime) -> Slot:
    return Slot(start, 45, "mei_tan", Modality.IN_PERSON, "follow_up", "harbor_lane")


def work(store: Store) -> sick_day_work.CallingVisitsOff:
    practice = replace(load_sample(), id=store.practice)
    return sick_day_work.CallingVisitsOff(store.records, {store.practice: practice}, store.clock)


def stands(store: Store, job: Job) -> CalledOff | None:
    with store.transaction() as tx:
        return sick_day.of(tx, dict(job.args)["called_off"])


def test_rule_28_a_day_is_called_off_once_however_often_the_job_runs(store: Store) -> None:
    job = a_day(store)
    store.clock.at = job.due
    for _ in range(3):
        work(store).run(store.practice, job)
    called_off = stands(store, job)
    assert called_off is not None and called_off.done
    with store.transaction() as tx:
        tally = sick_day_tally.tally(tx, called_off, store.clock.now())
        assert [(line.told.person, line.how) for line in tally.lines] == [("p0", "waits"), ("p1", "waits")]
        assert tx.schedule.visits_between(DAY.start, DAY.end) == ()
        assert len(tx.outbox.recent(10)) == 2
        assert [each.kind for each in tx.schedule.busy(["mei_tan"], DAY.start, DAY.end, job.due)] == [
            "absence"
        ]
        [next_week] = tx.schedule.visits_between(DAY.start + timedelta(days=7), DAY.end + timedelta(days=7))
        assert next_week.series == "s1"


def test_rule_28_a_visit_that_was_called_off_can_be_moved_to_another_day(store: Store) -> None:
    job = a_day(store)
    store.clock.at = job.due
    work(store).run(store.practice, job)
    with store.transaction() as tx:
        own = [each.visit for each in sick_day_told.told(tx, dict(job.args)["called_off"])]
        for place, visit in enumerate(own):
            moved = tx.schedule.move(visit, _slot(NINE + timedelta(days=1, hours=place)), "c1", job.due)
            assert moved is not None and moved.status == "booked"


def test_rule_28_what_was_undone_in_time_stays_as_it_was(store: Store) -> None:
    job = a_day(store)
    with store.transaction() as tx:
        name = dict(job.args)["called_off"]
        assert sick_day.undo(tx, name, by="other", now=store.clock.now() + timedelta(seconds=119))
        assert not sick_day.undo(tx, name, by="rosa", now=store.clock.now() + timedelta(seconds=119))
    store.clock.at = job.due
    work(store).run(store.practice, job)
    with store.transaction() as tx:
        assert len(tx.schedule.visits_between(DAY.start, DAY.end)) == 2
        assert tx.outbox.recent(10) == ()


def test_rule_28_who_has_not_answered_an_hour_before_is_called_and_nothing_stays_held(store: Store) -> None:
    store.clock.at = NINE - timedelta(minutes=105)
    practice = replace(load_sample(), id=store.practice)
    with store.transaction() as tx:
        for place in range(2):
            who = Person(
                f"p{place}", "Araminta", "Hollyhock", None, f"+1212555018{place}", contact_channel="sms"
            )
            tx.people.add(who)
            slot = _slot(NINE + timedelta(hours=3 + place))
            assert tx.schedule.book(f"v{place}", slot, [who.id], "c0", store.clock.now(), "booked")
        found = sick_day_choices.choosing(tx, practice, DAY, store.clock.now())
        choices, colleagues = sick_day_choices.chosen(found, {"v0": "cover", "v1": "video"})
        called_off = sick_day.call_off(
            tx, DAY, by="rosa", now=store.clock.now(), choices=choices, colleagues=colleagues
        )
    job = Job("j", sick_day.JOB, called_off.begins, (("called_off", called_off.id),))
    store.clock.at = job.due
    for _ in range(2):
        work(store).run(store.practice, job)
    assert kept_busy(store) == ["absence", "absence", "hold", "hold"]
    store.clock.at = NINE + timedelta(hours=3)
    for _ in range(2):
        work(store).look(store.practice, job)
    with store.transaction() as tx:
        ends = [
            ask.end
            for ask in filter(None, map(partial(sick_day_asks.of, tx), sick_day_told.told(tx, called_off.id)))
        ]
        calls = [task.person for task in tx.tasks.list_open() if task.kind == "called_off"]
    assert (ends, calls) == (["lapsed", "lapsed"], ["p0", "p1"])
    assert kept_busy(store) == ["absence"] * 3


def kept_busy(store: Store) -> list[str]:
    with store.transaction() as tx:
        both = tx.schedule.busy(["mei_tan", "amara_osei"], DAY.start, DAY.end, store.clock.now())
    return sorted(each.kind for each in both)

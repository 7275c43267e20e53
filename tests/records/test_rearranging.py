"""A visit that somebody here moves, on every store: of many who move it at once one does, and what follows is once."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lamplighter.conversation.slots import Slot
from lamplighter.desk import rearranging, rearranging_kept, rearranging_undo, rearranging_work
from lamplighter.desk.ports import Job, Person, Waiting
from lamplighter.desk.rearranging import NotDone, Wanted
from lamplighter.desk.rearranging_kept import Change
from lamplighter.practice.model import Modality, Practice
from lamplighter.practice.sample import load_sample
from tests.records.stores import Store, TestClock

TEN = datetime(2026, 12, 10, 10, tzinfo=ZoneInfo("America/New_York"))
AT_ONCE = 8


@pytest.fixture(autouse=True)
def its_own_time(clock: TestClock) -> Iterator[None]:
    """The clock is one for all tests of stores."""
    before = clock.at
    clock.at = TEN - timedelta(days=2)
    yield
    clock.at = before


def practice_of(store: Store) -> Practice:
    return replace(load_sample(), id=store.practice)


def slot(start: datetime, clinician: str = "mei_tan") -> Slot:
    return Slot(start, 45, clinician, Modality.IN_PERSON, "follow_up", "harbor_lane")


def two_visits(store: Store) -> None:
    """At ten and at eleven."""
    with store.transaction() as tx:
        for place in range(2):
            number = f"+1212555018{place}"
            tx.people.add(
                Person(f"p{place}", "Araminta", "Hollyhock", date(1990, 1, 1), number, contact_channel="sms")
            )
            at = slot(TEN + timedelta(hours=place))
            assert tx.schedule.book(f"v{place}", at, [f"p{place}"], "c0", store.clock.now(), "booked")
        tx.waitlist.join(Waiting("w1", "p1", "", "follow_up", store.clock.now(), "mei_tan"))


def change(store: Store, visit: str, seen: datetime, to: datetime | None, by: str) -> Change | NotDone:
    at = slot(to) if to is not None else None
    wanted = Wanted(visit, seen, "mei_tan", "practice", at)
    with store.transaction() as tx:
        return rearranging.change(tx, practice_of(store), wanted, by=by, now=store.clock.now())


def all_at_once(store: Store, moves: list[tuple[str, datetime, datetime | None]]) -> list[Change | NotDone]:
    found: list[Change | NotDone] = []
    barrier = threading.Barrier(len(moves))

    def work(number: int) -> None:
        visit, seen, to = moves[number]
        barrier.wait()
        found.append(change(store, visit, seen, to, f"staff {number}"))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(moves))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_of_many_who_move_one_visit_at_once_one_does_and_the_others_hear_that_it_has_changed(
    store: Store,
) -> None:
    two_visits(store)
    moves: list[tuple[str, datetime, datetime | None]] = [
        ("v0", TEN, TEN + timedelta(hours=2, minutes=30 * n) if n else None) for n in range(AT_ONCE)
    ]
    found = all_at_once(store, moves)
    assert [each for each in found if each != NotDone("changed")] == [
        each for each in found if isinstance(each, Change)
    ]
    assert sum(isinstance(each, Change) for each in found) == 1
    with store.transaction() as tx:
        assert len(tx.outbox.recent(20)) == 1


def test_of_two_visits_that_are_moved_to_one_time_at_once_one_gets_it_and_the_other_hears_of_others(
    store: Store,
) -> None:
    two_visits(store)
    three = TEN + timedelta(hours=5)
    found = all_at_once(store, [("v0", TEN, three), ("v1", TEN + timedelta(hours=1), three)])
    [refused] = [each for each in found if isinstance(each, NotDone)]
    assert refused.why == "taken" and refused.others
    with store.transaction() as tx:
        day = tx.schedule.visits_between(TEN, TEN + timedelta(hours=8))
    assert sum(each.slot.start == three for each in day) == 1


def test_what_follows_is_done_once_however_often_its_job_runs_and_never_of_what_was_taken_back(
    store: Store,
) -> None:
    two_visits(store)
    practice = practice_of(store)
    work = rearranging_work.ChangesThatStand(store.records, {practice.id: practice}, store.clock)
    for taken_back in (True, False):
        done = change(store, "v0", TEN, TEN + timedelta(hours=3), "Kit")
        assert isinstance(done, Change)
        if taken_back:
            with store.transaction() as tx:
                assert rearranging_undo.undo(tx, practice, done.id, by="Kit", now=store.clock.now())
                assert rearranging_kept.of(tx, done.id) is None
                assert [each.status for each in tx.outbox.recent(5)] == ["cancelled"]
        job = Job("j", rearranging_kept.JOB, done.begins, (("change", done.id),))
        work.run(practice.id, job)
        store.clock.at = done.begins
        for _ in range(3):
            work.run(practice.id, job)
        with store.transaction() as tx:
            assert len(tx.facts.standing("opening")) == (0 if taken_back else 1)
            assert tx.schedule.held(done.id) is None
            visit = tx.schedule.visit("v0")
        assert visit is not None
        assert visit.slot.start == (TEN if taken_back else TEN + timedelta(hours=3))

"""Two hundred want one slot: one gets it."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from lamplighter.desk.ports import LogConflict
from lamplighter.records.sql.tables import visits
from tests.records.contract.examples import a_slot, begin, say
from tests.records.stores import START, Store

CALLERS = 200
AT_ONCE = 20


def all_at_once(work: Callable[[int], bool]) -> list[bool]:
    """Runs `work(number)` for every caller from many threads that start together."""
    results, barrier = [False] * CALLERS, threading.Barrier(AT_ONCE)

    def some(first: int) -> None:
        barrier.wait()
        for number in range(first, CALLERS, AT_ONCE):
            results[number] = work(number)

    threads = [threading.Thread(target=some, args=(first,)) for first in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_two_hundred_bookings_of_one_slot_exactly_one_succeeds(store: Store) -> None:
    def book(number: int) -> bool:
        with store.transaction() as transaction:
            return (
                transaction.schedule.book(
                    f"v{number}", a_slot(), [f"p{number}"], f"c{number}", START, "booked"
                )
                is not None
            )

    assert all_at_once(book).count(True) == 1
    with store.transaction() as transaction:
        assert len(transaction.schedule.visits_between(START, START + timedelta(days=2))) == 1


def test_of_two_hundred_holds_of_overlapping_slots_exactly_one_succeeds(store: Store) -> None:
    def hold(number: int) -> bool:
        slot = a_slot(START + timedelta(days=1, minutes=number % 40))
        with store.transaction() as transaction:
            return transaction.schedule.hold(slot, f"c{number}", START + timedelta(minutes=2), START)

    assert all_at_once(hold).count(True) == 1


def test_of_two_hundred_appends_after_one_event_exactly_one_succeeds(store: Store) -> None:
    begin(store)

    def append(number: int) -> bool:
        try:
            say(store, str(number), expected=1)
        except LogConflict:
            return False
        return True

    assert all_at_once(append).count(True) == 1


def test_what_comes_in_two_hundred_times_is_claimed_once(store: Store) -> None:
    def claim(number: int) -> bool:
        with store.transaction() as transaction:
            return transaction.log.claim("carrier-1")

    assert all_at_once(claim).count(True) == 1


def test_two_hundred_workers_after_one_contact_leave_it_to_one(store: Store) -> None:
    def lease(number: int) -> bool:
        with store.transaction() as transaction:
            return transaction.log.lease("c1", f"worker {number}", START, 10) is not None

    assert all_at_once(lease).count(True) == 1


@pytest.mark.postgres
def test_postgres_itself_refuses_a_second_visit_at_one_time(postgres_records: object, clock: object) -> None:
    store = Store(postgres_records, "exclusion", clock)  # type: ignore[arg-type]
    with store.transaction() as transaction:
        transaction.schedule.book("v1", a_slot(), ["p1"], "c1", START, "booked")
    row = {
        "practice": "exclusion", "id": "v2", "clinician": "osei", "starts": a_slot().start, "ends": a_slot().end,
        "minutes": 50, "modality": "in_person", "visit_kind": "x", "status": "booked",
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="one_visit_at_a_time"), store.transaction() as transaction:
        transaction.scope.connection.execute(insert(visits).values(row))  # type: ignore[union-attr]

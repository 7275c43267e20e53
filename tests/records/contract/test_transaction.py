"""A transaction: all of it or nothing, one at a time, for one practice."""

import threading
from datetime import timedelta

import pytest

from lamplighter.conversation.events import Heard
from lamplighter.desk.ports import Job, Transaction
from lamplighter.records.errors import AlreadyInTransaction
from tests.records.contract.examples import PHONE, a_message, a_person, a_series, a_slot, a_task, begin, undo
from tests.records.stores import START, Store

SOON = START + timedelta(minutes=2)


def test_a_transaction_that_fails_leaves_nothing_of_any_part(store: Store) -> None:
    begin(store, "before")
    with store.transaction() as transaction:
        before = transaction.ledger.entries()

    def write_everywhere(transaction: Transaction) -> None:
        transaction.log.append("before", [Heard("x")], expected=1, at=START, protocol_hash="x")
        transaction.people.add(a_person())
        transaction.schedule.hold(a_slot(), "before", SOON, START)
        transaction.schedule.book("v1", a_slot(), ["p1"], "before", START, "booked")
        transaction.schedule.add_series(a_series())
        transaction.tasks.add(a_task())
        transaction.outbox.add(a_message())
        transaction.jobs.enqueue(Job("j1", "remind", START))

    undo(store, write_everywhere)
    with store.transaction() as transaction:
        assert len(transaction.log.read("before")) == 1
        assert transaction.people.get("p1") is None
        assert transaction.schedule.visit("v1") is None
        assert transaction.schedule.series("s1") is None
        assert transaction.tasks.get("t1") is None
        assert transaction.outbox.get("m1") is None
        assert transaction.jobs.pending() == ()
        assert transaction.ledger.entries() == before


def test_a_transaction_that_fails_restores_what_it_removed(store: Store) -> None:
    begin(store, "c1", PHONE, Heard("words"))
    with store.transaction() as transaction:
        transaction.people.add(a_person())
        transaction.people.link_contact("c1", "p1")
        transaction.schedule.hold(a_slot(), "c1", SOON, START)
        transaction.jobs.enqueue(Job("j1", "remind", START))

    def remove(transaction: Transaction) -> None:
        transaction.schedule.release("c1")
        transaction.jobs.cancel("j1")
        transaction.people.forget("p1")

    undo(store, remove)
    with store.transaction() as transaction:
        assert transaction.log.read("c1")[1].body == Heard("words")
        assert transaction.people.find("Maya", "Okafor", a_person().date_of_birth or START.date()) == (
            a_person(),
        )
        assert transaction.schedule.held("c1") is not None
        assert [job.key for job in transaction.jobs.pending()] == ["j1"]


def test_a_second_transaction_inside_the_first_is_refused_at_once(store: Store) -> None:
    with store.transaction(), pytest.raises(AlreadyInTransaction), store.transaction():
        pass
    with store.transaction() as transaction:
        assert transaction.practice == store.practice


def test_writers_of_one_practice_take_turns(store: Store) -> None:
    begin(store)

    def count_up() -> None:
        for _ in range(5):
            with store.transaction() as transaction:
                stands = len(transaction.log.read("c1"))
                transaction.log.append("c1", [Heard("x")], expected=stands, at=START, protocol_hash="x")

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.transaction() as transaction:
        assert len(transaction.log.read("c1")) == 21


def test_a_practice_sees_nothing_of_another(store: Store) -> None:
    begin(store, "c1", PHONE, Heard("words"))
    with store.transaction() as transaction:
        transaction.people.add(a_person())
        transaction.schedule.book("v1", a_slot(), ["p1"], "c1", START, "booked")
        transaction.schedule.add_series(a_series())
        transaction.tasks.add(a_task())
        transaction.outbox.add(a_message())
        transaction.jobs.enqueue(Job("j1", "remind", START))
        transaction.log.claim("carrier-1")
    with store.transaction(practice=f"{store.practice}-other") as other:
        assert other.log.read("c1") == ()
        assert other.log.contacts() == ()
        assert other.log.open_contact("sms", PHONE) is None
        assert other.log.claim("carrier-1")
        assert other.people.get("p1") is None
        assert other.people.by_phone(PHONE) == ()
        assert other.schedule.visit("v1") is None
        assert other.schedule.busy(["osei"], START, START + timedelta(days=9), START) == ()
        assert other.tasks.list_open() == ()
        assert other.outbox.recent() == ()
        assert other.jobs.pending() == ()
        assert other.ledger.entries() == ()
        assert other.schedule.book("v1", a_slot(), ["p1"], "c1", START, "booked") is not None

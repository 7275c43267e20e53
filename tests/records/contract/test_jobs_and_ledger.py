"""Jobs in a transaction, and the ledger that every touch leaves a line in."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from lamplighter.conversation.events import FloorTaken, Heard
from lamplighter.desk.ports import Consent, Job, Sought, Waiting
from tests.records.contract.examples import (
    PHONE,
    Undone,
    a_message,
    a_person,
    a_series,
    a_slot,
    a_task,
    begin,
)
from tests.records.stores import START, Store


def test_jobs_wait_in_the_order_in_which_they_are_due(store: Store) -> None:
    late = Job("late", "remind", START + timedelta(days=3), (("visit", "v1"), ("lead", "1d")))
    first, second = Job("a", "remind", START), Job("b", "climb", START)
    with store.transaction() as transaction:
        for job in (late, first, second):
            transaction.jobs.enqueue(job)
    with store.transaction() as transaction:
        assert transaction.jobs.pending() == (first, second, late)


def test_a_job_is_enqueued_once_by_its_key(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.jobs.enqueue(Job("a", "remind", START))
        transaction.jobs.enqueue(Job("a", "remind", START + timedelta(days=1)))
        assert transaction.jobs.pending() == (Job("a", "remind", START),)


def test_a_job_that_has_run_is_not_enqueued_again(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.jobs.enqueue(Job("a", "remind", START))
        transaction.finish_job("a")
        transaction.jobs.enqueue(Job("a", "remind", START))
        assert transaction.jobs.pending() == ()


def test_a_cancelled_job_waits_no_longer_and_may_be_enqueued_anew(store: Store) -> None:
    again = Job("a", "remind", START + timedelta(days=2))
    with store.transaction() as transaction:
        transaction.jobs.enqueue(Job("a", "remind", START))
        transaction.jobs.cancel("a")
        transaction.jobs.cancel("never there")
        assert transaction.jobs.pending() == ()
        transaction.jobs.enqueue(again)
        assert transaction.jobs.pending() == (again,)


def test_every_write_leaves_a_line_that_says_who_what_and_about_whom(store: Store) -> None:
    begin(store, "c1", PHONE, Heard("hi"), FloorTaken("Rosa"))
    with store.transaction() as transaction:
        transaction.people.add(a_person())
        transaction.people.update(a_person(first_name="Mia"))
        transaction.people.link_contact("c1", "p1")
        transaction.schedule.hold(a_slot(), "c1", START + timedelta(minutes=2), START)
        transaction.schedule.book("v1", a_slot(), ["p1"], "c1", START, "booked")
        transaction.schedule.set_status("v1", "confirmed")
        transaction.schedule.add_series(a_series())
        transaction.schedule.add_absence("a1", "osei", START, START)
        transaction.tasks.add(a_task())
        transaction.tasks.close("t1", "Rosa")
        transaction.consents.record(Consent("k1", "p1", "reminders", "sms", True, START, "w"))
        transaction.waitlist.join(Waiting("w1", "p1", "{}", "follow_up", START))
        transaction.outbox.add(a_message())
        transaction.outbox.advance("m1", "sending")
        transaction.jobs.enqueue(Job("j1", "remind", START))
        transaction.jobs.cancel("j1")
        transaction.log.forget_words("c1")
        transaction.people.forget("p1")
    with store.transaction() as transaction:
        lines = [(entry.who, entry.what, entry.about) for entry in transaction.ledger.entries()]
    assert lines == [
        ("agent", "opened", "contact/c1#1"),
        ("agent", "heard", "contact/c1#2"),
        ("Rosa", "floor_taken", "contact/c1#3"),
        ("agent", "person_added", "person/p1"),
        ("agent", "person_changed", "person/p1"),
        ("agent", "contact_linked", "person/p1#c1"),
        ("agent", "held", "contact/c1"),
        ("agent", "visit_booked", "visit/v1"),
        ("agent", "visit_confirmed", "visit/v1"),
        ("agent", "series_added", "series/s1"),
        ("agent", "absence_added", "absence/a1"),
        ("agent", "task_added", "task/t1"),
        ("Rosa", "task_done", "task/t1"),
        ("agent", "consent_recorded", "consent/k1"),
        ("agent", "waitlist_joined", "waiting/w1"),
        ("agent", "message_stored", "message/m1"),
        ("agent", "message_sending", "message/m1"),
        ("agent", "job_enqueued", "job/j1"),
        ("agent", "job_cancelled", "job/j1"),
        ("agent", "words_forgotten", "contact/c1"),
        ("agent", "person_forgotten", "person/p1"),
    ]


def test_whoever_opened_the_transaction_stands_in_the_ledger(store: Store) -> None:
    with store.transaction(who="Ben") as transaction:
        transaction.tasks.add(a_task())
        assert transaction.ledger.entries()[-1].who == "Ben"


def test_reading_a_person_leaves_one_line_a_transaction(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.people.add(a_person())
    with store.transaction(who="Ben") as transaction:
        transaction.people.get("p1")
        transaction.people.by_phone(PHONE)
        lines = [(entry.who, entry.what, entry.about) for entry in transaction.ledger.entries(after=1)]
    assert lines == [("Ben", "read", "person/p1")]


def test_a_member_of_staff_who_reads_a_contact_leaves_a_line_and_the_agent_does_not(store: Store) -> None:
    begin(store)
    with store.transaction() as transaction:
        transaction.log.read("c1")
        assert len(transaction.ledger.entries()) == 1
    with store.transaction(who="Ben") as transaction:
        transaction.log.read("c1")
        assert transaction.ledger.entries(after=1)[0].about == "contact/c1"


def test_whoever_looks_again_and_again_leaves_one_line_for_all_the_times(store: Store) -> None:
    begin(store)
    with store.transaction() as transaction:
        transaction.people.add(a_person())
        before = transaction.ledger.entries()[-1].seq
    seen: set[str] = set()
    for _ in range(3):
        with store.records.transaction(store.practice, "console", seen) as transaction:
            transaction.people.get("p1")
            transaction.log.read("c1")
    with store.transaction() as transaction:
        lines = [(entry.who, entry.what, entry.about) for entry in transaction.ledger.entries(before)]
    assert lines == [("console", "read", "person/p1"), ("console", "read", "contact/c1")]


def test_what_was_read_in_a_transaction_that_failed_counts_as_unseen(store: Store) -> None:
    begin(store)
    seen: set[str] = set()
    with suppress(Undone), store.records.transaction(store.practice, "console", seen) as transaction:
        transaction.log.read("c1")
        raise Undone
    assert seen == set()


def test_a_line_takes_any_text_that_somebody_may_have_typed(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.ledger.note(at=START, who="Ro\0sa\ud83d", what="looked", about="thing/1", why="שלום 🙂")
        entry = transaction.ledger.entries()[0]
    assert (entry.who, entry.why) == ("Ro\ufffdsa?", "שלום 🙂")


def test_the_ledger_is_read_in_pages_and_every_line_follows_the_one_before(store: Store) -> None:
    with store.transaction() as transaction:
        for number in range(7):
            transaction.ledger.note(at=START, who="Rosa", what="looked", about=f"thing/{number}", why="asked")
    with store.transaction() as transaction:
        page = transaction.ledger.entries(after=2, limit=3)
        every = transaction.ledger.entries()
        assert transaction.ledger.length() == 7
    assert [(entry.seq, entry.about) for entry in page] == [(3, "thing/2"), (4, "thing/3"), (5, "thing/4")]
    assert len({entry.hash for entry in every}) == 7
    assert every[2:5] == page
    assert every[0].why == "asked"


def test_entries_are_looked_for_by_who_what_about_and_when_the_newest_first(store: Store) -> None:
    lines = [
        ("rosa", "opened", "person/p1"),
        ("rosa", "read", "person/p1#c1"),
        ("ana", "opened", "person/p10"),
    ]
    for hours, (who, what, about) in enumerate(lines):
        with store.transaction() as tx:
            tx.ledger.note(at=START + timedelta(hours=hours), who=who, what=what, about=about)
    with store.transaction() as tx:

        def found(before: int | None = None, limit: int = 9, **sought: Any) -> list[int]:
            return [each.seq for each in tx.ledger.search(Sought(**sought), before, limit)]

        assert found() == [3, 2, 1]
        assert found(before=3) == [2, 1]
        assert found(limit=1) == [3]
        assert found(who=("rosa",)) == [2, 1]
        assert found(what="opened") == [3, 1]
        assert found(about="person/p1") == [2, 1]
        assert found(about="person/") == [3, 2, 1]
        assert found(since=START + timedelta(hours=1)) == [3, 2]
        assert found(until=START + timedelta(hours=1)) == [1]
        assert found(since=START + timedelta(hours=9)) == []

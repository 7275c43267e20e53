"""REM-03 on every store: a time that came free is offered, held and booked in whole transactions, once."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lamplighter.conversation.actions import Cancel, Done, Refused
from lamplighter.conversation.asked import LeaveOpening, TakeOpening
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.state import State
from lamplighter.conversation.wish import Wish
from lamplighter.desk import booking, offering_answers, waitlist_openings
from lamplighter.desk.context import Errand
from lamplighter.desk.offering import JOB, Offering
from lamplighter.desk.ports import Consent, Job, Person, Waiting
from lamplighter.practice.model import Modality
from lamplighter.practice.sample import load_sample
from lamplighter.rehearsal.clock import SimulatedClock
from tests.records.stores import Store

NOON = datetime(2026, 12, 1, 17, tzinfo=UTC)
AT = datetime(2026, 12, 9, 19, tzinfo=UTC)
SLOT = Slot(AT, 45, "mei_tan", Modality.IN_PERSON, "follow_up", "harbor_lane")
BOOK = Phrasebook.load()


class Desk:
    """A practice over a store, where `v1` is booked and three people wait."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock = store, SimulatedClock(NOON)
        self.practice = replace(load_sample(), id=store.practice)
        self.offering = Offering(
            store.records, {store.practice: self.practice}, {store.practice: BOOK}, self.clock
        )
        self._contacts = itertools.count()
        with store.transaction() as tx:
            for place in range(4):
                tx.people.add(person(place))
                tx.consents.record(
                    Consent(f"a{place}", f"w{place}", "waitlist", "sms", True, NOON, "waitlisted")
                )
            for place in (3, 1, 2):
                since = NOON - timedelta(days=9 - place)
                tx.waitlist.join(Waiting(f"e{place}", f"w{place}", Wish().dumps(), "follow_up", since))
            assert tx.schedule.book("v1", SLOT, ["w0"], "c0", NOON, "booked")

    def errand(self, tx: Any, place: int) -> Errand:
        state = State(
            practice=self.store.practice,
            contact=f"c{next(self._contacts)}",
            channel="sms",
            address=person(place).phone,
        )
        return Errand(tx, self.practice, state, self.clock.now(), lambda: "123456")

    def frees(self) -> Job:
        with self.store.transaction() as tx:
            booking.cancel(self.errand(tx, 0), Cancel("v1"))
            [job] = [each for each in tx.jobs.pending() if each.name == JOB]
        return job

    def dies_while_freeing(self) -> None:
        with self.store.transaction() as tx:
            booking.cancel(self.errand(tx, 0), Cancel("v1"))
            raise RuntimeError("the machine dies")

    def looks(self, job: Job) -> None:
        self.offering.run(self.store.practice, job)

    def asked(self) -> list[str]:
        with self.store.transaction() as tx:
            return [each.person for each in waitlist_openings.pending(tx)]

    def says(self, place: int, kind: type[TakeOpening] | type[LeaveOpening]) -> Any:
        duty: Any = offering_answers.take if kind is TakeOpening else offering_answers.leave
        with self.store.transaction() as tx:
            found = offering_answers.answerable(tx, str(person(place).phone), self.clock.now())
            return duty(self.errand(tx, place), kind(found.id if found else "none"))

    def visits(self) -> list[tuple[str, ...]]:
        with self.store.transaction() as tx:
            found = tx.schedule.visits_between(AT - timedelta(days=1), AT + timedelta(days=1))
        return [each.participants for each in found if each.status != "cancelled"]


def person(place: int) -> Person:
    name = f"Wren{'abcd'[place]}"
    number = f"+12125550{120 + place}"
    return Person(
        f"w{place}", name, "Quillfeather", date(1990, 1, 1), number, language="en", contact_channel="sms"
    )


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def test_rem_03_the_time_is_asked_of_one_however_often_it_is_looked_at(desk: Desk) -> None:
    job = desk.frees()
    for _ in range(3):
        desk.looks(job)
        assert desk.asked() == ["w1"]
    with desk.store.transaction() as tx:
        assert [each.to for each in tx.outbox.recent(9) if each.phrase == "sms.opening"] == ["+12125550121"]


def test_rem_03_a_transaction_that_fails_leaves_neither_the_time_free_nor_anybody_asked(desk: Desk) -> None:
    with pytest.raises(RuntimeError, match="dies"):
        desk.dies_while_freeing()
    with desk.store.transaction() as tx:
        assert not [each for each in tx.jobs.pending() if each.name == JOB]
        assert waitlist_openings.openings(tx) == ()
    assert desk.visits() == [("w0",)]


def test_rem_03_of_two_who_say_yes_one_has_it_and_the_other_is_told_that_it_is_gone(desk: Desk) -> None:
    job = desk.frees()
    desk.looks(job)
    desk.clock.move_to(NOON + timedelta(minutes=31))
    desk.looks(job)
    assert desk.asked() == ["w2"]
    assert desk.says(1, TakeOpening) == Refused("gone")
    assert isinstance(desk.says(2, TakeOpening), Done)
    assert desk.says(2, TakeOpening) == Refused("gone")
    assert desk.says(1, TakeOpening) == Refused("gone")
    assert desk.visits() == [("w2",)]


def test_rem_03_what_became_of_it_reads_as_it_was_written(desk: Desk) -> None:
    job = desk.frees()
    desk.looks(job)
    desk.says(1, LeaveOpening)
    desk.looks(job)
    desk.says(2, TakeOpening)
    with desk.store.transaction() as tx:
        told = {(each.person, each.end, each.slot.start) for each in waitlist_openings.over(tx)}
        [opening] = waitlist_openings.openings(tx)
        assert [each.person for each in tx.waitlist.all()] == ["w1", "w3"]
    assert told == {("w1", "declined", AT), ("w2", "accepted", AT)}
    assert (opening.end, opening.freed, opening.not_for) == ("filled", "cancelled", ("w0",))


def test_rem_03_nobody_is_shown_who_has_been_forgotten(desk: Desk) -> None:
    job = desk.frees()
    desk.looks(job)
    with desk.store.transaction() as tx:
        tx.people.forget("w1")
    desk.clock.move_to(NOON + timedelta(minutes=31))
    desk.looks(job)
    assert desk.asked() == ["w2"]

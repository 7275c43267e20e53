"""What the desk decides where it is stored, so that it holds on every store: who has a hand-over, who still speaks."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lamplighter.conversation.events import (
    Body,
    FloorTaken,
    HandoffAccepted,
    HandoffPromised,
    Heard,
    StaffSaid,
    WordsForgotten,
)
from lamplighter.desk.contacts import LEASE_SECONDS, Contacts, Line, Reply
from lamplighter.desk.feed import LiveFeed
from lamplighter.desk.ports import Job, NotTheWorker
from lamplighter.practice.sample import load_sample
from lamplighter.records.sql.store import SqlTransaction
from lamplighter.records.sql.tables import data_keys, events
from tests.promises.desks import House, of_kind
from tests.records.stores import Store


def house_over(store: Store, records: Callable[[Any], Any] | None = None) -> House:
    practice = replace(load_sample(), id=store.practice)
    return House(practice=practice, store=store.records, records=records)


def bodies(store: Store, contact: str) -> list[Body]:
    with store.transaction() as transaction:
        return [event.body for event in transaction.log.read(contact)]


# -- one of several ----------------------------------------------------------------------------------------------------


class Meeting:
    """Records in which the first transactions of two threads both end before either goes on."""

    def __init__(self, records: Any) -> None:
        self._records = records
        self._barrier = threading.Barrier(2, timeout=120)
        self.waits = threading.local()

    @contextmanager
    def transaction(self, practice: str) -> Iterator[Any]:
        with self._records.transaction(practice) as tx:
            yield tx
        if getattr(self.waits, "once", False):
            self.waits.once = False
            self._barrier.wait()


def both_at_once(house: House, works: list[Callable[[], object]]) -> list[object]:
    """Two threads that have both read the contact before either writes."""
    meeting = house.records
    assert isinstance(meeting, Meeting)
    results: list[object] = [None, None]

    def run(number: int) -> None:
        meeting.waits.once = True
        results[number] = works[number]()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def rung(store: Store) -> tuple[House, str]:
    house = house_over(store, Meeting)
    call = house.call()
    call.say("let me talk to a person")
    return house, call.contact


def test_of_two_who_accept_in_the_same_moment_one_has_it_and_the_other_hears_who(store: Store) -> None:
    house, contact = rung(store)
    answered = house.desk.handoffs.answered

    def accept(by: str) -> Callable[[], object]:
        return lambda: answered(store.practice, contact, 0, "desk", by, "accepted")

    told = both_at_once(house, [accept("Rosa"), accept("Sam")])
    (accepted,) = of_kind(bodies(store, contact), HandoffAccepted)
    assert told == ([None, "Rosa"] if accepted.by == "Rosa" else ["Sam", None])
    assert house.desk.contacts.state(store.practice, contact).floor == accepted.by


def test_a_hand_over_accepted_while_the_ladder_comes_to_its_end_stays_accepted(store: Store) -> None:
    house, contact = rung(store)
    state = house.desk.contacts.state(store.practice, contact)
    assert state.handoff is not None
    ladder = house.desk.handoffs
    last = Job(
        "ring", "ring", house.clock.now(),
        (("contact", contact), ("handoff", str(state.handoff.seq)), ("step", "99")),
    )  # fmt: skip
    both_at_once(
        house,
        [
            lambda: ladder.answered(store.practice, contact, 0, "desk", "Rosa", "accepted"),
            lambda: ladder.run(store.practice, last),
        ],
    )
    found = bodies(store, contact)
    handoff = house.desk.contacts.state(store.practice, contact).handoff
    assert handoff is not None
    assert handoff.status == "accepted"
    promised = of_kind(found, HandoffPromised)
    assert not promised or found.index(promised[0]) < found.index(of_kind(found, HandoffAccepted)[0])


# -- a worker that froze -----------------------------------------------------------------------------------------------


class Freezing:
    """Records under a worker that stands still after the commit of its turn, while `meanwhile` happens."""

    def __init__(self, records: Any) -> None:
        self._records = records
        self.meanwhile: Callable[[], object] | None = None

    @contextmanager
    def transaction(self, practice: str) -> Iterator[Any]:
        with self._records.transaction(practice) as tx:
            yield tx
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()


def other_worker(house: House) -> Contacts:
    return Contacts(
        house.store,
        {house.practice.id: Line(house.conversation, "signed")},
        house.clock,
        LiveFeed(),
        worker="w2",
        new_id=lambda: "unused",
        new_code=lambda: "000000",
    )


def test_a_worker_that_froze_until_another_had_the_contact_says_nothing_any_more(store: Store) -> None:
    house = house_over(store, Freezing)
    call, other = house.call("sms"), other_worker(house)
    taken_over: list[Reply] = []

    def meanwhile() -> None:
        house.clock.move_to(house.clock.now() + timedelta(seconds=LEASE_SECONDS + 1))
        taken_over.append(other.hear(store.practice, call.contact, "are you there?"))

    assert isinstance(house.records, Freezing)
    house.records.meanwhile = meanwhile
    assert call.say("I'd like to book a first visit").said == ()
    assert taken_over[0].said
    with pytest.raises(NotTheWorker):
        call.say("hello?")


def test_a_reply_that_waited_to_be_sent_is_dropped_at_the_last_hop_once_another_has_the_contact(
    store: Store,
) -> None:
    house = house_over(store)
    call, other = house.call("sms"), other_worker(house)
    reply = call.say("I'd like to book a first visit")
    assert house.desk.contacts.current(store.practice, reply) == reply
    house.clock.move_to(house.clock.now() + timedelta(seconds=LEASE_SECONDS + 1))
    newer = other.hear(store.practice, call.contact, "are you there?")
    assert newer.fence > reply.fence
    assert house.desk.contacts.current(store.practice, reply).said == ()
    assert other.current(store.practice, newer) == newer


def test_a_reply_that_waited_to_be_sent_is_dropped_at_the_last_hop_once_staff_have_the_floor(
    store: Store,
) -> None:
    house = house_over(store)
    call = house.call("sms")
    reply = call.say("I'd like to book a first visit")
    call.note(FloorTaken("Rosa"))
    assert house.desk.contacts.current(store.practice, reply).said == ()


# -- words -------------------------------------------------------------------------------------------------------------

SECRET = "my name is Zebulon Quimby and I'd like a first visit"


def run_forgetting(house: House) -> None:
    """Runs the jobs that are stored for the forgetting of words, as a runner would."""
    with house.store.transaction(house.practice.id) as tx:
        due = [job for job in tx.jobs.pending() if dict(job.args).get("name") == "forget"]
    for job in due:
        house.desk.contacts.wake(house.practice.id, job)
        with house.store.transaction(house.practice.id) as tx:
            tx.finish_job(job.key)


def texts(store: Store, contact: str) -> list[str]:
    return [body.text for body in bodies(store, contact) if isinstance(body, Heard)]


def test_what_was_said_is_gone_once_a_contact_has_ended_without_a_verdict(store: Store) -> None:
    house = house_over(store)
    call = house.call()
    call.say(SECRET, alternatives=[("my name is Zebulon Quimbly", 0.4)])
    run_forgetting(house)
    assert texts(store, call.contact) == [SECRET]
    before = house.desk.contacts.state(store.practice, call.contact)
    house.desk.contacts.hang_up(store.practice, call.contact)
    run_forgetting(house)
    assert texts(store, call.contact) == [""]
    found = bodies(store, call.contact)
    assert found[-1] == WordsForgotten()
    assert all(body.alternatives == () and body.keys == "" for body in found if isinstance(body, Heard))
    after = house.desk.contacts.state(store.practice, call.contact)
    assert (after.known, after.errand, after.person) == (before.known, before.errand, before.person)


def test_last_words_that_come_after_a_hang_up_go_too(store: Store) -> None:
    house = house_over(store)
    call = house.call()
    house.desk.contacts.hang_up(store.practice, call.contact)
    run_forgetting(house)
    call.say("no wait, one more thing")
    run_forgetting(house)
    assert texts(store, call.contact) == [""]


@pytest.mark.parametrize("words", ["I want to kill myself", "let me talk to a person"])
def test_a_contact_with_a_verdict_keeps_its_words(store: Store, words: str) -> None:
    house = house_over(store)
    call = house.call()
    call.say(words)
    house.desk.contacts.hang_up(store.practice, call.contact)
    run_forgetting(house)
    assert texts(store, call.contact) == [words]


def test_a_practice_that_keeps_transcripts_keeps_the_words(store: Store) -> None:
    practice = replace(load_sample(), id=store.practice, transcripts=True)
    house = House(practice=practice, store=store.records)
    call = house.call()
    call.say(SECRET)
    house.desk.contacts.hang_up(store.practice, call.contact)
    run_forgetting(house)
    assert texts(store, call.contact) == [SECRET]


def test_a_chat_that_was_taken_up_again_before_the_job_ran_keeps_its_words_until_it_ends(
    store: Store,
) -> None:
    house = house_over(store)
    call = house.call("chat")
    call.say(SECRET)
    house.desk.contacts.hang_up(store.practice, call.contact)
    call.say("are you there?")
    run_forgetting(house)
    assert texts(store, call.contact) == [SECRET, "are you there?"]
    house.desk.contacts.hang_up(store.practice, call.contact)
    run_forgetting(house)
    assert texts(store, call.contact) == ["", ""]


def test_no_key_that_opens_the_words_is_left_on_disk(sql_store: Store) -> None:
    house = house_over(sql_store)
    call = house.call()
    call.say(SECRET)
    assert words_left(sql_store, call.contact) == (1, 1)
    house.desk.contacts.hang_up(sql_store.practice, call.contact)
    run_forgetting(house)
    assert words_left(sql_store, call.contact) == (0, 0)


def words_left(store: Store, contact: str) -> tuple[int, int]:
    """How many sealed words and how many keys to words are stored for a contact."""
    with store.transaction() as transaction:
        assert isinstance(transaction, SqlTransaction)
        scope = transaction.scope
        sealed = select(events).where(scope.mine(events, contact=contact), events.c.words.is_not(None))
        keys = select(data_keys).where(scope.mine(data_keys, owner="words", owner_id=contact))
        return len(scope.connection.execute(sealed).all()), len(scope.connection.execute(keys).all())


def test_what_staff_said_stays(store: Store) -> None:
    house = house_over(store)
    call = house.call("chat")
    call.note(FloorTaken("Rosa"))
    call.note(StaffSaid("Rosa", "Rosa here"))
    call.say(SECRET)
    house.desk.contacts.hang_up(store.practice, call.contact)
    run_forgetting(house)
    assert of_kind(bodies(store, call.contact), StaffSaid) == [StaffSaid("Rosa", "Rosa here")]
    assert texts(store, call.contact) == [""]

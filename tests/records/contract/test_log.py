"""The log of contacts: append-only, conditional, and gone when it must be."""

from datetime import timedelta
from typing import Literal

import pytest
from sqlalchemy import event

from lamplighter.conversation.events import (
    Alternative,
    Body,
    Ended,
    HandoffAsked,
    Heard,
    Offered,
    Opened,
    Silence,
)
from lamplighter.desk.ports import LogConflict
from lamplighter.records.sql.store import SqlTransaction
from tests.records.contract.examples import PHONE, a_slot, begin, say, undo
from tests.records.stores import Store


def test_what_was_appended_is_read_back_with_its_numbers_and_its_protocol(store: Store) -> None:
    begin(store, "c1", PHONE, Heard("hi", (Alternative("high", 0.4),), keys="12", confidence=0.8))
    say(store, "tomorrow please", expected=2)
    with store.transaction() as transaction:
        events = transaction.log.read("c1")
    assert [event.seq for event in events] == [1, 2, 3]
    assert events[1].body == Heard("hi", (Alternative("high", 0.4),), keys="12", confidence=0.8)
    assert events[2].body == Heard("tomorrow please")
    assert {(event.practice, event.contact, event.protocol_hash) for event in events} == {
        (store.practice, "c1", "protocol")
    }


def test_what_append_returns_equals_what_read_gives(store: Store) -> None:
    appended = begin(store, "c1", PHONE, Offered("first", (a_slot(),)), HandoffAsked("human"))
    with store.transaction() as transaction:
        assert transaction.log.read("c1") == appended


def test_reading_after_a_number_gives_only_what_came_later(store: Store) -> None:
    begin(store, "c1", PHONE, Heard("one"), Heard("two"))
    with store.transaction() as transaction:
        assert [event.seq for event in transaction.log.read("c1", after=2)] == [3]


def test_an_append_after_somebody_elses_is_refused_and_leaves_nothing(store: Store) -> None:
    begin(store)
    say(store, "first", expected=1)
    with pytest.raises(LogConflict):
        say(store, "second", expected=1)
    with store.transaction() as transaction:
        assert len(transaction.log.read("c1")) == 2


def test_a_contact_opens_once(store: Store) -> None:
    begin(store)
    with pytest.raises(LogConflict):
        begin(store)


def test_a_contact_starts_with_opened_and_nothing_else(store: Store) -> None:
    with pytest.raises(ValueError, match="Opened"):
        say(store, "hello", expected=0)


def test_appending_nothing_changes_nothing(store: Store) -> None:
    begin(store)
    with store.transaction() as transaction:
        assert transaction.log.append("c1", [], expected=1, at=store.clock.now(), protocol_hash="x") == ()
        assert len(transaction.log.read("c1")) == 1


def test_an_unknown_contact_has_no_events(store: Store) -> None:
    with store.transaction() as transaction:
        assert transaction.log.read("nobody") == ()


def test_contacts_are_listed_newest_first_with_what_a_list_needs(store: Store) -> None:
    opened_at = store.clock.now()
    begin(store, "old")
    store.clock.pass_time(minutes=5)
    begin(store, "new", None)
    store.clock.pass_time(minutes=1)
    say(store, "hi", "old", expected=1)
    with store.transaction() as transaction:
        newest, oldest = transaction.log.contacts()
    assert (newest.id, newest.address, newest.last_seq, newest.ended) == ("new", None, 1, False)
    assert (oldest.id, oldest.address, oldest.channel, oldest.last_seq) == ("old", PHONE, "sms", 2)
    assert oldest.opened_at == opened_at
    assert oldest.last_at == opened_at + timedelta(minutes=6)


def test_of_contacts_opened_at_one_moment_the_later_is_newer(store: Store) -> None:
    for contact in ("a", "b", "c"):
        begin(store, contact)
    with store.transaction() as transaction:
        assert [contact.id for contact in transaction.log.contacts(limit=2)] == ["c", "b"]


def test_an_ended_contact_is_listed_only_when_all_are_asked_for(store: Store) -> None:
    begin(store, "over", PHONE, Ended("goodbye"))
    begin(store, "open")
    with store.transaction() as transaction:
        assert [contact.id for contact in transaction.log.contacts(open_only=True)] == ["open"]
        assert {contact.id: contact.ended for contact in transaction.log.contacts()} == {
            "over": True, "open": False,
        }  # fmt: skip


def test_an_address_finds_its_contact_under_way_on_that_channel_only(store: Store) -> None:
    begin(store, "c1")
    with store.transaction() as transaction:
        assert transaction.log.open_contact("sms", PHONE) == "c1"
        assert transaction.log.open_contact("voice", PHONE) is None
        assert transaction.log.open_contact("sms", "+12125550144") is None


def test_an_address_finds_no_contact_that_has_ended(store: Store) -> None:
    begin(store, "c1")
    with store.transaction() as transaction:
        transaction.log.append("c1", [Ended("goodbye")], expected=1, at=store.clock.now(), protocol_hash="x")
        assert transaction.log.open_contact("sms", PHONE) is None


def test_what_comes_in_is_claimed_once(store: Store) -> None:
    with store.transaction() as transaction:
        assert transaction.log.claim("carrier-1")
        assert transaction.log.claim("carrier-2")
    with store.transaction() as transaction:
        assert not transaction.log.claim("carrier-1")


def test_a_claim_that_was_rolled_back_can_be_made_again(store: Store) -> None:
    undo(store, lambda transaction: transaction.log.claim("carrier-1"))
    with store.transaction() as transaction:
        assert transaction.log.claim("carrier-1")


def test_a_lease_keeps_others_out_until_it_runs_out(store: Store) -> None:
    now = store.clock.now()
    with store.transaction() as transaction:
        assert transaction.log.lease("c1", "worker a", now, 10) == 1
        assert transaction.log.lease("c1", "worker b", now + timedelta(seconds=9), 10) is None
        assert transaction.log.lease("c1", "worker b", now + timedelta(seconds=10), 10) == 2


def test_a_lease_for_no_time_is_free_at_once_and_tells_whether_another_had_it_since(store: Store) -> None:
    now = store.clock.now()
    with store.transaction() as transaction:
        lease = transaction.log.lease
        assert lease("c1", "sign", now, 10) == 1
        assert lease("c1", "nobody", now, 0) is None
        later = now + timedelta(seconds=10)
        assert [lease("c1", "nobody", later, 0) for _ in range(2)] == [2, 2]
        assert lease("c1", "sign", later, 10) == 3


def test_renewing_a_lease_keeps_its_fencing_number(store: Store) -> None:
    now = store.clock.now()
    with store.transaction() as transaction:
        fences = [
            transaction.log.lease("c1", "worker a", now + timedelta(seconds=s), 10) for s in (0, 5, 14, 60)
        ]
        assert fences == [1, 1, 1, 1]
        assert transaction.log.lease("c1", "worker b", now + timedelta(seconds=65), 10) is None


def test_the_fencing_number_grows_with_every_change_of_worker(store: Store) -> None:
    now = store.clock.now()
    with store.transaction() as transaction:
        fences = [
            transaction.log.lease("c1", worker, now + timedelta(minutes=minute), 10)
            for minute, worker in enumerate("abab")
        ]
    assert fences == [1, 2, 3, 4]


def test_forgotten_words_leave_the_events_with_empty_text(store: Store) -> None:
    heard = Heard("my secret", (Alternative("my sacred", 0.3),), keys="1980", confidence=0.7)
    begin(store, "c1", PHONE, heard)
    begin(store, "c2", None, Heard("other words"))
    with store.transaction() as transaction:
        transaction.log.forget_words("c1")
    with store.transaction() as transaction:
        events = transaction.log.read("c1")
        assert events[1].body == Heard("", confidence=0.7)
        assert isinstance(events[0].body, Opened)
        assert transaction.log.read("c2")[1].body == Heard("other words")


def test_words_said_after_that_are_kept_until_they_are_forgotten_too(store: Store) -> None:
    begin(store, "c1", PHONE, Heard("before"))
    with store.transaction() as transaction:
        transaction.log.forget_words("c1")
    say(store, "after", expected=2)
    with store.transaction() as transaction:
        assert [e.body for e in transaction.log.read("c1", after=1)] == [Heard(""), Heard("after")]
        transaction.log.forget_words("c1")
        assert [e.body for e in transaction.log.read("c1", after=1)] == [Heard(""), Heard("")]


def test_forgetting_the_words_of_nobody_does_nothing(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.log.forget_words("nobody")
        assert transaction.log.contacts() == ()


def add(store: Store, contact: str, *bodies: Body, expected: int) -> None:
    with store.transaction() as transaction:
        transaction.log.append(
            contact, bodies, expected=expected, at=store.clock.now(), protocol_hash="protocol"
        )


def under_way(store: Store) -> list[str]:
    with store.transaction() as transaction:
        return [contact.id for contact in transaction.log.contacts(open_only=True)]


@pytest.mark.parametrize("channel", ["sms", "chat"])
def test_a_written_contact_whose_person_writes_again_is_under_way_again(
    store: Store, channel: Literal["sms", "chat"]
) -> None:
    add(store, "c1", Opened(channel, "+12125550100", "en", PHONE), Ended("goodbye"), expected=0)
    assert under_way(store) == []
    add(store, "c1", Heard("one more thing"), expected=2)
    assert under_way(store) == ["c1"]
    with store.transaction() as transaction:
        assert transaction.log.open_contact(channel, PHONE) == "c1"
    add(store, "c1", Ended("goodbye"), expected=3)
    assert under_way(store) == []


def test_last_words_after_a_hang_up_and_interim_ones_bring_no_contact_back(store: Store) -> None:
    begin(store, "text", PHONE, Ended("goodbye"))
    add(store, "text", Heard("wai", final=False), expected=2)
    add(store, "call", Opened("voice", "+12125550100", "en", PHONE), Ended("hung_up"), expected=0)
    add(store, "call", Heard("wait"), expected=2)
    assert under_way(store) == []


def test_an_append_to_a_contact_that_is_there_takes_no_look_at_it_first(sql_store: Store) -> None:
    begin(sql_store)
    asked: list[str] = []
    with sql_store.transaction() as transaction:
        assert isinstance(transaction, SqlTransaction)
        connection = transaction.scope.connection
        event.listen(connection, "before_cursor_execute", lambda _c, _k, sql, *_: asked.append(sql))
        transaction.log.append(
            "c1", [Silence(3)], expected=1, at=sql_store.clock.now(), protocol_hash="protocol"
        )
    assert not [sql for sql in asked if "FROM contacts" in sql]
    assert len([sql for sql in asked if sql.startswith("UPDATE contacts")]) == 1


def test_contacts_of_some_time_are_those_that_began_in_it(store: Store) -> None:
    begin(store, "before")
    store.clock.pass_time(minutes=5)
    since = store.clock.now()
    begin(store, "first")
    store.clock.pass_time(minutes=5)
    begin(store, "after")
    with store.transaction() as transaction:
        found = transaction.log.contacts(opened=(since, store.clock.now()))
    assert [contact.id for contact in found] == ["first"]

"""What is counted of each contact: kept once, found by when it began, and missed where events came after it."""

from datetime import timedelta

from lamplighter.conversation.events import Ended, Opened
from lamplighter.desk.ports import Behind, Tally
from tests.records.stores import START, Store

HOUR = timedelta(hours=1)


def begin(store: Store, name: str, hours: int) -> None:
    with store.transaction() as tx:
        opened = Opened("chat", "+12125550100", "en")
        tx.log.append(name, [opened], expected=0, at=START + hours * HOUR, protocol_hash="-")


def test_contacts_wait_to_be_counted_the_oldest_first_and_again_after_every_event(store: Store) -> None:
    for name, hours in (("late", 2), ("early", 1)):
        begin(store, name, hours)
    with store.transaction() as tx:
        early, late = Behind("early", 1, START + HOUR), Behind("late", 1, START + 2 * HOUR)
        assert tx.tallies.behind(1, 10) == (early, late)
        assert tx.tallies.behind(1, 1) == (early,)
        tx.tallies.keep(
            [Tally("early", 1, START + HOUR, 1, "[]"), Tally("late", 1, START + 2 * HOUR, 1, "[]")]
        )
        assert tx.tallies.behind(1, 10) == ()
        tx.log.append("late", [Ended("goodbye")], expected=1, at=START + 3 * HOUR, protocol_hash="-")
        assert tx.tallies.behind(1, 10) == (late._replace(seq=2),)
        assert tx.tallies.behind(2, 10) == (early, late._replace(seq=2))


def test_what_is_counted_anew_stands_in_place_of_what_was_and_is_found_by_its_beginning(store: Store) -> None:
    with store.transaction() as tx:
        tx.tallies.keep([Tally("one", 1, START, 1, "[1]"), Tally("two", 1, START + HOUR, 1, "[2]")])
        tx.tallies.keep([Tally("two", 3, START + HOUR, 2, "[3]")])
    with store.transaction() as tx:
        assert tx.tallies.between(START, START + HOUR) == (Tally("one", 1, START, 1, "[1]"),)
        assert [each.counted for each in tx.tallies.between(START, START + 2 * HOUR)] == ["[1]", "[3]"]
    with store.transaction(practice=f"{store.practice}-next-door") as tx:
        assert tx.tallies.between(START, START + 2 * HOUR) == ()

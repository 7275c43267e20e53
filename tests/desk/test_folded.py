"""A state that is kept between turns never says anything else than the log does."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.conversation.events import (
    Body,
    Ended,
    Event,
    FloorTaken,
    Heard,
    LanguageSet,
    Opened,
    Silence,
)
from lamplighter.conversation.state import State, apply, fold
from lamplighter.desk.folded import AT_MOST, KEPT_FOR, Folded
from lamplighter.desk.ports import Person, Transaction
from lamplighter.records.memory import MemoryRecords
from lamplighter.rehearsal.clock import SimulatedClock
from tests.promises.desks import NOON

OPENED = Opened("chat", "+12125550100", "en")


def add(tx: Transaction, folded: Folded, bodies: list[Body], contact: str = "c1", keep: bool = True) -> Event:
    """A turn of a worker: reads the state, appends, keeps what it then knows."""
    state = folded.state("demo", contact, tx.log) or State()
    events = tx.log.append(contact, bodies, expected=state.seq, at=NOON, protocol_hash="h")
    if keep:
        folded.keep(events[-1], fold(events, state))
    return events[-1]


def fresh() -> MemoryRecords:
    return MemoryRecords(SimulatedClock(NOON))


def break_off(records: MemoryRecords, folded: Folded) -> None:
    """A turn that keeps its state too early and is rolled back."""
    with records.transaction("demo") as tx:
        add(tx, folded, [FloorTaken("Dana")])
        raise ConnectionError


TURNS = st.lists(
    st.tuples(
        st.booleans(),
        st.booleans(),
        st.sampled_from(
            [Heard("hello"), Silence(5.0), LanguageSet("es", "asked"), FloorTaken("Dana"), Ended("goodbye")]
        ),
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=40)
@given(TURNS)
def test_two_workers_who_take_turns_both_know_what_the_log_says(
    turns: list[tuple[bool, bool, Body]],
) -> None:
    records, workers = fresh(), (Folded(), Folded())
    with records.transaction("demo") as tx:
        add(tx, workers[0], [OPENED])
        for second, kept, body in turns:
            add(tx, workers[second], [body], keep=kept)
            whole = fold(tx.log.read("c1"))
            assert [worker.state("demo", "c1", tx.log) for worker in workers] == [whole, whole]


def test_what_was_rolled_back_is_not_known() -> None:
    records, folded = fresh(), Folded()
    with records.transaction("demo") as tx:
        add(tx, folded, [OPENED])
    with pytest.raises(ConnectionError):
        break_off(records, folded)
    with records.transaction("demo") as tx:
        add(tx, folded, [Silence(3.0)], keep=False)
        state = folded.state("demo", "c1", tx.log)
        assert state is not None
        assert (state.floor, state.silences) == (None, 1)


def test_a_contact_whose_words_were_destroyed_is_folded_anew() -> None:
    records, folded = fresh(), Folded()
    with records.transaction("demo") as tx:
        add(tx, folded, [OPENED, Heard("my words")])
        tx.log.forget_words("c1")
        assert folded.state("demo", "c1", tx.log) == fold(tx.log.read("c1"))


def test_a_forgotten_contact_is_known_no_more() -> None:
    records, folded = fresh(), Folded()
    with records.transaction("demo") as tx:
        add(tx, folded, [OPENED])
        tx.people.add(Person("p1", "Ada", "Invented", None, None))
        tx.people.link_contact("c1", "p1")
        tx.people.forget("p1")
        assert folded.state("demo", "c1", tx.log) is None


def test_contacts_that_ended_or_went_quiet_are_let_go_and_only_so_many_are_kept() -> None:
    folded = Folded()
    quiet = Event(1, NOON, "demo", "quiet", "h", OPENED)
    folded.keep(quiet, apply(State(), quiet))
    late = NOON + KEPT_FOR + timedelta(seconds=1)
    for number in range(AT_MOST + 5):
        event = Event(1, late, "demo", f"c{number}", "h", OPENED)
        folded.keep(event, apply(State(), event))
    ended = Event(2, late, "demo", "c20", "h", Ended("goodbye"))
    folded.keep(ended, apply(State(), ended))
    kept = [place for _, place in folded.places()]
    assert kept == [f"c{number}" for number in range(5, AT_MOST + 5) if number != 20]

"""Promise 5: a contact is its list of events; what is seen, replayed or recovered is read from it alone."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamplighter.conversation.events import (
    Alternative,
    Committed,
    Did,
    Ended,
    Event,
    FloorGiven,
    FloorLapsed,
    FloorTaken,
    HandoffAccepted,
    HandoffClosed,
    HandoffDeclined,
    HandoffPromised,
    HandoffRung,
    Heard,
    Opened,
    Said,
    Silence,
    Woke,
    dump_body,
    load_body,
)
from lamplighter.conversation.state import State, apply, fold
from lamplighter.practice.sample import load_sample
from lamplighter.rehearsal.play import play
from lamplighter.wiring.demo_callers import scenarios
from lamplighter.wiring.lines import line_of
from lamplighter.wiring.stage import MemoryStage

CALLERS = scenarios()
FROM_OUTSIDE = (
    Opened, Heard, Silence, Woke, Did, Committed, HandoffAccepted, HandoffPromised, HandoffClosed, HandoffRung,
    HandoffDeclined, FloorTaken, FloorGiven, FloorLapsed, Ended,
)  # fmt: skip


@pytest.fixture(scope="module", params=sorted(CALLERS))
def events(request: pytest.FixtureRequest) -> tuple[Event, ...]:
    """The log of a whole contact."""
    played, scene = play(CALLERS[request.param], load_sample(), MemoryStage(), 0)
    assert played.broke is None
    with scene.records.transaction("demo") as tx:
        [contact] = tx.log.contacts()
        return tx.log.read(contact.id)


def stored(events: Sequence[Event]) -> list[Event]:
    """As a store gives them back: through their bytes."""
    return [replace(event, body=load_body(dump_body(event.body))) for event in events]


def without_words(events: Sequence[Event]) -> list[Event]:
    """As they stand once what was said has been forgotten."""
    bare = {"text": "", "alternatives": (), "keys": ""}
    return [replace(e, body=replace(e.body, **bare)) if isinstance(e.body, Heard) else e for e in events]  # type: ignore[arg-type]


def test_the_state_is_what_the_stored_events_fold_to(events: tuple[Event, ...]) -> None:
    assert fold(stored(events)) == fold(events)


def test_folding_needs_no_word_that_was_said(events: tuple[Event, ...]) -> None:
    assert fold(without_words(events)) == fold(events)


def test_events_are_numbered_from_one_without_a_gap_and_begin_with_opened(events: tuple[Event, ...]) -> None:
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert isinstance(events[0].body, Opened)
    assert [isinstance(event.body, Opened) for event in events].count(True) == 1


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_a_crash_after_any_event_changes_nothing_that_follows(
    events: tuple[Event, ...], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(events)))
    before = fold(stored(events[:at]))
    assert fold(events[at:], before) == fold(events)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_folding_leaves_the_state_it_was_given_as_it_was(
    events: tuple[Event, ...], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(events) - 1))
    before = fold(events[:at])
    kept = fold(events[:at])
    apply(before, events[at])
    assert before == kept


def test_a_replay_gives_the_same_words_word_for_word(events: tuple[Event, ...]) -> None:
    """Each event from outside is put to the conversation again: what follows in the log follows again."""
    conversation = line_of(load_sample(), "rehearsal").conversation
    state, again = State(), []
    for event in stored(events):
        if isinstance(event.body, FROM_OUTSIDE):
            bodies, _ = conversation.turn(state, event)
            again += [body for body in bodies if isinstance(body, Said)]
        state = apply(state, event)
    assert again == [event.body for event in events if isinstance(event.body, Said)]


@pytest.mark.parametrize("text", ["", "\ufffd", "a\nb", "é" * 100, "{", "😀"])
def test_what_was_heard_comes_back_from_its_bytes_as_it_was(text: str) -> None:
    heard = Heard(text, (Alternative(text, 0.5),), "12#", 0.25)
    assert load_body(dump_body(heard)) == heard

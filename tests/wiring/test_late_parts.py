"""What a start doesn't wait for is loaded once, and whoever needs it meanwhile waits."""

import gc
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from threading import Barrier, Event

from lamplighter.conversation import events as e
from lamplighter.desk.contacts import Reply
from lamplighter.desk.feed import LiveFeed
from lamplighter.practice.model import Practice
from lamplighter.practice.sample import load_sample
from lamplighter.records.memory import MemoryJobs, MemoryRecords
from lamplighter.rehearsal.clock import SimulatedClock
from lamplighter.wiring.desk import wire
from lamplighter.wiring.late_parts import _LOADING, LateGuard, _loaded, warm_up
from lamplighter.wiring.lines import line_of
from lamplighter.wiring.outward import Outward
from lamplighter.wiring.stage import Kept
from tests.promises.desks import NOON, Pager


def test_threads_that_need_a_part_at_once_get_the_same_one_loaded_once() -> None:
    loads, together = [], Barrier(4)

    @cache
    def part() -> object:
        loads.append(1)
        return object()

    def ask(_: int) -> object:
        together.wait(120)
        return _loaded(part)

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(ask, range(4)))) == 1
    assert len(loads) == 1


def test_words_that_come_in_before_the_guard_is_there_are_guarded_all_the_same() -> None:
    assert LateGuard().check("i want to kill myself", "en", "voice").verdict == "crisis"
    assert LateGuard().interim("i want to kill myself", "en", "voice").verdict == "crisis"
    assert LateGuard().check("i would like an appointment", "en", "voice").verdict == "clear"


def test_whoever_speaks_before_everything_is_loaded_keeps_nobody_from_the_records() -> None:
    practice, clock = load_sample(), SimulatedClock(NOON)
    records = MemoryRecords(clock)
    outward = Outward(clock, Kept(), Pager(), LiveFeed())
    desk = wire(
        records,
        MemoryJobs(records),
        [line_of(practice, "0" * 64)],
        outward,
        worker="serve",
        new_id=lambda: "c1",
        new_code=lambda: "123456",
    )
    contacts = desk.contacts
    contacts.open(practice.id, channel="chat", dialled=practice.phone, address=None)

    def heard() -> list[str]:
        with records.transaction(practice.id) as tx:
            return [event.body.text for event in tx.log.read("c1") if isinstance(event.body, e.Heard)]

    with ThreadPoolExecutor(2) as threads:
        with _LOADING:
            speaking: Future[Reply] = threads.submit(contacts.hear, practice.id, "c1", "What are your hours?")
            assert threads.submit(heard).result(30) == []
            assert not speaking.done()
        assert any("9 AM" in one.text for one in speaking.result(60).said)
    assert heard() == ["What are your hours?"]


def test_what_a_greeting_needs_is_loaded_before_what_words_need() -> None:
    greeted = Event()

    def practices() -> Iterator[Practice]:
        yield load_sample()
        greeted.set()

    with _LOADING:
        loading = warm_up(practices(), NOON)
        assert greeted.wait(120)
        assert loading.is_alive()
    loading.join()


def test_the_guard_hears_while_the_rest_is_loaded() -> None:
    with _LOADING, ThreadPoolExecutor(1) as thread:
        assert (
            thread.submit(LateGuard().check, "i want to kill myself", "en", "voice").result(60).verdict
            == "crisis"
        )


def test_a_warm_up_leaves_the_collector_on() -> None:
    warm_up([], NOON).join()
    assert gc.isenabled()

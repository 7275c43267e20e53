"""What a start doesn't wait for is loaded once, and whoever needs it meanwhile waits."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Barrier

from lamplighter.wiring.desk import LateGuard, _loaded


def test_threads_that_need_a_part_at_once_get_the_same_one_loaded_once() -> None:
    loads, together = [], Barrier(4)

    @cache
    def part() -> object:
        loads.append(1)
        return object()

    def ask(_: int) -> object:
        together.wait(10)
        return _loaded(part)

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(ask, range(4)))) == 1
    assert len(loads) == 1


def test_words_that_come_in_before_the_guard_is_there_are_guarded_all_the_same() -> None:
    assert LateGuard().check("i want to kill myself", "en", "voice").verdict == "crisis"
    assert LateGuard().interim("i want to kill myself", "en", "voice").verdict == "crisis"
    assert LateGuard().check("i would like an appointment", "en", "voice").verdict == "clear"

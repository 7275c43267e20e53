"""Pictures of a card on every store: of two that come by one link at once one set is kept, and whoever is
killed while they are kept keeps nothing, says nothing, and leaves the link as it was."""

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lamplighter.desk import plan_card_kept
from lamplighter.desk.links import CARD_PATH, LinkMaker
from lamplighter.desk.plan_card_acts import CardPages
from lamplighter.desk.ports import Message
from lamplighter.practice.model import Practice
from lamplighter.practice.sample import load_sample
from lamplighter.records.opening import open_sqlite
from tests.crash.killing import Deadline, MortalRecords, lines
from tests.desk.gate.threads import WHO
from tests.records.stores import KEYS, START, Store, TestClock

MAKER = LinkMaker("https://localhost", lambda: "k" * 64)
MANY, MOST_STEPS = 4, 40
FRONT, BACK = b"front" * 100, b"back" * 100


def linked(records: Any, practice: Practice) -> str:
    with records.transaction(practice.id) as tx:
        tx.people.add(WHO)
        phone = WHO.phone or ""
        message = Message("m1", "sms", phone, "sms.plan_card", (), "en", START, WHO.id)
        url = MAKER.card_url(tx, practice, message)
    assert url is not None
    return url.rpartition(CARD_PATH)[2]


def pages_of(records: Any, practice: Practice) -> CardPages:
    return CardPages(records, {practice.id: practice}, TestClock())


def kept(records: Any, practice: Practice) -> tuple[list[bytes], int, int]:
    """What there is of pictures, how many tasks, and how many jobs that destroy."""
    with records.transaction(practice.id) as tx:
        card = plan_card_kept.of(tx, WHO.id)
        found = [tx.pictures.get(each) for each in card.pictures] if card else []
        jobs = [each for each in tx.jobs.pending() if each.name == plan_card_kept.OVER]
        return found, len(tx.tasks.list_open()), len(jobs)


def at_once(work: Callable[[int], None]) -> None:
    barrier = threading.Barrier(MANY)

    def one(number: int) -> None:
        barrier.wait()
        work(number)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_several_that_come_by_one_link_at_once_one_set_is_kept_whole_and_all_hear_that_it_came(
    store: Store,
) -> None:
    practice = replace(load_sample(), id=store.practice)
    token, pages = linked(store.records, practice), pages_of(store.records, practice)
    sets = [(b"front %d" % number, b"back %d" % number) for number in range(MANY)]
    steps: list[str] = []
    at_once(lambda number: steps.append(pages.keep(practice.id, token, sets[number]).step))
    found, tasks, jobs = kept(store.records, practice)
    assert tuple(found) in sets and (tasks, jobs) == (1, 1) and steps == ["kept"] * MANY


@pytest.mark.parametrize("stride", [2, pytest.param(1, marks=pytest.mark.slow)])
def test_killed_at_any_step_a_card_is_kept_whole_or_not_at_all_and_may_be_sent_again(
    tmp_path: Path, stride: int
) -> None:
    practice = load_sample()
    records = open_sqlite(tmp_path / "records.db", KEYS, TestClock())
    token = linked(records, practice)
    records.close()
    for die_at in range(1, MOST_STEPS, stride):
        died = life(tmp_path, practice, token, die_at)
        records = open_sqlite(tmp_path / "records.db", KEYS, TestClock())
        found, step = kept(records, practice), pages_of(records, practice).look(practice.id, token).step
        records.close()
        assert (found, step) in ((([], 0, 0), "first"), (([FRONT, BACK], 1, 1), "kept"))
        if died == 0:
            break
        assert died == signal.SIGKILL
    assert step == "kept" and len(lines(tmp_path / "deaths")) >= 2


def life(folder: Path, practice: Practice, token: str, die_at: int) -> int:
    """A process that keeps what came, until it is done or its time has come: the signal that killed it, or 0."""
    child = os.fork()
    if child == 0:
        try:
            deadline = Deadline(die_at, folder / "deaths")
            deadline.armed = True
            opened = open_sqlite(folder / "records.db", KEYS, TestClock())
            pages_of(MortalRecords(opened, deadline), practice).keep(practice.id, token, (FRONT, BACK))
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0

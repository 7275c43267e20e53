"""Whoever moves a visit, and what follows two minutes later, is killed at every step; each is done whole, once."""

import os
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lamplighter.conversation.slots import Slot
from lamplighter.desk import rearranging, rearranging_kept, rearranging_work
from lamplighter.desk.ports import Job, Person, Waiting
from lamplighter.desk.rearranging import Wanted
from lamplighter.practice.model import Modality
from lamplighter.practice.sample import load_sample
from lamplighter.records.opening import open_sqlite
from tests.crash.killing import Deadline, MortalRecords, lines
from tests.records.stores import KEYS, TestClock

NOW = datetime.fromisoformat("2026-12-08T10:00-05:00")
TEN = datetime.fromisoformat("2026-12-10T10:00-05:00")
PRACTICE = load_sample()
MOST_STEPS = 60
BEFORE, MOVED, STANDS = (
    (TEN, 0, 0, 0),
    (TEN + timedelta(hours=3), 1, 1, 0),
    (TEN + timedelta(hours=3), 1, 0, 1),
)


def slot(start: datetime) -> Slot:
    return Slot(start, 45, "mei_tan", Modality.IN_PERSON, "follow_up", "harbor_lane")


def booked(folder: Path) -> None:
    """A visit at ten, while somebody else waits for a time."""
    records = open_sqlite(folder / "records.db", KEYS, TestClock(NOW))
    with records.transaction(PRACTICE.id) as tx:
        for place in range(2):
            number = f"+1212555017{place}"
            tx.people.add(Person(f"p{place}", "Casimir", "Solarriba", None, number, contact_channel="sms"))
        assert tx.schedule.book("v0", slot(TEN), ["p0"], "c0", NOW, "booked")
        tx.waitlist.join(Waiting("w1", "p1", "", "follow_up", NOW, "mei_tan"))
    records.close()


def move(records: Any, clock: TestClock) -> None:
    wanted = Wanted("v0", TEN, "mei_tan", "practice", slot(TEN + timedelta(hours=3)))
    with records.transaction(PRACTICE.id) as tx:
        rearranging.change(tx, PRACTICE, wanted, by="Kit", now=clock.now())


def stand(records: Any, clock: TestClock) -> None:
    clock.at = NOW + timedelta(minutes=2)
    with records.transaction(PRACTICE.id) as tx:
        change = rearranging_kept.latest(tx, "v0")
    assert change is not None
    job = Job("j", rearranging_kept.JOB, change.begins, (("change", change.id),))
    rearranging_work.ChangesThatStand(records, {PRACTICE.id: PRACTICE}, clock).run(PRACTICE.id, job)


def life(folder: Path, work: Callable[[Any, TestClock], None], die_at: int) -> int:
    """A process that works until it is done or its time has come: the signal that killed it, or 0."""
    child = os.fork()
    if child == 0:
        try:
            clock = TestClock(NOW)
            deadline = Deadline(die_at, folder / "deaths")
            deadline.armed = True
            work(MortalRecords(open_sqlite(folder / "records.db", KEYS, clock), deadline), clock)
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def left(folder: Path) -> tuple[datetime, int, int, int]:
    """When the visit is, and how many texts, times that are kept, and times that are offered there are."""
    records = open_sqlite(folder / "records.db", KEYS, TestClock(NOW))
    with records.transaction(PRACTICE.id) as tx:
        visit = tx.schedule.visit("v0")
        assert visit is not None
        busy = tx.schedule.busy(["mei_tan"], TEN, TEN + timedelta(hours=8), NOW)
        found = (
            visit.slot.start,
            len(tx.outbox.recent(100)),
            sum(each.kind == "hold" for each in busy),
            len(tx.facts.standing("opening")),
        )
    records.close()
    return found


@pytest.mark.parametrize("stride", [8, pytest.param(1, marks=pytest.mark.slow)])
def test_killed_at_every_step_a_visit_is_moved_whole_and_once_and_its_old_time_offered_once(
    tmp_path: Path, stride: int
) -> None:
    """At some of them where minutes count."""
    booked(tmp_path)
    for work, before, after in ((move, BEFORE, MOVED), (stand, MOVED, STANDS)):
        for die_at in range(1, MOST_STEPS, stride):
            died = life(tmp_path, work, die_at)
            assert left(tmp_path) in (before, after)
            if died == 0:
                break
            assert died == signal.SIGKILL
        assert life(tmp_path, work, 0) == 0
        assert left(tmp_path) == after
    assert len(lines(tmp_path / "deaths")) >= 2

"""Rule 28: whoever calls off a day of visits is killed at every step; it is done whole, once, or not at all."""

import os
import signal
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lamplighter.conversation.slots import Slot
from lamplighter.desk import sick_day, sick_day_asks, sick_day_choices, sick_day_told, sick_day_work
from lamplighter.desk.ports import Job, Person
from lamplighter.desk.sick_day import Spell
from lamplighter.practice.model import Modality
from lamplighter.practice.sample import load_sample
from lamplighter.records.opening import open_sqlite
from tests.crash.killing import Deadline, MortalRecords, lines
from tests.records.stores import KEYS, TestClock

SEVEN_FIFTEEN = datetime.fromisoformat("2026-12-09T07:15-05:00")
DAY = Spell("mei_tan", SEVEN_FIFTEEN - timedelta(hours=7), SEVEN_FIFTEEN + timedelta(hours=16))
PRACTICE = load_sample()
MOST_STEPS = 90
BEFORE = (3, 0, 0, 0, 0, 1)
DONE = (0, 2, 1, 3, 2, 4)


def said(folder: Path) -> Job:
    """Three visits, of which a colleague may keep the first, the second may be held by video, and one is of somebody
    who gets no texts; called off a moment ago."""
    records = open_sqlite(folder / "records.db", KEYS, TestClock(SEVEN_FIFTEEN))
    with records.transaction(PRACTICE.id) as tx:
        for place, way in enumerate(("sms", "sms", "voice")):
            number = f"+1212555017{place}"
            tx.people.add(Person(f"p{place}", "Casimir", "Solarriba", None, number, contact_channel=way))
            start = SEVEN_FIFTEEN + timedelta(hours=4 + place)
            slot = Slot(start, 45, "mei_tan", Modality.IN_PERSON, "follow_up", "harbor_lane")
            assert tx.schedule.book(f"v{place}", slot, [f"p{place}"], "c0", SEVEN_FIFTEEN, "booked")
        found = sick_day_choices.choosing(tx, PRACTICE, DAY, SEVEN_FIFTEEN)
        choices, colleagues = sick_day_choices.chosen(found, {"v0": "cover", "v1": "video"})
        called_off = sick_day.call_off(
            tx, DAY, by="rosa", now=SEVEN_FIFTEEN, choices=choices, colleagues=colleagues
        )
    records.close()
    return Job("j", sick_day.JOB, called_off.begins, (("called_off", called_off.id),))


def life(folder: Path, job: Job, die_at: int) -> int:
    """A process that does the job until it is done or its time has come: the signal that killed it, or 0."""
    child = os.fork()
    if child == 0:
        try:
            clock = TestClock(job.due)
            deadline = Deadline(die_at, folder / "deaths")
            deadline.armed = True
            records: Any = MortalRecords(open_sqlite(folder / "records.db", KEYS, clock), deadline)
            sick_day_work.CallingVisitsOff(records, {PRACTICE.id: PRACTICE}, clock).run(PRACTICE.id, job)
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def left(folder: Path, job: Job) -> tuple[int, int, int, int, int, int]:
    """Visits that stand, texts, calls, people who are on the page, questions, and times that are held or blocked."""
    records = open_sqlite(folder / "records.db", KEYS, TestClock(job.due))
    with records.transaction(PRACTICE.id) as tx:
        found = (
            len(tx.schedule.visits_between(DAY.start, DAY.end)),
            len(tx.outbox.recent(100)),
            sum(task.kind == "called_off" for task in tx.tasks.list_open()),
            len(sick_day_told.told(tx, dict(job.args)["called_off"])),
            len(sick_day_asks.standing(tx)),
            sum(
                each.kind in ("hold", "absence")
                for each in tx.schedule.busy(["mei_tan", "amara_osei"], DAY.start, DAY.end, job.due)
            ),
        )
    records.close()
    return found


@pytest.mark.parametrize("stride", [3, pytest.param(1, marks=pytest.mark.slow)])
def test_rule_28_killed_at_every_step_a_day_is_called_off_whole_and_once(tmp_path: Path, stride: int) -> None:
    """At every third where minutes count."""
    job = said(tmp_path)
    for die_at in range(1, MOST_STEPS, stride):
        died = life(tmp_path, job, die_at)
        assert left(tmp_path, job) in (BEFORE, DONE)
        if died == 0:
            break
        assert died == signal.SIGKILL
    assert len(lines(tmp_path / "deaths")) >= 3
    assert life(tmp_path, job, 0) == 0
    assert left(tmp_path, job) == DONE

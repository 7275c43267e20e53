"""REM-03: whoever offers a time that came free is killed at every step; one person is asked, once, or nobody yet."""

import os
import signal
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.wish import Wish
from lamplighter.desk import waitlist_openings
from lamplighter.desk.offering import JOB, Offering
from lamplighter.desk.ports import Consent, Job, Person, Waiting
from lamplighter.practice.model import Modality
from lamplighter.practice.sample import load_sample
from lamplighter.records.opening import open_sqlite
from tests.crash.killing import Deadline, MortalRecords, lines
from tests.records.stores import KEYS, TestClock

NOON = datetime(2026, 12, 1, 17, tzinfo=UTC)
SLOT = Slot(
    datetime(2026, 12, 9, 19, tzinfo=UTC), 45, "mei_tan", Modality.IN_PERSON, "follow_up", "harbor_lane"
)
PRACTICE, BOOK = load_sample(), Phrasebook.load()
MOST_STEPS = 60


def freed(folder: Path) -> Job:
    """Two people wait; a visit was cancelled a moment ago."""
    records = open_sqlite(folder / "records.db", KEYS, TestClock(NOON))
    with records.transaction(PRACTICE.id) as tx:
        for place in range(3):
            person = Person(
                f"w{place}", "Casimir", "Solarriba", date(1980, 1, 1 + place), f"+1212555017{place}"
            )
            tx.people.add(replace(person, contact_channel="sms"))
            tx.consents.record(Consent(f"a{place}", f"w{place}", "waitlist", "sms", True, NOON, "waitlisted"))
        for place in (1, 2):
            since = NOON - timedelta(days=9 - place)
            tx.waitlist.join(Waiting(f"e{place}", f"w{place}", Wish().dumps(), "follow_up", since))
        visit = tx.schedule.book("v1", SLOT, ["w0"], "c0", NOON, "booked")
        assert visit is not None
        waitlist_openings.freed(tx, PRACTICE, tx.schedule.set_status("v1", "cancelled"), NOON, "cancelled")
        [job] = [each for each in tx.jobs.pending() if each.name == JOB]
    records.close()
    return job


def life(folder: Path, job: Job, die_at: int) -> int:
    """A process that looks at the opening until it is done or its time has come: the signal that killed it, or 0."""
    child = os.fork()
    if child == 0:
        try:
            clock = TestClock(NOON)
            deadline = Deadline(die_at, folder / "deaths")
            deadline.armed = True
            records: Any = MortalRecords(open_sqlite(folder / "records.db", KEYS, clock), deadline)
            Offering(records, {PRACTICE.id: PRACTICE}, {PRACTICE.id: BOOK}, clock).run(PRACTICE.id, job)
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def left(folder: Path) -> tuple[list[str], list[str], int, int]:
    """Who has an offer, who is written to, how many holds, and how many looks are to come beside the first."""
    records = open_sqlite(folder / "records.db", KEYS, TestClock(NOON))
    with records.transaction(PRACTICE.id) as tx:
        busy = tx.schedule.busy(["mei_tan"], SLOT.start, SLOT.end, NOON)
        found = (
            [offer.person for offer in waitlist_openings.pending(tx)],
            [message.person or "" for message in tx.outbox.recent(100)],
            sum(each.kind == "hold" for each in busy),
            sum(each.name == JOB for each in tx.jobs.pending()) - 1,
        )
    records.close()
    return found


NOBODY_YET, ONE = ([], [], 0, 0), (["w1"], ["w1"], 1, 2)


@pytest.mark.parametrize("stride", [2, pytest.param(1, marks=pytest.mark.slow)])
def test_rem_03_killed_at_every_step_a_time_is_offered_whole_and_once(tmp_path: Path, stride: int) -> None:
    """At every second where minutes count."""
    job = freed(tmp_path)
    assert left(tmp_path) == NOBODY_YET
    for die_at in range(1, MOST_STEPS, stride):
        died = life(tmp_path, job, die_at)
        assert left(tmp_path) in (NOBODY_YET, ONE)
        if died == 0:
            break
        assert died == signal.SIGKILL
    assert len(lines(tmp_path / "deaths")) >= 3
    assert life(tmp_path, job, 0) == 0
    assert left(tmp_path) == ONE

"""A worker is killed at every step of a first visit's booking; the driver outside counts what came of it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lamplighter.conversation.events import Said
from lamplighter.conversation.state import fold
from lamplighter.desk import eligibility, plan_gates, plan_kept
from lamplighter.practice.sample import load_sample
from lamplighter.records.opening import open_sqlite
from tests.crash import nursery
from tests.crash.killing import lines
from tests.crash.nursery import CONTACT, PRACTICE, SCENARIO
from tests.records.stores import KEYS, TestClock

MOST_STEPS = 60


@dataclass
class Driver:
    """Stands outside the worker: says what it is to do and when it dies, and sees what it left."""

    folder: Path
    process: subprocess.Popen[str]
    said: list[str]
    at: datetime = SCENARIO.at

    def life(self, do: str, *, die_at: int = 0, **more: Any) -> int:
        command = {"do": do, "die_at": die_at, "at": self.at.isoformat(), **more}
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "the nursery is gone"
        return int(answer)

    def kill_at_every_step(self, do: str, **more: Any) -> int:
        """One life after the other, each killed a step later than the one before, until one outlives its work."""
        for die_at in range(1, MOST_STEPS):
            before = len(self.deaths())
            if self.life(do, die_at=die_at, **more) == 0:
                return die_at - 1
            assert len(self.deaths()) == before + 1
            if do == "turn" and self.deaths()[-1] == "committed":
                return die_at
        raise AssertionError("it never came to an end")

    def deaths(self) -> list[str]:
        return lines(self.folder / "deaths")


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    folder = tmp_path_factory.mktemp("crash")
    command = [sys.executable, nursery.__file__, str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdin is not None and process.stdout is not None
        yield Driver(folder, process, json.loads(process.stdout.readline()))
        process.stdin.close()


@pytest.fixture(scope="module")
def booked(driver: Driver) -> Driver:
    """A visit was booked by workers that were killed at every step, and every one of what was due then."""
    said = driver.said
    for number in range(len(said) + 1):
        deaths = driver.kill_at_every_step("turn", number=number, said=said)
        assert deaths >= 3
    driver.life("turn", number=len(said), said=said)
    driver.kill_at_every_step("work")
    return driver


@dataclass
class Left:
    """What the store holds when everything is over."""

    events: tuple[Any, ...]
    visits: tuple[Any, ...]
    messages: tuple[Any, ...]
    jobs: tuple[Any, ...]


def what_is_left(driver: Driver) -> Left:
    records = open_sqlite(driver.folder / "records.db", KEYS, TestClock(driver.at))
    with records.transaction(PRACTICE) as tx:
        left = Left(
            tx.log.read(CONTACT),
            tx.schedule.visits_between(SCENARIO.at, SCENARIO.at + timedelta(days=90)),
            tx.outbox.recent(),
            tx.jobs.pending(),
        )
    records.close()
    return left


def test_a_worker_killed_at_every_step_of_a_booking_books_once_and_loses_nothing(booked: Driver) -> None:
    driver, steps = (
        booked,
        {"log.append", "schedule.book", "outbox.add", "jobs.enqueue", "commit", "committed"},
    )
    assert steps <= set(driver.deaths())
    left = what_is_left(driver)
    assert fold(left.events).outcome == "booked"
    assert len(left.visits) == 1
    assert [message.phrase for message in left.messages] == ["sms.confirmation"]
    assert [message.status for message in left.messages] == ["sent"]
    assert lines(driver.folder / "sent") == [left.messages[0].id]
    waiting = sorted(job.name for job in left.jobs if job.name not in ("wake", "eligibility"))
    papers = ["packet", "packet"]  # asked for again, and looked at on the day
    assert waiting == ["authorization_look", *papers, "remind", "tally"]
    assert lines(driver.folder / "spoken") == [
        str(event.seq) for event in left.events if isinstance(event.body, Said)
    ]


def test_a_worker_killed_at_every_step_of_a_check_asks_under_one_trace_and_reads_one_answer(
    booked: Driver,
) -> None:
    driver = booked
    assert [job.name for job in what_is_left(driver).jobs].count("eligibility") == 1  # the morning before
    records = open_sqlite(driver.folder / "records.db", KEYS, TestClock(driver.at))
    with records.transaction(PRACTICE) as tx:
        [visit] = tx.schedule.visits_between(SCENARIO.at, SCENARIO.at + timedelta(days=90))
        person = tx.people.get(visit.participants[0])
        assert person is not None
        tx.people.update(replace(person, subscriber="self", member_id="W123456789"))
        plan_gates.keep_answer(tx, person.id, "plan_check", True, wording="paper", now=driver.at)
        eligibility.plan_anew(tx, load_sample(), person.id, driver.at)
    records.close()
    assert driver.kill_at_every_step("work") >= 5
    asked = lines(driver.folder / "asked")
    records = open_sqlite(driver.folder / "records.db", KEYS, TestClock(driver.at))
    with records.transaction(PRACTICE) as tx:
        [question] = plan_kept.questions(tx, person.id)
        [reading] = plan_kept.readings(tx, question)
        pending = [job.name for job in tx.jobs.pending()]
    records.close()
    assert set(asked) == {question.trace} and len(asked) >= 2
    assert (reading.outcome, pending.count("ask_plan")) == ("answered", 0)


def test_rem_01_a_worker_killed_at_every_step_of_a_reminder_sends_each_touch_once(booked: Driver) -> None:
    driver = booked
    for touch in [job for job in what_is_left(driver).jobs if job.name == "remind"]:
        driver.at = touch.due
        assert driver.kill_at_every_step("work") >= 3
    left = what_is_left(driver)
    told = sorted(message.phrase for message in left.messages)
    assert told == ["sms.confirmation", "sms.reminder.first"]
    assert {message.status for message in left.messages} == {"sent"}
    assert sorted(lines(driver.folder / "sent")) == sorted(message.id for message in left.messages)
    assert [job for job in left.jobs if job.due <= driver.at] == []

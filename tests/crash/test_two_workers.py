"""Two workers on one PostgreSQL: one dies, the other takes the contact over, and never both speak."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lamplighter.conversation.events import Heard, Said
from lamplighter.conversation.state import fold
from lamplighter.desk.contacts import LEASE_SECONDS
from lamplighter.records.opening import open_postgres
from tests.crash import two_workers
from tests.crash.killing import lines
from tests.crash.nursery import CONTACT, PRACTICE, SCENARIO
from tests.records.stores import KEYS, TestClock, postgres_server

AFTER_THE_LEASE = timedelta(seconds=LEASE_SECONDS + 1)
PATIENCE = 180.0
NOT_MINE = {"raised": "NotTheWorker"}
DIED = {"died": True}

pytestmark = pytest.mark.postgres


@dataclass
class House:
    url: str
    folder: Path
    process: subprocess.Popen[str]
    said: list[str]
    at: datetime = SCENARIO.at

    def tell(self, to: str, do: str, **more: Any) -> dict[str, Any]:
        assert self.process.stdin is not None and self.process.stdout is not None
        command = {"to": to, "do": do, "at": self.at.isoformat(), **more}
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def hear(self, to: str, number: int, **more: Any) -> dict[str, Any]:
        return self.tell(to, "hear", text=self.said[number], id=f"u{number}", **more)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("two")
    with postgres_server() as url:
        command = [sys.executable, two_workers.__file__, url, str(folder)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        with process:
            assert process.stdin is not None and process.stdout is not None
            yield House(url, folder, process, json.loads(process.stdout.readline()))
            process.stdin.close()


def what_is_left(house: House, contact: str = CONTACT) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    records = open_postgres(house.url, KEYS, TestClock(house.at))
    with records.transaction(PRACTICE) as tx:
        found = (
            tx.log.read(contact),
            tx.schedule.visits_between(SCENARIO.at, SCENARIO.at + timedelta(days=90)),
        )
    records.close()
    return found


def test_a_worker_that_dies_in_a_turn_is_followed_by_the_other_once_its_lease_has_ended(house: House) -> None:
    spoken = 0
    for name in ("a", "b"):
        house.tell(name, "start")
    spoken += len(house.tell("a", "open")["said"])
    spoken += len(house.hear("a", 0)["said"])
    assert house.hear("b", 1) == NOT_MINE
    assert house.hear("a", 1, die_at=4) == DIED
    assert lines(house.folder / "deaths") == ["log.append"]
    assert house.hear("b", 1) == NOT_MINE
    house.at += AFTER_THE_LEASE
    taken_over = house.hear("b", 1)
    assert taken_over["said"]
    spoken += len(taken_over["said"])
    house.tell("a", "start")
    assert house.hear("a", 2) == NOT_MINE
    for number in range(2, len(house.said)):
        spoken += len(house.hear("b", number)["said"])
    events, visits = what_is_left(house)
    assert fold(events).outcome == "booked" and len(visits) == 1
    assert [e.body.text for e in events if isinstance(e.body, Heard)] == house.said
    assert len([e for e in events if isinstance(e.body, Said)]) == spoken


def test_a_crisis_whose_worker_dies_before_anybody_was_rung_is_rung_by_the_other(house: House) -> None:
    for name in ("c", "d"):
        house.tell(name, "start")
    house.tell("c", "open", contact="crisis")
    house.tell("d", "run_jobs")
    dead = house.tell(
        "c", "hear", contact="crisis", text="I want to kill myself", id="k1", die_at="committed"
    )
    assert dead == DIED
    give_up = time.monotonic() + PATIENCE
    while not lines(house.folder / "rung") and time.monotonic() < give_up:
        time.sleep(0.05)
    assert lines(house.folder / "rung")[0].endswith(" 0")
    events, _ = what_is_left(house, "crisis")
    assert [e.body.text for e in events if isinstance(e.body, Heard)] == ["I want to kill myself"]

"""What a checker outside this machine is told of it."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from lamplighter.channels.web.alive import LOOKS_EVERY, Alive
from tests.channels.web.stage import Stage

NOWHERE = "http://checker.invalid"  # a name that is no practice's


class Machine:
    """Says what fails of it, and how often it was looked at; one that hangs says nothing until it is let go."""

    def __init__(self) -> None:
        self.lacks: str | None = None
        self.looks = 0
        self.seconds = 1000.0
        self.goes_on = threading.Event()
        self.goes_on.set()

    def look(self) -> str | None:
        self.looks += 1
        self.goes_on.wait(60)
        if self.lacks == "broken":
            raise OSError("the disk is gone")
        return self.lacks


@pytest.fixture
def machine() -> Iterator[Machine]:
    machine = Machine()
    yield machine
    machine.goes_on.set()


def test_rule_19_a_checker_is_told_by_any_name_whether_the_store_answers_and_jobs_run(
    machine: Machine,
) -> None:
    for lacks, told in ((None, 200), ("store", 503), ("jobs", 503), ("broken", 503)):
        machine.lacks = lacks
        with TestClient(Stage().public(lacks=machine.look), base_url=NOWHERE) as checker:
            answer = checker.get("/alive")
            assert checker.head("/alive").status_code == answer.status_code == told
            assert set(answer.json()) <= {"alive", "lacks"}
            assert answer.headers["cache-control"] == "no-store"
            assert checker.post("/alive").status_code == 405


def test_however_often_it_is_asked_the_store_is_looked_at_every_few_seconds(machine: Machine) -> None:
    alive = Alive(machine.look, elapsed=lambda: machine.seconds)
    with TestClient(Starlette(routes=[Route("/alive", alive.page)])) as checker:
        assert {checker.get("/alive").status_code for _ in range(100)} == {200}
        assert machine.looks == 1
        machine.lacks, machine.seconds = "jobs", machine.seconds + LOOKS_EVERY
        assert checker.get("/alive").json() == {"alive": False, "lacks": "jobs"}
    assert machine.looks == 2


def test_a_store_that_hangs_does_not_answer_and_is_not_asked_again_meanwhile(machine: Machine) -> None:
    machine.goes_on.clear()
    alive = Alive(machine.look, elapsed=lambda: machine.seconds, patience=0.01)

    async def asked() -> list[int]:
        asked = [alive.page(None) for _ in range(20)]  # type: ignore[arg-type]
        told = [answer.status_code for answer in await asyncio.gather(*asked)]
        machine.seconds += 3600
        told.append((await alive.page(None)).status_code)  # type: ignore[arg-type]
        machine.goes_on.set()
        return told

    assert set(asyncio.run(asked())) == {503}
    assert machine.looks == 1

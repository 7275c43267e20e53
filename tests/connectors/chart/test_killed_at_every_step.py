"""Whoever writes to the chart is killed at every request and every commit: the chart has the answer once."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from lamplighter.connectors.chart.fhir.client import FhirChart
from lamplighter.connectors.chart.simulated import SimulatedCharts
from lamplighter.connectors.fhir_rest import FhirServer, Keys
from lamplighter.desk import chart_kept, plan_gates, plan_kept
from lamplighter.desk.charting import JOB, Charting
from lamplighter.desk.ports import Job
from lamplighter.desk.ports.clearinghouse import Answered
from lamplighter.practice.sample import load_sample
from lamplighter.records.opening import open_sqlite
from tests.connectors.chart.test_contract import SHAPES
from tests.crash.killing import Deadline, MortalRecords, lines
from tests.desk.eligibility.scene import ACTIVE, ANNA, AT
from tests.fhir.hospital import Hospital, opened
from tests.records.contract.test_plans import QUESTION
from tests.records.stores import KEYS, TestClock

PRACTICE = load_sample()
ASKED = replace(QUESTION, person=ANNA.id, member_id=ANNA.member_id or "", who=plan_kept.who_is(ANNA), at=AT)


@dataclass
class MortalKeys:
    """Each request is a step, before it leaves."""

    keys: Keys
    deadline: Deadline

    def header(self, *args: Any) -> Any:
        self.deadline.step("request")
        return self.keys.header(*args)

    def forget(self) -> None:
        self.keys.forget()


@pytest.fixture
def hospital(router: str) -> Iterator[Hospital]:
    with opened(router, creates=SHAPES["eligibility"]) as made:
        made.patient()
        yield made


def duty(records: Any, hospital: Hospital, deadline: Deadline) -> Charting:
    clock = TestClock(AT)
    server = hospital.server(clock)
    mortal = FhirServer(server.base, MortalKeys(server.keys, deadline))
    chart = FhirChart(mortal, PRACTICE.name, "", clock)
    return Charting(records, {PRACTICE.id: PRACTICE}, clock, SimulatedCharts(chart))  # type: ignore[arg-type]


def answered(folder: Path, hospital: Hospital) -> Job:
    records = open_sqlite(folder / "records.db", KEYS, TestClock(AT))
    with records.transaction(PRACTICE.id) as tx:
        tx.people.add(ANNA)
        plan_gates.keep_answer(tx, ANNA.id, "plan_check", True, wording="paper", now=AT)
        plan_kept.ask(tx, ASKED)
        plan_kept.read(tx, ASKED, Answered((ACTIVE,)), AT)
        duty(records, hospital, Deadline(0, folder / "deaths")).answered(tx, ASKED, AT)
        [job] = [each for each in tx.jobs.pending() if each.name == JOB]
    records.close()
    return job


def life(folder: Path, job: Job, hospital: Hospital, die_at: int) -> int:
    """A process that writes until it is done or its time has come: the signal that killed it, or 0."""
    child = os.fork()
    if child == 0:
        try:
            deadline = Deadline(die_at, folder / "deaths")
            deadline.armed = True
            records: Any = MortalRecords(open_sqlite(folder / "records.db", KEYS, TestClock(AT)), deadline)
            duty(records, hospital, deadline).run(PRACTICE.id, job)
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def test_killed_at_every_request_and_every_commit_an_answer_is_in_the_chart_once(
    tmp_path: Path, hospital: Hospital
) -> None:
    job, step = answered(tmp_path, hospital), 1
    while life(tmp_path, job, hospital, step) == signal.SIGKILL:
        step += 1
    assert step > 8 and {"request", "commit"} <= set(lines(tmp_path / "deaths"))
    assert {kind: len(hospital.all(kind)) for kind in SHAPES["eligibility"]} == dict.fromkeys(
        SHAPES["eligibility"], 1
    )
    records = open_sqlite(tmp_path / "records.db", KEYS, TestClock(AT))
    with records.transaction(PRACTICE.id) as tx:
        found = chart_kept.stands(tx, ASKED)
    records.close()
    assert found is not None and found.step == "written"

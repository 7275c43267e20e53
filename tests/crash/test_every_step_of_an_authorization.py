"""Whoever sends a request for authorization is killed at every step: it leaves under one trace and is answered once."""

import os
import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lamplighter.conversation.slots import Slot
from lamplighter.desk import plan_gates
from lamplighter.desk.authorizations import kept
from lamplighter.desk.authorizations.acts import Acts
from lamplighter.desk.authorizations.planning import SEND, UNDO
from lamplighter.desk.authorizations.work import Authorizations
from lamplighter.desk.ports import Job
from lamplighter.desk.ports.authorizations import AuthorizationReply, Ruled, Verdict
from lamplighter.desk.ports.coverage import AuthorizationQuestion
from lamplighter.practice.authorizing import AuthorizationPayer, AuthorizationRules
from lamplighter.practice.model import Modality
from lamplighter.practice.sample import load_sample
from lamplighter.records.opening import open_sqlite
from tests.crash.killing import Deadline, MortalRecords, append_line, lines
from tests.desk.authorizations.scene import BILLER, CLINICIAN, CODES
from tests.desk.eligibility.scene import ANNA
from tests.records.stores import KEYS, TestClock

NOON = datetime(2026, 12, 1, 17, tzinfo=UTC)
PAYER = AuthorizationPayer("aetna", "x12_278", (("follow_up", "needed"),))
PRACTICE = replace(load_sample(), authorizations=AuthorizationRules((PAYER,)))
STEPS = ("commit", "before it leaves", "after it left")


class FilePayer:
    """The payer outside: a line a request that arrived. `of` makes it every practice's."""

    party, may_be_polled = "", False

    def __init__(self, file: Path, deadline: Deadline | None = None) -> None:
        self._file, self._deadline = file, deadline

    def of(self, practice: str, kind: str) -> "FilePayer":
        return self

    def submit(self, asked: AuthorizationQuestion, deadline: float) -> AuthorizationReply:
        self._step("before it leaves")
        append_line(self._file, asked.trace)
        self._step("after it left")
        return Ruled(Verdict.PENDED, ticket=asked.trace)

    def inquire(self, asked: AuthorizationQuestion, ticket: str, deadline: float) -> AuthorizationReply:
        raise AssertionError("nobody may poll it")

    def _step(self, name: str) -> None:
        if self._deadline is not None:
            self._deadline.step(name)


def duty(records: Any, clock: TestClock, payer: FilePayer) -> Authorizations:
    return Authorizations(records, {PRACTICE.id: PRACTICE}, clock, payer)


def released(folder: Path) -> Job:
    records, clock = open_sqlite(folder / "records.db", KEYS, TestClock(NOON)), TestClock(NOON)
    follows = duty(records, clock, FilePayer(folder / "arrived"))
    slot = Slot(NOON + timedelta(days=9), 45, "amara_osei", Modality.TELEHEALTH, "follow_up")
    with records.transaction(PRACTICE.id) as tx:
        tx.people.add(ANNA)
        plan_gates.keep_answer(tx, ANNA.id, "plan_check", True, wording="paper", now=NOON)
        visit = tx.schedule.book("v1", slot, [ANNA.id], "c0", NOON, "booked")
        assert visit is not None
        found, acts = follows.draft(tx, ANNA, visit, NOON), Acts(follows, PRACTICE)
        found = acts.confirm(tx, found, CODES, CLINICIAN, NOON)  # type: ignore[assignment]
        assert not isinstance(acts.release(tx, ANNA, found, BILLER, NOON), str)
        [job] = [each for each in tx.jobs.pending() if each.name == SEND]
    records.close()
    return job


def life(folder: Path, job: Job, die_at: str) -> int:
    """A process that sends it until it is done or its time has come: the signal that killed it, or 0."""
    child = os.fork()
    if child == 0:
        try:
            clock, deadline = TestClock(NOON + UNDO), Deadline(die_at, folder / "deaths")
            deadline.armed = True
            records: Any = MortalRecords(open_sqlite(folder / "records.db", KEYS, clock), deadline)
            duty(records, clock, FilePayer(folder / "arrived", deadline)).send(PRACTICE.id, job)
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def steps(folder: Path) -> list[str]:
    records = open_sqlite(folder / "records.db", KEYS, TestClock(NOON))
    with records.transaction(PRACTICE.id) as tx:
        [found] = kept.everybodys(tx)
    records.close()
    return [each.kind for each in found.steps]


def test_once_killed_at_every_step_a_request_leaves_under_one_trace_and_is_answered_once(
    tmp_path: Path,
) -> None:
    job = released(tmp_path)
    for die_at in STEPS:
        assert life(tmp_path, job, die_at) == signal.SIGKILL
    assert len(lines(tmp_path / "arrived")) == 1
    assert steps(tmp_path) == ["codes", "released", "sent"], "it is stored before it leaves"
    assert life(tmp_path, job, "none") == 0
    assert steps(tmp_path) == ["codes", "released", "sent", "answer"]
    assert len(lines(tmp_path / "arrived")) == 2 and len(set(lines(tmp_path / "arrived"))) == 1

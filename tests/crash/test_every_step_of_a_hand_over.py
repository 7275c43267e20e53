"""A worker is killed at every step of a crisis: hearing it, ringing, being accepted, being closed. Somebody is rung
whatever happens, and one person has it."""

import json
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lamplighter.conversation.engine import Conversation
from lamplighter.conversation.events import (
    HandoffAccepted,
    HandoffAsked,
    HandoffClosed,
    HandoffRung,
    Heard,
    Said,
)
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.state import fold
from lamplighter.desk.handoffs import JOB
from lamplighter.desk.one_turn import Line
from lamplighter.desk.ports import Ring
from lamplighter.practice.sample import load_sample
from lamplighter.records.opening import open_sqlite
from lamplighter.wiring.desk import Desk, wire
from lamplighter.wiring.late_parts import guard, understanding
from lamplighter.wiring.outward import Outward
from lamplighter.wiring.stage import Kept, Quiet
from tests.crash.killing import Deadline, MortalRecords, append_line, lines
from tests.promises.desks import CALLER, House, Resting, of_kind
from tests.records.stores import KEYS, TestClock
from tests.rules.scenes import DANGER

NOON = datetime(2026, 12, 1, 17, tzinfo=UTC)
PRACTICE, CONTACT = load_sample(), "c1"
LINE = Line(Conversation(PRACTICE, Phrasebook.load(), guard(), understanding()), "signed")
MOST_STEPS = 60


@dataclass
class FilePager:
    """The telephones outside: a line a ring."""

    file: Path
    step: Callable[[str], None]

    def ring(self, ring: Ring) -> None:
        self.step("before ringing")
        append_line(self.file, json.dumps([ring.handoff, ring.rung, ring.step]))
        self.step("after ringing")

    def call_off(self, ring: Ring, by: str) -> None:
        """Whoever still rings hears that somebody has it; that is shown elsewhere."""


@dataclass
class Scene:
    folder: Path
    stride: int
    at: datetime = NOON

    def life(self, do: Callable[[Desk, Any], None], die_at: int | str) -> int:
        """A process that does one thing until it is done or its time has come: what killed it, or 0."""
        child = os.fork()
        if child == 0:
            try:
                deadline = Deadline(die_at, self.folder / "deaths")
                records: Any = open_sqlite(self.folder / "records.db", KEYS, TestClock(self.at))
                mortal: Any = MortalRecords(records, deadline)
                pager = FilePager(self.folder / "rung", deadline.step)
                out = Outward(TestClock(self.at), Kept(), pager, Quiet())
                ids, codes = (lambda: CONTACT), (lambda: "000000")
                runner: Any = Resting()
                desk = wire(mortal, runner, [LINE], out, worker="embedded", new_id=ids, new_code=codes)
                deadline.armed = True
                do(desk, records)
                os._exit(0)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
        return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0

    def killed_at_every_step(self, do: Callable[[Desk, Any], None]) -> int:
        for die_at in range(1, MOST_STEPS, self.stride):
            if self.life(do, die_at) != signal.SIGKILL:
                return die_at - 1
            self.nobody_is_forgotten()
        raise AssertionError("it never came to an end")

    def left(self) -> tuple[list[Any], list[Any], list[Any]]:
        records = open_sqlite(self.folder / "records.db", KEYS, TestClock(self.at))
        with records.transaction(PRACTICE.id) as tx:
            found = list(tx.log.read(CONTACT)), list(tx.jobs.pending()), list(tx.tasks.list_open())
        records.close()
        return found

    def nobody_is_forgotten(self) -> None:
        """What was said of danger is with somebody, or rings, or waits to ring; and stands on the board until it is
        closed."""
        events, jobs, tasks = self.left()
        bodies, state = [event.body for event in events], fold(events)
        if DANGER not in [heard.text for heard in of_kind(bodies, Heard)]:
            return
        assert state.handoff is not None and of_kind(bodies, Said)
        if state.handoff.status in ("ringing", "promised"):
            assert [job for job in jobs if job.name == JOB]
        if state.handoff.status != "closed":
            assert [task for task in tasks if task.contact == CONTACT]


def rings(desk: Desk, records: Any) -> None:
    """The jobs that are due, each until it is done: one that was cut off runs again."""
    with records.transaction(PRACTICE.id) as tx:
        due = [job for job in tx.jobs.pending() if job.name == JOB and job.due <= tx_now(desk)]
    for job in due:
        desk.handoffs.run(PRACTICE.id, job)
        with records.transaction(PRACTICE.id) as tx:
            tx.finish_job(job.key)


def tx_now(desk: Desk) -> datetime:
    return desk.contacts._clock.now()


@pytest.mark.parametrize("stride", [4, pytest.param(1, marks=pytest.mark.slow)])
def test_a_crisis_whose_workers_are_killed_at_every_step_is_rung_for_accepted_once_and_closed(
    tmp_path: Path, stride: int
) -> None:
    House().call().say(DANGER)  # brings in what is loaded at its first use, once for all lives
    scene, name = Scene(tmp_path, stride), PRACTICE.id
    opened = {"channel": "voice", "dialled": PRACTICE.phone, "address": CALLER}

    def hears(desk: Desk, _: Any) -> None:
        desk.contacts.hear(name, CONTACT, DANGER, inbound="utterance 1")

    def accepts(desk: Desk, _: Any) -> None:
        desk.handoffs.answered(name, CONTACT, 0, "front_desk", "Rosa", "accepted")

    def another_accepts(desk: Desk, _: Any) -> None:
        assert desk.handoffs.answered(name, CONTACT, 0, "on_call", "Bea", "accepted") in ("Rosa", None)

    def closes(desk: Desk, _: Any) -> None:
        desk.contacts.note(name, CONTACT, HandoffClosed("Rosa", "handled"))

    assert scene.life(lambda desk, _: desk.contacts.open(name, **opened), 0) == 0  # type: ignore[arg-type]
    assert scene.killed_at_every_step(hears)
    for moment in ("before ringing", "after ringing"):  # noted as rung, and not rung yet
        assert scene.life(rings, moment) == signal.SIGKILL
        scene.nobody_is_forgotten()
    assert scene.killed_at_every_step(rings)
    scene.at += timedelta(seconds=PRACTICE.ladder.seconds)
    assert scene.life(rings, 0) == 0
    assert scene.killed_at_every_step(accepts)
    scene.life(another_accepts, 0)
    assert scene.killed_at_every_step(closes)

    if stride == 1:
        steps = {"log.append", "jobs.enqueue", "tasks.add", "tasks.close", "commit", "committed"}
        assert steps <= set(lines(tmp_path / "deaths"))
    events, jobs, tasks = scene.left()
    bodies = [event.body for event in events]
    counts = [len(of_kind(bodies, kind)) for kind in (Heard, HandoffAsked, HandoffAccepted)]
    assert counts == [1, 1, 1] and fold(events).handoff is not None
    noted = [(str(rung.step), rung.rung) for rung in of_kind(bodies, HandoffRung)]
    rung = [json.loads(line) for line in lines(tmp_path / "rung")]
    assert noted and set(noted) == {(str(step), who) for _, who, step in rung}
    assert not [job for job in jobs if job.name == JOB and job.due <= scene.at]
    assert not [task for task in tasks if task.kind != "follow_up" and task.due <= scene.at]

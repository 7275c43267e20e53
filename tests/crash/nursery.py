"""A process that has loaded everything once and forks a worker for each command: `python nursery.py FOLDER`.

It first prints what the caller says in an undisturbed booking, as a JSON list. Then a command is a line of JSON on
standard input, and the answer a line with the signal that killed the worker, 0 for none.
Every worker opens the encrypted file anew, takes up the contact from its log and does one thing, until it is done
or until its time has come.
"""

import gc
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from lamplighter.desk.contacts import Contacts, Reply
from lamplighter.practice.sample import load_sample
from lamplighter.records.jobs_dbos import DbosJobs
from lamplighter.records.opening import open_sqlite
from lamplighter.records.sql.store import SqlRecords
from lamplighter.rehearsal.play import play
from lamplighter.wiring.demo_callers import scenarios
from lamplighter.wiring.desk import Desk, wire
from lamplighter.wiring.lines import line_of
from lamplighter.wiring.outward import Outward
from lamplighter.wiring.stage import MemoryStage, Quiet
from tests.crash.killing import Deadline, FileClearinghouse, FileMessenger, MortalRecords, append_line, lines
from tests.records.stores import KEYS, TestClock

CONTACT = "c1"
SCENARIO = scenarios()["evening-first-visit"]
PRACTICE = "demo"
PATIENCE = 180.0


class NoPager:
    """Nobody is rung in a booking."""

    def ring(self, ring: object) -> None:
        raise AssertionError("nobody was to be rung")

    def call_off(self, ring: object, by: str) -> None:
        raise AssertionError("nobody was rung")


class Worker:
    """One life of a worker. `folder` holds the store, what was sent, what was spoken and where each life ended."""

    def __init__(self, folder: Path, at: datetime, die_at: int) -> None:
        self.folder = folder
        self.clock = TestClock(at)
        self.deadline = Deadline(die_at, folder / "deaths")
        self.records: SqlRecords = open_sqlite(folder / "records.db", KEYS, self.clock)
        self.jobs = DbosJobs(self.records, self.clock)
        self.desk = self._wired()

    def _wired(self) -> Desk:
        messenger = FileMessenger(self.folder / "sent", self.deadline.step)
        payers = FileClearinghouse(self.folder / "asked", self.deadline.step)
        return wire(
            MortalRecords(self.records, self.deadline),
            self.jobs,
            [line_of(load_sample(), "signed")],
            Outward(self.clock, messenger, NoPager(), Quiet(), clearinghouses=payers),
            worker="embedded",
            new_id=lambda: CONTACT,
            new_code=lambda: "000000",
        )

    @property
    def contacts(self) -> Contacts:
        return self.desk.contacts

    def turn(self, number: int, said: list[str]) -> None:
        """Says what a former life left unspoken, then takes this turn. Turn 0 is the call coming in."""
        if number > 0:
            self.speak_what_is_left()
            if number > 1:
                again = self.hear(number - 1, said[number - 2])
                assert again.said == (), "a redelivery was answered twice"
        self.deadline.armed = True
        if number == 0:
            reply = self.contacts.open(
                PRACTICE, channel="voice", dialled="+12125550100", address=SCENARIO.caller_id
            )
        else:
            reply = self.hear(number, said[number - 1])
        for utterance in reply.said:
            append_line(self.folder / "spoken", str(utterance.seq))

    def hear(self, number: int, text: str) -> Reply:
        return self.contacts.hear(PRACTICE, CONTACT, text, inbound=f"utterance {number}")

    def speak_what_is_left(self) -> None:
        spoken = lines(self.folder / "spoken")
        for utterance in self.contacts.utterances(PRACTICE, CONTACT, int(spoken[-1]) if spoken else 0):
            append_line(self.folder / "spoken", str(utterance.seq))

    def work(self) -> None:
        """Runs what is due until nothing is."""
        self.deadline.armed = True
        self.jobs.start()
        self.jobs.clock_moved()
        give_up = time.monotonic() + PATIENCE
        while self.due() and time.monotonic() < give_up:
            time.sleep(0.02)
        self.jobs.stop()

    def due(self) -> bool:
        with self.records.transaction(PRACTICE) as tx:
            return any(job.due <= self.clock.now() for job in tx.jobs.pending())


def one_life(folder: Path, command: dict[str, Any]) -> None:
    worker = Worker(folder, datetime.fromisoformat(command["at"]), command["die_at"])
    if command["do"] == "turn":
        worker.turn(command["number"], command["said"])
    else:
        worker.work()
    worker.records.close()


def in_a_fork(life: Callable[[], None]) -> int:
    """The signal that ended it; 0 when it came to its own end. Raises when it failed."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            life()
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)
    _, waited = os.waitpid(child, 0)
    if os.WIFEXITED(waited) and os.WEXITSTATUS(waited):
        raise RuntimeError("the worker failed; its own words stand above")
    return os.WTERMSIG(waited) if os.WIFSIGNALED(waited) else 0


def rehearse() -> list[str]:
    """What the caller says in an undisturbed booking. Brings in, too, all that is loaded at its first use."""
    played, _ = play(SCENARIO, load_sample(), MemoryStage(), 0)
    assert played.state.outcome == "booked"
    with TemporaryDirectory() as folder:
        worker = Worker(Path(folder), SCENARIO.at, die_at=0)
        worker.turn(0, [])
        worker.work()
        worker.records.close()
    return [line.said for line in played.lines if line.who == "caller"]


def main(folder: Path) -> None:
    print(json.dumps(rehearse()), flush=True)
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        command = json.loads(line)
        print(in_a_fork(lambda: one_life(folder, command)), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

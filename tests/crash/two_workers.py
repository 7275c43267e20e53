"""Two workers on one PostgreSQL: `python two_workers.py URL`. Everything is loaded once, then each worker is forked.

A command is a line of JSON that names the worker; the answer is a line of JSON: the phrases it said, or what it raised.
`{"to": "a", "do": "start"}` begins a life of worker a; "at" sets its clock; "die_at" kills it at that step,
by number or by name.
"""

import json
import os
import socket
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from lamplighter.desk.contacts import Reply
from lamplighter.desk.ports import NotTheWorker, Ring
from lamplighter.practice.sample import load_sample
from lamplighter.records.jobs_dbos import DbosJobs
from lamplighter.records.opening import open_postgres
from lamplighter.wiring.desk import wire
from lamplighter.wiring.lines import line_of
from lamplighter.wiring.outward import Outward
from lamplighter.wiring.stage import Quiet
from tests.crash.killing import Deadline, FileMessenger, MortalRecords, append_line
from tests.crash.nursery import CONTACT, PRACTICE, SCENARIO, rehearse
from tests.records.stores import KEYS, TestClock


class FilePager:
    def __init__(self, file: Path) -> None:
        self._file = file

    def ring(self, ring: Ring) -> None:
        append_line(self._file, f"{ring.rung} {ring.step}")

    def call_off(self, ring: Ring, by: str) -> None:
        append_line(self._file, f"{ring.rung} called off")


class Worker:
    def __init__(self, url: str, name: str, folder: Path) -> None:
        self.clock = TestClock(SCENARIO.at)
        self.deadline = Deadline(0, folder / "deaths")
        self.deadline.armed = True
        self.records = open_postgres(url, KEYS, self.clock)
        self.jobs = DbosJobs(self.records, self.clock, name, ttl_seconds=2)
        self.contacts = wire(
            MortalRecords(self.records, self.deadline),
            self.jobs,
            [line_of(load_sample(), "signed")],
            Outward(
                self.clock,
                FileMessenger(folder / "sent", self.deadline.step),
                FilePager(folder / "rung"),
                Quiet(),
            ),
            worker=name,
            new_id=lambda: CONTACT,
            new_code=lambda: "000000",
        ).contacts

    def do(self, command: dict[str, Any]) -> dict[str, Any]:
        self.clock.at = datetime.fromisoformat(command["at"])
        self.deadline.die_at(command.get("die_at", 0))
        try:
            return {"said": [u.phrase for u in self._reply(command).said]}
        except NotTheWorker:
            return {"raised": "NotTheWorker"}

    def _reply(self, command: dict[str, Any]) -> Reply:
        contact = command.get("contact", CONTACT)
        match command["do"]:
            case "open":
                return self.contacts.open(
                    PRACTICE,
                    channel="voice",
                    dialled="+12125550100",
                    address=SCENARIO.caller_id,
                    contact=contact,
                )
            case "hear":
                return self.contacts.hear(PRACTICE, contact, command["text"], inbound=command["id"])
            case "run_jobs":
                self.jobs.start()
        return Reply(contact, (), False, False)


def live(url: str, name: str, folder: Path, wire_: socket.socket) -> None:
    worker = Worker(url, name, folder)
    with wire_.makefile("rw") as line:
        for command in line:
            line.write(json.dumps(worker.do(json.loads(command))) + "\n")
            line.flush()


def fork(url: str, name: str, folder: Path) -> socket.socket:
    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        ours.close()
        try:
            live(url, name, folder, theirs)
        finally:
            os._exit(0)
    theirs.close()
    return ours


def main(url: str, folder: Path) -> None:
    print(json.dumps(rehearse()), flush=True)
    lines: dict[str, Any] = {}
    for written in sys.stdin:
        command = json.loads(written)
        name = command["to"]
        if command["do"] == "start":
            lines[name] = fork(url, name, folder).makefile("rw")
            print("{}", flush=True)
            continue
        lines[name].write(written)
        lines[name].flush()
        print(lines[name].readline().strip() or '{"died": true}', flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

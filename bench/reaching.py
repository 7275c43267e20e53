"""How fast a person is reached, and how fast we fall silent: the real desk on loopback, speech stood in."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from bench import Budget, Budgets
from bench._stores import sqlite
from lamplighter.channels.calls.spoken import SpokenLines
from lamplighter.channels.speech.listening import LevelVad
from lamplighter.channels.speech.standins import WordsInSoundRecogniser, WordsInSoundVoice
from lamplighter.conversation import events as e
from lamplighter.desk.ports import Ring
from lamplighter.practice.sample import load_sample
from lamplighter.records.jobs_dbos import DbosJobs
from lamplighter.records.sql.store import SqlRecords
from lamplighter.wiring.desk import Desk, wire
from lamplighter.wiring.late_parts import warm_up
from lamplighter.wiring.lines import line_of
from lamplighter.wiring.outward import Outward
from lamplighter.wiring.stage import Kept, Quiet
from tests.channels.web.lines import End, line_to
from tests.channels.web.stage import Stage, served
from tests.channels.web.test_call_line import only_contact, spoken

DANGERS, CALLS = 30, 10
PATIENCE_SECONDS = 30


def budgets() -> Budgets:
    waits = first_rings()
    how = (
        f"slowest of {len(waits)} for danger, median {middle(waits):.2f} s, from the words on; encrypted file"
    )
    yield Budget("verdict to first ring", 3, max(waits), "s", how)
    taken = [silence(lambda line, stage: take_over(stage)) for _ in range(CALLS)]
    how = f"slowest of {CALLS} calls, median {middle(taken):.3f} s, from a person's click to the page's loudspeaker"
    yield Budget("takeover to silence", 2, max(taken), "s", how)
    cut = [silence(lambda line, stage: speak(line)) * 1000 for _ in range(CALLS)]
    how = (
        f"slowest of {CALLS} calls, median {middle(cut):.0f} ms, from the first piece of sound that is speech"
    )
    yield Budget("barge-in to silence", 200, max(cut), "ms", how)


def middle(figures: list[float]) -> float:
    return sorted(figures)[len(figures) // 2]


@dataclass
class Bell:
    """A Pager that notes when each contact's first ring came."""

    came: dict[str, float] = field(default_factory=dict)
    rang: threading.Condition = field(default_factory=threading.Condition)

    def ring(self, ring: Ring) -> None:
        with self.rang:
            self.came.setdefault(ring.contact, time.monotonic())
            self.rang.notify_all()

    def call_off(self, ring: Ring, by: str) -> None:
        """Nobody accepts."""

    def first(self, contact: str) -> float:
        with self.rang:
            if not self.rang.wait_for(lambda: contact in self.came, PATIENCE_SECONDS):
                raise RuntimeError("nobody was rung")
            return self.came[contact]


class ThisClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def first_rings() -> list[float]:
    """Seconds from the end of somebody's dangerous words to the first ring, jobs run as `serve` runs them."""
    sample, bell, clock = load_sample(), Bell(), ThisClock()
    warm_up([sample], clock.now()).join()
    with sqlite(clock) as records:
        jobs = DbosJobs(records, clock)
        desk = desk_over(records, jobs, Outward(clock, Kept(), bell, Quiet()))
        jobs.start()
        try:
            return [in_danger(desk, bell) for _ in range(DANGERS)]
        finally:
            jobs.stop()


def desk_over(records: SqlRecords, jobs: DbosJobs, outward: Outward) -> Desk:
    numbers = count()
    lines = [line_of(load_sample(), "bench")]
    return wire(
        records,
        jobs,
        lines,
        outward,
        worker="bench",
        new_id=lambda: f"c{next(numbers)}",
        new_code=lambda: "000000",
    )


def in_danger(desk: Desk, bell: Bell) -> float:
    (practice,) = desk.practices.values()
    contact = desk.contacts.open(practice.id, channel="chat", dialled=practice.phone, address=None).contact
    began = time.monotonic()
    desk.contacts.hear(practice.id, contact, "I don't want to live any more, I have the pills here")
    return bell.first(contact) - began


def silence(act: Callable[[End, Stage], None]) -> float:
    """Seconds from what somebody does while the greeting is spoken to the page being told to fall silent."""
    stage = Stage()
    stage.speech.ready(SpokenLines(WordsInSoundRecogniser(), WordsInSoundVoice(), LevelVad))
    with served(stage.public()) as address, line_to(address, "/call/line") as line:
        line.send(type="hello", number=None)
        line.until("hello")
        line.sound()
        hushed: Future[float] = Future()
        threading.Thread(target=lambda: hushed.set_result(moment_of_hush(line)), daemon=True).start()
        began = time.monotonic()
        act(line, stage)
        return hushed.result(PATIENCE_SECONDS) - began


def moment_of_hush(line: End) -> float:
    line.until("hush")
    return time.monotonic()


def take_over(stage: Stage) -> None:
    contact = only_contact(stage)[0].contact
    stage.contacts.note(stage.practice.id, contact, e.FloorTaken("Front desk"))


def speak(line: End) -> None:
    """As a microphone sends it: a piece each forty milliseconds, for a second."""
    for piece in spoken("What are your hours? I only wanted to ask that.")[:25]:
        line.send_raw(piece)
        time.sleep(0.04)

"""The stage of a simulated month: one desk in memory, its jobs tried again as a live desk tries them."""

import random
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from lamplighter import logs
from lamplighter.channels.sms.inbound import Inbound
from lamplighter.conversation import events as e
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk.contacts import Overtaken
from lamplighter.desk.ports import Carrier, Clock, Job, JobHandler, Pager, Records, Ring
from lamplighter.desk.replies import Reply
from lamplighter.practice.model import Practice, PracticeId
from lamplighter.practice.sample import load_sample
from lamplighter.records.memory import MemoryJobs, MemoryRecords
from lamplighter.records.sql.queue import ATTEMPTS, FIRST_RETRY, LONGEST_RETRY
from lamplighter.rehearsal import month_report
from lamplighter.rehearsal.stage import RungAnswer
from lamplighter.wiring.desk import wire
from lamplighter.wiring.lines import line_of
from lamplighter.wiring.outward import Outward
from lamplighter.wiring.stage import UNSIGNED, Kept, Quiet

DESK = "Desk"
AGAIN = "#"
SILENT = 50
"""Above what is logged: that a carrier fails is the plan here."""


class TriedAgain(MemoryJobs):
    """Jobs that couldn't reach the outside run again later, each time twice as much later, so often and no more."""

    def __init__(self, records: MemoryRecords, clock: Clock) -> None:
        super().__init__(records)
        self._store, self._clock = records, clock

    def register(self, name: str, handler: JobHandler) -> None:
        super().register(name, lambda practice, job: self._try(handler, practice, job))

    def _try(self, handler: JobHandler, practice: PracticeId, job: Job) -> None:
        try:
            handler(practice, job)
        except ConnectionError:
            key, _, tried = job.key.partition(AGAIN)
            attempts = int(tried or 0) + 1
            delay = min(FIRST_RETRY * 2 ** (attempts - 1), LONGEST_RETRY)
            if attempts < ATTEMPTS:
                with self._store.transaction(practice) as tx:
                    again = Job(f"{key}{AGAIN}{attempts}", job.name, self._clock.now() + delay, job.args)
                    tx.jobs.enqueue(again)


@dataclass(frozen=True, slots=True)
class Only:
    """One practice's carrier."""

    practice: PracticeId
    carrier: Carrier

    def of(self, practice: PracticeId) -> Carrier | None:
        return self.carrier if practice == self.practice else None

    def has(self, practice: PracticeId) -> bool:
        return practice == self.practice


class MemoryMonth:
    def __init__(self, practice: Practice, clock: Clock, carrier: Carrier, pager: Pager, seed: int) -> None:
        self._practice = practice.id
        self._dialled = practice.phone
        self._book = Phrasebook.load()
        chance = random.Random(seed)
        self._store = MemoryRecords(clock)
        self._jobs = TriedAgain(self._store, clock)
        self._desk = wire(
            self._store,
            self._jobs,
            [line_of(practice, UNSIGNED, self._book)],
            Outward(clock, Kept(), pager, Quiet(), Only(practice.id, carrier)),
            worker="rehearsal",
            new_id=lambda: f"{chance.getrandbits(64):016x}",
            new_code=lambda: f"{chance.randrange(10**6):06d}",
        )
        self._inbound = Inbound(self._desk.contacts, self._store)

    @property
    def records(self) -> Records:
        return self._store

    def take(self, sender: str, text: str, inbound: str) -> Reply:
        return self._inbound.take(
            self._practice, dialled=self._dialled, sender=sender, text=text, inbound=inbound
        )

    def close(self, contact: str) -> None:
        closed = e.HandoffClosed(DESK, "handled")
        try:
            self._desk.contacts.note(self._practice, contact, closed, given=lambda _, now: now.handed_over)
        except Overtaken:
            return

    def answered(self, ring: Ring, answer: RungAnswer) -> bool:
        with self._store.transaction(self._practice) as tx:
            task = tx.tasks.get(ring.handoff)
            if task is not None:
                tx.tasks.close(task.id, ring.name)
                return False
        self._desk.handoffs.answered(self._practice, ring.contact, ring.step, ring.rung, ring.name, answer)
        return True

    def render(self, locale: str, phrase: str, args: Mapping[str, str]) -> str:
        return self._book.render(locale, phrase, args)

    def next_due(self) -> datetime | None:
        return self._jobs.next_due()

    def run_due(self, now: datetime) -> int:
        return self._jobs.run_due(now)


class MemoryMonths:
    def fresh(
        self, practice: Practice, clock: Clock, carrier: Carrier, pager: Pager, seed: int
    ) -> MemoryMonth:
        return MemoryMonth(practice, clock, carrier, pager, seed)


def play(appointments: int, seed: int, as_json: bool) -> bool:
    """Plays a month of the sample practice and prints it; how far it is goes to standard error, a line a day."""
    logs.configure(level=SILENT)
    report = month_report.run_month(
        load_sample(), MemoryMonths(), appointments=appointments, seed=seed, told=_tell
    )
    sys.stdout.write((month_report.as_json if as_json else month_report.as_text)(report) + "\n")
    return report.passed


def _tell(day: date, booked: int) -> None:
    sys.stderr.write(f"{day:%a} {day.isoformat()}: {booked} booked so far\n")
    sys.stderr.flush()

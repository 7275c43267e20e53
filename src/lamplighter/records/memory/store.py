"""Records in memory. A transaction holds its practice's lock, and takes everything back when it fails."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from lamplighter.desk.ports import (
    AGENT,
    Clock,
    Consents,
    Counters,
    Facts,
    Jobs,
    Ledger,
    Log,
    Outbox,
    People,
    Pictures,
    Schedule,
    Staff,
    Tallies,
    Tasks,
    Waitlist,
)
from lamplighter.practice.model import PracticeId
from lamplighter.records.errors import AlreadyInTransaction
from lamplighter.records.memory.counters import MemoryCounters
from lamplighter.records.memory.facts import MemoryFacts
from lamplighter.records.memory.ledger import MemoryLedger
from lamplighter.records.memory.lists import MemoryConsents, MemoryOutbox, MemoryTasks, MemoryWaitlist
from lamplighter.records.memory.log import MemoryLog
from lamplighter.records.memory.people import MemoryPeople
from lamplighter.records.memory.pictures import MemoryPictures
from lamplighter.records.memory.queue import MemoryQueue
from lamplighter.records.memory.schedule import MemorySchedule
from lamplighter.records.memory.staff import MemoryStaff
from lamplighter.records.memory.state import State
from lamplighter.records.memory.tallies import MemoryTallies


class MemoryTransaction:
    """All parts over one practice's state."""

    practice: PracticeId
    log: Log
    schedule: Schedule
    people: People
    tasks: Tasks
    consents: Consents
    waitlist: Waitlist
    outbox: Outbox
    jobs: Jobs
    staff: Staff
    facts: Facts
    pictures: Pictures
    counters: Counters
    tallies: Tallies
    ledger: Ledger

    def __init__(self, practice: PracticeId, state: State, ledger: MemoryLedger) -> None:
        self._people = MemoryPeople(state, ledger)
        self._queue = MemoryQueue(state, ledger)
        self.practice = practice
        self.log = MemoryLog(state, practice, ledger)
        self.schedule = MemorySchedule(state, ledger)
        self.people = self._people
        self.tasks = MemoryTasks(state, ledger)
        self.consents = MemoryConsents(state, ledger)
        self.waitlist = MemoryWaitlist(state, ledger)
        self.outbox = MemoryOutbox(state, ledger)
        self.jobs = self._queue
        self.staff = MemoryStaff(state, ledger)
        self.facts = MemoryFacts(state, ledger)
        self.pictures = MemoryPictures(state, ledger)
        self.counters = MemoryCounters(state)
        self.tallies = MemoryTallies(state)
        self.ledger = ledger

    def set_legal_hold(self, person_id: str, held: bool) -> None:
        """While it is set, `people.forget` refuses this person."""
        self._people.set_legal_hold(person_id, held)

    def finish_job(self, key: str) -> None:
        """Marks a job as run, so that its key never runs again."""
        self._queue.finish(key)


class _Practice:
    def __init__(self) -> None:
        self.state = State()
        self.lock = threading.Lock()
        self.holder: int | None = None


class MemoryRecords:
    """Everything in memory: gone when the process ends. For rehearsals and tests; never for a live practice."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._practices: dict[PracticeId, _Practice] = {}
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<MemoryRecords: {len(self._practices)} practices, NOTHING IS KEPT when the process ends>"

    @contextmanager
    def transaction(
        self, practice: PracticeId, who: str = AGENT, seen: set[str] | None = None
    ) -> Iterator[MemoryTransaction]:
        """Raises AlreadyInTransaction when nested."""
        with self._lock:
            kept = self._practices.setdefault(practice, _Practice())
        if kept.holder == threading.get_ident():
            raise AlreadyInTransaction(practice)
        with kept.lock:
            kept.holder = threading.get_ident()
            try:
                ledger = MemoryLedger(kept.state, practice, who, self._clock.now, seen or ())
                yield MemoryTransaction(practice, kept.state, ledger)
                kept.state.journal.commit()
                if seen is not None:
                    seen |= ledger.noted
            except BaseException:
                kept.state.journal.roll_back()
                raise
            finally:
                kept.holder = None

    def practices(self) -> tuple[PracticeId, ...]:
        with self._lock:
            return tuple(self._practices)

    def close(self) -> None:
        with self._lock:
            self._practices.clear()

"""They can come after all: what is left of a time that was called off is free again, two minutes after it was said.

Visits that were called off stay called off, for their people have been told; who has no new time may be called.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lamplighter.desk import sick_day
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import AGENT, Clock, Fact, Job, Records, Transaction
from lamplighter.desk.sick_day import TO_UNDO, CalledOff
from lamplighter.practice.model import PracticeId

JOB: Final = "free_called_off_time"


@dataclass(frozen=True, slots=True)
class Lifted:
    """`begins`: when the time is free, unless somebody takes it back before. `done`: it is."""

    id: str
    by: str
    begins: datetime
    done: bool


def may_be_lifted(tx: Transaction, called_off: CalledOff, now: datetime) -> bool:
    """Something of it is left, and nobody has said it yet."""
    return called_off.done and now + TO_UNDO < called_off.spell.end and of(tx, called_off.id) is None


def lift(tx: Transaction, called_off: CalledOff, *, by: str, now: datetime) -> bool:
    """From two minutes on. False where there is nothing to lift, or it was said already."""
    if not may_be_lifted(tx, called_off, now):
        return False
    name = stable_id("called_off_lift", called_off.id, now.isoformat())
    begins = now + TO_UNDO
    about, details = f"called_off/{called_off.id}", (("begins", begins.isoformat()),)
    tx.facts.state(Fact(name, "called_off_lift", about, now, by, details))
    tx.jobs.enqueue(Job(f"{JOB}:{name}", JOB, begins, (("called_off", called_off.id), ("lift", name))))
    return True


def undo(tx: Transaction, called_off: str, *, by: str, now: datetime) -> bool:
    """The time stays blocked. False where it is free by now."""
    found = of(tx, called_off)
    if found is None or found.done or now >= found.begins:
        return False
    tx.jobs.cancel(f"{JOB}:{found.id}")
    return tx.facts.lift(found.id, by, now)


def of(tx: Transaction, called_off: str) -> Lifted | None:
    found = tx.facts.standing("called_off_lift", f"called_off/{called_off}")
    if not found:
        return None
    fact = found[0]
    begins = datetime.fromisoformat(fact.value("begins"))
    return Lifted(fact.id, fact.by, begins, tx.facts.get(_done(fact.id)) is not None)


def _done(name: str) -> str:
    return stable_id("called_off_lift_done", name)


class Freeing:
    """The job that frees the time. Runs twice without doing anything twice."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self._records, self._clock = records, clock

    def run(self, practice_id: PracticeId, job: Job) -> None:
        args, now = dict(job.args), self._clock.now()
        with self._records.transaction(practice_id) as tx:
            called_off, said = sick_day.of(tx, args["called_off"]), of(tx, args["called_off"])
            if called_off is None or said is None or said.id != args["lift"] or said.done:
                return
            tx.schedule.end_absence(called_off.id, now)
            about = f"called_off/{called_off.id}"
            tx.facts.state(Fact(_done(said.id), "called_off_lift_done", about, now, AGENT))

"""They can come after all: what is left of a time that was called off is free again, two minutes after it was said.

Visits that were called off stay called off, for their people have been told; who has no new time may be called. Hours
that were called off within that time are free with it; what reaches beyond it still blocks, and is named.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lamplighter.desk import sick_day
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import AGENT, Clock, Fact, Job, Records, Transaction, Visit
from lamplighter.desk.sick_day import TO_UNDO, CalledOff
from lamplighter.desk.sick_day_told import told
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


def still_blocks(tx: Transaction, called_off: CalledOff, now: datetime) -> tuple[CalledOff, ...]:
    """What else of this clinician was called off over this time, and stays so when this is free again."""
    return tuple(
        each for each in _beside(tx, called_off, now) if not each.done or not _within(each, called_off)
    )


def _beside(tx: Transaction, called_off: CalledOff, now: datetime) -> tuple[CalledOff, ...]:
    spell, found = called_off.spell, sick_day.standing(tx, now)
    return tuple(
        each
        for each in found
        if each.id != called_off.id
        and each.spell.clinician == spell.clinician
        and max(each.spell.start, spell.start, now) < min(each.spell.end, spell.end)
        and not ((said := of(tx, each.id)) is not None and said.done)
    )


def _within(one: CalledOff, other: CalledOff) -> bool:
    return other.spell.start <= one.spell.start and one.spell.end <= other.spell.end


def _free(tx: Transaction, called_off: CalledOff, said: Lifted, now: datetime) -> None:
    for part in range(_parts(tx, called_off.id)):
        tx.schedule.end_absence(part_of(called_off.id, part), now)
    for each in told(tx, called_off.id):
        tx.schedule.end_absence(not_kept(called_off.id, each.visit), now)
    about = f"called_off/{called_off.id}"
    tx.facts.state(Fact(_done(said.id), "called_off_lift_done", about, now, AGENT))


def _said_with(tx: Transaction, called_off: CalledOff, lifted: Lifted, now: datetime) -> Lifted:
    """Of hours that are free with the day they are part of."""
    found = of(tx, called_off.id)
    if found is not None:
        return found
    name = stable_id("called_off_lift", lifted.id, called_off.id)
    details = (("begins", now.isoformat()),)
    tx.facts.state(Fact(name, "called_off_lift", f"called_off/{called_off.id}", now, lifted.by, details))
    return Lifted(name, lifted.by, now, False)


def state_done(tx: Transaction, called_off: str, parts: int, now: datetime) -> None:
    """The day is called off, and its time is blocked in so many parts."""
    done, details = sick_day.done_name(called_off), (("parts", str(parts)),)
    tx.facts.state(Fact(done, "called_off_done", f"called_off/{called_off}", now, AGENT, details))


def _parts(tx: Transaction, called_off: str) -> int:
    fact = tx.facts.get(sick_day.done_name(called_off))
    return int(dict(fact.details).get("parts", "1")) if fact is not None else 0


def part_of(called_off: str, part: int) -> str:
    """What blocks the time of that day, or a part of it where something is left out."""
    return stable_id("called_off_part", called_off, str(part)) if part else called_off


def not_kept(called_off: str, visit: str) -> str:
    """What blocks the time of a visit that was left out of the day, where it is not kept after all."""
    return stable_id("called_off_not_kept", called_off, visit)


def leaves(tx: Transaction, visit: Visit, now: datetime) -> None:
    """A visit leaves its time, cancelled or moved: where that was left out of a time that is called off, because it was
    kept, it is blocked with the rest of it, for nobody is there."""
    slot = visit.slot
    for fact in tx.facts.standing("called_off", f"clinician/{slot.clinician}"):
        each = sick_day.of(tx, fact.id) if now < slot.end else None
        if each is None or not (each.spell.start < slot.end and slot.start < each.spell.end):
            continue
        lifted = of(tx, each.id)
        if any(one.visit == visit.id for one in told(tx, each.id)) and not (lifted and lifted.done):
            name = not_kept(each.id, visit.id)
            tx.schedule.add_absence(name, slot.clinician, slot.start, slot.end)


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
            for each in _beside(tx, called_off, now):
                if each.done and _within(each, called_off):
                    _free(tx, each, _said_with(tx, each, said, now), now)
            _free(tx, called_off, said, now)

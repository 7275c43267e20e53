"""Rings whoever it is for when somebody can't get to a visit that is about to begin. Rule 27.

Theory of operation. The transaction that stores a task stores the job of the first ring. Each ring's job stores the
next before it rings, so that a crash never ends the climb. It ends when somebody closes the task, or the visit would be
over; the task stays on the board until somebody does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lamplighter import logs
from lamplighter.desk import rota_changes
from lamplighter.desk.owed import OURS
from lamplighter.desk.ports import Clock, Job, Pager, Records, Ring, Task, Transaction, Visit
from lamplighter.practice.model import Clinician, Practice, PracticeId, Rung
from lamplighter.practice.rota import rungs_now, steps

log = logs.get(__name__)
JOB: Final = "page_for_visit"
NEAR: Final = timedelta(minutes=30)
"""Before or after its start a visit can't wait."""

AGAIN: Final = timedelta(minutes=1)
"""Between two climbs."""


@dataclass(frozen=True, slots=True)
class Climb:
    """Whom a task is for, since when."""

    task: str
    visit: str
    asked: datetime

    @classmethod
    def of(cls, job: Job) -> "Climb":
        args = dict(job.args)
        return cls(args["task"], args["visit"], datetime.fromisoformat(args["asked"]))


def enqueue(tx: Transaction, climb: Climb, step: int, due: datetime) -> None:
    asked = climb.asked.isoformat()
    args = (("task", climb.task), ("step", str(step)), ("visit", climb.visit), ("asked", asked))
    tx.jobs.enqueue(Job(f"{JOB}:{climb.task}:{asked}:{step}", JOB, due, args))


class Paging:
    """Rings whoever a visit's trouble is for: its clinician and the desk at once, then the rest of the desk's ladder,
    and again."""

    def __init__(
        self, records: Records, practices: Mapping[PracticeId, Practice], pager: Pager, clock: Clock
    ) -> None:
        self._records, self._practices, self._pager, self._clock = records, practices, pager, clock

    def run(self, practice_id: PracticeId, job: Job) -> None:
        practice, now, climb = self._practices[practice_id], self._clock.now(), Climb.of(job)
        step = int(dict(job.args)["step"])
        with self._records.transaction(practice_id) as tx:
            task = tx.tasks.get(climb.task)
            visit = tx.schedule.visit(climb.visit) if climb.visit else None
            if task is None:
                return
            groups = _up_to(task, groups_now(tx, practice, visit, now))
            rings = self._rings(practice, task, groups, step - (task.status != "open"))
            if task.status == "open" and step > 0 and now >= _until(climb, visit):
                return
            if task.status == "open" and groups and _climbs(task):
                last = (step + 1) % len(groups) == 0
                pause = timedelta(seconds=practice.ladder.seconds) + (AGAIN if last else timedelta())
                enqueue(tx, climb, step + 1, now + pause)
        for ring in rings:
            self._tell(ring, task)

    def _rings(
        self, practice: Practice, task: Task, groups: Sequence[Sequence[Rung]], step: int
    ) -> list[Ring]:
        group = groups[step % len(groups)] if groups and step >= 0 else ()
        return [
            Ring(
                practice.id, task.contact or "", task.id, rung.id, rung.name, rung.phone, "human", step,
                licensed=rung.licensed, kind=rung.kind, locale=practice.languages_signed[0],
            )
            for rung in group
        ]  # fmt: skip

    def _tell(self, ring: Ring, task: Task) -> None:
        """Once somebody has it, those who were rung last hear who."""
        try:
            if task.status == "open":
                self._pager.ring(ring)
            elif task.done_by not in (None, OURS):
                self._pager.call_off(ring, str(task.done_by))
        except Exception:  # whoever comes next is rung in their time
            log.exception("ringing_failed", practice=ring.practice, contact=ring.contact)


def _until(climb: Climb, visit: Visit | None) -> datetime:
    waits = climb.asked + NEAR
    return max(visit.slot.end, waits) if visit is not None else waits


def _up_to(task: Task, groups: Sequence[tuple[Rung, ...]]) -> Sequence[tuple[Rung, ...]]:
    """Of a visit that is by video now only its clinician and the desk have to know."""
    return groups[:1] if ("trouble", "by_video") in task.details else groups


def _climbs(task: Task) -> bool:
    """That somebody is late is told once to whom it is for; nobody waits for an answer."""
    return ("trouble", "late") not in task.details


def groups_now(
    tx: Transaction, practice: Practice, visit: Visit | None, now: datetime
) -> tuple[tuple[Rung, ...], ...]:
    """Whom each step rings; the visit's clinician with the first of the desk."""
    changes = rota_changes.standing(tx)
    busy = _seeing_somebody(tx, practice, visit, now)
    desk = steps(rungs_now(practice, "human", now, in_session=busy, lines=False, changes=changes))
    if visit is None:
        return desk
    who = practice.clinician(visit.slot.clinician)
    number = changes.number_of(who.id) or who.phone
    if number is None or who.id in busy or changes.is_away(who.id, now):
        return desk
    theirs = _rung(who, number)
    first, *later = desk or ((),)
    others = [tuple(rung for rung in group if rung.phone != number) for group in (first, *later)]
    return tuple(group for group in ((theirs, *others[0]), *others[1:]) if group)


def _rung(who: Clinician, number: str) -> Rung:
    return Rung(
        f"clinician:{who.id}", who.spoken_name, number, licensed=True, kind="clinician", clinician=who.id
    )


def _seeing_somebody(
    tx: Transaction, practice: Practice, visit: Visit | None, now: datetime
) -> frozenset[str]:
    """Clinicians who have another visit at this minute."""
    everybody = [each.id for each in practice.clinicians]
    busy = tx.schedule.busy(everybody, now, now + timedelta(minutes=1), now)
    own = visit.id if visit is not None else None
    return frozenset(
        each.clinician
        for each in busy
        if each.kind in ("visit", "series") and each.ref not in (own, (own or "").partition("@")[0])
    )

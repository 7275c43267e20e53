"""The ladder: who is rung, in order, until a named person has accepted or a call back is promised and stored.

It is a chain of durable jobs, one a rung. A hang-up never cancels it. In a crisis it begins again at the bottom after
the last rung, and goes on until somebody accepts.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from lamplighter.conversation import events as e
from lamplighter.conversation.state import State, fold
from lamplighter.desk.context import stable_id
from lamplighter.desk.later import Given, Note, Overtaken
from lamplighter.desk.messages import callback_due
from lamplighter.desk.ports import Clock, Job, Pager, Records, Ring, Task, Transaction
from lamplighter.practice.calendar import next_open
from lamplighter.practice.model import ClinicianId, Practice, PracticeId, Rung
from lamplighter.practice.rota import rungs_now

JOB = "ring"
CLIMB_AGAIN = timedelta(seconds=60)


def begin(tx: Transaction, contact: str, state: State, now: datetime) -> None:
    """Stores that the ladder is to be rung, now. The job starts when this transaction commits."""
    assert state.handoff is not None
    _enqueue(tx, contact, state.handoff.seq, 0, now)


def _enqueue(tx: Transaction, contact: str, handoff: int, step: int, due: datetime) -> None:
    args = (("contact", contact), ("handoff", str(handoff)), ("step", str(step)))
    tx.jobs.enqueue(Job(f"ring:{contact}:{handoff}:{step}", JOB, due, args))


class Handoffs:
    """Runs the ladder and takes the answers of those who were rung."""

    def __init__(
        self,
        records: Records,
        practices: Mapping[PracticeId, Practice],
        pager: Pager,
        clock: Clock,
        note: Note,
    ) -> None:
        self._records = records
        self._practices = practices
        self._pager = pager
        self._clock = clock
        self._note = note

    def run(self, practice_id: PracticeId, job: Job) -> None:
        """The job of one rung: the one before has not answered in time, so it is this one's turn."""
        args = dict(job.args)
        contact, handoff, step = args["contact"], int(args["handoff"]), int(args["step"])
        state = self._state(practice_id, contact)
        if not _still_ringing(state, handoff) or (state.handoff and state.handoff.step > step):
            return
        assert state.handoff is not None
        rungs = self._rungs(practice_id, state)
        if step >= len(rungs):
            self._nobody(practice_id, contact, state, step, len(rungs))
        if step < len(rungs) or (rungs and state.handoff.route == "crisis"):
            self._ring(practice_id, contact, state, rungs[step % len(rungs)], step)

    def _ring(self, practice_id: PracticeId, contact: str, state: State, rung: Rung, step: int) -> None:
        """The next rung's job is stored before this one rings, so that a crash never ends the climb."""
        assert state.handoff is not None
        practice = self._practices[practice_id]
        pause = timedelta(seconds=practice.ladder.seconds)
        if self._last_of_climb(practice_id, state, step):
            pause += CLIMB_AGAIN if state.handoff.route == "crisis" else timedelta()
        with self._records.transaction(practice_id) as tx:
            _enqueue(tx, contact, state.handoff.seq, step + 1, self._clock.now() + pause)
        if state.handoff.step < step and not self._noted(
            practice_id, contact, e.HandoffRung(rung.id, step), _open_as(state.handoff.seq)
        ):
            return
        self._pager.ring(
            Ring(
                practice_id,
                contact,
                str(state.handoff.seq),
                rung.id,
                rung.name,
                rung.phone,
                state.handoff.route,
                step,
            )
        )

    def _last_of_climb(self, practice_id: PracticeId, state: State, step: int) -> bool:
        count = len(self._rungs(practice_id, state))
        return step >= count and step % count == count - 1

    def _nobody(self, practice_id: PracticeId, contact: str, state: State, step: int, count: int) -> None:
        """Once, when the first climb is over: a call back is stored, then promised."""
        assert state.handoff is not None
        if state.handoff.status != "ringing":
            return
        due = self._due(practice_id, state)
        task_id = stable_id("handoff", contact, str(state.handoff.seq))
        with self._records.transaction(practice_id) as tx:
            tx.tasks.add(self._task(task_id, contact, state, due))
        unanswered = _open_as(state.handoff.seq, "ringing")
        self._noted(practice_id, contact, e.HandoffPromised(task_id, due), unanswered)

    def _due(self, practice_id: PracticeId, state: State) -> datetime:
        practice, now = self._practices[practice_id], self._clock.now()
        assert state.handoff is not None
        if state.handoff.route == "crisis":
            return now
        local = now.astimezone(practice.timezone)
        if state.handoff.route == "clinical" and local.time() < practice.promises.clinical_same_day_before:
            return next_open(practice, now) + timedelta(hours=1)
        return callback_due(practice, now)

    def _task(self, task_id: str, contact: str, state: State, due: datetime) -> Task:
        assert state.handoff is not None
        route: Literal["person_now", "clinician", "desk"] = "desk"
        if state.handoff.route == "crisis":
            route = "person_now"
        elif state.handoff.route == "clinical":
            route = "clinician"
        details = (("phone", state.address),) if state.address else ()
        return Task(task_id, "handoff", route, due, contact, state.person, details)

    def answered(
        self,
        practice_id: PracticeId,
        contact: str,
        step: int,
        rung: str,
        by: str,
        how: Literal["accepted", "declined", "busy"],
    ) -> str | None:
        """Somebody who was rung accepted, or declined or was busy, which rings the next at once.

        Of several who accept one has it, decided where it is stored: whoever else accepts gets the name of the one.
        """
        state = self._state(practice_id, contact)
        if state.handoff is None or state.handoff.status == "closed":
            return None
        if how == "accepted":
            return self._accepted(practice_id, contact, state.handoff.seq, e.HandoffAccepted(by, step))
        if state.handoff.step == step:
            declined = e.HandoffDeclined(rung, step, how)
            if self._noted(practice_id, contact, declined, _open_as(state.handoff.seq, step=step)):
                self._ring_next(practice_id, contact, state.handoff.seq, step + 1)
        return None

    def _accepted(
        self, practice_id: PracticeId, contact: str, handoff: int, accepted: e.HandoffAccepted
    ) -> str | None:
        try:
            self._note(practice_id, contact, accepted, given=_open_as(handoff))
        except Overtaken as overtaken:
            has = overtaken.state.handoff
            taken = has is not None and has.status == "accepted" and has.by != accepted.by
            return has.by if has is not None and taken else None
        return None

    def _ring_next(self, practice_id: PracticeId, contact: str, handoff: int, step: int) -> None:
        args = (("contact", contact), ("handoff", str(handoff)), ("step", str(step)))
        self.run(practice_id, Job(f"ring:{contact}:{handoff}:{step}", JOB, self._clock.now(), args))

    def _noted(self, practice_id: PracticeId, contact: str, body: e.Body, given: Given) -> bool:
        """False when it was overtaken: somebody answered, or the hand-over was closed, in the same moment."""
        try:
            self._note(practice_id, contact, body, given=given)
        except Overtaken:
            return False
        return True

    def _rungs(self, practice_id: PracticeId, state: State) -> tuple[Rung, ...]:
        assert state.handoff is not None
        practice, treating = self._practices[practice_id], self._treating(practice_id, state)
        return rungs_now(practice, state.handoff.route, self._clock.now(), treating=treating)

    def _treating(self, practice_id: PracticeId, state: State) -> ClinicianId | None:
        """The clinician of whoever has been identified in the contact."""
        if state.person is None:
            return None
        with self._records.transaction(practice_id) as tx:
            person = tx.people.get(state.person)
        return person.clinician if person else None

    def _state(self, practice_id: PracticeId, contact: str) -> State:
        with self._records.transaction(practice_id) as tx:
            return fold(tx.log.read(contact))


def _still_ringing(state: State, handoff: int) -> bool:
    return (
        state.handoff is not None
        and state.handoff.seq == handoff
        and state.handoff.status in ("ringing", "promised")
    )


def _open_as(handoff: int, *statuses: str, step: int | None = None) -> Given:
    """This hand-over still waits for somebody (with one of these statuses, at this step, where they are given)."""

    def given(_: Transaction, state: State) -> bool:
        waits = _still_ringing(state, handoff)
        has = state.handoff
        right_status = has is not None and (not statuses or has.status in statuses)
        return waits and right_status and has is not None and (step is None or has.step == step)

    return given

"""Somebody has it: whoever else was being rung is rung no more, and is told who it is.

A durable job, set in the transaction in which it was accepted or closed, so that nobody's telephone rings on because a
process died.
"""

from collections.abc import Mapping
from datetime import datetime

from lamplighter import logs
from lamplighter.conversation.state import State, fold
from lamplighter.desk.ports import Clock, Job, Pager, Records, Transaction
from lamplighter.desk.rungs import ring_of, rungs_for
from lamplighter.practice.model import Practice, PracticeId

log = logs.get(__name__)
JOB = "ring_off"


def stand(tx: Transaction, state: State, now: datetime, accepted: str | None) -> None:
    """Stores that the others are called off. `accepted` is the rung whose ring was answered, where that is known."""
    handoff = state.handoff
    if handoff is None or not any(rung != accepted for rung in handoff.ringing):
        return
    args = (
        ("contact", state.contact),
        ("handoff", str(handoff.seq)),
        ("step", str(handoff.step)),
        ("but", accepted or ""),
    )
    tx.jobs.enqueue(Job(f"{JOB}:{state.contact}:{handoff.seq}:{handoff.step}", JOB, now, args))


class CallingOff:
    def __init__(
        self, records: Records, practices: Mapping[PracticeId, Practice], pager: Pager, clock: Clock
    ) -> None:
        self._records, self._practices, self._pager, self._clock = records, practices, pager, clock

    def run(self, practice_id: PracticeId, job: Job) -> None:
        """Nothing, where it rings anew by now: those who are called off may be rung again by that."""
        args = dict(job.args)
        with self._records.transaction(practice_id) as tx:
            state = fold(tx.log.read(args["contact"]))
            handoff = state.handoff
            if handoff is None or handoff.status not in ("accepted", "closed") or handoff.by is None:
                return
            if (str(handoff.seq), str(handoff.step)) != (args["handoff"], args["step"]):
                return
            rungs = rungs_for(tx, self._practices[practice_id], state, self._clock.now())
        for rung in rungs:
            if rung.id in handoff.ringing and rung.id != args["but"]:
                try:
                    self._pager.call_off(ring_of(practice_id, state, rung, handoff.step), handoff.by)
                except Exception:  # whoever comes to the desk sees there that somebody has it
                    log.exception("calling_off_failed", practice=practice_id, contact=state.contact)

"""The jobs by which something about an authorization is done by itself, and by which it is not done any more."""

from datetime import datetime, timedelta
from typing import Final

from lamplighter.desk.authorizations.model import Authorization, Step
from lamplighter.desk.ports import Job, Transaction, Visit
from lamplighter.practice.model import Practice

LOOK: Final = "authorization_look"
SEND: Final = "authorization_send"
ASK: Final = "authorization_ask"
TICK: Final = "authorization_tick"
STANDS: Final = ("booked", "confirmed")
SETTLES: Final = timedelta(minutes=10)
"""After a booking: by then the plan has mostly answered."""

UNDO: Final = timedelta(minutes=2)
"""For so long a release can be taken back."""


def plan(tx: Transaction, practice: Practice, visit: Visit, now: datetime, wait: timedelta = SETTLES) -> None:
    """Whether the visit needs its plan's leave is looked at a little later."""
    if practice.authorizations.insurers and visit.status in STANDS:
        due = now + wait
        args = (("visit", visit.id), ("start", visit.slot.start.isoformat()))
        tx.jobs.enqueue(Job(f"{LOOK}:{visit.id}:{due.isoformat()}", LOOK, due, args))


def plan_after_answer(tx: Transaction, practice: Practice, visit_id: str, now: datetime) -> None:
    visit = tx.schedule.visit(visit_id) if visit_id else None
    if visit is not None:
        plan(tx, practice, visit, now, timedelta(0))


def plan_send(tx: Transaction, found: Authorization, step: Step, due: datetime) -> None:
    args = (("authorization", found.id), ("step", step.id))
    tx.jobs.enqueue(Job(send_key(step), SEND, due, args))


def send_key(step: Step) -> str:
    return f"{SEND}:{step.id}"


def pending_sends(tx: Transaction, step: Step) -> list[str]:
    """The keys of the jobs by which it would leave: the first, another try, one that waits for room."""
    return [job.key for job in tx.jobs.pending() if dict(job.args).get("step") == step.id]


def drop_sends(tx: Transaction, step: Step) -> None:
    for key in pending_sends(tx, step):
        tx.jobs.cancel(key)


def plan_ask(tx: Transaction, found: Authorization, now: datetime) -> None:
    """It is asked how it stands, now."""
    key = f"{ASK}:{found.id}:{now.isoformat()}"
    tx.jobs.enqueue(Job(key, ASK, now, (("authorization", found.id),)))

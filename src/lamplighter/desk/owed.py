"""What is owed after a contact went to a person: its task from the first moment on, the follow-up of the next morning,
and the review of a crisis within a day. What is to come is a durable job, so that it is on the board by itself.

A task says that somebody is waited for and until when. Who took it and what happened stands in the contact's log;
closing the hand-over closes its task.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal

from lamplighter.conversation import events as e
from lamplighter.conversation import private_number
from lamplighter.conversation.details import Detail
from lamplighter.conversation.state import State, fold
from lamplighter.desk import opting_out, overdue
from lamplighter.desk.context import stable_id
from lamplighter.desk.messages import callback_due
from lamplighter.desk.ports import Clock, Job, Records, Task, Transaction
from lamplighter.practice.calendar import business_day_after, is_open, next_open, open_spans
from lamplighter.practice.model import Practice, PracticeId

JOB = "owed"
OURS = "Lamplighter"  # who closes a task that another one stands in for
STILL_THE_SAME = timedelta(hours=2)
REVIEWED_WITHIN = timedelta(hours=24)
REVIEW_STANDS_AFTER = timedelta(hours=1)
FOLLOW_UP_WITHIN = timedelta(hours=1)

Route = Literal["desk", "clinician", "person_now"]
_ROUTES: Mapping[str, Route] = {"crisis": "person_now", "clinical": "clinician", "human": "desk"}


def task_id(contact: str, handoff: int) -> str:
    return stable_id("handoff", contact, str(handoff))


def stand(tx: Transaction, practice: Practice, state: State, now: datetime, *, left: bool = False) -> Task:
    """The task of the hand-over that is open; whatever stood for an earlier one of this contact gives way to it.

    `left`: whoever had accepted went away, which makes it work to be done now."""
    handoff = state.handoff
    assert handoff is not None
    route: Route = "person_now" if left else _ROUTES[handoff.route]
    due = now if left else promised_for(practice, handoff.route, now)
    name = task_id(state.contact, handoff.seq)
    _give_way(tx, state.contact, name)
    task = Task(name, "handoff", route, due, state.contact, state.person, _details(tx, state))
    tx.tasks.add(task)
    if handoff.route == "crisis":
        _later(tx, state.contact, "review", now + REVIEW_STANDS_AFTER, now)
        _later(tx, state.contact, "follow_up", next_morning(practice, now), now)
    return task


def queue(tx: Transaction, practice: Practice, state: State, now: datetime) -> Task:
    """A clinical message that may wait: the words stay sealed in the log, the task says where they are."""
    handoff = state.handoff
    assert handoff is not None
    name = task_id(state.contact, handoff.seq)
    _give_way(tx, state.contact, name)
    due = same_business_day(practice, now)
    task = Task(name, "clinical", "clinician", due, state.contact, state.person, _details(tx, state))
    tx.tasks.add(task)
    return task


def _give_way(tx: Transaction, contact: str, name: str) -> None:
    for task in of_contact(tx, contact):
        if task.id != name:
            tx.tasks.close(task.id, OURS)


def of_contact(tx: Transaction, contact: str) -> tuple[Task, ...]:
    """The open tasks that stand for a hand-over of this contact."""
    return tuple(
        t for t in tx.tasks.list_open() if t.contact == contact and t.kind in ("handoff", "clinical")
    )


def standing_for(tx: Transaction, contact: str, handoff: int) -> Task | None:
    """The task of a hand-over as it was said last."""
    task = tx.tasks.get(task_id(contact, handoff))
    while task is not None and task.done_by == OURS:
        anew = tx.tasks.get(stable_id(task.id, "quiet"))
        if anew is None:
            return task
        task = anew
    return task


def due_now(tx: Transaction, contact: str, now: datetime) -> None:
    """Whoever was cut off by us waits for nothing: what stands of their hand-over is to be done at once."""
    for task in of_contact(tx, contact):
        if task.due > now:
            tx.tasks.put_off(task.id, now)


def say_anew(tx: Transaction, state: State) -> None:
    """Something has been said since that whoever sees to it must know: that nobody calls back, or that texts don't
    arrive. Whatever stands of it says so."""
    for task in of_contact(tx, state.contact):
        known = {**dict(task.details), **dict(_details(tx, state))}
        if "do_not_call_back" in known:
            known.pop("ask_before_calling", None)
        details = tuple(known.items())
        if details != task.details:
            name = stable_id(task.id, "quiet")
            tx.tasks.close(task.id, OURS)
            tx.tasks.add(Task(name, task.kind, task.route, task.due, task.contact, task.person, details))


def close(tx: Transaction, contact: str, closed: e.HandoffClosed) -> None:
    """A named person has closed the hand-over. What wasn't needed is not followed up; a crisis is reviewed even so."""
    for task in tx.tasks.list_open():
        theirs = task.contact == contact
        mistaken = task.kind == "follow_up" and closed.how == "not_needed"
        if theirs and (task.kind in ("handoff", "clinical") or mistaken):
            tx.tasks.close(task.id, closed.by)
    if closed.how == "not_needed":
        tx.jobs.cancel(_key(contact, "follow_up"))


def crisis_waits(tx: Transaction, address: str | None, now: datetime) -> bool:
    """Whether a crisis from this number, not two hours old, still waits for somebody."""
    waiting = (
        task.contact
        for task in tx.tasks.list_open()
        if (task.kind, task.route) == ("handoff", "person_now") and now - task.due < STILL_THE_SAME
        if address is not None and ("phone", address) in task.details
    )
    return any(fold(tx.log.read(contact)).verdict == "crisis" for contact in waiting if contact)


def texts_may_not_arrive(tx: Transaction, state: State) -> bool:
    """Whoever wrote STOP gets no text that a carrier keeps from them: then only a call is sure to reach them."""
    number = state.address if state.channel == "sms" else None
    return number is not None and bool(opting_out.what_of(tx, number))


def _details(tx: Transaction, state: State) -> tuple[tuple[str, str], ...]:
    """A number, or that it was withheld; that nobody calls back where it could do harm, and that texts don't arrive."""
    where = "email" if state.channel == "email" else "phone"
    found = [(where, state.address)] if state.address else []
    if not state.address and state.channel == "voice":
        found.append(("number", "withheld"))
    told = None if state.address else state.value(Detail.PHONE)
    if told is not None:
        found.append(("phone", told))
    found += _told_by_a_minor(state)
    if state.never_call:
        found.append(("do_not_call_back", "true"))
    elif state.quiet:
        found.append(("ask_before_calling", "true"))
    if texts_may_not_arrive(tx, state):
        found.append(("texts_may_not_arrive", "true"))
    return tuple(found)


def told(state: State) -> tuple[object, ...]:
    """What they may have said since and whoever calls back must know."""
    return state.value(Detail.PHONE), *_told_by_a_minor(state)


def _told_by_a_minor(state: State) -> list[tuple[str, str]]:
    """Whether the number is theirs alone, and what they want passed on."""
    if private_number.ASKS not in state.phrases_said:
        return []
    private = {True: "true", False: "false", None: "unsaid"}[private_number.is_private(state)]
    message = state.value(Detail.MESSAGE)
    return [("private_number", private), *([("message", message)] if message else [])]


# -- until when ------------------------------------------------------------------------------------------------------


def promised_for(practice: Practice, route: str, now: datetime) -> datetime:
    """By when somebody who was not reached is called back."""
    if route == "crisis":
        return now
    local = now.astimezone(practice.timezone)
    if route == "clinical" and local.time() < practice.promises.clinical_same_day_before:
        return next_open(practice, now) + timedelta(hours=1)
    return callback_due(practice, now)


def same_business_day(practice: Practice, now: datetime) -> datetime:
    """When the doors close today, for what came before the promised hour; else at the end of the next business day."""
    local = now.astimezone(practice.timezone)
    spans = open_spans(practice, local.date())
    if spans and local.time() < practice.promises.clinical_same_day_before and now < spans[-1].end:
        return spans[-1].end
    return open_spans(practice, business_day_after(practice, now))[-1].end


def next_morning(practice: Practice, now: datetime) -> datetime:
    """When the doors open next."""
    if not is_open(practice, now):
        return next_open(practice, now)
    return open_spans(practice, business_day_after(practice, now))[0].start


# -- what comes by itself --------------------------------------------------------------------------------------------


def _later(tx: Transaction, contact: str, kind: str, due: datetime, asked: datetime) -> None:
    args = (("contact", contact), ("kind", kind), ("asked", asked.isoformat()))
    tx.jobs.enqueue(Job(_key(contact, kind), JOB, due, args))


def to_come(tx: Transaction, contacts: Collection[str]) -> Iterator[tuple[str, str]]:
    """What will be put on the board of these contacts when its time comes: its kind, and the contact."""
    for job in tx.jobs.pending():
        args = dict(job.args)
        if job.name == JOB and args["contact"] in contacts:
            yield args["kind"], args["contact"]


def _key(contact: str, kind: str) -> str:
    return f"owed:{contact}:{kind}"


class Owed:
    """Puts what is owed on the board when its time comes. Once for each contact, whatever happened in it since."""

    def __init__(self, records: Records, practices: Mapping[PracticeId, Practice], clock: Clock) -> None:
        self._records, self._practices, self._clock = records, practices, clock

    def run(self, practice_id: PracticeId, job: Job) -> None:
        args = dict(job.args)
        contact, kind, asked = args["contact"], args["kind"], datetime.fromisoformat(args["asked"])
        with self._records.transaction(practice_id) as tx:
            events = tx.log.read(contact)
            if not events:  # the person has been forgotten since
                return
            state = fold(events)
            if kind == "review":
                task = _task(tx, state, "review", asked + REVIEWED_WITHIN)
            else:
                due = self._clock.now() + FOLLOW_UP_WITHIN
                task = _task(tx, state, "follow_up", due, _treating(tx, state))
            tx.tasks.add(task)
            overdue.watch(tx, task)


def _task(
    tx: Transaction,
    state: State,
    kind: Literal["review", "follow_up"],
    due: datetime,
    more: tuple[tuple[str, str], ...] = (),
) -> Task:
    name = stable_id(kind, state.contact)
    return Task(name, kind, "clinician", due, state.contact, state.person, (*_details(tx, state), *more))


def _treating(tx: Transaction, state: State) -> tuple[tuple[str, str], ...]:
    """Whoever treats them has it, also where another took the call."""
    person = tx.people.get(state.person) if state.person else None
    return (("clinician", person.clinician),) if person and person.clinician else ()

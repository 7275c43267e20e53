"""People look over what was done in a contact: they mark it right or wrong, and what was wrong becomes somebody's work.

A mark is an event of the contact, so that it is sealed with it and goes with it. What waits to be looked over are the
tasks that a hand-over in danger (`owed.py`) and the daily sample (`auditing.py`) have put up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from lamplighter.conversation import events as e
from lamplighter.conversation.details import Errand
from lamplighter.conversation.events_of_review import CameTo, Verdict
from lamplighter.conversation.state import State, fold
from lamplighter.desk import guard_wrong, kept_out, missed_danger
from lamplighter.desk.context import stable_id
from lamplighter.desk.messages import callback_due
from lamplighter.desk.owed import same_business_day
from lamplighter.desk.ports import Account, Fact, Task, Transaction
from lamplighter.practice.model import Practice

LONGEST_NOTE: Final = 1000
WHOLE: Final = 0
QUEUED: Final = ("review", "audit")
WRONG: Final = "marked_wrong"
SEALED: Final = ("crisis", "clinical")
ANSWERED: Final = (None, Errand.QUESTION, Errand.MY_VISIT, Errand.CONFIRM_VISIT)
"""Errands that are done once we have spoken."""


class NotTheirs(Exception):
    """Words of this contact are kept for clinical roles, and who can't read it can't judge it."""


class NothingToMark(Exception):
    """There is no such contact, no such utterance in it, or no such mark."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One that stands. `seq` is that of its event, `of` the utterance that is meant, or 0."""

    seq: int
    at: datetime
    body: e.Marked

    @property
    def of(self) -> int:
        return self.body.of


@dataclass(frozen=True, slots=True)
class Waits:
    """A contact that is to be looked over. `why`: it was in danger, or is one of the sample. `by`: who has it."""

    task: str
    contact: str
    why: Literal["crisis", "sample"]
    due: datetime
    by: str | None


def came_to(state: State) -> CameTo | None:
    """What came of it; None while it goes on and nothing has."""
    if state.verdict != "clear" or state.handoff is not None:
        return "handed_over"
    if state.ended == "turns":
        return "abandoned"
    if state.outcome == "abandoned" and state.turns and state.errand in ANSWERED:
        return "answered"
    return state.outcome  # type: ignore[return-value]


def verdict_of(state: State) -> Verdict:
    """The worst that the guard heard; a person who was asked for counts as one."""
    return state.verdict if state.verdict != "clear" or state.handoff is None else state.handoff.route


def marks(events: Sequence[e.Event]) -> tuple[Mark, ...]:
    """Those that stand, in the order in which they were made: of each utterance the last alone."""
    standing: dict[int, Mark] = {}
    for event in events:
        if isinstance(event.body, e.Marked):
            standing.pop(event.body.of, None)
            standing[event.body.of] = Mark(event.seq, event.at, event.body)
        elif isinstance(event.body, e.MarkTakenBack):
            standing = {of: each for of, each in standing.items() if each.seq != event.body.mark}
    return tuple(standing.values())


def whole(found: Iterable[Mark]) -> Mark | None:
    return next((each for each in found if each.of == WHOLE), None)


def may_judge(state: State, account: Account) -> bool:
    """Words that a clinical role alone reads are for that role to judge."""
    return "clinician" in account.roles or verdict_of(state) not in SEALED


def mark(
    tx: Transaction, practice: Practice, contact: str, marked: e.Marked, account: Account, now: datetime
) -> None:
    """Stores it, takes the contact off what waits, and puts up what follows. Raises NotTheirs or NothingToMark."""
    events = _judged_by(tx, contact, account)
    spoken = {each.seq for each in events if isinstance(each.body, e.Heard) and each.body.final}
    if marked.of not in {WHOLE, *spoken}:
        raise NothingToMark("there is no such utterance")
    note = marked.note[:LONGEST_NOTE] if not marked.right else ""
    _append(tx, events, kept_out.of(replace(marked, note=note)), now)
    if marked.of == WHOLE:
        _off_the_queue(tx, contact, marked.by)
    if marked.right:
        return
    state = fold(events)
    if marked.verdict == "clear" and verdict_of(state) != "clear":
        guard_wrong.tell(tx, contact, by=marked.by, now=now)
    if marked.verdict == "crisis" and (heard := _heard_by(events, marked.of)) != "crisis":
        missed_danger.keep(tx, state, heard, by=marked.by, now=now)
    _to_do(tx, practice, state, marked, now)


def take_back(tx: Transaction, contact: str, seq: int, account: Account, now: datetime) -> None:
    """The mark counts no more; with the last wrong one, its work goes. What was told of the guard stays told, since
    nobody can find it by the contact. Raises NotTheirs or NothingToMark."""
    events = _judged_by(tx, contact, account)
    standing = marks(events)
    if all(each.seq != seq for each in standing):
        raise NothingToMark("there is no such mark")
    _append(tx, events, e.MarkTakenBack(account.name, seq), now)
    left = [each.body for each in standing if each.seq != seq]
    if all(each.verdict != "crisis" for each in left):
        missed_danger.marked_by_mistake(tx, contact, account, now)
    if all(each.right for each in left):
        for task in _open(tx, contact, (WRONG,)):
            tx.tasks.close(task.id, account.name)


def queue(tx: Transaction) -> tuple[Waits, ...]:
    """What is to be looked over, by when it is due."""
    has = {fact.about: fact.by for fact in tx.facts.standing("review_taken")}
    found = [
        Waits(
            task.id,
            task.contact,
            "crisis" if task.kind == "review" else "sample",
            task.due,
            has.get(f"task/{task.id}"),
        )
        for task in tx.tasks.list_open()
        if task.kind in QUEUED and task.contact is not None
    ]
    return tuple(sorted(found, key=lambda each: each.due))


def take(tx: Transaction, task: str, by: str, now: datetime) -> None:
    """Whoever takes it has it from now on, whoever had it before."""
    leave(tx, task, by, now)
    fact = Fact(stable_id("review_taken", task, by, now.isoformat()), "review_taken", f"task/{task}", now, by)
    tx.facts.state(fact)


def leave(tx: Transaction, task: str, by: str, now: datetime) -> None:
    for fact in tx.facts.standing("review_taken", f"task/{task}"):
        tx.facts.lift(fact.id, by, now)


def _judged_by(tx: Transaction, contact: str, account: Account) -> tuple[e.Event, ...]:
    events = tx.log.read(contact)
    if not events:
        raise NothingToMark("there is no such contact")
    if not may_judge(fold(events), account):
        raise NotTheirs("a clinician looks this over")
    return events


def _heard_by(events: Sequence[e.Event], of: int) -> Verdict:
    """What the guard had heard when it had read this utterance; at the end, where the contact as a whole is meant."""
    later = (each.seq for each in events if of and each.seq > of and isinstance(each.body, e.Heard))
    end = next(later, None)
    return verdict_of(fold([each for each in events if end is None or each.seq < end]))


def _append(tx: Transaction, events: Sequence[e.Event], body: e.Body, now: datetime) -> None:
    last = events[-1]
    tx.log.append(last.contact, [body], expected=last.seq, at=now, protocol_hash=last.protocol_hash)


def _open(tx: Transaction, contact: str, kinds: Sequence[str]) -> list[Task]:
    return [each for each in tx.tasks.list_open() if each.contact == contact and each.kind in kinds]


def _off_the_queue(tx: Transaction, contact: str, by: str) -> None:
    for task in _open(tx, contact, QUEUED):
        tx.tasks.close(task.id, by)


def _to_do(tx: Transaction, practice: Practice, state: State, marked: e.Marked, now: datetime) -> None:
    """One for a contact, however much of it was wrong. Danger that nobody heard is for a person now: whoever was in it
    may still be."""
    missed = marked.verdict if marked.verdict != verdict_of(state) else None
    route: Literal["person_now", "clinician", "desk"] = "desk"
    due = callback_due(practice, now)
    if missed == "crisis":
        route, due = "person_now", now
    elif missed == "clinical":
        route, due = "clinician", same_business_day(practice, now)
    standing = _open(tx, state.contact, (WRONG,))
    if standing and not (missed == "crisis" and standing[0].route != "person_now"):
        return
    for task in standing:
        tx.tasks.close(task.id, marked.by)
    name = stable_id(WRONG, state.contact, str(state.seq))
    tx.tasks.add(Task(name, WRONG, route, due, state.contact, state.person))

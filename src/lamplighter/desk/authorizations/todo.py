"""What a person has to do about an authorization as it stands: tasks that come and go with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from lamplighter.desk.authorizations import clocks, kept
from lamplighter.desk.authorizations.drafting import rules_of
from lamplighter.desk.authorizations.model import Authorization, State
from lamplighter.desk.context import stable_id
from lamplighter.desk.messages import callback_due
from lamplighter.desk.owed import OURS
from lamplighter.desk.ports import Task, Transaction
from lamplighter.practice.calendar import local_date, next_open
from lamplighter.practice.model import Practice

KIND: Final = "authorization"
About = Literal[
    "codes", "release", "send_paper", "rejected", "info", "look", "chase", "soon", "over", "denied", "appeal_soon",
    "cancel_by_hand",
    "changed", "gate", "no_answer", "unread", "unsaid", "renew", "bridge", "tracked", "ask",
]  # fmt: skip
HOURS: Final = timedelta(hours=4)
"""For what can't wait for another day."""

LONG_DOWN: Final = 4
"""After so many tries somebody looks why nothing gets through."""

SILENT: Final = timedelta(days=1)
"""After so long without a word that anybody has it, somebody asks."""

LONG_CANCELLED: Final = timedelta(days=2)
"""So long a channel may take to cancel what it was told to."""


@dataclass(frozen=True, slots=True)
class Todo:
    """`which` tells one from another about the same."""

    about: About
    route: Literal["clinician", "biller"]
    due: datetime
    which: str = ""
    told: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around it that its own steps don't tell."""

    polled: bool = False  # its channel may be asked by itself
    electronic: bool = False
    reason: str = ""  # why nothing may go to the payer
    changed: bool = False  # another insurer is on file by now


def wanted(practice: Practice, found: Authorization, around: Around, now: datetime) -> tuple[Todo, ...]:
    return tuple(_wanted(practice, found, around, now))


def _wanted(practice: Practice, found: Authorization, around: Around, now: datetime) -> Iterator[Todo]:
    due, step = callback_due(practice, now), str(len(found.steps))
    match found.state:
        case _ if found.request.is_tracked and found.state is State.DRAFT:
            yield Todo("gate" if around.reason else "tracked", "biller", due, around.reason)
        case State.DRAFT if found.codes is None:
            yield Todo("codes", "clinician", due, step)
        case State.DRAFT if found.released is None:
            yield Todo("release", "biller", due, step)
        case State.DRAFT if not around.electronic and not around.reason:
            yield Todo("send_paper", "biller", _soon(practice, now), step)
        case State.REJECTED:
            yield Todo("rejected", "biller", due, step, _codes_said(found))
        case State.SUBMITTED if found.unread:
            yield Todo("unread", "biller", _soon(practice, now), step)
        case State.INFO_REQUESTED:
            by = found.decide_by or due
            yield Todo("info", "biller", min(by, due), step, _named(found))
        case State.MODIFIED | State.PARTIAL:
            yield Todo("look", "biller", due, step)
        case State.APPROVED if not found.request.is_tracked and None in (found.last_day, found.units):
            yield Todo("unsaid", "biller", due, step)
        case State.DENIED:
            yield from _denied(practice, found, now)
        case _:
            pass
    yield from _of_the_clock(practice, found, around, now)
    yield from _beside(practice, found, around, now)


def _of_the_clock(practice: Practice, found: Authorization, around: Around, now: datetime) -> Iterator[Todo]:
    over, soon, rules = found.decide_by, clocks.soon_at(found), rules_of(practice, found)
    if over is not None and soon is not None and now >= soon:
        yield Todo("over" if now >= over else "soon", "biller", over, over.isoformat())
    times = clocks.chases(found, rules, now)
    if times and not around.polled:
        yield Todo("chase", "biller", _soon(practice, now), f"{found.looked}:{times}")


def _beside(practice: Practice, found: Authorization, around: Around, now: datetime) -> Iterator[Todo]:
    due, step = callback_due(practice, now), str(len(found.steps))
    alive = found.state not in (State.CANCELLED, State.EXPIRED, State.NOT_NEEDED, State.DENIED)
    if alive and around.changed and found.sent is not None:
        yield Todo("changed", "biller", due)
    if alive and around.reason and (found.released is not None or found.sent is not None):
        yield Todo("gate", "biller", due, around.reason)
    tracked_ends = found.request.is_tracked and clocks.runs_out(
        practice, found, rules_of(practice, found), 0, now
    )
    if tracked_ends:
        yield Todo("renew", "biller", due)
    if found.cancelling is not None and _is_by_hand(found, found.cancelling.id, around, now):
        yield Todo("cancel_by_hand", "biller", due, found.cancelling.id)
    down = found.why and found.sent is not None and _tries(found) >= LONG_DOWN
    if alive and (down or _is_silent(found, now)):
        yield Todo("no_answer", "biller", _soon(practice, now))
    if alive and found.bridge == "asked":
        yield Todo("bridge", "clinician", _soon(practice, now), step)


def _is_by_hand(found: Authorization, step: str, around: Around, now: datetime) -> bool:
    """Whether somebody has to tell the payer of a cancellation: no channel does, or it came to nothing in time."""
    waits = kept.waits_at_payer(found, step) if around.polled else None
    if waits is not None:
        return now >= waits.at + LONG_CANCELLED
    return not around.electronic or kept.is_answered(found, step)


def _soon(practice: Practice, now: datetime) -> datetime:
    return next_open(practice, now + HOURS)


def _tries(found: Authorization) -> int:
    """How often nothing has got through since something did."""
    number = 0
    for step in reversed(found.steps):
        if step.kind in ("refused", "asked_again") and step.value("why"):
            number += 1
        elif step.kind in ("answer", "asked_again", "released"):
            break
    return number


def _is_silent(found: Authorization, now: datetime) -> bool:
    """It has left, and for long nobody has said that they have it."""
    waits = found.state is State.SUBMITTED and found.received is None
    asked = found.cancelling is not None or found.unread
    return waits and not asked and found.sent is not None and now >= found.sent + SILENT


def _denied(practice: Practice, found: Authorization, now: datetime) -> Iterator[Todo]:
    """Somebody decides about an appeal; and again before its last day, unless nobody is to appeal it."""
    by = clocks.appeal_by(practice, found, rules_of(practice, found))
    if by is None:
        return
    told = (*_codes_said(found), ("by", by.date().isoformat()))
    yield Todo("denied", "biller", min(by, callback_due(practice, now)), told=told)
    if now >= clocks.appeal_soon(found, by):
        yield Todo("appeal_soon", "biller", by, by.isoformat(), told)


def _codes_said(found: Authorization) -> tuple[tuple[str, str], ...]:
    """By code alone: what the payer wrote about it stands on its page, for those who may read it."""
    codes = ", ".join(code for code, _ in found.answer.reasons) if found.answer else ""
    said = codes or next(
        (step.value("reasons") for step in reversed(found.steps) if step.kind == "refused"), ""
    )
    return (("reason", said),) if said else ()


def _named(found: Authorization) -> tuple[tuple[str, str], ...]:
    wants = ", ".join(found.answer.asked_for) if found.answer else ""
    return (("wants", wants),) if wants else ()


# -- on the board ------------------------------------------------------------------------------------------------------


def see_to(tx: Transaction, practice: Practice, found: Authorization, around: Around, now: datetime) -> None:
    """Closes what is seen to and adds what is to be done; what staff have closed does not come back by itself."""
    todos = wanted(practice, found, around, now)
    names = {_free_name(tx, found, each): each for each in todos}
    for task in tx.tasks.list_open():
        if task.kind == KIND and ("authorization", found.id) in task.details and task.id not in names:
            tx.tasks.close(task.id, OURS)
    for name, todo in names.items():
        told = (("about", todo.about), ("authorization", found.id), *todo.told)
        tx.tasks.add(Task(name, KIND, todo.route, todo.due, person=found.request.person, details=told))


def _name(found: Authorization, todo: Todo) -> str:
    return stable_id(KIND, found.id, todo.about, todo.which)


def _free_name(tx: Transaction, found: Authorization, todo: Todo) -> str:
    """Not that of one which we closed ourselves, and which is to be done again since something was taken back."""
    name = _name(found, todo)
    while (task := tx.tasks.get(name)) is not None and task.done_by == OURS:
        name = stable_id(KIND, name)
    return name


def ask_a_biller(
    tx: Transaction, practice: Practice, person: str, insurer: str, kind: str, now: datetime
) -> None:
    """Nobody knows whether it is needed: once for an insurer, a kind of visit and a month."""
    month = f"{local_date(practice, now):%Y-%m}"
    name = stable_id(KIND, "ask", person, insurer, kind, month)
    told = (("about", "ask"), ("visit", kind))
    tx.tasks.add(Task(name, KIND, "biller", callback_due(practice, now), person=person, details=told))


def known_by_now(tx: Transaction, person: str, kind: str) -> None:
    """Nobody needs to ask any more."""
    for task in tx.tasks.list_open():
        asked = task.kind == KIND and task.person == person and ("about", "ask") in task.details
        if asked and ("visit", kind) in task.details:
            tx.tasks.close(task.id, OURS)

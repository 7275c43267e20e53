"""What is kept of authorizations: the request, and each step as a fact, sealed under the person, by whom it goes when
they are forgotten. Taking a step back lifts its fact."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Final

from pydantic import TypeAdapter

from lamplighter.desk.authorizations.model import (
    BY_VERDICT,
    DECIDED,
    OVER,
    Authorization,
    Codes,
    Request,
    State,
    Step,
    StepKind,
)
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import Fact, Transaction
from lamplighter.desk.ports.authorizations import Ruled, Verdict
from lamplighter.desk.ports.clearinghouse import Why

TRIED_AGAIN: Final = (Why.PAYER_DOWN, Why.UNREACHABLE, Why.NOT_ALLOWED)
_FIELDS: Final = (
    "what", "kind", "insurer", "by_way", "clinician", "visit", "renews", "portal_key",
)  # fmt: skip


def begin(tx: Transaction, request: Request) -> Authorization:
    details = (*((name, getattr(request, name)) for name in _FIELDS), ("hours", str(request.hours)))
    about = f"person/{request.person}"
    tx.facts.state(Fact(request.id, "authorization", about, request.at, request.by, details, request.person))
    return Authorization(request)


def add(
    tx: Transaction, found: Authorization, kind: StepKind, by: str, now: datetime, **told: str
) -> Authorization:
    """One more step, and what it has made of it."""
    place = int(found.steps[-1].value("place")) + 1 if found.steps else 1
    name = stable_id("authorization_step", found.id, str(place), kind, now.isoformat())
    details = (("step", kind), ("place", str(place)), *told.items())
    about, person = f"authorization/{found.id}", found.request.person
    tx.facts.state(Fact(name, "authorization_step", about, now, by, details, person))
    return fold(found.request, (*found.steps, Step(name, kind, now, by, details)))


def take_back(tx: Transaction, found: Authorization, step: Step, by: str, now: datetime) -> Authorization:
    tx.facts.lift(step.id, by, now)
    return fold(found.request, [each for each in found.steps if each != step])


def get(tx: Transaction, name: str) -> Authorization | None:
    """None where there is none, or its person has been forgotten."""
    fact = tx.facts.get(name)
    return _whole(tx, fact) if fact is not None and fact.kind == "authorization" and fact.details else None


def of_person(tx: Transaction, person: str) -> tuple[Authorization, ...]:
    """The newest first."""
    facts = tx.facts.standing("authorization", f"person/{person}")
    return tuple(_whole(tx, fact) for fact in facts if fact.details)


def everybodys(tx: Transaction) -> tuple[Authorization, ...]:
    """Of the whole practice, their steps read at once."""
    by_one: dict[str, list[Fact]] = {}
    for fact in tx.facts.standing("authorization_step"):
        by_one.setdefault(fact.about.removeprefix("authorization/"), []).append(fact)
    facts = tx.facts.standing("authorization")
    return tuple(_of(fact, by_one.get(fact.id, ())) for fact in facts if fact.details)


def _whole(tx: Transaction, fact: Fact) -> Authorization:
    return _of(fact, tx.facts.standing("authorization_step", f"authorization/{fact.id}"))


def _of(fact: Fact, of_steps: Iterable[Fact]) -> Authorization:
    told = dict(fact.details)
    fields = {name: told[name] for name in _FIELDS}
    person = fact.about.removeprefix("person/")
    request = Request(
        id=fact.id, person=person, at=fact.at, by=fact.by, hours=int(told["hours"]), **fields  # type: ignore[arg-type]
    )  # fmt: skip
    steps = [_step(each) for each in of_steps if each.details]
    return fold(request, sorted(steps, key=lambda each: int(each.value("place"))))


def _step(fact: Fact) -> Step:
    kind: StepKind = dict(fact.details)["step"]  # type: ignore[assignment]
    return Step(fact.id, kind, fact.at, fact.by, fact.details)


# -- what the steps come to --------------------------------------------------------------------------------------------


def fold(request: Request, steps: Iterable[Step]) -> Authorization:
    found = Authorization(request, portal_key=request.portal_key)
    for step in steps:
        found = replace(_TAKES[step.kind](found, step), steps=(*found.steps, step))
    return found


def _codes(found: Authorization, step: Step) -> Authorization:
    return replace(found, codes=codes_in(step.value("codes")))


def _attached(found: Authorization, step: Step) -> Authorization:
    return replace(found, attached=(*found.attached, step.value("paper")))


def _released(found: Authorization, step: Step) -> Authorization:
    return replace(
        found, released=step, state=State.DRAFT, why="", sent=None, received=None, answer=None, by_hand=False
    )


def _sent(found: Authorization, step: Step) -> Authorization:
    if found.state is State.INFO_REQUESTED and step.value("by_hand"):
        return replace(found, state=State.PENDED, looked=step.at)
    if found.cancelling is not None or found.sent is not None or found.state is State.CANCELLED:
        return found
    by_hand = bool(step.value("by_hand"))
    received = step.at if by_hand else None
    return replace(found, state=State.SUBMITTED, sent=step.at, received=received, by_hand=by_hand)


def _answer(found: Authorization, step: Step) -> Authorization:
    ruled = ruled_in(step.value("ruled"))
    state, before = BY_VERDICT[ruled.verdict], found.answer
    if before is not None:
        ruled = replace(ruled, number=ruled.number or before.number, ticket=ruled.ticket or before.ticket)
    if says_less(found, ruled.verdict) and not step.value("by_hand"):
        if before is not None and found.cancelling is None:
            before = replace(before, ticket=ruled.ticket or before.ticket)
        return replace(found, answer=before, looked=step.at, why="")
    has_it = ruled.verdict is not Verdict.LEFT
    return replace(
        found,
        state=state,
        answer=ruled,
        answered=step.at,
        looked=step.at,
        received=found.received or (step.at if has_it else None),
        decided=_when(step) if state in DECIDED else None,
        let_stand=False,
        why="",
        unread=found.unread and not has_it,
        cancelling=None if state is State.CANCELLED else found.cancelling,
    )


def _when(step: Step) -> datetime:
    """When a payer decided: the day of its letter, where whoever was told of it has written that down."""
    dated = step.value("dated")
    return datetime.fromisoformat(dated) if dated else step.at


def _refused(found: Authorization, step: Step) -> Authorization:
    why = step.value("why")
    found = replace(found, why=why, looked=step.at)
    if found.state is State.ACKNOWLEDGED and found.cancelling is None:
        found = replace(found, state=State.SUBMITTED, received=None)
    if why in TRIED_AGAIN or step.value("of_inquiry") or found.cancelling is not None:
        return found
    if why == Why.UNREADABLE:
        return replace(found, unread=True)
    return replace(found, state=State.REJECTED, unread=False)


def _asked_again(found: Authorization, step: Step) -> Authorization:
    return replace(found, looked=step.at, why=step.value("why"))


def _cancelling(found: Authorization, step: Step) -> Authorization:
    if found.sent is None and not found.unread:
        return replace(found, state=State.CANCELLED)
    return replace(found, cancelling=step)


def _set_aside(found: Authorization, step: Step) -> Authorization:
    return replace(found, state=State.CANCELLED, why=step.value("why"))


def _taken(found: Authorization, step: Step) -> Authorization:
    return replace(found, owner=step.by)


def _appealed(found: Authorization, step: Step) -> Authorization:
    return replace(found, appealed=True, state=State.PENDED, decided=None, received=step.at)


def _let_stand(found: Authorization, step: Step) -> Authorization:
    return replace(found, let_stand=True)


def _noted(found: Authorization, step: Step) -> Authorization:
    key, bridge = step.value("portal_key"), step.value("bridge")
    return replace(found, portal_key=key or found.portal_key, bridge=bridge or found.bridge)


def _expired(found: Authorization, step: Step) -> Authorization:
    return replace(found, state=State.EXPIRED)


_TAKES: Final[dict[StepKind, Callable[[Authorization, Step], Authorization]]] = {
    "codes": _codes,
    "attached": _attached,
    "released": _released,
    "sent": _sent,
    "answer": _answer,
    "refused": _refused,
    "asked_again": _asked_again,
    "cancelling": _cancelling,
    "set_aside": _set_aside,
    "taken": _taken,
    "appealed": _appealed,
    "let_stand": _let_stand,
    "noted": _noted,
    "expired": _expired,
}


def is_answered(found: Authorization, step: str) -> bool:
    """Whether what left by this step has come to an end: an answer, by a channel or to somebody here, or a refusal that
    is not tried again; what came last counts. One that was taken back has, too."""
    names = [each.id for each in found.steps]
    if step not in names:
        return True
    ends = [_ends(each, step) for each in found.steps[names.index(step) + 1 :]]
    return next((each for each in reversed(ends) if each is not None), False)


def _ends(after: Step, step: str) -> bool | None:
    """None where it says nothing of that."""
    if after.kind == "answer" and (after.value("of") == step or after.value("by_hand")):
        return True
    refused = after.kind == "refused" and after.value("of") == step
    return after.value("why") not in TRIED_AGAIN if refused else None


def says_less(found: Authorization, said: Verdict) -> bool:
    """That it has left or arrived takes nothing back of what came since; nor does a cancellation that has only left."""
    early = (State.DRAFT, State.SUBMITTED)
    if said is Verdict.LEFT:
        return found.state not in early or found.cancelling is not None
    return said is Verdict.ACKNOWLEDGED and (
        found.state not in (*early, State.ACKNOWLEDGED) or found.cancelling is not None
    )


def waits_at_payer(found: Authorization, step: str) -> Step | None:
    """The answer by which what left by this step is on its way or has arrived, and no more than that."""
    last = next((each for each in reversed(found.steps) if each.value("of") == step), None)
    if last is None or last.kind != "answer":
        return None
    return last if ruled_in(last.value("ruled")).verdict in (Verdict.LEFT, Verdict.ACKNOWLEDGED) else None


def is_news(found: Authorization, said: Ruled) -> bool:
    """Whether a payer that was asked again says anything else."""
    before = found.answer
    if said.verdict is Verdict.LEFT:
        return bool(said.ticket) and (before is None or said.ticket != before.ticket)
    if says_less(found, said.verdict):
        return False
    if before is None or said.verdict is not before.verdict:
        return True
    told = ("number", "first_day", "last_day", "services", "reasons", "asked_for")
    return any(new and new != getattr(before, name) for name in told if (new := getattr(said, name)))


def was_for_nothing(found: Authorization) -> bool:
    """We set it aside ourselves; what staff cancelled stays so."""
    return found.state is State.CANCELLED and any(each.kind == "set_aside" for each in found.steps)


def is_open(found: Authorization) -> bool:
    return found.state not in OVER


# -- to and from what is sealed ----------------------------------------------------------------------------------------


def ruled_in(written: str) -> Ruled:
    return _ruled().validate_json(written)


def ruled_out(ruled: Ruled) -> str:
    return _ruled().dump_json(ruled).decode()


def codes_in(written: str) -> Codes:
    return _of_codes().validate_json(written)


def codes_out(codes: Codes) -> str:
    return _of_codes().dump_json(codes).decode()


@cache
def _ruled() -> TypeAdapter[Ruled]:
    return TypeAdapter(Ruled)


@cache
def _of_codes() -> TypeAdapter[Codes]:
    return TypeAdapter(Codes)

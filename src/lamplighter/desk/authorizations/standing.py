"""What somebody who asks "is my authorization done?" may hear: the state, when and how many. Never what it is for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal

from lamplighter.desk import plan_kept
from lamplighter.desk.authorizations import kept, need, units
from lamplighter.desk.authorizations.model import GRANTED, WITH_THE_PAYER, Authorization, State
from lamplighter.desk.ports import Person, Transaction
from lamplighter.practice.calendar import local_date
from lamplighter.practice.model import Practice

Told = Literal[
    "none", "ours", "waiting", "wants_more", "approved", "partly", "denied", "ended", "not_needed", "person"
]
"""none: nothing of the kind is on file. ours: we have not sent it yet. waiting: the plan has it. wants_more: the plan
asked us for more. ended: what was approved is over. person: a person answers, not the agent."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`state` None where there is nothing. `since` when it came to this; `decide_by` the day by which the plan has to
    decide; `last_day` and `visits_left` of what was approved, None where nobody knows."""

    told: Told
    state: State | None = None
    since: date | None = None
    decide_by: date | None = None
    last_day: date | None = None
    visits_left: Decimal | None = None


NOTHING: Final = Standing("none")
A_PERSON: Final = Standing("person")
_BY_STATE: Final[dict[State, Told]] = {
    State.DRAFT: "ours",
    State.REJECTED: "ours",
    State.INFO_REQUESTED: "wants_more",
    State.APPROVED: "approved",
    State.MODIFIED: "partly",
    State.PARTIAL: "partly",
    State.DENIED: "denied",
    State.EXPIRED: "ended",
    State.NOT_NEEDED: "not_needed",
}
_NOT_THERE: Final = (State.DRAFT, State.REJECTED)
_PAST: Final = (State.EXPIRED, State.NOT_NEEDED)


def standing_of(
    found: Iterable[Authorization],
    practice: Practice,
    now: datetime,
    used: Callable[[Authorization], int] = lambda _: 0,
) -> Standing:
    """Of those of one insurer, what the newest of a kind of visit has come to; a person answers where kinds, or older
    ones of a kind, say anything else. `used`: how many visits of an approved one have taken place. Pure."""
    alive = [each for each in found if each.state is not State.CANCELLED]
    if not alive:
        return NOTHING
    if any(each.request.is_tracked or each.cancelling is not None or each.unread for each in alive):
        return A_PERSON
    alive.sort(key=lambda each: each.request.at, reverse=True)
    kinds = dict.fromkeys(each.request.kind for each in alive)
    today = local_date(practice, now)
    chosen = [_meant([each for each in alive if each.request.kind == kind], today) for kind in kinds]
    ones = [each for each in chosen if each is not None and each.state is not State.EXPIRED]
    if None in chosen:
        return A_PERSON
    said = [_told(one, practice, now, used) for one in ones or [one for one in chosen[:1] if one is not None]]
    return said[0] if len({(each.told, each.last_day, each.visits_left) for each in said}) == 1 else A_PERSON


def _meant(found: list[Authorization], today: date) -> Authorization | None:
    """Of one kind, the newest the first: the one that tells how it stands; None where they contradict each other."""
    there = [each for each in found if each.state not in _NOT_THERE]
    one = there[0] if there and there[0].state not in _PAST else found[0]
    older = [each for each in there if each is not one]
    granted = [each for each in (one, *older) if each.state in GRANTED]
    if one.state in WITH_THE_PAYER or (granted in ([], [one]) and not _any_waits(older)):
        return one
    running = [each for each in granted if _runs(each, today)]
    settled = one.state in GRANTED and len(running) == 1 and not _any_waits(older)
    return running[0] if settled else None


def _any_waits(found: list[Authorization]) -> bool:
    return any(each.state in WITH_THE_PAYER for each in found)


def _runs(found: Authorization, today: date) -> bool:
    """On that day; one whose days nobody has said may."""
    first, last = found.first_day, found.last_day
    return (first is None or first <= today) and (last is None or today <= last)


def _told(
    one: Authorization, practice: Practice, now: datetime, used: Callable[[Authorization], int]
) -> Standing:
    if one.state is State.SUBMITTED and one.received is None:
        return A_PERSON
    granted = one.state in GRANTED
    by = None if one.appealed else one.decide_by  # how many reviews an appeal has is their plan's own
    return Standing(
        _BY_STATE.get(one.state, "waiting"),
        one.state,
        local_date(practice, _since(one)),
        local_date(practice, by) if by is not None and by > now else None,
        one.last_day if granted else None,
        units.left(one, used(one)) if granted else None,
    )


def _since(found: Authorization) -> datetime:
    """Since when the plan has it, or when it said what it said last."""
    waits = found.state in WITH_THE_PAYER and found.state is not State.INFO_REQUESTED
    said = found.received if waits else found.answered
    return said or found.sent or found.request.at


def standing_for(tx: Transaction, practice: Practice, person: Person, now: datetime) -> Standing:
    """The same for somebody on file, with the insurer that is theirs now. Whoever asked that their plan be told nothing
    is spoken to by a person, and so is whoever has nothing but what another insurer said."""
    if plan_kept.restricted(tx, person.id):
        return A_PERSON
    found = [each for each in kept.of_person(tx, person.id) if each.state is not State.CANCELLED]
    insurer = "" if person.self_pay else need.insurer_of(practice, person)
    theirs = [each for each in found if each.request.is_tracked or each.request.insurer == insurer]
    if found and not theirs:
        return A_PERSON
    return standing_of(theirs, practice, now, lambda one: units.used(tx, practice, one, now))

"""What somebody who asks "is my authorization done?" may hear: the state, when and how many. Never what it is for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal

from lamplighter.desk import plan_kept
from lamplighter.desk.authorizations import kept, units
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
_ORDER: Final = (
    *WITH_THE_PAYER,
    State.DENIED,
    *GRANTED,
    State.REJECTED,
    State.DRAFT,
    State.NOT_NEEDED,
    State.EXPIRED,
)


def standing_of(found: Iterable[Authorization], practice: Practice, used: int = 0) -> Standing:
    """Of those on file, the one that they mean: what is with the plan before what was decided, that before drafts, and
    of several the newest. `used`: how many visits of an approved one have taken place. Pure."""
    alive = [each for each in found if each.state is not State.CANCELLED]
    if not alive:
        return NOTHING
    if any(each.request.is_tracked or each.cancelling is not None or each.unread for each in alive):
        return A_PERSON
    one = min(alive, key=lambda each: _ORDER.index(each.state))
    granted = one.state in GRANTED
    return Standing(
        _BY_STATE.get(one.state, "waiting"),
        one.state,
        local_date(practice, _since(one)),
        local_date(practice, one.decide_by) if one.decide_by else None,
        one.last_day if granted else None,
        units.left(one, used) if granted else None,
    )


def _since(found: Authorization) -> datetime:
    return found.answered or found.sent or found.request.at


def standing_for(tx: Transaction, practice: Practice, person: Person, now: datetime) -> Standing:
    """The same for somebody on file. Whoever asked that their plan be told nothing is spoken to by a person."""
    if plan_kept.restricted(tx, person.id):
        return A_PERSON
    found = kept.of_person(tx, person.id)
    granted = next((each for each in found if each.state in GRANTED), None)
    used = units.used(tx, practice, granted, now) if granted is not None else 0
    return standing_of(found, practice, used)

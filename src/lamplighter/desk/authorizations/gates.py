"""Why nothing of an authorization goes to its payer: what keeps a plan from being asked keeps this too, and nothing
leaves to a party without an agreement."""

from datetime import datetime
from typing import Final

from lamplighter.desk import plan_gates
from lamplighter.desk.authorizations.model import Authorization
from lamplighter.desk.plan_gates import Reason
from lamplighter.desk.ports import Person, Transaction
from lamplighter.desk.ports.authorizations import AuthorizationChannel, AuthorizationChannels
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.agreements import agreed_with
from lamplighter.practice.calendar import local_date
from lamplighter.practice.model import Practice

PAPER: Final = "paper"
FOR_NOTHING: Final[tuple[Reason, ...]] = ("self_pay", "restricted", "deceased")
"""Nothing is drawn up for them, and a draft of ours is set aside."""

OF_ANY_WORK: Final[tuple[Reason, ...]] = (
    "restricted", "deceased", "held", "holder_not_told", "says_no", "part_2", "consent_first",
)  # fmt: skip
"""Whose will or consent is wanting: that holds for tracked work too, which may be of another plan than the visits."""


def channel(
    channels: AuthorizationChannels | None, practice: Practice, found: Authorization
) -> AuthorizationChannel | None:
    """None: by paper and portal, where what went by hand stays. A practice under 42 CFR Part 2 sends on paper alone,
    where its notice goes along."""
    on_paper = found.request.by_way == PAPER or found.by_hand or practice.eligibility.part_2
    if channels is None or on_paper:
        return None
    return channels.of(practice.id, found.request.by_way)


def for_nothing(tx: Transaction, practice: Practice, person: Person, now: datetime, law: LawData) -> bool:
    return any(each in FOR_NOTHING for each in plan_gates.reasons(tx, practice, person, now, law))


def why_not(
    tx: Transaction,
    practice: Practice,
    person: Person,
    way: AuthorizationChannel | None,
    now: datetime,
    law: LawData = SHIPPED,
    *,
    tracked: bool = False,
) -> Reason | None:
    """`tracked`: by somebody's hands from end to end, who see what is on the card."""
    for reason in plan_gates.reasons(tx, practice, person, now, law):
        holds = reason in OF_ANY_WORK if tracked else reason != "no_payer" or way is not None
        if holds:
            return reason
    lacks = way is not None and way.party and not agreed_with(practice, way.party, local_date(practice, now))
    return "no_agreement" if lacks else None

"""Why a plan is not asked about somebody: the first of these that holds. Each is kept, and shown to the desk.

A plan is a party of its own, and it tells its holder. So nothing goes to it that its member did not want, nor before
they know what it may send, nor what the law wants their consent for first.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, Literal

from lamplighter.conversation.facts import find_insurer
from lamplighter.desk import plan_kept, stopping
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import AGENT, Consent, Fact, Person, Transaction
from lamplighter.law.profile import UnknownState, profile_for
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.model import PayerId, Practice

Reason = Literal[
    "self_pay",
    "no_insurer",
    "no_payer",
    "restricted",
    "deceased",
    "held",
    "no_member_id",
    "no_birth_date",
    "holder_unknown",
    "holder_not_told",
    "says_no",
    "holder_name",
    "part_2",
    "consent_first",
    "nobody_asks",
    "no_agreement",
]
REASONS: Final[dict[Reason, str]] = {
    "self_pay": "They pay for their visits themselves.",
    "no_insurer": "No insurer of theirs is on file.",
    "no_payer": "The practice's files name no payer for this insurer: the biller checks it by hand.",
    "restricted": "They pay themselves and asked that their plan be told nothing of it.",
    "deceased": "Nothing automatic happens for them.",
    "held": "An answer about them waits until somebody here has looked.",
    "no_member_id": "The number on their card is not on file.",
    "no_birth_date": "Their birth date is not on file.",
    "holder_unknown": "Nobody has said whether the plan is in their own name.",
    "holder_not_told": "The plan is in somebody else's name: they have not been told what it may send, nor answered.",
    "says_no": "They said no to a check with their plan.",
    "holder_name": "The plan is in somebody else's name, which is not on file.",
    "part_2": "Their written consent (42 CFR Part 2) is not on record.",
    "consent_first": "The law here wants their consent before a plan is told anything, and none is on record.",
    "nobody_asks": "No clearinghouse is set up for this practice.",
    "no_agreement": "No signed agreement with the clearinghouse is on file.",
}
Purpose = Literal["plan_check", "plan_holder", "plan_part_2"]
PURPOSES: Final[dict[Purpose, str]] = {
    "plan_check": "They agree that their plan is asked",
    "plan_holder": "They know that the plan may send notices to its holder, and still want it asked",
    "plan_part_2": "Their written consent under 42 CFR Part 2 is on file",
}
CHANNEL: Final = "any"
OWN: Final = "self"


def plainly(practice: Practice, person: Person) -> Reason | None:
    """What their record alone says: nothing is planned for them then."""
    if person.self_pay:
        return "self_pay"
    if person.insurer is None:
        return "no_insurer"
    return "no_payer" if payer_of(practice, person) is None else None


def payer_of(practice: Practice, person: Person) -> PayerId | None:
    """By the id of their insurer, or by what callers call it."""
    insurer = find_insurer(practice, person.insurer)
    return practice.eligibility.payer_of(insurer.id if insurer is not None else None)


def why_not(
    tx: Transaction, practice: Practice, person: Person, now: datetime, law: LawData = SHIPPED
) -> Reason | None:
    return next(reasons(tx, practice, person, now, law), None)


def reasons(
    tx: Transaction, practice: Practice, person: Person, now: datetime, law: LawData = SHIPPED
) -> Iterator[Reason]:
    """All of them."""
    if plain := plainly(practice, person):
        yield plain
    if plan_kept.restricted(tx, person.id):
        yield "restricted"
    stops = {each.stop for each in stopping.standing_for(tx, person.id)}
    if "deceased" in stops:
        yield "deceased"
    if "held_to_look" in stops:
        yield "held"
    if not person.member_id:
        yield "no_member_id"
    if person.date_of_birth is None:
        yield "no_birth_date"
    yield from _of_the_holder(tx, person)
    yield from _of_consent(tx, practice, person, now, law)


def _of_the_holder(tx: Transaction, person: Person) -> Iterator[Reason]:
    """Rule 37."""
    if person.subscriber is None:
        yield "holder_unknown"
    elif person.subscriber != OWN:
        said = agreed(tx, person.id, "plan_holder")
        if said is None:
            yield "holder_not_told"
        if said is False:
            yield "says_no"
        if plan_kept.holder(tx, person.id) is None:
            yield "holder_name"


def _of_consent(
    tx: Transaction, practice: Practice, person: Person, now: datetime, law: LawData
) -> Iterator[Reason]:
    if agreed(tx, person.id, "plan_check") is False:
        yield "says_no"
    if practice.eligibility.part_2 and not agreed(tx, person.id, "plan_part_2"):
        yield "part_2"
    wanted = consent_first(practice, person, now, law)
    if wanted and not any(agreed(tx, person.id, each) for each in ("plan_check", "plan_part_2")):
        yield "consent_first"


def consent_first(practice: Practice, person: Person, now: datetime, law: LawData = SHIPPED) -> bool:
    """By the stricter of the practice's state and theirs; a state that nobody knows asks for it."""
    states = (practice.state, person.state) if person.state else (practice.state,)
    try:
        return profile_for(states, now.date(), law).payer_consent_first
    except UnknownState:
        return True


# -- what they said ----------------------------------------------------------------------------------------------------


def agreed(tx: Transaction, person: str, purpose: Purpose) -> bool | None:
    """None: nobody has asked them. A no by any record that may be theirs is one."""
    latest = [tx.consents.latest(each, purpose, CHANNEL) for each in stopping.meant(tx, person)]
    said = [each.given for each in latest if each is not None]
    own = tx.consents.latest(person, purpose, CHANNEL)
    if not all(said):
        return False
    return None if own is None else own.given


def keep_answer(
    tx: Transaction,
    person: str,
    purpose: Purpose,
    given: bool,
    *,
    wording: str,
    now: datetime,
    contact: str | None = None,
) -> None:
    name = stable_id("consent", purpose, person, str(given), now.isoformat())
    tx.consents.record(Consent(name, person, purpose, CHANNEL, given, now, wording, contact))


# -- what was not asked ------------------------------------------------------------------------------------------------


def keep_reason(tx: Transaction, person: str, reason: Reason, visit: str, now: datetime) -> None:
    """Once for a visit, however often it is looked at."""
    details = (("reason", reason), ("visit", visit))
    name = stable_id("plan_not_asked", person, reason, visit)
    tx.facts.state(Fact(name, "plan_not_asked", f"person/{person}", now, AGENT, details, person))


def kept_reasons(tx: Transaction, person: str) -> tuple[tuple[datetime, str], ...]:
    """When nothing was asked and why, the newest first."""
    facts = tx.facts.standing("plan_not_asked", f"person/{person}")[: plan_kept.SHOWN]
    return tuple((fact.at, dict(fact.details).get("reason", "")) for fact in facts)

"""What somebody's plan says: whether it is active, the copay, the deductible, the visits left, whether it wants to
approve visits first. Asked while they are there; what it did not tell is never made up, and active is never covered."""

from collections.abc import Callable, Generator
from typing import Any

from lamplighter.conversation.actions import PersonFound
from lamplighter.conversation.bill_actions import FindBalance, Owing
from lamplighter.conversation.details import Detail, Errand
from lamplighter.conversation.facts import money_in
from lamplighter.conversation.flows.by_mail import for_the_desk
from lamplighter.conversation.flows.knowing import ASKS_OWN, TELLS_HOLDER, known_person
from lamplighter.conversation.flows.owing import biller
from lamplighter.conversation.needs import Ask, Become, Commit, Do, Flow, IfSigned, Need, Say, args, keys
from lamplighter.conversation.plan_actions import AgreeToPlan, FindPlan, KeepPlan, PlanTold
from lamplighter.conversation.view import View

RESTRICTED = "plan.pays_alone.by_person"
"""They asked that their plan be told nothing, which a person alone takes back with them."""

NOT_TOLD, LOOKED_INTO = "plan.not_told", "plan.looked_into"
PHRASES = (
    "plan.asking",
    "plan.late",
    "plan.cannot",
    "plan.by_person",
    "ask.member_id.again",
    "plan.pays_alone",
    "plan.not_found",
    "plan.says_no",
    NOT_TOLD,
    LOOKED_INTO,
    "plan.active",
    "plan.not_active",
    "plan.not_paid_for",
    "plan.out_of_network",
    "plan.other_payer",
    "plan.copay",
    "plan.share",
    "plan.deductible",
    "plan.visits",
    "plan.visits_left",
    "plan.approval",
    ASKS_OWN,
)
NEEDS_A_YES = {"consent_first": ASKS_OWN, "says_no": ASKS_OWN, "holder_not_told": TELLS_HOLDER}
NEEDS_A_NUMBER = {"no_member_id": "ask.member_id", "not_found": "ask.member_id.again"}
NO_AMOUNTS = ("medicaid",)
"""Payer classes of whose people no money is asked (rule 35)."""

Steps = Generator[Need, Any, str | None]
"""Answers what is said of the biller's call, None where the plan told all that was asked."""


def plan_active(view: View) -> Flow:
    yield from _answered(view, active)


def plan_copay(view: View) -> Flow:
    yield from _answered(view, cost, amounts=True)


def plan_deductible(view: View) -> Flow:
    yield from _answered(view, _deductible, amounts=True)


def plan_visits(view: View) -> Flow:
    yield from _answered(view, _visits)


def plan_approval(view: View) -> Flow:
    yield from _answered(view, _approval)


def _answered(view: View, tell: Callable[[PlanTold], Steps], *, amounts: bool = False) -> Flow:
    found = yield from whose_plan(view)
    if found is None or found.person is None:
        return None
    if amounts and (yield from _never_asked(view, found)):
        return (yield from biller(view, "coverage", found, phrase="bill.not_asked"))
    plan = yield from asked_now(view, found)
    if amounts and plan.no_cost_sharing:
        return (yield from biller(view, "coverage", found, phrase="bill.not_asked"))
    return (yield from told(view, found, plan, tell))


def _never_asked(view: View, found: PersonFound) -> Generator[Need, Any, bool]:
    """Rule 35: by the class of their payer, or by the practice's books."""
    if found.payer_class in NO_AMOUNTS or found.person is None or view.practice.billing is None:
        return found.payer_class in NO_AMOUNTS
    owing: Owing = yield Do(FindBalance(found.person))
    return owing.state == "not_asked"


def told(view: View, found: PersonFound, plan: PlanTold, tell: Callable[[PlanTold], Steps]) -> Flow:
    """What the plan says, or why there is nothing to be said; whatever is open is then the biller's."""
    if plan.state != "told":
        return (yield from _untold(view, found, plan))
    if plan.active == "no":
        return (yield from biller(view, "coverage", found, phrase="plan.not_active"))
    open_still = yield from tell(plan)
    if plan.other_payer:
        return (yield from biller(view, "coverage", found, phrase="plan.other_payer"))
    if open_still is not None:
        yield from biller(view, "coverage", found, phrase=open_still)


def whose_plan(view: View, *, asked: bool = False) -> Generator[Need, Any, PersonFound | None]:
    """Rule 18, and the practice's own rule of who may hear an amount. `asked`: no plan needs to be asked for it."""
    if not asked and (not view.practice.eligibility.payers or not (yield IfSigned(PHRASES))):
        yield Become(Errand.MESSAGE)
    if view.state.channel == "email":
        yield from for_the_desk()
    found = yield from known_person(view)
    if found is None:
        return None
    billing = view.practice.billing
    if view.for_somebody_else and (billing is None or "proxy" not in billing.told_to):
        yield from biller(view, "coverage", found, phrase="bill.proxy")
        return None
    return found


def asked_now(view: View, found: PersonFound, after: str = "") -> Generator[Need, Any, PlanTold]:
    """As it was answered a few hours ago, or asked while they wait: once they have told the number on the card where
    none is on file or the plan does not find it, and have said yes where that comes first. `after`: what they have told
    of their plan just now."""
    plan: PlanTold = yield Do(_find(found, after), meanwhile="plan.asking")
    if plan.why == "no_insurer" and (yield IfSigned(("ask.insurance.new",))):
        yield Become(Errand.NEW_PLAN)
    if plan.why in NEEDS_A_NUMBER and not after:
        yield Ask(optional=keys(Detail.MEMBER_ID), phrase=NEEDS_A_NUMBER[plan.why])
        if (number := view.value(Detail.MEMBER_ID)) is None:
            return plan
        yield Commit(KeepPlan(_person(found), None, number))
        after = number
        plan = yield Do(_find(found, after), meanwhile="plan.asking")
    if plan.why in NEEDS_A_YES and not view.for_somebody_else:
        return (yield from _with_their_yes(view, found, plan, after))
    return plan


def _with_their_yes(
    view: View, found: PersonFound, plan: PlanTold, after: str
) -> Generator[Need, Any, PlanTold]:
    """An earlier no holds until they say otherwise, which they are asked once."""
    yield Ask(optional=keys(Detail.PLAN_CHECK), phrase=NEEDS_A_YES[plan.why])
    given = view.truth(Detail.PLAN_CHECK)
    if given is None:
        return plan
    yield Commit(AgreeToPlan(_person(found), given))
    if not given:
        return PlanTold(why="says_no")
    again: PlanTold = yield Do(_find(found, f"{after}|agreed"), meanwhile="plan.asking")
    return again


def _find(found: PersonFound, after: str) -> FindPlan:
    return FindPlan(_person(found), after)


def _person(found: PersonFound) -> str:
    assert found.person is not None
    return found.person


def _untold(view: View, found: PersonFound, plan: PlanTold) -> Flow:
    """Why there is no answer, as far as it is theirs to know, and who sees to it."""
    if plan.why == "self_pay":
        yield Say("plan.pays_alone")
        return
    if plan.why == "restricted":
        phrase = RESTRICTED if (yield IfSigned((RESTRICTED,))) else "plan.cannot"
        yield from biller(view, "told_nothing", found, phrase=phrase)
        return
    if plan.why == "says_no":
        yield Say("plan.says_no")
        return
    phrase = "plan.late" if plan.state == "late" else "plan.cannot"
    if plan.why == "not_found":
        phrase = "plan.not_found"
    yield from biller(view, "coverage", found, phrase=phrase)


# -- what was asked ----------------------------------------------------------------------------------------------------


def active(plan: PlanTold) -> Steps:
    """Never that it is covered; that the plan does not pay for it, where it says so."""
    if plan.paid_for == "no":
        yield Say("plan.not_paid_for", args(day=plan.as_of))
        return LOOKED_INTO
    if plan.in_network == "no":
        yield Say("plan.out_of_network", args(day=plan.as_of))
        return LOOKED_INTO
    if plan.active != "yes":
        return NOT_TOLD
    yield Say("plan.active", args(day=plan.as_of))
    return None


def cost(plan: PlanTold) -> Steps:
    """A copay, else a share; before either what is left of the deductible, where the plan told it."""
    if plan.paid_for == "no" or plan.in_network == "no":
        return (yield from active(plan))
    if plan.copay:
        yield Say("plan.copay", args(day=plan.as_of, fee=plan.copay))
    elif plan.share:
        yield Say("plan.share", args(day=plan.as_of, number=plan.share))
    left = plan.deductible_left
    if left and money_in(left).amount:
        yield Say("plan.deductible", args(day=plan.as_of, fee=plan.deductible or None, fee_later=left))
    return None if plan.copay or plan.share else NOT_TOLD


def _deductible(plan: PlanTold) -> Steps:
    if plan.deductible or plan.deductible_left:
        whole, left = plan.deductible or None, plan.deductible_left or None
        yield Say("plan.deductible", args(day=plan.as_of, fee=whole, fee_later=left))
    return None if plan.deductible_left else NOT_TOLD


def _visits(plan: PlanTold) -> Steps:
    if plan.visits_left:
        yield Say("plan.visits_left", args(day=plan.as_of, number=plan.visits_left))
    elif plan.visits:
        yield Say("plan.visits", args(day=plan.as_of, number=plan.visits))
    return None if plan.visits_left else NOT_TOLD


def _approval(plan: PlanTold) -> Steps:
    """A referral is nothing that a plan tells in its answer."""
    if plan.authorization == "unknown":
        return NOT_TOLD
    yield Say("plan.approval", args(day=plan.as_of, needed=plan.authorization))
    return LOOKED_INTO if plan.authorization == "yes" else None

"""What the next visit costs: the fee from the practice's files, as the estimate that it is, and what their plan says of
their own share; where it says nothing, that is for whoever keeps the books. No fee is told to whom the law may let
nobody ask for one, so the plan, which may say that, is asked first."""

from lamplighter.conversation.actions import FindVisits, Visits
from lamplighter.conversation.bill_actions import FindBalance, Owing
from lamplighter.conversation.facts import UNKNOWN_PAYER, money
from lamplighter.conversation.flows.my_plan import PHRASES, asked_now, cost, told
from lamplighter.conversation.flows.owing import biller, whose
from lamplighter.conversation.needs import Do, Flow, HandOver, IfSigned, Say, args
from lamplighter.conversation.plan_actions import PlanTold
from lamplighter.conversation.view import View

NO_FEES = ("medicaid",)


def next_cost(view: View) -> Flow:
    found = yield from whose(view)
    if found is None or found.person is None:
        return
    if found.payer_class in NO_FEES:
        return (yield from biller(view, "estimate", found, phrase="bill.not_asked"))
    if found.payer_class == UNKNOWN_PAYER:
        return (yield from biller(view, "estimate", found))
    owing: Owing = yield Do(FindBalance(found.person))
    if owing.state == "not_asked":
        return (yield from biller(view, "estimate", found, phrase="bill.not_asked"))
    known: Visits = yield Do(FindVisits(found.person))
    if not known.visits:
        yield Say("visits.none")
        return
    if known.visits[0].by_person:
        yield HandOver("handoff.human")
    slot = known.visits[0].slot
    day = slot.start.astimezone(view.practice.timezone).isoformat()
    fee = money(view.practice.visit_kind(slot.visit_kind).fee)
    plan = PlanTold()
    if found.payer_class is not None and view.practice.eligibility.payers and (yield IfSigned(PHRASES)):
        plan = yield from asked_now(view, found)
    if plan.no_cost_sharing:
        return (yield from biller(view, "estimate", found, phrase="bill.not_asked"))
    yield Say("bill.estimate", args(day=day, fee=fee))
    if plan.state == "told":
        return (yield from told(view, found, plan, cost))
    yield from biller(view, "estimate", found, phrase="bill.estimate_asked")

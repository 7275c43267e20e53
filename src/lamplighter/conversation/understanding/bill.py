"""What is said of a bill or of their plan. Whoever can't pay, disputes it or is upset goes to a person, by patterns
that no guess stands against."""

from collections.abc import Mapping
from typing import Final

from lamplighter.conversation.details import Errand
from lamplighter.conversation.understanding.intents import plain
from lamplighter.conversation.understanding.lexicon import Lexicon
from lamplighter.conversation.understanding.text import Said
from lamplighter.practice.model import Practice

PLANS: Final = {
    "plan_card": Errand.SEND_CARD,
    "plan_new": Errand.NEW_PLAN,
    "plan_authorization": Errand.MY_AUTHORIZATION,
    "plan_eap": Errand.EAP_VISITS,
    "plan_other": Errand.OTHER_PLAN,
    "plan_visits": Errand.PLAN_VISITS,
    "plan_deductible": Errand.PLAN_DEDUCTIBLE,
    "plan_approval": Errand.PLAN_APPROVAL,
    "plan_copay": Errand.PLAN_COPAY,
    "plan_active": Errand.PLAN_ACTIVE,
}
"""What is asked of their plan, or told of it."""

SAYS: Final = {
    "bill_cost": Errand.NEXT_COST,
    "bill_superbill": Errand.SUPERBILL,
    "bill_plan": Errand.PAYMENT_PLAN,
    "bill_instalment": Errand.PAY_A_PART,
    "bill_insurance": Errand.WRONG_INSURANCE,
    "bill_receipt": Errand.RECEIPT,
    "bill_why": Errand.WHY_CHARGED,
    "bill_pay": Errand.PAY,
    "bill_owes": Errand.WHAT_I_OWE,
}
"""The more particular first."""

BILLS: Final = frozenset((*SAYS.values(), *PLANS.values()))
_QUESTIONS: Final = (Errand.WHAT_I_OWE, Errand.WHY_CHARGED)
"""What a call is promised for instead, where that is what they ask."""


def of_a_bill(said: Said, practice: Practice, lex: Lexicon, *, under_way: bool) -> Errand | None:
    """`under_way`: they came about a bill, so that few words are enough. A question about payment plans as such is a
    question about the practice, and whoever wants to be called about a bill leaves word."""
    heard = plain(said, lex, practice).low
    found = _first(SAYS, heard, lex)
    if (plan := _first(PLANS, heard, lex)) is not None and not lex.pattern("plan_not").search(heard):
        found = plan
    if (found or under_way) and lex.pattern("bill_hard").search(heard):
        return Errand.PERSON
    goes_on = found is Errand.SUPERBILL or found in PLANS.values()
    if found is None or (not goes_on and lex.pattern("bill_not").search(heard)):
        return None
    if found in _QUESTIONS and lex.pattern("bill_call").search(heard):
        return Errand.MESSAGE
    if under_way or found not in (Errand.PAY, Errand.WHAT_I_OWE, Errand.PAYMENT_PLAN):
        return found
    asks_how = lex.pattern("bill_how").search(heard)
    asks_of_plans = found is not Errand.PAYMENT_PLAN and lex.group("topics")["payment_plans"].search(heard)
    return None if asks_how or asks_of_plans else found


def _first(names: Mapping[str, Errand], heard: str, lex: Lexicon) -> Errand | None:
    return next((errand for name, errand in names.items() if lex.pattern(name).search(heard)), None)

"""What is said of a bill. By patterns alone: whoever can't pay, disputes it or is upset is not left to a guess, and
goes to a person."""

from typing import Final

from lamplighter.conversation.details import Errand
from lamplighter.conversation.understanding.intents import plain
from lamplighter.conversation.understanding.lexicon import Lexicon
from lamplighter.conversation.understanding.text import Said
from lamplighter.practice.model import Practice

SAYS: Final = {
    "bill_cost": Errand.NEXT_COST,
    "bill_plan": Errand.PAYMENT_PLAN,
    "bill_insurance": Errand.WRONG_INSURANCE,
    "bill_receipt": Errand.RECEIPT,
    "bill_why": Errand.WHY_CHARGED,
    "bill_pay": Errand.PAY,
    "bill_owes": Errand.WHAT_I_OWE,
}
"""The more particular first."""

BILLS: Final = frozenset(SAYS.values())


def of_a_bill(said: Said, practice: Practice, lex: Lexicon, *, under_way: bool) -> Errand | None:
    """`under_way`: they came about a bill, so that few words are enough. A question about payment plans as such is a
    question about the practice."""
    heard = plain(said, lex, practice).low
    found = next((errand for name, errand in SAYS.items() if lex.pattern(name).search(heard)), None)
    if (found or under_way) and lex.pattern("bill_hard").search(heard):
        return Errand.PERSON
    if found is None or lex.pattern("bill_not").search(heard):
        return None
    asks_of_plans = lex.group("topics")["payment_plans"].search(heard)
    return None if found in (Errand.PAY, Errand.WHAT_I_OWE) and asks_of_plans and not under_way else found

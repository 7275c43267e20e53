"""billing.yaml: who may hear what they owe, how it can be paid, and which payment plans need nobody's approval."""

from typing import Literal

from lamplighter.practice.model import BalanceReminders, Billing
from lamplighter.practice.reading import Section
from lamplighter.practice.values import MONEY, TEXT, YES_NO, choice, whole_number

Told = Literal["patient", "proxy"]
Way = Literal["link", "statement"]
PATIENT: Told = "patient"
PROXY: Told = "proxy"
LINK: Way = "link"
STATEMENT: Way = "statement"
TOLD_TO = choice(PATIENT, PROXY)
PAID_BY = choice(STATEMENT, LINK)


def read_billing(section: Section) -> Billing:
    plans = section.section("plans")
    read = Billing(
        told_to=section.many("balance_told_to", TOLD_TO, (PATIENT,)),
        good_for_days=section.maybe("books_good_for_days", whole_number(1, 60), 7),
        pays_by=section.maybe("paid_by", PAID_BY, STATEMENT),
        plan_first_days=plans.maybe("first_after_days", whole_number(0, 60), 30) if plans else 30,
        plan_alone_to=plans.optional("without_approval_to", MONEY) if plans else None,
        outreach=section.maybe("write_about_missed_payments", YES_NO, False),
        reminds=_reminders(section),
        tells_of_refunds=section.maybe("tell_them_of_refunds", YES_NO, False),
        statements_from=section.optional("statements_from", TEXT),
    )
    if "patient" not in read.told_to:
        section.add("balance_told_to", "the patient is not in it", "Add patient: it is their own account.")
    if plans is not None:
        plans.close()
    return read


def _reminders(section: Section) -> BalanceReminders | None:
    asked = section.section("write_about_balances")
    if asked is None:
        return None
    read = BalanceReminders(
        after_days=asked.need("after_days", whole_number(14, 365)),
        at_most=asked.need("at_most", whole_number(1, 3)),
        days_between=asked.need("days_between", whole_number(14, 90)),
    )
    asked.close()
    return read

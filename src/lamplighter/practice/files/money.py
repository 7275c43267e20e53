"""money.yaml: what cancelling late costs, payment plans, ways to pay, sliding scale, superbills."""

from dataclasses import dataclass
from decimal import Decimal

from lamplighter.practice.model import CancelPolicy, Money, PaymentPlans
from lamplighter.practice.reading import Section
from lamplighter.practice.values import MONEY, YES_NO, choice, whole_number

METHODS = choice("card", "hsa_card", "payment_link", "bank_transfer", "check", "cash")
CLASSES = choice("medicaid", "medicare", "commercial", "other")


@dataclass(frozen=True, slots=True)
class MoneyRules:
    """money.yaml as read. The fields are those of `model.Practice`."""

    cancel_policy: CancelPolicy
    payment_plans: PaymentPlans | None
    payment_methods: tuple[str, ...]
    sliding_scale: bool
    superbills: bool


NO_FEE = CancelPolicy(24, Money(Decimal(0)))
BLANK = MoneyRules(NO_FEE, None, (), False, False)


def read_money(section: Section) -> MoneyRules:
    return MoneyRules(
        cancel_policy=_cancelling(section),
        payment_plans=_plans(section),
        payment_methods=section.many("ways_to_pay", METHODS),
        sliding_scale=section.maybe("sliding_scale", YES_NO, False),
        superbills=section.maybe("superbills", YES_NO, False),
    )


def _cancelling(section: Section) -> CancelPolicy:
    policy = section.need_section("cancelling")
    if policy is None:
        return NO_FEE
    read = CancelPolicy(
        free_until_hours=policy.need("free_until_hours_before", whole_number(0, 168)),
        fee=policy.need("late_fee", MONEY),
        never_for=policy.many("never_for", CLASSES, ("medicaid",)),
    )
    if "medicaid" not in read.never_for:
        policy.add(
            "never_for", "Medicaid is not in never_for", "Add medicaid: it may not be charged such fees."
        )
    policy.close()
    return read


def _plans(section: Section) -> PaymentPlans | None:
    plans = section.section("payment_plans")
    if plans is None:
        return None
    months = plans.need_section("months")
    read = PaymentPlans(
        minimum_balance=plans.need("from_balance", MONEY),
        months_min=months.need("least", whole_number(1, 60)) if months else 1,
        months_max=months.need("most", whole_number(1, 60)) if months else 1,
        minimum_instalment=plans.need("smallest_instalment", MONEY),
    )
    if months is not None:
        months.close()
    if read.months_max < read.months_min:
        plans.add("months", "the most months are fewer than the least", "Exchange the two.")
    if read.minimum_instalment.amount * read.months_min > read.minimum_balance.amount:
        plans.add(
            "from_balance",
            "the smallest balance cannot be split into the fewest instalments",
            "Raise from_balance or lower smallest_instalment.",
        )
    plans.close()
    return read

"""billing.yaml beside the practice's other files: what is signed there and can't be done, or would be asked in vain."""

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from lamplighter.practice.model import Billing, Practice
from lamplighter.practice.problems import Problem
from lamplighter.practice.reading import line_of

FILE: Final = "billing.yaml"
Severity = Literal["error", "go_live", "warning"]


def billing(practice: Practice, files: Mapping[str, bytes]) -> list[Problem]:
    if practice.billing is None or FILE not in files:
        return []
    return [
        Problem(FILE, line_of(files[FILE], *where), message, remedy, severity)
        for where, message, remedy, severity in _found(practice, practice.billing)
    ]


def _found(practice: Practice, rules: Billing) -> Iterator[tuple[tuple[str, ...], str, str, Severity]]:
    plans, alone = practice.payment_plans, rules.plan_alone_to
    if rules.pays_by == "link" and "payment_link" not in practice.payment_methods:
        yield (
            ("paid_by",),
            "people are sent a link to pay, and money.yaml does not name one among the ways to pay",
            "Add payment_link to ways_to_pay in money.yaml, or write `paid_by: statement`.",
            "warning",
        )
    if rules.pays_by == "statement" and not rules.statements_from:
        yield (
            ("paid_by",),
            "what is owed is paid by statement alone, and nothing says from where statements come",
            "Add a line `statements_from:` with the address.",
            "warning",
        )
    if alone is not None and plans is None:
        yield (
            ("plans", "without_approval_to"),
            "plans need nobody's approval up to an amount, and money.yaml allows no plans",
            "Write payment_plans in money.yaml, or leave this out.",
            "warning",
        )
    if alone is not None and plans is not None and alone.amount < plans.minimum_balance.amount:
        yield (
            ("plans", "without_approval_to"),
            "no plan is begun without approval: the amount is below the smallest balance of a plan",
            "Raise it above from_balance in money.yaml, or leave it out, which means the same.",
            "warning",
        )
    if rules.outreach and plans is None:
        yield (
            ("write_about_missed_payments",),
            "missed payments of plans are written about, and money.yaml allows no plans",
            "Write payment_plans in money.yaml, or `no` here.",
            "warning",
        )
    if "proxy" in rules.told_to and practice.eligibility.part_2:
        yield (
            ("balance_told_to",),
            "a proxy hears amounts where 42 CFR Part 2 holds, and a minor may have consented alone",
            "Write [patient]; a proxy is then called back.",
            "warning",
        )

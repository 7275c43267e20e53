"""What a plan's answer says, in words: for the desk's page, for the chart and for paper."""

from decimal import Decimal
from typing import Final

from babel.numbers import format_currency, format_percent

from lamplighter.practice.model import Money

FIGURES: Final = (
    ("active", "Plan is active"),
    ("covered", "This kind of care"),
    ("copay", "Copay"),
    ("coinsurance", "Their share"),
    ("deductible", "Deductible"),
    ("deductible_left", "Deductible left"),
    ("out_of_pocket", "Most they pay in a year"),
    ("out_of_pocket_left", "Left of the most they pay"),
    ("visits", "Visits"),
    ("visits_left", "Visits left"),
    ("authorization", "Authorization"),
    ("in_network", "Practice in network"),
    ("telehealth", "Visits by video"),
)
YES_NO: Final = {
    "active": ("yes, which promises nothing yet", "no, not any more"),
    "covered": ("", "the plan says that it is not paid for"),
    "authorization": ("needed", "not needed"),
    "in_network": ("yes", "no"),
    "telehealth": ("paid for", "not paid for"),
}


def name_of(field: str) -> str:
    return dict(FIGURES).get(field, "Plan")


def value(field: str, found: object) -> str:
    match found:
        case bool():
            yes, no = YES_NO.get(field, ("yes", "no"))
            return yes if found else no
        case Money(amount, currency):
            return str(format_currency(amount, currency, locale="en_US"))
        case Decimal() if field == "coinsurance":
            return str(format_percent(found, format="#,##0.##%", locale="en_US"))
        case Decimal():
            return f"{found.normalize():f}"
    return str(found)

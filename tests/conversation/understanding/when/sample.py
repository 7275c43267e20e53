"""The moment and the opening hours that the examples are reckoned from."""

from datetime import datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from lamplighter.practice.model import CancelPolicy, Ladder, Money, Practice, Promises, Span, WeekHours

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("America/New_York"))

PRACTICE = Practice(
    id="sample",
    name="Sample",
    sender_name="Sample",
    timezone_name="America/New_York",
    state="NY",
    states=("NY",),
    phone="+12125550100",
    numbers=("+12125550100",),
    hosts=(),
    hours=WeekHours({day: (Span(time(9), time(18)),) for day in range(5)}),
    closed_dates=(),
    holidays="us_federal",
    slot_starts=(0, 30),
    sites=(),
    visit_kinds=(),
    clinicians=(),
    insurers=(),
    cancel_policy=CancelPolicy(24, Money(Decimal(75))),
    payment_plans=None,
    ladder=Ladder({}, {}),
    promises=Promises(1, time(16), 30),
    languages_signed=("en", "es"),
    languages_draft=(),
    payment_methods=(),
    sliding_scale=False,
    superbills=False,
    minors_first_visit="book",
)

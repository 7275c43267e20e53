"""What one row of a payer's answer is about: which care, which place, which days, how many visits.

The codes are those of X12 005010. Free text decides nothing but where a whole sentence is one of a few.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from lamplighter.desk.ports.coverage import BenefitRow, Delivery
from lamplighter.practice.model import Money

ACTIVE = frozenset("12345")
INACTIVE = frozenset("678")
TELEHEALTH = frozenset(("02", "10"))
A_YEAR = frozenset(("", "21", "22", "23", "25"))
A_LIFETIME = frozenset(("32",))
LEFT = frozenset(("29",))
LEFT_OF_A_LIFETIME = frozenset(("33",))
EACH_VISIT = frozenset(("", "27"))
QMB = "QM"
_OFFICE = "11"
_VISITS = "VS"

# How close a service type is to a talk with a clinician, the closest first (EB03). Inpatient care is none (CE, CG).
WHOLE_PLAN = "30"
_CLOSENESS = (("A6", "CF", "A8"), ("MH", "A4", "CH"), ("98", "A0", "BY"), (WHOLE_PLAN,))
BEHAVIOURAL_AT_MOST = 2
BEHAVIOURAL = frozenset(code for codes in _CLOSENESS[:2] for code in codes) | {
    "A5", "A7", "AI", "AJ", "AK", "CE", "CG",
}  # fmt: skip

_BEGINS = frozenset(("346", "348", "356"))
_ENDS = frozenset(("347", "349", "357"))
_RUNS = _BEGINS | _ENDS | {"291", "292", "307"}

_VIDEO = r"(?:TELE ?HEALTH|TELE ?MEDICINE|VIRTUAL|VIDEO|ONLINE)"
_SAYS_VIDEO = re.compile(rf"\b{_VIDEO}\b")
_SAYS_NOT = re.compile(r"\b(?:NOT|NON|EXCEPT|EXCLUD\w*|OTHER THAN)\b")
_SAYS_OFFICE = re.compile(r"\b(?:OFFICE|IN PERSON)\b")
_VIDEO_IS = re.compile(
    rf"{_VIDEO}(?: VISITS?| SERVICES?| BENEFITS?)? (?:IS|ARE) (NOT )?(COVERED|AVAILABLE|EXCLUDED)"
)
_PROVIDER_IS = re.compile(
    r"(?:THE |THIS )?(?:REQUESTING |SUBMITTING |INQUIRING )?PROVIDER IS (IN|OUT OF|NOT IN) NETWORK"
    r"(?: BASED ON (?:THE )?NPI)?"
)


def closeness(row: BenefitRow, procedure: str) -> int | None:
    """How close the care is to a talk, the smaller the closer; None where the row is about other care."""
    if row.procedure:
        return 0 if procedure and procedure in row.procedure[1:2] else None
    if not row.services:
        return len(_CLOSENESS) + 1
    for place, codes in enumerate(_CLOSENESS, 1):
        if any(code in codes for code in row.services):
            return place
    return None


def place(row: BenefitRow, telehealth: bool) -> int | None:
    """0 where the row names the visit's place, 1 where it names none, None where it is about another."""
    if not row.places:
        return 1
    here = TELEHEALTH if telehealth else {_OFFICE}
    return 0 if here & set(row.places) else None


def in_force(row: BenefitRow, day: date | None) -> bool:
    """Whether a row holds on a day. One that gives no beginning and no end does."""
    if day is None:
        return True
    for qualifier, start, end in row.dates:
        runs = qualifier in _RUNS and start != end
        if start and start > day and (runs or qualifier in _BEGINS):
            return False
        if end and end < day and (runs or qualifier in _ENDS):
            return False
    return True


def no_cost_sharing(rows: Iterable[BenefitRow], day: date) -> bool:
    """Whether they are a Qualified Medicare Beneficiary (EB04 QM), of whom the law lets nobody ask a share."""
    return any(row.insurance_type == QMB and row.kind not in INACTIVE and in_force(row, day) for row in rows)


def amount(row: BenefitRow) -> Money | None:
    """What a row says in money; below zero it says nothing."""
    return None if row.amount is None or row.amount.amount < 0 else row.amount


def share(row: BenefitRow) -> Decimal | None:
    """The patient's share, which is a fraction of one or nothing."""
    return row.share if row.share is not None and 0 <= row.share <= 1 else None


def visits(row: BenefitRow, periods: frozenset[str]) -> Decimal | None:
    """How many visits a limitation gives in one of some periods. A rate (one a day, three a week) is no number."""
    if row.kind != "F":
        return None
    said = []
    if row.quantity_qualifier == _VISITS and row.quantity is not None:
        said.append((row.quantity, {row.period}))
    said += [
        (one.quantity, {row.period, one.period})
        for one in row.deliveries
        if one.quantity_qualifier == _VISITS and one.quantity is not None and not _is_rate(one)
    ]
    for quantity, over in said:
        if quantity >= 0 and _period(over) in periods:
            return quantity
    return None


def _is_rate(one: Delivery) -> bool:
    return bool(one.unit) or one.periods not in (None, Decimal(1))


def _period(over: set[str]) -> str:
    """The one period that EB06 and HSD05 give together: what is left of a year is what is left."""
    known = over - {""}
    if not known <= A_YEAR | A_LIFETIME | LEFT | LEFT_OF_A_LIFETIME:
        return "?"
    if "33" in known or known >= {"29", "32"}:
        return "33"
    return next((code for code in ("29", "32") if code in known), min(known, default=""))


def said_telehealth(row: BenefitRow) -> bool | None:
    """Whether its messages are about visits by video; None where they are as much about the office."""
    for sentence in sentences(row):
        if _SAYS_VIDEO.search(sentence) and not _SAYS_NOT.search(sentence):
            return None if _SAYS_OFFICE.search(sentence) else True
    return False


def takes_telehealth(row: BenefitRow) -> bool | None:
    """Whether a row says that visits by video are paid for, by its place or in a whole sentence."""
    told: set[bool] = set()
    if TELEHEALTH & set(row.places):
        told |= {False} if row.kind == "I" else {True} if row.kind in ACTIVE | {"A", "B"} else set()
    for sentence in sentences(row):
        if found := _VIDEO_IS.fullmatch(sentence):
            told.add((found[1] is None) == (found[2] != "EXCLUDED"))
        elif row.kind == "I" and _SAYS_VIDEO.search(sentence):
            told.add(False)
    return min(told) if told else None


def provider_in_network(row: BenefitRow) -> bool | None:
    """Whether a whole sentence says so of the provider who asked."""
    found = [match[1] == "IN" for sentence in sentences(row) if (match := _PROVIDER_IS.fullmatch(sentence))]
    return min(found) if found else None


def sentences(row: BenefitRow) -> Iterator[str]:
    """The sentences of its messages, in capitals and without marks."""
    for message in row.messages:
        for sentence in re.split(r"[.;!\n]", message.upper()):
            if plain := " ".join(re.sub(r"[^A-Z0-9]+", " ", sentence).split()):
                yield plain

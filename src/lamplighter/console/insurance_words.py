"""A payer's answer in words for the desk: each figure with the row that it comes from and those that it beat.

Active is never "covered", every amount is an estimate of the day it was asked for, and what a plan did not tell is said
to be unknown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lamplighter.desk.benefits import Benefits, Figure, State
from lamplighter.desk.plan_kept import Outcome
from lamplighter.desk.plan_words import FIGURES, value
from lamplighter.desk.ports.chart import WhyNot
from lamplighter.desk.ports.clearinghouse import Why
from lamplighter.desk.ports.coverage import BenefitRow, Network

OUTCOMES: Final[dict[Outcome, str]] = {
    "answered": "The plan answered.",
    "pending": "The plan is working on it; it is looked at again by itself.",
    "withdrawn": "The question did not go out.",
    Why.PAYER_DOWN: "The plan could not answer; it is asked again by itself.",
    Why.UNREACHABLE: "The clearinghouse could not be reached; it is asked again by itself.",
    Why.DIED: "The answer is one that a person has to look at.",
    Why.NOT_FOUND: "The plan does not know them under this name, birth date and number.",
    Why.NOT_ENROLLED: "The plan does not know the practice yet: the biller enrols it.",
    Why.ASKED_WRONGLY: "The plan could not take the question: the biller looks.",
    Why.NOT_ALLOWED: "Our key was refused: whoever runs this machine looks.",
    Why.UNREADABLE: "An answer came that says nothing clear: the biller looks.",
}
CHART_WHY: Final = {
    WhyNot.UNREACHABLE: "The chart could not be reached.",
    WhyNot.NOT_ALLOWED: "The chart refused our key: tell whoever runs this machine.",
    WhyNot.NOBODY: "The chart has nobody of their legal name and birth date.",
    WhyNot.SEVERAL: "The chart has more than one of their legal name and birth date.",
    WhyNot.REFUSED: "The chart did not take it.",
    WhyNot.DIFFERS: "What the chart holds is not what was written: look there.",
    WhyNot.GONE: "The chart does not hold it any more.",
    WhyNot.TAKES_NOTHING: "The chart takes nothing from us.",
    "on_file_twice": "They may be on file twice: find out whose chart it is first.",
    "overtaken": "What is on file has changed since, or a later answer takes its place.",
    "no_chart_agreement": "No signed agreement with whoever runs the chart is on file.",
}
NOT_TOLD: Final = "their plan didn't tell us"
KINDS: Final = {
    "A": "share", "B": "copay", "C": "deductible", "F": "limit", "G": "most in a year", "I": "not paid for",
    "R": "another payer", "U": "ask somebody else", "V": "can't say", "CB": "basis", "D": "description",
}  # fmt: skip
SERVICES: Final = {
    "30": "whole plan", "MH": "mental health", "A4": "psychiatry", "A6": "psychotherapy", "A8": "outpatient",
    "98": "office visit", "BY": "office visit", "CF": "outpatient",
}  # fmt: skip
PERIODS: Final = {
    "21": "years", "22": "a service year", "23": "a calendar year", "24": "year to date", "25": "a contract",
    "27": "a visit", "29": "what is left", "32": "a lifetime", "33": "left of a lifetime",
}  # fmt: skip
PLACES: Final = {"11": "office", "02": "by video", "10": "by video at home"}
NETWORKS: Final = {Network.IN: "in network", Network.OUT: "out of network"}
LEVELS: Final = {"IND": "the person", "FAM": "the family"}


@dataclass(frozen=True, slots=True)
class FigureShown:
    """`said` is the figure, or that it is unknown or contradictory; `row` where it comes from; `beaten` the others."""

    name: str
    said: str
    state: State
    row: str = ""
    beaten: tuple[str, ...] = ()


def figures(found: Benefits) -> tuple[FigureShown, ...]:
    return tuple(_figures(found))


def _figures(found: Benefits) -> Iterator[FigureShown]:
    if found.plan.state is State.KNOWN:
        yield FigureShown("Plan", str(found.plan.value), State.KNOWN, _source(found.plan))
    for field, name in FIGURES:
        figure: Figure = getattr(found, field)
        if field == "covered" and figure.state is State.UNKNOWN:
            continue
        beaten = tuple(map(row, figure.beaten))
        yield FigureShown(name, _said(field, figure), figure.state, _source(figure), beaten)


def _said(field: str, figure: Figure) -> str:
    if figure.state is State.UNKNOWN:
        return NOT_TOLD
    if figure.state is State.CONTRADICTORY:
        return "their plan says two things that can't both hold: somebody looks"
    return value(field, figure.value)


def _source(figure: Figure) -> str:
    return row(figure.row) if figure.row is not None else ""


def row(found: BenefitRow) -> str:
    """ "row 2: copay, psychotherapy, $20.00 a visit, in network, office"."""
    kind = (
        "active" if found.kind in "12345" else "not active" if found.kind in "678" else KINDS.get(found.kind)
    )
    worth = [
        value("", found.amount) if found.amount is not None else "",
        value("coinsurance", found.share) if found.share is not None else "",
        PERIODS.get(found.period, found.period and f"period {found.period}"),
    ]
    parts = [
        kind or f"kind {found.kind}",
        LEVELS.get(found.level, ""),
        " and ".join(dict.fromkeys(SERVICES.get(each, each) for each in found.services)),
        " ".join(filter(None, worth)),
        NETWORKS.get(found.network, ""),
        " and ".join(PLACES.get(each, f"place {each}") for each in found.places),
        *(f"“{each}”" for each in found.messages),
        *(each.name for each in found.others),
    ]
    return f"row {found.number}: " + ", ".join(filter(None, parts))

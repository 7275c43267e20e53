"""How many contacts there were, how many went to a person, and how often for nothing: counted in the ledger, which
outlives what was said, and without whose contact it was.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from lamplighter.conversation.events import Route
from lamplighter.desk.ports import AGENT, LedgerEntry, Transaction

COUNTED, ABOUT = "counted", "counts"
ROUTES: Final[dict[Route, str]] = {"crisis": "a person now", "clinical": "clinician", "human": "desk"}
FALSE_ALARM: Final = "not needed"
FEW: Final = 11
"""Below this a number is not published: behind few contacts somebody might be recognised."""


@dataclass(frozen=True, slots=True)
class Year:
    """`person_now` were handed over since somebody may have been in danger. `false_alarms`: staff said that the guard
    had heard what was not there."""

    year: int
    contacts: int = 0
    person_now: int = 0
    clinician: int = 0
    desk: int = 0
    false_alarms: int = 0


def handed_over(tx: Transaction, contact: str, route: Route, now: datetime) -> None:
    """Once a contact and route, however often it rings."""
    if tx.log.claim(f"counted:{contact}:{route}"):
        _count(tx, ROUTES[route], now)


def false_alarm(tx: Transaction, now: datetime) -> None:
    _count(tx, FALSE_ALARM, now)


def _count(tx: Transaction, what: str, now: datetime) -> None:
    tx.ledger.note(at=now, who=AGENT, what=COUNTED, about=ABOUT, why=what)


def years(entries: Iterable[LedgerEntry], zone: ZoneInfo) -> tuple[Year, ...]:
    """By the practice's own calendar, the latest first."""
    found: Counter[tuple[int, str]] = Counter()
    for entry in entries:
        year = entry.at.astimezone(zone).year
        if entry.what == "opened" and entry.about.endswith("#1"):
            found[year, "contacts"] += 1
        elif entry.what == COUNTED and entry.about == ABOUT:
            found[year, entry.why] += 1
    return tuple(
        Year(
            year,
            contacts=found[year, "contacts"],
            person_now=found[year, ROUTES["crisis"]],
            clinician=found[year, ROUTES["clinical"]],
            desk=found[year, ROUTES["human"]],
            false_alarms=found[year, FALSE_ALARM],
        )
        for year in sorted({year for year, _ in found}, reverse=True)
    )

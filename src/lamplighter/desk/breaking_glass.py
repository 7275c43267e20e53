"""Whoever may not see people on file opens one of them all the same, in an emergency: with a reason, for a quarter of
an hour, in the ledger, and on the owner's page until an owner has looked at it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final
from uuid import uuid4

from lamplighter.desk.ports import Fact, Transaction

LASTS: Final = timedelta(minutes=15)
OPENED: Final = "glass_opened"
REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "danger": "somebody may be in danger",
        "alone": "nobody who may see it can be reached",
        "asked": "an owner asked for it",
        "authority": "an authority asks for it",
    }
)
"""Why; one of these stands in the ledger, and no words of anybody's."""


@dataclass(frozen=True, slots=True)
class Opened:
    """That somebody opened a person's page, which no owner has looked at yet."""

    id: str
    person: str
    by: str
    why: str
    at: datetime
    until: datetime


def open_page(tx: Transaction, person: str, *, by: str, why: str, now: datetime) -> datetime:
    """Until when it stays open. `by` is an account, `why` of REASONS. Raises KeyError."""
    about, until = f"person/{person}", now + LASTS
    tx.ledger.note(at=now, who=by, what="glass_broken", about=about, why=REASONS[why])
    tx.facts.state(Fact(uuid4().hex, OPENED, about, now, by, (("why", why),), ends=until))
    return until


def not_looked_at(tx: Transaction) -> Iterator[Opened]:
    """The newest first."""
    for fact in tx.facts.standing(OPENED):
        kind, _, person = fact.about.partition("/")
        if kind == "person" and fact.ends is not None:
            yield Opened(
                fact.id, person, fact.by, REASONS.get(dict(fact.details)["why"], ""), fact.at, fact.ends
            )

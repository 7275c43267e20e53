"""Legal hold: while it stands for somebody, nothing of theirs is erased, and nothing of theirs expires."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import uuid4

from lamplighter.desk.ports import Fact, Transaction

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "court": "a court or an authority asks for the records",
        "claim": "a claim or a complaint is under way",
        "audit": "an inspection or an audit is under way",
        "counsel": "the practice's counsel asks for it",
    }
)


@dataclass(frozen=True, slots=True)
class Hold:
    """`by` is an account, `why` one of the words of REASONS."""

    id: str
    person: str
    by: str
    why: str
    at: datetime


def stand(tx: Transaction, person: str, *, by: str, why: str, now: datetime) -> None:
    """`why` is of REASONS. Once; a hold that stands stays as it is. Raises KeyError."""
    about = f"person/{person}"
    if not tx.facts.standing("legal_hold", about):
        tx.ledger.note(at=now, who=by, what="held", about=about, why=REASONS[why])
        tx.facts.state(Fact(uuid4().hex, "legal_hold", about, now, by, (("why", why),)))
        tx.people.set_legal_hold(person, True)


def of(tx: Transaction, person: str | None) -> Hold | None:
    found = tx.facts.standing("legal_hold", f"person/{person}") if person else ()
    return _hold(found[0]) if found else None


def keeps(tx: Transaction, contact: str, person: str | None = None) -> bool:
    """Whether a hold stands for anybody whom this contact is joined to, or for `person`."""
    return any(of(tx, each) is not None for each in (person, *tx.people.joined_to(contact)))


def everybodys(tx: Transaction) -> Iterator[Hold]:
    """The newest first."""
    return map(_hold, tx.facts.standing("legal_hold"))


def _hold(fact: Fact) -> Hold:
    why = REASONS[fact.value("why")]
    return Hold(fact.id, fact.about.removeprefix("person/"), fact.by, why, fact.at)

"""What is kept of one person: taken away as a file, erased, and kept from erasure.

Erasing destroys the keys under which they and their contacts are sealed: nobody reads them again, whatever copy of the
store they find. The ledger keeps that it was done, and what it noted before, which has no content.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final, get_args

from lamplighter.conversation import events as e
from lamplighter.conversation.state import fold
from lamplighter.desk import holding, later, plan_card_kept, reviewing
from lamplighter.desk.ports import Transaction
from lamplighter.desk.ports.facts import FactKind

EVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
SEALED: Final = "kept for clinical roles"


class HasVisits(Exception):
    """They are expected: visits that are ahead must be called off first, so that everybody is told."""


class NoPerson(Exception):
    """Nobody of this name is on file."""


def lift(tx: Transaction, person: str, *, by: str, now: datetime) -> None:
    """The hold is over: whatever would have gone meanwhile goes now."""
    found = holding.of(tx, person)
    if found is None or not tx.facts.lift(found.id, by, now):
        return
    tx.ledger.note(at=now, who=by, what="hold_lifted", about=f"person/{person}")
    tx.people.set_legal_hold(person, False)
    for contact in tx.people.contacts_of(person):
        later.forget_after_hold(tx, contact, now)
    if not plan_card_kept.is_looked_at(tx, person):
        plan_card_kept.destroy(tx, person, now, by=by)


def erase(tx: Transaction, person: str, *, by: str, now: datetime) -> None:
    """Raises NoPerson, HasVisits or LegalHold."""
    if tx.people.get(person) is None:
        raise NoPerson
    if tx.schedule.visits_of(person, now):
        raise HasVisits
    tx.people.forget(person)
    tx.ledger.note(at=now, who=by, what="erased", about=f"person/{person}", why="as asked")


def export(tx: Transaction, person_id: str, *, clinical: bool) -> str:
    """All that is kept of somebody, as JSON. What they said in danger or of their health is for clinical roles, and is
    named as kept where it is not `clinical`. Raises NoPerson."""
    person = tx.people.get(person_id)
    if person is None:
        raise NoPerson
    about = f"person/{person_id}"
    facts = [asdict(fact) for kind in get_args(FactKind) for fact in tx.facts.standing(kind, about)]
    found = {
        "person": asdict(person),
        "visits": [asdict(each) for each in tx.schedule.visits_of(person_id, EVER)],
        "messages": [asdict(each) for each in tx.outbox.gone_out([person_id], EVER)],
        "waiting": [asdict(each) for each in tx.waitlist.all() if each.person == person_id],
        "stated": facts,
        "contacts": [list(_contact(tx, each, clinical)) for each in tx.people.contacts_of(person_id)],
    }
    return json.dumps(found, default=str, ensure_ascii=False, indent=1)


def _contact(tx: Transaction, contact: str, clinical: bool) -> Iterator[dict[str, Any]]:
    events = tx.log.read(contact)
    opens = clinical or reviewing.verdict_of(fold(events)) not in reviewing.SEALED
    for event in events:
        body = asdict(event.body)
        if isinstance(event.body, e.Heard) and not opens:
            body |= {"text": SEALED, "alternatives": (), "keys": ""}
        if isinstance(event.body, e.StaffSaid | e.Marked | e.RehearsalDrafted) and not opens:
            body |= {name: SEALED for name in ("text", "note", "scenario") if name in body}
        yield {"contact": contact, "seq": event.seq, "at": event.at, **body}

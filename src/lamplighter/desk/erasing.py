"""What is kept of one person: taken away as a file, erased, and kept from erasure.

Erasing destroys the keys under which they and their contacts are sealed: nobody reads them again, whatever copy of the
store they find. The ledger keeps that it was done, and what it noted before, which has no content.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final, get_args

from lamplighter.conversation.state import fold
from lamplighter.desk import holding, later, owed, plan_card_kept, reviewing
from lamplighter.desk.ports import LegalHold, Transaction
from lamplighter.desk.ports.facts import FactKind
from lamplighter.practice.model import Practice

EVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
SEALED: Final = "kept for clinical roles"
SEEN_TO: Final = ("handoff", "clinical", "review", "follow_up", "marked_wrong")
"""Tasks that somebody needs their records for: nobody is erased while one is open."""

TELLING: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "heard": ("text", "alternatives", "keys"),
        "guarded": ("because",),
        "understood": ("acts",),
        "said": ("phrase", "args", "once"),
        "did": ("answer",),
        "pending": ("request",),
        "handoff_asked": ("about",),
        "handoff_about": ("about",),
        "staff_said": ("text",),
        "overridden": ("what", "reason"),
        "marked": ("note",),
        "rehearsal_drafted": ("name", "scenario"),
        "rehearsal_approved": ("name",),
        "rehearsal_dropped": ("name",),
    }
)
"""What of an event tells what somebody said in danger or of their health, by its kind: their words, what was made of
them, what we said to them by them, and what people here wrote of them."""


class HasVisits(Exception):
    """They are expected: visits that are ahead must be called off first, so that everybody is told."""


class BeingSeenTo(Exception):
    """Somebody is still to see to something of theirs, which could not be done without their records. `kind` is that of
    the task, None where a contact has not ended; `contact` where it is, if in one."""

    def __init__(self, kind: str | None, contact: str | None) -> None:
        super().__init__(f"{kind or 'contact'} is still open")
        self.kind, self.contact = kind, contact


class HeldBeside(LegalHold):
    """A contact of theirs is also that of somebody whose hold stands."""

    def __init__(self, contact: str) -> None:
        super().__init__("a contact is shared with somebody under legal hold")
        self.contact = contact


class NoPerson(Exception):
    """Nobody of this name is on file."""


def lift(tx: Transaction, practice: Practice, person: str, *, by: str, now: datetime) -> None:
    """The hold is over: whatever would have gone meanwhile goes now."""
    found = holding.of(tx, person)
    if found is None or not tx.facts.lift(found.id, by, now):
        return
    tx.ledger.note(at=now, who=by, what="hold_lifted", about=f"person/{person}")
    tx.people.set_legal_hold(person, False)
    for contact in tx.people.contacts_of(person):
        later.forget_after_hold(tx, contact, now, practice)
    if not plan_card_kept.is_looked_at(tx, person):
        plan_card_kept.destroy(tx, person, now, by=by)


def erase(tx: Transaction, person: str, *, by: str, now: datetime) -> None:
    """Raises NoPerson, HasVisits, BeingSeenTo or LegalHold, which is HeldBeside where it is another's."""
    if tx.people.get(person) is None:
        raise NoPerson
    if tx.schedule.visits_of(person, now):
        raise HasVisits
    contacts = tx.people.contacts_of(person)
    _is_free(tx, person, contacts)
    for task in tx.tasks.list_open():
        if task.kind == "audit" and task.contact in contacts:
            tx.tasks.close(task.id, by)
    tx.people.forget(person)
    tx.ledger.note(at=now, who=by, what="erased", about=f"person/{person}", why="as asked")


def _is_free(tx: Transaction, person: str, contacts: Sequence[str]) -> None:
    """Raises BeingSeenTo or LegalHold."""
    if holding.of(tx, person) is not None:
        raise LegalHold
    for contact in contacts:
        if holding.keeps(tx, contact):
            raise HeldBeside(contact)
    for task in tx.tasks.list_open():
        if task.kind in SEEN_TO and (task.person == person or task.contact in contacts):
            raise BeingSeenTo(task.kind, task.contact)
    for kind, contact in owed.to_come(tx, contacts):
        raise BeingSeenTo(kind, contact)
    for contact in contacts:
        state = fold(tx.log.read(contact))
        if state.seq and state.ended is None:
            raise BeingSeenTo(None, contact)


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
        if not opens:
            body |= {name: SEALED for name in TELLING.get(body["kind"], ()) if body[name]}
        yield {"contact": contact, "seq": event.seq, "at": event.at, **body}

"""Somebody spoke of violence at home: nothing of ours goes to them any more, until a person says that it is safe.

Whoever reads their messages may be who they are afraid of. It holds for the contact, for whoever it was identified as,
and for everybody on file under the number it came from.
"""

from datetime import datetime
from typing import Final

from lamplighter.conversation.state import State, fold
from lamplighter.conversation.ways import RECKONED
from lamplighter.desk import owed, texting
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import Consent, Message, Transaction

PURPOSE, CHANNEL = "contact", "any"
SAID: Final = "handoff.crisis.home"
"""For what it is kept: this, or RECKONED; then whether to call is decided by a person."""
RECENT = 1000


def keep(tx: Transaction, state: State, now: datetime) -> None:
    """From this transaction on. What was about to go out is cancelled. What is only reckoned takes nothing back of what
    was said before."""
    people, why = _whom(tx, state), SAID if state.never_call else RECKONED
    for person in people:
        if why == RECKONED and is_kept(tx, person=person):
            continue
        name = stable_id("quiet", person, state.contact, *((RECKONED,) if why == RECKONED else ()))
        wording = f"{why} {state.protocol_hash}"
        tx.consents.record(Consent(name, person, PURPOSE, CHANNEL, False, now, wording, state.contact))
    for message in tx.outbox.recent(RECENT):
        if message.status == "queued" and (message.contact == state.contact or message.person in people):
            tx.outbox.advance(message.id, "cancelled")
    owed.say_anew(tx, state)


def hush(tx: Transaction, state: State) -> None:
    """Somebody else may hear or read what comes to the number of this contact: nothing goes there by itself."""
    for message in tx.outbox.recent(RECENT):
        if message.status == "queued" and message.contact == state.contact:
            tx.outbox.advance(message.id, "cancelled")


def _whom(tx: Transaction, state: State) -> frozenset[str]:
    found = {person.id for person in tx.people.by_phone(state.address)} if state.address else set()
    if state.channel == "email":
        found |= {each.person for each in tx.outbox.recent(RECENT) if each.person and _went_to(each, state)}
    return frozenset(found | ({state.person} if state.person else set()))


def _went_to(message: Message, state: State) -> bool:
    """Whether they have been written to at the address that this came from."""
    return message.channel == "email" and message.to.lower() == state.address


def is_kept(tx: Transaction, *, person: str | None = None, contact: str | None = None) -> bool:
    """Whether nothing may go to this person, or to whoever was in this contact."""
    refused = tx.consents.latest(person, PURPOSE, CHANNEL) if person else None
    if refused is not None and not refused.given:
        return True
    return contact is not None and texting.quietly(fold(tx.log.read(contact)))


def is_never_called(tx: Transaction, person: str) -> bool:
    """Whether nobody may call them back either."""
    refused = tx.consents.latest(person, PURPOSE, CHANNEL)
    return refused is not None and not refused.given and not refused.wording.startswith(RECKONED)


def silences(tx: Transaction, message: Message) -> bool:
    return is_kept(tx, person=message.person, contact=message.contact)

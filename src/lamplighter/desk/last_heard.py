"""When somebody last wrote or spoke themselves from where we had written to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from lamplighter.conversation import events as e
from lamplighter.desk.ports import Transaction

MOST_CONTACTS: Final = 5000


def last_heard(tx: Transaction, since: Mapping[str, datetime]) -> dict[str, datetime]:
    """By number or address, in small letters: the last that came from there after its moment in `since`. What we said,
    what staff did and what a contact ended with is nothing that they wrote."""
    found: dict[str, datetime] = {}
    for contact in tx.log.contacts(limit=MOST_CONTACTS):
        address = (contact.address or "").lower()
        after = since.get(address)
        if after is None or contact.last_at <= max(after, found.get(address, after)):
            continue
        heard = [event.at for event in tx.log.read(contact.id) if _is_theirs(event.body)]
        if heard and heard[-1] > max(after, found.get(address, after)):
            found[address] = heard[-1]
    return found


def _is_theirs(body: e.Body) -> bool:
    return isinstance(body, e.Heard) and body.final and bool(body.text or body.alternatives or body.keys)

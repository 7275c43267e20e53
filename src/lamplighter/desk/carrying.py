"""Texts through a carrier, which remembers nothing of ours: a person never gets one twice, whatever breaks.

Theory of operation. Before a message is handed over, that and when it was is stored. Whoever finds it so later asks the
carrier first, once a carrier surely lists what it took; only what it surely has not taken is handed over again. What it
can't tell is never sent again: it shows as unknown, and a person sees to it. A receipt that names our message settles
it at any time.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lamplighter.desk.ports import (
    Carrier,
    Message,
    MessageRefused,
    MessageStatus,
    MessageUnknown,
    Outgoing,
    Records,
    Transaction,
)
from lamplighter.practice.model import PracticeId

ASKS_FOR: Final = timedelta(hours=12)
ASKS_AGAIN: Final = timedelta(minutes=5)
KNOWN_FOR: Final = timedelta(days=400)
NOT_TAKEN: Final = "not_taken"
"""Why a message waits that was handed over and surely not taken."""


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a message that was being handed over: it stands so now, is looked at again `later`, or was not
    taken (neither)."""

    status: MessageStatus | None = None
    later: datetime | None = None
    carrier_id: str | None = None


def in_doubt(message: Message) -> bool:
    return message.status == "sending" and message.why != NOT_TAKEN


def find_out(carrier: Carrier, message: Outgoing, others: Callable[[str], bool], now: datetime) -> Found:
    """Asks the carrier, when it is time to. One that does not have the number that it went from can tell nothing."""
    if message.sent_from not in carrier.numbers:
        return Found("unknown")
    if now < message.at + carrier.settles:
        return Found(later=message.at + carrier.settles)
    try:
        taken = carrier.ask(message, others)
    except (MessageUnknown, MessageRefused):
        return Found("unknown")
    except ConnectionError:
        return Found(later=now + ASKS_AGAIN) if now < message.at + ASKS_FOR else Found("unknown")
    return Found(taken.status, carrier_id=taken.carrier_id) if taken is not None else Found()


def asked_again(carrier: Carrier, message: Message, now: datetime) -> datetime:
    """When to find out about a message whose outcome is unknown: the longer it takes, the rarer."""
    return now + max(carrier.settles, (now - message.at) / 2)


def number_for(tx: Transaction, message: Message, pool: Sequence[str], now: datetime) -> str:
    """Of our numbers the one that they know: which they wrote to, or heard from last; else one that stays theirs."""
    dialled = _dialled(tx, message.contact)
    if dialled in pool:
        return dialled
    heard_from = tx.outbox.gone_out((message.person,), now - KNOWN_FOR) if message.person else ()
    known = (each.sent_from for each in heard_from if each.to == message.to and each.sent_from in pool)
    return next((number for number in known if number), None) or max(
        pool, key=lambda number: hashlib.sha256(f"{number} {message.to}".encode()).digest()
    )


def _dialled(tx: Transaction, contact: str | None) -> str:
    opened = tx.log.read(contact)[:1] if contact else ()
    body = opened[0].body if opened else None
    return body.dialled if body is not None and body.kind == "opened" and body.channel == "sms" else ""


def others(records: Records, practice: PracticeId, message: Message) -> Callable[[str], bool]:
    """Whether an id of the carrier's is another message's."""

    def another(carrier_id: str) -> bool:
        with records.transaction(practice) as tx:
            found = tx.outbox.of_carrier(carrier_id)
        return found is not None and found.id != message.id

    return another

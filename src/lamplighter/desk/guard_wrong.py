"""The guard heard what was not there: kept for whoever mends it, apart from the contact and from whoever was in it.

What is kept is which patterns it went by, in which language and on which channel. No word that was said, no contact and
no person: a false alarm leaves no mark on anybody.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

from lamplighter.conversation import events as e
from lamplighter.conversation.state import fold
from lamplighter.desk import counting
from lamplighter.desk.ports import Fact, Transaction

KIND: Final = "guard_wrong"
ABOUT = "guard"


@dataclass(frozen=True, slots=True)
class Wrong:
    """How often it was told of what the guard went by."""

    because: str
    locale: str
    channel: str
    times: int


def tell(tx: Transaction, contact: str, *, by: str, now: datetime) -> bool:
    """By whoever has just closed the hand-over or looked it over, once. False where the guard handed nothing over. What
    is kept has an id by chance, so that nobody finds the contact by it."""
    events = tx.log.read(contact)
    guarded = _behind_the_hand_over(events)
    if guarded is None:
        return False
    if not tx.log.claim(f"guard_wrong:{contact}:{guarded.heard}"):
        return True
    state = fold(events)
    details = (
        ("because", " ".join(guarded.because)), ("locale", state.locale), ("channel", state.channel),
        ("route", guarded.verdict),
    )  # fmt: skip
    tx.facts.state(Fact(uuid4().hex, "guard_wrong", ABOUT, now, by, details))
    counting.false_alarm(tx, now)
    return True


def _behind_the_hand_over(events: Sequence[e.Event]) -> e.Guarded | None:
    asked = [event.body.heard for event in events if isinstance(event.body, e.HandoffAsked)]
    if not asked:
        return None
    verdicts = (event.body for event in reversed(events) if isinstance(event.body, e.Guarded))
    return next((body for body in verdicts if body.heard == asked[-1] and body.verdict != "clear"), None)


def told(tx: Transaction) -> tuple[Wrong, ...]:
    """All that was told so far, the most often first."""
    counted = Counter(
        (fact.value("because"), fact.value("locale"), fact.value("channel"))
        for fact in tx.facts.standing(KIND)
    )
    return tuple(Wrong(*what, times) for what, times in counted.most_common())

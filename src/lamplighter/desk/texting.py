"""What we say in a thread of texts, as messages that a carrier takes to the person's telephone.

A turn's sentences, and the words of staff, become one stored message that names where they stand in the log: the words
themselves are read from there when it goes.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from lamplighter.conversation import events as e
from lamplighter.conversation.state import State
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import Message, Records, Transaction
from lamplighter.desk.replies import Utterance
from lamplighter.practice.model import PracticeId

PHRASE: Final = "thread"
"""Stands in the place of a phrase's id: the phrases are those of the log."""

IN_ORDER: Final = timedelta(seconds=20)
"""How long an answer waits for the one before it, so that they arrive as they were said."""

Spoken = Callable[[PracticeId, str, int], tuple[Utterance, ...]]
Epoch = Callable[[PracticeId, str], int]


def answer(state: State, added: Sequence[e.Event], now: datetime) -> Message | None:
    """What of these events is for the person's telephone, as one message; None where nothing is."""
    said = [event.seq for event in added if isinstance(event.body, e.Said | e.StaffSaid)]
    if state.channel != "sms" or state.address is None or not said:
        return None
    return Message(
        id=stable_id(PHRASE, state.contact, str(said[0])),
        channel="sms",
        to=state.address,
        phrase=PHRASE,
        args=(("after", str(said[0] - 1)), ("upto", str(said[-1]))),
        locale=state.locale,
        at=now,
        person=state.person,
        contact=state.contact,
    )


def is_answer(message: Message) -> bool:
    return message.phrase == PHRASE


def waits_its_turn(tx: Transaction, message: Message, now: datetime) -> bool:
    """Whether one that was said before it is still on its way."""
    if not is_answer(message) or now - message.at > IN_ORDER:
        return False
    return any(
        is_answer(each) and each.status in ("queued", "sending") and _after(each) < _after(message)
        for each in tx.outbox.of_contact(message.contact or "")
    )


def _after(message: Message) -> int:
    return int(dict(message.args)["after"])


class Threads:
    """Reads from the log what a message of a thread says. `spoken` renders what we have said, `epoch` tells which
    holding of the floor it is."""

    def __init__(self, records: Records, spoken: Spoken, epoch: Epoch) -> None:
        self._records, self._spoken, self._epoch = records, spoken, epoch

    def words(self, practice: PracticeId, message: Message, *, now: bool) -> str:
        """`now`: without what somebody took the floor from meanwhile. Empty where nothing is left to say."""
        assert message.contact is not None
        after, upto = _after(message), int(dict(message.args)["upto"])
        epoch = self._epoch(practice, message.contact) if now else 0
        parts = {
            one.seq: one.text
            for one in self._spoken(practice, message.contact, after)
            if one.seq <= upto and one.epoch >= epoch
        }
        with self._records.transaction(practice) as tx:
            for event in tx.log.read(message.contact, after):
                if event.seq <= upto and isinstance(event.body, e.StaffSaid):
                    parts[event.seq] = event.body.text
        return "\n".join(parts[seq] for seq in sorted(parts))

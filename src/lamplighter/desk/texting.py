"""What we say in a thread of texts, as messages that a carrier takes to the person's telephone.

A turn's sentences, and the words of staff, become one stored message that names where they stand in the log: the words
themselves are read from there when it goes.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from lamplighter.conversation import events as e
from lamplighter.conversation import private_number
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.state import State
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import Message, Records, Transaction
from lamplighter.desk.replies import Utterance
from lamplighter.practice.model import PracticeId

PHRASE: Final = "thread"
"""Stands in the place of a phrase's id: the phrases are those of the log."""

LONGEST: Final = 600
"""How much goes in one text, counted as UTF-16: nine pieces on the air at most, which every carrier takes."""

IN_ORDER: Final = timedelta(seconds=20)
"""How long an answer waits for the one before it, so that they arrive as they were said."""

Spoken = Callable[[PracticeId, str, int], tuple[Utterance, ...]]
Epoch = Callable[[PracticeId, str], int]


def answers(
    state: State, added: Sequence[e.Event], now: datetime, written: Callable[[e.Event], str]
) -> tuple[Message, ...]:
    """What of these events is for the person's telephone: one message, or several where it is long. `written` renders
    what was said. Where somebody at home may read it, only what answers words that just came, and what staff write."""
    said = [event for event in added if isinstance(event.body, e.Said | e.StaffSaid)]
    if state.channel != "sms" or state.address is None or not said:
        return ()
    if quietly(state) and not any(isinstance(event.body, e.Heard | e.StaffSaid) for event in added):
        return ()
    parts = len(pieces("\n".join(map(written, said))))
    after, upto = str(said[0].seq - 1), str(said[-1].seq)
    return tuple(
        Message(
            id=stable_id(PHRASE, state.contact, after, str(part)),
            channel="sms",
            to=state.address,
            phrase=PHRASE,
            args=(("after", after), ("part", str(part)), ("upto", upto)),
            locale=state.locale,
            at=now,
            person=state.person,
            contact=state.contact,
        )
        for part in range(parts)
    )


def quietly(state: State) -> bool:
    """Whether somebody else may read what comes to them."""
    return state.quiet or private_number.hushes(state)


def written(book: Phrasebook, event: e.Event) -> str:
    """What one event says on a screen."""
    body = event.body
    return (
        book.render(body.locale, body.phrase, body.args)
        if isinstance(body, e.Said)
        else getattr(body, "text", "")
    )


def pieces(text: str) -> tuple[str, ...]:
    """Cut where a sentence ends, or else between words, so that each is carried whole by any carrier."""
    found, rest = [], text
    while _units(rest) > LONGEST:
        room = _fitting(rest)
        ends = [rest.rfind(end, 0, room) + len(end) - 1 for end in ("\n", ". ", "? ", "! ", "。")]
        cut = max(ends) if max(ends) > room // 2 else rest.rfind(" ", 0, room)
        cut = cut if cut > 0 else room
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return (*found, rest) if rest else tuple(found)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fitting(text: str) -> int:
    """How many letters fit."""
    letters, units = 0, 0
    for letter in text:
        units += _units(letter)
        if units > LONGEST:
            break
        letters += 1
    return letters


def is_answer(message: Message) -> bool:
    return message.phrase == PHRASE


def waits_its_turn(tx: Transaction, message: Message, now: datetime) -> bool:
    """Whether one that was said before it is still on its way."""
    if not is_answer(message) or now - message.at > IN_ORDER:
        return False
    return any(
        is_answer(each) and each.status in ("queued", "sending") and _place(each) < _place(message)
        for each in tx.outbox.of_contact(message.contact or "")
    )


def _place(message: Message) -> tuple[int, int]:
    """After which event it was said, and which piece it is."""
    args = dict(message.args)
    return int(args["after"]), int(args.get("part", 0))


class Threads:
    """Reads from the log what a message of a thread says. `spoken` renders what we have said, `epoch` tells which
    holding of the floor it is."""

    def __init__(self, records: Records, spoken: Spoken, epoch: Epoch) -> None:
        self._records, self._spoken, self._epoch = records, spoken, epoch

    def words(self, practice: PracticeId, message: Message, *, now: bool) -> str:
        """`now`: without what somebody took the floor from meanwhile. Empty where nothing is left to say."""
        assert message.contact is not None
        (after, part), upto = _place(message), int(dict(message.args)["upto"])
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
        whole = "\n".join(parts[seq] for seq in sorted(parts))
        if message.channel == "email":
            return whole
        cut = pieces(whole)
        return cut[part] if part < len(cut) else ""

"""Who tried to call somebody back, when, and what came of it.

Each attempt is an event of the contact that it is owed to, so that it is sealed with it and stands in the ledger. Where
nothing may go to them, none is noted: there must be none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from lamplighter.conversation import events as e
from lamplighter.conversation.state import State
from lamplighter.desk import quiet
from lamplighter.desk.ports import Transaction

LATELY: Final = 20
CAME_TO: Final[Mapping[str, str]] = MappingProxyType(
    {
        "reached": "reached them",
        "no_answer": "no answer",
        "busy": "busy",
        "wrong_number": "wrong number",
        "no_message": "voicemail, left no message: nothing on file allows one",
    }
)


class DoNotCallBack(Exception):
    """Violence at home was spoken of: whoever picks up may be who they are afraid of."""


@dataclass(frozen=True, slots=True)
class Attempt:
    by: str
    came_to: e.CallCameTo
    at: datetime

    @property
    def words(self) -> str:
        return CAME_TO[self.came_to]


def may_call(tx: Transaction, state: State) -> bool:
    """Not where violence at home was spoken of in so many words in this contact, or ever by whom it may be."""
    at_number = tx.people.by_phone(state.address) if state.address else ()
    people = {each.id for each in at_number} | ({state.person} if state.person else set())
    return not state.never_call and not any(quiet.is_never_called(tx, each) for each in people)


def attempts(events: Iterable[e.Event]) -> tuple[Attempt, ...]:
    """The latest first."""
    found = [
        Attempt(each.body.by, each.body.came_to, each.at)
        for each in events
        if isinstance(each.body, e.CalledBack)
    ]
    return tuple(reversed(found))


def attempts_for(tx: Transaction, person: str) -> Sequence[Attempt]:
    """Those of all their contacts, the latest first."""
    return sorted(_of_all(tx, person), key=lambda each: each.at, reverse=True)[:LATELY]


def _of_all(tx: Transaction, person: str) -> Iterator[Attempt]:
    for contact in tx.people.contacts_of(person):
        yield from attempts(tx.log.read(contact))

"""A contact as the person in it sees it: their words, ours, those of the staff, and who has come in or left.

Whatever a page shows is read from the log, on a first visit, after a reload and live alike.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import uuid4

from lamplighter.conversation import events as e
from lamplighter.desk.contacts import Contacts, NoSuchContact, NotStored, Utterance
from lamplighter.desk.ports import Records
from lamplighter.practice.model import PracticeId

Who = Literal["person", "agent", "staff", "note"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a thread. For a note, `text` names it ("joined", "left", "ended"), and `name` says who."""

    id: str
    at: datetime
    who: Who
    text: str
    name: str = ""

    def as_json(self) -> dict[str, str]:
        return {
            "id": self.id, "at": self.at.isoformat(), "who": self.who, "text": self.text, "name": self.name,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class News:
    """What is new in a contact after the seq that was asked for; `said` holds our utterances with their epochs."""

    seq: int
    entries: tuple[Entry, ...]
    said: tuple[Utterance, ...]
    events: tuple[e.Event, ...]


class Threads:
    """Reads contacts for their pages."""

    def __init__(self, contacts: Contacts, records: Records) -> None:
        self._contacts = contacts
        self._records = records

    def news(self, practice: PracticeId, contact: str, after: int = 0) -> News:
        """Raises NoSuchContact."""
        with self._records.transaction(practice) as tx:
            events = tx.log.read(contact, after)
        if not events:
            if after == 0:
                raise NoSuchContact("there is no such contact")
            return News(after, (), (), ())
        last = events[-1].seq
        said: dict[int, Utterance] = {}
        if any(isinstance(event.body, e.Said) for event in events):
            spoken = self._contacts.utterances(practice, contact, after)
            said = {one.seq: one for one in spoken if one.seq <= last}
        entries = (_entry(event, said.get(event.seq)) for event in events)
        return News(last, tuple(entry for entry in entries if entry), tuple(said.values()), events)


def entries_of(held: NotStored) -> list[dict[str, str]]:
    """What we say while nothing can be stored; it is in no log, and a reload doesn't bring it back."""
    return [Entry(f"held:{uuid4()}", held.at, "agent", one.text).as_json() for one in held.said]


def _entry(event: e.Event, said: Utterance | None) -> Entry | None:
    name = f"{event.contact}:{event.seq}"
    match event.body:
        case e.Heard(final=True) as heard if heard.text or heard.keys:
            return Entry(name, event.at, "person", heard.text or heard.keys)
        case e.Said() if said is not None:
            return Entry(name, event.at, "agent", said.text)
        case e.StaffSaid(by, text):
            return Entry(name, event.at, "staff", text, by)
        case e.FloorTaken(by) | e.HandoffAccepted(by):
            return Entry(name, event.at, "note", "joined", by)
        case e.FloorGiven(by) | e.HandoffPassedOn(by):
            return Entry(name, event.at, "note", "left", by)
        case e.Ended():
            return Entry(name, event.at, "note", "ended")
    return None

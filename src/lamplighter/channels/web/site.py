"""What every public page needs: the practice it is for, and the ports it speaks to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from starlette.requests import HTTPConnection

from lamplighter.channels.calls.speech_desk import SpeechDesk
from lamplighter.channels.sms.inbound import Inbound
from lamplighter.channels.web.limits import Doors
from lamplighter.channels.web.thread import Threads
from lamplighter.channels.web.tickets import Tickets
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk.contacts import Contacts
from lamplighter.desk.feed import LiveFeed
from lamplighter.desk.ports import Clock, Records
from lamplighter.practice.directory import Directory, UnknownPractice
from lamplighter.practice.model import Practice, PracticeId


@dataclass(frozen=True, slots=True)
class InventedPatient:
    """Somebody to try things out as. `number` is E.164 and 555-01xx; `note` by locale: "has a visit on Tuesday"."""

    name: str
    born: date
    number: str
    note: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Caller:
    """A rehearsal that can be played; `title` by locale."""

    id: str
    title: dict[str, str]


class StillPlaying(Exception):
    """A caller is being played already."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What only a demonstration shows. `play` begins a call and returns, or raises StillPlaying; `to_tomorrow` moves
    the clock.

    `things_to_try` by locale. Both callables are called in a thread of their own; a missing one has
    no button.
    """

    patients: Sequence[InventedPatient] = ()
    things_to_try: dict[str, Sequence[str]] = field(default_factory=dict)
    callers: Sequence[Caller] = ()
    play: Callable[[str | None], None] | None = None
    to_tomorrow: Callable[[], None] | None = None


Counts = Callable[[PracticeId], Sequence[Mapping[str, int | None]]]
"""By name what was counted of each year, the latest first; None is a number too small to be published."""


def no_counts(_: PracticeId) -> Sequence[Mapping[str, int | None]]:
    return ()


@dataclass(frozen=True, slots=True)
class Site:
    contacts: Contacts
    records: Records
    directory: Directory
    feed: LiveFeed
    phrasebook: Phrasebook
    clock: Clock
    tickets: Tickets
    threads: Threads
    inbound: Inbound
    doors: Doors
    speech: SpeechDesk
    demo: Demo | None
    approved: Mapping[PracticeId, frozenset[str]]  # languages whose words a practice's own people approved
    counts: Counts = no_counts  # what a practice has published of its years

    def practice(self, connection: HTTPConnection) -> Practice:
        """The one whose host was asked for: resolved here and nowhere later. Raises UnknownPractice."""
        return self.directory.by_host(connection.headers.get("host", ""))

    def is_draft(self, practice: Practice, locale: str) -> bool:
        """Whether a sentence that the agent would say in this language has been reviewed neither by whoever wrote the
        product nor by the practice itself."""
        if locale in self.approved.get(practice.id, ()):
            return False
        if locale not in self.phrasebook.locales:
            return True
        return any(phrase.status == "draft" for phrase in self.phrasebook.phrases(locale).values())

    def same_origin(self, connection: HTTPConnection) -> bool:
        """A page of another site may not speak through somebody's browser."""
        origin = connection.headers.get("origin")
        return origin is None or origin.partition("://")[2] == connection.headers.get("host", "")


__all__ = ["Caller", "Demo", "InventedPatient", "Site", "UnknownPractice"]

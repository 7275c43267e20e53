"""Everything a contact left behind outside the sealed hearing: sentences, messages, tasks, log lines and records."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final

from lamplighter.conversation.events import Event, Heard, Said
from lamplighter.desk.ports import Transaction
from lamplighter.practice.model import Practice
from lamplighter.rehearsal.stage import Scene

OURS: Final = frozenset(
    {
        "kind", "phrase", "key", "status", "route", "action", "why", "once", "about_kind", "offer", "locale", "id",
        "contact", "practice", "hash", "protocol_hash", "channel", "modality", "visit_kind", "name_of_job", "vote",
        "because", "errand", "aside", "topic", "detail", "subject", "asks", "confirms", "verdict",
    }
)  # fmt: skip
"""Fields that hold words of ours for the machine, never anything that a person said."""
PAIRS: Final = ("args", "details", "caller")
"""Fields of names and values; the names are the machine's."""
AROUND: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Trace:
    """A text that stands somewhere; `where` reads "a sentence of ours"; `seq` is its event's, where it has one."""

    where: str
    text: str
    seq: int = 0


def contains(text: str, words: str) -> bool:
    """Whether the text contains these words, as whole words, case and accents' encoding apart."""
    wanted = r"\s+".join(re.escape(word) for word in _folded(words).split())
    return bool(wanted) and re.search(rf"(?<!\w){wanted}(?!\w)", _folded(text)) is not None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def traces(scene: Scene, practice: Practice, events: Sequence[Event], now: datetime) -> Iterator[Trace]:
    """Of the contact with these events and of all records, as they stand at `now`."""
    for event in events:
        if isinstance(event.body, Said):
            yield from _sentences(scene, event.body, event.seq)
        elif not isinstance(event.body, Heard):
            yield from (Trace("the log of the contact", text, event.seq) for text in texts_in(event.body))
    yield from (Trace("a message of ours", message.text) for message in scene.sent())
    yield from (Trace("a log line", line) for line in scene.log_lines())
    with scene.records.transaction(practice.id) as transaction:
        yield from _recorded(scene, transaction, now)


def _sentences(scene: Scene, said: Said, seq: int) -> Iterator[Trace]:
    for spoken in (True, False):
        words = scene.render(said.locale, said.phrase, said.args, spoken=spoken)
        yield Trace("a sentence of ours", words, seq)


def _recorded(scene: Scene, transaction: Transaction, now: datetime) -> Iterator[Trace]:
    """Tasks for clinical roles carry the sealed words themselves and are left out."""
    people: set[str | None] = set()
    for message in transaction.outbox.recent(1000):
        words = scene.render(message.locale, message.phrase, dict(message.args), spoken=False)
        texts = (words, *(value for _, value in message.args))
        yield from (Trace("a message of ours", text) for text in texts)
    for task in transaction.tasks.list_open():
        people.add(task.person)
        if task.kind != "clinical" and task.route != "clinician":
            yield from (Trace("a task", text) for text in texts_in(task))
    for waiting in transaction.waitlist.all():
        people.add(waiting.person)
        yield from (Trace("the waiting list", text) for text in texts_in(waiting))
    for job in transaction.jobs.pending():
        yield from (Trace("a job", value) for _, value in job.args)
    for entry in transaction.ledger.entries(0, 100_000):
        yield from (Trace("the ledger", text) for text in (entry.about, entry.why))
    for visit in transaction.schedule.visits_between(now - AROUND, now + AROUND):
        people.update(visit.participants)
    for person_id in sorted(person for person in people if person):
        if (person := transaction.people.get(person_id)) is not None:
            yield from (Trace("a person's record", text) for text in texts_in(person))


def texts_in(thing: Any) -> Iterator[str]:
    """Every free text in a dataclass, at any depth; the machine's own words are passed over."""
    if isinstance(thing, str) and not isinstance(thing, Enum):
        yield thing
    elif is_dataclass(thing):
        for each in fields(thing):
            if each.name in PAIRS:
                yield from (value for _, value in _pairs(getattr(thing, each.name)))
            elif each.name not in OURS:
                yield from texts_in(getattr(thing, each.name))
    elif isinstance(thing, dict):
        yield from (text for value in thing.values() for text in texts_in(value))
    elif isinstance(thing, tuple | list | frozenset):
        yield from (text for value in thing for text in texts_in(value))


def _pairs(thing: Any) -> Iterable[tuple[str, str]]:
    """Names with values; a bare list of names (what was asked) has no values."""
    if isinstance(thing, dict):
        return thing.items()
    return [each for each in thing if isinstance(each, tuple)]

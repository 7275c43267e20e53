"""A contact becomes a rehearsal, so that what went wrong in it can't happen again: with invented details alone, and
only once a second person has read it. One that was for a person now or a clinician never becomes one.

The draft is an event of its contact, and goes with it. What is kept is a file of the practice's; whose contact it was
made of stands sealed with the contact, and with that gone the file goes too.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol

from lamplighter.conversation import events as e
from lamplighter.desk import reviewing, told_apart
from lamplighter.desk.context import stable_id
from lamplighter.desk.messages import callback_due
from lamplighter.desk.ports import Account, Fact, Task, Transaction
from lamplighter.practice.model import Practice

TASK: Final = "rehearsal"
KEPT: Final = "rehearsal_kept"
PREFIX: Final = "own-"
LONGEST: Final = 20_000
TO_WRITE: Final = "WRITE THIS"
"""Stands in a draft where nobody but a person can invent what is said."""


def new_name(by_chance: str) -> str:
    """`by_chance`: eight digits and letters to f. Nobody finds the contact by it."""
    return f"{PREFIX}{by_chance}"


def is_name(written: str) -> bool:
    return re.fullmatch(f"{PREFIX}[0-9a-f]{{8}}", written) is not None


class NeverOfThis(Exception):
    """Of a contact that was for a person now or a clinician no rehearsal is made."""


class NotAnother(Exception):
    """Whoever drafted it can't approve it."""


class NoSuchDraft(Exception):
    """It is not there, or no longer waits."""


class NotYet(Exception):
    """The text can't be kept as it is; `why` says what stands in the way, without repeating it."""

    def __init__(self, why: Sequence[str]) -> None:
        super().__init__("; ".join(why))
        self.why = tuple(why)


@dataclass(frozen=True, slots=True)
class Draft:
    """`asks` are the places where something was left out or invented that somebody should look at, each with why."""

    text: str
    asks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One that was made of a contact."""

    name: str
    contact: str
    text: str
    by: str
    at: datetime
    status: Literal["waits", "kept"]
    approved_by: str | None = None


class Files(Protocol):
    """Drafts, reads and keeps rehearsals; the practice's own folder of them."""

    def stock(self, practice: Practice) -> tuple[str, ...]:
        """Sentences and words of ours and of the practice's, which tell of nobody who says them."""
        ...

    def draft(
        self, practice: Practice, events: Sequence[e.Event], name: str, known: Collection[str]
    ) -> Draft:
        """`known`: words of this person beside those in the log, which may not come up in what is invented."""
        ...

    def problems(self, name: str, text: str) -> tuple[str, ...]:
        """What the rehearsal's reader has against it."""
        ...

    def keep(self, name: str, text: str) -> None:
        """Raises OSError where it can't be kept."""
        ...

    def remove(self, name: str) -> None: ...

    def names(self) -> tuple[str, ...]: ...


def may_become(events: Sequence[e.Event]) -> bool:
    """Neither what the guard heard, nor where it was handed, nor what somebody says should have been heard in it."""
    for event in events:
        match event.body:
            case e.Guarded(verdict="crisis" | "clinical") | e.HandoffAsked(route="crisis" | "clinical"):
                return False
    return all(each.body.verdict not in reviewing.SEALED for each in reviewing.marks(events))


def of(events: Sequence[e.Event]) -> tuple[Rehearsal, ...]:
    """Those that wait or are kept."""
    found: dict[str, Rehearsal] = {}
    for event in events:
        body = event.body
        if isinstance(body, e.RehearsalDrafted):
            found[body.name] = Rehearsal(body.name, event.contact, body.scenario, body.by, event.at, "waits")
        elif isinstance(body, e.RehearsalApproved) and (was := found.get(body.name)):
            found[body.name] = Rehearsal(was.name, was.contact, was.text, was.by, was.at, "kept", body.by)
        elif isinstance(body, e.RehearsalDropped):
            found.pop(body.name, None)
    return tuple(found.values())


def propose(
    tx: Transaction,
    practice: Practice,
    files: Files,
    contact: str,
    name: str,
    text: str,
    by: Account,
    now: datetime,
) -> None:
    """Raises NothingToMark, NeverOfThis or NotYet."""
    events = _events(tx, contact)
    _look(tx, practice, files, events, name, text)
    for earlier in of(events):
        if earlier.status == "waits":
            drop(tx, files, contact, earlier.name, by.name, now)
    _append(tx, contact, e.RehearsalDrafted(by.name, name, text), now)
    tx.tasks.add(Task(stable_id(TASK, name), TASK, "desk", callback_due(practice, now), contact))


def approve(
    tx: Transaction, practice: Practice, files: Files, contact: str, name: str, by: Account, now: datetime
) -> None:
    """The file is written last, so that nothing is played that the log does not know. Raises NothingToMark,
    NoSuchDraft, NeverOfThis, NotAnother, NotYet, or OSError: then all is as it was."""
    events = _events(tx, contact)
    draft = _waiting(events, name)
    if draft.by == by.name:
        raise NotAnother("a second person approves it")
    _look(tx, practice, files, events, name, draft.text)
    _append(tx, contact, e.RehearsalApproved(by.name, name), now)
    tx.tasks.close(stable_id(TASK, name), by.name)
    tx.facts.state(
        Fact(stable_id(KEPT, name), "rehearsal_kept", f"contact/{contact}", now, by.name, (("name", name),))
    )
    files.keep(name, draft.text)


def drop(tx: Transaction, files: Files, contact: str, name: str, by: str, now: datetime) -> None:
    """It no longer waits, or is played no more. Raises NothingToMark or NoSuchDraft."""
    if all(each.name != name for each in of(_events(tx, contact))):
        raise NoSuchDraft("there is no such rehearsal")
    _append(tx, contact, e.RehearsalDropped(by, name), now)
    tx.tasks.close(stable_id(TASK, name), by)
    tx.facts.lift(stable_id(KEPT, name), by, now)
    files.remove(name)


def kept(tx: Transaction) -> tuple[Rehearsal, ...]:
    """Those that are played, the newest first."""
    found = []
    for fact in tx.facts.standing("rehearsal_kept"):
        contact = fact.about.removeprefix("contact/")
        found += [each for each in of(tx.log.read(contact)) if each.name == fact.value("name")]
    return tuple(each for each in found if each.status == "kept")


def waiting(tx: Transaction) -> tuple[Rehearsal, ...]:
    contacts = dict.fromkeys(t.contact for t in tx.tasks.list_open() if t.kind == TASK and t.contact)
    return tuple(each for one in contacts for each in of(tx.log.read(one)) if each.status == "waits")


def clear_away(tx: Transaction, files: Files) -> int:
    """Files whose contact is gone, or that no approval stands behind, go. How many that were."""
    stand = {each.name for each in kept(tx)}
    gone = [name for name in files.names() if name not in stand]
    for name in gone:
        files.remove(name)
    return len(gone)


def _look(
    tx: Transaction, practice: Practice, files: Files, events: Sequence[e.Event], name: str, text: str
) -> None:
    if not may_become(events):
        raise NeverOfThis("of such a contact no rehearsal is made")
    if len(text) > LONGEST:
        raise NotYet(["it is longer than 20,000 characters"])
    why = [f"something is still to be written: {TO_WRITE}"] if TO_WRITE in text else []
    why += [f"{what} stands in it" for what in told_apart.left_in(tx, events, text, files.stock(practice))]
    if why := [*why, *files.problems(name, text)]:
        raise NotYet(why)


def _waiting(events: Sequence[e.Event], name: str) -> Rehearsal:
    found = next((each for each in of(events) if each.name == name and each.status == "waits"), None)
    if found is None:
        raise NoSuchDraft("it does not wait for anybody")
    return found


def _events(tx: Transaction, contact: str) -> tuple[e.Event, ...]:
    events = tx.log.read(contact)
    if not events:
        raise reviewing.NothingToMark("there is no such contact")
    return events


def _append(tx: Transaction, contact: str, body: e.Body, now: datetime) -> None:
    last = tx.log.read(contact)[-1]
    tx.log.append(contact, [body], expected=last.seq, at=now, protocol_hash=last.protocol_hash)

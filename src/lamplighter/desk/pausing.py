"""Staff pause the assistant, for one line or for everything: a fact under a role, read in every turn's own transaction.

So it holds from the next turn on in every contact of the line, on every worker and after a restart. It ends at its
time, or by a click. For one contact alone, whoever takes its floor has paused it already.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal
from uuid import uuid4

from lamplighter import logs
from lamplighter.conversation import events as e
from lamplighter.conversation.state import State
from lamplighter.desk.ports import Fact, Transaction
from lamplighter.practice.calendar import local_date, open_spans
from lamplighter.practice.model import Practice

Channel = Literal["voice", "sms", "chat", "email"]
KIND: Final = "assistant_paused"
EVERYTHING: Final = "assistant/all"
LONGEST: Final = timedelta(hours=12)
REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "wrong": "it says or does something wrong",
        "changed": "something has changed that it does not know yet",
        "ourselves": "we answer ourselves for now",
        "drill": "a drill",
    }
)
"""Why; one of these stands in the ledger, and no words of anybody's."""

SPELLS: Final[Mapping[str, timedelta | None]] = MappingProxyType(
    {"closing": None, "one": timedelta(hours=1), "four": timedelta(hours=4), "twelve": LONGEST}
)
"""How long, by what a page may ask for; None until the practice closes."""

log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class Pause:
    """One that stands. `about` is EVERYTHING or a line; `why` is of REASONS."""

    id: str
    about: str
    by: str
    at: datetime
    ends: datetime
    why: str


class PausedAlready(Exception):
    """Somebody was first. Carries their pause."""

    def __init__(self, pause: Pause) -> None:
        super().__init__("this is paused already")
        self.pause = pause


class EndedAlready(Exception):
    """The pause is over: `by` has ended it, or nobody, and its time was up."""

    def __init__(self, by: str | None) -> None:
        super().__init__("this pause is over already")
        self.by = by


def line(channel: Channel, dialled: str) -> str:
    """What a pause of this line is about. A practice has one chat and one mailbox, whatever they are reached under."""
    return (
        f"assistant/line/{channel}" if channel in ("chat", "email") else f"assistant/line/{channel}/{dialled}"
    )


def lines(practice: Practice) -> tuple[tuple[Channel, str], ...]:
    """Every line, by its channel and the number that is dialled."""
    numbers = tuple(dict.fromkeys((practice.phone, *practice.numbers)))
    calls: list[tuple[Channel, str]] = [("voice", number) for number in numbers]
    texts: list[tuple[Channel, str]] = [("sms", number) for number in numbers]
    mail: list[tuple[Channel, str]] = [("email", practice.email)] if practice.email else []
    return (*calls, *texts, ("chat", ""), *mail)


def until(practice: Practice, spell: str, now: datetime) -> datetime:
    """When a pause of this length ends: at closing time, where the practice is open and closes within twelve hours.
    Raises KeyError."""
    lasts = SPELLS[spell]
    if lasts is not None:
        return now + lasts
    spans = open_spans(practice, local_date(practice, now))
    closes = (span.end for span in spans if span.holds(now))
    return min((*closes, now + LONGEST))


def pause(
    tx: Transaction, practice: Practice, about: str, why: str, ends: datetime, *, by: str, now: datetime
) -> Pause:
    """From the next turn on. Raises KeyError for what is no line and no reason, PausedAlready for who is second."""
    known = {EVERYTHING, *(line(channel, dialled) for channel, dialled in lines(practice))}
    if about not in known or why not in REASONS:
        raise KeyError
    for fact in tx.facts.standing(KIND, about):
        if fact.holds(now):
            raise PausedAlready(of(fact))
        tx.facts.lift(fact.id, fact.by, now)  # over by itself, at the time that they said
    fact = Fact(uuid4().hex, KIND, about, now, by, (("why", why),), ends=min(ends, now + LONGEST))
    tx.facts.state(fact)
    tx.ledger.note(at=now, who=by, what="assistant_was_paused", about=about, why=REASONS[why])
    return of(fact)


def end(tx: Transaction, pause_id: str, *, by: str, now: datetime) -> Pause:
    """From the next turn on. Raises KeyError for what is no pause, EndedAlready for who is second."""
    fact = tx.facts.get(pause_id)
    if fact is None or fact.kind != KIND:
        raise KeyError
    if fact.lifted is not None or not fact.holds(now):
        raise EndedAlready(fact.lifted_by)
    tx.facts.lift(pause_id, by, now)
    return of(fact)


def standing(tx: Transaction, now: datetime) -> tuple[Pause, ...]:
    """The newest first."""
    return tuple(of(fact) for fact in tx.facts.standing(KIND) if fact.holds(now))


def of(fact: Fact) -> Pause:
    """A fact of this kind, as a pause."""
    assert fact.ends is not None
    return Pause(fact.id, fact.about, fact.by, fact.at, fact.ends, fact.value("why"))


# -- in a turn ---------------------------------------------------------------------------------------------------------


def opened(tx: Transaction, body: e.Opened, now: datetime) -> e.Opened:
    """An opening says whether the assistant is paused for its line."""
    try:
        return replace(body, paused=_whose(tx, body.channel, body.dialled, now) is not None)
    except Exception:
        log.exception("pause_not_read", practice=tx.practice)
        return body


def learned(tx: Transaction, state: State, now: datetime) -> tuple[e.AssistantPaused | e.AssistantBack, ...]:
    """What has changed since the contact's last turn. A store that can't tell keeps nobody from being heard."""
    try:
        by = _whose(tx, state.channel, state.dialled, now)
    except Exception:
        log.exception("pause_not_read", practice=tx.practice)
        return ()
    if by is not None and not state.paused:
        return (e.AssistantPaused(by),)
    return (e.AssistantBack(),) if by is None and state.paused else ()


def _whose(tx: Transaction, channel: Channel, dialled: str, now: datetime) -> str | None:
    of_it = (EVERYTHING, line(channel, dialled))
    found = (fact.by for fact in tx.facts.standing(KIND) if fact.about in of_it and fact.holds(now))
    return next(found, None)

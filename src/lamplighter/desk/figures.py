"""What reminders and the wait list came to in the last thirty days: one function a figure, and how each is computed.

Rules of this room: what can't be known is None and never nought; a figure says what it counts in words that whoever
reads it can check; nobody is named.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from lamplighter.desk.last_heard import last_heard
from lamplighter.desk.ports import AGENT, Message, Records, Sought, Transaction, Visit
from lamplighter.desk.waitlist_openings import openings
from lamplighter.practice.model import Practice, PracticeId

DAYS: Final = 30
LONGEST_BEFORE: Final = timedelta(days=15)
"""How long before a visit its first reminder can have gone, and more."""

AT_ONCE: Final = 500
ARRIVED: Final = ("sent", "delivered")
Which = Literal["reach", "answers", "moves", "missed", "filled"]


@dataclass(frozen=True, slots=True)
class Figure:
    """`count` of `of`; `of` None: a number by itself. `before`: the practice's own past, in percent."""

    which: Which
    name: str
    how: str
    count: int
    of: int | None = None
    before: int | None = None

    @property
    def percent(self) -> int | None:
        """None where there is nothing to be a part of."""
        return round(100 * self.count / self.of) if self.of else None


def figures(records: Records, practice: Practice, now: datetime) -> tuple[Figure, ...]:
    since = now - timedelta(days=DAYS)
    with records.transaction(practice.id) as tx:
        found = (
            reach(tx, since, now),
            answers(tx, since, now),
            missed(tx, practice, since, now),
            filled(tx, since, now),
        )
    reached, answered, not_kept, offered = found
    return reached, answered, moves(records, practice.id, since, now), not_kept, offered


def reach(tx: Transaction, since: datetime, now: datetime) -> Figure:
    visits = _stood(tx, since, now)
    how = (
        "Of the visits of the last 30 days that stood when their time came (not cancelled, and not moved to another "
        "day), those of which a reminder was handed to the carrier or the mail server, before the visit and with the "
        "time at which it stood."
    )
    return Figure("reach", "Visits reminded of", how, len(_reminded(tx, visits)), len(visits))


def answers(tx: Transaction, since: datetime, now: datetime) -> Figure:
    visits = _stood(tx, since, now)
    reminded = _reminded(tx, visits)
    wrote = _last_wrote(tx, reminded.values())
    confirmed = {visit.id for visit in visits if visit.status == "confirmed"}
    answered = [
        visit
        for visit, message in reminded.items()
        if visit in confirmed or _after(wrote.get(message.to.lower()), message.moved_at)
    ]
    how = (
        "Of the visits that a reminder was sent of (above), those that were confirmed, and those after whose first "
        "reminder they wrote or spoke from the number or address that it went to."
    )
    return Figure("answers", "Reminders answered", how, len(answered), len(reminded))


def moves(records: Records, practice: PracticeId, since: datetime, now: datetime) -> Figure:
    sought = Sought((AGENT,), "visit_moved", since=since, until=now + timedelta(microseconds=1))
    with records.transaction(practice) as tx:
        found = len(tx.ledger.search(sought, limit=tx.ledger.length()))
    how = (
        "How often in the last 30 days a visit was moved to another time without anybody of the office: by answering a "
        "text or an email, by the link in it, by call or chat, or to a time from the wait list. A single visit of a "
        "series that was moved is not among them. A move is a success: somebody comes at another time."
    )
    return Figure("moves", "Moved without a call to the office", how, found)


def missed(tx: Transaction, practice: Practice, since: datetime, now: datetime) -> Figure:
    """Whoever was called off by the practice is not among them: such a visit is cancelled."""
    visits = _stood(tx, since, now)
    how = (
        "Of the visits of the last 30 days that stood when their time came, those that staff marked as missed. What "
        "nobody marks counts as kept. The past is what the practice states in reminders.yaml (missed_before_percent); "
        "where it states nothing it is unknown."
    )
    count = sum(visit.status == "missed" for visit in visits)
    return Figure("missed", "Missed visits", how, count, len(visits), practice.reminders.missed_before)


def filled(tx: Transaction, since: datetime, now: datetime) -> Figure:
    over = [
        each for each in openings(tx) if each.ended is not None and since <= each.ended <= now and each.end
    ]
    how = (
        "Of the times that came free while people were waiting, with notice enough to be offered, and whose offers "
        "ended in the last 30 days: those that somebody on the wait list took. A time that somebody else booked "
        "meanwhile counts as not filled."
    )
    count = sum(each.end == "filled" for each in over)
    return Figure("filled", "Freed times filled from the wait list", how, count, len(over))


def _stood(tx: Transaction, since: datetime, now: datetime) -> tuple[Visit, ...]:
    return tuple(
        visit
        for visit in tx.schedule.visits_between(since, now)
        if since <= visit.slot.start <= now and visit.status != "held_for_office"
    )


def _reminded(tx: Transaction, visits: tuple[Visit, ...]) -> dict[str, Message]:
    """The first reminder that went of each visit, at the time at which it stood."""
    starts = {visit.id: visit.slot.start for visit in visits}
    first: dict[str, Message] = {}
    for message in _gone_out(tx, visits):
        start = starts.get(message.visit or "")
        if start is None or message.moved_at is None or message.moved_at >= start:
            continue
        if "reminder" in message.phrase and message.status in ARRIVED and _names(message, start):
            first[message.visit or ""] = message
    return first


def _gone_out(tx: Transaction, visits: tuple[Visit, ...]) -> Iterator[Message]:
    """The newest first, of so many people at once."""
    if not visits:
        return
    since = min(visit.slot.start for visit in visits) - LONGEST_BEFORE
    people = sorted({person for visit in visits for person in visit.participants})
    for begin in range(0, len(people), AT_ONCE):
        yield from tx.outbox.gone_out(people[begin : begin + AT_ONCE], since)


def _names(message: Message, start: datetime) -> bool:
    day = dict(message.args).get("day")
    return day is not None and datetime.fromisoformat(day) == start


def _last_wrote(tx: Transaction, reminded: Iterable[Message]) -> dict[str, datetime]:
    """By number and address, when they last wrote from there since they were reminded."""
    since: dict[str, datetime] = {}
    for message in reminded:
        if message.moved_at is not None:
            address = message.to.lower()
            since[address] = min(message.moved_at, since.get(address, message.moved_at))
    return last_heard(tx, since)


def _after(last: datetime | None, sent: datetime | None) -> bool:
    return last is not None and sent is not None and last > sent

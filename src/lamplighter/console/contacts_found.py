"""The contacts of some days, found by what they came to: nothing that is looked for names a person."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from threading import Lock
from typing import Final
from urllib.parse import urlencode

from lamplighter.console import contact_words, wording
from lamplighter.console.board import who_is
from lamplighter.conversation.details import Errand
from lamplighter.conversation.events import Event
from lamplighter.conversation.events_of_review import OUTCOMES, VERDICTS
from lamplighter.conversation.state import fold
from lamplighter.desk import reviewing
from lamplighter.desk.ports import ContactSummary, Transaction
from lamplighter.practice.calendar import at_local
from lamplighter.practice.model import Practice

PAGE: Final = 25
DAYS: Final = 7
MOST: Final = 5000
KEPT: Final = 3000
MARKED: Final = {"right": "Marked right", "wrong": "Marked wrong", "any": "Marked", "none": "Not marked"}
CHANNELS: Final = tuple(wording.CHANNELS)
ERRANDS: Final = tuple(each.value for each in Errand)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; "" is anything. The days are the practice's own, the last one with it."""

    first: date
    last: date
    channel: str = ""
    outcome: str = ""
    errand: str = ""
    verdict: str = ""
    marked: str = ""
    page: int = 0
    wrong: str = ""  # why something that was asked was not taken

    def query(self, page: int) -> str:
        given = {
            "from": self.first.isoformat(), "to": self.last.isoformat(), "channel": self.channel,
            "outcome": self.outcome, "errand": self.errand, "verdict": self.verdict, "marked": self.marked,
            "page": str(page) if page else "",
        }  # fmt: skip
        return urlencode({name: text for name, text in given.items() if text})

    @property
    def narrowed(self) -> bool:
        return any((self.channel, self.outcome, self.errand, self.verdict, self.marked))


@dataclass(frozen=True, slots=True)
class Found:
    """A contact in one line. `outcome`, `verdict` and `errand` are values, the others words."""

    id: str
    seq: int
    channel: str
    who: str
    began: str
    errand: str
    outcome: str
    verdict: str
    turns: int
    marked: str  # right, wrong or none
    marked_by: str
    wrong_turns: int

    @property
    def came_to(self) -> str:
        return contact_words.OUTCOMES[self.outcome] if self.outcome else contact_words.UNDER_WAY  # type: ignore[index]

    @property
    def went(self) -> str:
        return contact_words.VERDICTS[self.verdict]  # type: ignore[index]

    @property
    def kind(self) -> str:
        return wording.CHANNELS[self.channel]

    @property
    def about(self) -> str:
        return wording.ERRANDS[Errand(self.errand)] if self.errand else "No errand named"


@dataclass(frozen=True, slots=True)
class Page:
    found: tuple[Found, ...]
    more: bool


def asked(query: Mapping[str, str], today: date) -> Asked:
    """What can't be read is anything, and said."""
    wrong: list[str] = []
    last = _day(query.get("to", ""), today, wrong)
    first = _day(query.get("from", ""), last - timedelta(days=DAYS - 1), wrong)
    if first > last:
        wrong.append("The first day is after the last: this is the last alone.")
        first = last
    page = query.get("page", "")
    return Asked(
        first,
        last,
        _one_of(query.get("channel", ""), CHANNELS),
        _one_of(query.get("outcome", ""), (*OUTCOMES, "open")),
        _one_of(query.get("errand", ""), ERRANDS),
        _one_of(query.get("verdict", ""), VERDICTS),
        _one_of(query.get("marked", ""), tuple(MARKED)),
        int(page) if page.isascii() and page.isdigit() and len(page) < 4 else 0,
        " ".join(wrong),
    )


def _day(written: str, instead: date, wrong: list[str]) -> date:
    if not written:
        return instead
    try:
        found = date.fromisoformat(written)
    except ValueError:
        found = date.min
    if not 2000 < found.year < 2200:
        wrong.append("That is no day: it was left out.")
        return instead
    return found


def _one_of(written: str, known: tuple[str, ...]) -> str:
    return written if written in known else ""


class Finder:
    """Lines that were drawn are kept while nothing was added to their contact. Safe under threads."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice
        self._kept: dict[str, Found] = {}
        self._lock = Lock()

    def page(self, tx: Transaction, sought: Asked) -> Page:
        start = at_local(self._practice, sought.first, time.min)
        end = at_local(self._practice, sought.last + timedelta(days=1), time.min)
        fitting: list[Found] = []
        enough = (sought.page + 1) * PAGE + 1
        for found in self._lines(tx, sought, start, end):
            fitting.append(found)
            if len(fitting) >= enough:
                break
        shown = fitting[sought.page * PAGE : enough - 1]
        return Page(tuple(shown), len(fitting) >= enough)

    def one(self, tx: Transaction, contact: str) -> Found | None:
        events = tx.log.read(contact)
        return self.line(events) if events else None

    def _lines(self, tx: Transaction, sought: Asked, start: datetime, end: datetime) -> Iterator[Found]:
        for summary in tx.log.contacts(limit=MOST, opened=(start, end)):
            if sought.channel in ("", summary.channel):
                found = self._found(tx, summary)
                if found is not None and _fits(found, sought):
                    yield found

    def _found(self, tx: Transaction, summary: ContactSummary) -> Found | None:
        kept = self._kept.get(summary.id)
        if kept is None or kept.seq < summary.last_seq:
            kept = self.one(tx, summary.id)
        if kept is not None:
            with self._lock:
                while len(self._kept) >= KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[summary.id] = kept
        return kept

    def line(self, events: tuple[Event, ...]) -> Found:
        state, marks = fold(events), reviewing.marks(events)
        whole = reviewing.whole(marks)
        return Found(
            state.contact,
            state.seq,
            state.channel,
            who_is(state),
            wording.when(state.opened_at or events[0].at, self._practice.timezone),
            state.errand.value if state.errand else "",
            reviewing.came_to(state) or "",
            reviewing.verdict_of(state),
            state.turns,
            "none" if whole is None else "right" if whole.body.right else "wrong",
            whole.body.by if whole else "",
            sum(not each.body.right for each in marks if each.of != reviewing.WHOLE),
        )


def _fits(found: Found, sought: Asked) -> bool:
    outcome = "" if sought.outcome == "open" else sought.outcome
    return (
        (not sought.outcome or found.outcome == outcome)
        and sought.errand in ("", found.errand)
        and sought.verdict in ("", found.verdict)
        and (sought.marked in ("", found.marked) or (sought.marked == "any" and found.marked != "none"))
    )

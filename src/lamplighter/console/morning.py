"""What happened while the practice was closed, and what needs a person first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lamplighter.console import contact_words, wording
from lamplighter.console.contacts_found import MOST, Finder, Found
from lamplighter.console.rail import TaskLine, sealed, task_lines
from lamplighter.conversation import events as e
from lamplighter.conversation.actions import Done
from lamplighter.desk import reviewing
from lamplighter.desk.ports import Task, Transaction
from lamplighter.practice.calendar import closed_since, is_open, local_date, next_open, open_spans
from lamplighter.practice.model import Practice

THREADS_FROM: Final = timedelta(days=2)
"""How long before the doors closed a thread may have begun that went on after."""

MONEY_AND_PAPERS: Final = (
    "packet",
    "ai_notice",
    "good_faith_estimate",
    "plan_card",
    "plan_number",
    "plan_holder",
)
CHANGED: Final = {
    "book": "Booked",
    "answer_asked": "Booked",
    "move": "Moved",
    "cancel": "Cancelled",
    "join_waitlist": "On the wait list",
}
FIRST: Final[Mapping[str, str]] = {
    "now": "A person now",
    "clinician": "For a clinician",
    "called": "Promised, by when it is due",
    "papers": "Money and papers",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Tasks of one kind, whatever is due first on top."""

    name: str
    title: str
    tasks: tuple[TaskLine, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A visit that was booked, moved or cancelled. `day`: of the schedule, where it stands there."""

    what: str
    slot: str
    who: str
    contact: str
    day: str


@dataclass(frozen=True, slots=True)
class Came:
    """The contacts that came to the same thing; `contacts` newest first."""

    title: str
    contacts: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Morning:
    """`since` to `until` the practice was closed; `now_closed`: it still is."""

    since: str
    until: str
    now_closed: bool
    opens: str
    first: tuple[Group, ...]
    changes: tuple[Change, ...]
    came: tuple[Came, ...]
    to_look_over: int

    @property
    def contacts(self) -> tuple[Found, ...]:
        return tuple(found for each in self.came for found in each.contacts)

    @property
    def waiting(self) -> int:
        return sum(len(each.tasks) for each in self.first)

    @property
    def about(self) -> Iterator[str]:
        """Whom it shows, as the ledger names them."""
        yield from (f"contact/{found.id}" for found in self.contacts)
        yield from (task.about for group in self.first for task in group.tasks)


class Mornings:
    def __init__(self, practice: Practice) -> None:
        self._practice, self._finder = practice, Finder(practice)

    def look(self, tx: Transaction, now: datetime, *, clinical: bool) -> Morning:
        """Raises NeverOpen."""
        practice, zone = self._practice, self._practice.timezone
        since = closed_since(practice, now)
        until = min(self._opened(now) or now, now)
        logs = tuple(self._logs(tx, since, until))
        return Morning(
            wording.when(since, zone),
            wording.when(until, zone),
            not is_open(practice, now),
            wording.when(next_open(practice, now), zone),
            tuple(self._first(tx, now, clinical)),
            tuple(change for events in logs for change in self._changes(events, since, until)),
            tuple(self._came(logs)),
            len(reviewing.queue(tx)),
        )

    def _opened(self, now: datetime) -> datetime | None:
        """When the doors opened today; None where they have not."""
        spans = open_spans(self._practice, local_date(self._practice, now))
        return spans[0].start if spans and spans[0].start <= now < spans[-1].end else None

    def _logs(self, tx: Transaction, since: datetime, until: datetime) -> Iterator[tuple[e.Event, ...]]:
        """Of every contact in which somebody called or wrote meanwhile."""
        for each in tx.log.contacts(limit=MOST, opened=(since - THREADS_FROM, until)):
            if each.last_at < since:
                continue
            events = tx.log.read(each.id)
            theirs = (event.at for event in events if isinstance(event.body, e.Heard | e.Opened))
            if any(since <= at < until for at in theirs):
                yield events

    def _first(self, tx: Transaction, now: datetime, clinical: bool) -> Iterator[Group]:
        found: dict[str, list[Task]] = {name: [] for name in FIRST}
        for task in tx.tasks.list_open():
            if (group := _group(task)) is not None:
                found[group].append(task)
        for name, tasks in found.items():
            lines = task_lines(tx, self._practice, sorted(tasks, key=lambda task: task.due), now)
            if lines:
                yield Group(name, FIRST[name], lines if clinical else tuple(map(sealed, lines)))

    def _changes(self, events: Sequence[e.Event], since: datetime, until: datetime) -> Iterator[Change]:
        who = self._finder.line(tuple(events)).who
        for event in events:
            body = event.body
            if not (
                isinstance(body, e.Committed) and isinstance(body.answer, Done) and since <= event.at < until
            ):
                continue
            visit, what = body.answer.visit, CHANGED.get(body.action)
            if what is None or (visit is None and body.action != "join_waitlist"):
                continue
            held = " (confirm it)" if body.answer.pending_office else ""
            slot = contact_words.slot(visit.slot, self._practice) if visit else ""
            stands = visit is not None and body.action != "cancel"
            day = local_date(self._practice, visit.slot.start).isoformat() if visit and stands else ""
            yield Change(f"{what}{held}", slot, who, event.contact, day)

    def _came(self, logs: Sequence[tuple[e.Event, ...]]) -> Iterator[Came]:
        found = [self._finder.line(events) for events in logs]
        titles = [(str(outcome), title) for outcome, title in contact_words.OUTCOMES.items()]
        for outcome, title in [*titles, ("", contact_words.UNDER_WAY)]:
            if same := tuple(each for each in found if each.outcome == outcome):
                yield Came(title, same)


def _group(task: Task) -> str | None:
    """Where it stands; None for what is looked over, which has a page of its own."""
    if task.kind in (*reviewing.QUEUED, "rehearsal"):
        return None
    if task.route == "person_now":
        return "now"
    if task.route == "clinician":
        return "clinician"
    return "papers" if task.route == "biller" or task.kind in MONEY_AND_PAPERS else "called"

"""What is counted of a contact, folded from its events: times, kinds and outcomes, and no word of anybody.

Counted once an hour after contacts have ended, and caught up with when the page of figures is opened. `VERSION` grows
with every change of what is counted: what was counted in an older shape is then counted anew.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final

from lamplighter import logs
from lamplighter.conversation import events as e
from lamplighter.conversation.actions import Done
from lamplighter.conversation.acts import AskAbout
from lamplighter.conversation.events_of_review import CameTo
from lamplighter.conversation.state import State, fold
from lamplighter.desk import reviewing
from lamplighter.desk.ports import Behind, Job, Records, Tally, Transaction
from lamplighter.practice.calendar import is_open
from lamplighter.practice.model import Practice, PracticeId

log = logs.get(__name__)
JOB: Final = "tally"
VERSION: Final = 1
AT_ONCE: Final = 25
BOOKS: Final = ("book", "take_opening")
UNREADABLE: Final = "null"
LONGEST_CALL, LONGEST_WRITTEN = 30.0, 15.0  # minutes that one contact counts at most
_THERE = e.HandoffAccepted | e.FloorTaken | e.StaffSaid


@dataclass(frozen=True, slots=True)
class Counted:
    """Of one contact. `answered`: seconds from its beginning to the first word of ours, the assistant's or a person's.
    `routes`: what a person was asked for. `danger`: somebody may have been. `staff`: a person of the practice was
    there; `there`: seconds from the first asking until one was. `owed`: it left something for a person to do.
    `minutes`: what it would have taken a person. `first`: days ahead of each first visit that was booked in it."""

    opened: datetime
    channel: str
    language: str
    office_open: bool
    answered: float | None = None
    came_to: CameTo | None = None
    routes: tuple[str, ...] = ()
    danger: bool = False
    staff: bool = False
    there: float | None = None
    ended: bool = False
    owed: bool = False
    minutes: float = 0.0
    first: tuple[float, ...] = ()


def counted(events: Sequence[e.Event], practice: Practice) -> Counted:
    """`events` is all of a contact, the first `Opened`."""
    state, opened = fold(events), events[0].at
    routes = tuple(dict.fromkeys(each.body.route for each in events if isinstance(each.body, e.HandoffAsked)))
    said = _first(events, e.Said | e.StaffSaid)
    there = _first(events, _THERE)
    return Counted(
        opened,
        state.channel,
        state.locale,
        is_open(practice, opened),
        None if said is None else (said.at - opened).total_seconds(),
        _came_to(events, state),
        routes,
        state.verdict == "crisis" or "crisis" in routes,
        there is not None,
        _seconds_until_there(events),
        state.ended is not None,
        any(each.promised or each.pending_office for _, each in _done(events)),
        _minutes(events, state),
        tuple(_first_visits(events, practice)),
    )


def _came_to(events: Sequence[e.Event], state: State) -> CameTo | None:
    """As it is looked over by people; but whoever named no errand, asked nothing and left was not answered."""
    came = reviewing.came_to(state)
    if came != "answered" or state.outcome != "abandoned" or state.errand is not None:
        return came
    understood = (each.body for each in events if isinstance(each.body, e.Understood))
    asked = any(isinstance(act, AskAbout) for body in understood for act in body.acts)
    return "answered" if asked else "abandoned"


def _first(events: Sequence[e.Event], kinds: object) -> e.Event | None:
    return next((each for each in events if isinstance(each.body, kinds)), None)  # type: ignore[arg-type]


def _seconds_until_there(events: Sequence[e.Event]) -> float | None:
    asked = _first(events, e.HandoffAsked)
    if asked is None:
        return None
    there = _first([each for each in events if each.seq > asked.seq], _THERE)
    return None if there is None else (there.at - asked.at).total_seconds()


def _done(events: Sequence[e.Event]) -> Iterator[tuple[e.Event, Done]]:
    for each in events:
        if isinstance(each.body, e.Committed) and isinstance(each.body.answer, Done):
            yield each, each.body.answer


def _first_visits(events: Sequence[e.Event], practice: Practice) -> Iterator[float]:
    kinds = {each.id for each in practice.visit_kinds if each.first}
    for event, done in _done(events):
        assert isinstance(event.body, e.Committed)
        if event.body.action in BOOKS and done.visit is not None and done.visit.slot.visit_kind in kinds:
            yield (done.visit.slot.start - event.at).total_seconds() / 86400


def _minutes(events: Sequence[e.Event], state: State) -> float:
    """A call lasts as long as it lasted; of what is written each message of theirs counts as a minute."""
    if state.channel != "voice":
        return min(float(state.turns), LONGEST_WRITTEN)
    over = _first(events, e.Ended) or events[-1]
    return min((over.at - events[0].at).total_seconds() / 60, LONGEST_CALL)


# -- what is kept ------------------------------------------------------------------------------------------------------


def written(found: Counted) -> str:
    """One line of JSON, without when it was opened."""
    said = found.answered, found.came_to, ",".join(found.routes)
    flags = [int(each) for each in (found.office_open, found.danger, found.staff, found.ended, found.owed)]
    line = [found.channel, found.language, *said, found.there, found.minutes, found.first or None, *flags]
    return json.dumps(line, separators=(",", ":"))


def read(tallies: Sequence[Tally], zone: tzinfo = UTC) -> list[Counted]:
    """As they were counted, each with when it began in `zone`; nothing of what could not be. Tens of thousands are
    read as one line."""
    lines = json.loads(f"[{','.join(each.counted for each in tallies)}]")
    found = zip(tallies, lines, strict=True)
    return [_read(tally.opened.astimezone(zone), line) for tally, line in found if line is not None]


def _read(opened: datetime, line: Sequence[Any]) -> Counted:
    channel, language, answered, came_to, routes, there, minutes, first, *flags = line
    office_open, danger, staff, ended, owed = map(bool, flags)
    asked = tuple(routes.split(",")) if routes else ()
    return Counted(
        opened, channel, language, office_open, answered, came_to, asked, danger, staff, there, ended, owed, minutes,
        tuple(first or ()),
    )  # fmt: skip


def wish(tx: Transaction, now: datetime) -> None:
    """Soon after the hour, whatever has ended in it is counted: one job, however many end."""
    hour = now.astimezone(UTC).replace(minute=5, second=0, microsecond=0)
    due = hour + timedelta(hours=1)
    tx.jobs.enqueue(Job(f"{JOB}:{due.isoformat()}", JOB, due))


def catch_up(records: Records, practice: Practice, most: int) -> int:
    """Counts so many contacts that are not counted yet, in short transactions, so that nobody waits for it. Gives how
    many were. One that can't be read stops no other: it is looked at again once it goes on, or is counted otherwise."""
    done = 0
    while done < most:
        with records.transaction(practice.id) as tx:
            behind = tx.tallies.behind(VERSION, min(AT_ONCE, most - done))
            tx.tallies.keep([_of(tx, practice, each) for each in behind])
        if not behind:
            return done
        done += len(behind)
    return done


def _of(tx: Transaction, practice: Practice, behind: Behind) -> Tally:
    contact, seq, opened = behind
    try:
        said = written(counted(tx.log.read(contact), practice))
    except Exception:
        log.exception("contact_not_counted", practice=practice.id, contact=contact)
        said = UNREADABLE
    return Tally(contact, seq, opened, VERSION, said)


@dataclass(frozen=True, slots=True)
class Tallying:
    records: Records
    practices: Mapping[PracticeId, Practice]

    def run(self, practice: PracticeId, job: Job) -> None:
        if practice in self.practices:
            while catch_up(self.records, self.practices[practice], AT_ONCE * 40):
                pass

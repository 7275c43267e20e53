"""Who hears of a visit that somebody here moves or calls off: each who comes, in writing where that reaches them in
time, else by a call."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final, Literal

from lamplighter.conversation.slots import Slot
from lamplighter.desk import sick_day
from lamplighter.desk.context import stable_id
from lamplighter.desk.notices import visit_args
from lamplighter.desk.ports import Message, Person, Transaction, Visit
from lamplighter.desk.preferences import Way
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.model import Practice

How = Literal["text", "email", "call", "clinician", "with"]
MOVED: Final = "moved"
HELD: Final = "held"
CANCELLED: Final = "cancelled"


@dataclass(frozen=True, slots=True)
class Telling:
    """One of those who come. `at`: when what is written goes; `why` a word for why it is a call, or left to a
    clinician; "with": the same number as somebody who is told already."""

    person: Person
    how: How
    at: datetime | None = None
    why: str | None = None
    message: Message | None = None


def telling(
    tx: Transaction,
    practice: Practice,
    before: Visit,
    after: Visit | None,
    *,
    name: str,
    now: datetime,
    law: LawData = SHIPPED,
) -> tuple[Telling, ...]:
    """Of a change called `name`, as it holds at `now`; `after` None: it is called off."""
    start = before.slot.start if after is None else min(before.slot.start, after.slot.start)
    found, told = list[Telling](), set[str]()
    for person in sick_day.people_of(tx, before):
        written = partial(_message, practice, before, after, person, name=name, now=now)
        reach = sick_day.reach(tx, practice, before.id, person, written, start, now, law)
        assert reach.way != "stays"
        if reach.message is not None and reach.message.to in told:
            found.append(Telling(person, "with"))
            continue
        told |= {reach.message.to} if reach.message is not None else set()
        found.append(Telling(person, reach.way, reach.at, reach.why, reach.message))
    return tuple(found)


def _message(
    practice: Practice,
    before: Visit,
    after: Visit | None,
    person: Person,
    way: Way,
    *,
    name: str,
    now: datetime,
) -> Message:
    visit = after or before
    what = CANCELLED if after is None else HELD if after.status == "held_for_office" else MOVED
    return Message(
        id=stable_id("visit_changed", name, person.id),
        channel=way.channel,
        to=way.address,
        phrase=f"{way.channel}.{what}",
        args=tuple(sorted(visit_args(practice, visit, person).items())),
        locale=person.language or practice.languages_signed[0],
        at=now,
        person=person.id,
        visit=visit.id,
    )


def as_moved(before: Visit, slot: Slot) -> Visit:
    """The visit as it would be told of at this time."""
    status = before.status if before.status == "held_for_office" else "booked"
    return replace(before, slot=slot, status=status)

"""Whose visits were called off, how each was told, and the call that stands in for it or takes its place."""

from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from lamplighter.desk import sick_day
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import Fact, Message, Person, Task, Transaction
from lamplighter.desk.sick_day import Asks, CalledOff, ToTell, Way


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody whose visit was called off by the practice; it never counts against them. `message` is what was written
    to them, `task` the call that stands in for it or takes its place. `asks`: they were asked whether they keep its
    time so; `ask` names the question."""

    called_off: str
    visit: str
    person: str
    start: datetime
    way: Way
    why: str | None
    message: str | None
    at: datetime
    asks: Asks | None = None

    @property
    def task(self) -> str:
        return stable_id("called_off", self.visit, self.start.isoformat(), self.person)

    @property
    def ask(self) -> str:
        return ask_name(self.called_off, self.visit, self.person)


def ask_name(called_off: str, visit: str, person: str) -> str:
    return stable_id("called_off_ask", called_off, visit, person)


def told(tx: Transaction, name: str) -> tuple[Told, ...]:
    """Everybody of one day that was called off, by the time of their visit."""
    found = map(_told, tx.facts.standing("called_off_visit", f"called_off/{name}"))
    return tuple(sorted(filter(None, found), key=lambda each: (each.start, each.person)))


def note(
    tx: Transaction,
    called_off: CalledOff,
    plan: ToTell,
    written: Message | None,
    now: datetime,
    asks: Asks | None = None,
) -> Told:
    start, person = plan.visit.slot.start, plan.person.id
    details = [("visit", plan.visit.id), ("start", start.isoformat()), ("way", plan.way)]
    details += [("why", plan.why)] if plan.why else []
    details += [("message", written.id)] if written else []
    details += [("asks", asks)] if asks else []
    name = stable_id("called_off_visit", called_off.id, plan.visit.id, person)
    about = f"called_off/{called_off.id}"
    fact = Fact(name, "called_off_visit", about, now, called_off.by, tuple(details), person)
    tx.facts.state(fact)
    each = _told(fact)
    assert each is not None
    return each


def _told(fact: Fact) -> Told | None:
    """None for one whose person has been forgotten since."""
    values = dict(fact.details)
    if fact.person is None or "start" not in values:
        return None
    asks = values.get("asks")
    assert asks is None or asks in get_args(Asks)
    return Told(
        fact.about.removeprefix("called_off/"),
        values["visit"],
        fact.person,
        datetime.fromisoformat(values["start"]),
        values["way"],  # type: ignore[arg-type]
        values.get("why"),
        values.get("message"),
        fact.at,
        asks,  # type: ignore[arg-type]
    )


def call(tx: Transaction, each: Told, person: Person) -> None:
    """Due when their visit would have been: the first of them first. Whom nobody is to contact a clinician has."""
    if sick_day.never(tx, each.visit, person):
        details: tuple[tuple[str, str], ...] = (("do_not_call_back", "true"),)
        tx.tasks.add(Task(each.task, "called_off", "clinician", each.start, None, each.person, details))
        return
    details = (("phone", person.phone),) if person.phone else ()
    tx.tasks.add(Task(each.task, "called_off", "desk", each.start, None, each.person, details))

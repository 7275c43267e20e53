"""What is kept of a visit that somebody here moved or called off: how it was, how it is, who did it and for which of
the reasons; nothing of why anybody comes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, get_args

from lamplighter.conversation.slots import Slot
from lamplighter.desk import sick_day
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import AGENT, Fact, Transaction, Visit
from lamplighter.practice.model import Modality

JOB: Final = "visit_change_stands"
TO_UNDO: Final = sick_day.TO_UNDO
Reason = Literal["they_asked", "clinician", "practice", "mistake"]
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)


@dataclass(frozen=True, slots=True)
class Change:
    """`after` None: it was called off. `begins`: until then it can be taken back. `until`: the last day that a standing
    appointment had. `messages` are what was written, `calls` those whom nothing written reaches, each with how they are
    reached. `done`: the time to take it back is over."""

    id: str
    reason: Reason
    before: Visit
    after: Visit | None
    by: str
    at: datetime
    begins: datetime
    and_after: bool = False
    until: date | None = None
    messages: tuple[str, ...] = ()
    calls: tuple[tuple[str, str], ...] = ()
    done: bool = False


def new_name(tx: Transaction, before: Visit, now: datetime, by: str) -> str:
    """What the next change of this visit is called, also where one of the same moment was taken back."""
    name = stable_id("visit_changed", before.id, before.slot.start.isoformat(), now.isoformat(), by)
    while tx.facts.get(name) is not None:
        name = stable_id("visit_changed", name)
    return name


def state(tx: Transaction, change: Change) -> None:
    details = [
        ("reason", change.reason),
        ("begins", change.begins.isoformat()),
        *_written("", change.before),
        *(_written("to_", change.after) if change.after is not None else ()),
        *(("person", each) for each in change.before.participants),
        *(("message", each) for each in change.messages),
        *(("call", f"{how} {person}") for person, how in change.calls),
    ]
    details += [("and_after", "true")] if change.and_after else []
    details += [("until", change.until.isoformat())] if change.until is not None else []
    about, whose = f"visit/{change.before.id}", change.before.participants[0]
    tx.facts.state(Fact(change.id, "visit_changed", about, change.at, change.by, tuple(details), whose))


def of(tx: Transaction, name: str) -> Change | None:
    """None where it was taken back, nobody made it, or its person has been forgotten."""
    fact = tx.facts.get(name)
    stands = fact is not None and fact.kind == "visit_changed" and fact.lifted is None
    return _read(tx, fact) if fact is not None and stands else None


def latest(tx: Transaction, visit: str) -> Change | None:
    """What was last done to this visit, or made it what it is."""
    found = tx.facts.standing("visit_changed", f"visit/{visit}")
    change = _read(tx, found[0]) if found else None
    return change or of(tx, visit.partition("@")[0])


def all_of(tx: Transaction, visit: str) -> tuple[Change, ...]:
    """What was done to this visit and not taken back, the newest first; first of all what made it one of its own."""
    changes = [_read(tx, each) for each in tx.facts.standing("visit_changed", f"visit/{visit}")]
    return tuple(filter(None, (*changes, of(tx, visit.partition("@")[0]))))


def is_done(tx: Transaction, change: Change, now: datetime) -> None:
    about = f"visit/{change.before.id}"
    tx.facts.state(Fact(_done(change.id), "visit_change_done", about, now, AGENT))


def _done(name: str) -> str:
    return stable_id("visit_change_done", name)


def _written(prefix: str, visit: Visit) -> Iterator[tuple[str, str]]:
    slot = visit.slot
    values = {
        "visit": visit.id, "start": slot.start.isoformat(), "minutes": str(slot.minutes), "with": slot.clinician,
        "modality": slot.modality.value, "visit_kind": slot.visit_kind, "site": slot.site, "status": visit.status,
        "series": visit.series,
    }  # fmt: skip
    return ((prefix + name, value) for name, value in values.items() if value)


def _read(tx: Transaction, fact: Fact) -> Change | None:
    values = dict(fact.details)
    if "start" not in values:
        return None
    people = tuple(value for name, value in fact.details if name == "person")
    calls = (value.split(" ", 1) for name, value in fact.details if name == "call")
    return Change(
        fact.id,
        values["reason"],  # type: ignore[arg-type]
        _visit("", values, people),
        _visit("to_", values, people) if "to_visit" in values else None,
        fact.by, fact.at, datetime.fromisoformat(values["begins"]), "and_after" in values,
        date.fromisoformat(values["until"]) if "until" in values else None,
        tuple(value for name, value in fact.details if name == "message"),
        tuple((person, how) for how, person in calls),
        tx.facts.get(_done(fact.id)) is not None,
    )  # fmt: skip


def _visit(prefix: str, values: dict[str, str], people: tuple[str, ...]) -> Visit:
    given = {name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}
    slot = Slot(
        datetime.fromisoformat(given["start"]), int(given["minutes"]), given["with"], Modality(given["modality"]),
        given["visit_kind"], given.get("site"),
    )  # fmt: skip
    status = given["status"]
    return Visit(given["visit"], slot, people, status, series=given.get("series"))  # type: ignore[arg-type]

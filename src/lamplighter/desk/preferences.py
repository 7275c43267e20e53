"""How somebody wants to be reached, as they said it to a person here; nobody asks why, and there is no place for it."""

from dataclasses import dataclass
from datetime import datetime, time

from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import Fact, Transaction

KIND = "contact_wish"


@dataclass(frozen=True, slots=True)
class Preferences:
    """`channels` empty: any. `start` and `end`: the hours in which they may be reached, on their own clocks.
    `hours_before`: when they want to be reminded; None as the practice does, empty never."""

    do_not_contact: bool = False
    channels: tuple[str, ...] = ()
    start: time | None = None
    end: time | None = None
    hours_before: tuple[int, ...] | None = None


def of(tx: Transaction, person: str | None) -> Preferences:
    facts = tx.facts.standing("contact_wish", f"person/{person}") if person else ()
    return _read(dict(facts[0].details)) if facts else Preferences()


def state(tx: Transaction, person: str, wish: Preferences, *, by: str, now: datetime) -> None:
    """In place of what was said before."""
    before = tx.facts.standing("contact_wish", f"person/{person}")
    for fact in before:
        tx.facts.lift(fact.id, by, now)
    if wish != Preferences():
        details = _written(wish)
        name = stable_id(KIND, person, now.isoformat(), repr(details), *(fact.id for fact in before))
        tx.facts.state(Fact(name, "contact_wish", f"person/{person}", now, by, details, person))


def _written(wish: Preferences) -> tuple[tuple[str, str], ...]:
    hours = None if wish.hours_before is None else " ".join(map(str, wish.hours_before))
    values = (
        ("do_not_contact", "true" if wish.do_not_contact else None),
        ("channels", " ".join(wish.channels) or None),
        ("start", wish.start.isoformat() if wish.start else None),
        ("end", wish.end.isoformat() if wish.end else None),
        ("hours_before", hours),
    )
    return tuple((name, value) for name, value in values if value is not None)


def _read(values: dict[str, str]) -> Preferences:
    hours = values.get("hours_before")
    start, end = values.get("start"), values.get("end")
    return Preferences(
        "do_not_contact" in values,
        tuple(values.get("channels", "").split()),
        time.fromisoformat(start) if start else None,
        time.fromisoformat(end) if end else None,
        None if hours is None else tuple(map(int, hours.split())),
    )

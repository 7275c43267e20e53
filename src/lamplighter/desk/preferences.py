"""How somebody wants to be reached, as they said it to a person here; nobody asks why, and there is no place for it."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal

from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import Fact, Message, Person, Transaction
from lamplighter.practice.model import Practice

KIND = "contact_wish"
Channel = Literal["sms", "email"]


@dataclass(frozen=True, slots=True)
class Preferences:
    """`channels` empty: any. `start` and `end`: the hours in which they may be reached, on their own clocks.
    `hours_before`: when they want to be reminded; None as the practice does, empty never."""

    do_not_contact: bool = False
    channels: tuple[str, ...] = ()
    start: time | None = None
    end: time | None = None
    hours_before: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """Where something that is written goes."""

    channel: Channel
    address: str


def way_to(tx: Transaction, practice: Practice, person: Person) -> Way | None:
    """How they are written to: by text, by email where they wish that or have no number, or not at all. What they told
    a person here counts before what they said while booking."""
    wished = of(tx, person.id).channels
    ways = [way for way in _ways(practice, person) if _by_booking(person, way) or way.channel in wished]
    return next((way for way in ways if not wished or way.channel in wished), ways[0] if ways else None)


def ways_of(tx: Transaction, practice: Practice, person: Person) -> tuple[Way, ...]:
    """Every way to write to them, what they would rather have first."""
    wished = of(tx, person.id).channels or ((person.contact_channel,) if person.contact_channel else ())
    return tuple(sorted(_ways(practice, person), key=lambda way: way.channel not in wished))


def message_to(
    practice: Practice, person: Person, way: Way, phrase: str, name: str, now: datetime
) -> Message:
    """A word of ours that tells nothing but who writes and how to call, in a language that the practice has signed."""
    signed = practice.languages_signed
    args = {"sender": practice.sender_name, "practice_phone": practice.phone}
    return Message(
        id=name,
        channel=way.channel,
        to=way.address,
        phrase=f"{way.channel}.{phrase}",
        args=tuple(sorted(args.items())),
        locale=person.language if person.language in signed else signed[0],
        at=now,
        person=person.id,
    )


def email_of(practice: Practice, person: Person) -> Way | None:
    """Where an email would go, whatever they wish."""
    return Way("email", person.email) if practice.email is not None and person.email else None


def _ways(practice: Practice, person: Person) -> tuple[Way, ...]:
    text = Way("sms", person.phone) if person.phone is not None else None
    return tuple(way for way in (text, email_of(practice, person)) if way is not None)


def _by_booking(person: Person, way: Way) -> bool:
    """Whoever asked for texts, or for nothing in particular, and has no number is written to by email."""
    return person.contact_channel in (None, "sms", "email") and (
        (way.channel == "email") or person.contact_channel != "email"
    )


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

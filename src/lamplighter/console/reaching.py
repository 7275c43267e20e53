"""How somebody wants to be reached, on the page of somebody on file: what a form says of it, and what stands. Nobody
asks why, and there is no place to write it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from lamplighter.console import wording
from lamplighter.desk import opting_out, preferences
from lamplighter.desk.ports import Person, Transaction
from lamplighter.desk.ports.facts import OF_NUMBERS
from lamplighter.desk.preferences import Preferences
from lamplighter.law.profile import WIDEST
from lamplighter.practice.model import Practice

WAYS: Mapping[str, tuple[str, ...]] = {
    "any": (),
    "calls": ("voice",),
    "email": ("email", "voice"),
    "texts": ("sms",),
}
REMINDED: Mapping[str, tuple[int, ...] | None] = {"usual": None, "day": (24,), "none": ()}
WAY_NAMES = {
    "any": "Any way",
    "calls": "By call only",
    "email": "By email or call, no texts",
    "texts": "By text, no emails or calls",
}
REMINDED_NAMES = {"usual": "As the practice does", "day": "The day before only", "none": "Not at all"}


class NotReadable(ValueError):
    """The form holds something that was not offered."""


@dataclass(frozen=True, slots=True)
class ReachShown:
    """`opted_out`: when they said that they want no more texts, where they did."""

    do_not_contact: bool
    way: str
    start: str
    end: str
    reminded: str
    opted_out: str | None


def reach_shown(tx: Transaction, practice: Practice, person: Person) -> ReachShown:
    wish = preferences.of(tx, person.id)
    facts = tx.facts.standing("opted_out", OF_NUMBERS + person.phone) if person.phone else ()
    everything = [each for each in facts if each.value("of") == opting_out.EVERYTHING] or list(facts)
    return ReachShown(
        wish.do_not_contact,
        next((name for name, channels in WAYS.items() if channels == wish.channels), "any"),
        f"{wish.start:%H:%M}" if wish.start else "",
        f"{wish.end:%H:%M}" if wish.end else "",
        next((name for name, hours in REMINDED.items() if hours == wish.hours_before), "usual"),
        wording.when(everything[0].at, practice.timezone) if everything else None,
    )


def wish_in(form: Mapping[str, object]) -> Preferences:
    """Raises NotReadable."""
    way, reminded = str(form.get("way") or "any"), str(form.get("reminded") or "usual")
    if way not in WAYS or reminded not in REMINDED:
        raise NotReadable("choice")
    start, end = _clock(form.get("start")), _clock(form.get("end"))
    if (start or WIDEST[0]) >= (end or WIDEST[1]):
        raise NotReadable("hours")
    return Preferences(bool(form.get("do_not_contact")), WAYS[way], start, end, REMINDED[reminded])


def _clock(written: object) -> time | None:
    try:
        return time.fromisoformat(str(written)) if written else None
    except ValueError as wrong:
        raise NotReadable("hours") from wrong

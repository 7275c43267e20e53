"""What an EAP granted somebody and how much of it is left, for their insurance page."""

from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date

from lamplighter.console import wording
from lamplighter.desk import eap
from lamplighter.desk.eap import Counted
from lamplighter.desk.ports import Person, Transaction
from lamplighter.practice.calendar import local_date
from lamplighter.practice.model import Practice


@dataclass(frozen=True, slots=True)
class EapShown:
    """`left`: "3 of 6 left", or that nobody knows. `ended`: its last day is past."""

    grant: str
    program: str
    left: str
    days: str
    number: str
    by: str
    ended: bool


def eaps_shown(tx: Transaction, practice: Practice, person: Person, now: datetime) -> tuple[EapShown, ...]:
    """The newest first."""
    today = local_date(practice, now)
    found = eap.counted(tx, practice, person.id, now)
    return tuple(_shown(practice, each, today) for each in reversed(found))


def _shown(practice: Practice, each: Counted, today: date) -> EapShown:
    grant = each.grant
    program = practice.authorizations.eap(grant.program)
    return EapShown(
        grant.id,
        program.name if program else grant.program,
        _left(each),
        f"from {_day(grant.first)}"
        + (f" through {_day(grant.last)}" if grant.last else ", until when is not known"),
        grant.number,
        f"{grant.by}, {wording.on(grant.at, practice.timezone)}",
        grant.last is not None and today > grant.last,
    )


def _left(each: Counted) -> str:
    over = f", and {each.over} beyond it" if each.over else ""
    if each.left is None:
        return f"{each.used} used; how many were granted is not known"
    return f"{each.left} of {each.grant.sessions} left{over}"


def _day(day: date) -> str:
    return format_date(day, "MMM d, y", locale="en")

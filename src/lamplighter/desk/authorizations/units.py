"""How much of an authorization is used: counted anew whenever somebody asks, so that a visit that is put right counts
right."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from lamplighter.desk.authorizations.model import Authorization
from lamplighter.desk.ports import Transaction, Visit
from lamplighter.practice.calendar import at_local, local_date
from lamplighter.practice.model import Practice

TOOK_PLACE: Final = ("booked", "confirmed", "done")
"""Of a visit whose time is over: nobody has said that it was missed."""


def visits(tx: Transaction, practice: Practice, found: Authorization, now: datetime) -> tuple[Visit, ...]:
    """Those that took place under it."""
    first, last = found.first_day, found.last_day
    if first is None:
        return ()
    start = at_local(practice, first, datetime.min.time())
    return tuple(
        each
        for each in tx.schedule.visits_of(found.request.person, start)
        if each.participants[0] == found.request.person
        and each.slot.visit_kind == found.request.kind
        and each.status in TOOK_PLACE
        and start <= each.slot.start
        and each.slot.end <= now
        and (last is None or local_date(practice, each.slot.start) <= last)
    )


def used(tx: Transaction, practice: Practice, found: Authorization, now: datetime) -> int:
    return len(visits(tx, practice, found, now))


def left(found: Authorization, used: int) -> Decimal | None:
    """None where nobody knows."""
    return None if found.units is None else max(Decimal(0), found.units - used)


def ahead(tx: Transaction, found: Authorization, now: datetime) -> tuple[Visit, ...]:
    """Visits to come that it is for."""
    return tuple(
        each
        for each in tx.schedule.visits_of(found.request.person, now)
        if each.participants[0] == found.request.person
        and each.slot.visit_kind == found.request.kind
        and each.status in ("booked", "confirmed", "held_for_office")
    )


def next_visit(tx: Transaction, person: str, now: datetime) -> Visit | None:
    """The next that stands, of whatever kind."""
    ahead = [
        each
        for each in tx.schedule.visits_of(person, now)
        if each.participants[0] == person and each.status in ("booked", "confirmed", "held_for_office")
    ]
    return min(ahead, key=lambda each: each.slot.start, default=None)

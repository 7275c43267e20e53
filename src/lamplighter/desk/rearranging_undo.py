"""A visit that somebody here moved or called off goes back to where it was, within two minutes."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from lamplighter.conversation.slots import Slot
from lamplighter.desk import rearranging_kept as kept
from lamplighter.desk import reminders, series_changes
from lamplighter.desk.ports import Series, Transaction, Visit
from lamplighter.desk.rearranging import STANDING, plan
from lamplighter.desk.rearranging_kept import JOB, Change
from lamplighter.practice.model import Practice


class CanNotBeUndone(Exception):
    """Something stands in the old time by now, or the visit was changed again. What this transaction did must not be
    kept."""


def undo(tx: Transaction, practice: Practice, name: str, *, by: str, now: datetime) -> Change | None:
    """None where the two minutes are over, or somebody has taken it back already. Raises `CanNotBeUndone`."""
    found = kept.of(tx, name)
    if found is None or found.done or now >= found.begins:
        return None
    if found.after is not None:
        reminders.drop(tx, practice, _as_it_stands(tx, found.after))
    back = _back_in_series(tx, practice, found, now) if found.before.series else _back(tx, found, now)
    plan(tx, practice, back, now)
    for message in found.messages:
        tx.outbox.advance(message, "cancelled", at=now, why="changed")
        tx.jobs.cancel(f"send:{message}")
    tx.jobs.cancel(f"{JOB}:{name}")
    tx.facts.lift(name, by, now)
    about = f"visit/{found.before.id}"
    tx.ledger.note(at=now, who=by, what="visit_change_undone", about=about, why=found.reason)
    return found


def _as_it_stands(tx: Transaction, after: Visit) -> Visit:
    visit = tx.schedule.visit(after.id)
    if visit is None or visit.status not in STANDING or visit.slot != after.slot:
        raise CanNotBeUndone
    return visit


def _back(tx: Transaction, change: Change, now: datetime) -> Visit:
    before, after = change.before, change.after
    if after is not None:
        if tx.schedule.move(before.id, before.slot, change.id, now) is None:
            raise CanNotBeUndone
        return tx.schedule.set_status(before.id, before.status)
    visit = tx.schedule.visit(before.id)
    tx.schedule.release(change.id)
    if visit is None or visit.status != "cancelled" or not _is_free(tx, visit.slot, now):
        raise CanNotBeUndone
    return tx.schedule.set_status(before.id, before.status)


def _back_in_series(tx: Transaction, practice: Practice, change: Change, now: datetime) -> Visit:
    before, after = change.before, change.after
    series, day = series_changes.of(tx, before.id)
    tx.schedule.release(change.id)
    if series is None:
        raise CanNotBeUndone
    if after is not None and change.and_after:
        _never_began(tx, after.id)
    elif after is not None:
        tx.schedule.set_status(after.id, "cancelled")
    restored = _restored(series, change, day)
    for slot in _times(practice, restored, before.slot, day) if change.and_after else (before.slot,):
        if not _is_free(tx, slot, now):
            raise CanNotBeUndone
    tx.schedule.change_series(restored)
    back = tx.schedule.visit(before.id)
    if back is None:
        raise CanNotBeUndone
    return back


def _never_began(tx: Transaction, first: str) -> None:
    fresh, day = series_changes.of(tx, first)
    if fresh is None:
        raise CanNotBeUndone
    tx.schedule.change_series(replace(fresh, until=day - timedelta(days=1)))


def _restored(series: Series, change: Change, day: date) -> Series:
    if change.and_after:
        return replace(series, until=change.until)
    return replace(series, skipped=tuple(each for each in series.skipped if each != day))


def _times(practice: Practice, series: Series, slot: Slot, day: date) -> tuple[Slot, ...]:
    """Its times from that day on, as far ahead as anything is booked."""
    zone = practice.timezone
    clock, step = slot.start.astimezone(zone).time(), timedelta(weeks=series.every_weeks)
    days = (day + step * n for n in range(practice.horizon_days // (7 * series.every_weeks) + 1))
    last = series.until or date.max
    return tuple(
        replace(slot, start=datetime.combine(each, clock, zone))
        for each in days
        if each <= last and each not in series.skipped
    )


def _is_free(tx: Transaction, slot: Slot, now: datetime) -> bool:
    return not tx.schedule.busy((slot.clinician,), slot.start, slot.end, now)

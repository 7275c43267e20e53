"""reminders.yaml: how long before a visit people are reminded, within which hours, in which tone, and what STOP
means."""

from datetime import time

from lamplighter.law.profile import WIDEST
from lamplighter.practice.files.known import Known
from lamplighter.practice.model import Reminders
from lamplighter.practice.reading import Section
from lamplighter.practice.values import TIME, Unreadable, choice, whole_number

HOURS = whole_number(1, 14 * 24)
A_WEEK = 7 * 24
MOST = 3
"""Texts about one visit: three a week may go to a person, over everything."""


def read_reminders(section: Section, known: Known) -> Reminders:
    usual = Reminders()
    hours = _hours(section, "hours_before", usual.hours)
    by_video = _hours(section, "telehealth_hours_before", usual.telehealth_hours)
    if len({*hours, *by_video}) > MOST >= len(hours):
        more = f"a visit by video would have more than {MOST} reminders"
        section.add("telehealth_hours_before", more, "Take one out of the two lists.")
    earliest = section.maybe("texts_from", TIME, usual.earliest)
    latest = section.maybe("texts_until", TIME, usual.latest)
    _decent(section, earliest, latest)
    return Reminders(
        hours=hours,
        telehealth_hours=by_video,
        by_kind=_by_kind(section, known),
        earliest=earliest,
        latest=latest,
        stop_means=section.maybe("stop_means", choice("everything", "what_it_answers"), usual.stop_means),
        tone=section.maybe("tone", choice("plain", "warm", "brief"), usual.tone),
        after_missed=section.maybe("after_missed", choice("none", "one_message"), usual.after_missed),
        after_missed_hours=section.maybe(
            "after_missed_hours", whole_number(1, A_WEEK), usual.after_missed_hours
        ),
        missed_before=section.optional("missed_before_percent", whole_number(0, 100)),
    )


def _hours(section: Section, key: str, otherwise: tuple[int, ...]) -> tuple[int, ...]:
    """The furthest from the visit first; an empty list is none."""
    hours = tuple(sorted(section.many(key, HOURS, otherwise), reverse=True))
    if len(hours) > MOST:
        section.add(key, f"there are more than {MOST} reminders of one visit", f"Keep {MOST} at most.")
    return hours


def _by_kind(section: Section, known: Known) -> dict[str, tuple[int, ...]]:
    kinds = section.section("by_visit_kind")
    if kinds is None:
        return {}
    found = {name: _hours(kinds, name, ()) for name in kinds.names()}
    for name in found:
        try:
            known.visit_kind.read(name)
        except Unreadable as wrong:
            kinds.add(name, wrong.message, wrong.remedy)
    kinds.close()
    return found


def _decent(section: Section, earliest: time, latest: time) -> None:
    first, last = WIDEST
    if earliest < first or latest > last:
        key = "texts_from" if earliest < first else "texts_until"
        remedy = (
            f"Write hours within {first:%H:%M} and {last:%H:%M}; the law of a state may narrow them further."
        )
        section.add(key, "nobody is texted unasked that early or late", remedy)
    elif latest.hour - earliest.hour < 2:
        section.add("texts_until", "there are less than two hours for texts", "Leave two hours at least.")

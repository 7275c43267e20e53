"""A visit that comes again: stood where the calendar has room for it, else one visit and a person for the others."""

from collections.abc import Generator
from dataclasses import replace
from typing import Any

from lamplighter.conversation.actions import Book, Done, Slots
from lamplighter.conversation.details import Detail
from lamplighter.conversation.needs import Do, IfSigned, Need, Say, args
from lamplighter.conversation.standing import FindClashes
from lamplighter.conversation.view import View

WEEKS = {"weekly": 1, "biweekly": 2}
PHRASES = ("summary.follow_up_series", "booked.series", "series.not_free", "series.by_office")


def as_wished(view: View, book: Book) -> Generator[Need, Any, Book]:
    """How a visit for somebody known here is booked who said how often they want to come. What the calendar has no room
    for is said before they are asked for their yes."""
    often = view.value(Detail.HOW_OFTEN)
    if often is None or not (yield IfSigned(PHRASES)):
        return book
    weeks = WEEKS.get(often)
    if weeks is None or view.practice.schedule_of_record == "office_confirms":
        return replace(book, often=often)
    clashes: Slots = yield Do(FindClashes(book.slot, weeks))
    if not clashes.slots:
        return replace(book, often=often, every_weeks=weeks)
    clinician = view.slot_args(book.slot)["clinician"]
    yield Say("series.not_free", args(clinician=clinician, often=often))
    return replace(book, often=often)


def left_to_the_office(booked: Done, often: str) -> Generator[Need, Any, None]:
    """Said where they wished for more than the one visit that was booked."""
    if often and (booked.visit is None or booked.visit.series is None):
        yield Say("series.by_office", args(often=often), if_signed=True)

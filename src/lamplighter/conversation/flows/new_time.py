"""Another visit like one that did not take place, for whoever answers our text. Nothing is said of the one before."""

from collections.abc import Generator
from typing import Any

from lamplighter.conversation.actions import Book, Done, Participant
from lamplighter.conversation.details import Detail
from lamplighter.conversation.flows.choosing import PLAIN_TIMES, Looking, choose_time, usual_times
from lamplighter.conversation.flows.visits import Meant, worded
from lamplighter.conversation.flows.waitlist import join
from lamplighter.conversation.needs import Close, Commit, Confirm, HandOver, IfSigned, Need, Say, args
from lamplighter.conversation.view import View

FINE = "missed.fine"


def new_time(view: View, meant: Meant) -> Generator[Need, Any, None]:
    before = meant.visit.slot
    if meant.visit.participants > 1:
        yield HandOver("handoff.human")
    looking = Looking(
        view.practice.visit_kind(before.visit_kind),
        new_patient=False,
        clinician=view.practice.clinician(before.clinician),
        modality=before.modality.value,
        ask=(),
        offer="offer.plain" if (yield IfSigned(PLAIN_TIMES)) else "offer.times",
        unasked=usual_times(view.practice, before, view.now.date()),
    )
    slot = yield from choose_time(view, looking)
    if slot is None:
        return (yield from join(view, looking.visit_kind, meant.found.person))
    new = view.slot_args(slot)
    same = slot.clinician == before.clinician and slot.modality is before.modality
    if not same or view.value(Detail.AVAILABILITY) is not None:
        yield Confirm("summary.follow_up", tuple(sorted(new.items())), change=True)
    booked = yield Commit(Book(slot, (Participant((), meant.found.person),)))
    if not isinstance(booked, Done):
        yield HandOver("handoff.stuck")
    if booked.pending_office:
        yield Say("booked.office_confirms", args(**new, sent=view.sent(booked)))
    else:
        yield Say((yield from worded(meant, "moved")), args(**new, sent=view.sent(booked)))


def fine_without(view: View) -> Generator[Need, Any, None]:
    """They want none, or not now."""
    fine = f"{'email' if view.state.channel == 'email' else 'sms'}.{FINE}"
    if (yield IfSigned((fine,))):
        yield Close(fine)

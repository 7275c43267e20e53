"""Another visit for somebody who is known here."""

from lamplighter.conversation.actions import Book, Done, Participant
from lamplighter.conversation.details import Detail
from lamplighter.conversation.flows.choosing import Looking, choose_time
from lamplighter.conversation.flows.doubled import doubled
from lamplighter.conversation.flows.knowing import known_person
from lamplighter.conversation.flows.standing import as_wished, left_to_the_office
from lamplighter.conversation.flows.waitlist import join
from lamplighter.conversation.needs import Commit, Confirm, Flow, HandOver, Say, args
from lamplighter.conversation.standing import Standing
from lamplighter.conversation.view import View
from lamplighter.practice.model import VisitKind


def follow_up(view: View) -> Flow:
    found = yield from known_person(view)
    if found is None:
        return
    kind = _kind(view, found.visit_kind)
    usual = view.clinician_named(found.clinician)
    slot = yield from choose_time(view, Looking(kind, new_patient=False, clinician=usual))
    if slot is None:
        yield from join(view, kind, found.person)
        return
    book = yield from as_wished(view, Book(slot, (Participant((), found.person),)))
    stands = {"often": book.often} if book.every_weeks else {}
    summary = "summary.follow_up_series" if stands else "summary.follow_up"
    yield Confirm(summary, args(**view.slot_args(slot), **stands), change=True)
    booked = yield Commit(book)
    if isinstance(booked, Standing):
        yield from doubled(view, slot, booked)
    if not isinstance(booked, Done):
        yield HandOver("handoff.stuck")
    told = "booked.office_confirms" if booked.pending_office else "booked.series" if stands else "booked"
    yield Say(told, args(**view.slot_args(slot), **stands, sent=view.sent(booked)))
    yield from left_to_the_office(booked, book.often)


def _kind(view: View, usual: str | None) -> VisitKind:
    """What was named, as its follow-up; else the follow-up of the clinician they see."""
    practice = view.practice
    named = next((k for k in practice.visit_kinds if k.id == view.value(Detail.VISIT_KIND)), None)
    clinician = view.clinician
    if named is not None:
        return practice.visit_kind(named.follow_up_kind) if named.first and named.follow_up_kind else named
    if clinician is not None:
        later = [
            k
            for k in practice.visit_kinds
            if not k.first and k.participants == 1 and k.id in clinician.visit_kinds
        ]
        return later[0] if later else practice.visit_kind(clinician.visit_kinds[0])
    if usual is not None:
        return practice.visit_kind(usual)
    return next(k for k in practice.visit_kinds if not k.first)

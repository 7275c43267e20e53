"""A first visit: when, with whom, who it is, who pays, how to reach them, one summary, one yes."""

from lamplighter.conversation.actions import Book, Done, Participant
from lamplighter.conversation.details import Detail, Subject
from lamplighter.conversation.facts import find_insurer
from lamplighter.conversation.flows.choosing import Looking, choose_time, first_kind, several_see
from lamplighter.conversation.flows.doubled import doubled, none_doubled, somebody_elses
from lamplighter.conversation.flows.knowing import (
    contact_wishes,
    costs_nothing,
    coverage,
    new_person,
    second_person,
)
from lamplighter.conversation.flows.send_card import card_link, wants_picture
from lamplighter.conversation.flows.standing import left_to_the_office
from lamplighter.conversation.flows.waitlist import join
from lamplighter.conversation.lawful import consent_awaits
from lamplighter.conversation.needs import Ask, Become, Commit, Confirm, Flow, HandOver, Say, args, keys
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.standing import Standing
from lamplighter.conversation.view import View

SUMMED_UP = (
    Detail.FIRST_NAME,
    Detail.LAST_NAME,
    Detail.DATE_OF_BIRTH,
    Detail.PHONE,
    Detail.EMAIL,
    Detail.INSURANCE,
    Detail.MEMBER_ID,
    Detail.CONTACT_CHANNEL,
)
OF_A_PERSON = (
    *SUMMED_UP,
    Detail.PREFERRED_NAME,
    Detail.STATE,
    Detail.SUBSCRIBER,
    Detail.SELF_PAY,
    Detail.LEAVE_MESSAGE,
    Detail.REMINDER_CONSENT,
    Detail.LANGUAGE,
)


def first_appointment(view: View) -> Flow:
    if not view.for_somebody_else:
        yield Ask(soft=keys(Detail.NEW_PATIENT))
    if view.truth(Detail.NEW_PATIENT) is False:
        yield Become("follow_up")
    yield from somebody_elses(view)
    kind = first_kind(view)
    slot = yield from choose_time(
        view, Looking(kind, new_patient=True, ask_clinician=several_see(view.practice, kind))
    )
    if slot is None:
        yield from join(view, kind)
        return
    yield from new_person(view)
    slot = yield from choose_time(view, Looking(kind, new_patient=True))
    if slot is None:
        yield from join(view, kind)
        return
    yield from none_doubled(view, slot)
    if kind.participants > 1:
        yield from second_person(view)
    yield from coverage(view, kind)
    slot = yield from choose_time(view, Looking(kind, new_patient=True))
    if slot is None:
        yield from join(view, kind)
        return
    yield from contact_wishes(view)
    second = view.full_name_of(Subject.SECOND) if kind.participants > 1 else None
    if second:
        yield Say("summary.for_two", args(**own_name(view), second_name=second), if_signed=True)
    yield Confirm("summary.first_visit", summary(view, slot), keys(*SUMMED_UP), change=True)
    often = view.value(Detail.HOW_OFTEN) or ""
    book = Book(slot, participants(view), caller(view), held=consent_awaits(view), often=often)
    booked = yield Commit(book)
    if isinstance(booked, Standing):
        yield from doubled(view, slot, booked)
    if not isinstance(booked, Done):
        yield HandOver("handoff.stuck")
    told = "booked.office_confirms" if booked.pending_office else "booked"
    yield Say(told, args(**view.slot_args(slot), sent=view.sent(booked)))
    yield from left_to_the_office(booked, often)
    if booked.person is not None and wants_picture(view):
        yield from card_link(booked.person)


def summary(view: View, slot: Slot) -> tuple[tuple[str, str], ...]:
    """Everything the summary reads out; what isn't known is "none"."""
    details = {detail.value: view.value(detail) for detail in SUMMED_UP}
    details["born"] = details.pop("date_of_birth")
    free = costs_nothing(view, view.practice.visit_kind(slot.visit_kind))
    details["self_pay"] = "free" if free else view.value(Detail.SELF_PAY)
    if find_insurer(view.practice, details["insurance"]) is None:
        details["insurance"] = None
    return args(**view.slot_args(slot), **details)


def own_name(view: View) -> dict[str, str | None]:
    return {detail.value: view.value(detail) for detail in (Detail.FIRST_NAME, Detail.LAST_NAME)}


def participants(view: View) -> tuple[Participant, ...]:
    first = Participant(_details(view, Subject.PATIENT))
    second = _details(view, Subject.SECOND)
    return (first, Participant(second)) if second else (first,)


def _details(view: View, subject: Subject) -> tuple[tuple[str, str], ...]:
    values = [(detail.value, view.value(detail, subject)) for detail in OF_A_PERSON]
    return tuple(sorted((name, value) for name, value in values if value is not None))


def caller(view: View) -> tuple[tuple[str, str], ...]:
    if not view.for_somebody_else:
        return ()
    values = ((d.value, view.value(d)) for d in (Detail.CALLER_NAME, Detail.RELATIONSHIP))
    return tuple((name, value) for name, value in values if value is not None)

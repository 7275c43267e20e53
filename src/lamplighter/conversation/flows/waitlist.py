"""The wait list, when nothing fits or because somebody asks for it. An honest offer, never a promise."""

from collections.abc import Generator
from typing import Any

from lamplighter.conversation.actions import Done, JoinWaitlist, Participant
from lamplighter.conversation.details import Detail, key
from lamplighter.conversation.flows.choosing import first_kind
from lamplighter.conversation.flows.knowing import caller_for_another, minors
from lamplighter.conversation.needs import Ask, Commit, Flow, HandOver, Need, Say, keys
from lamplighter.conversation.view import View
from lamplighter.practice.model import VisitKind

NEEDED = (Detail.FIRST_NAME, Detail.LAST_NAME, Detail.DATE_OF_BIRTH, Detail.PHONE, Detail.CONTACT_CHANNEL)


def waitlist(view: View) -> Flow:
    yield Ask(required=(key(Detail.AVAILABILITY),), optional=keys(Detail.MODALITY, Detail.CLINICIAN))
    yield from join(view, first_kind(view))


def join(view: View, kind: VisitKind, person: str | None = None) -> Generator[Need, Any, None]:
    if person is None:
        yield from caller_for_another(view)
        yield Ask(required=keys(Detail.FIRST_NAME, Detail.LAST_NAME, Detail.DATE_OF_BIRTH))
        yield from minors(view)
        yield Ask(required=keys(Detail.PHONE), soft=keys(Detail.CONTACT_CHANNEL))
    values = [(detail.value, view.value(detail)) for detail in NEEDED]
    details = tuple(sorted((name, value) for name, value in values if value is not None))
    joined = yield Commit(
        JoinWaitlist(
            wish=view.wish.dumps(),
            visit_kind=kind.id,
            participant=Participant(() if person else details, person),
            clinician=view.clinician.id if view.clinician else None,
            modality=view.value(Detail.MODALITY),
        )
    )
    if not isinstance(joined, Done):
        yield HandOver("handoff.stuck")
    yield Say("waitlisted")

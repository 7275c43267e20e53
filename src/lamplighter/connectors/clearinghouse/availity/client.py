"""Asks by a form, and looks under the id that it is given until the payer's answer is there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lamplighter.connectors.clearinghouse.answers import is_about, other_birth_date, says_nothing
from lamplighter.connectors.clearinghouse.asking_over_http import without_raising
from lamplighter.connectors.clearinghouse.keys import Keys
from lamplighter.connectors.clearinghouse.objects import first, text_of
from lamplighter.desk.ports.clearinghouse import (
    Answered,
    Pending,
    Refused,
    Reply,
    Why,
    not_to_be_asked,
    why,
)
from lamplighter.desk.ports.coverage import EligibilityQuestion

from .asking import ACCEPTED, GONE, Asking, asking
from .reading import IN_PROGRESS, known_as, payer_of, rejections, rows

PATH: Final = "/v1/coverages"
_SELF: Final = "18"
_LONGEST_ID: Final = 64
_NO_PAYER: Final = "communication error"


@dataclass(frozen=True, slots=True)
class AvailityClearinghouse:
    """`url` ends before /v1. What is asked again within a day is the question that is there already: Availity knows it
    by its fields."""

    url: str
    keys: Keys
    party: str
    pause: float = field(default=1.0, repr=False)

    def ask(self, question: EligibilityQuestion, deadline: float) -> Reply:
        if refused := not_to_be_asked(question) or _lacks_a_payer(question):
            return refused
        return without_raising(lambda: self._ask(question, deadline))

    def look_again(self, question: EligibilityQuestion, ticket: str, deadline: float) -> Reply:
        if not is_ticket(ticket):
            return Refused(Why.UNREADABLE)
        return without_raising(lambda: self._look(question, ticket, deadline))

    def _ask(self, question: EligibilityQuestion, deadline: float) -> Reply:
        with asking(self.url, self.keys, deadline, self.pause) as now:
            came = now.send("POST", PATH, data=form_of(question))
            if isinstance(came, Refused):
                return came
            body = first(came.body)
            ticket = text_of(body, "id")
            if came.status >= 400:
                return _refused(body)
            if not is_ticket(ticket):
                return Refused(Why.UNREADABLE)
            return _answer(now, question, ticket)

    def _look(self, question: EligibilityQuestion, ticket: str, deadline: float) -> Reply:
        with asking(self.url, self.keys, deadline, self.pause) as now:
            return _answer(now, question, ticket)


def _answer(now: Asking, question: EligibilityQuestion, ticket: str) -> Reply:
    """What has come until the deadline. A question that was taken is looked at again, whatever goes wrong now; an
    answer that is gone before anybody saw it (they are kept for a day) is somebody's to look at."""
    for status, body in now.looks(f"{PATH}/{ticket}"):
        if status == GONE:
            return Refused(Why.UNREADABLE)
        if status != ACCEPTED and text_of(body, "statusCode") not in IN_PROGRESS:
            return _reply(status, body, question)
    return Pending(ticket)


def _reply(status: int, body: Mapping[str, Any], question: EligibilityQuestion) -> Reply:
    wrong, found = rejections(body), rows(body)
    if status >= 400 or (wrong and says_nothing(found)):
        return _refused(body)
    if text_of(body, "status").lower() == _NO_PAYER:
        return Refused(Why.PAYER_DOWN)
    known = known_as(body)
    if not found or known is None or other_birth_date(known, question) or not is_about(known, question):
        return Refused(Why.UNREADABLE)
    return Answered(found, known, payer_of(body), question.trace)


def _refused(body: Mapping[str, Any]) -> Refused:
    wrong = rejections(body)
    return Refused(why(wrong), wrong) if wrong else Refused(Why.ASKED_WRONGLY)


def is_ticket(ticket: str) -> bool:
    """An id that stays within its path."""
    return 0 < len(ticket) <= _LONGEST_ID and all(c.isascii() and (c.isalnum() or c in "-_") for c in ticket)


def _lacks_a_payer(question: EligibilityQuestion) -> Refused | None:
    return None if question.payer.id.strip() else Refused(Why.ASKED_WRONGLY)


def form_of(question: EligibilityQuestion) -> dict[str, str]:
    """The question as form fields. What isn't known is left out."""
    patient, provider = question.dependent or question.subscriber, question.provider
    form = {
        "payerId": question.payer.id,
        "providerNpi": provider.npi,
        "providerLastName": provider.last_name,
        "providerFirstName": provider.first_name,
        "memberId": question.subscriber.member_id,
        "patientLastName": patient.last_name,
        "patientFirstName": patient.first_name,
        "patientBirthDate": patient.date_of_birth.isoformat() if patient.date_of_birth else "",
        "patientGender": patient.gender,
        "subscriberRelationship": "" if question.dependent else _SELF,
        "serviceType": ",".join(question.services),
        "asOfDate": question.day.isoformat() if question.day else "",
    }
    return {name: value for name, value in form.items() if value}

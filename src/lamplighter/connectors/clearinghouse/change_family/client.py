"""Asks by one POST and reads `benefitsInformation`, a row of which is one EB of the payer's 271."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from lamplighter.connectors.clearinghouse.answers import is_about, other_birth_date, says_nothing
from lamplighter.connectors.clearinghouse.asking_over_http import Deadline, asked, without_raising
from lamplighter.connectors.clearinghouse.keys import Keys
from lamplighter.connectors.clearinghouse.objects import first
from lamplighter.desk.ports.clearinghouse import Answered, Refused, Reply, Why, not_to_be_asked, why
from lamplighter.desk.ports.coverage import EligibilityQuestion, Insured

from .reading import known_as, rejections, rows

PATH = "/medicalnetwork/eligibility/v3"


@dataclass(frozen=True, slots=True)
class ChangeFamilyClearinghouse:
    """`url` ends before /medicalnetwork. `party` is who has to be in parties.yaml."""

    url: str
    keys: Keys
    party: str

    def ask(self, question: EligibilityQuestion, deadline: float) -> Reply:
        if refused := not_to_be_asked(question):
            return refused
        return without_raising(lambda: self._ask(question, deadline))

    def _ask(self, question: EligibilityQuestion, deadline: float) -> Reply:
        with (
            Deadline(deadline) as until,
            httpx.Client(timeout=httpx.Timeout(deadline), trust_env=False) as client,
        ):
            header = self.keys.header(client, until)
            if isinstance(header, Refused):
                return header
            request = client.build_request(
                "POST",
                self.url.rstrip("/") + PATH,
                json=body_of(question),
                headers={"Authorization": header, "Idempotency-Key": question.trace},
            )
            came = asked(client, request, until)
        return came if isinstance(came, Refused) else _reply(came.status, first(came.body), question)

    def look_again(self, question: EligibilityQuestion, ticket: str, deadline: float) -> Reply:
        """It answers at once or not at all."""
        return Refused(Why.UNREADABLE)


def body_of(question: EligibilityQuestion) -> dict[str, Any]:
    """The question as JSON. What isn't known is left out: an empty field is an error to some payers."""
    provider = question.provider
    named = (
        {"firstName": provider.first_name, "lastName": provider.last_name}
        if provider.is_person
        else {"organizationName": provider.last_name}
    )
    encounter: dict[str, Any] = {"serviceTypeCodes": list(question.services)}
    if question.day is not None:
        encounter["dateOfService"] = f"{question.day:%Y%m%d}"
    body: dict[str, Any] = {
        "controlNumber": control_number(question.trace),
        "tradingPartnerServiceId": question.payer.id,
        "provider": {**named, "npi": provider.npi},
        "subscriber": _person(question.subscriber),
        "encounter": encounter,
    }
    if question.dependent is not None:
        body["dependents"] = [_person(question.dependent)]
    return body


def control_number(trace: str) -> str:
    """Nine digits, made of our trace, so that the same question has the same number."""
    digits = re.sub(r"\D", "", trace)
    return (digits or "1")[-9:].rjust(9, "0")


def _person(who: Insured) -> dict[str, str]:
    born = f"{who.date_of_birth:%Y%m%d}" if who.date_of_birth else ""
    told = {
        "firstName": who.first_name,
        "lastName": who.last_name,
        "dateOfBirth": born,
        "memberId": who.member_id,
        "gender": who.gender,
    }
    return {name: value for name, value in told.items() if value}


def _reply(status: int, body: Mapping[str, Any], question: EligibilityQuestion) -> Reply:
    wrong = rejections(body)
    found = rows(body)
    if wrong and says_nothing(found):
        return Refused(why(wrong), wrong)
    if status >= 400:
        return Refused(Why.ASKED_WRONGLY)
    told = known_as(body)
    if not found or not _is_ours(body, told, question):
        return Refused(Why.UNREADABLE)
    payer = body.get("payer")
    name = payer.get("name") if isinstance(payer, Mapping) else None
    return Answered(found, told, name if isinstance(name, str) else "", question.trace)


def _is_ours(body: Mapping[str, Any], told: Insured | None, question: EligibilityQuestion) -> bool:
    """Whether it answers this question: by the number that we gave it, else by whom it is about."""
    if told is not None and other_birth_date(told, question):
        return False
    given_back = body.get("controlNumber")
    if isinstance(given_back, str) and given_back:
        return given_back == control_number(question.trace)
    return told is not None and is_about(told, question)

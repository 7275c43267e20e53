"""Asks by one POST and reads `benefitsInformation`, a row of which is one EB of the payer's 271."""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import httpx

from lamplighter.connectors.clearinghouse.asking_over_http import asked
from lamplighter.desk.ports import Clock
from lamplighter.desk.ports.clearinghouse import Answered, Refused, Reply, Why, why
from lamplighter.desk.ports.coverage import EligibilityQuestion, Insured

from .reading import first, known_as, rejections, rows

PATH = "/medicalnetwork/eligibility/v3"
_BEFORE_ITS_END = timedelta(seconds=30)  # a token that is about to end is not used


class Keys(Protocol):
    """What goes into the Authorization header."""

    def header(self, client: httpx.Client) -> str | Refused: ...


@dataclass(frozen=True, slots=True)
class Key:
    """One key that never changes (Stedi)."""

    key: str = field(repr=False)

    def header(self, client: httpx.Client) -> str | Refused:
        return self.key


@dataclass(slots=True)
class OAuthKey:
    """A token by client credentials (Optum), kept until shortly before it ends."""

    url: str
    client_id: str
    secret: str = field(repr=False)
    clock: Clock = field(repr=False)
    _token: str = field(default="", repr=False)
    _until: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def header(self, client: httpx.Client) -> str | Refused:
        with self._lock:
            if self._until is None or self.clock.now() > self._until:
                told = asked(client, client.build_request("POST", self.url, data=self._asking()))
                if isinstance(told, Refused):
                    return told
                body = first(told.body)
                token = body.get("access_token")
                if told.status != 200 or not isinstance(token, str):
                    return Refused(Why.NOT_ALLOWED)
                self._token = token
                self._until = self.clock.now() + _lasting(body.get("expires_in")) - _BEFORE_ITS_END
            return f"Bearer {self._token}"

    def _asking(self) -> dict[str, str]:
        return {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.secret,
        }


def _lasting(value: object) -> timedelta:
    return timedelta(seconds=value) if isinstance(value, int | float) else timedelta()


@dataclass(frozen=True, slots=True)
class ChangeFamilyClearinghouse:
    """`url` ends before /medicalnetwork. `party` is who has to be in parties.yaml."""

    url: str
    keys: Keys
    party: str

    def ask(self, question: EligibilityQuestion, deadline: float) -> Reply:
        with httpx.Client(timeout=httpx.Timeout(deadline), trust_env=False) as client:
            header = self.keys.header(client)
            if isinstance(header, Refused):
                return header
            request = client.build_request(
                "POST",
                self.url.rstrip("/") + PATH,
                json=body_of(question),
                headers={"Authorization": header, "Idempotency-Key": question.trace or "-"},
            )
            came = asked(client, request)
        return came if isinstance(came, Refused) else _reply(came.status, first(came.body), question)

    def look_again(self, ticket: str, deadline: float) -> Reply:
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
    if wrong and not found:
        return Refused(why(wrong), wrong)
    if status >= 400:
        return Refused(Why.ASKED_WRONGLY)
    if not found:
        return Refused(Why.UNREADABLE)
    told = known_as(body)
    wanted = question.dependent or question.subscriber
    if told and told.date_of_birth and wanted.date_of_birth and told.date_of_birth != wanted.date_of_birth:
        return Refused(Why.UNREADABLE)
    payer = body.get("payer")
    name = payer.get("name") if isinstance(payer, Mapping) else None
    return Answered(found, told, name if isinstance(name, str) else "", question.trace)

"""Requests for authorization as JSON: posted, looked at under an id, asked about again, voided.

Availity has no place for a number of ours. Which reviews were there before a request left is remembered here: if it may
have left before, it is looked for among those that came since, by whose it is and what it asks for.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from lamplighter.connectors.clearinghouse.asking_over_http import Came, without_raising
from lamplighter.connectors.clearinghouse.control_numbers import Memory
from lamplighter.connectors.clearinghouse.keys import Keys
from lamplighter.connectors.clearinghouse.objects import entries, first, text_of
from lamplighter.desk.ports.authorizations import AuthorizationReply, Ruled, Verdict
from lamplighter.desk.ports.clearinghouse import Refused, Why
from lamplighter.desk.ports.coverage import AskedService, AuthorizationQuestion, AuthorizationStep

from .asking import ACCEPTED, GONE, Asking, asking
from .client import is_ticket
from .reviews_reading import asks_the_same, is_decided, ruling_of, why_refused

PATH: Final = "/v2/service-reviews"
_SELF: Final = "18"
_MODIFIERS: Final = 4
_URGENT: Final = "U"
_PRINCIPAL, _OTHER = "ABK", "ABF"
_FEW: Final = 5
_NOTHING, _UNKNOWN = "-", "?"
_COMES_BACK: Final = (Why.UNREACHABLE, Why.PAYER_DOWN, Why.NOT_ALLOWED)


@dataclass(frozen=True, slots=True)
class AvailityReviews:
    """`url` ends before /v2. `tried` knows over every crash what was there when a request was about to leave."""

    url: str
    keys: Keys
    party: str
    tried: Memory
    pause: float = field(default=1.0, repr=False)

    @property
    def may_be_polled(self) -> bool:
        return True

    def submit(self, asked: AuthorizationQuestion, deadline: float) -> AuthorizationReply:
        if _lacks(asked):
            return Refused(Why.ASKED_WRONGLY)
        work = self._void if asked.step is AuthorizationStep.CANCEL else self._submit
        return without_raising(lambda: work(asked, deadline))

    def inquire(self, asked: AuthorizationQuestion, ticket: str, deadline: float) -> AuthorizationReply:
        if _lacks(asked):
            return Refused(Why.ASKED_WRONGLY)
        return without_raising(lambda: self._inquire(asked, ticket, deadline))

    def _submit(self, asked: AuthorizationQuestion, deadline: float) -> AuthorizationReply:
        with asking(self.url, self.keys, deadline, self.pause) as now:
            before = self.tried.kept(_name(asked))
            found = _found(now, asked, looks=None if before else _FEW)
            if not before:
                if isinstance(found, Refused) and found.why in _COMES_BACK:
                    return found
                self.tried.keep(_name(asked), _UNKNOWN if isinstance(found, Refused) else _ids(found))
            elif isinstance(found, Refused):
                return found
            elif same := self._since(found, asked):
                return _ruled_or_waits(same[-1], asked)
            elif before == _UNKNOWN and any(asks_the_same(each, asked) for each in found):
                return Refused(Why.UNREADABLE)  # it, or an older one like it: somebody looks
            came = now.send("POST", PATH, json=body_of(asked))
            if isinstance(came, Refused):
                return came
            if came.status >= 400:
                return why_refused(first(came.body))
            ticket = _ticket(came)
            return _decided(now, asked, ticket) if is_ticket(ticket) else Refused(Why.UNREADABLE)

    def _since(self, found: list[Mapping[str, Any]], asked: AuthorizationQuestion) -> list[Mapping[str, Any]]:
        """Those that may be the request itself: what was there before it left is not. Where nobody knows what was, only
        one that nobody has decided yet."""
        before = self.tried.kept(_name(asked))
        same = [each for each in found if asks_the_same(each, asked)]
        if before == _UNKNOWN:
            return [each for each in same if not is_decided(each)]
        return [each for each in same if _id(each) not in before.split()]

    def _inquire(self, asked: AuthorizationQuestion, ticket: str, deadline: float) -> AuthorizationReply:
        """What is kept under the id is what the payer said then; if that was to wait, the payer is asked again."""
        with asking(self.url, self.keys, deadline, self.pause) as now:
            kept: AuthorizationReply = Refused(Why.UNREADABLE)
            if is_ticket(ticket):
                kept = _decided(now, asked, ticket, waits=False)
            if isinstance(kept, Ruled) and kept.verdict is not Verdict.PENDED:
                return kept
            if isinstance(kept, Refused) and kept.why is not Why.UNREADABLE:
                return kept
            found = _found(now, asked)
            if isinstance(found, Refused):
                return found
            mine = [each for each in found if text_of(each, "id") == ticket] or self._since(found, asked)
            return _ruled_or_waits(mine[-1], asked) if mine else kept

    def _void(self, asked: AuthorizationQuestion, deadline: float) -> AuthorizationReply:
        with asking(self.url, self.keys, deadline, self.pause) as now:
            found = _found(now, asked)
            if isinstance(found, Refused):
                return found
            mine = _named(found, asked) or [each for each in found if asks_the_same(each, asked)]
            name = text_of(mine[0], "id") if len(mine) == 1 else ""
            if not is_ticket(name):
                return Refused(Why.UNREADABLE)
            came = now.send("DELETE", f"{PATH}/{name}")
        if isinstance(came, Refused):
            return came
        if came.status in (204, GONE):
            return Ruled(Verdict.CANCELLED, ticket=name, trace=asked.trace)
        if came.status == ACCEPTED:
            return Ruled(Verdict.ACKNOWLEDGED, ticket=name, trace=asked.trace)
        return why_refused(first(came.body))


def _decided(
    now: Asking, asked: AuthorizationQuestion, ticket: str, *, waits: bool = True
) -> AuthorizationReply:
    """What is there until the deadline; else that it has left. With `waits` False after one look."""
    for status, body in now.looks(f"{PATH}/{ticket}"):
        if status == GONE:
            return Refused(Why.UNREADABLE)
        if status != ACCEPTED and is_decided(body):
            return ruling_of(body, asked)
        if not waits:
            break
    return _left(asked, ticket)


def _ruled_or_waits(review: Mapping[str, Any], asked: AuthorizationQuestion) -> AuthorizationReply:
    ticket = text_of(review, "id")
    return ruling_of(review, asked) if is_decided(review) or not is_ticket(ticket) else _left(asked, ticket)


def _left(asked: AuthorizationQuestion, ticket: str) -> Ruled:
    """Availity has it, and the payer has not said that it does."""
    return Ruled(Verdict.LEFT, ticket=ticket, trace=asked.trace)


def _found(
    now: Asking, asked: AuthorizationQuestion, looks: int | None = None
) -> list[Mapping[str, Any]] | Refused:
    """The reviews that the payer knows of this person and these days. Where that takes more than so many `looks`, it
    is UNREADABLE, so that what waits for it can go on."""
    params = {name: value for name, value in _search(asked).items() if value}
    query = "&".join(f"{name}={value}" for name, value in _encoded(params))
    for place, (status, body) in enumerate(now.looks(f"{PATH}?{query}"), 1):
        if status >= 400:
            return why_refused(body)
        if status != ACCEPTED:
            return list(entries(body.get("serviceReviews")))
        if place == looks:
            return Refused(Why.UNREADABLE)
    key = now.keys.header(now.client, now.until)
    return key if isinstance(key, Refused) else Refused(Why.UNREACHABLE)


def _name(asked: AuthorizationQuestion) -> str:
    return f"availity:{asked.trace}"


def _ids(found: list[Mapping[str, Any]]) -> str:
    """As they are kept: so that they tell nothing, and never nothing at all."""
    return " ".join((_NOTHING, *(_id(each) for each in found)))


def _id(review: Mapping[str, Any]) -> str:
    return hashlib.sha256(text_of(review, "id").encode()).hexdigest()[:16]


def _named(found: list[Mapping[str, Any]], asked: AuthorizationQuestion) -> list[Mapping[str, Any]]:
    """By the id that it was posted under, or by the payer's number."""
    named = (("id", asked.reference), ("certificationNumber", asked.number))
    return [each for each in found if any(wanted and text_of(each, name) == wanted for name, wanted in named)]


def _encoded(params: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, quote(value, safe="")) for name, value in params.items()]


def _ticket(came: Came) -> str:
    return came.location.rstrip("/").rpartition("/")[2] or text_of(first(came.body), "id")


def _lacks(asked: AuthorizationQuestion) -> bool:
    needed = (asked.trace, asked.payer.id, asked.provider.npi, asked.subscriber.member_id)
    return not all(each.strip() for each in needed) or not (asked.services or asked.number)


def _search(asked: AuthorizationQuestion) -> dict[str, str]:
    patient = asked.dependent or asked.subscriber
    return {
        "payer.id": asked.payer.id,
        "requestingProvider.npi": asked.provider.npi,
        "requestingProvider.lastName": asked.provider.last_name,
        "subscriber.memberId": asked.subscriber.member_id,
        "patient.lastName": patient.last_name,
        "patient.firstName": patient.first_name,
        "patient.birthDate": patient.date_of_birth.isoformat() if patient.date_of_birth else "",
        "fromDate": asked.first_day.isoformat() if asked.first_day else "",
        "toDate": asked.last_day.isoformat() if asked.last_day else "",
    }


def body_of(asked: AuthorizationQuestion) -> dict[str, Any]:
    """A service review, in the codes that a clinician chose. What isn't known is left out."""
    patient, provider = asked.dependent or asked.subscriber, asked.provider
    days = {
        "fromDate": asked.first_day.isoformat() if asked.first_day else "",
        "toDate": asked.last_day.isoformat() if asked.last_day else "",
    }
    body: dict[str, Any] = {
        "payer": {"id": asked.payer.id, "name": asked.payer.name},
        "requestingProvider": {
            "npi": provider.npi,
            "lastName": provider.last_name,
            "firstName": provider.first_name,
            "phone": asked.telephone,
        },
        "subscriber": {
            "memberId": asked.subscriber.member_id,
            "lastName": asked.subscriber.last_name,
            "firstName": asked.subscriber.first_name,
        },
        "patient": {
            "lastName": patient.last_name,
            "firstName": patient.first_name,
            "birthDate": patient.date_of_birth.isoformat() if patient.date_of_birth else "",
            "genderCode": patient.gender,
            "subscriberRelationshipCode": "" if asked.dependent else _SELF,
        },
        "requestTypeCode": asked.category,
        "serviceTypeCode": asked.service_type,
        "serviceLevelCode": _URGENT if asked.asks_for_speed else "",
        "placeOfServiceCode": asked.place,
        **days,
        "diagnoses": [
            {"qualifierCode": _OTHER if place else _PRINCIPAL, "code": code}
            for place, code in enumerate(asked.diagnoses)
        ],
        "procedures": [_procedure(service, days) for service in asked.services],
        "supplementalInformation": {"refAuthNumber": asked.number},
    }
    known: dict[str, Any] = _known(body)
    return known


def _procedure(service: AskedService, days: Mapping[str, str]) -> dict[str, Any]:
    modifiers = {f"modifierCode{place}": code for place, code in enumerate(service.modifiers[:_MODIFIERS], 1)}
    return {
        "qualifierCode": "HC",
        "code": service.procedure,
        "quantity": format(service.units, "f"),
        "quantityTypeCode": service.unit,
        **days,
        **modifiers,
    }


def _known(told: Any) -> Any:
    """Without whatever is empty."""
    if isinstance(told, dict):
        kept = {name: _known(value) for name, value in told.items()}
        return {name: value for name, value in kept.items() if value not in ("", [], {})}
    return [_known(each) for each in told] if isinstance(told, list) else told

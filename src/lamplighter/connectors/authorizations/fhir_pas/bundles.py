"""Our side of PAS: a claim with whatever it refers to. Codes are those that a clinician chose."""

import uuid
from datetime import date, datetime
from typing import Any, Final

from lamplighter.desk.ports.coverage import (
    AskedService,
    AuthorizationQuestion,
    AuthorizationStep,
    Insured,
    Provider,
)

PAS: Final = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/"
X12: Final = "https://codesystem.x12.org/005010/"
TRACES: Final = "urn:trnorg:9"  # and the sender's own number
_CPT: Final = "http://www.ama-assn.org/go/cpt"
_HCPCS: Final = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
_ICD: Final = "http://hl7.org/fhir/sid/icd-10-cm"
_PLACES: Final = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"
_TERMS: Final = "http://terminology.hl7.org/CodeSystem/"
_REQUESTED: Final = {
    AuthorizationStep.RENEW: "R",
    AuthorizationStep.CANCEL: "3",
}
_GENDERS: Final = {"M": "male", "F": "female"}
_BEFORE_THE_POINT: Final = 3
_URGENT: Final = "U"

Resource = dict[str, Any]


def request_bundle(asked: AuthorizationQuestion, now: datetime) -> Resource:
    cancels = asked.step is AuthorizationStep.CANCEL
    claim = _claim(asked, now, "profile-claim-update" if cancels else "profile-claim")
    if cancels:
        claim["related"] = [{"reference": {"value": asked.number or asked.reference}}]
        for item in claim["item"]:
            item["modifierExtension"] = [
                {"url": PAS + "modifierextension-infoCancelled", "valueBoolean": True}
            ]
    return _bundle(asked, claim, now, "profile-pas-request-bundle")


def inquiry_bundle(asked: AuthorizationQuestion, ticket: str, now: datetime) -> Resource:
    """A claim as an example of what is looked for. `ticket` is the payer's own reference, where it gave one."""
    claim = _claim(asked, now, "profile-claim-inquiry")
    if ticket and ticket not in (asked.trace, asked.number):
        for item in claim["item"]:
            item["extension"].append(_text("extension-administrationReferenceNumber", ticket))
    return _bundle(asked, claim, now, "profile-pas-inquiry-request-bundle")


def _bundle(asked: AuthorizationQuestion, claim: Resource, now: datetime, profile: str) -> Resource:
    resources = [claim, _insurer(asked), _requestor(asked.provider), _coverage(asked), *_people(asked)]
    return {
        "resourceType": "Bundle",
        "meta": {"profile": [PAS + profile]},
        "identifier": _trace(asked),
        "type": "collection",
        "timestamp": now.isoformat(),
        "entry": [{"fullUrl": f"urn:uuid:{each['id']}", "resource": each} for each in resources],
    }


def _claim(asked: AuthorizationQuestion, now: datetime, profile: str) -> Resource:
    claim: Resource = {
        "resourceType": "Claim",
        "id": _id(asked, "Claim"),
        "meta": {"profile": [PAS + profile]},
        "identifier": [_trace(asked)],
        "status": "active",
        "type": _coded(_TERMS + "claim-type", "professional"),
        "use": "preauthorization",
        "patient": _to(asked, "patient"),
        "created": now.isoformat(),
        "insurer": _to(asked, "insurer"),
        "provider": _to(asked, "requestor"),
        "priority": _coded(_TERMS + "processpriority", "stat" if asked.asks_for_speed else "normal"),
        "insurance": [{"sequence": 1, "focal": True, "coverage": _to(asked, "coverage")}],
        "item": [_item(asked, place, service) for place, service in enumerate(asked.services or (None,), 1)],
    }
    if asked.asks_for_speed:
        level = _coded(X12 + "1338", _URGENT)
        claim["extension"] = [{"url": PAS + "extension-levelOfServiceCode", "valueCodeableConcept": level}]
    if asked.diagnoses:
        claim["diagnosis"] = [
            {"sequence": place, "diagnosisCodeableConcept": _coded(_ICD, with_point(code))}
            for place, code in enumerate(asked.diagnoses, 1)
        ]
    if asked.first_day is not None:
        claim["supportingInfo"] = [
            {
                "sequence": 1,
                "category": _coded(
                    "http://hl7.org/fhir/us/davinci-pas/CodeSystem/PASTempCodes", "patientEvent"
                ),
                "timingPeriod": _period(asked.first_day, asked.last_day),
            }
        ]
    return claim


def _item(asked: AuthorizationQuestion, place: int, service: AskedService | None) -> Resource:
    requested = _REQUESTED.get(asked.step, "I")
    extensions = [
        {
            "url": PAS + "extension-serviceItemRequestType",
            "valueCodeableConcept": _coded(X12 + "1525", asked.category),
        },
        {
            "url": PAS + "extension-certificationType",
            "valueCodeableConcept": _coded(X12 + "1322", requested),
        },
    ]
    if asked.number:
        extensions.append(_text("extension-authorizationNumber", asked.number))
    item: Resource = {"extension": extensions, "sequence": place}
    if asked.diagnoses:
        item["diagnosisSequence"] = list(range(1, len(asked.diagnoses) + 1))
    if asked.service_type:
        item["category"] = _coded(X12 + "1365", asked.service_type)
    if service is None:
        item["productOrService"] = _coded(X12 + "1365", asked.service_type or "MH")
    else:
        item["productOrService"] = _procedure(service.procedure)
        item["modifier"] = [_procedure(modifier) for modifier in service.modifiers]
        item["quantity"] = {"value": service.units}
    if asked.first_day is not None:
        item["servicedPeriod"] = _period(asked.first_day, asked.last_day)
    if asked.place:
        item["locationCodeableConcept"] = _coded(_PLACES, asked.place)
    return {name: value for name, value in item.items() if value != []}


def with_point(code: str) -> str:
    """A diagnosis as FHIR has it: with its point."""
    bare = code.replace(".", "")
    head, tail = bare[:_BEFORE_THE_POINT], bare[_BEFORE_THE_POINT:]
    return f"{head}.{tail}" if tail else head


def _procedure(code: str) -> Resource:
    return _coded(_CPT if code[:1].isdigit() else _HCPCS, code)


def _insurer(asked: AuthorizationQuestion) -> Resource:
    return {
        "resourceType": "Organization",
        "id": _id(asked, "insurer"),
        "meta": {"profile": [PAS + "profile-insurer"]},
        "identifier": [{"system": "urn:oid:2.16.840.1.113883.6.300", "value": asked.payer.id}],
        "active": True,
        "name": asked.payer.name,
    }


def _requestor(provider: Provider) -> Resource:
    npi = [{"system": "http://hl7.org/fhir/sid/us-npi", "value": provider.npi}]
    named: Resource = {"id": _requestor_id(provider), "identifier": npi, "active": True}
    if provider.is_person:
        name = [{"family": provider.last_name, "given": [provider.first_name]}]
        profile = {"profile": [PAS + "profile-practitioner"]}
        return {"resourceType": "Practitioner", "meta": profile, **named, "name": name}
    profile = {"profile": [PAS + "profile-requestor"]}
    return {"resourceType": "Organization", "meta": profile, **named, "name": provider.last_name}


def _coverage(asked: AuthorizationQuestion) -> Resource:
    return {
        "resourceType": "Coverage",
        "id": _id(asked, "coverage"),
        "meta": {"profile": [PAS + "profile-coverage"]},
        "status": "active",
        "subscriber": _to(asked, "subscriber"),
        "subscriberId": asked.subscriber.member_id,
        "beneficiary": _to(asked, "patient"),
        "payor": [_to(asked, "insurer")],
    }


def _people(asked: AuthorizationQuestion) -> list[Resource]:
    holder = _person(asked, "subscriber", asked.subscriber, "profile-subscriber")
    if asked.dependent is None:
        return [holder]
    return [holder, _person(asked, "patient", asked.dependent, "profile-beneficiary")]


def _person(asked: AuthorizationQuestion, role: str, who: Insured, profile: str) -> Resource:
    person: Resource = {
        "resourceType": "Patient",
        "id": _id(asked, role),
        "meta": {"profile": [PAS + profile]},
        "name": [{"family": who.last_name, "given": [who.first_name]}],
    }
    if who.member_id:
        kind = {"coding": [{"system": _TERMS + "v2-0203", "code": "MB"}]}
        person["identifier"] = [{"type": kind, "value": who.member_id}]
    if who.date_of_birth is not None:
        person["birthDate"] = who.date_of_birth.isoformat()
    if who.gender in _GENDERS:
        person["gender"] = _GENDERS[who.gender]
    return person


def _to(asked: AuthorizationQuestion, role: str) -> Resource:
    if role == "patient" and asked.dependent is None:
        role = "subscriber"
    name = _requestor_id(asked.provider) if role == "requestor" else _id(asked, role)
    return {"reference": f"urn:uuid:{name}"}


def _id(asked: AuthorizationQuestion, role: str) -> str:
    """The same for the same request, so that what is sent again is the same."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:lamplighter:{asked.trace}:{role}"))


def _requestor_id(provider: Provider) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:lamplighter:{provider.npi}"))


def _trace(asked: AuthorizationQuestion) -> Resource:
    return {"system": TRACES + asked.provider.npi[:9], "value": asked.trace}


def _coded(system: str, code: str) -> Resource:
    return {"coding": [{"system": system, "code": code}]}


def _text(name: str, value: str) -> Resource:
    return {"url": PAS + name, "valueString": value}


def _period(first: date, last: date | None) -> Resource:
    return {"start": first.isoformat(), "end": (last or first).isoformat()}

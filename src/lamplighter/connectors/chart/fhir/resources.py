"""What is written to a FHIR server of a plan's answer, in the three shapes that servers take, and whether what a server
holds is what was written."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid5

from lamplighter.connectors.fhir_rest import Resource, objects
from lamplighter.desk.chart_paper import TITLE, paper
from lamplighter.desk.plan_words import name_of, value
from lamplighter.desk.ports.chart import FigureName, PlanNote, Value
from lamplighter.practice.model import Money

NAMES: Final = UUID("6d0f6a34-55a3-4d39-9a43-0a1f3f1f9f57")
HL7: Final = "http://terminology.hl7.org/CodeSystem"
STATUS: Final[dict[bool | None, str]] = {True: "active", False: "cancelled", None: "draft"}
"""Of a coverage, as the plan said of itself; what it did not say is no "active"."""

WHAT_FOR: Final = "A visit to this practice"
"""An item has to be about something (ces-1); which care it is stays with the clinician."""

BENEFITS: Final[dict[FigureName, str]] = {
    "copay": "copay",
    "coinsurance": "copay-percent",
    "deductible": "deductible",
    "deductible_left": "",
    "out_of_pocket": "copay-maximum",
    "out_of_pocket_left": "",
    "visits": "visit",
    "visits_left": "",
    "telehealth": "",
}
"""With the code that FHIR has for it, where it has one."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whose chart and which plan of theirs: the server's own names."""

    patient: str
    coverage: str = ""


def identifier(*parts: str) -> dict[str, str]:
    """The same parts make the same one."""
    return {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{uuid5(NAMES, '|'.join(parts))}"}


def coverage(note: PlanNote, chosen: Chosen) -> dict[str, Any]:
    figures = dict(note.figures)
    active_for_this_care = note.in_force is None and figures.get("active") is True
    made: dict[str, Any] = {
        "resourceType": "Coverage",
        "identifier": [identifier("Coverage", chosen.patient, note.payer.id, note.member_id)],
        "status": STATUS[True if active_for_this_care else note.in_force],
        "subscriberId": note.member_id,
        "beneficiary": {"reference": chosen.patient},
        "payor": [{"display": note.payer.name}],
    }
    if note.relation is not None:
        made["relationship"] = _coded("subscriber-relationship", note.relation)
    if "plan" in figures:
        made["class"] = [{"type": _coded("coverage-class", "plan"), "value": str(figures["plan"])}]
    return made


def put_right(note: PlanNote, made: Resource, held: Resource) -> dict[str, Any]:
    """What a coverage that we made becomes: what the plan said now, and all that the practice has put beside it. What
    is said of some care only ends no plan."""
    right = dict(held)
    for name, ours in made.items():
        if not _stays(name, note, held) and not _same(ours, held.get(name)):
            right[name] = [*ours, *_beside(name, held)] if isinstance(ours, list) else ours
    return right


def _stays(name: str, note: PlanNote, held: Resource) -> bool:
    if name == "status":
        return note.in_force is None and held.get(name) != STATUS[None]
    return name == "payor" and bool(held.get(name))


def _beside(name: str, held: Resource) -> Iterator[Resource]:
    """What a list of a coverage holds that is not ours to say."""
    for each in objects(held.get(name)):
        if name != "class" or not _same(_coded("coverage-class", "plan"), each.get("type")):
            yield each


def eligibility_response(note: PlanNote, chosen: Chosen) -> dict[str, Any]:
    figures = dict(note.figures)
    named = identifier("CoverageEligibilityResponse", note.id)
    insurance: dict[str, Any] = {"coverage": {"reference": chosen.coverage}}
    if isinstance(figures.get("active"), bool):
        insurance["inforce"] = figures["active"]
    if item := _item(figures):
        insurance["item"] = [item]
    return {
        "resourceType": "CoverageEligibilityResponse",
        "identifier": [named],
        "status": "active",
        "purpose": ["benefits"],
        "patient": {"reference": chosen.patient},
        "created": note.as_of.isoformat(timespec="seconds"),
        "request": {"identifier": identifier("CoverageEligibilityRequest", note.id)},
        "outcome": "complete",
        "disposition": note.caution,
        "insurer": {"display": note.payer.name},
        "insurance": [insurance],
    }


def task(note: PlanNote, chosen: Chosen) -> dict[str, Any]:
    told = [
        {"type": {"text": name_of(name)}, "valueString": value(name, found)} for name, found in note.figures
    ]
    return {
        "resourceType": "Task",
        "identifier": [identifier("Task", note.id)],
        "status": "requested",
        "intent": "order",
        "code": {"text": TITLE},
        "description": f"{note.payer.name}. {note.caution}",
        "for": {"reference": chosen.patient},
        "focus": {"reference": chosen.coverage},
        "authoredOn": note.as_of.isoformat(timespec="seconds"),
        **({"input": told} if told else {}),
    }


def document(note: PlanNote, chosen: Chosen, sender: str) -> dict[str, Any]:
    page = base64.b64encode(paper(note, sender)).decode()
    return {
        "resourceType": "DocumentReference",
        "identifier": [identifier("DocumentReference", note.id)],
        "status": "current",
        "type": {"text": TITLE},
        "subject": {"reference": chosen.patient},
        "date": note.as_of.isoformat(timespec="seconds"),
        "description": note.caution,
        "content": [{"attachment": {"contentType": "application/pdf", "title": TITLE, "data": page}}],
    }


def _item(figures: Mapping[FigureName, Value]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if "in_network" in figures:
        made["network"] = _coded("benefit-network", "in" if figures["in_network"] else "out")
    if benefits := list(_benefits(figures)):
        made["benefit"] = benefits
    if "authorization" in figures:
        made["authorizationRequired"] = figures["authorization"]
    return {"category": {"text": WHAT_FOR}, **made} if made else {}


def _benefits(figures: Mapping[FigureName, Value]) -> Iterator[dict[str, Any]]:
    for name, code in BENEFITS.items():
        if name in figures:
            kind = {"text": name_of(name), **(_coded("benefit-type", code) if code else {})}
            yield {"type": kind, **_allowed(name, figures[name])}


def _allowed(name: FigureName, found: Value) -> dict[str, Any]:
    match found:
        case Money(amount, currency):
            return {"allowedMoney": {"value": float(amount), "currency": currency}}
        case Decimal() if name != "coinsurance" and found == found.to_integral() and found >= 0:
            return {"allowedUnsignedInt": int(found)}
    return {"allowedString": value(name, found)}


def _coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": f"{HL7}/{system}", "code": code}]}


# -- whether it holds what we wrote ------------------------------------------------------------------------------------


THEIRS: Final = {"Task": ("status",), "DocumentReference": ("content",)}
"""What others may change, or move: no difference of ours."""


def agrees(ours: Resource, held: Resource) -> bool:
    """Whether all that we wrote stands there; what the server added beside is its own."""
    left_out = THEIRS.get(str(ours.get("resourceType")), ())
    return all(_same(wanted, held.get(name)) for name, wanted in ours.items() if name not in left_out)


def _same(ours: object, held: object) -> bool:
    match ours, held:
        case dict(), dict():
            return all(_same(wanted, held.get(name)) for name, wanted in ours.items())
        case list(), list():
            return all(any(_same(wanted, each) for each in held) for wanted in ours)
        case bool(), _:
            return ours is held
        case (int() | float(), int() | Decimal()) if not isinstance(held, bool):
            return Decimal(str(ours)) == held
        case str(), str():
            return ours == held or _same_reference(ours, held) or _same_moment(ours, held)
    return False


def _same_reference(ours: str, held: str) -> bool:
    """A server may give its own address in front."""
    return "/" in ours and held.startswith("http") and held.endswith(f"/{ours}")


def _same_moment(ours: str, held: str) -> bool:
    try:
        return datetime.fromisoformat(ours) == datetime.fromisoformat(held)
    except (ValueError, TypeError):
        return False

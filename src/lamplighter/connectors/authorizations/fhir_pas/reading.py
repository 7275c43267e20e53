"""What a payer's ClaimResponse says, as the port says it. Codes are X12's and are read as in a 278."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from lamplighter.connectors.clearinghouse.objects import day_of
from lamplighter.connectors.clearinghouse.rulings import ACTIONS, APPROVING, OPEN, settled
from lamplighter.connectors.fhir_rest import Resource, mapping, objects, words
from lamplighter.desk.ports.authorizations import ApprovedService, AuthorizationReply, Ruled, Verdict
from lamplighter.desk.ports.clearinghouse import Refused, Why, why
from lamplighter.desk.ports.coverage import AuthorizationQuestion, AuthorizationStep, Rejection

_DAY_LENGTH: Final = 10  # of an instant in ISO 8601
_LOINC: Final = "http://loinc.org"


def read(told: Resource, asked: AuthorizationQuestion) -> AuthorizationReply:
    """The one response that is about what was asked; of several the newest of it."""
    resources = list(_resources(told))
    found = [each for each in resources if each.get("resourceType") == "ClaimResponse"]
    ours = _ours(found, asked)
    if not ours:
        return Refused(Why.UNREADABLE)
    newest = max(ours, key=lambda each: words(each.get("created")))
    return _ruled(newest, resources, asked)


def _resources(told: Resource) -> Iterator[Resource]:
    """Those of a bundle, or of the bundles among parameters, as later versions of the guide have it."""
    if told.get("resourceType") == "Parameters":
        for parameter in objects(told.get("parameter")):
            yield from _resources(mapping(parameter.get("resource")))
    elif told.get("resourceType") == "Bundle":
        for entry in objects(told.get("entry")):
            yield mapping(entry.get("resource"))


def _ours(found: Sequence[Resource], asked: AuthorizationQuestion) -> list[Resource]:
    """By our trace, else by the payer's number; one that names neither is ours where it is the only one."""
    if traced := [each for each in found if asked.trace in _names(each)]:
        return traced
    if asked.number and asked.step is not AuthorizationStep.RENEW:
        if numbered := [each for each in found if asked.number in _numbers(each)]:
            return numbered
    return [each for each in found if len(found) == 1 and not _names(each)]


def _names(response: Resource) -> list[str]:
    return [value for each in objects(response.get("identifier")) if (value := words(each.get("value")))]


def _numbers(response: Resource) -> list[str]:
    found = [words(response.get("preAuthRef"))]
    found += [each.number for each in _decisions(response)]
    return [number for number in found if number]


@dataclass(frozen=True, slots=True)
class _Decision:
    """What is said of one item. `procedure` and `units` are what was authorized, where that was said."""

    sequence: int
    action: str = ""
    number: str = ""
    reference: str = ""
    reasons: tuple[str, ...] = ()
    procedure: str = ""
    units: Decimal | None = None
    first_day: date | None = None
    last_day: date | None = None
    is_added: bool = False


def _decisions(response: Resource) -> list[_Decision]:
    added = [_decision(each, is_added=True) for each in objects(response.get("addItem"))]
    return [*(_decision(each, is_added=False) for each in objects(response.get("item"))), *added]


def _decision(item: Resource, *, is_added: bool) -> _Decision:
    own = objects(item.get("extension"))
    beside = [e for each in objects(item.get("adjudication")) for e in objects(each.get("extension"))]
    review = _extension([*beside, *own], "extension-reviewAction")
    inside = objects(review.get("extension"))
    granted = objects(_extension(own, "extension-itemAuthorizedDetail").get("extension"))
    period = mapping(_extension(own, "extension-itemPreAuthPeriod").get("valuePeriod"))
    quantity = mapping(_extension(granted, "quantity").get("valueQuantity"))
    product = mapping(_extension(granted, "productOrServiceCode").get("valueCodeableConcept"))
    if is_added:
        quantity = quantity or mapping(item.get("quantity"))
        product = product or mapping(item.get("productOrService"))
    sequence = item.get("itemSequence")
    return _Decision(
        sequence=sequence if isinstance(sequence, int) and not isinstance(sequence, bool) else 0,
        action=_code(_extension(inside, "extension-reviewActionCode").get("valueCodeableConcept")),
        number=words(_extension(inside, "number").get("valueString"))
        or words(_extension(own, "extension-authorizationNumber").get("valueString")),
        reference=words(_extension(own, "extension-administrationReferenceNumber").get("valueString")),
        reasons=tuple(
            code
            for each in inside
            if each.get("url") == "reasonCode" and (code := _code(each.get("valueCodeableConcept")))
        ),
        procedure=_code(product),
        units=_number(quantity.get("value")),
        first_day=_day(period.get("start")),
        last_day=_day(period.get("end")),
        is_added=is_added,
    )


def _extension(among: Sequence[Resource], name: str) -> Resource:
    """By the end of its address: the guides that share an extension have it under several."""
    return next((each for each in among if words(each.get("url")).rpartition("/")[2] == name), {})


def _ruled(
    response: Resource, resources: Sequence[Resource], asked: AuthorizationQuestion
) -> AuthorizationReply:
    decisions = _decisions(response)
    verdicts = [ACTIONS[each.action] for each in decisions if each.action in ACTIONS]
    rejections = tuple(_rejections(response))
    if not verdicts and rejections:
        return Refused(why(rejections), rejections)
    if not verdicts and response.get("outcome") == "queued":
        verdicts = [Verdict.PENDED]
    if not verdicts:
        return Refused(Why.UNREADABLE)
    services = tuple(_services(decisions, asked))
    wanted = tuple(dict.fromkeys(_wanted(resources)))
    verdict = settled(verdicts, wanted, services, asked)
    approving = verdict in APPROVING
    first, last = _days(response, decisions)
    numbers = _numbers(response)
    references = [each.reference for each in decisions if each.reference]
    return Ruled(
        verdict,
        numbers[0] if approving and numbers else "",
        next(iter([*references, *numbers]), asked.trace),
        first if approving else None,
        last if approving else None,
        services if approving else (),
        tuple(_reasons(response, decisions)),
        wanted if verdict in OPEN else (),
        asked.trace,
    )


def _services(decisions: Sequence[_Decision], asked: AuthorizationQuestion) -> Iterator[ApprovedService]:
    """What is approved in total (A1) with nothing said beside it is what was asked: the guide has said what differs."""
    for each in decisions:
        if ACTIONS.get(each.action) not in APPROVING:
            continue
        mine = asked.services[each.sequence - 1] if 0 < each.sequence <= len(asked.services) else None
        procedure = each.procedure or (mine.procedure if mine and not each.is_added else "")
        in_total = mine is not None and each.action == "A1" and not each.is_added
        units = each.units if each.units is not None or not in_total or mine is None else mine.units
        if procedure:
            yield ApprovedService(procedure, units)


def _days(response: Resource, decisions: Sequence[_Decision]) -> tuple[date | None, date | None]:
    period = mapping(response.get("preAuthPeriod"))
    first, last = _day(period.get("start")), _day(period.get("end"))
    firsts = [each.first_day for each in decisions if each.first_day]
    lasts = [each.last_day for each in decisions if each.last_day]
    return first or min(firsts, default=None), last or min(lasts, default=None)


def _reasons(response: Resource, decisions: Sequence[_Decision]) -> Iterator[tuple[str, str]]:
    yield from dict.fromkeys((code, "") for each in decisions for code in each.reasons)
    notes = [words(response.get("disposition"))]
    notes += [words(each.get("text")) for each in objects(response.get("processNote"))]
    yield from dict.fromkeys(("", note) for note in notes if note)


def _rejections(response: Resource) -> Iterator[Rejection]:
    for error in objects(response.get("error")):
        if code := _code(error.get("code")):
            yield Rejection("", code)


def _wanted(resources: Sequence[Resource]) -> Iterator[str]:
    """What the payer wants to see: of tasks their inputs, of requests to be told something their words."""
    for resource in resources:
        if resource.get("resourceType") == "Task":
            for given in objects(resource.get("input")):
                yield from _codes(given.get("valueCodeableConcept"))
                yield from filter(
                    None, (words(given.get(name)) for name in ("valueCanonical", "valueUrl", "valueString"))
                )
        elif resource.get("resourceType") == "CommunicationRequest":
            for part in objects(resource.get("payload")):
                if said := words(part.get("contentString")):
                    yield said
            for category in objects(resource.get("category")):
                yield from _codes(category)


def _codes(concept: object) -> Iterator[str]:
    for coding in objects(mapping(concept).get("coding")):
        code = words(coding.get("code"))
        if code:
            yield f"LOINC {code}" if coding.get("system") == _LOINC else code


def _code(concept: object) -> str:
    codings = objects(mapping(concept).get("coding"))
    return next((code for each in codings if (code := words(each.get("code")))), "")


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return Decimal(value)


def _day(value: object) -> date | None:
    return day_of(words(value)[:_DAY_LENGTH])

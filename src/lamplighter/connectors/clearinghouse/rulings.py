"""What a payer's 278 says of a request, as the port says it; a 999 or TA1 where that is all that came."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from lamplighter.desk.ports.authorizations import ApprovedService, AuthorizationReply, Ruled, Verdict
from lamplighter.desk.ports.clearinghouse import Refused, Why, why
from lamplighter.desk.ports.coverage import AuthorizationQuestion, AuthorizationStep, Rejection

from .answers import is_clear, why_not_taken
from .control_numbers import is_about
from .x12 import whole_documents
from .x12.acknowledgement import Acknowledgement, InterchangeAcknowledged
from .x12.authorization import Authorization, Item
from .x12.writing import Written, text

_TAKEN: Final = ("A", "E")
_EVENT: Final = "EV"
ACTIONS: Final = {
    "A1": Verdict.APPROVED,
    "A2": Verdict.PARTIAL,
    "A3": Verdict.DENIED,
    "A4": Verdict.PENDED,
    "A6": Verdict.MODIFIED,
    "CT": Verdict.INFO_REQUESTED,
    "NA": Verdict.NOT_NEEDED,
    "C": Verdict.CANCELLED,
}
APPROVING: Final = (Verdict.APPROVED, Verdict.MODIFIED, Verdict.PARTIAL)
OPEN: Final = (Verdict.INFO_REQUESTED, Verdict.PENDED)
_NUMBER, _REFERENCE = "BB", "NT"
_EFFECTIVE, _EXPIRES = "007", "036"
_LOINC: Final = "LOI"
_HOW_OFTEN: Final = slice(2, 6)
"""HSD03 to HSD06."""

_COUNTS: Final = ("VS", "UN", "DY", "HS")


def ruling_of(
    raw: str | bytes, asked: AuthorizationQuestion, sent: Written | None = None, *, shared: bool = False
) -> AuthorizationReply:
    """What was decided, wherever it stands in what came. A 278 about another request is no answer; an acknowledgement
    counts where it is about what was `sent`: taken, it says that the request has arrived. Where it lay in a place that
    is `shared` with other requests, a refusal is ours as a decision is."""
    ruled: list[AuthorizationReply] = []
    acknowledged: list[AuthorizationReply] = []
    for document in whole_documents(raw):
        match document.content:
            case Authorization() as told if told.kind.endswith("_response"):
                ruled.append(_ruled(told, asked, shared))
            case Acknowledgement() | InterchangeAcknowledged() as told if sent and is_about(told, sent):
                acknowledged.append(_acknowledged(told, asked))
    clear = [each for each in ruled if is_clear(each)]
    replies = sorted((*reversed(clear), *acknowledged), key=how_far)
    return replies[0] if replies else Refused(Why.UNREADABLE)


def _acknowledged(
    told: Acknowledgement | InterchangeAcknowledged, asked: AuthorizationQuestion
) -> AuthorizationReply:
    if told.code not in _TAKEN:
        return Refused(why_not_taken(told))
    return Ruled(Verdict.ACKNOWLEDGED, trace=asked.trace)


def how_far(reply: AuthorizationReply) -> int:
    """What is decided comes before what waits, and that before a refusal; that it has arrived says the least."""
    if isinstance(reply, Refused):
        return 2
    return {Verdict.LEFT: 3, Verdict.ACKNOWLEDGED: 3, Verdict.PENDED: 1, Verdict.INFO_REQUESTED: 1}.get(
        reply.verdict, 0
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """An event with the services within it."""

    event: Item
    services: tuple[Item, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        return (self.event, *self.services)


def _ruled(told: Authorization, asked: AuthorizationQuestion, shared: bool) -> AuthorizationReply:
    cases = [case for case in _cases(told) if any(item.decision for item in case.items)]
    open_cases = [case for case in cases if not _is_over(case, asked)]
    ours = _one_of(_ours(open_cases, told, asked, shared), asked)
    rejections = tuple(_rejections(told, asked, shared))
    if len(ours) == 1:
        return _said(ours[0], asked, rejections)
    if rejections and (shared or not cases):
        return Refused(why(rejections), rejections)
    return Refused(Why.UNREADABLE)


def _rejections(told: Authorization, asked: AuthorizationQuestion, shared: bool) -> Iterator[Rejection]:
    """Those of our request: all of what came to nobody else; of what is shared only those that name it."""
    if not shared:
        yield from (*told.rejections, *(rejection for item in told.items for rejection in item.rejections))
        return
    mine, named = text(asked.trace, 50), text(told.reference, 50) == text(asked.trace, 50)
    traces = {trace for case in _cases(told) for trace in _traces(case)}
    if named or (mine in traces if traces else _is_theirs(told, asked)):
        yield from told.rejections
    for case in _cases(told):
        given = _traces(case)
        if mine in given if given else named or _is_theirs(told, asked):
            yield from (rejection for item in case.items for rejection in item.rejections)


def _cases(told: Authorization) -> Iterator[_Case]:
    for event in told.items:
        if event.level == _EVENT:
            yield _Case(event, tuple(item for item in told.items if item.parent == event.id))


def _ours(
    cases: Sequence[_Case], told: Authorization, asked: AuthorizationQuestion, shared: bool
) -> list[_Case]:
    """By our trace, else by the number that the payer gave it, else by whose it is where nothing was given back. Where
    what was granted may lie beside it, a cancellation is known by our trace alone."""
    mine = text(asked.trace, 50)
    if found := [case for case in cases if mine in _traces(case)]:
        return found
    if shared and asked.step is AuthorizationStep.CANCEL:
        return [case for case in cases if text(told.reference, 50) == mine and not _traces(case)]
    if asked.number and asked.step is not AuthorizationStep.RENEW:
        numbered = [case for case in cases if any(asked.number in _numbers(item) for item in case.items)]
        if numbered:
            return numbered
    is_about_it = text(told.reference, 50) == mine or _is_theirs(told, asked)
    return [case for case in cases if is_about_it and not _traces(case)]


def _one_of(cases: list[_Case], asked: AuthorizationQuestion) -> list[_Case]:
    """An inquiry may find several, each under our trace: then the one with the payer's number or reference."""
    if len(cases) < 2:
        return cases
    named = {asked.number, asked.reference} - {""}
    return [
        case for case in cases if any(named & {*_numbers(item), *_references(item)} for item in case.items)
    ]


def _is_over(case: _Case, asked: AuthorizationQuestion) -> bool:
    """Whether it had ended before the days that are asked for: that is an earlier one, which they may renew."""
    last = _days(case)[1]
    asks = asked.step is not AuthorizationStep.CANCEL and asked.first_day is not None
    return asks and last is not None and last < (asked.first_day or last)


def _references(item: Item) -> Iterator[str]:
    yield from (reference.value for reference in item.references if reference.qualifier == _REFERENCE)


def _traces(case: _Case) -> set[str]:
    return {text(trace[1], 50) for item in case.items for trace in item.traces if trace[0] == "2"}


def _is_theirs(told: Authorization, asked: AuthorizationQuestion) -> bool:
    who = told.subscriber
    return bool(who and who.id and text(who.id) == text(asked.subscriber.member_id)) and (
        told.dependent is None
        or bool(asked.dependent and text(told.dependent.first_name) == text(asked.dependent.first_name))
    )


def _numbers(item: Item) -> Iterator[str]:
    if item.decision and item.decision.number:
        yield item.decision.number
    yield from (reference.value for reference in item.references if reference.qualifier == _NUMBER)


def _said(case: _Case, asked: AuthorizationQuestion, rejections: Sequence[Rejection]) -> AuthorizationReply:
    verdicts = [
        ACTIONS[item.decision.action]
        for item in case.items
        if item.decision and item.decision.action in ACTIONS
    ]
    if not verdicts:
        return Refused(Why.UNREADABLE, tuple(rejections))
    services = tuple(_approved(case))
    wanted = tuple(_wanted(case))
    verdict = settled(verdicts, wanted, services, asked)
    approving = verdict in APPROVING
    number = next((value for item in case.items for value in _numbers(item)), "")
    first, last = _days(case)
    return Ruled(
        verdict,
        number if approving else "",
        _ticket(case),
        first if approving else None,
        last if approving else None,
        services if approving else (),
        tuple(_reasons(case)),
        wanted if verdict in OPEN else (),
        asked.trace,
    )


def settled(
    verdicts: Sequence[Verdict],
    wanted: Sequence[str],
    services: Sequence[ApprovedService],
    asked: AuthorizationQuestion,
) -> Verdict:
    """One verdict of several: nothing is decided while one service waits, and less than was asked is not approved."""
    if Verdict.INFO_REQUESTED in verdicts or (Verdict.PENDED in verdicts and wanted):
        return Verdict.INFO_REQUESTED
    if Verdict.PENDED in verdicts:
        return Verdict.PENDED
    found = set(verdicts) - {Verdict.NOT_NEEDED} or {Verdict.NOT_NEEDED}
    if asked.step is AuthorizationStep.CANCEL and found <= {Verdict.APPROVED, Verdict.CANCELLED}:
        return Verdict.CANCELLED
    if found == {Verdict.APPROVED, Verdict.MODIFIED}:
        return Verdict.MODIFIED
    if len(found) > 1:
        return Verdict.PARTIAL
    (verdict,) = found
    fewer = verdict is Verdict.APPROVED and any(_is_fewer(service, asked) for service in services)
    return Verdict.MODIFIED if fewer else verdict


def _is_fewer(service: ApprovedService, asked: AuthorizationQuestion) -> bool:
    wanted = sum((each.units for each in asked.services if each.procedure == service.procedure), Decimal())
    return service.units is not None and service.units < wanted


def _approved(case: _Case) -> Iterator[ApprovedService]:
    """The services that were approved, each with what was said of how many."""
    whole = _is_approving(case.event)
    for item in case.services:
        if not (_is_approving(item) if item.decision else whole):
            continue
        for line in item.lines:
            if len(line.procedure) > 1:
                yield ApprovedService(line.procedure[1], _units(item, line.quantity))


def _is_approving(item: Item) -> bool:
    return item.decision is not None and ACTIONS.get(item.decision.action) in APPROVING


def _units(item: Item, quantity: Decimal | None) -> Decimal | None:
    """None where all that is said is how often: one a week for three months is not one."""
    counts = [each for each in item.deliveries if each[0] in _COUNTS and each[1].isdigit()]
    for delivery in counts:
        if not any(delivery[_HOW_OFTEN]):
            return Decimal(delivery[1])
    return None if counts else quantity


def _ticket(case: _Case) -> str:
    """The payer's own reference, which an inquiry or a cancellation names again; a number or trace of ours is none."""
    return next((value for item in case.items for value in _references(item)), "")


def _days(case: _Case) -> tuple[date | None, date | None]:
    """From when until when it holds, as the payer says it; what it repeats of the request is none."""
    first = last = None
    for dated in case.event.dates or (d for item in case.services for d in item.dates):
        if dated.qualifier == _EFFECTIVE:
            first = dated.period.start
            last = last or (dated.period.end if dated.period.end != first else None)
        elif dated.qualifier == _EXPIRES:
            last = dated.period.end
    return first, last


def _reasons(case: _Case) -> Iterator[tuple[str, str]]:
    said: dict[tuple[str, str], None] = {}
    for item in case.items:
        for code in item.decision.reasons if item.decision else ():
            said[code, ""] = None
        for message in item.messages:
            said["", message] = None
    yield from said


def _wanted(case: _Case) -> Iterator[str]:
    """What the payer wants to see: documents by their LOINC code or report type, or a call."""
    for item in case.items:
        for coded in item.diagnoses:
            if coded[0] == _LOINC and len(coded) > 1:
                yield f"LOINC {coded[1]}"
        yield from (f"PWK {code}" for code in item.papers)
        if item.decision and item.decision.action == "CT":
            ways = (point.value for party in item.parties for point in party.contacts)
            yield " ".join(("CT", *ways))

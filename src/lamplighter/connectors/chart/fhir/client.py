"""Writes what a plan answered to a FHIR R4 server, in the first of three shapes that it takes, and reads it back.

Whose chart it is has to be certain: by the server's own name of them where it is on file and was not put away, else by
exact legal name and birth date with exactly one who fits.
"""

import base64
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeVar

from lamplighter import logs
from lamplighter.connectors.chart.fhir.resources import (
    Chosen,
    agrees,
    coverage,
    document,
    eligibility_response,
    put_right,
    task,
)
from lamplighter.connectors.fhir_rest import (
    FhirServer,
    NoAnswer,
    Resource,
    Session,
    identifier_of,
    identifiers,
    mapping,
    objects,
    reference,
    words,
)
from lamplighter.desk.ports import Clock
from lamplighter.desk.ports.chart import ChartPerson, ChartReply, NotWritten, PlanNote, WhyNot, Written
from lamplighter.desk.ports.clearinghouse import Why
from lamplighter.desk.ports.coverage import Payer

T = TypeVar("T")
log = logs.get(__name__)
Shape = Literal["eligibility", "task", "document"]
NEEDS: Final[tuple[tuple[Shape, tuple[str, ...]], ...]] = (
    ("eligibility", ("CoverageEligibilityResponse", "Coverage")),
    ("task", ("Task", "Coverage")),
    ("document", ("DocumentReference",)),
)
"""The shapes in the order in which they are chosen, and what a server has to take for each."""

NEEDED: Final = frozenset(("create", "search-type"))
"""Without a search nobody could tell whether it is there already."""

GOOD_FOR: Final = timedelta(hours=12)
"""What a server says that it takes."""

WHY: Final = {
    Why.NOT_ALLOWED: WhyNot.NOT_ALLOWED,
    Why.ASKED_WRONGLY: WhyNot.REFUSED,
}
"""Whatever else goes wrong is tried again."""


class Not(Exception):
    """It can't be written, and why."""

    def __init__(self, why: WhyNot) -> None:
        super().__init__(str(why))
        self.why = why


@dataclass(slots=True)
class FhirChart:
    """`sender` is the practice's name on a page; `party` who has to be in parties.yaml."""

    server: FhirServer
    sender: str
    party: str
    clock: Clock = field(repr=False)
    _takes: tuple[datetime, Shape] | None = None

    def write(self, note: PlanNote, deadline: float) -> ChartReply:
        return _without_raising(lambda session: self._write(session, note), self.server, deadline)

    def look(self, note: PlanNote, deadline: float) -> ChartReply | None:
        return _without_raising(lambda session: self._look(session, note), self.server, deadline)

    def _write(self, session: Session, note: PlanNote) -> ChartReply:
        shape = self._shape(session)
        chosen = Chosen(_patient(session, note.person))
        if shape != "document":
            chosen = Chosen(chosen.patient, _coverage(session, note, chosen))
        made = self._made(shape, note, chosen)
        held = session.create(made)
        if not _holds(session, made, held):
            raise Not(WhyNot.DIFFERS)
        where = (reference(held), chosen.coverage) if chosen.coverage else (reference(held),)
        return Written(where, chosen.patient)

    def _look(self, session: Session, note: PlanNote) -> ChartReply | None:
        shape = self._shape(session)
        chosen = Chosen(_patient(session, note.person))
        made = self._made(shape, note, chosen)
        held = session.found(made["resourceType"], identifier_of(made))
        if held is None:
            return None
        plan = _plan_of(held)
        if plan:
            chosen = Chosen(chosen.patient, plan)
            made = self._made(shape, note, chosen)
        if not _holds(session, made, held):
            return NotWritten(WhyNot.DIFFERS)
        return Written((reference(held), plan) if plan else (reference(held),), chosen.patient)

    def _made(self, shape: Shape, note: PlanNote, chosen: Chosen) -> dict[str, Any]:
        match shape:
            case "eligibility":
                return eligibility_response(note, chosen)
            case "task":
                return task(note, chosen)
        return document(note, chosen, self.sender)

    def _shape(self, session: Session) -> Shape:
        """What the server takes, asked twice a day. Raises Not, NoAnswer."""
        now = self.clock.now()
        if self._takes is None or self._takes[0] + GOOD_FOR < now:
            takes = session.takes()
            can = [
                shape
                for shape, kinds in NEEDS
                if all(takes.get(kind, frozenset()) >= NEEDED for kind in kinds)
            ]
            if not can or "search-type" not in takes.get("Patient", frozenset()):
                raise Not(WhyNot.TAKES_NOTHING)
            self._takes = now, can[0]
        return self._takes[1]


def _without_raising(do: Callable[[Session], T], server: FhirServer, deadline: float) -> T | NotWritten:
    try:
        with server.session(deadline) as session:
            return do(session)
    except Not as no:
        return NotWritten(no.why)
    except NoAnswer as no:
        return NotWritten(WHY.get(no.why, WhyNot.UNREACHABLE))
    except Exception as problem:  # the port promises a reply; what the answer held stays out of the log
        log.warning("chart_answer_unreadable", problem=type(problem).__name__)
        return NotWritten(WhyNot.UNREACHABLE)


# -- whose chart -------------------------------------------------------------------------------------------------------


def _patient(session: Session, person: ChartPerson) -> str:
    """The server's name of them, as in "Patient/12". Raises Not, NoAnswer."""
    known = session.read(person.known_as) if person.known_as.startswith("Patient/") else None
    if known is not None and not _is_put_away(known):
        if not _is_them(known, person):
            raise Not(WhyNot.NOBODY)
        return reference(known)
    asked = (("family", person.last_name), ("birthdate", person.born.isoformat()))
    found = {reference(each) for each in session.search("Patient", *asked) if _is_them(each, person)}
    if not found:
        raise Not(WhyNot.NOBODY)
    if len(found) > 1:
        raise Not(WhyNot.SEVERAL)
    return found.pop()


def _is_them(patient: Resource, person: ChartPerson) -> bool:
    """By a legal name, whole, and the birth date. A record that the practice has put away is nobody's."""
    legal = [each for each in objects(patient.get("name")) if each.get("use") in (None, "official", "usual")]
    named = any(
        _plain(words(each.get("family"))) == _plain(person.last_name)
        and _plain(person.first_name) in _given(each)
        for each in legal
    )
    born = patient.get("birthDate") == person.born.isoformat()
    return named and born and not _is_put_away(patient)


def _is_put_away(patient: Resource) -> bool:
    """As after two records were made one: another stands in its place, if any."""
    replaced = any(each.get("type") == "replaced-by" for each in objects(patient.get("link")))
    return replaced or patient.get("active") is False


def _given(name: Resource) -> tuple[str, str]:
    """The first of their given names, and all of them."""
    found = name.get("given")
    given = [words(each) for each in found] if isinstance(found, list) else []
    return _plain(given[0]) if given else "", _plain(" ".join(given))


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


# -- which plan --------------------------------------------------------------------------------------------------------


def _coverage(session: Session, note: PlanNote, chosen: Chosen) -> str:
    """That of the chart with this number, whoever wrote it; else ours, made once. One of somebody else's is never
    changed."""
    made = coverage(note, chosen)
    ours = identifier_of(made)
    theirs = [
        each
        for each in session.search("Coverage", ("patient", chosen.patient))
        if _is_this_plan(each, note, chosen) and not _is_of_another(session, each, note.payer)
    ]
    known = next((each for each in theirs if ours in identifiers(each)), None)
    if theirs and known is None:
        return min(map(reference, theirs))
    held = session.create(made)
    right = put_right(note, made, held)
    if right != held:
        held = session.replace(right)
    if not agrees({name: right[name] for name in made}, held):
        raise Not(WhyNot.DIFFERS)
    return reference(held)


def _is_this_plan(plan: Resource, note: PlanNote, chosen: Chosen) -> bool:
    """Theirs, and of this number: a family shares one."""
    whose = f"/{words(mapping(plan.get('beneficiary')).get('reference'))}".endswith(f"/{chosen.patient}")
    number = _plain(words(plan.get("subscriberId")))
    return whose and number == _plain(note.member_id) and plan.get("status") == "active"


def _is_of_another(session: Session, plan: Resource, payer: Payer) -> bool:
    """It names payers, and this is none of them. Who administers only some care has the number of the whole plan."""
    payors = objects(plan.get("payor"))
    if any(words(mapping(each.get("identifier")).get("value")) == payer.id for each in payors):
        return False
    ours, named = _plain(payer.name), [_plain(_payer_name(session, plan, each)) for each in payors]
    told = [name for name in named if name]
    return bool(told) and not any(name in ours or ours in name for name in told)


def _payer_name(session: Session, plan: Resource, payor: Resource) -> str:
    """ "" where it can't be told."""
    where = words(payor.get("reference"))
    if display := words(payor.get("display")):
        return display
    inside = (each for each in objects(plan.get("contained")) if f"#{words(each.get('id'))}" == where)
    if where.startswith("#"):
        return words(next(inside, {}).get("name"))
    return _organization(session, where) if where.startswith("Organization/") else ""


def _organization(session: Session, where: str) -> str:
    try:
        return words(mapping(session.read(where)).get("name"))
    except NoAnswer as no:
        if no.why not in WHY:
            raise
        return ""  # not ours to read


def _plan_of(held: Resource) -> str:
    insured = objects(held.get("insurance"))
    named = mapping(insured[0].get("coverage")) if insured else mapping(held.get("focus"))
    return words(named.get("reference"))


# -- whether it is there -----------------------------------------------------------------------------------------------


def _holds(session: Session, made: Resource, held: Resource) -> bool:
    if not agrees(made, held):
        return False
    return made["resourceType"] != "DocumentReference" or _page_of(session, held) == _page_of(session, made)


def _page_of(session: Session, held: Resource) -> bytes | None:
    """What a document holds: in it, or where the server has put it."""
    content = objects(held.get("content"))
    attached = mapping(content[0].get("attachment")) if content else {}
    if data := words(attached.get("data")):
        return base64.b64decode(data)
    where = words(attached.get("url"))
    _, _, name = where.partition("Binary/")
    return session.bytes_of(f"Binary/{name.split('/')[0]}") if name else None

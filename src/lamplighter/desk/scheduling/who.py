"""Which clinicians may be offered for a request, and why nobody may."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lamplighter.conversation.actions import FindSlots
from lamplighter.conversation.facts import find_insurer
from lamplighter.desk.ports import Schedule
from lamplighter.practice.model import Clinician, Insurer, Modality, Practice, VisitKind

CHINESE = frozenset({"zh", "cmn", "yue"})
CASELOAD_DAYS = 90
"""Whoever has a visit this many days back or ahead counts as a clinician's patient."""


@dataclass(frozen=True, slots=True)
class Nobody:
    """Nobody may be offered; `why` is a reason that may be said."""

    why: str


def age_on(born: date, day: date) -> int:
    """Whole years; somebody born on 29 February is a year older on 1 March of common years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def speaks(clinician: Clinician, wanted: str) -> bool:
    """Whether one of the clinician's languages is the wanted one, regions apart; "zh" is any Chinese."""
    want = wanted.lower().split("-")[0]
    spoken = {language.lower().split("-")[0] for language in clinician.languages}
    return want in spoken or (want == "zh" and bool(spoken & CHINESE)) or (want in CHINESE and "zh" in spoken)


def candidates(
    practice: Practice, schedule: Schedule, request: FindSlots, now: datetime, state: str | None
) -> tuple[Clinician, ...] | Nobody:
    """Every clinician whom the rules allow for this request on at least one day of the horizon.

    The first rule that leaves nobody gives the reason; of whom they are kept apart from it is the same as of somebody
    who has nothing free. `state` is where the person will sit, for telehealth.
    """
    pool = [c for c in practice.clinicians if request.clinician in (None, c.id)]
    if not pool or all(kind.id != request.visit_kind for kind in practice.visit_kinds):
        return Nobody("none_fit")
    kind = practice.visit_kind(request.visit_kind)
    for why, allows in _rules(practice, request, kind, now, state):
        pool = [c for c in pool if allows(c)]
        if not pool:
            return Nobody(why)
    if request.new_patient:
        pool = [c for c in pool if _has_room(schedule, c, now)]
    return tuple(pool) or Nobody("full")


Rule = Callable[[Clinician], bool]


def _rules(
    practice: Practice, request: FindSlots, kind: VisitKind, now: datetime, state: str | None
) -> tuple[tuple[str, Rule], ...]:
    today = now.astimezone(practice.timezone).date()
    horizon = today + timedelta(days=practice.horizon_days)
    insurer = plan_of(practice, request)
    return (
        ("clinician_kind", lambda c: kind.id in c.visit_kinds),
        ("clinician_not_taking", lambda c: c.takes_new_patients or not request.new_patient),
        ("too_young", lambda c: request.born is None or age_on(request.born, horizon) >= c.min_age),
        ("too_old", lambda c: request.born is None or age_on(request.born, today) <= c.max_age),
        ("no_such_language", lambda c: request.language is None or speaks(c, request.language)),
        ("none_fit", lambda c: request.gender is None or c.gender == request.gender),
        ("none_fit", lambda c: modality_of(practice, request, c, None) is not None),
        ("out_of_state", lambda c: modality_of(practice, request, c, state) is not None),
        ("not_on_panel", lambda c: insurer is None or c.takes(insurer.id, today, horizon)),
        ("full", lambda c: c.id not in request.apart),
    )


def plan_of(practice: Practice, request: FindSlots) -> Insurer | None:
    """The plan that whoever sees them has to take; None where they have none that the practice takes."""
    insurer = find_insurer(practice, request.insurer)
    return insurer if insurer is not None and insurer.taken else None


def modality_of(
    practice: Practice, request: FindSlots, clinician: Clinician, state: str | None
) -> Modality | None:
    """The modality that a visit with this clinician would have, None where none suits."""
    licensed = clinician.states or practice.states
    return next(
        (
            modality
            for modality in clinician.modalities
            if request.modality in (None, modality)
            and (modality is not Modality.TELEHEALTH or state is None or not licensed or state in licensed)
        ),
        None,
    )


def sees_on(practice: Practice, request: FindSlots, clinician: Clinician, day: date) -> bool:
    """What depends on the day of the visit: their age, and whether the clinician takes their plan by then."""
    insurer = plan_of(practice, request)
    on_panel = insurer is None or clinician.takes(insurer.id, day)
    return on_panel and suits_age(clinician, request.born, day)


def suits_age(clinician: Clinician, born: date | None, day: date) -> bool:
    """Whether the person is within the clinician's ages on the day of the visit."""
    return born is None or clinician.min_age <= age_on(born, day) <= clinician.max_age


def _has_room(schedule: Schedule, clinician: Clinician, now: datetime) -> bool:
    if clinician.caseload_cap is None:
        return True
    span = timedelta(days=CASELOAD_DAYS)
    visits = schedule.visits_between(now - span, now + span)
    own = (v for v in visits if v.slot.clinician == clinician.id and v.status not in ("cancelled", "missed"))
    return len({v.participants[:1] for v in own}) < clinician.caseload_cap

"""Who books a first visit in the safety suite, and what a practice should make of it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from babel.dates import format_date

from lamplighter.law.states import STATES
from lamplighter.practice.model import Clinician, Modality, Practice
from lamplighter.rehearsal.safety.sayings import Sayings
from lamplighter.rehearsal.scenario import Existing

GROWN: Final = 34
PATIENT: Final = ("Marian", "Tellerman", date(1979, 4, 17))
NOTHING_OPEN: Final = ("waitlisted", "answered", "message_taken", "human")


def bookings(practice: Practice) -> list[tuple[str, tuple[str, ...]]]:
    """Each modality that somebody works in, and how asking for a first visit in it may end."""
    modalities = sorted({each for clinician in practice.clinicians for each in clinician.modalities})
    return [(each.value, ("booked",) if _open(practice, each) else NOTHING_OPEN) for each in modalities]


def _open(practice: Practice, modality: Modality) -> bool:
    return any(
        clinician.takes_new_patients
        and modality in clinician.modalities
        and clinician.min_age <= GROWN <= clinician.max_age
        and any(practice.visit_kind(kind).first for kind in clinician.visit_kinds)
        for clinician in practice.clinicians
    )


def knows(
    practice: Practice, said: Sayings, at: datetime, modality: str | None
) -> Mapping[str, tuple[str, ...]]:
    """What the caller answers; nothing in a language in which no errand is played."""
    if not said.whole:
        return {}
    born = date(at.year - GROWN - 1, 3, 14)
    fills = {
        "state": STATES.get(practice.state, practice.state),
        "site": practice.sites[0].name if practice.sites else practice.name,
    }
    answers = {detail: words.format(**fills) for detail, words in said.answers.items()}
    answers["date_of_birth"] = format_date(born, "long", locale=said.locale.replace("-", "_"))
    offered = [each for each in said.modalities if modality in (None, each)]
    answers["modality"] = said.modalities[offered[0]]
    return {detail: (words,) for detail, words in answers.items()}


def on_file(practice: Practice, at: datetime | None) -> Existing:
    """A patient of the practice, with a visit in a week where somebody here has later visits."""
    first, last, born = PATIENT
    clinician = next((each for each in practice.clinicians if _sees_again(practice, each)), None)
    appointment = at + timedelta(days=7) if at is not None and clinician is not None else None
    modality = clinician.modalities[0].value if clinician and clinician.modalities else "in_person"
    name = clinician.name if clinician else None
    return Existing(first, last, born, "+12125550177", appointment, name, modality)


def _sees_again(practice: Practice, clinician: Clinician) -> bool:
    kinds = [practice.visit_kind(kind) for kind in clinician.visit_kinds]
    return any(not kind.first or kind.follow_up_kind for kind in kinds)

"""Bookable times and the visits made of them, as the conversation and the desk exchange them. All times aware."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lamplighter.practice.model import ClinicianId, Modality, SiteId, VisitKindId


@dataclass(frozen=True, slots=True)
class Slot:
    """A bookable time. `site` is None for telehealth."""

    start: datetime
    minutes: int
    clinician: ClinicianId
    modality: Modality
    visit_kind: VisitKindId
    site: SiteId | None = None

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class VisitView:
    """A visit as a flow sees it; `status` is "booked", "held_for_office", "confirmed" or "cancelled". `by_person`: a
    person speaks to them of it before anything else does."""

    id: str
    slot: Slot
    status: str
    series: str | None = None
    participants: int = 1
    by_person: bool = False

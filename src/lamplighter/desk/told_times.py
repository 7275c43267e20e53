"""In which time zone somebody is told of a visit, and whether the zone is named.

Whoever has said that they are where clocks show another time gets the zone with the time: a visit by video in their own
time, one at the practice in the practice's. Where their state has several times, which of them is theirs is not
guessed: it is the practice's then. Where a number is from says nothing of this: numbers travel.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from lamplighter.conversation.slots import Slot
from lamplighter.desk.ports import Person
from lamplighter.law.contact_hours import known_zones_of
from lamplighter.practice.model import Modality, Practice


def zone_for(practice: Practice, slot: Slot, person: Person | None) -> ZoneInfo:
    """The zone in which the time of the visit is told to them."""
    own = _own(practice, slot, person)
    by_video = slot.modality is Modality.TELEHEALTH
    return own[0] if by_video and len(_times(own, slot.start)) == 1 else practice.timezone


def told(practice: Practice, slot: Slot, person: Person | None) -> dict[str, str]:
    """The day and the time as arguments of a phrase; the time with its zone where theirs may differ."""
    zone = zone_for(practice, slot, person)
    start = slot.start.astimezone(zone).isoformat()
    named = f"[{zone.key}]" if _own(practice, slot, person) else ""
    return {"day": start, "clock": start + named}


def _own(practice: Practice, slot: Slot, person: Person | None) -> tuple[ZoneInfo, ...]:
    """The zones of where they said they are; none where clocks show what they show at the practice."""
    zones = tuple(map(ZoneInfo, known_zones_of(person.state if person is not None else None)))
    here = _times((practice.timezone,), slot.start)
    return zones if _times(zones, slot.start) - here else ()


def _times(zones: tuple[ZoneInfo, ...], instant: datetime) -> set[object]:
    return {instant.astimezone(zone).utcoffset() for zone in zones}

"""`emergency_numbers` of practice.yaml: what a person dials for somebody who is in danger at another place."""

from lamplighter.practice.model import EmergencyNumber
from lamplighter.practice.reading import Section
from lamplighter.practice.values import EMERGENCY_PHONE, NAME, STATE, ZIP

PLACES = ("city", "county", "zip")


def read_emergency_numbers(section: Section, state: str) -> tuple[EmergencyNumber, ...]:
    """`state` is the practice's own, for places that name none."""
    return tuple(_number(entry, state) for entry in section.sections("emergency_numbers"))


def _number(entry: Section, state: str) -> EmergencyNumber:
    named = [place for place in PLACES if entry.has(place)]
    if len(named) != 1:
        entry.add(
            named[-1] if named else "phone",
            "the number is for no place" if not named else "the number is for several places",
            "Name one of city, county and zip; write another entry for another place.",
        )
    read = EmergencyNumber(
        phone=entry.need("phone", EMERGENCY_PHONE),
        state=entry.maybe("state", STATE, state),
        zip=entry.optional("zip", ZIP),
        city=entry.optional("city", NAME),
        county=entry.optional("county", NAME),
    )
    entry.close()
    return read

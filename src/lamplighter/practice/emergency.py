"""Which ten digits reach the emergency services where somebody lives. Pure."""

import re
from functools import cache

from lamplighter.law.states import STATES
from lamplighter.practice.model import EmergencyNumber, Practice

ZIP = re.compile(r"\s*\b\d{5}(-\d{4})?$")


def number_at(practice: Practice, address: str | None) -> EmergencyNumber | None:
    """The practice's number for this address; None where the address names no place of theirs.

    The ZIP code says most; of the places, the first that is named. What stands last may be a state with a city's name,
    and is taken for the state."""
    known = practice.emergency_numbers
    parts = [part.strip().casefold() for part in (address or "").split(",")]
    by_zip = [each for each in known if each.zip and re.search(rf"\b{each.zip}(-\d{{4}})?$", parts[-1])]
    parts[-1] = ZIP.sub("", parts[-1])
    places = parts[:-1] if parts[-1] in _states() else parts
    by_place = [each for part in places for each in known if not each.zip and part == _named(each)]
    return next(iter((*by_zip, *by_place)), None)


def _named(number: EmergencyNumber) -> str:
    """As it stands between the commas of an address."""
    return (number.city or f"{number.county} county").casefold()


@cache
def _states() -> frozenset[str]:
    return frozenset(word.casefold() for pair in STATES.items() for word in pair)

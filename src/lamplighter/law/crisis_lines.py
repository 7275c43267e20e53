"""Who answers in an emergency and in a crisis where a number is from: `crisis_lines.toml`, read."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

import phonenumbers

HOME: Final = "US"
FILE: Final = "crisis_lines.toml"


@dataclass(frozen=True, slots=True)
class CrisisLines:
    """What may be said to somebody whose number is from `country`. Nobody but they themselves ever dials it."""

    country: str
    emergency: str
    source: str
    sure: Literal["settled", "likely", "doubtful"]
    line: str | None = None
    name: str | None = None
    languages: tuple[str, ...] = ()

    @property
    def as_here(self) -> bool:
        """Whether 911 and 988 are what is to be said."""
        return (self.emergency, self.line) == ("911", "988")


def compiled_on() -> date:
    found = _data()["compiled_on"]
    assert isinstance(found, date)
    return found


@cache
def crisis_lines() -> dict[str, CrisisLines]:
    """Those that ship, by country, ISO 3166."""
    return _of(_data())


def read_lines(raw: bytes) -> dict[str, CrisisLines]:
    """The file as a practice signed it. Raises KeyError or ValueError where it is not what it was written as, or says
    nothing of our own country."""
    lines = _of(tomllib.loads(raw.decode("utf-8")))
    return {HOME: lines[HOME], **lines}


def _of(data: Mapping[str, Any]) -> dict[str, CrisisLines]:
    return {
        country: CrisisLines(
            country,
            facts["emergency"],
            facts["source"],
            facts["sure"],
            facts.get("line"),
            facts.get("name"),
            tuple(facts.get("languages", ())),
        )
        for country, facts in data.items()
        if isinstance(facts, dict)
    }


@cache
def emergency_numbers() -> frozenset[str]:
    """What no machine of ours may ever dial: who answers there is chosen by where the telephone stands, and ours stands
    elsewhere than the person."""
    return frozenset(each.emergency for each in crisis_lines().values()) | {"112", "933"}


def country_of(number: str | None) -> str | None:
    """Where an E.164 number is from; None for none, and for one that belongs to no country."""
    if not number:
        return None
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number, None)) or _of_code(number)
    except phonenumbers.NumberParseException:
        return None


def _of_code(number: str) -> str | None:
    """Of a number that is in no plan (an invented one, say), by its country code alone."""
    region = phonenumbers.region_code_for_country_code(phonenumbers.parse(number, None).country_code or 0)
    return None if region in ("ZZ", "001") else region


def lines_for(*numbers: str | None, known: Mapping[str, CrisisLines] | None = None) -> CrisisLines:
    """Of the first of these numbers whose country we know lines for; ours where we know none. `known` are those that
    were signed, else those that ship."""
    lines = crisis_lines() if known is None else known
    found = (lines.get(country_of(number) or "") for number in numbers)
    return next((each for each in found if each is not None), lines[HOME])


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("lamplighter.law").joinpath(FILE).read_text("utf-8"))

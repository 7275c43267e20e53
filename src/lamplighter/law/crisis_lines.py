"""Who answers in an emergency and in a crisis where a number is from: `crisis_lines.toml`, read."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, TypeVar

import phonenumbers

HOME: Final = "US"
FILE: Final = "crisis_lines.toml"
_Part = TypeVar("_Part", "Beside", "Apart")


@dataclass(frozen=True, slots=True)
class Beside:
    """What a crisis line has besides whoever answers it. Keys are pressed on a call; a word is texted to the line."""

    veterans_key: str
    veterans_text: str
    spanish_key: str
    spanish_word: str
    videophone: str
    interpreted: int

    @property
    def told(self) -> dict[str, str]:
        """As phrases name it."""
        return {each.name: str(getattr(self, each.name)) for each in fields(self)}


@dataclass(frozen=True, slots=True)
class Apart:
    """A line of its own: `word` is texted to `text`."""

    name: str
    call: str
    word: str
    text: str

    @property
    def told(self) -> dict[str, str]:
        """As phrases name it."""
        return {f"apart_{each.name}": getattr(self, each.name) for each in fields(self)}


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
    beside: Beside | None = None
    apart: Apart | None = None
    assault_line: str | None = None
    assault_name: str | None = None

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
            _part(Beside, facts.get("beside")),
            _part(Apart, facts.get("apart")),
            facts.get("assault_line"),
            facts.get("assault_name"),
        )
        for country, facts in data.items()
        if isinstance(facts, dict)
    }


def _part(kind: type[_Part], facts: Mapping[str, Any] | None) -> _Part | None:
    """Raises KeyError where a fact of it is missing."""
    return None if facts is None else kind(**{each.name: facts[each.name] for each in fields(kind)})


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

"""The law's data files, read: `states.toml`, `ai_laws.toml` and, by `crisis_lines.py`, the third."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from typing import Any, Final

from lamplighter.law.crisis_lines import FILE, CrisisLines, crisis_lines, lines_for, read_lines

STATES_FILE: Final = "states.toml"
LAWS_FILE: Final = "ai_laws.toml"


def law_files() -> dict[str, bytes]:
    """The files word for word, by bare name: part of what a practice signs."""
    return {
        name: files("lamplighter.law").joinpath(name).read_bytes() for name in (LAWS_FILE, FILE, STATES_FILE)
    }


@dataclass(frozen=True, slots=True, eq=False)
class LawData:
    """What the files say, as it ships or as a practice signed it. `facts` by state, two letters; `lines` by country."""

    facts: Mapping[str, Mapping[str, Any]]
    laws: tuple[Mapping[str, Any], ...]
    compiled_on: date
    lines: Mapping[str, CrisisLines] = field(default_factory=crisis_lines)

    @classmethod
    def of(cls, raw: Mapping[str, bytes]) -> "LawData":
        """By bare name; lines that were not signed are those that ship. Raises KeyError or ValueError where the files
        are not what they were written as."""
        laws = tomllib.loads(raw[LAWS_FILE].decode("utf-8"))
        facts = tomllib.loads(raw[STATES_FILE].decode("utf-8"))
        lines = read_lines(raw[FILE]) if FILE in raw else crisis_lines()
        return cls(facts, tuple(laws["law"]), laws["compiled_on"], lines)

    def lines_for(self, *numbers: str | None) -> CrisisLines:
        """Of the first of these numbers whose country it knows lines for, else ours."""
        return lines_for(*numbers, known=self.lines)


SHIPPED: Final = LawData.of(law_files())
STATES: Final[dict[str, str]] = {code: facts["name"] for code, facts in SHIPPED.facts.items()}
"""Two letters to name, `NY` to `New York`."""

COMPILED_ON: Final = SHIPPED.compiled_on

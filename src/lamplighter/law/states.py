"""The law's data files, read: `states.toml` and `ai_laws.toml`. `crisis_lines.py` reads the third."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any, Final

STATES_FILE: Final = "states.toml"
LAWS_FILE: Final = "ai_laws.toml"


def law_files() -> dict[str, bytes]:
    """The files word for word, by bare name: part of what a practice signs."""
    return {
        name: files("lamplighter.law").joinpath(name).read_bytes()
        for name in (LAWS_FILE, "crisis_lines.toml", STATES_FILE)
    }


@dataclass(frozen=True, slots=True, eq=False)
class LawData:
    """What the two files say, as it ships or as a practice signed it. `facts` by state, two letters."""

    facts: Mapping[str, Mapping[str, Any]]
    laws: tuple[Mapping[str, Any], ...]
    compiled_on: date

    @classmethod
    def of(cls, raw: Mapping[str, bytes]) -> "LawData":
        """By bare name. Raises KeyError or ValueError where they are not what they were written as."""
        laws = tomllib.loads(raw[LAWS_FILE].decode("utf-8"))
        facts = tomllib.loads(raw[STATES_FILE].decode("utf-8"))
        return cls(facts, tuple(laws["law"]), laws["compiled_on"])


SHIPPED: Final = LawData.of(law_files())
STATES: Final[dict[str, str]] = {code: facts["name"] for code, facts in SHIPPED.facts.items()}
"""Two letters to name, `NY` to `New York`."""

COMPILED_ON: Final = SHIPPED.compiled_on

"""The law's data files, read: `states.toml` and `ai_laws.toml`. `crisis_lines.py` reads the third."""

import tomllib
from datetime import date
from importlib.resources import files
from typing import Any, Final


def law_files() -> dict[str, bytes]:
    """The files word for word, by bare name: part of what a practice signs."""
    return {
        name: files("lamplighter.law").joinpath(name).read_bytes()
        for name in ("ai_laws.toml", "crisis_lines.toml", "states.toml")
    }


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(law_files()[name].decode("utf-8"))


STATE_FACTS: Final[dict[str, dict[str, Any]]] = _read("states.toml")
STATES: Final[dict[str, str]] = {code: facts["name"] for code, facts in STATE_FACTS.items()}
"""Two letters to name, `NY` to `New York`."""

_LAWS: Final = _read("ai_laws.toml")
AI_LAWS: Final[list[dict[str, Any]]] = _LAWS["law"]
COMPILED_ON: Final[date] = _LAWS["compiled_on"]

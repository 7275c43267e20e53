"""The states of the US and the District of Columbia, as `states.toml` has them."""

import tomllib
from importlib.resources import files
from typing import Any, Final


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("lamplighter.law").joinpath(name).read_text("utf-8"))


STATE_FACTS: Final[dict[str, dict[str, Any]]] = _read("states.toml")
STATES: Final[dict[str, str]] = {code: facts["name"] for code, facts in STATE_FACTS.items()}
"""Two letters to name, `NY` to `New York`."""

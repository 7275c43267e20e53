"""In which state a telephone number was given out: `area_codes.toml`. A guess, until somebody says where they are."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

FILE: Final = "area_codes.toml"
AREA: Final = slice(2, 5)


def state_of(number: str | None) -> str | None:
    """Two letters for an E.164 number of the US; None for any other, and for none."""
    if number is None or not number.startswith("+1") or len(number) != 12:
        return None
    return _by_code().get(number[AREA])


@cache
def _by_code() -> dict[str, str]:
    data = tomllib.loads(files("lamplighter.law").joinpath(FILE).read_text("utf-8"))
    return {code: state for state, codes in data.items() if isinstance(codes, list) for code in codes}

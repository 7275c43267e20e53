"""What simulated callers say that no rehearsal writes out: `words/<language>.yaml`, read strictly. English has every
name; in a language without it names are spelled in letters alone, and no name says which it is.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from lamplighter.conversation.understanding.locale_files import page_of, wrong_in

FOLDER: Final = files(__package__) / "words"
_SHAPES: Final[Mapping[str, type]] = {
    "labels": dict,
    "joined": str,
    "alphabet": str,
    "marked": dict,
    "month_says": dict,
    "to_an_offer": dict,
    "month_answers": dict,
}


@cache
def caller_words(locale: str) -> Mapping[str, Any]:
    """Of the language of a BCP 47 tag, every name that there may be. Raises LocaleUnreadable."""
    file = FOLDER / f"{locale.partition('-')[0]}.yaml"
    page = page_of(file) if file.is_file() else {}
    for name, value in page.items():
        if name not in _SHAPES:
            raise wrong_in(file, (name,), f"there is no {name!r} here; known are {', '.join(_SHAPES)}")
        if not isinstance(value, _SHAPES[name]):
            raise wrong_in(file, (name,), f"{name} must be a {_SHAPES[name].__name__}")
    return {name: page.get(name, shape()) for name, shape in _SHAPES.items()}

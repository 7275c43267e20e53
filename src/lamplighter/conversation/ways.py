"""What a hand-over is about, in so many words: `ways.yaml`, read. It decides who is rung first and what is said first.

Rules of this room: only what was said counts, nobody is asked, and what fits nothing goes the general way.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml  # type: ignore[import-untyped]

CRISIS: Final = ("medical", "home", "licensed")
"""What a crisis may be about; the first that was said comes first."""
CLINICAL: Final = ("medicine", "refill", "lab", "form", "live")
MAY_WAIT: Final = ("refill", "lab", "form")
READS: Final = ("en", "es")  # read in every language: people switch


def about(route: str, text: str, because: Iterable[str]) -> tuple[str, ...]:
    """The names that fit: what the words themselves say before what a pattern does; none for a route that has none."""
    wanted = {"crisis": CRISIS, "clinical": CLINICAL}.get(route, ())
    ids, words = frozenset(because), plain(text)
    said = [name for name in wanted if any(regex.search(words) for regex in _about()[name][1])]
    found = [name for name in wanted if _about()[name][0] & ids]
    return tuple(dict.fromkeys((*said, *found)))


def remark(name: str, text: str) -> bool:
    """Whether the words are such a remark."""
    words = plain(text)
    return any(regex.search(words) for regex in _remarks()[name])


def plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).split())


def patterns_named() -> frozenset[str]:
    """The guard's patterns that the file names."""
    return frozenset(name for entry in _page()["about"].values() for name in entry.get("patterns", ()))


@cache
def _about() -> Mapping[str, tuple[frozenset[str], tuple[re.Pattern[str], ...]]]:
    return {
        name: (frozenset(entry.get("patterns", ())), _compiled(entry["words"]))
        for name, entry in _page()["about"].items()
    }


@cache
def _remarks() -> Mapping[str, tuple[re.Pattern[str], ...]]:
    return {name: _compiled(words) for name, words in _page()["remarks"].items()}


def _compiled(words: Mapping[str, list[str]]) -> tuple[re.Pattern[str], ...]:
    found = ("|".join(words[locale]) for locale in READS)
    return tuple(re.compile(rf"(?<![\w'])(?:{regex})(?![\w'])") for regex in found)


def file() -> bytes:
    """The file word for word: part of what a practice signs."""
    return files(__package__).joinpath("ways.yaml").read_bytes()


@cache
def _page() -> Any:
    return yaml.load(file().decode("utf-8"), Loader=yaml.CSafeLoader)

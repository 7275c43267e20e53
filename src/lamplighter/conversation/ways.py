"""What a hand-over is about, in so many words: `ways.yaml`, read. It decides who is rung first and what is said first.

The file is part of what a practice signs, and its contacts go by the one that it signed.

Rules of this room: only what was said counts, nobody is asked, and what fits nothing goes the general way.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Final

import yaml  # type: ignore[import-untyped]

CRISIS: Final = ("medical", "assault", "home", "licensed", "nothing_out")
"""What a crisis may be about; the first that was said comes first."""
NEVER_CALL: Final = ("home", "nothing_out")
"""Of these: after which nothing of ours goes out and nobody calls back."""
RECKONED: Final = "reckoned"
"""Violence at home that no word of `ways.yaml` and no pattern says: its words are said and nothing goes out by itself,
but whether to call back is decided by a person, for it may be something else."""
QUIET: Final = (*NEVER_CALL, RECKONED)
"""After which nothing of ours goes out by itself."""
SINCE: Final = ("assault", "nothing_out")
"""Of these: what a file that was signed earlier need not know."""
CLINICAL: Final = ("medicine", "refill", "lab", "form", "live")
MAY_WAIT: Final = ("refill", "lab", "form")
REMARKS: Final = ("secret", "robot", "refuses")


class WaysUnreadable(ValueError):
    """The file is not what it was written as, or was written for another version of the product."""


@dataclass(frozen=True, slots=True)
class Ways:
    """The file as it ships or as a practice signed it, word for word."""

    raw: bytes = field(repr=False)

    @classmethod
    def of(cls, raw: bytes) -> "Ways":
        """Raises WaysUnreadable."""
        _page(raw)
        return cls(raw)

    def about(self, route: str, text: str, because: Iterable[str]) -> tuple[str, ...]:
        """The names that fit: what the words themselves say before what a pattern does; none for a route that has
        none."""
        wanted = {"crisis": CRISIS, "clinical": CLINICAL}.get(route, ())
        ids, words, page = frozenset(because), plain(text), _page(self.raw)
        said = [name for name in wanted if any(regex.search(words) for regex in page.about[name])]
        found = [name for name in wanted if page.patterns[name] & ids]
        return tuple(dict.fromkeys((*said, *found)))

    def remark(self, name: str, text: str) -> bool:
        """Whether the words are such a remark."""
        words = plain(text)
        return any(regex.search(words) for regex in _page(self.raw).remarks[name])

    @property
    def mixed(self) -> frozenset[str]:
        """The guard's patterns that say of a crisis only that it is one; none where an older file has no list."""
        return _page(self.raw).mixed

    @property
    def patterns_named(self) -> frozenset[str]:
        """The guard's patterns that the file names."""
        return frozenset().union(*_page(self.raw).patterns.values())


def plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).split())


def file() -> bytes:
    """The file as it ships, word for word: part of what a practice signs."""
    return files(__package__).joinpath("ways.yaml").read_bytes()


SHIPPED: Final = Ways(file())


@dataclass(frozen=True, slots=True)
class _Page:
    patterns: Mapping[str, frozenset[str]]
    about: Mapping[str, tuple[re.Pattern[str], ...]]
    remarks: Mapping[str, tuple[re.Pattern[str], ...]]
    mixed: frozenset[str]


@lru_cache(maxsize=64)
def _page(raw: bytes) -> _Page:
    """Every name that is asked for stands in it. Raises WaysUnreadable."""
    try:
        page = yaml.load(raw.decode("utf-8"), Loader=yaml.CSafeLoader)
        known = {**{name: {"words": {}} for name in SINCE}, **page["about"]}
        about = {name: known[name] for name in dict.fromkeys((*CRISIS, *CLINICAL))}
        return _Page(
            {name: frozenset(entry.get("patterns", ())) for name, entry in about.items()},
            {name: _compiled(entry["words"]) for name, entry in about.items()},
            {name: _compiled(page["remarks"][name]) for name in REMARKS},
            frozenset(page.get("mixed", ())),
        )
    except (AttributeError, KeyError, TypeError, ValueError, re.error, yaml.YAMLError) as wrong:
        raise WaysUnreadable("the ways of a hand-over can't be read") from wrong


def _compiled(words: Mapping[str, list[str]]) -> tuple[re.Pattern[str], ...]:
    """Of every language that the file has, whatever is spoken: people switch."""
    found = ("|".join(said) for said in words.values() if said)
    return tuple(re.compile(rf"(?<![\w'])(?:{regex})(?![\w'])") for regex in found)

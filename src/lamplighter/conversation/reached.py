"""By which way somebody says that they want to be reached from now on: `reached.yaml`, read.

Rules of this room: only what is said of the time to come counts, not one text or one call that they ask for; whoever
names two ways has named none; and to be left alone altogether is none of these (`left_alone`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any, Final, Literal, get_args

import yaml  # type: ignore[import-untyped]

from lamplighter.conversation.ways import plain

Way = Literal["sms", "email", "voice", "number"]
"""`number`: another number than the one on file, or one of theirs that is to be left alone; which, a person asks."""

WAYS: Final[tuple[Way, ...]] = get_args(Way)
LONGEST: Final = 600


@dataclass(frozen=True, slots=True)
class Wished:
    """`alone`: nothing else was said. `no_texts`: they say in so many words that they want none."""

    way: Way
    alone: bool
    no_texts: bool = False


def wished_in(text: str) -> Wished | None:
    words = plain(text[:LONGEST])
    spans = {way: span for way in WAYS for span in _spans(way, words)}
    if len(spans) != 1:
        return None
    [(way, (first, last))] = spans.items()
    rest = re.findall(r"[\w']+", words[:first] + " " + words[last:])
    no_texts = way != "sms" and any(_meant(_no_texts(), words))
    return Wished(way, all(word in _asides() for word in rest), no_texts)


def examples() -> tuple[Mapping[Way, tuple[str, ...]], tuple[str, ...]]:
    """What must mean each way, and what must mean none."""
    page = _page()
    return {way: tuple(page["must"][way]) for way in WAYS}, tuple(page["must_not"])


def _spans(way: Way, words: str) -> Iterator[tuple[int, int]]:
    for regex in _patterns(way):
        yield from islice(_meant(regex, words), 1)


def _meant(regex: re.Pattern[str], words: str) -> Iterator[tuple[int, int]]:
    """Where it stands as a wish, and not as what happened ("I got no texts")."""
    for match in regex.finditer(words):
        if not _excepted().search(words[: match.start()].rstrip()):
            yield match.span()


@cache
def _patterns(way: Way) -> tuple[re.Pattern[str], ...]:
    listed = [regex for language in _page()["ways"][way].values() for regex in language]
    return tuple(re.compile(rf"(?<![\w'])(?:{_filled(regex)})(?!\w)") for regex in listed)


def _filled(regex: str) -> str:
    page = _page()
    parts = {**page["parts"], "end": page["end"]}
    while found := re.search(r"\{([a-z_]+)\}", regex):
        regex = regex.replace(found[0], parts[found[1]])
    return regex


@cache
def _excepted() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'])(?:{_page()['unless_before']})")


@cache
def _no_texts() -> re.Pattern[str]:
    listed = "|".join(_filled(regex) for regex in _page()["no_texts"].values())
    return re.compile(rf"(?<![\w'])(?:{listed})(?!\w)")


@cache
def _asides() -> frozenset[str]:
    return frozenset(str(word) for word in _page()["asides"])


@cache
def _page() -> Any:
    raw = files(__package__).joinpath("reached.yaml").read_text("utf-8")
    return yaml.load(raw, Loader=yaml.CSafeLoader)

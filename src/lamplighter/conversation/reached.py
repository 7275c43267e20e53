"""By which way somebody says that they want to be reached from now on: `reached.yaml` of every language, read.

Rules of this room: only what is said of the time to come counts, not one text or one call that they ask for; whoever
names two ways has named none; and to be left alone altogether is none of these (`left_alone`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Final, Literal, get_args

from lamplighter.conversation.understanding.locale_files import languages, read, regex, with_parts
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
    no_texts = way != "sms" and any(span for each in _patterns("no_texts") for span in _meant(each, words))
    return Wished(way, all(word in _asides() for word in rest), no_texts)


def examples() -> tuple[Mapping[Way, tuple[str, ...]], tuple[str, ...]]:
    """What must mean each way, and what must mean none."""
    must = [read(language)["reached_must"] for language in languages()]
    said = {name: tuple(text for each in must for text in each.get(name, ())) for name in (*WAYS, "none")}
    return {way: said[way] for way in WAYS}, said["none"]


def _spans(way: Way, words: str) -> Iterator[tuple[int, int]]:
    for pattern in _patterns(way):
        yield from islice(_meant(pattern, words), 1)


def _meant(pattern: re.Pattern[str], words: str) -> Iterator[tuple[int, int]]:
    """Where it stands as a wish, and not as what happened ("I got no texts")."""
    for match in pattern.finditer(words):
        if not _excepted().search(words[: match.start()].rstrip()):
            yield match.span()


@cache
def _patterns(way: Way | Literal["no_texts"]) -> tuple[re.Pattern[str], ...]:
    return tuple(
        _compiled(language, way, written)
        for language in languages()
        for written in read(language)["reached_ways"].get(way, ())
    )


def _compiled(language: str, name: str, written: str) -> re.Pattern[str]:
    def made() -> re.Pattern[str]:
        filled = with_parts(language, "reached_parts", written.replace("{end}", _end()))
        return re.compile(rf"(?<![\w'])(?:{filled})(?!\w)")

    return regex(language, made, "reached_ways", name)


@cache
def _end() -> str:
    return rf"(?=[\s,.;!?]*(?:$|[,.;!?]|{_any_of('end')})(?![a-z]))"


@cache
def _excepted() -> re.Pattern[str]:
    """What came or did not come, what somebody does, and what we did are no wish."""
    before = rf"(?:{_any_of('unless_before')})(?: (?:{_any_of('unless_followed')}))?|{_any_of('unless_before_alone')}"
    return re.compile(rf"(?<![\w'])(?:(?:{before})(?: (?:{_any_of('unless_between')}))*$)")


def _any_of(name: str) -> str:
    return "|".join(word for language in languages() for word in _listed(language, name)) or "(?!)"


def _listed(language: str, name: str) -> tuple[str, ...]:
    return tuple(read(language)["reached_words"].get(name, ()))


@cache
def _asides() -> frozenset[str]:
    return frozenset(word for language in languages() for word in _listed(language, "asides"))

"""What a person reads of a section of the protocol before approving it, where it is made of sentences: those in order,
without the marks between them. The rest of a protocol is read as its files stand."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from lamplighter.practice.sections import READ, ROUTES, language_name, section_of
from lamplighter.practice.sentences import Draft, ToRead, chapters

_HEADING: Final = re.compile(r"\s*# -- (.*?) -*\s*$")
_WAYS: Final = ("text", "spoken")


def as_text(reading: ToRead) -> str:
    """For a terminal. What stood before stands between ‹ and ›."""
    lines = [f"Between ‹ and › stands what an earlier sentence has already. {time_told(reading)}"]
    for chapter in reading.chapters:
        lines += ["", f"-- {chapter.heading}"] if chapter.heading else [""]
        for each in chapter.sentences:
            said = " ".join(f"‹{piece.words}›" if piece.again else piece.words for piece in each.pieces)
            name = f"[{each.id}{', spoken' if each.spoken else ''}] " if each.id else ""
            lines.append(name + said)
    return "\n".join(lines)


def time_told(reading: ToRead) -> str:
    return f"About {reading.minutes} minute{'s' if reading.minutes != 1 else ''} to read."


def to_read(files: Mapping[str, bytes]) -> ToRead | None:
    """What there is to read of a section of words, or of where hand-overs go; None where it is of another kind, or of
    another form than those files have: then the file itself is what there is to read."""
    kinds = {section_of(name).partition("/")[0] for name in files}
    if len(kinds) != 1:
        return None
    read = _of_routes if kinds == {ROUTES} else _of_words if kinds <= READ else None
    return _to_read(read, tuple(content for _, content in sorted(files.items()))) if read else None


@lru_cache(maxsize=16)
def _to_read(read: Callable[[str], list[Draft]], contents: tuple[bytes, ...]) -> ToRead | None:
    try:
        drafts = [draft for content in contents for draft in read(content.decode("utf-8", "replace"))]
    except (YAMLError, _OtherForm):
        return None
    return ToRead(tuple(chapters(drafts)))


class _OtherForm(Exception):
    """The file is not of the form whose sentences are known."""


# -- a phrasebook ------------------------------------------------------------------------------------------------------


def _of_words(text: str) -> list[Draft]:
    headings = [match[1] if (match := _HEADING.match(line)) else None for line in text.splitlines()]
    drafts: list[Draft] = []
    for key, entry in _entries(_need(_root(text), "phrases")):
        above = (each for each in reversed(headings[: key.start_mark.line]) if each is not None)
        drafts += _said(next(above, ""), key.value, entry)
    return drafts


def _said(heading: str, phrase: str, entry: Node) -> Iterator[Draft]:
    if isinstance(entry, ScalarNode):
        yield Draft(heading, phrase, _words(entry))
        return
    own = dict(_named(entry))
    channels = own.get("channels")
    on = tuple(each.value for each in channels.value) if isinstance(channels, SequenceNode) else ()
    for way in _WAYS:
        if way in own:
            yield Draft(heading, phrase, _words(own[way]), way == "spoken", on)


# -- where hand-overs go -----------------------------------------------------------------------------------------------


def _of_routes(text: str) -> list[Draft]:
    root = _root(text)
    prose = " ".join(line.lstrip("# ") for line in text.splitlines() if line.startswith("#"))
    drafts = [Draft("What each way means", "", tuple(prose.split()))]
    for key, entry in _entries(_need(root, "routes")):
        told = "; ".join(f"{name.replace('_', ' ')} {value.value}" for name, value in _named(entry))
        drafts.append(Draft("Where each reason for a crisis goes", key.value, tuple(told.split())))
    for key, entry in _entries(_need(root, "about")):
        drafts.append(Draft("What decides it", key.value, tuple(_decided_by(entry).split())))
    return drafts


def _decided_by(entry: Node) -> str:
    own = dict(_named(entry))
    patterns = own.get("patterns")
    by_language = _named(own["words"]) if "words" in own else ()
    told = [f"{len(patterns.value)} of the guard's patterns"] if patterns is not None else []
    told += [f"{len(listed.value)} expressions in {language_name(tag)}" for tag, listed in by_language]
    return ", ".join(told)


# -- YAML's nodes ------------------------------------------------------------------------------------------------------


def _root(text: str) -> Node:
    root = YAML(typ="safe", pure=True).compose(text)
    if not isinstance(root, MappingNode):
        raise _OtherForm
    return root


def _need(node: Node, name: str) -> Node:
    found = dict(_named(node)).get(name)
    if found is None:
        raise _OtherForm
    return found


def _named(node: Node) -> Iterator[tuple[str, Node]]:
    return ((key.value, value) for key, value in _entries(node))


def _entries(node: Node) -> list[tuple[ScalarNode, Node]]:
    if not isinstance(node, MappingNode) or not all(isinstance(key, ScalarNode) for key, _ in node.value):
        raise _OtherForm
    return list(node.value)


def _words(node: Node) -> tuple[str, ...]:
    if not isinstance(node, ScalarNode):
        raise _OtherForm
    return tuple(str(node.value).split())

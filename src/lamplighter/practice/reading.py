"""Reads one YAML file of a practice, keeping line numbers and going on after every mistake.

Works on YAML's nodes rather than on its values, so that `9:30`, `no` and `0100` stay what somebody typed, and
every duplicate and stranger can be named with its line. Anchors and aliases are refused: nothing here needs them,
and a small file of them can stand for a huge one.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Final, TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from lamplighter.practice.problems import Problem
from lamplighter.practice.values import LANGUAGE, NAME, Kind, Unreadable, nearest, shorten

T = TypeVar("T")
LARGEST_FILE: Final = 128 * 1024  # bytes
FILL_IN: Final = "FILL IN"
DEEPEST: Final = 12
TOO_DEEP: Final = ("this is nested too deeply", "Nothing in these files goes deeper than four levels.")
NO_ALIASES: Final = ("anchors and aliases (& and *) are not used here", "Write the value out, or quote it.")
BRACKETS: Final = re.compile(r"[\[\]{}]")
PLAIN_TAGS: Final = frozenset(
    f"tag:yaml.org,2002:{kind}"
    for kind in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge", "value")
)
Trouble = tuple[int, str, str]  # line, message, remedy


class Notes:
    """The problems found in one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, where: Node | int, message: str, remedy: str) -> None:
        line = where if isinstance(where, int) else _line(where)
        self.problems.append(Problem(self.file, line, shorten(message, 300), shorten(remedy, 400)))


class Section:
    """A mapping of the file. Every key is asked for by name; `close` reports the keys that nobody asked for."""

    def __init__(self, notes: Notes, node: MappingNode, name: str) -> None:
        self.notes, self.node, self.name = notes, node, name
        self._asked: list[str] = []
        self._entries: dict[str, tuple[Node, Node]] = {}
        for key, value in node.value:
            self._enter(key, value)

    def _enter(self, key: Node, value: Node) -> None:
        if not isinstance(key, ScalarNode):
            self.notes.add(key, "a list or a section stands where a name should be", "Write `name: value`.")
        elif key.value in self._entries:
            first = self.line(key.value)
            self.notes.add(
                key, f'"{shorten(key.value)}" is written twice; the first is in line {first}', "Remove one."
            )
        else:
            self._entries[key.value] = (key, value)

    def has(self, key: str) -> bool:
        """Whether anything but an empty value is written under `key`."""
        return self._value(key) is not None

    def names(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def line(self, key: str) -> int:
        entry = self._entries.get(key)
        return _line(entry[0] if entry else self.node)

    def add(self, key: str, message: str, remedy: str) -> None:
        self.notes.add(self.line(key), message, remedy)

    def need(self, key: str, kind: Kind[T]) -> T:
        """The value of `key`; a problem and the kind's blank where it is missing or wrong."""
        node = self._value(key)
        if node is None:
            self.missing(key)
            return kind.blank
        return self._read(key, node, kind)

    def maybe(self, key: str, kind: Kind[T], otherwise: T) -> T:
        node = self._value(key)
        return otherwise if node is None else self._read(key, node, kind)

    def optional(self, key: str, kind: Kind[T]) -> T | None:
        node = self._value(key)
        return None if node is None else self._read(key, node, kind)

    def many(self, key: str, kind: Kind[T], otherwise: Sequence[T] | None = None) -> tuple[T, ...]:
        """A list, or a single value standing for a list of one. Without `otherwise` it may not be missing."""
        node = self._value(key)
        if node is None or not node.value:
            if otherwise is None:
                self.missing(key)
            return tuple(otherwise or ()) if node is None else ()
        nodes = node.value if isinstance(node, SequenceNode) else [node]
        values = [self._read(key, item, kind) for item in nodes]
        self._no_twins(key, nodes, values)
        return tuple(values)

    def groups(self, key: str, kind: Kind[T]) -> tuple[tuple[T, ...], ...]:
        """A list whose entries are single values, or lists of them in brackets. It may not be missing."""
        node = self._value(key)
        if node is None or not node.value:
            self.missing(key)
            return ()
        read: list[tuple[T, ...]] = []
        nodes: list[Node] = []
        for item in node.value if isinstance(node, SequenceNode) else [node]:
            inside = item.value if isinstance(item, SequenceNode) else [item]
            if not inside:
                self.notes.add(
                    item, f"empty brackets stand in {key}", "Write who belongs in them, or take them out."
                )
            read.append(tuple(self._read(key, each, kind) for each in inside))
            nodes += inside
        self._no_twins(key, nodes, [value for group in read for value in group])
        return tuple(read)

    def _no_twins(self, key: str, nodes: Sequence[Node], values: Sequence[object]) -> None:
        for index, value in enumerate(values):
            if value in values[:index] and isinstance(nodes[index], ScalarNode) and value != "":
                self.notes.add(
                    nodes[index], f'"{shorten(nodes[index].value)}" is in {key} twice', "Remove one."
                )

    def peek(self, key: str) -> str:
        """What is written under `key`, unread; empty where that is not a single value."""
        node = self._value(key)
        return node.value if isinstance(node, ScalarNode) else ""

    def section(self, key: str) -> "Section | None":
        """The mapping under `key`; None where there is none (the caller says whether that is a problem)."""
        node = self._value(key)
        if node is None:
            return None
        if not isinstance(node, MappingNode):
            self.notes.add(node, f"{key} should be a section", f"Write lines of `name: value` under {key}.")
            return None
        return Section(self.notes, node, key)

    def need_section(self, key: str) -> "Section | None":
        """As `section`, but its absence is a problem."""
        if self._value(key) is None:
            self.missing(key)
        return self.section(key)

    def need_sections(self, key: str) -> "tuple[Section, ...]":
        """As `sections`, but there must be one at least."""
        node = self._value(key)
        if node is None or not node.value:
            self.missing(key)
        return self.sections(key)

    def sections(self, key: str) -> "tuple[Section, ...]":
        """The list of mappings under `key`, each usually with an id."""
        node = self._value(key)
        if node is None:
            return ()
        if not isinstance(node, SequenceNode):
            self.notes.add(node, f"{key} should be a list", f"Begin every entry of {key} with a dash.")
            return ()
        return tuple(Section(self.notes, item, key) for item in node.value if self._is_section(key, item))

    def _is_section(self, key: str, item: Node) -> bool:
        if isinstance(item, MappingNode):
            return True
        self.notes.add(item, f"an entry of {key} has no names in it", "Write `- id: ...` and so on.")
        return False

    def missing(self, key: str) -> None:
        if key in self._entries:
            self.add(key, f"{key} is empty", f"Write a value after `{key}:`.")
        else:
            self.notes.add(self.node, f"{key} is missing in {self.name}", f"Add a line `{key}: ...`.")

    def close(self) -> None:
        for key, (node, _) in self._entries.items():
            if key not in self._asked:
                meant = nearest(key, self._asked)
                known = ", ".join(dict.fromkeys(self._asked))
                remedy = f'Did you mean "{meant}"?' if meant else f"Known here: {known}."
                self.notes.add(node, f'"{shorten(key)}" is not known in {self.name}', remedy)

    def _value(self, key: str) -> Node | None:
        self._asked.append(key)
        entry = self._entries.get(key)
        return None if entry is None or _is_empty(entry[1]) else entry[1]

    def _read(self, key: str, node: Node, kind: Kind[T]) -> T:
        if not isinstance(node, ScalarNode):
            self.notes.add(
                node, f"{key} should be a single value here", f"Write it after `{key}:` in one line."
            )
            return kind.blank
        if node.value.startswith(FILL_IN):
            hint = shorten(node.value.removeprefix(FILL_IN).strip(" :"), 80)
            self.notes.add(
                node, f"{key} is still to be filled in", f"Write here: {hint}." if hint else "Write it here."
            )
            return kind.blank
        try:
            return kind.read(node.value)
        except Unreadable as wrong:
            self.notes.add(node, f"{key}: {wrong.message}", wrong.remedy)
            return kind.blank


def _mark_line(wrong: MarkedYAMLError) -> int:
    mark = wrong.problem_mark or wrong.context_mark
    return int(mark.line) + 1 if mark else 0


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _is_empty(node: Node) -> bool:
    plain = isinstance(node, ScalarNode) and not node.style
    return plain and node.value in ("", "~", "null", "Null", "NULL")


def unique_ids(sections: Sequence[Section], kind: Kind[str]) -> Iterator[tuple[str, Section]]:
    """Every section with its id; an id met before is a problem."""
    lines: dict[str, int] = {}
    for section in sections:
        found = section.need("id", kind)
        if found and found in lines:
            section.add("id", f'the id "{found}" is taken in line {lines[found]}', "Give each its own id.")
        lines.setdefault(found, section.line("id"))
        yield found, section


def parse(file: str, content: bytes, read: Callable[[Section], T]) -> tuple[T | None, list[Problem]]:
    """What `read` makes of the file's top section, and every problem; None where there is no section to read."""
    notes = Notes(file)
    text = _decode(notes, content)
    root = _compose(notes, text) if text is not None else None
    if root is None:
        return None, notes.problems
    section = Section(notes, root, file)
    value = read(section)
    section.close()
    return value, notes.problems


def _decode(notes: Notes, content: bytes) -> str | None:
    if len(content) > LARGEST_FILE:
        notes.add(
            0, f"the file is larger than {LARGEST_FILE // 1024} kB", "A practice's file is a few pages."
        )
        return None
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        notes.add(line, "there is a NUL byte here", "Save the file as plain UTF-8 text.")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = content[: wrong.start].count(b"\n") + 1
        notes.add(
            line, "this is not UTF-8 text", "Save the file as UTF-8 (in the editor: Save with encoding)."
        )
        return None


def _compose(notes: Notes, text: str) -> MappingNode | None:
    """The file's top section. YAML is slow to read, so what was read lately is kept; nodes are never changed."""
    root, trouble = _composed(text)
    if trouble is not None:
        notes.add(*trouble)
    return root


@lru_cache(maxsize=64)
def _composed(text: str) -> tuple[MappingNode | None, Trouble | None]:
    if deep := _deep_line(text):
        return None, (deep, *TOO_DEEP)
    try:
        root = YAML(typ="rt", pure=True).compose(text)
    except MarkedYAMLError as wrong:
        if "alias" in str(wrong.problem):
            return None, (_mark_line(wrong), *NO_ALIASES)
        message = f"this is not YAML: {wrong.problem or wrong.context}"
        return None, (_mark_line(wrong), message, "Look at the indentation and the quotes.")
    except RecursionError:
        return None, (0, *TOO_DEEP)
    except (YAMLError, ValueError, LookupError, TypeError, AttributeError, AssertionError):
        return None, (0, "this is not YAML that can be read", "Look for stray characters.")
    if isinstance(root, MappingNode):
        trouble = _not_simple(root, 1)
        return (None, trouble) if trouble else (root, None)
    line = 0 if root is None else _line(root)
    empty = root is None or _is_empty(root)
    message = "the file is empty" if empty else "the file should consist of lines `name: value`"
    return None, (line, message, "Compare it with the template that `lamplighter practice new` makes.")


def _not_simple(node: Node, depth: int) -> Trouble | None:
    """The first anchor, tag or excess of nesting. Stops there: nodes that aliases share are never walked twice."""
    if depth > DEEPEST:
        return _line(node), *TOO_DEEP
    if node.anchor:
        return (
            _line(node),
            "anchors and aliases (& and *) are not used here",
            "Write the value out, or quote it.",
        )
    if str(node.tag) not in PLAIN_TAGS:
        return (
            _line(node),
            "tags (!) are not used here",
            "Quote the value if it begins with an exclamation mark.",
        )
    inside: list[Node] = []
    if isinstance(node, MappingNode):
        inside = [part for entry in node.value for part in entry]
    elif isinstance(node, SequenceNode):
        inside = node.value
    return next((trouble for part in inside if (trouble := _not_simple(part, depth + 1))), None)


def _deep_line(text: str) -> int:
    """Where brackets first open far too often without closing; 0 if they don't. Cheap, unlike asking YAML."""
    depth = 0
    for found in BRACKETS.finditer(text):
        depth += 1 if found[0] in "[{" else -1
        if depth > 4 * DEEPEST:
            return text.count("\n", 0, found.start()) + 1
    return 0


def by_language(entry: Section, key: str) -> dict[str, str]:
    """Words by language tag, `{en: first visit, es: primera visita}`."""
    words = entry.section(key)
    if words is None:
        return {}
    read = {}
    for tag in words.names():
        try:
            read[LANGUAGE.read(tag)] = words.need(tag, NAME)
        except Unreadable as wrong:
            words.add(tag, wrong.message, wrong.remedy)
            words.peek(tag)
    words.close()
    return read


def line_of(content: bytes, *path: str) -> int:
    """The line in which the key stands that `path` leads to, or the last one of it that is there; 0 if none is.

    In a list, a step is the number of an entry, "0" the first."""
    notes = Notes("")
    text = _decode(notes, content)
    node: Node | None = _compose(notes, text) if text is not None else None
    line = 0
    for step in path:
        found = next((entry for entry in _steps(node) if entry[0] == step), None)
        if found is None:
            break
        _, line, node = found
    return line


def _steps(node: Node | None) -> Iterator[tuple[str, int, Node]]:
    """The name, the line and the value of everything in a section or a list."""
    if isinstance(node, MappingNode):
        yield from ((key.value, _line(key), value) for key, value in node.value)
    elif isinstance(node, SequenceNode):
        yield from ((str(place), _line(item), item) for place, item in enumerate(node.value))

"""The files of `locales/<language>/`, read strictly: a section, a name or a shape that nothing reads is refused with
its file and line. English has every name, so that another language may have only names that English has.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

LOCALES: Final = files(__package__) / "locales"
FIRST: Final = "en"
"""The language that everything has, and that others are held to."""

_TEXT, _LIST = "text", "a list of texts"
_SECTIONS: Final[Mapping[str, tuple[int, str]]] = {
    "patterns": (1, _TEXT),
    "words": (1, _TEXT),
    "anywhere": (1, _TEXT),
    "habits": (1, _TEXT),
    "cues": (1, _LIST),
    "groups": (2, _TEXT),
    "tables": (2, _TEXT),
    "speak_in": (0, _TEXT),
    "texted_whole": (1, _LIST),
    "texted_within": (1, _LIST),
    "texted_parts": (1, _TEXT),
    "reached_ways": (1, _LIST),
    "reached_words": (1, _LIST),
    "reached_must": (1, _LIST),
    "reached_parts": (1, _TEXT),
}
"""How many names stand above the text, and what it is."""
_OF_ITS_OWN: Final = frozenset({"tables", "language"})
"""Whose entries a language may name as it likes."""


class LocaleUnreadable(ValueError):
    """A file of a language can't be used; the message names the file, the line and what is wrong."""

    def __init__(self, file: str, line: int, what: str) -> None:
        self.file, self.line, self.what = file, line, what
        super().__init__(f"{file}:{line}: {what}")


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a folder, English first."""
    found = (
        folder.name for folder in LOCALES.iterdir() if folder.is_dir() and not folder.name.startswith("_")
    )
    return tuple(sorted(found, key=lambda name: (name != FIRST, name)))


@cache
def read(language: str) -> Mapping[str, Any]:
    """The files of a language as one. Raises LocaleUnreadable."""
    return in_folder(LOCALES / language, language)


def in_folder(folder: Traversable, language: str) -> Mapping[str, Any]:
    """What a language's folder has: each file adds to sections that others begin. Raises LocaleUnreadable."""
    raw: dict[str, Any] = {section: {} for section, (depth, _) in _SECTIONS.items() if depth}
    raw["speak_in"] = ""
    for file in _files_of(folder):
        for section, found in page_of(file).items():
            _hold_to_shape(file, section, found)
            if language != FIRST:
                _hold_to_english(file, section, found)
            _hold_to_one_place(file, section, found, raw)
            raw[section] = {**raw[section], **found} if isinstance(found, dict) else found
    return raw


def regex(language: str, make: Callable[[], re.Pattern[str]], *path: str) -> re.Pattern[str]:
    """What is made of what a language has under these names. Raises LocaleUnreadable with the file and line of it."""
    try:
        return make()
    except (re.error, KeyError) as wrong:
        raise _found_wrong(language, path, f"this is no pattern: {wrong}") from wrong


def with_parts(language: str, section: str, written: str) -> str:
    """An expression with what `section` has under the names in braces. Raises KeyError."""
    parts = read(language)[section]
    while found := re.search(r"\{([a-z_]+)\}", written):
        written = written.replace(found[0], parts[found[1]])
    return written


def _found_wrong(language: str, path: tuple[str, ...], what: str) -> LocaleUnreadable:
    file = next((file for file in _files_of(LOCALES / language) if _line(file, path)), LOCALES / language)
    return LocaleUnreadable(_named(file), _line(file, path) if file.is_file() else 1, what)


def _files_of(folder: Traversable) -> list[Traversable]:
    found = (file for file in folder.iterdir() if file.name.endswith(".yaml"))
    return sorted(found, key=lambda file: file.name)


def page_of(file: Traversable) -> Mapping[str, Any]:
    """A YAML file of sections. Raises LocaleUnreadable."""
    try:
        page = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    except MarkedYAMLError as wrong:
        line = wrong.problem_mark.line + 1 if wrong.problem_mark else 1
        raise LocaleUnreadable(_named(file), line, str(wrong.problem)) from wrong
    except UnicodeDecodeError as wrong:
        raise LocaleUnreadable(_named(file), 1, "it is not UTF-8") from wrong
    if not isinstance(page, dict):
        raise LocaleUnreadable(_named(file), 1, "sections such as `patterns:` are expected")
    return page


def _hold_to_shape(file: Traversable, section: Any, found: Any) -> None:
    if section not in _SECTIONS:
        raise wrong_in(
            file, (section,), f"there is no section {section!r}; known are {', '.join(sorted(_SECTIONS))}"
        )
    depth, kind = _SECTIONS[section]
    for path, value in _leaves(found, depth, (section,)):
        right = isinstance(value, str) if kind is _TEXT else _is_list(value)
        if not right and not (section == "tables" and len(path) == 3 and isinstance(value, int)):
            raise wrong_in(file, path, f"{'.'.join(map(str, path))} must be {kind}")


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _leaves(found: Any, depth: int, path: tuple[Any, ...]) -> list[tuple[tuple[Any, ...], Any]]:
    """What stands `depth` names below; what ends before that is given as it is, to be refused."""
    if not depth or not isinstance(found, dict):
        return [(path, found if not depth else None)]
    return [leaf for name, below in found.items() for leaf in _leaves(below, depth - 1, (*path, name))]


def _hold_to_one_place(file: Traversable, section: str, found: Any, before: Mapping[str, Any]) -> None:
    for name in found if isinstance(found, dict) else ():
        if name in before[section]:
            raise wrong_in(
                file, (section, name), f"{section}.{name} stands in another file of the language too"
            )


def _hold_to_english(file: Traversable, section: str, found: Any) -> None:
    ours = read(FIRST)[section]
    for name, below in found.items() if isinstance(found, dict) else ():
        if name not in ours and not section.endswith("_parts"):
            raise wrong_in(
                file, (section, name), f"English has no {section} of the name {name!r}, so nothing reads it"
            )
        if isinstance(below, dict) and not {section, name} & _OF_ITS_OWN:
            for entry in below:
                if entry not in ours[name]:
                    raise wrong_in(
                        file, (section, name, entry), f"English has no {name!r} of the name {entry!r}"
                    )


def wrong_in(file: Traversable, path: tuple[Any, ...], what: str) -> LocaleUnreadable:
    """`path`: the names, one within the other, of what is wrong."""
    return LocaleUnreadable(_named(file), _line(file, path) or 1, what)


def _named(file: Traversable) -> str:
    return "/".join(str(file).replace("\\", "/").rsplit("/", 3)[1:])


def _line(file: Traversable, path: tuple[Any, ...]) -> int:
    """The line on which the last of these names stands, one within the other; 0 where it is not in the file."""
    page, line = YAML().load(file.read_text(encoding="utf-8")), 0
    for name in path:
        if not isinstance(page, dict) or name not in page:
            return 0
        line, page = page.lc.key(name)[0] + 1, page[name]  # type: ignore[attr-defined]
    return line

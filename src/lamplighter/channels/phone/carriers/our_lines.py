"""What the process that keeps the line knows of each number of ours: whether its calls may be carried, and what is said
and dialled where they are not taken. The desk writes it; ids, numbers of the practice's own, and signed phrases only.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from lamplighter import logs, whole_files
from lamplighter.channels.phone.numbers import NeverDialled, refuse_undialable

log = logs.get(__name__)
FILE: Final = "lines.json"


@dataclass(frozen=True, slots=True)
class OurLine:
    """`may_carry`: the practice has an agreement with the carrier. `words`: language and sentence, in the order in
    which they are said. `own_line` (E.164) is dialled where nothing here answers."""

    may_carry: bool
    words: tuple[tuple[str, str], ...] = ()
    own_line: str | None = None


NOBODYS: Final = OurLine(may_carry=True)
"""A number that is none of a practice's: whoever calls it hears what is heard while no desk is there."""


class OurLines:
    """`everybody`: what is true of every number until the desk has written anything."""

    def __init__(self, folder: Path, *, everybody: OurLine) -> None:
        self._path, self._everybody = folder / FILE, everybody
        self._read_at, self._known = 0, dict[str, OurLine]()

    def keep(self, lines: Mapping[str, OurLine]) -> None:
        """By number, in the place of all that is there. Raises OSError."""
        whole_files.own_folder(self._path.parent)
        written = {number: asdict(line) for number, line in lines.items()}
        whole_files.write_over(self._path, json.dumps(written).encode())

    def of(self, number: str) -> OurLine:
        """A number that is nobody's is carried where any is: whose call it is the desk finds out."""
        known = self.all()
        if not known:
            return self._everybody
        elsewhere = NOBODYS if any(each.may_carry for each in known.values()) else next(iter(known.values()))
        return known.get(number, elsewhere)

    def all(self) -> Mapping[str, OurLine]:
        """By number; empty where nothing was written yet."""
        try:
            written = self._path.stat().st_mtime_ns
            if written != self._read_at:
                read = json.loads(self._path.read_bytes())
                self._known, self._read_at = {n: _line(each) for n, each in read.items()}, written
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            log.exception("our_lines_unreadable")
        return self._known


def _line(said: Mapping[str, Any]) -> OurLine:
    words = tuple((str(locale), str(text)) for locale, text in said["words"])
    own = str(said["own_line"]) if said["own_line"] else None
    try:
        refuse_undialable(own or "988")
    except NeverDialled:
        log.exception("own_line_is_never_dialled")
        own = None
    return OurLine(bool(said["may_carry"]), words, own)

"""Two versions of a file beside each other, line by line, as a person reads them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final, Literal

AROUND: Final = 3  # lines that stay readable around a change


@dataclass(frozen=True, slots=True)
class Row:
    """A line of both sides, numbered from 1; 0 and no words where one side has none. `left_out` stands for so many
    lines that are the same on both."""

    kind: Literal["same", "changed", "left_out"]
    was: str = ""
    now: str = ""
    was_line: int = 0
    now_line: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """A file as it was signed and as it is; None on the side where there was no such file."""

    name: str
    rows: tuple[Row, ...]
    is_new: bool
    is_gone: bool

    @property
    def changes(self) -> int:
        return sum(row.kind == "changed" for row in self.rows)


def compare(
    before: Mapping[str, bytes], after: Mapping[str, bytes], *, around: int | None = AROUND
) -> tuple[Compared, ...]:
    """Every file of either side, in order of name. `around`: lines shown at a change; None shows every line."""
    return tuple(
        Compared(
            name,
            _rows(_lines(before.get(name)), _lines(after.get(name)), around),
            name not in before,
            name not in after,
        )
        for name in sorted({*before, *after})
    )


def _rows(was: Sequence[str], now: Sequence[str], around: int | None) -> tuple[Row, ...]:
    rows: list[Row] = []
    parts = SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
    for place, (tag, was_from, was_to, now_from, now_to) in enumerate(parts):
        if tag == "equal":
            whole = list(_same(was, range(was_from, was_to), now_from))
            shown = (
                whole if around is None else _shortened(whole, around, place == 0, place == len(parts) - 1)
            )
            rows += shown
        else:
            rows += _changed(was, now, range(was_from, was_to), range(now_from, now_to))
    return tuple(rows)


def _same(lines: Sequence[str], places: range, now_from: int) -> Iterator[Row]:
    for step, place in enumerate(places):
        yield Row("same", lines[place], lines[place], place + 1, now_from + step + 1)


def _shortened(rows: list[Row], around: int, first: bool, last: bool) -> list[Row]:
    """Only what stands next to a change, and how many lines don't."""
    head = 0 if first else around
    tail = 0 if last else around
    out = len(rows) - head - tail
    if out < 2:
        return rows
    return [*rows[:head], Row("left_out", left_out=out), *rows[len(rows) - tail :]]


def _changed(was: Sequence[str], now: Sequence[str], old: range, new: range) -> Iterator[Row]:
    for left, right in zip_longest(old, new):
        yield Row(
            "changed",
            "" if left is None else was[left],
            "" if right is None else now[right],
            0 if left is None else left + 1,
            0 if right is None else right + 1,
        )


def _lines(content: bytes | None) -> list[str]:
    return [] if content is None else content.decode("utf-8", "replace").splitlines()

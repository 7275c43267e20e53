"""What can be wrong with X12. None of it repeats what a segment holds: that may be about a person."""

from dataclasses import dataclass


class X12Error(Exception):
    """Something that could not be read or written. `number` counts the file's segments from 1; 0 is the file itself."""

    def __init__(self, number: int, tag: str, problem: str) -> None:
        super().__init__(f"segment {number} ({tag}): {problem}" if number else problem)
        self.number = number
        self.tag = tag
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Remark:
    """Something untidy that was read all the same."""

    number: int
    tag: str
    problem: str

    def __str__(self) -> str:
        return f"segment {self.number} ({self.tag}): {self.problem}" if self.number else self.problem

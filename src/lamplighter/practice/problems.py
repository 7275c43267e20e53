"""What is wrong with a practice's folder, said so that the person who wrote it can put it right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake. `line` counts from 1; 0 means the file as a whole (missing, unreadable).

    `error`: the practice cannot be loaded. `go_live`: it loads, but may not answer a real person.
    `warning`: it may, and somebody should look.
    """

    file: str
    line: int
    message: str
    remedy: str
    severity: Literal["error", "go_live", "warning"] = "error"


class PracticeProblems(Exception):
    """The folder holds mistakes; `problems` has every one of them, in order of file and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(format_problem(problem) for problem in self.problems))


def format_problem(problem: Problem) -> str:
    """Two lines for a terminal: `people.yaml:12: what is wrong`, then what to do."""
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    mark = {"error": "", "go_live": "before going live: ", "warning": "worth a look: "}[problem.severity]
    return f"{place}: {mark}{problem.message}\n    {problem.remedy}"

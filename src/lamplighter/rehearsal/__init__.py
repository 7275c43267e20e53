"""Simulated callers against a practice, in memory, on a simulated clock: the go-live gate, and how a mistake becomes
a test.

`run` plays scenarios and gives results; `reading.read_files` reads them from YAML; `report` prints them. Concrete
records, messenger and pager come from `wiring` through the `Stage` port.
"""

from lamplighter.rehearsal.reading import RehearsalProblems, read_files
from lamplighter.rehearsal.report import as_json, as_text
from lamplighter.rehearsal.result import Result
from lamplighter.rehearsal.run import run
from lamplighter.rehearsal.scenario import Scenario
from lamplighter.rehearsal.stage import Scene, Spoken, Stage

__all__ = [
    "RehearsalProblems",
    "Result",
    "Scenario",
    "Scene",
    "Spoken",
    "Stage",
    "as_json",
    "as_text",
    "read_files",
    "run",
]

"""A chart that is none: it keeps notes in memory, for the demo, rehearsals and tests, and says so. Nothing leaves."""

from dataclasses import dataclass, field
from typing import Final

from lamplighter.desk.ports.chart import ChartReply, NotWritten, PlanNote, WhyNot, Written
from lamplighter.practice.model import PracticeId

NAME: Final = "SIMULATED-CHART"
"""What stands in the place of a record's name, so that nobody takes it for one."""


@dataclass(slots=True)
class SimulatedChart:
    """Knows everybody but `strangers` (last names); `namesakes` are several."""

    notes: dict[str, PlanNote] = field(default_factory=dict, repr=False)
    strangers: set[str] = field(default_factory=set, repr=False)
    namesakes: set[str] = field(default_factory=set, repr=False)
    down: int = 0  # so many times that it can't be reached
    party: str = ""

    def write(self, note: PlanNote, deadline: float) -> ChartReply:
        if self.down:
            self.down -= 1
            return NotWritten(WhyNot.UNREACHABLE)
        if note.person.last_name in self.strangers:
            return NotWritten(WhyNot.NOBODY)
        if note.person.last_name in self.namesakes:
            return NotWritten(WhyNot.SEVERAL)
        self.notes.setdefault(note.id, note)
        return self.look(note, deadline) or NotWritten(WhyNot.DIFFERS)

    def look(self, note: PlanNote, deadline: float) -> ChartReply | None:
        held = self.notes.get(note.id)
        if held is None:
            return None
        same = (held.figures, held.as_of) == (note.figures, note.as_of)
        return Written((f"{NAME}/{note.id}",), NAME) if same else NotWritten(WhyNot.DIFFERS)


@dataclass(frozen=True, slots=True)
class SimulatedCharts:
    """One for everybody."""

    one: SimulatedChart = field(default_factory=SimulatedChart)

    def of(self, practice: PracticeId) -> SimulatedChart:
        return self.one

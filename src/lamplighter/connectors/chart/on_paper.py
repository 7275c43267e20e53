"""A chart that takes nothing from us: somebody here writes each answer by hand, from a page that is printed."""

from dataclasses import dataclass

from lamplighter.desk.ports.chart import ChartReply, NotWritten, PlanNote, WhyNot


@dataclass(frozen=True, slots=True)
class PaperChart:
    party: str = ""

    def write(self, note: PlanNote, deadline: float) -> ChartReply:
        return NotWritten(WhyNot.TAKES_NOTHING)

    def look(self, note: PlanNote, deadline: float) -> ChartReply | None:
        return None

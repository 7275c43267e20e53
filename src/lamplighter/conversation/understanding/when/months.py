"""Parts of months and weeks: "the first week of December", "the last Friday of the month", "early next week"."""

from dataclasses import dataclass
from datetime import date, timedelta

from lamplighter.conversation.understanding.when.calendar import edge_of, following, month_span, week_span
from lamplighter.conversation.understanding.when.dayset import Days, one_day
from lamplighter.conversation.understanding.when.scene import Read, Scene


@dataclass(frozen=True, slots=True)
class MonthReader:
    """Reads one such part that begins at a lexeme."""

    scene: Scene

    def week_of_month(self, i: int) -> Read[Days] | None:
        """ "the first week of December", "la segunda semana de enero", "the last week of the month"."""
        s = self.scene
        j = s.skip(i, "the")
        nth = s.value(j, "ord") or (-1 if s.has(j, "last", "last_of") else 0)
        full = s.at(j + 1).word in s.lexicon.full
        j += full
        whole = s.has(j + 1, "week_of")
        if not nth or not (
            whole or (s.has(j + 1, "units_weeks") and s.has(j + 2, "of", "glue", "in", "of_the"))
        ):
            return None
        month = self.named(s.skip(j + 2, "of", "the", "glue", "in", "of_the"))
        if not month:
            return None
        first, last = month[0]
        first = following(first, 0) if full else first
        low = last - timedelta(6) if nth < 0 else first + timedelta(7 * (nth - 1))
        if low > last:
            return None
        return Days(first=low, last=min(low + timedelta(6), last)), month[1]

    def weekday_of_month(self, i: int) -> Read[Days] | None:
        """ "the first Monday in December", "el último viernes del mes"."""
        s = self.scene
        j = s.skip(i, "the")
        nth = s.value(j, "ord") or (-1 if s.has(j, "last", "last_of") else 0)
        if not nth or not s.has(j + 1, "weekday") or not s.has(j + 2, "of", "in", "of_the"):
            return None
        month = self.named(s.skip(j + 2, "of", "in", "the", "of_the"))
        if not month:
            return None
        first, last = month[0]
        day = following(first, s.value(j + 1, "weekday")) + timedelta(7 * (nth - 1))
        if nth < 0:
            day = following(last - timedelta(6), s.value(j + 1, "weekday"))
        return (one_day(day), month[1]) if day <= last else None

    def named(self, i: int) -> Read[tuple[date, date]] | None:
        s = self.scene
        if s.has(i, "month"):
            return month_span(s.today, s.value(i, "month")), i + 1
        if s.has(i, "month_rel"):
            return month_span(s.today, (s.today.month + s.value(i, "month_rel") - 1) % 12 + 1), i + 1
        if s.has(i, "units_months"):
            return month_span(s.today, s.today.month), i + 1
        return None

    def edge(self, i: int) -> Read[Days] | None:
        s = self.scene
        edge = s.value(i, "edge")
        if not edge:
            return None
        j = s.skip(i + 1, "of", "the", "glue", "of_the")
        month = self.named(j)
        if month:
            low, high = edge_of(edge, *month[0], length=10 if s.has(j, "month") else 7)
            return Days(first=max(low, s.today), last=high), month[1]
        week = s.value(j, "week")
        if week is None and s.has(j, "units_weeks"):
            week = 0
        if week is None:
            return None
        monday, _ = week_span(s.today + timedelta(7 * week))
        low_n, high_n = {"start": (0, 1), "mid": (1, 3), "end": (3, 6), "half1": (0, 2), "half2": (2, 6)}[
            edge
        ]
        return Days(first=monday + timedelta(low_n), last=monday + timedelta(high_n)), j + 1

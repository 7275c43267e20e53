"""Reckoning on the calendar: weeks, months, holidays, years of two digits."""

from calendar import monthrange
from datetime import date, timedelta


def make_date(year: int, month: int, day: int) -> date | None:
    """The date, None where there is none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def week_span(day: date) -> tuple[date, date]:
    """Monday and Sunday of the day's week."""
    monday = day - timedelta(day.weekday())
    return monday, monday + timedelta(6)


def month_span(today: date, month: int) -> tuple[date, date]:
    """First and last day of the next such month to come, the current one included."""
    year = today.year + (month < today.month)
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def following(day: date, weekday: int) -> date:
    """The first such weekday from the day on, the day itself included."""
    return day + timedelta((weekday - day.weekday()) % 7)


def edge_of(edge: str, first: date, last: date, *, length: int) -> tuple[date, date]:
    """The start, middle or end of a month; `length` days at the start, seven at the end."""
    if edge == "half1":
        return first, first + timedelta(14)
    if edge == "half2":
        return first + timedelta(15), last
    if edge == "start":
        return first, first + timedelta(length - 1)
    if edge == "end":
        return last - timedelta(length - 1), last
    return first + timedelta(10), first + timedelta(19)


def holiday(rule: str, today: date) -> date:
    """The next day of a rule: "12-25", or "nth 11 4 3" for the 4th Thursday of November (-1: the last)."""
    return next(day for year in (today.year, today.year + 1) if (day := _in_year(rule, year)) >= today)


def _in_year(rule: str, year: int) -> date:
    if not rule.startswith("nth"):
        month, day = (int(part) for part in rule.split("-"))
        return date(year, month, day)
    month, nth, weekday = (int(part) for part in rule.split()[1:])
    if nth < 0:
        last = date(year, month, monthrange(year, month)[1])
        return last - timedelta((last.weekday() - weekday) % 7)
    return following(date(year, month, 1), weekday) + timedelta(7 * (nth - 1))


def year_of(digits: int, today: date) -> int:
    """A year as written, of two digits or four; two digits are this century up to ten years from now."""
    if digits >= 100:
        return digits
    return 2000 + digits if digits <= today.year % 100 + 10 else 1900 + digits

"""When to call back, as a short canonical string."""

from datetime import date, datetime, timedelta

from lamplighter.conversation.understanding.context import Found
from lamplighter.conversation.understanding.when.availability import find_wish
from lamplighter.conversation.wish import Window, Wish
from lamplighter.practice.model import Practice


def find_callback_time(text: str, locale: str, now: datetime, practice: Practice) -> Found[str] | None:
    """When a call back suits: "any", "asap", or windows joined by "; ", refused ones after "not".

    A window is a date or dates ("2026-12-03", "2026-12-01/2026-12-05"), weekdays ("mon,tue") and a time
    ("10:00", "10:00-12:00", "15:00-", "-12:00"), as far as each was said.
    """
    found = find_wish(text, locale, now, practice)
    if not found:
        return None
    return Found(_written(found.value, now.date()), found.start, found.end)


def _written(wish: Wish, today: date) -> str:
    parts = ["asap"] if wish.soonest and not wish.any_of else []
    parts += [_window(window, today) for window in wish.any_of]
    parts += [f"not {_window(window, today)}" for window in wish.none_of]
    return "; ".join(parts) or "any"


def _window(window: Window, today: date) -> str:
    return " ".join(part for part in (_days(window, today), _times(window)) if part) or "any"


def _days(window: Window, today: date) -> str:
    if not window.first and not window.last:
        return ",".join(_NAMES[n] for n in sorted(window.weekdays))
    first = window.first or today
    days = [first + timedelta(n) for n in range((window.last - first).days + 1)] if window.last else []
    kept = [d for d in days if not window.weekdays or d.weekday() in window.weekdays]
    if len(kept) == 1:
        return kept[0].isoformat()
    span = f"{first.isoformat()}/{window.last.isoformat() if window.last else ''}"
    return " ".join([span, ",".join(_NAMES[n] for n in sorted(window.weekdays))]).strip()


def _times(window: Window) -> str:
    if window.at:
        return f"{window.at:%H:%M}"
    if not window.start and not window.before:
        return ""
    return _span(window)


def _span(window: Window) -> str:
    start = f"{window.start:%H:%M}" if window.start else ""
    before = f"{window.before:%H:%M}" if window.before else ""
    return f"{start}-{before}"


_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

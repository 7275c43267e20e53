"""When somebody can come, out of what they said."""

from datetime import date, datetime

from lamplighter.conversation.understanding.context import Found
from lamplighter.conversation.understanding.when.polarity import settle
from lamplighter.conversation.understanding.when.scan import Item, scan
from lamplighter.conversation.understanding.when.scene import Scene, opening, scene
from lamplighter.conversation.understanding.when.standing import without_standing
from lamplighter.conversation.understanding.when.wishes import group, windows
from lamplighter.conversation.wish import Window, Wish
from lamplighter.practice.model import Practice


def find_wish(
    text: str, locale: str, now: datetime, practice: Practice, moving: date | None = None
) -> Found[Wish] | None:
    """Every day and time said, and every one refused, as a wish; None where nothing was said of either.

    `now` is practice-local. The span reaches from the first to the last word that took part.
    """
    return wish_in(scene(text[:2000], locale, now, opening(practice), moving))


def wish_in(view: Scene) -> Found[Wish] | None:
    items = settle(without_standing(view, scan(view)))
    groups = group(items)
    wanted = [w for g in groups if not g.refused for w in windows(view, g)]
    refused = [w for g in groups if g.refused for w in windows(view, g)]
    soonest = any(item.kind == "asap" for item in items)
    if not wanted and any(not g.refused for g in groups):
        return None
    free = soonest or bool(wanted) or any(item.kind == "any" for item in items)
    if not refused and not free:
        return None
    if Window() in wanted:
        wanted = []
    wish = Wish(_distinct(wanted), _distinct(refused), soonest)
    return Found(wish, *_span(view, items))


def _distinct(windows: list[Window]) -> tuple[Window, ...]:
    return tuple(dict.fromkeys(windows))


def _span(view: Scene, items: list[Item]) -> tuple[int, int]:
    used = [i for i in items if (i.atom and not (i.days and i.days.past)) or i.kind in ("asap", "any")]
    marks = [i for i in items if i.kind in ("not", "except", "post_not", "busy")]
    first = min(i.first for i in used + [m for m in marks if m.first < used[0].first])
    last = max(i.end for i in used + [m for m in marks if m.kind == "post_not"])
    return view.at(first).start, view.at(last - 1).end

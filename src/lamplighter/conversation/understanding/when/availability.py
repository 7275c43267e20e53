"""When somebody can come, out of what they said."""

from dataclasses import replace
from datetime import datetime, time

from lamplighter.conversation.understanding.context import Found
from lamplighter.conversation.understanding.when.clauses import told_apart
from lamplighter.conversation.understanding.when.conditions import with_conditions
from lamplighter.conversation.understanding.when.items import Item
from lamplighter.conversation.understanding.when.lexicon import lexicon
from lamplighter.conversation.understanding.when.pointing import WORKING
from lamplighter.conversation.understanding.when.polarity import settle
from lamplighter.conversation.understanding.when.scan import scan
from lamplighter.conversation.understanding.when.scene import Scene, opening, scene
from lamplighter.conversation.understanding.when.standing import without_standing
from lamplighter.conversation.understanding.when.taken_back import without_taken_back
from lamplighter.conversation.understanding.when.windows import windows
from lamplighter.conversation.understanding.when.wishes import group
from lamplighter.conversation.wish import Window, Wish
from lamplighter.practice.model import Practice


def find_wish(
    text: str,
    locale: str,
    now: datetime,
    practice: Practice,
    moving: datetime | None = None,
    *,
    unasked: bool = False,
) -> Found[Wish] | None:
    """Every day and time said, and every one refused, as a wish; None where nothing was said of either.

    `now` is practice-local. The span reaches from the first to the last word that took part. `unasked`: among other
    things said, so that what tells a story is no wish.
    """
    return wish_in(scene(text[:2000], locale, now, opening(practice), moving), unasked=unasked)


def wish_in(view: Scene, *, unasked: bool = False) -> Found[Wish] | None:
    said = with_conditions(view, without_taken_back(view, without_standing(view, scan(view))))
    items = settle(told_apart(view, said, unasked=unasked))
    groups = group(items)
    all_windows = [(g.refused, w) for g in groups for w in windows(view, g)]
    wanted = _narrower([w for refused, w in all_windows if not refused])
    refused = [
        left
        for n, (no, w) in enumerate(all_windows)
        if no
        for left in _wished_after(w, [later for out, later in all_windows[n:] if not out])
    ]
    refused = [w for w in refused if w != Window() and not _leaves_nothing(w, wanted)]
    wanted = list(Wish(tuple(wanted), tuple(refused)).made_possible(view.today).any_of)
    soonest = any(item.kind == "asap" for item in items)
    if not wanted and any(not g.refused for g in groups):
        return None
    free = soonest or bool(wanted) or any(item.kind == "any" for item in items)
    if not refused and not free:
        return None
    if Window() in wanted:
        wanted = []
    wish = Wish(_distinct(wanted), _distinct(refused), soonest, _as_before(view, items, wanted))
    return Found(wish, *_span(view, items))


def _as_before(view: Scene, items: list[Item], wanted: list[Window]) -> str:
    """ "Thursday, same time or later", said before it is known which visit is being moved: which side of its hour."""
    timed = any(w.at or w.start or w.before for w in wanted)
    refuses = any(item.kind in ("not", "busy", "except", "post_not") for item in items)
    at = next((i for i in range(len(view.lexemes)) if view.has(i, "same_time")), None)
    if at is None or timed or refuses or not wanted or view.moving:
        return ""
    return "from" if view.has(at + 1, "or_later") else "through" if view.has(at + 1, "or_earlier") else "at"


def _narrower(wanted: list[Window]) -> list[Window]:
    """ "I have Mondays. Mondays from one": days said again with their hours are wished for at those."""
    return [
        one
        for n, one in enumerate(wanted)
        if not _only_bounds(one, wanted[n + 1 :])
        and not _said_with_hours(one, wanted[:n], wanted[n + 1 :])
        and not _said_as_date(one, wanted[n + 1 :])
    ]


def _said_as_date(one: Window, after: list[Window]) -> bool:
    """ "Mondays. Not this coming one. So the 25th": the Monday that was said last is the one."""
    bare = one.weekdays and not (one.first or one.last or one.start or one.before or one.at)
    days = [w.first.weekday() for w in after if w.first is not None and w.first == w.last]
    return bool(bare) and bool(days) and all(day in one.weekdays for day in days)


def _said_with_hours(one: Window, before: list[Window], after: list[Window]) -> bool:
    if one.start or one.before or one.at or not one.weekdays:
        return False
    same = [w for w in before if w.weekdays == one.weekdays]
    return any(_at_hours(one, other) for other in (*same, *after))


def _only_bounds(one: Window, others: list[Window]) -> bool:
    """ "Not before May. After the third, Tuesdays": the first only says from when the others hold."""
    open_ended = one.first is not None and one.last is None and not one.weekdays
    return open_ended and any(w.weekdays and w.first and one.first and w.first >= one.first for w in others)


def _at_hours(one: Window, other: Window) -> bool:
    timed = bool(other.start or other.before or other.at)
    return timed and one.weekdays <= other.weekdays and (one.first, one.last) == (other.first, other.last)


def _wished_after(refused: Window, later: list[Window]) -> list[Window]:
    """What is left of a refusal behind which some of its days are wished for at hours: "Tuesdays I have class till
    two, so Tuesdays after that"."""
    if refused.start and not (refused.at or refused.first or refused.last or refused.weekdays):
        return _shortened(refused, refused.start, later)
    if refused.start or refused.before or refused.at or refused.first or refused.last:
        return [refused]
    timed = [w.weekdays for w in later if (w.start or w.before or w.at) and w.weekdays <= refused.weekdays]
    wished: frozenset[int] = frozenset().union(*timed)
    if not wished:
        return [refused]
    left = refused.weekdays - wished
    return [replace(refused, weekdays=left)] if left else []


def _shortened(refused: Window, start: time, later: list[Window]) -> list[Window]:
    """ "No afternoons, so nine to one": the hours named outright reach into the part of the day refused."""
    ends = [w.before for w in later if w.start and w.before and w.start < start < w.before]
    if not ends or (refused.before and max(ends) >= refused.before):
        return [refused]
    return [replace(refused, start=max(ends))]


def _leaves_nothing(refused: Window, wanted: list[Window]) -> bool:
    """ "I work nine to five, so my lunch hour, twelve to one": the hour named inside the hours refused is meant."""
    if not (refused.start and refused.before):
        return False
    if refused.weekdays and not all((w.weekdays or WORKING) <= refused.weekdays for w in wanted):
        return False
    inside = [
        w
        for w in wanted
        if (w.at or w.start)
        and refused.start <= (w.at or w.start or refused.before) < refused.before
        and (w.at or (w.before and w.before <= refused.before))
    ]
    return bool(inside) and len(inside) == len(wanted) and not (refused.first or refused.last)


def standing_spans(text: str, locale: str) -> list[tuple[int, int]]:
    """Where words speak of an appointment that stands: "I'm down for", "I see Dr."."""
    return [(lexeme.start, lexeme.end) for lexeme in lexicon(locale).read(text[:2000]) if lexeme.has("old")]


def _distinct(windows: list[Window]) -> tuple[Window, ...]:
    return tuple(dict.fromkeys(windows))


def _span(view: Scene, items: list[Item]) -> tuple[int, int]:
    used = [i for i in items if (i.atom and not (i.days and i.days.past)) or i.kind in ("asap", "any")]
    marks = [i for i in items if i.kind in ("not", "except", "post_not", "busy")]
    first = min(i.first for i in used + [m for m in marks if m.first < used[0].first])
    last = max(i.end for i in used + [m for m in marks if m.kind == "post_not"])
    return view.at(first).start, view.at(last - 1).end

"""Words that point back at a day or an hour said before: "the same time", "before that", "the other days"."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from lamplighter.conversation.understanding.when.calendar import following, week_span
from lamplighter.conversation.understanding.when.dayset import Days, one_day
from lamplighter.conversation.understanding.when.items import OTHERS, Item, left_out
from lamplighter.conversation.understanding.when.lexicon import Clock
from lamplighter.conversation.understanding.when.scene import Scene
from lamplighter.conversation.understanding.when.times import Times

WORKING = frozenset(range(5))
_DENIED = ("not", "busy", "post_not", "except")
_ENDS = ("comma", "stop", "sep", "but")


def pointed(scene: Scene, items: list[Item], i: int) -> list[Item] | None:
    """What the words at i point at, None where they point at nothing. What was said before may become part of it."""
    if scene.has(i, "same_time", "same_day") and not _gives_a_reason(scene, items):
        return _again(scene, items, i)
    if scene.has(i, "those_days"):
        return _those_days(scene, items, i)
    if scene.has(i, "then_on"):
        return _on_its_days(scene, items, i, _from_there)
    if scene.has(i, "then_back") and not _denied(scene, items, i):
        return _on_its_days(scene, items, i, _until_there)
    if scene.has(i, "nothing_before"):
        return _nothing_before(items, i)
    if scene.has(i, "between_them"):
        return _between_them(items, i)
    if scene.has(i, "other_days"):
        return _others(items, i)
    return None


def _denied(scene: Scene, items: list[Item], i: int) -> bool:
    """ "Before that I can't", "no puedo antes de eso"."""
    if scene.has(scene.skip(i + 1, "filler", "glue"), *_DENIED):
        return True
    for item in reversed(items):
        if item.atom or item.kind in _ENDS:
            return False
        if item.kind in _DENIED:
            return True
    return False


def _on_its_days(
    scene: Scene, items: list[Item], i: int, read: Callable[[list[Item], int], list[Item] | None]
) -> list[Item] | None:
    """ "I get out of rehearsal at two on Wednesdays, so after that": on Wednesdays, unless other days follow."""
    hour = next((n for n in range(len(items) - 1, -1, -1) if items[n].times), None)
    found = read(items, i)
    if not found or hour is None or not found[0].times or items[hour].atom:
        return found
    if any(
        scene.has(k, "any", "quantifier", "weekday", "weekset", "other_days") for k in range(i + 1, i + 5)
    ):
        return found
    beside = _days_around(items, hour)
    days = [Item("days", i, i + 1, days=items[n].days, plural=items[n].plural) for n in beside]
    for n in beside:
        items[n] = left_out(items[n])
    return [*found, *days]


def _days_around(items: list[Item], hour: int) -> list[int]:
    """The weekdays said right before the hour, or right after it, with those joined to them."""
    for n, step in ((hour - 1, -1), (hour + 1, 1)):
        run: list[int] = []
        while 0 <= n < len(items) and _bare_weekdays(items[n]):
            run.append(n)
            n += step
            if 0 <= n < len(items) and items[n].kind in ("and", "or", "comma"):
                n += step
        if run:
            return sorted(run)
    return []


def _bare_weekdays(item: Item) -> bool:
    return item.days is not None and bool(item.days.weekdays) and not item.days.dated


def _until_there(items: list[Item], i: int) -> list[Item] | None:
    """ "I pick the kids up at three, so before that": the visit is over by then."""
    at = next((n for n in range(len(items) - 1, -1, -1) if items[n].atom), None)
    if at is None or items[at].refused:
        return None
    said = items[at]
    told = [item.kind for item in items[-2:]] in (["comma", "other"], ["stop", "other"])
    if said.times and said.times.how == "from" and told:
        return None  # "any time after two, he'll be gone by then"
    if said.times and said.times.clock:
        items[at] = left_out(said)
        return [Item("times", i, i + 1, times=Times("before", said.times.clock, over=True))]
    if said.days and said.days.first and not said.days.past:
        items[at] = left_out(said)
        return [Item("days", i, i + 1, days=Days(last=said.days.first - timedelta(1)))]
    return None


def _nothing_before(items: list[Item], i: int) -> list[Item] | None:
    """ "Five if you have it, four's okay too, but nothing earlier"."""
    hours = [item.times.clock for item in items if item.times and item.times.how == "at" and item.times.clock]
    if not hours:
        return None
    first = min(hours, key=lambda clock: (clock.hour % 12, clock.minute))
    return [Item("times", i, i + 1, times=Times("before", first), refused=True)]


def _between_them(items: list[Item], i: int) -> list[Item] | None:
    """ "I drop them off at eight and pick them up at two, so between those"."""
    hours = [n for n, item in enumerate(items) if item.times and item.times.clock and not item.times.end]
    if len(hours) < 2:
        return None
    (low, start), (high, end) = ((n, items[n].times) for n in hours[-2:])
    if start is None or end is None:
        return None
    items[low], items[high] = left_out(items[low]), left_out(items[high])
    return [
        Item("times", i, i + 1, times=Times("from", start.clock)),
        Item("times", i, i + 1, times=Times("before", end.clock, over=end.over)),
    ]


def _others(items: list[Item], i: int) -> list[Item] | None:
    """ "Mondays are out, the other days are fine": the working days of the week that were not named."""
    if _told_of_those(items):
        return None
    said = [item.days for item in items if item.days and not item.days.past]
    dates = [d.first for d in said if d.first and d.first == d.last]
    named = frozenset().union(*(d.weekdays for d in said), (day.weekday() for day in dates))
    if not named or not WORKING - named:
        return None
    spans = [week_span(day) for day in dates]
    spans += [(d.first, d.last) for d in said if d.first and d.last and 0 < (d.last - d.first).days < 7]
    first, last = (min(s[0] for s in spans), max(s[1] for s in spans)) if spans else (None, None)
    return [Item("days", i, i + 1, days=Days(WORKING - named, first, last), word=OTHERS)]


def _told_of_those(items: list[Item]) -> bool:
    """ "Tuesdays or Thursdays, I bowl the other days": what somebody does then, told behind the days that suit."""
    ends = max((n for n, item in enumerate(items) if item.kind in _ENDS), default=-1)
    clause, before = items[ends + 1 :], items[:ends] if ends >= 0 else []
    only_days = bool(before) and all(item.atom or item.kind in ("or", "and", "comma") for item in before)
    return only_days and any(item.kind == "other" for item in clause)


def _again(scene: Scene, items: list[Item], i: int) -> list[Item]:
    """ "At the same time", "that same day": the hour or day said before."""
    if scene.has(i, "same_time"):
        return _that_hour(scene, items, i)
    day = next((item for item in reversed(items) if item.days and not item.days.past), None)
    if day is None and scene.moving is not None:
        return [Item("days", i, i + 1, days=one_day(scene.moving.date()))]
    return [Item("days", i, i + 1, days=day.days, plural=day.plural)] if day else []


def _that_hour(scene: Scene, items: list[Item], i: int) -> list[Item]:
    """ "At the same time", "the same time or later": the hour said before, else that of the visit being moved."""
    said = next((item.times for item in reversed(items) if item.times and not item.refused), None)
    if said is None and scene.moving is not None:
        said = Times("at", Clock(scene.moving.hour, scene.moving.minute, fixed=True))
    if said is None:
        return []
    how = {"or_later": "from", "or_earlier": "through"}
    bound = next((how[kind] for kind in how if scene.has(i + 1, kind)), None) if said.clock else None
    return [Item("times", i, i + 1 + bool(bound), times=replace(said, how=bound) if bound else said)]


def _gives_a_reason(scene: Scene, items: list[Item]) -> bool:
    """ "From ten to twelve, because at that hour my grandson drives me": the wish is said already."""
    begun = next((item for item in reversed(items) if item.kind in _ENDS), None)
    return begun is not None and scene.has(begun.first, "because")


def _those_days(scene: Scene, items: list[Item], i: int) -> list[Item] | None:
    """ "I've got choir Tuesdays and Thursdays until four, and it has to be those days": the days, whatever was said
    of them before."""
    welcomed = bool(items) and items[-1].kind == "pos"
    ends = i + 1 == len(scene.lexemes) or scene.has(i + 1, "comma", "stop", "and", "sep")
    if not (welcomed and ends):
        return None
    run: list[int] = []
    for n in range(len(items) - 1, -1, -1):
        if items[n].days is not None and items[n].word != OTHERS:
            run.insert(0, n)
        elif run and items[n].kind not in ("and", "or", "comma"):
            break
    told = [item.kind for item in items[: run[0]]] if run else []
    if not told or told[-1] != "other":
        return None  # they are welcome as it is
    again = [Item("days", i, i + 1, days=items[n].days, plural=True) for n in run]
    for n in run:
        items[n] = left_out(items[n])
    return again or None


def _from_there(items: list[Item], i: int) -> list[Item]:
    """ "I'm away until the 4th, from then on Mondays", "I work seven to three, after that": what was said before
    becomes where the wish begins."""
    at = next((n for n in range(len(items) - 1, -1, -1) if _begins(items[n])), None)
    if at is None:
        return []
    said = items[at]
    items[at] = left_out(said)
    if said.days is not None:
        day = said.days.last + timedelta(1) if said.days.last else said.days.first
        return [Item("days", i, i + 1, days=Days(first=day))]
    if said.times is None:
        return []
    return [Item("times", i, i + 1, times=Times("from", said.times.end or said.times.clock))]


def _begins(item: Item) -> bool:
    if item.times is not None:
        return item.times.clock is not None
    return item.days is not None and item.days.dated and not item.days.weekdays


def that_week(scene: Scene, items: list[Item], i: int) -> tuple[Days, int] | None:
    """ "The Wednesday of that week": the week of the day just said, else of the visit that is being moved."""
    if not scene.has(i, "that_week"):
        return None
    said = next((item.days for item in reversed(items) if item.days and item.days.dated), None)
    if said and said.first and said.last and said.last - said.first < timedelta(7):
        return _week_of(said.first), i + 1
    return (_week_of(scene.moving.date()), i + 1) if said is None and scene.moving else None


def _week_of(day: date) -> Days:
    return Days(frozenset(), *week_span(day))


def next_of_those(scene: Scene, items: list[Item], i: int) -> tuple[Days, int] | None:
    """ "Thursdays, but not the next one": what is refused is the nearest of the weekday just said."""
    if not scene.has(i, "next_of_those"):
        return None
    said = next((item.days for item in reversed(items) if item.days), None)
    refused = bool(items) and items[-1].kind in _DENIED or scene.has(i + 1, *_DENIED)
    if said is None or said.dated or len(said.weekdays) != 1 or not refused:
        return None
    return one_day(following(scene.today + timedelta(1), min(said.weekdays))), i + 1


def week_then(scene: Scene, items: list[Item], i: int) -> tuple[Days, int] | None:
    """ "The week after", "the one after": seven days after the day or week just said, or after the visit that is
    being moved."""
    said = next((item.days for item in reversed(items) if item.days), None)
    day = scene.skip(i, "the")
    if said and said.first and scene.has(day, "weekday") and scene.has(day + 1, "then_on"):
        return one_day(following(said.first + timedelta(1), scene.value(day, "weekday"))), day + 2
    if said and said.first and said.first == said.last and scene.has(day, "following"):
        if scene.value(day + 1, "weekday") == said.first.weekday():
            return one_day(said.first + timedelta(7)), day + 2
    if not scene.has(i, "week_then") or scene.has(i + 1, "weekday"):
        return None
    if said is None or not said.first or not said.last:
        return (_week_of(scene.moving.date() + timedelta(7)), i + 1) if scene.moving else None
    week = timedelta(7)
    monday = said.last - timedelta(said.last.weekday())
    first = said.first if said.first == said.last else monday
    return Days(said.weekdays, first + week, said.last + week), i + 1

"""A text as a row of items: days, times, and the small words that join, refuse or correct them."""

from dataclasses import replace
from datetime import timedelta

from lamplighter.conversation.understanding.when.calendar import following, make_date
from lamplighter.conversation.understanding.when.days import DayReader
from lamplighter.conversation.understanding.when.dayset import Days, one_day
from lamplighter.conversation.understanding.when.items import Item
from lamplighter.conversation.understanding.when.pointing import next_of_those, pointed, that_week, week_then
from lamplighter.conversation.understanding.when.scene import Scene
from lamplighter.conversation.understanding.when.times import MIDNIGHT, TimeReader, Times, span_of

# The first kind that a lexeme has is what it is to the scanner, once it has begun no day and no time.
_MARKS = (
    "old", "told", "cancel", "not_that", "post_not", "except", "not", "busy", "correct", "asap", "any",
    "pos", "but", "sep", "or", "and", "comma", "stop", "before_that",
)  # fmt: skip
REACH = 18  # lexemes between "move" and "to"
_NAMED = ("this", "next", "next_coming", "following", "next_post")
_SPANS = ("week", "weeks_rel", "month", "month_rel")
_JOINTS = ("or", "and", "correct", "comma", "stop", "not")
_SILENT = (
    "move",
    "appointment",
    "skip",
    "filler",
    "hedge",
    "glue",
    "the",
    "of",
    "to",
    "in",
    "at",
    "num",
    "tens_and",
)


def scan(scene: Scene) -> list[Item]:
    """Every day and time of the text in order, with the marks between them. Words that mean nothing are kept as
    "other", so that a mark does not reach across a sentence."""
    day_reader, time_reader = DayReader(scene), TimeReader(scene)
    items: list[Item] = []
    i = 0
    while i < len(scene.lexemes):
        found = _atoms(scene, day_reader, time_reader, items, i)
        if found:
            items += found
            i = found[-1].end
            continue
        item = _mark(scene, i)
        if item and item.word == "out" and not (items and items[-1].atom and items[-1].end == i):
            item = replace(item, kind="other")  # "Monday's out", not "out of class"
        if item and item.kind == "not_that" and _beside_that_hour(scene, items):
            item = replace(item, kind="other")
        if item:
            items.append(item)
        i += 1
    return items


def _atoms(scene: Scene, days: DayReader, times: TimeReader, items: list[Item], i: int) -> list[Item]:
    if scene.has(i, "skip") or _told_holiday(scene, items, i):
        return []
    for kind in ("rel_part", "weekset_part"):
        if scene.has(i, kind):
            return _both(scene, kind, i)
    joined: list[Item] = []
    after = scene.skip(i + 1, "las", "glue")
    read = times.clock(after) or times.far(i + 1) if scene.has(i, "or_later", "or_earlier") else None
    if not read and scene.has(i, "or_earlier") and (part := times.bounded_part("before", i + 1, over=False)):
        return [Item("times", i, part[1], times=part[0])]  # "not too early, and before lunch"
    if read:
        how = "from" if scene.has(i, "or_later") else "before"
        joint = "and" if scene.lexicon.means(scene.at(i).word.split()[0], "and") else "or"
        if items and scene.has(items[-1].first, "not_before", "not_after"):  # "not before ten or after four"
            joint, how = "and", {"from": "before", "before": "from"}[how]
        return [Item(joint, i, i), Item("times", i, read[1], times=Times(how, read[0]))]
    if scene.has(i, "all_day") and scene.has(scene.skip(i + 1, "glue"), "weekday", "rel_day"):
        return [Item("times", i, i + 1, times=Times("part", part=(0, MIDNIGHT)))]
    back = pointed(scene, items, i)
    if back is not None:
        return back
    day = (
        _week_bound(scene, days, items, i)
        or next_of_those(scene, items, i)
        or week_then(scene, items, i)
        or that_week(scene, items, i)
        or _another_date(scene, items, i)
        or _same_week(scene, items, i)
        or days.read(i)
    )
    if day:
        plural = any(scene.has(k, "plural") for k in range(i - 1, day[1]))
        return [Item("days", i, day[1], days=day[0], plural=plural)]
    time = times.read(i, bare=_bare_allowed(scene, items, i) or _listed_hours(scene, days, items, i))
    if time:
        begins = [Item("comma", i, i)] if scene.at(i).word.startswith(",") else []  # ", que no sea temprano"
        return [*begins, Item("times", i, time[1], times=_as_before(scene, items, i, time[0]))]
    return joined


def _beside_that_hour(scene: Scene, items: list[Item]) -> bool:
    """ "The same time, any other day" welcomes the hour that "four o'clock? any other time" turns down."""
    said = next((item for item in reversed(items) if item.atom), None)
    return said is not None and scene.has(said.first, "same_time")


def _told_holiday(scene: Scene, items: list[Item], i: int) -> bool:
    """ "Monday's the holiday": said of the day, not the days around the new year."""
    behind = bool(items) and items[-1].days is not None and items[-1].end == i
    return behind and scene.has(i, "holiday_span") and scene.has(i, "post_not")


def _as_before(scene: Scene, items: list[Item], i: int, times: Times) -> Times:
    """ "He lets me out at four on Tuesdays and at two on Thursdays", "Wednesdays I finish at noon, Fridays at two": the
    second is such an hour too."""
    if times.how != "at" or not scene.has(i, "at") or len(items) < 3:
        return times
    first, day = (items[-3], items[-2]) if items[-1].kind == "and" else (items[-3], items[-1])
    if items[-1].kind != "and" and items[-2].kind not in ("and", "comma"):
        return times
    if first.times is None or first.times.how not in ("from", "before") or day.days is None:
        return times
    verb, preposition = scene.at(first.first).word, scene.at(i).word
    return replace(first.times, clock=times.clock) if verb.endswith(f" {preposition.split()[0]}") else times


def _another_date(scene: Scene, items: list[Item], i: int) -> tuple[Days, int] | None:
    """ "December 8 or 10": a number joined to a date is a date of that month."""
    number = scene.value(i, "num")
    if not items or not isinstance(number, int) or scene.has(i + 1, "oclock", "meridiem", "month", "of"):
        return None
    said = items[-1] if items[-1].atom or len(items) == 1 else items[-2]
    if items[-1].kind not in ("or", "and") and not _list_goes_on(scene, i):
        return None
    monthly = any(scene.has(k, "month") for k in range(said.first - 6, said.end))
    if not monthly or not said.days or not said.days.first or scene.has(i - 1, "at"):
        return None
    day = make_date(said.days.first.year, said.days.first.month, number)
    return (one_day(day), i + 1) if day and day > said.days.first else None


def _list_goes_on(scene: Scene, i: int) -> bool:
    """Whether the number at i is one of several: "8, 9 and 10"."""
    j = scene.skip(i + 1, "comma", "or", "and")
    return scene.has(j, "num") and not scene.has(j + 1, "oclock", "meridiem")


def _week_bound(scene: Scene, days: DayReader, items: list[Item], i: int) -> tuple[Days, int] | None:
    """ "Next week before Thursday": Thursday of that week."""
    near = next((item for item in reversed(items) if item.kind != "comma"), None)
    said = near.days if near else None
    kind = next((k for k in ("before", "after", "from", "until", "by") if scene.has(i, k)), None)
    if not kind or not said or not said.first or not said.last or said.first == said.last:
        return None
    inner = days.single(scene.skip(i + 1, "glue"))
    if not inner or inner[0].dated or len(inner[0].weekdays) != 1 or (said.last - said.first).days > 6:
        return None
    day = following(said.first, min(inner[0].weekdays))
    return days.bounded(kind, day, day), inner[1]


def _same_week(scene: Scene, items: list[Item], i: int) -> tuple[Days, int] | None:
    """ "Next Tuesday or Wednesday": the second day is of the same week."""
    if len(items) < 2 or items[-1].kind not in ("or", "and") or not scene.has(i, "weekday"):
        return None
    said = items[-2]
    named = any(scene.has(k, *_NAMED) for k in range(said.first, said.end))
    if not named or not said.days or not said.days.first or said.days.first != said.days.last or said.plural:
        return None
    if not any(scene.has(k, "weekday") for k in range(said.first, said.end)) or scene.has(i + 1, "next_post"):
        return None
    return one_day(following(said.days.first, scene.value(i, "weekday"))), i + 1


def _both(scene: Scene, kind: str, i: int) -> list[Item]:
    """A word that is a day and a part of it: "tonight", "weeknights"."""
    day, part = scene.value(i, kind).split("|")
    if kind == "rel_part":
        when = scene.today + timedelta(int(day))
        days = Days(first=when, last=when)
    else:
        days = Days(frozenset(int(n) for n in day.split()))
    return [
        Item("days", i, i + 1, days=days),
        Item("times", i, i + 1, times=Times("part", part=span_of(part))),
    ]


def _bare_allowed(scene: Scene, items: list[Item], i: int) -> bool:
    """A number alone is a time right after a day, or joined to a time."""
    if not items or (scene.has(i, "pronoun") and items[-1].kind not in ("or", "and")):
        return False
    if items[-1].atom:
        return True
    if scene.has(i - 1, "say") and (i + 1 == len(scene.lexemes) or scene.has(i + 1, "comma", "stop", "or")):
        return True
    before = next((item for item in reversed(items) if item.kind not in _JOINTS), items[-1])
    return before.kind == "times" or _hour_of_its_own(scene, items, i)


def _hour_of_its_own(scene: Scene, items: list[Item], i: int) -> bool:
    """A number that can only be an hour: "Monday I could do ten, Tuesday two", "so eleven would be good", "two o'clock
    would be safe, or three"."""
    number = scene.value(i, "num")
    if number not in range(1, 13) or scene.has(i, "pronoun"):
        return False
    ends = i + 1 == len(scene.lexemes) or scene.has(i + 1, "comma", "stop", "or", "and", "sep")
    last = items[-1].kind
    if last == "pos" and ends and len(items) > 1 and items[-2].days is not None:
        return True
    if last in ("sep", "comma", "stop") and scene.has(i + 1, "pos", "condition"):
        return last == "sep" or (number > 3 and any(item.atom for item in items))
    return last == "or" and ends and _hour_before(items)


def _hour_before(items: list[Item]) -> bool:
    """Whether the last day or time of the sentence is an hour, two words back at most."""
    said = next((n for n in range(len(items) - 1, -1, -1) if items[n].atom or items[n].kind == "stop"), None)
    if said is None or items[said].times is None:
        return False
    times, between = items[said].times, items[said + 1 :]
    near = sum(item.kind == "other" for item in between) <= 1 and len(between) <= 4
    return near and times is not None and times.how == "at" and times.clock is not None


def _listed_hours(scene: Scene, days: DayReader, items: list[Item], i: int) -> bool:
    """ "Two or three on Thursdays": numbers joined by "or" in front of a day are hours; and so are they before "pm",
    and after an hour was said."""
    if scene.has(i, "num") and scene.has(i + 1, "on_days") and not scene.has(i, "pronoun"):
        return scene.value(i, "num") in range(1, 13) and scene.has(i + 2, "weekday")
    if scene.value(i, "num") and len(str(scene.value(i, "digits") or "")) == 4 and days.read(i + 1):
        return TimeReader(scene).clock(i) is not None  # "1630 Mondays"
    j, count = i, 0
    hour = range(1, 13)
    while count < 4 and (scene.value(j, "num") in hour or (count and scene.has(j, "clock"))):
        read = TimeReader(scene).clock(j)
        if not read:
            break
        j, count = read[1], count + 1
        if not scene.has(j, "or", "comma"):
            break
        j += not scene.has(j, "comma") or scene.value(j + 1, "num") in hour
    listed = count > 1 and any(scene.has(k, "or") for k in range(i, j))
    if listed and _follow_a_day(scene, items, i):
        return True
    if listed and (
        any(scene.has(k, "meridiem", "oclock", "clock") for k in range(i, j)) or any(t.times for t in items)
    ):
        return True
    return listed and days.read(scene.skip(j, "glue", "oclock", "comma")) is not None


def _follow_a_day(scene: Scene, items: list[Item], i: int) -> bool:
    """ "Fridays, nine or nine thirty": hours, where numbers behind a weekday are no dates or are said as words."""
    if scene.lexicon.bare_number_is_date and scene.has(i, "digits"):
        return False
    said = next((item for item in reversed(items) if item.kind != "comma"), None)
    return said is not None and said.days is not None and bool(said.days.weekdays)


def _mark(scene: Scene, i: int) -> Item | None:
    lexeme = scene.at(i)
    if lexeme.has("onto") and moved_before(scene, i):
        return Item("onto", i, i + 1)
    if lexeme.has("correct") and lexeme.has("onto") and scene.has(scene.skip(i + 1, "glue"), *_SPANS):
        return None  # "viernes, para la próxima semana"
    if lexeme.has("hopes") or (lexeme.has("hopes_if_asked") and _in_a_question(scene, i)):
        return Item("pos", i, i + 1, word=lexeme.word)
    if lexeme.has("post_not", "not") and scene.has(i - 1, "those_days"):
        return Item("not_that", i, i + 1, word=lexeme.word)
    for kind in _MARKS:
        if lexeme.has(kind):
            return Item(kind, i, i + 1, plural=lexeme.has("quantifier"), word=lexeme.word)
    if lexeme.has(*_SILENT):
        return None
    return Item("other", i, i + 1, word=lexeme.word)


def _in_a_question(scene: Scene, i: int) -> bool:
    while i < len(scene.lexemes) and scene.at(i).word not in ("?", ".", "!", ";"):
        i += 1
    return scene.at(i).word == "?"


def moved_before(scene: Scene, i: int) -> bool:
    """Whether a word for moving an appointment stands before: "move it from Tuesday to Thursday"."""
    return any(scene.has(k, "move") for k in range(max(i - REACH, 0), i))

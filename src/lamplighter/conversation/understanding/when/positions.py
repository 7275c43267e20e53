"""Positions among the times offered: "the second one", "number two", "option b", "the last"."""

from dataclasses import dataclass

from lamplighter.conversation.understanding.context import OfferedTime
from lamplighter.conversation.understanding.lexicon import words_anywhere
from lamplighter.conversation.understanding.when.items import Item
from lamplighter.conversation.understanding.when.scene import Scene

_NO_NEWS = (
    "filler", "glue", "the", "pos", "accept", "comma", "stop", "appointment", "asap", "correct", "skip", "any", "las",
    "of", "numbered", "either",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Positions:
    """`chosen` and `refused` are indexes from 0; `missing`: a position that nothing offered has."""

    chosen: tuple[int, ...] = ()
    refused: frozenset[int] = frozenset()
    missing: bool = False
    taken: frozenset[int] = frozenset()  # lexemes that were read as positions

    def covers(self, item: Item) -> bool:
        return item.atom and any(i in self.taken for i in range(item.first, item.end))


def find_positions(view: Scene, offered: tuple[OfferedTime, ...]) -> Positions:
    """Positions said, in order; after a correction only what follows it counts."""
    chosen: list[int] = []
    refused: set[int] = set()
    taken: set[int] = set()
    missing = False
    of_dates = _are_dates(view, offered)
    for i in range(len(view.lexemes)):
        if view.has(i, "correct"):
            chosen, missing = [], False
        place = None if of_dates and view.has(i, "ord") else _place(view, i, offered)
        if place is None:
            continue
        taken.add(i)
        if not 0 <= place < len(offered):
            missing = True
        elif _refused(view, i) and not (chosen and _instead(view, i)):
            refused.add(place)
        else:
            chosen = [place] if _instead(view, i) else [*chosen, place]
    return Positions(tuple(chosen), frozenset(refused), missing and not chosen, frozenset(taken))


def _instead(view: Scene, i: int) -> bool:
    """ "The first one, no, the second one": a bare no between two positions takes the former back."""
    before = i - 1
    while view.has(before, "the", "glue", "filler", "numbered", "comma"):
        before -= 1
    return (
        view.has(before, "not")
        and view.at(before).word in words_anywhere("no_words")
        and view.has(before - 1, "comma")
    )


def _place(view: Scene, i: int, offered: tuple[OfferedTime, ...]) -> int | None:
    if view.has(i, "pick_first"):
        return 0
    if view.has(i, "pick_last"):
        return None if view.has(i + 1, "weekday", "units_weeks", "units_months") else len(offered) - 1
    if view.has(i, "pick_middle"):
        return len(offered) // 2 if len(offered) > 2 else -1
    if view.has(i, "letter"):
        return int(view.value(i, "letter")) - 1 if _alone(view, i) or " " in view.at(i).word else None
    if view.has(i, "ord"):
        return _ordinal(view, i, offered)
    if view.has(i, "num"):
        return _number(view, i, offered)
    return None


def _ordinal(view: Scene, i: int, offered: tuple[OfferedTime, ...]) -> int | None:
    """ "The third": a position where there are three, or where "one" follows; else a date."""
    place = int(view.value(i, "ord")) - 1
    if view.has(i - 1, "month") or view.has(view.skip(i + 1, "of", "of_the", "glue"), "month"):
        return None
    if view.has(i + 1, "units_weeks", "units_days", "units_months", "week_of"):
        return None
    if view.has(i - 1, "weekday") or view.has(i - 2, "weekday") and view.has(i - 1, "the"):
        return None
    if view.has(i, "position") or view.has(i + 1, "appointment", "numbered"):
        return place
    if any(time.start.day == place + 1 for time in offered) and place >= len(offered):
        return None
    return place if place < 10 else None


def _are_dates(view: Scene, offered: tuple[OfferedTime, ...]) -> bool:
    """ "The fourth doesn't work, the third does": beside an ordinal that is only a date the others are dates too."""
    days = {time.start.day for time in offered}
    said = [i for i in range(len(view.lexemes)) if view.has(i, "ord")]
    if any(view.has(i, "position") or view.has(i + 1, "appointment", "numbered") for i in said):
        return False
    return len(said) > 1 and any(len(offered) < int(view.value(i, "ord")) in days for i in said)


def _number(view: Scene, i: int, offered: tuple[OfferedTime, ...]) -> int | None:
    place = int(view.value(i, "num")) - 1
    an_hour = (place + 1) % 12 in {time.start.hour % 12 for time in offered if not time.start.minute}
    if view.has(i - 1, "numbered") and not (an_hour and place >= len(offered)):
        return place
    a_day = place + 1 in {time.start.day for time in offered}
    if not _alone(view, i) or view.has(i - 1, "at", "las", "around"):
        return None
    if view.has(i - 1, "the") and (an_hour or (a_day and view.at(i - 1).word in view.lexicon.dates_after)):
        return None
    if 0 <= place < len(offered):
        return place
    return place if place < 9 and not an_hour else None


def _alone(view: Scene, i: int) -> bool:
    """Whether nothing else in the answer says anything."""
    return all(n == i or lexeme.has(*_NO_NEWS) for n, lexeme in enumerate(view.lexemes))


def _refused(view: Scene, i: int) -> bool:
    """ "not the first one": a refusal right before, or "doesn't work" right after, or a "no" that ends its clause."""
    before = i - 1
    while view.has(before, "the", "glue", "filler", "numbered"):
        before -= 1
    after = view.skip(i + 1, "appointment", "glue", "filler")
    closes = view.has(after, "not") and (
        after + 1 >= len(view.lexemes) or view.has(after + 1, "comma", "stop")
    )
    return view.has(before, "not", "except") or view.has(after, "post_not", "none") or closes

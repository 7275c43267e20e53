"""Days that somebody takes back before they have told the rest: "Tuesdays... oh no, wait, Tuesdays I've got class.
Thursdays", "the fifth, no, sorry, that's the school play. The seventh". A word that puts right and stands right before
the day it means is none of this room's: "Monday, no, Tuesday". So with hours: "in the morning. No, wait, not the
morning, the afternoon"."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lamplighter.conversation.understanding.when.dayset import Days
from lamplighter.conversation.understanding.when.items import Item, left_out, refuse
from lamplighter.conversation.understanding.when.scene import Scene

_ENDS = ("stop", "sep", "but", "correct", "comma")
_TELLS = ("other", "busy", "post_not", "told")
_BETWEEN = ("comma", "stop", "not", "correct", "other")
_SMALL = ("other", "not", "correct")
_SPOKEN_AT_LEAST = (
    2  # words that mean nothing to us, between what is taken back and what is wished for instead
)


def without_taken_back(view: Scene, items: Sequence[Item]) -> list[Item]:
    """The items with the days left out that were taken back, and refused where it was said what else they are for."""
    found = _without_hours_taken_back(items)
    for k in range(len(found) - 1, -1, -1):
        if found[k].kind in ("not", "except"):
            _named_again(found, k)
    for k, item in enumerate(found):
        if item.kind != "correct":
            continue
        ahead = [n for n in range(k + 1, len(found)) if _is_named(found[n])]
        behind = [n for n in range(k) if _is_named(found[n])]
        if not ahead or not behind:
            continue
        first = ahead[0]
        if _with_its_reason(found, k, behind, ahead):
            continue
        same = [n for n in behind if _meets(found[n], found[first])]
        if same and _told_of(found, first) and any(not _meets(found[n], found[first]) for n in ahead[1:]):
            found[first] = refuse(found[first])
            _leave_out(found, same)
        elif not same and _instead(view, found, k, first):
            _leave_out(found, list(_last_said(found, k)))
    return found


def _without_hours_taken_back(items: Sequence[Item]) -> list[Item]:
    """Hours wished for and then refused, behind which others are said: those take their place on the same day."""
    found = list(items)
    hours = [k for k, item in enumerate(found) if item.times]
    for one, again, other in zip(hours, hours[1:], hours[2:], strict=False):
        said, refused, instead = (found[k].times for k in (one, again, other))
        if said != refused or instead == said or any(item.days for item in found[again:other]):
            continue
        nots = [k for k in range(one + 1, other) if found[k].kind == "not"]
        beside = [k for k in nots if abs(k - again) == 1]
        if not beside or found[other - 1].kind not in ("comma", "stop", "but", "correct", "not"):
            continue
        for k in (again, *(k for k in nots if k in beside or not found[k + 1].atom)):
            found[k] = left_out(found[k])
        last = max(again, beside[-1])
        found[last] = replace(found[last], kind="correct")
    return found


def _with_its_reason(items: list[Item], k: int, behind: list[int], ahead: list[int]) -> bool:
    """ "Monday, no, sorry, Tuesday, Mondays I've got a meeting": why not is told behind the day that is meant."""
    told = [n for n in ahead[1:] if _told_of(items, n) and not _meets(items[n], items[ahead[0]])]
    gone = [n for n in behind if any(_meets(items[n], items[m]) for m in told)]
    if not gone or any(_meets(items[n], items[ahead[0]]) for n in behind):
        return False
    _leave_out(items, [*gone, *told])
    for first, step, kinds in ((k, -1, ("correct", *_BETWEEN)), *((n + 1, 1, _TELLS) for n in told)):
        n = first
        while 0 <= n < len(items) and items[n].kind in kinds:
            items[n] = items[n] if items[n].kind == "comma" else left_out(items[n])
            n += step
    return True


def _named_again(items: list[Item], k: int) -> None:
    """ "Mondays or, no, not Mondays, Tuesdays": what was wished for is refused, and no more than that; "any day but
    Friday, Friday I'm at the center": what is refused is told of, and no wish."""
    at = next((n for n in range(k + 1, len(items)) if items[n].kind not in _SMALL), k)
    if at == k or not _is_named(items[at]):
        return
    behind = [n for n in range(k) if _is_named(items[n]) and _all_of(items[n], items[at])]
    ahead = [n for n in range(at + 1, len(items)) if _is_named(items[n]) and _all_of(items[n], items[at])]
    for n in ahead:
        if _told_of(items, n):
            items[n] = left_out(items[n])
    if not behind or items[at + 1 : at + 2] and items[at + 1].kind in ("or", "and", "times"):
        return
    _leave_out(items, behind)
    items[at] = refuse(items[at])
    for n in range(at - 1, behind[-1], -1):
        if items[n].kind in ("not", "except", "correct"):
            del items[n]


def _all_of(one: Item, other: Item) -> bool:
    """Whether every day of the one is one of the other, both by the name of the day or both by the same date."""
    assert one.days is not None and other.days is not None
    if one.days.dated or other.days.dated:
        return one.days == other.days
    return one.days.weekdays <= other.days.weekdays


def _is_named(item: Item) -> bool:
    """A weekday or a date, not a stretch of days that others lie in."""
    days = item.days
    if days is None or days.past or item.refused:
        return False
    return bool(days.weekdays) or (days.first is not None and days.first == days.last)


def _meets(one: Item, other: Item) -> bool:
    assert one.days is not None and other.days is not None
    return bool(_weekdays(one.days) & _weekdays(other.days))


def _weekdays(days: Days) -> frozenset[int]:
    return days.weekdays or frozenset((days.first.weekday(),) if days.first else ())


def _told_of(items: Sequence[Item], k: int) -> bool:
    """Whether the day's own clause says what it is, and no hour and no welcome: "Monday's hers", "Tuesdays I work"."""
    start, end = k, k + 1
    while start > 0 and items[start - 1].kind not in _ENDS:
        start -= 1
    while end < len(items) and items[end].kind not in _ENDS:
        end += 1
    clause = items[start:end]
    if any(
        item.times or item.kind in ("pos", "any") or (item.days and item is not items[k]) for item in clause
    ):
        return False
    return any(item.kind in _TELLS for item in clause)


def _instead(view: Scene, items: Sequence[Item], k: int, first: int) -> bool:
    """Whether something is told between a word that takes back and the day: "my bad, they switched my shift, it's"."""
    between = items[k + 1 : first]
    told = sum(item.kind in _TELLS for item in between)
    joined = first > 0 and items[first - 1].kind in ("or", "and", "any")
    quiet = not any(item.atom or item.kind in ("pos", "any") for item in between)
    return view.has(items[k].first, "takes_back") and told >= _SPOKEN_AT_LEAST and quiet and not joined


def _last_said(items: Sequence[Item], k: int) -> Iterator[int]:
    """The days said last before the word, with those joined to them."""
    n = k - 1
    while n >= 0 and items[n].kind in _BETWEEN:
        n -= 1
    while n >= 0 and (items[n].atom or items[n].kind in ("or", "and", "comma")):
        if _is_named(items[n]):
            yield n
        n -= 1


def _leave_out(items: list[Item], which: Sequence[int]) -> None:
    """Their hours go with them where others are said later: "Wednesday at ten, no, wait, ... Thursday at two"."""
    for n in which:
        items[n] = left_out(items[n])
        if n + 1 < len(items) and items[n + 1].times and any(item.times for item in items[n + 2 :]):
            items[n + 1] = left_out(items[n + 1])

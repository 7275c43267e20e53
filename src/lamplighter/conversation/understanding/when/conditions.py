"""Days that have hours of their own beside the others: "if it's Wednesday it has to be the morning", "afternoons,
except Tuesday, when only mornings will do", "no mornings unless it's Friday"."""

from collections.abc import Sequence
from dataclasses import replace

from lamplighter.conversation.understanding.when.dayset import Days
from lamplighter.conversation.understanding.when.items import Item
from lamplighter.conversation.understanding.when.scene import Scene

WEEK = frozenset(range(7))
_LINKS = ("comma", "pos", "correct", "other", "not", "any")
_ANY = ("any", "except", "not")
_DENIES = ("not", "busy", "except", "post_not")


def with_conditions(view: Scene, items: Sequence[Item]) -> list[Item]:
    """The items with each condition as the days and hours that it joins, and what was said before without them."""
    found = list(items)
    k = 0
    while k < len(found):
        if found[k].kind == "except" and view.has(found[k].first, "unless"):
            _unless(found, k)
        elif found[k].kind == "sep" and view.has(found[k].first, "condition"):
            _if(found, k)
        elif found[k].kind == "except":
            _except_when(view, found, k)
        elif found[k].kind == "pos" and view.has(found[k].first, "only"):
            _only_then(found, k)
        elif found[k].kind == "not" and view.has(found[k].first, "nor"):
            _nor(view, found, k)
        k += 1
    return found


def _weekdays(items: list[Item], k: int) -> frozenset[int]:
    days = items[k].days if k < len(items) else None
    return days.weekdays if days else frozenset()


def _if(items: list[Item], k: int) -> None:
    """ "If it's Wednesday it has to be the morning", "if it's the morning, make it Wednesday"."""
    if k + 1 >= len(items) or not items[k + 1].atom:
        return
    then = _linked(items, k + 2, items[k + 1].kind)
    if then is None or any(item.kind in _DENIES for item in items[k + 2 : then]):
        return
    weekdays = _weekdays(items, k + 1)
    del items[k + 2 : then]
    items[k] = replace(items[k], kind="stop")
    if weekdays:
        _set_apart(items, k, weekdays)


def _except_when(view: Scene, items: list[Item], k: int) -> None:
    """ "Except Tuesday, when only mornings will do", "but not Fridays, then it's afternoons", "not Fridays, Fridays
    afternoons"."""
    weekdays = _weekdays(items, k + 1)
    if not weekdays:
        return
    again = _said_again(items, k, weekdays)
    then = again + 1 if again else _linked(items, k + 2, "days")
    if then is None:
        return
    between = range(items[k + 1].end, items[then].first)
    if not again and not any(view.has(n, "then_only") for n in between):
        return
    items[k] = replace(items[k], kind="stop")
    del items[k + 2 : then]
    _set_apart(items, k, weekdays)


def _said_again(items: list[Item], k: int, weekdays: frozenset[int]) -> int | None:
    """Where the days excepted are said once more, right before their hours, behind hours of the other days."""
    again = k + 3
    if again + 1 >= len(items) or items[k + 2].kind != "comma" or not items[again + 1].times:
        return None
    return again if _weekdays(items, again) == weekdays and any(item.times for item in items[:k]) else None


def _only_then(items: list[Item], k: int) -> None:
    """ "Any day except Tuesdays, and Mondays only after two": Mondays are not of the exception."""
    if not 1 < k < len(items) - 1 or not items[k + 1].times or not _weekdays(items, k - 1):
        return
    if items[k - 2].kind not in ("and", "but", "comma") or not any(i.kind in _ANY for i in items[:k]):
        return
    weekdays = _weekdays(items, k - 1)
    items[k - 2] = replace(items[k - 2], kind="stop")
    if items[0].kind in _DENIES:
        items.insert(0, Item("days", items[0].first, items[0].first, days=Days(WEEK - weekdays)))
    else:
        _set_apart(items, k - 1, weekdays)


def _nor(view: Scene, items: list[Item], k: int) -> None:
    """ "I don't work Mondays, nor Tuesdays": both are welcome."""
    mark = next((n for n in range(k - 1, -1, -1) if not items[n].atom and items[n].kind != "comma"), None)
    if mark is not None and view.has(items[mark].first, "off_work"):
        items[k] = replace(items[k], kind="and")


def _unless(items: list[Item], k: int) -> None:
    """ "No mornings unless it's Friday": what is refused is so on the other days. Without a refusal, but for Friday."""
    weekdays = _weekdays(items, k + 1)
    if not weekdays:
        return
    clause = _clause_before(items, k)
    if clause and items[clause[0]].kind == "not" and items[clause[-1]].times:
        items[k] = replace(items[k], kind="other")
        items[k + 1] = replace(items[k + 1], days=Days(WEEK - weekdays))


def _clause_before(items: list[Item], k: int) -> list[int]:
    run: list[int] = []
    for n in range(k - 1, -1, -1):
        if items[n].kind in ("comma", "stop", "sep", "but"):
            break
        run.insert(0, n)
        if items[n].kind == "not":
            break
    return run


def _linked(items: list[Item], start: int, kind: str) -> int | None:
    """Where the other half of a condition begins, across what only links it."""
    for n in range(start, min(start + 5, len(items))):
        if items[n].atom:
            return n if items[n].kind != kind else None
        if items[n].kind not in _LINKS:
            return None
    return None


def _set_apart(items: list[Item], k: int, weekdays: frozenset[int]) -> None:
    """Takes days out of what was said before the one at k."""
    before = [n for n in range(k) if items[n].atom and items[max(n - 1, 0)].kind not in _DENIES]
    named = False
    for n in before:
        days = items[n].days
        if days is None or days.past:
            continue
        named = True
        if days.weekdays - weekdays:
            items[n] = replace(items[n], days=replace(days, weekdays=days.weekdays - weekdays))
    anything = [n for n in range(k) if items[n].kind == "any" and items[n].plural]
    if not before and anything:
        whole = items[anything[0]]
        items[anything[0]] = Item("days", whole.first, whole.end, days=Days(WEEK - weekdays), plural=True)
    if before and not named:
        at = before[-1]
        items.insert(at + 1, Item("days", items[at].end, items[at].end, days=Days(WEEK - weekdays)))

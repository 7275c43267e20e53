"""Days and times that are no wish: of the appointment that stands ("move my Tuesday visit to Thursday"), of a story
("he died in March"), of a question about opening hours."""

from lamplighter.conversation.understanding.when.items import Item
from lamplighter.conversation.understanding.when.scan import REACH, moved_before
from lamplighter.conversation.understanding.when.scene import Scene

_NEAR = 6  # lexemes
_ENDS = ("comma", "stop", "sep", "but", "or", "and", "correct", "not", "except", "onto")


def without_standing(view: Scene, items: list[Item]) -> list[Item]:
    """The items without those that say when the appointment to be moved, cancelled or kept is."""
    gone: set[int] = set()
    for k, item in enumerate(items):
        if item.kind == "old" and not _wanted(view, item.first):
            gone |= _run_after(items, k)
        elif item.kind == "cancel":
            gone |= _run_after(items, k) if items[k + 1 : k + 2] and items[k + 1].atom else set()
        elif item.kind == "told":
            gone |= _clause(items, k)
        elif item.kind == "onto":
            gone |= {n for n in range(k) if items[n].atom and items[n].first > _moved_at(view, item.first)}
        elif item.atom and _possessed(view, items, k):
            gone.add(k)
    return [item for k, item in enumerate(items) if k not in gone]


def _moved_at(view: Scene, i: int) -> int:
    return next((k for k in range(i - 1, max(i - REACH, 0) - 1, -1) if view.has(k, "move")), -1)


def _wanted(view: Scene, i: int) -> bool:
    """ "I'd like my appointment on Tuesday" speaks of one to come."""
    near = range(max(i - _NEAR, 0), i)
    return any(view.has(k, "want") for k in near) and not any(view.has(k, "move") for k in near)


def _clause(items: list[Item], k: int) -> set[int]:
    """The days and times in the clause of a word that tells a story or asks for opening hours."""
    low, high = k, k
    while low > 0 and not _parts(items, low - 1):
        low -= 1
    while high + 1 < len(items) and not _parts(items, high + 1):
        high += 1
    return {n for n in range(low, high + 1) if items[n].atom}


def _parts(items: list[Item], n: int) -> bool:
    """Whether a clause ends at the item; "and" ends one unless it joins two days or times."""
    if items[n].kind in ("and", "or"):
        return not (0 < n < len(items) - 1 and items[n - 1].atom and items[n + 1].atom)
    return items[n].kind in ("comma", "stop", "sep", "but")


def _run_after(items: list[Item], k: int) -> set[int]:
    """The days and times that follow directly."""
    run: set[int] = set()
    others = 0
    for n in range(k + 1, len(items)):
        if items[n].atom:
            run.add(n)
        elif items[n].kind in _ENDS or run:
            break
        else:
            others += 1
            if others > 2:
                break
    return run


def _possessed(view: Scene, items: list[Item], k: int) -> bool:
    """ "my Tuesday appointment", "my two o'clock", "mi cita del martes"."""
    first = next((n for n in range(k, -1, -1) if n == 0 or not items[n - 1].atom), k)
    last = next((n for n in range(k, len(items)) if n + 1 == len(items) or not items[n + 1].atom), k)
    owner = view.has(items[first].first - 1, "my") or view.has(items[first].first, "my")
    owned = view.has(items[last].end, "appointment") and not view.has(items[last].end, "pronoun")
    times = items[k].times
    return (owner and (owned or (times is not None and times.how == "at"))) or (
        owned and moved_before(view, items[k].first)
    )

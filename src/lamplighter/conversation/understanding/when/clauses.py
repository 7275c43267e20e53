"""Days and times told of somebody's life, clause by clause: "the kids have soccer Thursdays, so Tuesdays", "my
sister passed in October". What one is busy with refuses them; what happened is no wish; and where another clause says
plainly when they can come, that one counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from lamplighter.conversation.understanding.when.dayset import Days
from lamplighter.conversation.understanding.when.items import Item, left_out, refuse
from lamplighter.conversation.understanding.when.scene import Scene

_ENDS = ("stop", "sep", "but", "correct", "comma", "and", "or")
_POLAR = ("not", "busy", "except", "post_not", "not_that")
_WELCOME = ("pos", "any", "asap")
_BOUNDS = ("from", "before", "through", "by")


@dataclass(slots=True)
class Clause:
    """`items[first:end]`, and the item that stands before it ("so", a comma)."""

    first: int
    end: int
    joint: str = ""
    reason: bool = False  # begins with "because"
    busy: bool = False
    happened: bool = False
    plain: bool = False  # says when, and little else
    words: int = 0  # that mean nothing to us


def told_apart(view: Scene, items: Sequence[Item], *, unasked: bool) -> list[Item]:
    """The items with what is told of life refused or left out. `unasked`: nobody asked when they can come, so that
    only a clause that speaks of coming counts."""
    clauses = [_judged(view, items, clause) for clause in _clauses(view, items)]
    _carried_on(view, items, clauses)
    found = list(items)
    for clause in clauses:
        for k in range(clause.first, clause.end):
            if items[k].atom:
                found[k] = _heard(view, items, clauses, clause, k, unasked=unasked)
    for k in range(1, len(items)):
        if items[k].kind == "busy" and items[k - 1].atom and _bounds_below(view, items[k - 1]):
            found[k] = left_out(items[k])  # "nothing before the seventh, I'm out of the country"
    return found


def _bounds_below(view: Scene, item: Item) -> bool:
    """ "Nothing before", "no antes de": not "from the seventh on", which a busy stretch refuses."""
    first = view.at(item.first)
    return first.has("not_before") or (first.has("from") and first.word.startswith(("no", "nada", "nunca")))


def _clauses(view: Scene, items: Sequence[Item]) -> list[Clause]:
    clauses: list[Clause] = []
    start, joint, reason = 0, "", False
    for k in range(len(items) + 1):
        if k < len(items) and not _parts(items, k):
            continue
        if k > start:
            clauses.append(Clause(start, k, joint, reason))
            joint, reason = "", False
        if k < len(items):
            joint = items[k].kind if joint in ("", "comma", "and") else joint
            reason = reason or view.has(items[k].first, "because")
        start = k + 1
    return clauses


def _parts(items: Sequence[Item], k: int) -> bool:
    """Whether a clause ends at the item; a comma, "and" or "or" between two days or times joins them."""
    if items[k].kind not in _ENDS:
        return False
    if items[k].kind in ("comma", "and", "or") and 0 < k < len(items) - 1:
        before, after = items[k - 1], items[k + 1]
        return not (before.atom and after.atom) or _told_both_sides(items, k)
    return True


def _told_both_sides(items: Sequence[Item], k: int) -> bool:
    """ "I'm at the plant Monday to Thursday, Fridays I'm home": each of the two has words of its own. Of what is whole
    with its hours, the next may only be told apart: "Tuesdays after two, Mondays I've got the truck"."""
    if items[k].kind != "comma" or not _words_on(items, k, 1):
        return False
    whole = items[k - 1].times is not None and k > 1 and items[k - 2].days is not None
    return _words_on(items, k, -1) or (whole and _day_told(items, k + 1))


def _day_told(items: Sequence[Item], k: int) -> bool:
    """A day with no hours of its own, and then words that mean nothing to us."""
    after = list(takewhile(lambda item: item.kind not in _ENDS, items[k + 1 :]))
    return items[k].days is not None and bool(after) and all(item.kind == "other" for item in after)


def _words_on(items: Sequence[Item], k: int, step: int) -> bool:
    n = k + step
    while 0 <= n < len(items) and items[n].kind not in _ENDS:
        if items[n].kind == "other" or items[n].kind in _WELCOME:
            return True
        n += step
    return False


def _judged(view: Scene, items: Sequence[Item], clause: Clause) -> Clause:
    inside = items[clause.first : clause.end]
    if not any(item.atom for item in inside):
        return clause
    marks = {item.kind for item in inside}
    clause.words = sum(item.kind == "other" for item in inside)
    lexemes = range(inside[0].first, inside[-1].end)
    if marks & {*_WELCOME, *_POLAR}:
        clause.plain = True
        return clause
    if any(view.has(n, "past") or _past(view, n) for n in lexemes):
        clause.happened = not any(item.plural for item in inside if item.days)
    days = any(item.days for item in inside)
    hours = any(item.times and item.times.how != "part" for item in inside)
    bounded = any(item.times and item.times.how in _BOUNDS for item in inside)
    timed = any(view.has(n, "while") for n in lexemes)
    if not clause.happened and not timed and not bounded and (days or not hours):
        clause.busy = any(_taken_up(view, n) for n in lexemes) or _is_something(view, inside)
    clause.plain = not clause.busy and not clause.happened and clause.words == 0
    return clause


def _taken_up(view: Scene, n: int) -> bool:
    """A word for what keeps somebody busy, unless it only says from when or until when: "after class"."""
    before = n - 1
    while view.has(before, "glue", "the", "my") and before > n - 4:
        before -= 1
    return view.has(n, "taken_up") and not view.has(
        before, "after", "before", "from", "until", "by", "between"
    )


def _is_something(view: Scene, inside: Sequence[Item]) -> bool:
    """ "Tuesdays are bingo", "Wednesday's my choir": a day said to be something else."""
    day, rest = inside[0], inside[1:]
    is_it = day.days is not None and view.has(day.end, "is_what")
    return is_it and bool(rest) and all(item.kind == "other" for item in rest)


def _past(view: Scene, n: int) -> bool:
    """A word that can only be a verb in the past, by its ending."""
    lexeme = view.at(n)
    if not lexeme.has("other") or lexeme.has("not_past") or " " in lexeme.word:
        return False
    return len(lexeme.word) > 4 and any(lexeme.word.endswith(end) for end in view.lexicon.past_endings)


def _carried_on(view: Scene, items: Sequence[Item], clauses: list[Clause]) -> None:
    """What follows a busy clause without a word of welcome is of it: "therapy Mondays and OT Wednesdays"; and what
    corrects it takes its place: "she's at rehearsals Tuesdays, no, that's Thursdays"."""
    for n, clause in enumerate(clauses):
        before = clauses[n - 1] if n else None
        if before and before.busy and _says_when_that_is(view, items, clause):
            clause.happened, clause.plain = True, False
            continue
        if not before or not before.busy or clause.plain or not clause.words or clause.happened:
            continue
        if clause.joint in ("and", "correct") or (clause.joint == "comma" and clause.words > 1):
            clause.busy = True
        if clause.joint == "correct":
            before.busy, before.happened = False, True


def _says_when_that_is(view: Scene, items: Sequence[Item], clause: Clause) -> bool:
    """ "I've got choir Wednesday evenings but that's at seven": the hour is the choir's."""
    inside = items[clause.first : clause.end]
    spoken = [item for item in inside if item.atom]
    return bool(spoken) and all(item.times for item in spoken) and view.has(inside[0].first, "of_that")


def _heard(
    view: Scene, items: Sequence[Item], clauses: list[Clause], clause: Clause, k: int, *, unasked: bool
) -> Item:
    item, others = items[k], [other for other in clauses if other is not clause]
    if clause.happened:
        return left_out(item)
    if clause.busy:
        return left_out(item) if _wanted_after(items, others, clause, item) else refuse(item)
    if clause.reason and _said_without(items[: clause.first], clause, item):
        return left_out(item)
    if clause.plain or not clause.words:
        return item
    if unasked and clause.words > 1 and not _speaks_of_coming(view, items, clause):
        return left_out(item)
    if clause.joint in ("or", "sep") or any(
        other.joint == "or" and other.first >= clause.end for other in others
    ):
        return item
    beside = clause.joint == "comma" and not any(i.times for i in items[clause.first : clause.end])
    plainer = [
        i
        for other in others
        if other.plain and (clause.words > 1 or beside or other.first > k)
        for i in items[other.first : other.end]
        if i.atom
    ]
    said = [i.days for i in plainer if i.days and not i.days.past]
    if item.days and said and (_is_named(item.days) or any(days.dated for days in said)):
        return left_out(item)
    if item.times and said and any(i.days and _is_named(i.days) for i in items[clause.first : clause.end]):
        return left_out(item)
    hours = [i.times for i in plainer if i.times]
    if item.times is None or not hours:
        return item
    ahead = all(other.first > k for other in others if other.plain)
    narrowed = ahead and item.times.how in _BOUNDS and all(times.how == "part" for times in hours)
    narrowed = narrowed or (item.times.over and all(times.how == "from" for times in hours))
    return item if narrowed else left_out(item)


def _said_without(before: Sequence[Item], clause: Clause, item: Item) -> bool:
    """Whether the wish stands before its reason: "before ten, because I start at twelve"."""
    if clause.words and not clause.plain:
        return any(each.atom for each in before)
    return item.times is not None and any(each.times and each.times.how != "part" for each in before)


def _is_named(days: Days) -> bool:
    return bool(days.weekdays) or (days.first is not None and days.first == days.last)


def _wanted_after(items: Sequence[Item], others: list[Clause], clause: Clause, item: Item) -> bool:
    """ "Rehearsals Tuesdays, no, that's Thursdays. So Tuesdays": said plainly afterwards, the day is wished for."""
    if item.days is None or any(items[k].times for k in range(clause.first, clause.end)):
        return False
    later = [i for o in others if o.plain and o.first > clause.first for i in items[o.first : o.end]]
    return any(
        i.days and not i.refused and i.days.weekdays and i.days.weekdays <= item.days.weekdays for i in later
    ) and not any(i.kind in _POLAR for i in later)


def _speaks_of_coming(view: Scene, items: Sequence[Item], clause: Clause) -> bool:
    lexemes = range(items[clause.first].first, items[clause.end - 1].end)
    return any(view.has(n, "want", "appointment", "move", "onto") for n in lexemes)

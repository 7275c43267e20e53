"""Which of the days and times said are refused: "not Wednesdays", "Mondays I work late", "any day but Friday"."""

import re
from dataclasses import replace

from lamplighter.conversation.understanding.lexicon import anywhere, words_anywhere
from lamplighter.conversation.understanding.when.items import OTHERS, Item, refuse

_STOPS = ("stop", "sep", "correct", "pos", "not", "busy", "except", "post_not")
REACH = 4  # words that mean nothing to us, across which a refusal still holds


def settle(items: list[Item]) -> list[Item]:
    """The items with every refused day and time marked so."""
    items = _taken_back(list(items))
    targets = {i: target for i in range(len(items)) if (target := _target(items, i)) is not None}
    begins = set(targets.values())
    refusing, k = False, 0
    while k < len(items):
        item = items[k]
        if k in begins:
            refusing = True
            items[k] = refuse(item)
        elif k in targets:
            refusing = False
            if (
                item.word in words_anywhere("neither") and k and items[k - 1].days
            ):  # "Thursday nor Friday works"
                items[k - 1] = refuse(items[k - 1])
        elif item.kind in ("not", "except", "post_not", "not_that", "busy"):
            if not _of_its_own(items, k):
                _refuse_run_before(items, k)
            refusing = False
        elif _resumes(items, k):
            refusing = False
        elif item.atom and refusing:
            if _turns(items, k) or _bounds_the_rest(items, k) or _has_its_hours(items, k):
                refusing = False
            else:
                items[k] = refuse(item)
        k += 1
    return items


def _ends_in_but() -> tuple[str, ...]:
    return tuple(f" {word}" for word in words_anywhere("ends_in_but"))


def _target(items: list[Item], k: int) -> int | None:
    """The day or time that a "not" stands before, None where it follows what it refuses."""
    if items[k].kind == "but":
        after = items[k + 1] if k + 1 < len(items) else None
        near = after is not None and after.atom and after.first <= items[k].end + 1
        if after is not None and after.times and k and re.search(anywhere("day_word"), items[k - 1].word):
            return None  # "any day, but early": no exception to the days
        return k + 1 if near and _all_of(items, k) else None
    if items[k].kind == "post_not" and _leads_its_clause(items, k):
        n = next((n for n in range(k + 1, len(items)) if items[n].kind != "any"), k)
        return n if items[n].atom else None
    if items[k].kind not in ("not", "except", "busy"):
        return None
    if _answers_first(items, k):
        return None
    others = 0
    for n in range(k + 1, len(items)):
        if items[k].word.endswith(_ends_in_but()) and (
            items[n].kind == "pos" or (items[n].atom and items[n].first > items[k].end + 1)
        ):
            return None
        if items[n].atom:
            return None if items[k].kind in ("not", "busy") and _belongs_before(items, k, n) else n
        if items[n].kind in ("and", "or") and n == k + 1:
            return None
        if items[n].kind == "other":
            others += 1
        if items[k].kind == "busy" and (others > 1 or items[n].kind == "pos"):
            return None
        if others > REACH or items[n].kind in ("comma", "stop", "sep", "correct", "but", "post_not"):
            return None
    return None


def _leads_its_clause(items: list[Item], k: int) -> bool:
    """ "I have dialysis Mondays and Fridays": nothing stands before it that it could refuse."""
    for item in reversed(items[:k]):
        if item.atom or item.kind in ("comma", "and"):
            return False
        if item.kind in ("stop", "sep", "but"):
            return True
    return True


def _answers_first(items: list[Item], k: int) -> bool:
    """ "No, could we do Wednesday" without the comma: the no is an answer of its own."""
    after = items[k + 1] if k + 1 < len(items) else None
    bare = items[k].word in words_anywhere("no_of_answer") and after is not None and after.kind == "pos"
    return bare and after is not None and after.word.split()[0] in words_anywhere("asks_politely")


def _of_its_own(items: list[Item], k: int) -> bool:
    """ "Early in the day, I hate the dark": the clause names what it refuses, which is no day and no time; and "he's
    only off Wednesdays, he works at the airport" says why that day."""
    if _of_before(items, k):
        return True
    if items[k].kind == "busy":
        return _says_why(items, k)
    if items[k].kind != "not" or k < 1 or items[k - 1].kind not in ("comma", "stop"):
        return False
    if _says_why(items, k) and k + 1 < len(items) and items[k + 1].kind == "other":
        return True
    disliked = any(word in items[k].word for word in words_anywhere("dislikes"))
    after = items[k + 1] if disliked and k + 1 < len(items) else None
    return after is not None and after.kind == "other" and after.word not in words_anywhere("points_back")


def _of_before(items: list[Item], k: int) -> bool:
    """ "After four, before that I can't", "después de las cuatro, no puedo antes"."""
    if k + 1 < len(items) and items[k + 1].kind == "before_that":
        return True
    n = k - 1
    while n >= 0 and items[n].kind in ("other", "pos"):
        n -= 1
    return n >= 0 and items[n].kind == "before_that"


def _says_why(items: list[Item], k: int) -> bool:
    """Whether what keeps somebody busy stands in a clause of its own, behind one that welcomes a day."""
    if k < 1 or items[k - 1].kind not in ("comma", "stop", "sep"):
        return False
    clause = []
    for item in reversed(items[: k - 1]):
        if item.kind in ("comma", "stop", "sep", "but"):
            break
        clause.append("pos" if _from_then_on(item) else item.kind)
    return "pos" in clause and not {"not", "post_not", "except"} & set(clause)


def _from_then_on(item: Item) -> bool:
    """ "After three", "from June 28 on"."""
    if item.times is not None:
        return item.times.how == "from"
    return (
        item.days is not None and bool(item.days.first) and item.days.last is None and not item.days.weekdays
    )


def _all_of(items: list[Item], k: int) -> bool:
    """Whether "every" or "any weekday" stands before the "but" at k."""
    if k and items[k - 1].kind == "any":
        return items[k - 1].plural
    if k < 2 or items[k - 2].kind != "any" or not items[k - 2].plural:
        return False
    whole, part = items[k - 1].days, items[k + 1].days
    return bool(whole and part and part.weekdays and part.weekdays < whole.weekdays)


def _belongs_before(items: list[Item], k: int, n: int) -> bool:
    """ "Mondays I can't, Tuesdays are fine" without the comma: the day after is spoken for."""
    end = _run_end(items, n)
    before = next((item for item in reversed(items[:k]) if item.kind not in ("not", "busy", "other")), None)
    return (
        before is not None
        and before.atom
        and items[k].word not in words_anywhere("neither")
        and end + 1 < len(items)
        and items[end + 1].kind in ("pos", "post_not", "any")
    )


def _taken_back(items: list[Item]) -> list[Item]:
    """ "Tuesday, no, Thursday" and "at four... no, make it five" are corrections, not refusals."""
    for k, item in enumerate(items):
        if item.kind != "not" or item.word not in words_anywhere("no_words") or _refused_after(items, k):
            continue
        before = next((i for i in reversed(items[:k]) if i.kind not in ("comma", "stop")), None)
        after = next((i for i in items[k + 1 :] if i.kind not in ("comma", "stop")), None)
        listed = _listed_after_comma(items, k)
        if (
            before
            and after
            and before.atom
            and (after.kind == "correct" or (_alike(before, after) and not listed))
        ):
            items[k] = replace(item, kind="correct")
    return items


def _refused_after(items: list[Item], k: int) -> bool:
    """ "At nine no, at half past nine no": the next is refused the same way."""
    after = next((n for n in range(k + 1, len(items)) if items[n].kind not in ("comma", "stop")), None)
    if after is None or not items[after].atom:
        return False
    end = _run_end(items, after)
    return end + 1 < len(items) and items[end + 1].kind == "not" and items[end + 1].word == items[k].word


def _listed_after_comma(items: list[Item], k: int) -> bool:
    """ "Monday Tuesday Wednesday, no Thursday or Friday": several days each, and the comma before the "no" only."""
    if not 1 < k < len(items) - 3 or items[k - 1].kind != "comma" or not items[k + 1].days:
        return False
    return items[k + 2].kind in ("or", "and") and items[k + 3].days is not None


def _alike(one: Item, other: Item) -> bool:
    """Two days or two times of one kind, the second said in place of the first."""
    if one.kind != other.kind or one.plural or other.plural:
        return False
    if one.days and other.days:
        return len(one.days.weekdays) == len(other.days.weekdays) and one.days.dated == other.days.dated
    return bool(one.times and other.times and one.times.how == other.times.how != "part")


def _weekday(item: Item) -> bool:
    return item.days is not None and bool(item.days.weekdays)


def _beside_exception(items: list[Item], k: int) -> bool:
    """ "Any day but Thursday, and before noon", "and from March 1 on": no exception to the days."""
    times = items[k].times
    joint = next((item for item in reversed(items[:k]) if item.kind not in ("other", "pos")), None)
    bounds = _from_then_on(items[k]) or (times is not None and times.how != "part")
    if not bounds or joint is None or joint.kind != "and":
        return False
    mark = next((n for n in range(k - 1, -1, -1) if items[n].kind in ("not", "except", "busy", "but")), 0)
    between = [item for item in items[mark + 1 : k] if item.atom]
    return items[mark].kind in ("except", "but") and all(item.days for item in between)


def _after_each_refused(items: list[Item], k: int) -> bool:
    """ "No Mondays no Tuesdays no Wednesdays, Thursdays": what has no "no" where every other had one."""
    run: list[Item] = []
    for item in reversed(items[:k]):
        if not item.atom and item.kind not in ("not", "comma"):
            break
        run.append(item)
    refused, nots = [item for item in run if item.atom], sum(item.kind == "not" for item in run)
    return items[k - 1].kind == "comma" and nots > 1 and nots == len(refused)


def _has_its_hours(items: list[Item], k: int) -> bool:
    """ "No Thursdays, and on Fridays it has to be early"."""
    after = items[k + 1 : k + 3]
    own = (
        items[k].days is not None
        and len(after) == 2
        and after[0].kind == "pos"
        and after[1].times is not None
    )
    return own and items[k - 1].kind in ("and", "comma")


def _bounds_the_rest(items: list[Item], k: int) -> bool:
    """ "Not the Wednesday, and nothing before eleven": from an hour on, behind days that are refused."""
    times = items[k].times
    if times is None or times.how != "from" or not any(i.kind == "and" for i in items[max(k - 2, 0) : k]):
        return False
    mark = next((n for n in range(k - 1, -1, -1) if items[n].kind == "not"), None)
    between = [item for item in items[mark + 1 : k] if item.atom] if mark is not None else []
    return bool(between) and all(item.days for item in between)


def _run_end(items: list[Item], n: int) -> int:
    """The last day or time of the run joined to the one at n."""
    while n + 1 < len(items):
        if items[n + 1].atom:
            n += 1
        elif items[n + 1].kind in ("or", "and") and n + 2 < len(items) and items[n + 2].atom:
            n += 2
        else:
            break
    return n


def _refuse_run_before(items: list[Item], k: int) -> None:
    """Refuse what was named just before: the last day or time and what "and" joins to it."""
    n = k - 1
    others = 0
    while n >= 0 and not items[n].atom:
        others += items[n].kind == "other"
        stops = ("correct", "not", "except", "post_not") if items[k].kind == "not_that" else _STOPS
        if others > (1 if items[k].kind == "busy" else REACH) or items[n].kind in stops:
            return
        n -= 1
    listed = False
    while n >= 0:
        items[n] = refuse(items[n])
        if items[n].word == OTHERS:
            return
        joint = items[n - 1].kind if n else ""
        if joint in ("or", "and") and _listable(items, n):
            listed, n = True, n - 2
        elif joint == "comma" and listed and n > 1 and items[n - 2].kind == items[n].kind:
            n -= 2
        elif joint in ("days", "times") and joint != items[n].kind and not _of_an_earlier_day(items, n):
            n -= 1
        else:
            return
        if n < 0 or not items[n].atom:
            return


def _of_an_earlier_day(items: list[Item], n: int) -> bool:
    """ "Wednesdays after five, Mondays I work late": the time before the day at n goes with another day."""
    return items[n].days is not None and n > 1 and items[n - 2].days is not None


def _listable(items: list[Item], n: int) -> bool:
    """Whether the item before the joint can be of one list with this: not "from three, and Thursdays are out"."""
    before = items[n - 2] if n > 1 else None
    if before is None or before.times is None:
        return True
    return items[n].times is not None or before.times.how == "part"


def _resumes(items: list[Item], k: int) -> bool:
    return items[k].kind in ("stop", "sep", "but", "correct", "pos", "any")


def _days_of_work(items: list[Item], k: int) -> bool:
    """ "I teach from nine to three, Monday to Thursday": the days of what keeps somebody busy at those hours."""
    mark = next(
        (item for item in reversed(items[:k]) if item.kind in ("not", "busy", "except", "post_not")), None
    )
    after = items[k + 1 : k + 2]
    more = bool(after) and after[0].kind in ("comma", "and", "stop", "sep", "but")
    return mark is not None and mark.kind == "busy" and more and items[k - 2].times is not None


def _goes_on_to_the_rest(items: list[Item], k: int) -> bool:
    """ "No Fridays, next week", "not Fridays, and after ten": weeks or hours in a clause of their own, behind days of
    the week that are refused."""
    joints = [i.kind for i in items[max(k - 2, 0) : k]]
    before = next((i for i in reversed(items[:k]) if i.atom), None)
    if (
        before is None
        or not _weekday(before)
        or joints[-1:] not in (["comma"], ["and"])
        or "comma" not in joints
    ):
        return False
    days = items[k].days
    week = days is not None and days.dated and not days.weekdays and days.first != days.last
    return week or items[k].times is not None


def _turns(items: list[Item], k: int) -> bool:
    """Whether a day or time inside a refusal is meant after all: "not Wednesdays, evenings", "..., Friday is fine"."""
    if _beside_exception(items, k) or _after_each_refused(items, k):
        return True
    end = _run_end(items, k)
    if _goes_on_to_the_rest(items, k):
        return True
    joint = next((i for i in reversed(items[:k]) if i.kind not in ("other", "pos")), None)
    if joint and joint.kind == "comma":
        before = next((i for i in reversed(items[:k]) if i.atom), None)
        if before and before.times and items[k].days and _days_of_work(items, k):
            return False
        if before is None or before.kind != items[k].kind or items[k].kind == "times":
            return True
        if items[k].days and not items[k].plural and not before.plural and end == k:
            return True
        if before.plural and not items[k].plural and _weekday(items[k]):
            return True  # "can't do Fridays, Wednesday at noon"
    first = items[k - 1].kind not in ("not", "except") and not items[k - 1].refused
    return first and end + 1 < len(items) and items[end + 1].kind == "pos" and items[k - 1].kind == "comma"

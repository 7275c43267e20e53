"""Finding a time that suits: the part of a script that every booking and moving shares."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from lamplighter.conversation.actions import FindSlots, Hold, Slots
from lamplighter.conversation.details import Detail, key
from lamplighter.conversation.facts import clinician_name, find_insurer
from lamplighter.conversation.needs import (
    Ask,
    AskAnew,
    Commit,
    Do,
    Finish,
    Forget,
    HandOver,
    IfSigned,
    Need,
    Offer,
    Say,
    Take,
    args,
)
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.view import View
from lamplighter.conversation.wish import Window, Wish
from lamplighter.practice.model import Clinician, Modality, Practice, VisitKind

MINOR = 18
OTHER_TIMES = "ask.other_times"
ENOUGH = 2
"""Times to choose from, for whoever has said nothing of when they can come."""

PLAIN_TIMES = tuple(f"offer.plain.{count}" for count in (1, 2, 3))
A_WEEK, WEEKS_ON = 7, 3
ABOUT = timedelta(hours=2)
CLOSED = "why.closed_then"

MOST_LISTS = 3
"""Times that the wait list is offered in a contact before a person helps."""

MOST_ASKED = 2
"""Times after which a day on which nobody works is taken for the only one they can come."""


@dataclass(frozen=True, slots=True)
class Looking:
    """What a search is for. `clinician` and `modality` are used unless the person names others."""

    visit_kind: VisitKind
    new_patient: bool
    clinician: Clinician | None = None
    modality: str | None = None
    moving: str | None = None
    not_before: date | None = None  # a wish that names no date is meant from here on
    ask: tuple[Detail, ...] = (Detail.MODALITY,)
    ask_clinician: bool = False
    phrase: str | None = None
    phrase_args: tuple[tuple[str, str], ...] = ()
    offer: str = "offer.times"
    hour: time | None = None  # of the visit being moved: "the same time"
    unasked: Wish | None = None  # what is looked for while they have said nothing of when they can come


def choose_time(view: View, looking: Looking) -> Generator[Need, Any, Slot | None]:
    """The chosen and held slot, or None when nothing fits and the person would rather wait."""
    unasked = looking.unasked is not None and not view.asked(Detail.AVAILABILITY)
    yield Ask(
        required=() if unasked else (key(Detail.AVAILABILITY),),
        soft=tuple(key(detail) for detail in looking.ask),
        optional=(key(Detail.CLINICIAN),) if looking.ask_clinician else (),
        phrase=looking.phrase,
        args=looking.phrase_args,
    )
    slot = view.state.chosen
    if slot is None and view.state.none_suits and not view.state.phrases_said.get(OTHER_TIMES):
        if (yield IfSigned((OTHER_TIMES,))):
            yield AskAnew(OTHER_TIMES)
    if slot is None or not _still_fits(slot, view, looking):
        if _out_of_state(view) and view.value(Detail.MODALITY) == Modality.TELEHEALTH.value:
            yield Say("why.out_of_state")
        yield from _not_with_their_plan(view, slot)
        yield from _as_agreed(view, looking)
        found, reason = yield from _search(view, looking)
        if not found.slots and _insists_on_a_holiday(view, found.why_none):
            yield Say(CLOSED, args(wish=view.wish.dumps()))
            found, reason = yield from _search(view, looking, _in_the_days_after(view.wish))
        if not found.slots:
            yield from _nothing_fits(view, found.why_none)
            return None
        slot = yield Offer(found.slots, reason, phrase=looking.offer)
    yield Commit(Hold(slot, looking.moving, _who(view)))
    return slot


def _who(view: View) -> tuple[str, str, str] | None:
    said = tuple(view.value(d) for d in (Detail.FIRST_NAME, Detail.LAST_NAME, Detail.DATE_OF_BIRTH))
    first, last, born = said
    return (first, last, born) if first and last and born else None


def _plan(view: View) -> str | None:
    """What whoever sees them has to take; what is on file the desk knows."""
    return None if view.truth(Detail.SELF_PAY) else view.value(Detail.INSURANCE)


def _as_agreed(view: View, looking: Looking) -> Generator[Need, Any, None]:
    """The time that was agreed to with the one thing put right, where that is free: its hour, or how or with whom they
    meet. Everything else of it stays as it was."""
    agreed = view.state.chosen or view.state.agreed
    clock = _clock_meant(view, agreed) if agreed else None
    if agreed is None or clock is None or not _of_same_kind(agreed, view, looking):
        return
    day = agreed.start.astimezone(view.practice.timezone).date()
    named = view.clinician or looking.clinician
    found: Slots = yield Do(
        FindSlots(
            wish=Wish((Window(first=day, last=day, at=clock),)).dumps(),
            visit_kind=looking.visit_kind.id,
            modality=modality_wanted(view, looking) or agreed.modality.value,
            clinician=named.id if named else None if view.gender else agreed.clinician,
            gender=view.gender,
            language=view.value(Detail.LANGUAGE),
            born=view.born,
            insurer=_plan(view),
            new_patient=looking.new_patient,
            moving=looking.moving,
            same_time=True,
        )
    )
    if found.slots:
        yield Take(found.slots[0])


def _clock_meant(view: View, agreed: Slot) -> time | None:
    """The hour that is wanted on the day that was agreed to; None where it is another day that is wished for."""
    local = agreed.start.astimezone(view.practice.timezone).replace(tzinfo=None)
    if view.state.chosen is not None:
        return local.time()
    hours = {window.at for window in view.wish.any_of}
    at = hours.pop() if len(hours) == 1 else None
    return at if at and view.wish.allows(datetime.combine(local.date(), at)) else None


def _of_same_kind(slot: Slot, view: View, looking: Looking) -> bool:
    age = view.age_on(slot.start.date())
    seen = view.clinician or view.practice.clinician(slot.clinician)
    return slot.visit_kind == looking.visit_kind.id and (age is None or seen.min_age <= age <= seen.max_age)


def same_time(view: View, looking: Looking, start: datetime) -> Generator[Need, Any, Slot | None]:
    """The slot at this very time with what was named otherwise, held; None, said so, where there is none."""
    local = start.astimezone(view.practice.timezone)
    day, clock = local.date(), local.time().replace(tzinfo=None)
    clinician = view.clinician or looking.clinician
    request = FindSlots(
        wish=Wish((Window(first=day, last=day, at=clock),)).dumps(),
        visit_kind=looking.visit_kind.id,
        modality=modality_wanted(view, looking),
        clinician=clinician.id if clinician else None,
        born=view.born,
        insurer=_plan(view),
        new_patient=looking.new_patient,
        moving=looking.moving,
        same_time=True,
    )
    found: Slots = yield Do(request)
    if not found.slots and view.clinician is None:
        found = yield Do(replace(request, clinician=None))
    if not found.slots:
        yield Say("why.not_same_time", if_signed=True)
        return None
    yield Commit(Hold(found.slots[0], looking.moving, _who(view)))
    return found.slots[0]


def usual_times(practice: Practice, slot: Slot, today: date) -> Wish:
    """Their usual weekday at about their usual time: what is offered to whoever answers R and says no more."""
    start = slot.start.astimezone(practice.timezone)
    first = max(today, start.date() - timedelta(days=A_WEEK)) + timedelta(days=1)
    clock = start.replace(tzinfo=None)
    early, late = clock - ABOUT, clock + ABOUT
    window = Window(
        weekdays=frozenset({start.weekday()}),
        first=first,
        last=max(today, start.date()) + timedelta(days=WEEKS_ON * A_WEEK),
        start=early.time() if early.date() == clock.date() else None,
        before=late.time() if late.date() == clock.date() else None,
    )
    return Wish((window,))


def other_times(
    practice: Practice, slot: Slot, today: date, *, moving: str | None = None, refused: tuple[str, ...] = ()
) -> tuple[FindSlots, FindSlots]:
    """What R looks for without a further word: near the usual time and then, where that is too little, any time from
    that day on, with whom they see and in the same way."""
    day = max(today, slot.start.astimezone(practice.timezone).date())
    near = FindSlots(
        wish=usual_times(practice, slot, today).dumps(),
        visit_kind=slot.visit_kind,
        modality=slot.modality.value,
        clinician=slot.clinician,
        new_patient=False,
        refused=refused,
        moving=moving,
    )
    return near, replace(near, wish=Wish((Window(first=day),)).dumps())


def modality_wanted(view: View, looking: Looking) -> str | None:
    """In person when they sit where nobody here may see them by video."""
    if _out_of_state(view):
        return Modality.IN_PERSON.value
    return view.value(Detail.MODALITY) or looking.modality


def _out_of_state(view: View) -> bool:
    state = view.value(Detail.STATE)
    return state is not None and state not in view.practice.states


def _still_fits(slot: Slot, view: View, looking: Looking) -> bool:
    clinician = view.clinician or looking.clinician
    modality = modality_wanted(view, looking)
    age = view.age_on(slot.start.date())
    seen = view.practice.clinician(slot.clinician)
    return (
        slot.visit_kind == looking.visit_kind.id
        and (clinician is None or slot.clinician == clinician.id)
        and (modality is None or slot.modality.value == modality)
        and (age is None or seen.min_age <= age <= seen.max_age)
        and _on_panel(view, slot)
    )


def _on_panel(view: View, slot: Slot) -> bool:
    insurer = find_insurer(view.practice, _plan(view))
    day = slot.start.astimezone(view.practice.timezone).date()
    seen = view.practice.clinician(slot.clinician)
    return insurer is None or not insurer.taken or seen.takes(insurer.id, day)


def _not_with_their_plan(view: View, slot: Slot | None) -> Generator[Need, Any, None]:
    """They have told what they are insured by after they chose a time with whoever was free."""
    insurer = find_insurer(view.practice, _plan(view))
    if slot is None or insurer is None or view.clinician is not None or _on_panel(view, slot):
        return
    seen = view.practice.clinician(slot.clinician)
    named = args(clinician=clinician_name(seen, view.state.locale), insurer=insurer.name)
    from_day = seen.takes_from(insurer.id, view.now.date())
    if from_day is None:
        yield Say("why.not_with_plan", named, if_signed=True)
    else:
        yield Say("why.plan_from", (*named, ("day", _noon(view, from_day))), if_signed=True)


def _noon(view: View, day: date) -> str:
    return datetime.combine(day, time(12), view.practice.timezone).isoformat()


def _search(
    view: View, looking: Looking, instead: Wish | None = None
) -> Generator[Need, Any, tuple[Slots, str | None]]:
    """Looks for the clinician who was named first, then for others, saying why. `instead` of what they wished for."""
    clinician = view.clinician or looking.clinician
    known = view.value(Detail.AVAILABILITY) is not None
    wish = instead or view.wish
    wish = wish if known or looking.unasked is None else looking.unasked.excluding(*view.state.narrowed)
    request = FindSlots(
        wish=_near(wish.at_the_hour(looking.hour) if looking.hour else wish, looking.not_before).dumps(),
        visit_kind=looking.visit_kind.id,
        modality=modality_wanted(view, looking),
        clinician=clinician.id if clinician else None,
        gender=view.gender,
        language=view.value(Detail.LANGUAGE),
        born=view.born,
        insurer=_plan(view),
        new_patient=looking.new_patient,
        refused=view.state.refused,
        page=view.state.page,
        moving=looking.moving,
    )
    found: Slots = yield Do(request)
    if looking.unasked is not None and not known and len(found.slots) < ENOUGH:
        found = yield Do(replace(request, wish=_near(Wish(), looking.not_before).dumps()))
    yield from _from_a_day_on(view, clinician, found)
    if found.slots or clinician is None or looking.moving:
        return found, None
    others: Slots = yield Do(replace(request, clinician=None))
    why = _why(found.why_none) if _of_their_age(view) else "why.other_age"
    return others, why if others.slots else None


def _from_a_day_on(view: View, clinician: Clinician | None, found: Slots) -> Generator[Need, Any, None]:
    """Whoever was asked for takes their plan, and not yet."""
    if clinician is None or found.plan_from is None or found.plan is None:
        return
    day = _noon(view, found.plan_from)
    named = clinician_name(clinician, view.state.locale)
    yield Say("why.plan_from", args(clinician=named, insurer=found.plan, day=day), if_signed=True)


def _near(wish: Wish, day: date | None) -> Wish:
    """When a visit is moved, "Friday" is the Friday of its week or a later one, unless a date was named."""
    if day is None or wish.soonest or any(w.first or w.last for w in wish.any_of):
        return wish
    return replace(wish, any_of=tuple(replace(w, first=day) for w in wish.any_of or (Window(),)))


def _why(reason: str | None) -> str:
    known = {
        "clinician_not_taking": "why.clinician_not_taking",
        "too_young": "why.other_age",
        "too_old": "why.other_age",
        "clinician_kind": "why.clinician_kind",
        "not_on_panel": "why.not_on_panel",
    }
    return known.get(reason or "", "why.clinician_full")


def _nothing_fits(view: View, why: str | None) -> Generator[Need, Any, None]:
    """Says so, offers the wait list, and listens to other times. Returns when the wait list is wanted. Whom nobody here
    sees at their age is told that, and no list; whoever has refused the list again and again gets a person."""
    youngest = min(each.min_age for each in view.practice.clinicians)
    age = view.age_on(view.now.date())
    if why == "too_young" and (age is None or age < youngest):
        yield Say("answer.ages", args(age=str(youngest)))
        yield Finish()
    if view.state.phrases_said.get("ask.waitlist", 0) >= MOST_LISTS:
        yield HandOver("handoff.stuck")
    yield Say(CLOSED if why == "practice_closed_then" else "why.nothing", args(wish=view.wish.dumps()))
    told_so = sum(view.state.phrases_said.get(phrase, 0) for phrase in (CLOSED, "why.nothing"))
    on_a_holiday = _on_a_holiday(view, why) and _asked_when(view) < MOST_ASKED
    if told_so == 1 and (on_a_holiday or not view.asked(Detail.AVAILABILITY)):
        yield Forget((Detail.AVAILABILITY,))  # neither said in passing nor on a holiday is it all they can do
    yield Ask(soft=(key(Detail.WAITLIST),))
    if view.truth(Detail.WAITLIST) is False:
        yield Forget((Detail.WAITLIST, Detail.AVAILABILITY))


def _on_a_holiday(view: View, why: str | None) -> bool:
    return why == "practice_closed_then" and _of_one_date(view.wish)


def _insists_on_a_holiday(view: View, why: str | None) -> bool:
    """Told so or asked again, they named such a day again: what follows it is offered, before the wait list is."""
    told_so = bool(view.state.phrases_said.get(CLOSED))
    return _on_a_holiday(view, why) and (told_so or _asked_when(view) >= MOST_ASKED)


def _asked_when(view: View) -> int:
    return sum(n for phrase, n in view.state.phrases_said.items() if Detail.AVAILABILITY in phrase)


def _in_the_days_after(wish: Wish) -> Wish:
    """The hours that were wished for on that date, on the days of the week behind it."""
    after = tuple(
        replace(w, last=w.last + timedelta(days=A_WEEK), weekdays=frozenset()) for w in wish.any_of if w.last
    )
    return replace(wish, any_of=tuple(dict.fromkeys(after)))


def _of_one_date(wish: Wish) -> bool:
    return bool(wish.any_of) and all(window.first and window.first == window.last for window in wish.any_of)


def first_kind(view: View) -> VisitKind:
    """The kind of a first visit: as named, else what the named clinician does first, else the plain one."""
    practice = view.practice
    named = next((k for k in practice.visit_kinds if k.id == view.value(Detail.VISIT_KIND)), None)
    if named is not None:
        return named if named.first else _first_of_family(view, named)
    clinician = view.clinician if _of_their_age(view) else None
    kinds = [k for k in practice.visit_kinds if k.first and k.participants == 1]
    if clinician is not None:
        kinds = [k for k in kinds if k.id in clinician.visit_kinds] or kinds
    return kinds[0]


def _of_their_age(view: View) -> bool:
    """Whether the clinician who was named sees people as old as the patient is, as far as that is known."""
    age = view.age_on(view.now.date())
    return view.clinician is None or age is None or view.clinician.min_age <= age <= view.clinician.max_age


def _first_of_family(view: View, kind: VisitKind) -> VisitKind:
    return next((k for k in view.practice.visit_kinds if k.first and k.follow_up_kind == kind.id), kind)


def several_see(practice: Practice, kind: VisitKind) -> bool:
    """Whether there is anybody to choose between for this kind of visit."""
    return sum(kind.id in clinician.visit_kinds for clinician in practice.clinicians) > 1

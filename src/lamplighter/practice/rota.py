"""Who is rung now: the ladder of a route with whoever is on call, or treats the person, put in its place. Pure."""

import itertools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from lamplighter.law.crisis_lines import HOME, country_of, emergency_numbers
from lamplighter.practice.calendar import at_local, is_open, local_date, open_spans
from lamplighter.practice.changes import NO_CHANGES, Changes
from lamplighter.practice.model import Clinician, ClinicianId, Ladder, Practice, Rung

Route = Literal["crisis", "clinical", "human"]
Side = Literal["by_day", "after_hours"]
AHEAD: Final = timedelta(days=7)


def on_call(practice: Practice, instant: datetime) -> Clinician | None:
    """Whose week it is; weeks change at local midnight. None before the rota begins or where there is none."""
    ladder = practice.ladder
    if not ladder.on_call or ladder.rota_starts is None:
        return None
    days = (local_date(practice, instant) - ladder.rota_starts).days
    if days < 0:
        return None
    return practice.clinician(ladder.on_call[days // 7 % len(ladder.on_call)])


def rungs_now(
    practice: Practice,
    route: Route,
    instant: datetime,
    *,
    treating: ClinicianId | None = None,
    medicines: bool = False,
    licensed_first: bool = False,
    in_session: Collection[ClinicianId] = (),
    lines: bool = True,
    changes: Changes = NO_CHANGES,
    first: Sequence[str] = (),
    hours: Side | None = None,
) -> tuple[Rung, ...]:
    """The people to ring, in order, each with a number; those who are next to each other with one `together` at once.

    `medicines`: the person asked about a medicine, in so many words. `licensed_first`: what was said is for whoever is
    licensed. `in_session`: who sees somebody now; they are passed over as they wish, unless nobody else is left.
    `lines`: the person can be connected to a line such as 988. `first`: steps that a clinician has signed to be rung
    before the others for this person. `hours`: the ladder of these, whatever the time. Where nobody treats the person,
    or nobody is on call, that rung is left out; a clinical route that would be left with nobody falls back on `human`.
    """
    by_day = is_open(practice, instant) if hours is None else hours == "by_day"
    side = practice.ladder.by_day if by_day else practice.ladder.after_hours
    wanted = [rung for rung in side.get(route, ()) if _fits(rung, route, medicines)]
    ahead = [rung for rung in map(_signed(practice).get, first) if rung is not None]
    placed = [_placed(practice, rung, instant, treating, changes) for rung in (*ahead, *wanted)]
    found = _each_once(
        [rung for rung in placed if rung is not None and _may_be_rung(practice, rung, lines)], len(ahead) > 0
    )
    if not found and route == "clinical":
        return rungs_now(
            practice, "human", instant, treating=treating, in_session=in_session, lines=lines, changes=changes,
            hours=hours,
        )  # fmt: skip
    free = tuple(rung for rung in found if not _sees_somebody(practice, rung, route, in_session)) or found
    free = _one_ring_a_number(free)
    return _licensed_first(free) if licensed_first else free


def with_interpreter(practice: Practice, rungs: Sequence[Rung]) -> tuple[Rung, ...]:
    """The practice's interpreter line is rung together with whoever is rung first: never alone, for it is nobody's."""
    line = practice.ladder.interpreter
    if line is None or not rungs:
        return tuple(rungs)
    first, *others = steps(rungs)
    number = first[0].together or max(rung.together for rung in rungs) + 1
    return (
        *(replace(rung, together=number) for rung in first),
        replace(line, together=number),
        *itertools.chain(*others),
    )


def _licensed_first(rungs: Sequence[Rung]) -> tuple[Rung, ...]:
    """Also of those who would be rung together: the others have their turn after them."""
    others = (replace(rung, together=-rung.together) for rung in rungs if not rung.licensed)
    return (*(rung for rung in rungs if rung.licensed), *others)


def steps(rungs: Sequence[Rung]) -> tuple[tuple[Rung, ...], ...]:
    """In order, each step with all who are rung in it."""
    found: list[tuple[Rung, ...]] = []
    for rung in rungs:
        if found and rung.together and found[-1][0].together == rung.together:
            found[-1] = (*found[-1], rung)
        else:
            found.append((rung,))
    return tuple(found)


def _one_ring_a_number(rungs: Sequence[Rung]) -> tuple[Rung, ...]:
    """Who is on call may stand beside themselves: nobody's line is busy with ours."""
    numbers = [(rung.together, rung.phone) for rung in rungs]
    return tuple(
        rung
        for at, rung in enumerate(rungs)
        if not rung.together or (rung.together, rung.phone) not in numbers[:at]
    )


def everybody(
    practice: Practice,
    route: Route,
    instant: datetime,
    *,
    hours: Side,
    lines: bool = True,
    changes: Changes = NO_CHANGES,
) -> tuple[Rung, ...]:
    """Whoever may be rung by this route, whatever it is about; whoever treats somebody is known only with somebody."""
    either = [
        rungs_now(practice, route, instant, medicines=medicines, lines=lines, changes=changes, hours=hours)
        for medicines in (True, False)
    ]
    return tuple(dict.fromkeys(rung for rungs in either for rung in rungs))


def rung_as_of(
    practice: Practice, rung_id: str, instant: datetime, *, treating: ClinicianId | None = None
) -> Rung | None:
    """Who a step of the ladder is at that time; the step itself where nobody is in its place. None: no such step."""
    rung = _signed(practice).get(rung_id)
    return rung and (_placed(practice, rung, instant, treating, NO_CHANGES) or rung)


def _signed(practice: Practice) -> dict[str, Rung]:
    """Everybody on the ladder by id, as they are rung by themselves."""
    sides = (practice.ladder.by_day, practice.ladder.after_hours)
    rungs = (rung for side in sides for route in side.values() for rung in route)
    return {rung.id: replace(rung, together=0) for rung in rungs}


def _each_once(rungs: Sequence[Rung], by_number: bool) -> tuple[Rung, ...]:
    """`by_number`: somebody who is rung first for this person stands on the ladder by another name, too."""
    once = {(rung.phone if by_number else rung): rung for rung in reversed(rungs)}
    return tuple(rung for rung in dict.fromkeys(rungs) if once[rung.phone if by_number else rung] is rung)


def rungs_of(ladder: Ladder) -> tuple[Rung, ...]:
    """Whoever stands on any route, by day or after hours; some several times."""
    sides = (ladder.by_day, ladder.after_hours)
    return tuple(rung for side in sides for route in side.values() for rung in route)


def gaps(practice: Practice, instant: datetime, changes: Changes = NO_CHANGES) -> tuple[date, ...]:
    """The days of the coming week with an hour in which no person would be rung in a crisis."""
    end = at_local(practice, local_date(practice, instant) + AHEAD, time.min)
    return tuple(
        dict.fromkeys(
            local_date(practice, moment)
            for moment in _moments(practice, instant, end, changes)
            if not _persons(practice, moment, changes)
        )
    )


def _moments(practice: Practice, start: datetime, end: datetime, changes: Changes) -> Iterator[datetime]:
    """One of each stretch: what is rung changes at midnight, when the doors open or close, and when somebody goes away
    or comes back."""
    turns = [moment for each in changes.covers for moment in (each.start, each.end)]
    turns += [moment for each in changes.absences for moment in (each.start, each.end)]
    first = local_date(practice, start)
    for day in (first + timedelta(days=ahead) for ahead in range((end - start).days + 2)):
        turns.append(at_local(practice, day, time.min))
        for opening in open_spans(practice, day):
            turns += [opening.start, opening.end]
    yield start
    yield from sorted(moment for moment in turns if start < moment < end)


def _fits(rung: Rung, route: Route, medicines: bool) -> bool:
    return route != "clinical" or rung.about == "any" or (rung.about == "medicines") == medicines


def _may_be_rung(practice: Practice, rung: Rung, lines: bool) -> bool:
    """A number for emergencies never; 988 from a number of its own country only."""
    if not rung.phone or rung.phone.removeprefix("+") in emergency_numbers():
        return False
    return rung.kind != "line" or (lines and (rung.phone != "988" or country_of(practice.phone) == HOME))


def _sees_somebody(practice: Practice, rung: Rung, route: Route, in_session: Collection[ClinicianId]) -> bool:
    if rung.clinician not in in_session:
        return False
    wish = practice.clinician(rung.clinician).interrupt_session if rung.clinician else "never"
    return wish == "never" or route != "crisis"


def _placed(
    practice: Practice, rung: Rung, instant: datetime, treating: ClinicianId | None, changes: Changes
) -> Rung | None:
    """Who is rung there now. None: nobody is in its place, or whoever is has gone away."""
    if rung.kind in ("line", "answering_service"):
        return rung
    if rung.kind == "on_call":
        who = on_call(practice, instant)
    else:
        name = treating if rung.kind == "treating" else rung.clinician
        who = next((each for each in practice.clinicians if each.id == name), None)
    if who is None:
        named = rung.kind in ("on_call", "treating") or changes.is_away(rung.id, instant)
        return None if named else replace(rung, phone=changes.number_of(rung.id) or rung.phone)
    stands_in = _stands_in(practice, rung, who, instant, changes)
    theirs = stands_in or who
    if changes.is_away(theirs.id, instant):
        return None
    phone = changes.number_of(theirs.id)
    if stands_in is None and rung.kind == "clinician":
        return replace(rung, phone=phone or rung.phone)
    phone = phone or theirs.phone or (rung.phone if stands_in is None else None)
    return replace(rung, name=theirs.spoken_name, phone=phone, clinician=theirs.id)


def _stands_in(
    practice: Practice, rung: Rung, who: Clinician, instant: datetime, changes: Changes
) -> Clinician | None:
    """None where nobody does, or nobody who could: then the ladder rings as it was signed."""
    name = changes.cover_of(who.id, instant)
    found = practice.clinician(name) if name else None
    return found if found and may_stand_in(rung, found, changes) else None


def may_stand_in(rung: Rung, clinician: Clinician, changes: Changes) -> bool:
    """Whoever has a number of their own, and prescribes where it is about medicines."""
    reached = bool(changes.number_of(clinician.id) or clinician.phone)
    return reached and (clinician.prescribes or rung.about != "medicines")


def steps_of(practice: Practice, who: ClinicianId, start: datetime, end: datetime) -> tuple[Rung, ...]:
    """The steps that ring at some hour of that time, and in whose place they are or may come to be."""
    found: dict[Rung, None] = {}
    for moment in _moments(practice, start, end, NO_CHANGES):
        ladder, by_day = practice.ladder, is_open(practice, moment)
        for rung in itertools.chain(*(ladder.by_day if by_day else ladder.after_hours).values()):
            on_call = rung.kind == "on_call" and who in ladder.on_call
            if on_call or rung.kind == "treating" or rung.clinician == who:
                found[rung] = None
    return tuple(found)


Missing = Literal["person", "licensed"]


def missing_for(
    practice: Practice, start: datetime, end: datetime, before: Changes, after: Changes
) -> Missing | None:
    """What a change takes from whoever is in a crisis at some moment of that time: everybody, or all who are
    licensed."""
    for moment in _moments(practice, start, end, after):
        was, now = (_persons(practice, moment, changes) for changes in (before, after))
        if was and not now:
            return "person"
        if any(rung.licensed for rung in was) and not any(rung.licensed for rung in now):
            return "licensed"
    return None


def _persons(practice: Practice, moment: datetime, changes: Changes) -> tuple[Rung, ...]:
    rungs = rungs_now(practice, "crisis", moment, changes=changes)
    return tuple(rung for rung in rungs if rung.kind != "line")

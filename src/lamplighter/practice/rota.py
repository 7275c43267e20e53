"""Who is rung now: the ladder of a route with whoever is on call, or treats the person, put in its place. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from lamplighter.law.crisis_lines import HOME, country_of, emergency_numbers
from lamplighter.practice.calendar import at_local, is_open, local_date, open_spans
from lamplighter.practice.model import Clinician, ClinicianId, Practice, Rung

Route = Literal["crisis", "clinical", "human"]
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
) -> tuple[Rung, ...]:
    """The people to ring, in order, each with a number.

    `medicines`: the person asked about a medicine, in so many words. `licensed_first`: what was said is for whoever is
    licensed. `in_session`: who sees somebody now; they are passed over as they wish, unless nobody else is left.
    `lines`: the person can be connected to a line such as 988. Where nobody treats the person, or nobody is on call,
    that rung is left out; a clinical route that would be left with nobody falls back on `human`.
    """
    side = practice.ladder.by_day if is_open(practice, instant) else practice.ladder.after_hours
    wanted = [rung for rung in side.get(route, ()) if _fits(rung, route, medicines)]
    placed = [_placed(practice, rung, instant, treating) for rung in wanted]
    found = tuple(
        dict.fromkeys(rung for rung in placed if rung is not None and _may_be_rung(practice, rung, lines))
    )
    if not found and route == "clinical":
        return rungs_now(practice, "human", instant, treating=treating, in_session=in_session, lines=lines)
    free = tuple(rung for rung in found if not _sees_somebody(practice, rung, route, in_session)) or found
    return tuple(sorted(free, key=lambda rung: not rung.licensed)) if licensed_first else free


def rung_as_of(
    practice: Practice, rung_id: str, instant: datetime, *, treating: ClinicianId | None = None
) -> Rung | None:
    """Who a step of the ladder is at that time; the step itself where nobody is in its place. None: no such step."""
    sides = (practice.ladder.by_day, practice.ladder.after_hours)
    found = (rung for side in sides for rungs in side.values() for rung in rungs if rung.id == rung_id)
    rung = next(found, None)
    return rung and (_placed(practice, rung, instant, treating) or rung)


def gaps(practice: Practice, instant: datetime) -> tuple[date, ...]:
    """The days of the coming week with an hour in which no person would be rung in a crisis."""
    return tuple(
        dict.fromkeys(
            local_date(practice, moment)
            for moment in _moments(practice, instant)
            if all(rung.kind == "line" for rung in rungs_now(practice, "crisis", moment))
        )
    )


def _moments(practice: Practice, instant: datetime) -> Iterator[datetime]:
    """One of each stretch: what is rung changes at midnight and when the doors open or close."""
    first = local_date(practice, instant)
    for day in (first + timedelta(days=ahead) for ahead in range(AHEAD.days)):
        yield at_local(practice, day, time.min)
        for opening in open_spans(practice, day):
            yield from (opening.start, opening.end)


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


def _placed(practice: Practice, rung: Rung, instant: datetime, treating: ClinicianId | None) -> Rung | None:
    if rung.kind == "on_call":
        who = on_call(practice, instant)
    elif rung.kind == "treating":
        who = next((each for each in practice.clinicians if each.id == treating), None)
    else:
        return rung
    if who is None:
        return None
    return replace(rung, name=who.spoken_name, phone=who.phone or rung.phone, clinician=who.id)

"""Who is rung now: the ladder of a route with whoever is on call, or treats the person, put in its place. Pure."""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from lamplighter.practice.calendar import is_open, local_date
from lamplighter.practice.model import Clinician, ClinicianId, Practice, Rung

Route = Literal["crisis", "clinical", "human"]


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
) -> tuple[Rung, ...]:
    """The people to ring, in order, each with a number. `medicines`: the person asked about a medicine, in so
    many words. Where nobody treats the person, or nobody is on call, that rung is left out; a clinical route that
    would be left with nobody falls back on `human`.
    """
    side = practice.ladder.by_day if is_open(practice, instant) else practice.ladder.after_hours
    wanted = [rung for rung in side.get(route, ()) if _fits(rung, route, medicines)]
    placed = [_placed(practice, rung, instant, treating) for rung in wanted]
    found = tuple(dict.fromkeys(rung for rung in placed if rung is not None and rung.phone))
    if not found and route == "clinical":
        return rungs_now(practice, "human", instant, treating=treating, medicines=medicines)
    return found


def _fits(rung: Rung, route: Route, medicines: bool) -> bool:
    return route != "clinical" or rung.about == "any" or (rung.about == "medicines") == medicines


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

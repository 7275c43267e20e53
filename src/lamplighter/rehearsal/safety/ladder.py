"""What the signed ladder says about who is rung, read from its own lines.

Written apart from what rings people in earnest (`practice/rota.py`), so that the two must agree.
"""

import itertools
from collections.abc import Sequence
from dataclasses import replace

from lamplighter.law.crisis_lines import HOME, country_of
from lamplighter.practice.calendar import is_open
from lamplighter.practice.model import Practice, Rung
from lamplighter.practice.rota import on_call
from lamplighter.rehearsal.safety.scene import Scene

LICENSED_FIRST = "licensed"


def ladder_of(practice: Practice, scene: Scene, route: str, about: tuple[str, ...]) -> tuple[Rung, ...]:
    """The steps in order, for somebody whom nobody treats, while nobody is in session."""
    by_day = is_open(practice, scene.scenario.at)
    side = practice.ladder.by_day if by_day else practice.ladder.after_hours
    kept = "not_medicines" if "medicine" not in about else "medicines"
    rungs = [
        rung
        for rung in side.get(route, ())
        if rung.kind != "treating"
        and (route != "clinical" or rung.about in ("any", kept))
        and (rung.kind != "line" or _can_connect(practice, scene, rung))
        and (rung.kind != "on_call" or practice.ladder.on_call)
    ]
    if not rungs and route == "clinical":
        return ladder_of(practice, scene, "human", about)
    rungs = [rung for at, rung in enumerate(rungs) if not _twice(practice, scene, rung, rungs[:at])]
    if LICENSED_FIRST in about:
        others = [replace(r, together=-r.together) for r in rungs if not r.licensed]
        rungs = [r for r in rungs if r.licensed] + others
    return tuple(rungs)


def first_step(ladder: Sequence[Rung]) -> tuple[Rung, ...]:
    """Who is rung at once with the first of them."""
    first = ladder[0]
    beside = itertools.takewhile(lambda rung: first.together and rung.together == first.together, ladder)
    return tuple(beside) or (first,)


def _twice(practice: Practice, scene: Scene, rung: Rung, before: Sequence[Rung]) -> bool:
    """Whether their telephone rings in this step already, since it is their week on call."""

    def phone(each: Rung) -> str | None:
        week = on_call(practice, scene.scenario.at) if each.kind == "on_call" else None
        return week.phone if week else each.phone

    beside = (each for each in before if rung.together and each.together == rung.together)
    return phone(rung) in {phone(each) for each in beside}


def where(practice: Practice, scene: Scene, route: str) -> str:
    """Where it is written."""
    side = "by_day" if is_open(practice, scene.scenario.at) else "after_hours"
    return f"ladder.yaml, {side}, {route}"


def _can_connect(practice: Practice, scene: Scene, rung: Rung) -> bool:
    """A line is connected with whoever is on the telephone, and 988 from a number of its own country."""
    at_home = rung.phone != "988" or country_of(practice.phone) == HOME
    return scene.scenario.channel == "voice" and at_home

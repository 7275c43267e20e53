"""ladder.yaml: who is rung when a contact goes to a person, by day and after hours, and whose week it is on call.

A route is rung in order; several in brackets are one step of it, and are rung together.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

from lamplighter.practice.files.known import Known
from lamplighter.practice.model import Ladder, Rung
from lamplighter.practice.reading import Section
from lamplighter.practice.values import (
    DATE,
    ID,
    NAME,
    RUNG_PHONE,
    YES_NO,
    Kind,
    Unreadable,
    choice,
    reference,
    whole_number,
)

ROUTES: Final = ("crisis", "clinical", "human")
ALWAYS_ANSWERS: Final = ("answering_service", "line")
WITHOUT_NUMBER: Final = ("on_call", "treating")
MAY_WAIT: Final[Kind[Literal["refill", "lab", "form"]]] = choice("refill", "lab", "form")
WHEN: Final = {"by_day": "by day", "after_hours": "after hours"}
RungKind = Literal["staff", "clinician", "on_call", "treating", "answering_service", "line"]
KINDS: Final[Kind[RungKind]] = choice(
    "staff", "clinician", "on_call", "treating", "answering_service", "line"
)


def read_ladder(section: Section, known: Known) -> Ladder:
    rungs = _rungs(section, known)
    on_call = section.many("on_call", known.clinician, ())
    ladder = Ladder(
        by_day=_routes(section, "by_day", rungs),
        after_hours=_routes(section, "after_hours", rungs),
        on_call=on_call,
        rota_starts=section.optional("on_call_from", DATE),
        seconds=section.maybe("seconds", whole_number(5, 120), 20),
        may_wait=section.many("may_wait", MAY_WAIT, ()),
        interpreter=_interpreter(section),
    )
    _check_rota(section, ladder, known)
    return ladder


def _interpreter(section: Section) -> Rung | None:
    """Optional: whom the practice has an account with."""
    entry = section.section("interpreter")
    if entry is None:
        return None
    name, phone = entry.need("name", NAME), entry.need("phone", RUNG_PHONE)
    entry.close()
    return Rung("interpreter", name, phone, kind="interpreter")


def _rungs(section: Section, known: Known) -> dict[str, Rung]:
    people = section.need_section("people")
    if people is None:
        return {}
    rungs = {}
    for rung_id in people.names():
        entry = people.section(rung_id)
        if entry is not None:
            rungs[rung_id] = _rung(people, rung_id, entry, known)
            entry.close()
    people.close()
    return rungs


def _rung(people: Section, rung_id: str, entry: Section, known: Known) -> Rung:
    try:
        ID.read(rung_id)
    except Unreadable as wrong:
        people.add(rung_id, wrong.message, wrong.remedy)
    clinician = entry.optional("clinician", known.clinician)
    usual: RungKind = "clinician" if clinician else "staff"
    kind = entry.maybe("kind", KINDS, usual)
    theirs = (known.clinicians or {}).get(clinician or "")
    rung = Rung(
        id=rung_id,
        name=entry.need("name", NAME),
        phone=entry.optional("phone", RUNG_PHONE) or theirs,
        licensed=entry.maybe("licensed", YES_NO, kind in ("clinician", *WITHOUT_NUMBER)),
        kind=kind,
        about=entry.maybe("about", choice("any", "medicines", "not_medicines"), "any"),
        clinician=clinician,
    )
    if rung.phone is None and kind not in WITHOUT_NUMBER and "phone" not in entry.names() and not clinician:
        entry.missing("phone")
    elif rung.phone is None and clinician and known.clinicians is not None:
        entry.add("clinician", "has no telephone in people.yaml", "Add `phone:` there or here.")
    return rung


def _routes(section: Section, key: str, rungs: dict[str, Rung]) -> dict[str, tuple[Rung, ...]]:
    routes = section.need_section(key)
    if routes is None:
        return {}
    named = reference(rungs, "one of the people of this ladder")
    read = {}
    for route in ROUTES:
        steps = routes.groups(route, named)
        if all(rung_id in rungs for ids in steps for rung_id in ids):
            read[route] = _in_steps([[rungs[rung_id] for rung_id in ids] for ids in steps])
    _check_end(routes, key, read.get("crisis", ()))
    _check_clinical(routes, key, read.get("clinical", ()))
    for route, ladder in read.items():
        _check_together(routes, route, ladder)
    routes.close()
    return read


def _in_steps(steps: Sequence[Sequence[Rung]]) -> tuple[Rung, ...]:
    return tuple(
        replace(rung, together=number if len(step) > 1 else 0)
        for number, step in enumerate(steps, 1)
        for rung in step
    )


def _check_together(routes: Section, route: str, ladder: tuple[Rung, ...]) -> None:
    """Whoever always answers would leave nobody beside them a chance, and a line is announced before it is rung."""
    for rung in ladder:
        if rung.together and rung.kind in ALWAYS_ANSWERS:
            routes.add(
                route,
                f"{rung.id} always answers, and is rung together with others who then are not reached",
                f"Give it a step of its own behind them: take {rung.id} out of the brackets.",
            )


def _check_end(routes: Section, key: str, crisis: tuple[Rung, ...]) -> None:
    if crisis and key == "after_hours" and crisis[-1].kind not in ALWAYS_ANSWERS:
        routes.add(
            "crisis",
            "after hours the crisis ladder ends at somebody who may not answer",
            "End it with the answering service, or a line that always answers such as 988.",
        )
    for index, rung in enumerate(crisis[:-1]):
        if rung.phone == "988":
            routes.add(
                "crisis",
                f"people stand behind {rung.phone} and would not be rung",
                f"Move it to the end; {len(crisis) - index - 1} people come after it.",
            )


def _check_clinical(routes: Section, key: str, clinical: tuple[Rung, ...]) -> None:
    about = {rung.about for rung in clinical}
    if clinical and "any" not in about and about != {"medicines", "not_medicines"}:
        routes.add(
            "clinical",
            f"clinical questions of one kind have nobody {WHEN[key]}",
            "Add somebody whose `about` is any, or one for medicines and one for not_medicines.",
        )


def _check_rota(section: Section, ladder: Ladder, known: Known) -> None:
    used = [rung for side in (ladder.by_day, ladder.after_hours) for rungs in side.values() for rung in rungs]
    needed = any(rung.kind == "on_call" for rung in used)
    if needed and not ladder.on_call:
        section.add(
            "on_call", "the ladder rings who is on call, and nobody is", "List clinicians under on_call."
        )
    if ladder.on_call and ladder.rota_starts is None:
        section.add("on_call", "the rota has no first week", "Add `on_call_from:` with the date it begins.")
    phones = known.clinicians or {}
    for clinician in ladder.on_call:
        if clinician in phones and phones[clinician] is None:
            section.add(
                "on_call", f"{clinician} is on call without a telephone", "Add `phone:` in people.yaml."
            )

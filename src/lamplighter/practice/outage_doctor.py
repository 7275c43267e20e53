"""Somebody answers when this machine is off: whether the practice has said who, and whether anybody has tried it."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from lamplighter.practice.model import Practice
from lamplighter.practice.outage import PROOF_LASTS, Outage
from lamplighter.practice.problems import Problem
from lamplighter.practice.reading import line_of
from lamplighter.practice.rota import rungs_of

FILE: Final = "outage.yaml"
TRY_IT: Final = (
    "Have your carrier put calls through that it can't bring here, switch this machine off, call your number, and "
    "write proven_on and proven_by once {who} has answered."
)


def outage(practice: Practice, files: Mapping[str, bytes], day: date) -> list[Problem]:
    """`day` is today where the practice is."""
    found = practice.outage
    if found is None:
        return [
            Problem(
                FILE,
                0,
                "nobody has said what answers your telephone when this machine is off",
                "Copy outage.yaml from a folder that `lamplighter practice new` makes, and prove what it says.",
                "go_live",
            )
        ]
    return [*_proof(practice, found, files[FILE], day), *_watched(found, files[FILE])]


def _proof(practice: Practice, found: Outage, content: bytes, day: date) -> list[Problem]:
    line = line_of(content, "goes_to" if found.proven_on is None else "proven_on")
    remedy = TRY_IT.format(who=_name(practice, found))
    if found.proven_on is None:
        said = "nobody has proven that anybody answers your telephone when this machine is off"
        return [Problem(FILE, line, said, remedy, "go_live")]
    if found.proven_on > day:
        said = f"what answers when this machine is off is said to be proven on {found.proven_on}, which is to come"
        return [Problem(FILE, line, said, "Write the day on which somebody tried it.", "go_live")]
    if found.stale(day):
        said = (
            f"what answers when this machine is off was last proven {(day - found.proven_on).days} days ago, by "
            f"{found.proven_by}; a proof is good for {PROOF_LASTS.days}"
        )
        return [Problem(FILE, line, said, remedy, "warning")]
    return []


def _watched(found: Outage, content: bytes) -> list[Problem]:
    if found.watched_by:
        return []
    return [
        Problem(
            FILE,
            line_of(content, "goes_to"),
            "nothing outside is said to watch this machine: nobody would hear that it is off",
            "Have a checker elsewhere ask for /alive every minute; write to watched_by what it is and whom it alerts.",
            "warning",
        )
    ]


def _name(practice: Practice, found: Outage) -> str:
    return next((rung.name for rung in rungs_of(practice.ladder) if rung.id == found.goes_to), "somebody")

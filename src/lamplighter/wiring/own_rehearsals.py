"""The practice's own rehearsals, made of its contacts: drafted, read by the rehearsal's reader, kept in its folder."""

import random
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lamplighter.conversation import events as e
from lamplighter.conversation.details import Detail
from lamplighter.desk.rehearsals import PREFIX, Draft, NeverOfThis
from lamplighter.practice.model import Practice
from lamplighter.practice.problems import Problem
from lamplighter.rehearsal import inventing
from lamplighter.rehearsal.drafting import CannotBeDrafted, Drafting
from lamplighter.rehearsal.reading import read
from lamplighter.whole_files import own_folder, write_over

FOLDER: Final = "rehearsals"
KEYS: Final = (
    "id own locale channel voice sms chat at practice demo caller ladder answers nobody declines busy opens existing",
    "knows interrupts when asked says expect outcome handoff by turn details appointment never said none human",
    "weekday mon tue wed thu fri sat sun from before not after dates in person telehealth second every weeks owes",
    "email proxy booked rescheduled cancelled waitlisted message taken answered handed over abandoned example com",
)
"""What a rehearsal is written in."""
SUFFIX: Final = ".yaml"
BESIDE: Final = ".."
"""How a rehearsal in the folder names its practice."""


@dataclass(frozen=True, slots=True)
class OwnRehearsals:
    """`beside`: the folder that holds theirs; `practice`: how they name the practice that they are played on."""

    beside: Path
    practice: str = BESIDE

    @property
    def folder(self) -> Path:
        return self.beside / FOLDER

    def stock(self, practice: Practice) -> tuple[str, ...]:
        named = (practice.name, *(each.name for each in practice.clinicians))
        named = (*named, *(each.name for each in practice.insurers))
        people = (*inventing.FIRST, *inventing.LAST)
        details = (each.value.replace("_", " ") for each in Detail)
        return (*inventing.stock(), *inventing.of_the_calendar(), *named, *people, *KEYS, *details)

    def draft(
        self, practice: Practice, events: Sequence[e.Event], name: str, known: Collection[str]
    ) -> Draft:
        """Raises NeverOfThis where nobody said anything that could be said again."""
        chance = random.Random(secrets.token_bytes(16))
        try:
            return Drafting(practice, events, name, self.practice, chance, known).draft()
        except CannotBeDrafted:
            raise NeverOfThis("nobody said anything in it, or it came by email") from None

    def problems(self, name: str, text: str) -> tuple[str, ...]:
        scenarios, problems = read("the draft", text.encode("utf-8", "replace"))
        told = [_told(each) for each in problems]
        if not told and len(scenarios) != 1:
            told.append("it should be one rehearsal, and one alone")
        told += [f"its id should stay {name}" for each in scenarios if each.id != name]
        told += [
            f'its practice should stay "{self.practice}"'
            for each in scenarios
            if each.practice != self.practice
        ]
        return tuple(told)

    def keep(self, name: str, text: str) -> None:
        own_folder(self.folder)
        write_over(self._file(name), text.encode("utf-8"))

    def remove(self, name: str) -> None:
        self._file(name).unlink(missing_ok=True)

    def names(self) -> tuple[str, ...]:
        found = sorted(self.folder.glob(f"{PREFIX}*{SUFFIX}")) if self.folder.is_dir() else []
        return tuple(each.name.removesuffix(SUFFIX) for each in found)

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}{SUFFIX}"


def _told(problem: Problem) -> str:
    place = f"line {problem.line}: " if problem.line else ""
    return f"{place}{problem.message}. {problem.remedy}"

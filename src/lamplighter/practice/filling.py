"""What is left to fill in of a new practice's files, and filling it in: a question each, checked as it is answered."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import phonenumbers
from phonenumbers import timezone as phone_zones

from lamplighter.law.crisis_lines import emergency_numbers
from lamplighter.practice.load import check
from lamplighter.practice.problems import Problem
from lamplighter.practice.reading import FILL_IN

_OPEN: Final = re.compile(
    rf"^(?P<before>(?:[^#]*?[:\[ ])?)(?P<mark>{FILL_IN}(?P<hint>[^\]#]*?))(?P<after>\s*(?:[\]#].*)?)$"
)
_EXAMPLE: Final = " such as "
NEVER_DIALLED: Final = (
    "that is a number for emergencies, which nobody here ever dials",
    "Write the number of somebody here: in danger people hear the other first of all, and dial it themselves.",
)


@dataclass(frozen=True, slots=True)
class Gap:
    """One line that only the practice's owner can write. `many`: several answers may stand there, with commas."""

    file: str
    line: int
    key: str
    hint: str
    many: bool

    @property
    def what(self) -> str:
        return self.hint.partition(_EXAMPLE)[0].rstrip(",")

    @property
    def example(self) -> str:
        return self.hint.partition(_EXAMPLE)[2]


def gaps_in(folder: Path) -> tuple[Gap, ...]:
    """Everything that is left to fill in, in the order in which it is best asked."""
    found = [gap for path in sorted(folder.glob("*.yaml")) for gap in _gaps(path)]
    order = ("practice.yaml", "people.yaml", "ladder.yaml")
    return tuple(sorted(found, key=lambda gap: order.index(gap.file) if gap.file in order else len(order)))


def fill(folder: Path, gap: Gap, answer: str) -> Problem | None:
    """Writes the answer in its line; what is wrong with it, and then the line is as it was."""
    if gap.key == "phone" and re.sub(r"\D", "", answer) in emergency_numbers():
        return Problem(gap.file, gap.line, *NEVER_DIALLED)
    path = folder / gap.file
    before = path.read_text("utf-8")
    lines = before.split("\n")
    lines[gap.line - 1] = _with(lines[gap.line - 1], _written(answer, gap.many))
    path.write_text("\n".join(lines), "utf-8")
    wrong = next((each for each in check(folder) if (each.file, each.line) == (gap.file, gap.line)), None)
    if wrong is not None:
        path.write_text(before, "utf-8")
    return wrong


def ask_all(folder: Path, ask: Callable[[str, str], str | None], tell: Callable[[str], None]) -> None:
    """Asks for one after another: `ask` gets the question and what is taken when nothing is answered ("" for nothing,
    and then the line stays open), and answers None when nobody answers any more."""
    answers: dict[str, str] = {}
    for gap in gaps_in(folder):
        answer = _answered(folder, gap, _suggested(gap.key, answers), ask, tell)
        if answer is None:
            return
        answers.setdefault(gap.key, answer)


def _answered(
    folder: Path,
    gap: Gap,
    suggested: str,
    ask: Callable[[str, str], str | None],
    tell: Callable[[str], None],
) -> str | None:
    question = f"{gap.what[:1].upper()}{gap.what[1:]}" + (f" (such as {gap.example})" if gap.example else "")
    while True:
        answer = ask(question, suggested)
        if answer is None:
            return None
        answer = answer.strip() or suggested
        if not answer:
            return ""
        wrong = fill(folder, gap, answer)
        if wrong is None:
            return answer
        tell(f"{wrong.message[:1].upper()}{wrong.message[1:]}. {wrong.remedy}")


def _suggested(key: str, answers: dict[str, str]) -> str:
    if key == "licensed_in":
        return answers.get("licensed_in") or answers.get("state", "")
    if key == "timezone":
        return _zone_of(answers.get("phone", ""))
    return ""


def _zone_of(phone: str) -> str:
    """The time zone of a telephone number's area; empty where it lies in several, or in none."""
    try:
        zones = phone_zones.time_zones_for_number(phonenumbers.parse(phone, "US"))
    except phonenumbers.NumberParseException:
        return ""
    return zones[0] if len(zones) == 1 and zones[0] != "Etc/Unknown" else ""


def _gaps(path: Path) -> Iterator[Gap]:
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        found = None if line.lstrip().startswith("#") else _OPEN.match(line)
        if found:
            key = found["before"].partition(":")[0].strip(" -")
            yield Gap(path.name, number, key, found["hint"].strip(), found["before"].endswith("["))


def _with(line: str, written: str) -> str:
    found = _OPEN.match(line)
    return line if found is None else found["before"] + written + found["after"]


def _written(answer: str, many: bool) -> str:
    """In quotes, so that nothing in it means anything to YAML."""
    parts = [part.strip() for part in answer.split(",")] if many else [answer]
    return ", ".join(json.dumps(part, ensure_ascii=False) for part in parts if part)

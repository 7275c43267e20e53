"""What people say, from the guard's cases and the rehearsals: the sentences that benches replay."""

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
CASES = ROOT / "src" / "lamplighter" / "conversation" / "guard" / "cases"
REHEARSALS = ROOT / "rehearsals"


def utterances(count: int) -> list[tuple[str, str]]:
    """`count` different pairs of locale and text, from all locales alike: some of the known sentences, or every one and
    then each again with a number after it."""
    known = sorted({*guard_cases(), *rehearsed()})
    if count < len(known):
        return [known[number * len(known) // count] for number in range(count)]
    again = (
        (locale, f"{text} {number}") for number in range(2, 2 + count // len(known)) for locale, text in known
    )
    return list(islice(chain(known, again), count))


def guard_cases() -> Iterator[tuple[str, str]]:
    for file in sorted(CASES.rglob("*.yaml")):
        for scenario in load(file)["scenarios"]:
            yield from ((file.parent.name, line) for line in scenario["cases"].splitlines() if line)


def rehearsed() -> Iterator[tuple[str, str]]:
    for file in sorted(REHEARSALS.rglob("*.yaml")):
        for scenario in load(file):
            said = [scenario["opens"], *flat(scenario.get("knows", {}).values())]
            said += [interrupt["says"] for interrupt in scenario.get("interrupts", [])]
            yield from ((scenario["locale"], str(text)) for text in said if text)


def flat(answers: Any) -> Iterator[object]:
    for answer in answers:
        if isinstance(answer, list):
            yield from answer
        else:
            yield answer


def load(file: Path) -> Any:
    return YAML(typ="safe").load(file.read_text(encoding="utf-8"))

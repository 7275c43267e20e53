"""The written cases: what trains the classifier, and what it is measured on.

`cases/<locale>/*.yaml` lists scenarios; a scenario's `cases` is a block of text, a case a line. A
scenario marked `held` never trains anything; one marked `hard` looks like danger and is not. In one marked
`background`, which only a clear one may be, somebody tells why they come. A crisis says its `kind`:
one word for all its cases, or a list with a word for each; a language may have none yet.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml  # type: ignore[import-untyped]

from .guard import ORDER, Kind

TRAINED = (
    "en",
    "es",
)  # the locales whose cases train the classifier; the others' wait for a model that reads them
VEILED = ("burden", "goodbye", "passive", "veiled")
KINDS = (
    "abuse",
    "danger-to-others",
    "direct",
    "elder",
    "frightened-parent",
    "medical",
    "mid-booking",
    "overdose",
    "plan",
    "postpartum",
    "self-harm",
    "sexual-assault",
    "teen",
    "third-party",
    "violence-at-home",
    "voices",
    *VEILED,
)
"""Of crisis. What is veiled has to be understood from a hint; everything else says what is the matter."""
SHARED_LIMIT = 0.6  # of their character 4-grams that two cases of a locale may share


@dataclass(frozen=True, slots=True)
class Case:
    """One sentence someone could have said, and its verdict. `of`: the kind of crisis; None for what is none, or of
    which nobody has said it yet. `background`: it tells why somebody comes, or what they live with, and asks nothing
    of a clinician."""

    text: str
    verdict: Kind
    locale: str
    scenario: str
    held: bool
    hard: bool
    of: str | None = None
    background: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One file of cases: who wrote it and who has reviewed it (nobody: None)."""

    locale: str
    name: str
    author: str | None
    reviewer: str | None


class CaseError(ValueError):
    """A case file that cannot be used; the message names file, scenario and remedy."""


def load_cases(locales: Collection[str] = TRAINED) -> tuple[Case, ...]:
    """The written cases of some locales, in file order. Raises CaseError."""
    return tuple(case for locale, name, content in _files(locales) for case in read(locale, name, content))


def written_locales() -> tuple[str, ...]:
    """The locales that somebody has written cases for."""
    folder = files(__package__) / "cases"
    return tuple(sorted(entry.name for entry in folder.iterdir() if entry.is_dir()))


def load_pages(locales: Collection[str] = TRAINED) -> tuple[Page, ...]:
    """The files of cases of some locales, and who stands behind each."""
    return tuple(
        Page(locale, name, content.get("author"), content.get("reviewer"))
        for locale, name, content in _files(locales)
    )


def _files(locales: Collection[str]) -> Iterator[tuple[str, str, Any]]:
    folder = files(__package__) / "cases"
    for locale in sorted(locales):
        pages = sorted(entry.name for entry in (folder / locale).iterdir() if entry.name.endswith(".yaml"))
        for page in pages:
            text = (folder / locale / page).read_text("utf-8")
            yield locale, f"cases/{locale}/{page}", yaml.load(text, Loader=yaml.CSafeLoader)


def read(locale: str, page: str, content: Any) -> Iterator[Case]:
    """The cases of one file's content; `page` names it. Raises CaseError."""
    seen: set[str] = set()
    for scenario in content["scenarios"]:
        name, verdict = scenario["id"], scenario["verdict"]
        if verdict not in ORDER:
            raise CaseError(f"{page}, scenario {name}: verdict {verdict!r} is not one of {', '.join(ORDER)}")
        if name in seen:
            raise CaseError(f"{page}: the scenario {name} is there twice; give one another id")
        seen.add(name)
        lines = [line.strip() for line in scenario["cases"].splitlines() if line.strip()]
        held, hard = scenario.get("held", False), scenario.get("hard", False)
        background = scenario.get("background", False)
        if background and verdict != "clear":
            raise CaseError(f"{page}, scenario {name}: only a clear one is background; take it out")
        for line, kind in zip(lines, _kinds(page, scenario, len(lines)), strict=True):
            yield Case(line, verdict, locale, f"{page}#{name}", held, hard, kind, background)


def _kinds(page: str, scenario: Any, cases: int) -> Sequence[str | None]:
    """The kind of each case, where they are of a crisis."""
    kind, where = scenario.get("kind"), f"{page}, scenario {scenario['id']}"
    if scenario["verdict"] != "crisis":
        if kind is not None:
            raise CaseError(f"{where}: only a crisis has a kind; take it out")
        return [None] * cases
    kinds = kind if isinstance(kind, list) else [kind] * cases
    if len(kinds) != cases:
        raise CaseError(f"{where}: {len(kinds)} kinds for {cases} cases; give one for all, or one for each")
    if unknown := [each for each in kinds if each is not None and each not in KINDS]:
        raise CaseError(f"{where}: kind {unknown[0]!r} is not one of {', '.join(sorted(KINDS))}")
    return kinds


def four_grams(text: str) -> frozenset[str]:
    """The character 4-grams of a text, case and spacing apart."""
    plain = " ".join(text.casefold().split())
    return frozenset(plain[i : i + 4] for i in range(max(1, len(plain) - 3)))


def too_alike(cases: tuple[Case, ...]) -> list[tuple[Case, Case]]:
    """Pairs of one locale's cases that share more of the longer one's 4-grams than the limit.

    Two that share so many have one of their rarest in common, so that only those who do are compared.
    """
    grams = [(case, four_grams(case.text)) for case in cases]
    often = Counter((case.locale, gram) for case, own in grams for gram in own)
    holders: dict[tuple[str, str], list[int]] = {}
    pairs: list[tuple[Case, Case]] = []
    for number, (case, own) in enumerate(grams):
        rarest = sorted(own, key=lambda gram: (often[case.locale, gram], gram))
        met: set[int] = set()
        for gram in rarest[: len(own) - int(SHARED_LIMIT * len(own))]:
            holding = holders.setdefault((case.locale, gram), [])
            met.update(holding)
            holding.append(number)
        for other in sorted(met):
            theirs = grams[other][1]
            enough = SHARED_LIMIT * max(len(own), len(theirs))
            if min(len(own), len(theirs)) > enough and len(own & theirs) > enough:
                pairs.append((grams[other][0], case))
    return pairs

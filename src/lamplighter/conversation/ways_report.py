"""What hands over by the right way, written to a page: `python -m lamplighter.conversation.ways_report docs/ways.md`.

Of the cases held out that the guard hears as a crisis: how many take the way that their kind asks for. A page for those
who answer for it; nothing that it counts is kept or shown of anybody.
"""

import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Final

from lamplighter.conversation import events as e
from lamplighter.conversation.guard import Guard
from lamplighter.conversation.guard.cases import load_cases, written_locales
from lamplighter.conversation.guarding import about_what
from lamplighter.conversation.state import State
from lamplighter.conversation.ways import NEVER_CALL, QUIET, RECKONED, SHIPPED

WAY_OF: Final[Mapping[str, str]] = {
    "violence-at-home": "home",
    "abuse": "licensed",
    "danger-to-others": "licensed",
    "medical": "medical",
    "overdose": "medical",
    "sexual-assault": "assault",
}
"""The way that a kind of case asks for."""
ELSE: Final = ("direct", "plan", "goodbye", "burden", "passive", "veiled", "self-harm")
"""Kinds that go the general way: whoever speaks of them and takes another is one too many."""
QUIETLY: Final = "nothing goes out"
BEGIN: Final = (
    "<!-- written by python -m lamplighter.conversation.ways_report; what stands below is measured -->\n"
)
Counted = dict[tuple[str, str], tuple[int, int]]


def counted(locales: Collection[str]) -> Counted:
    """By language and by row, how many of how many."""
    guard, hits, of = Guard.load(), Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for case in load_cases(locales):
        if not case.held or case.of not in {*WAY_OF, *ELSE}:
            continue
        verdict = guard.check(case.text, case.locale, "sms")
        if verdict.verdict != "crisis":
            continue
        about = about_what(SHIPPED, State(locale=case.locale), e.Heard(case.text), verdict)
        for row, hit in _rows(case.of, about):
            of[case.locale, row] += 1
            hits[case.locale, row] += hit
    return {key: (hits[key], of[key]) for key in of}


def _rows(kind: str, about: Collection[str]) -> Iterator[tuple[str, bool]]:
    quiet = not set(QUIET).isdisjoint(about)
    if kind not in WAY_OF:
        yield "another way, wrongly", any(name not in QUIET for name in about)
        yield "nothing goes out, wrongly", quiet
        yield "nobody calls back, wrongly", not set(NEVER_CALL).isdisjoint(about)
        return
    ways = {"home" if name == RECKONED else name for name in about}
    yield f"{kind}: {WAY_OF[kind]}", WAY_OF[kind] in ways
    if kind == "violence-at-home":
        yield f"{kind}: {QUIETLY}", quiet


def page(found: Counted) -> str:
    """A table, a language a row."""
    rows = [*(f"{kind}: {way}" for kind, way in WAY_OF.items())]
    rows.insert(1, f"violence-at-home: {QUIETLY}")
    rows += ["another way, wrongly", "nothing goes out, wrongly", "nobody calls back, wrongly"]
    locales = sorted({locale for locale, _ in found})
    lines = ["| language | " + " | ".join(rows) + " |", "|---" * (len(rows) + 1) + "|"]
    for name, some in [*((locale, [locale]) for locale in locales), ("all", locales)]:
        lines += [f"| {name} | " + " | ".join(_cell(found, some, row) for row in rows) + " |"]
    return "\n".join(lines) + "\n"


def _cell(found: Counted, locales: Collection[str], row: str) -> str:
    some = [found[locale, row] for locale in locales if (locale, row) in found]
    return f"{sum(hits for hits, _ in some)} of {sum(of for _, of in some)}" if some else "none"


def main(path: Path) -> None:
    """Writes the table below the page's mark; what stands above it stays."""
    above = path.read_text("utf-8").partition(BEGIN)[0]
    path.write_text(f"{above}{BEGIN}\n{page(counted(written_locales()))}", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""How well the guard does on scenarios it never trained on: `python -m lamplighter.conversation.guard.report`.

Recall stands with its 95% Wilson interval. All cases were written by the project itself; none comes
from a real contact.
"""

import math
from collections.abc import Iterator, Sequence

from .cases import Case, load_cases
from .guard import Guard, Kind

Row = tuple[str, int, int]
_SCREENED: tuple[Kind, ...] = ("crisis", "clinical", "human")


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95% Wilson interval of a share. `of` 0: (0.0, 1.0)."""
    if of == 0:
        return 0.0, 1.0
    z, share = 1.96, hits / of
    middle = share + z * z / (2 * of)
    spread = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, (middle - spread) / (1 + z * z / of)), min(1.0, (middle + spread) / (1 + z * z / of))


def measure(guard: Guard, cases: Sequence[Case]) -> Iterator[Row]:
    """Rows of (what is counted, how many, of how many), for each locale of the cases."""
    for locale in sorted({case.locale for case in cases}):
        own = [
            (case, guard.check(case.text, locale, "chat").verdict) for case in cases if case.locale == locale
        ]
        for kind in _SCREENED:
            verdicts = [verdict for case, verdict in own if case.verdict == kind]
            yield f"{locale} {kind}: caught as {kind}", verdicts.count(kind), len(verdicts)
            yield f"{locale} {kind}: reaches a person", len(verdicts) - verdicts.count("clear"), len(verdicts)
        for hard, name in ((False, "clear"), (True, "hard clear")):
            verdicts = [verdict for case, verdict in own if case.verdict == "clear" and case.hard == hard]
            yield f"{locale} {name}: false alarms", len(verdicts) - verdicts.count("clear"), len(verdicts)


def lines(guard: Guard, held: Sequence[Case]) -> Iterator[str]:
    """The report on some cases, a line at a time."""
    yield f"held-out scenarios: {len({case.scenario for case in held})}, cases: {len(held)}"
    for name, hits, of in measure(guard, held):
        low, high = wilson(hits, of)
        yield f"{name:<42} {hits:>4}/{of:<4} {hits / max(of, 1):.3f}  [{low:.3f}, {high:.3f}]"


if __name__ == "__main__":
    print("\n".join(lines(Guard.load(), [case for case in load_cases() if case.held])))

"""Which held-out cases lie near to one that the classifier learned from: most of their letters stand in it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from .cases import SHARED_LIMIT, Case, four_grams


@dataclass(frozen=True, slots=True)
class Near:
    """Of a held-out case's 4-grams more than SHARED_LIMIT stand in `trained`, which may be longer."""

    held: Case
    trained: Case


def near(cases: Sequence[Case]) -> list[Near]:
    """The held-out cases that lie near to one of their own language, each with the one that it shares most with.

    Any that shares so many has one of its rarest in common with it, so that only those who do are compared.
    """
    trained = [(case, four_grams(case.text)) for case in cases if not case.held]
    often = Counter((case.locale, gram) for case, own in trained for gram in own)
    holders = defaultdict(list)
    for number, (case, own) in enumerate(trained):
        for gram in own:
            holders[case.locale, gram].append(number)
    found = []
    for case in cases:
        if not case.held:
            continue
        own = four_grams(case.text)
        rarest = sorted(own, key=lambda gram: (often[case.locale, gram], gram))
        met = {
            number
            for gram in rarest[: len(own) - int(SHARED_LIMIT * len(own))]
            for number in holders.get((case.locale, gram), ())
        }
        most = max(met, key=lambda number: (len(own & trained[number][1]), -number), default=None)
        if most is not None and len(own & trained[most][1]) > SHARED_LIMIT * len(own):
            found.append(Near(case, trained[most][0]))
    return found

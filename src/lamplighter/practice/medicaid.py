"""By what names people speak of Medicaid: the word itself, and what states call their own programs."""

import re
from typing import Final

STATES_NAMES: Final = (
    "ahcccs", "apple health", "badger ?care", "cardinal care", "centennial care", "denali ?care", "diamond state",
    "dr dynasaur", "equality ?care", "family ?care", "forward ?health", "green mountain care", "health first colorado",
    "healthy (?:indiana|louisiana|michigan|blue|opportunities)", "heritage health",
    "hoosier (?:healthwise|care connect)", "husky", "iowa health link", "kan ?care", "maine ?care", "mass ?health",
    "med ?quest", "medi ?cal", "medical assistance", "mo ?healthnet", "mountain health trust", "oregon health plan",
    "peach ?care", "rite ?care", "sooner ?(?:care|select)", "tenn ?care", "turquoise care",
)  # fmt: skip
_NAMED: Final = re.compile(rf"medicai?d\b|\b(?:{'|'.join(STATES_NAMES)})\b")


def names_medicaid(insurer: str) -> bool:
    """Whether a plan's name, as somebody wrote or said it, says that it is Medicaid."""
    plain = re.sub(r"[^a-z]+", " ", insurer.casefold())
    return _NAMED.search(plain) is not None

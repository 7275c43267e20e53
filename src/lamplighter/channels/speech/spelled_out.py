"""Letters that somebody spelled, and the recogniser wrote as one word in capitals: "Okafor, OKAFOR"."""

import re
from collections.abc import Iterable
from typing import Final

NAMES: Final = frozenset({"first_name", "last_name", "preferred_name"})
CAPITALS: Final = re.compile(r"(?<![\w-])[^\W\d_a-z]{4,}(?![\w-])")
"""Four letters at least: shorter words in capitals are kinds of plans and states."""


def letters_apart(text: str, asked: Iterable[str]) -> str:
    """The same with those letters apart ("O-K-A-F-O-R"), where a name was asked for; a text that is in capitals
    throughout says nothing by them."""
    if not NAMES & {detail.rpartition(".")[2] for detail in asked} or text.upper() == text:
        return text
    return CAPITALS.sub(lambda word: "-".join(word.group()), text)

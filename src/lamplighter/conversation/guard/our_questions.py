"""Answers to a question of ours that sound like danger only without it, curated for a clinician to read and edit."""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from ruamel.yaml import YAML

from .text import fold

FILE = files(__package__) / "our_questions.yaml"
_MARKS = re.compile(r"[^\w ]+")


@cache
def _questions() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    written = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))["questions"]
    return tuple((frozenset(each["asked"]), frozenset(each["answers"])) for each in written)


def answers_ours(text: str, asked: Sequence[str]) -> bool:
    """Whether `text` is, whole, one of the answers to one of the phrases `asked`; a phrase of several forms
    ("which_visit.3") by its name."""
    bare = " ".join(_MARKS.sub("", fold(text).lower()).split())
    names = {name for phrase in asked for name in (phrase, phrase.rpartition(".")[0])}
    return any(bare in answers and names & phrases for phrases, answers in _questions())

"""What an automated front desk is asked and can't answer: secrecy, and what only a clinician may judge. Pure.

Rules of this room: the guard has read the words and let them go on; one fixed answer, and the errand goes on where it
was; what else was said counts, but no yes and no no: "so it's private, right?" agrees to nothing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import yaml  # type: ignore[import-untyped]

from lamplighter.conversation.acts import Act, Affirm, Aside, Deny, Interject
from lamplighter.conversation.ways import plain

KINDS: Final[Mapping[str, Aside]] = {"private": Aside.PRIVATE, "beyond": Aside.BEYOND}
HEARD_TOO: Final = frozenset(
    {
        Aside.ABUSE,
        Aside.MINOR_SELF,
        Aside.PRESSES,
        Aside.SOMEBODY_ELSE,
        Aside.WRONG_NUMBER,
    }
)
"""What counts beside such a question wherever it is said: who asks whether their parents are told may be fifteen."""
LEFT_OVER: Final = 3
"""Fewer words than these beside the question, in its own clause, belong to it: "wait", "right"."""

_CLAUSES: Final = re.compile(r"[^.?!;,\n¿¡]+[.?!;,\n]*")


@dataclass(frozen=True, slots=True)
class Asked:
    """In one language: what asks it, what must be heard so and what must not."""

    kind: str
    language: str
    words: re.Pattern[str]
    must: tuple[str, ...]
    must_not: tuple[str, ...]


@cache
def pages() -> tuple[Asked, ...]:
    raw = files(__package__).joinpath("boundaries.yaml").read_bytes()
    page = yaml.load(raw, Loader=yaml.CSafeLoader)
    return tuple(
        Asked(kind, language, _compiled(part["words"]), tuple(part["must"]), tuple(part["must_not"]))
        for kind in KINDS
        for language, part in page[kind].items()
    )


def _compiled(words: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'])(?:{'|'.join(words)})(?![\w'])")


def asked_in(text: str) -> tuple[str, ...]:
    """The kinds that are asked in it, whatever language the contact is in: people switch."""
    words = plain(text)
    return tuple(dict.fromkeys(page.kind for page in pages() if page.words.search(words)))


def apart(text: str, understand: Callable[[str], tuple[Act, ...]]) -> tuple[Act, ...]:
    """The acts of `text`, with an aside for each thing that is asked so, and what `understand` makes of the rest."""
    kinds = asked_in(text)
    if not kinds:
        return understand(text)
    rest = _rest(text)
    acts = understand(rest) if rest else ()
    told = (act for act in acts if not isinstance(act, Affirm | Deny | Interject))
    beside = (act for act in understand(text) if isinstance(act, Interject) and act.aside in HEARD_TOO)
    return (*(Interject(KINDS[kind]) for kind in kinds), *beside, *told)


def _rest(text: str) -> str:
    """Without the words that ask, and without what only hangs on them ("..., right?")."""
    kept: list[str] = []
    asked = False
    for clause in _CLAUSES.findall(text):
        without = _without(clause)
        if not (asked and len(without.split()) < LEFT_OVER):
            kept.append(without)
        asked = asked or without != clause.strip()
    return " ".join(filter(None, kept))


def _without(clause: str) -> str:
    """A clause without the words that ask."""
    words, said = clause.split(), plain(clause)
    found = next((match for page in pages() if (match := page.words.search(said))), None)
    if found is None:
        return clause.strip()
    before, after = said[: found.start()].split(), said[found.end() :].split()
    left = words[: len(before)] + (words[-len(after) :] if after else [])
    return " ".join(left) if len(left) >= LEFT_OVER else ""

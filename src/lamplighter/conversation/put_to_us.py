"""What is put to the desk itself and has one answer for everybody: what speaks, whether it is taken down, and anything
of somebody else's: `put_to_us.yaml`, read.

Rules of this room: the guard has heard the words before; nothing of such a question is taken for a detail or an errand;
what was said beside it is understood as ever; who asks about somebody else is never taken for them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml  # type: ignore[import-untyped]

from lamplighter.conversation.acts import Act, Aside, Intend, Interject
from lamplighter.conversation.details import Detail, Errand
from lamplighter.conversation.state import State
from lamplighter.conversation.understanding.text import Said, fold

Acts = tuple[Act, ...]

ABOUT_US: Final[Mapping[str, Aside]] = {
    "machine": Aside.ROBOT,
    "recorded": Aside.RECORDED,
}
ABOUT_ANOTHER: Final[Mapping[str, Aside]] = {
    "care": Aside.PRESSES,
    "another": Aside.SOMEBODY_ELSE,
}
PRESSES: Final[Acts] = (Interject(Aside.PRESSES),)
NEITHER: Final = "aside.somebody_else"
OF_A_RECORD: Final = frozenset(
    {Errand.MY_VISIT, Errand.CONFIRM_VISIT, Errand.WHAT_I_OWE, Errand.WHY_CHARGED, Errand.RECEIPT, Errand.SUPERBILL,
     Errand.NEXT_COST}
)  # fmt: skip
SOMEBODY: Final = "somename"
_NAME: Final = re.compile(r"(?<![\w'])[^\W\d_a-zà-ÿ][a-zà-ÿ]+ [^\W\d_a-zà-ÿ][a-zà-ÿ]+(?:-[^\W\d_]+)?(?![\w])")
_CLAUSE: Final = re.compile(r"[.?!,;:\n]+")
_JOINT: Final = re.compile(r"[.?!,;:\n]+|(?<!\w)(?:and|but|because|y|pero|porque)(?!\w)")


@dataclass(frozen=True, slots=True)
class PutToUs:
    """What was put to us, in the order it was said, and what else was."""

    asides: tuple[Aside, ...]
    rest: str


def put_to_us(text: str) -> PutToUs:
    said = Said.of(text)
    named = _named(said)
    for name, aside in ABOUT_ANOTHER.items():
        if any(pattern.search(named) for pattern in _patterns(name)):
            return PutToUs((aside,), "")
    found = sorted(_found(said))
    if not found:
        return PutToUs((), text)
    asides = tuple(dict.fromkeys(ABOUT_US[name] for _, _, name in found))
    rest = said.without(*(_clause(said.low, start, end) for start, end, _ in found))
    return PutToUs(asides, "" if _says_nothing(rest) else rest.text)


def is_put(name: str, text: str) -> bool:
    """Whether it is a question of that kind, or another of somebody else's where the name is "another"."""
    said = Said.of(text)
    if name != "another":
        return any(pattern.search(said.low) for pattern in _patterns(name))
    named = _named(said)
    return any(pattern.search(named) for each in ABOUT_ANOTHER for pattern in _patterns(each))


def beside_it(understand: Callable[[str], Acts], state: State) -> Callable[[str], Acts]:
    """Understands what was said beside such a question, and answers the question. A message is kept word for word."""
    takes_message = any(place.detail is Detail.MESSAGE for place in state.asked)
    told_neither = any(said.phrase == NEITHER for said in state.last_words)

    def understood(text: str) -> Acts:
        put = put_to_us(text)
        if not put.asides or (takes_message and put.rest):
            acts = understand(text)
            return PRESSES if told_neither and _asks_on(acts, text) else acts
        asides = tuple(Interject(aside) for aside in put.asides)
        others = understand(put.rest) if put.rest else ()
        return (*asides, *(act for act in others if act not in asides))

    return understood


def _asks_on(acts: Acts, text: str) -> bool:
    """Whether whoever was told neither yes nor no goes on about the other ("I only need the balance")."""
    of_a_record = any(isinstance(act, Intend) and act.errand in OF_A_RECORD for act in acts)
    return of_a_record and not is_put("own", text)


def _named(said: Said) -> str:
    """The folded words with one word for whoever is named in full."""
    return fold(_NAME.sub(SOMEBODY, said.text))


def _found(said: Said) -> Iterator[tuple[int, int, str]]:
    for name in ABOUT_US:
        for pattern in _patterns(name):
            for match in pattern.finditer(said.low):
                yield match.start(), match.end(), name


def _clause(low: str, start: int, end: int) -> tuple[int, int]:
    """The whole clause that a question stands in."""
    begins = max((match.end() for match in _JOINT.finditer(low, 0, start)), default=0)
    ends = _CLAUSE.search(low, end)
    joint = _JOINT.search(low, end)
    closing = min((m for m in (ends, joint) if m is not None), key=lambda m: m.start(), default=None)
    if closing is None:
        return begins, len(low)
    return begins, closing.end() if closing.group()[0] in ".?!,;:\n" else closing.start()


def _says_nothing(rest: Said) -> bool:
    left = rest.low
    for pattern in _patterns("beside"):
        left = pattern.sub(" ", left)
    return not any(char.isalnum() for char in left)


@cache
def _page() -> Mapping[str, Mapping[str, Any]]:
    page: Mapping[str, Mapping[str, Any]] = yaml.load(
        files(__package__).joinpath("put_to_us.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader
    )
    return page


@cache
def _patterns(name: str) -> tuple[re.Pattern[str], ...]:
    """One for each language that the file has."""
    return tuple(_compiled(page[name], page["lists"]) for page in _page().values())


def _compiled(expressions: list[str], lists: Mapping[str, str]) -> re.Pattern[str]:
    filled = (
        re.sub(r"\{([a-z_]+)\}", lambda found: lists[found[1]], expression) for expression in expressions
    )
    return re.compile(rf"(?<![\w'])(?:{'|'.join(filled)})(?![\w'])")

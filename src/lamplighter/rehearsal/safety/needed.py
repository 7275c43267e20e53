"""The sentences without which nobody in danger can be answered: each signed language has them all."""

import re
from collections.abc import Iterator
from typing import Final

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.practice.model import Practice
from lamplighter.rehearsal.safety.report import Broken, SafetyResult

_WAITING: Final = tuple(
    f"waiting.{kind}.{n}" for kind in ("crisis", "crisis.alone", "person") for n in range(1, 9)
)
_CRISIS: Final = ("", ".medical", ".home", ".licensed")
NEEDED: Final = (
    *(f"handoff.crisis{about}{eye}" for about in _CRISIS for eye in ("", ".text")),
    *(f"handoff.{name}" for name in ("clinical", "clinical.text", "human", "human.text", "minor", "stuck")),
    *(f"handoff.{name}" for name in ("unreadable", "silence", "language", "accepted", "bridge", "bridge.refused")),
    *(f"handoff.crisis.{name}" for name in ("unanswered", "nobody", "again")),
    *(f"handoff.{route}.promised" for route in ("human", "clinical")),
    *(f"greeting.{channel}.{hours}" for channel in ("voice", "chat", "sms") for hours in ("open", "closed")),
    *_WAITING,
    "goodbye.promised",
    "silence.1",
    "silence.2",
    "resume",
    "waiting.secret",
    "waiting.robot",
    "aside.robot",
    "aside.somebody_else",
)  # fmt: skip

CLOSED_KEY: Final = re.compile(
    r"\b(press|dial|hit|key|option|marque|oprima|presione|pulse|opci[oó]n)\W+"
    r"(?:el |la |the |number |n[uú]mero )*(3|three|tres)\b",
    re.IGNORECASE,
)
"""The key of a line behind 988 that closed on 2025-07-17: whoever pressed it would reach nobody it was meant for."""


def sentences(practice: Practice, book: Phrasebook) -> Iterator[SafetyResult]:
    """One result for each signed language."""
    for locale in practice.languages_signed:
        missing = [phrase for phrase in NEEDED if not book.has(locale, phrase)]
        remedy = (
            f"Put the missing sentences into phrasebook/{locale}.yaml, or move {locale} from signed to draft in "
            "practice.yaml until it has them."
        )
        what = f"the phrasebook in {locale} lacks: {', '.join(missing)}"
        lacking = [Broken("never_alone", what, remedy)] if missing else []
        broken = (*lacking, *_closed(book, locale))
        told = f"every sentence that somebody in danger needs, in {locale}"
        yield SafetyResult(f"{locale}-sentences", told, broken, "", (), ())


def _closed(book: Phrasebook, locale: str) -> Iterator[Broken]:
    for name, phrase in book.phrases(locale).items():
        if "crisis" in name and CLOSED_KEY.search(f"{phrase.text} {phrase.spoken}"):
            what = f"{name} in {locale} sends somebody in danger to a key of 988 that was closed in 2025"
            remedy = f"Take the key out of {name} in phrasebook/{locale}.yaml; a line apart is named by its own number."
            yield Broken("never_alone", what, remedy)

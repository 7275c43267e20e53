"""The sentences without which nobody in danger can be answered: each signed language has them all."""

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


def sentences(practice: Practice, book: Phrasebook) -> Iterator[SafetyResult]:
    """One result for each signed language."""
    for locale in practice.languages_signed:
        missing = [phrase for phrase in NEEDED if not book.has(locale, phrase)]
        remedy = (
            f"Put the missing sentences into phrasebook/{locale}.yaml, or move {locale} from signed to draft in "
            "practice.yaml until it has them."
        )
        what = f"the phrasebook in {locale} lacks: {', '.join(missing)}"
        broken = (Broken("never_alone", what, remedy),) if missing else ()
        told = f"every sentence that somebody in danger needs, in {locale}"
        yield SafetyResult(f"{locale}-sentences", told, broken, "", (), ())

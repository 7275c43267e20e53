"""Which phrases this version can say and a practice has not signed, because it signed before they were written."""

from pathlib import Path

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.practice.problems import Problem
from lamplighter.practice.protocol import Protocol, ProtocolUnreadable
from lamplighter.wiring.clocks import WallClock
from lamplighter.wiring.desk import signed_phrases
from lamplighter.wiring.signed_folder import SIGNED, look_through, unreadable


def unsigned_words(folder: Path) -> list[Problem]:
    """What was signed and can't be used, and what the last signed protocol of the folder lacks."""
    try:
        looked = look_through(folder / SIGNED, now=WallClock().now())
    except ProtocolUnreadable as wrong:
        return [unreadable(wrong)]
    return [*looked.passed_over, *(newer_phrases(looked.last[0]) if looked.last else ())]


def newer_phrases(protocol: Protocol) -> list[Problem]:
    """One for each language that was signed without a phrase that ships now, naming every such phrase."""
    signed, shipped = signed_phrases(protocol), Phrasebook.load()
    found = []
    for locale in signed.locales:
        ours = shipped.phrases(locale) if locale in shipped.locales else {}
        missing = [phrase for phrase in ours if not signed.has(locale, phrase)]
        if missing:
            found.append(_problem(protocol, locale, missing))
    return found


def _problem(protocol: Protocol, locale: str, missing: list[str]) -> Problem:
    return Problem(
        f"{SIGNED}/{protocol.hash}.protocol.json",
        0,
        f"phrasebook/{locale}.yaml was signed before these phrases were written: {', '.join(missing)}. "
        "Where one is needed it is not said: a person is fetched, or it is left out where nothing hangs on it",
        "Review the phrasebook and sign again: lamplighter review.",
        "warning",
    )

"""What this version of the product says or goes by and a practice has not signed, because it signed before."""

from pathlib import Path
from typing import Final

from lamplighter.conversation import ways
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.law.crisis_lines import FILE
from lamplighter.law.states import SHIPPED, law_files
from lamplighter.practice.problems import Problem
from lamplighter.practice.protocol import Protocol, ProtocolUnreadable
from lamplighter.wiring.clocks import WallClock
from lamplighter.wiring.desk import signed_law, signed_phrases
from lamplighter.wiring.signed_folder import SIGNED, look_through, unreadable

WAYS: Final = "hand_over/ways.yaml"
READ_AS_SHIPPED: Final = {
    WAYS: "where a hand-over goes first",
    f"law/{FILE}": "which emergency number and crisis line is named",
}


def unsigned_words(folder: Path) -> list[Problem]:
    """What was signed and can't be used, and what the last signed protocol of the folder lacks."""
    try:
        looked = look_through(folder / SIGNED, now=WallClock().now())
    except ProtocolUnreadable as wrong:
        return [unreadable(wrong)]
    return [*looked.passed_over, *(newer_phrases(looked.last[0]) if looked.last else ())]


def newer_phrases(protocol: Protocol) -> list[Problem]:
    """One for each language that was signed without a phrase that ships now, naming every such phrase; and one for each
    file that is read as it ships where it is not what was signed."""
    signed, shipped = signed_phrases(protocol), Phrasebook.load()
    found = _shipped_instead(protocol)
    for locale in signed.locales:
        ours = shipped.phrases(locale) if locale in shipped.locales else {}
        missing = [phrase for phrase in ours if not signed.has(locale, phrase)]
        if missing:
            found.append(_problem(protocol, locale, missing))
    return found


def _shipped_instead(protocol: Protocol) -> list[Problem]:
    shipped = {WAYS: ways.file(), **{f"law/{name}": raw for name, raw in law_files().items()}}
    read = {name: what for name, what in READ_AS_SHIPPED.items() if protocol.files.get(name) != shipped[name]}
    if signed_law(protocol) is SHIPPED:  # what was signed can't be read
        read["law"] = "what the law asks"
    return [
        Problem(
            f"{SIGNED}/{protocol.hash}.protocol.json",
            0,
            f"{name} was signed in another version than this release reads: {what} goes by what ships",
            "Review that section and sign again: lamplighter review.",
            "warning",
        )
        for name, what in sorted(read.items())
    ]


def _problem(protocol: Protocol, locale: str, missing: list[str]) -> Problem:
    return Problem(
        f"{SIGNED}/{protocol.hash}.protocol.json",
        0,
        f"phrasebook/{locale}.yaml was signed before these phrases were written: {', '.join(missing)}. "
        "Where one is needed it is not said: a person is fetched, or it is left out where nothing hangs on it",
        "Review the phrasebook and sign again: lamplighter review.",
        "warning",
    )

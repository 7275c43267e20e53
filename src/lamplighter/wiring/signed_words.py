"""What this version of the product says or goes by and a practice has not signed, because it signed before."""

from pathlib import Path
from typing import Final

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.phrasebook.book import core_files
from lamplighter.conversation.ways import SHIPPED as SHIPPED_WAYS
from lamplighter.law.crisis_lines import FILE
from lamplighter.law.states import SHIPPED, law_files
from lamplighter.practice.problems import Problem
from lamplighter.practice.protocol import Protocol, ProtocolUnreadable
from lamplighter.wiring.clocks import WallClock
from lamplighter.wiring.lines import CORE, WAYS, signed_law, signed_phrases, signed_ways
from lamplighter.wiring.signed_folder import SIGNED, look_through, unreadable

LINES: Final = f"law/{FILE}"
GOES_BY: Final = {
    WAYS: "where a hand-over goes first",
    LINES: "which emergency number and crisis line is named",
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
    other file of ours that was signed in another version, or can't be read any more."""
    signed, shipped = signed_phrases(protocol), Phrasebook.load()
    found = _other_versions(protocol)
    for locale in signed.locales:
        ours = shipped.phrases(locale) if locale in shipped.locales else {}
        missing = [phrase for phrase in ours if not signed.has(locale, phrase)]
        if missing:
            found.append(_problem(protocol, locale, missing))
    return found


def _other_versions(protocol: Protocol) -> list[Problem]:
    shipped = {WAYS: SHIPPED_WAYS.raw, LINES: law_files()[FILE]}
    other = {name: what for name, what in GOES_BY.items() if protocol.files.get(name) != shipped[name]}
    few = {f"{CORE}{locale}.yaml": raw for locale, raw in core_files().items()}
    for name, raw in few.items():
        if protocol.files.get(name, raw) != raw:
            other[name] = "what is said in that language in danger"
    as_signed = {name: name in protocol.files for name in other}
    if WAYS in other and signed_ways(protocol) is SHIPPED_WAYS:
        as_signed[WAYS] = False
    if signed_law(protocol) is SHIPPED:  # what was signed can't be read
        other["law"], as_signed["law"] = "what the law asks", False
        other.pop(LINES, None)
    return [
        Problem(
            f"{SIGNED}/{protocol.hash}.protocol.json",
            0,
            _told(name, what, as_signed=as_signed[name]),
            "Review that section and sign again: lamplighter review.",
            "warning",
        )
        for name, what in sorted(other.items())
    ]


def _told(name: str, what: str, *, as_signed: bool) -> str:
    if as_signed:
        return f"{name} ships in another version than was signed: {what} goes by what was signed"
    return f"{name} was not signed, or can't be read by this release: {what} goes by what ships"


def _problem(protocol: Protocol, locale: str, missing: list[str]) -> Problem:
    return Problem(
        f"{SIGNED}/{protocol.hash}.protocol.json",
        0,
        f"phrasebook/{locale}.yaml was signed before these phrases were written: {', '.join(missing)}. "
        "Where one is needed it is not said: a person is fetched, or it is left out where nothing hangs on it",
        "Review the phrasebook and sign again: lamplighter review.",
        "warning",
    )

"""What a practice signs, and how it is answered with what it signed."""

from collections.abc import Mapping
from typing import Final

from lamplighter import logs
from lamplighter.conversation import ways
from lamplighter.conversation.before_signing import PROTOCOL, BeforeSigning, without_lines
from lamplighter.conversation.engine import Conversation
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.phrasebook.book import core_files
from lamplighter.conversation.phrasebook.book import files as phrasebook_files
from lamplighter.desk.contacts import Line
from lamplighter.law.states import SHIPPED, LawData, law_files
from lamplighter.law.telling import told
from lamplighter.practice.files.core import core_language
from lamplighter.practice.load import load_files
from lamplighter.practice.model import Practice
from lamplighter.practice.protocol import Protocol, snapshot
from lamplighter.wiring.late_parts import LateGuard, LateUnderstanding

WAYS: Final = "hand_over/ways.yaml"
CORE: Final = "core/"
log = logs.get(__name__)


def protocol_of(practice_files: Mapping[str, bytes], *, drafts: bool = False) -> Protocol:
    """The snapshot a practice signs: its own files, the phrasebooks of the languages that it signs, the twelve safety
    sentences in those that it lists for them and has no wording of its own in, the law data (in words for its own
    states too), and where hand-overs go by what was said. Other languages are no part of it, so that nobody is ever
    answered in words that nobody approved; `drafts` takes them all, for the demonstration. Raises PracticeProblems."""
    practice = load_files(practice_files)
    signed = None if drafts else practice.languages_signed
    phrases = {
        f"phrasebook/{locale}.yaml": raw
        for locale, raw in phrasebook_files().items()
        if signed is None or locale in signed
    }
    few = {
        f"{CORE}{locale}.yaml": raw
        for locale, raw in core_files().items()
        if (drafts or locale in practice.languages_core) and f"core.{locale}.yaml" not in practice_files
    }
    law = {f"law/{name}": raw for name, raw in law_files().items()}
    law["law/here.txt"] = told((practice.state, *practice.states), SHIPPED).encode()
    return snapshot({**practice_files, **phrases, **few, **law, WAYS: ways.file()})


def line_of(
    practice: Practice,
    protocol_hash: str,
    book: Phrasebook | None = None,
    *,
    asks_reader: bool = False,
    texts: bool = True,
    law: LawData = SHIPPED,
    go: ways.Ways = ways.SHIPPED,
) -> Line:
    """How a practice is answered: with the phrases that it signed, or (unsigned, in rehearsals) those that ship. `go`:
    where hand-overs go by what was said.

    `texts`: a messenger can send them."""
    conversation = Conversation(
        practice, book or Phrasebook.load(), LateGuard(), LateUnderstanding(), asks_reader, texts, law, go
    )
    return Line(conversation, protocol_hash)


def signed_line(protocol: Protocol, *, asks_reader: bool = False, texts: bool = True) -> Line:
    """The line under a signed protocol: its practice, its phrases word for word, the law, the lines of other countries
    and the ways of a hand-over as they were signed."""
    return line_of(
        protocol.practice,
        protocol.hash,
        signed_phrases(protocol),
        asks_reader=asks_reader,
        texts=texts,
        law=signed_law(protocol),
        go=signed_ways(protocol),
    )


def unsigned_line(practice: Practice, *, texts: bool = True, staffed: bool = True) -> Line:
    """The line of a practice that nobody has signed: one sentence and a person, where somebody is there to be told."""
    conversation = BeforeSigning(
        without_lines(practice),
        Phrasebook.before_signing(),
        LateGuard(),
        LateUnderstanding(),
        texts=texts,
        staffed=staffed,
    )
    return Line(conversation, PROTOCOL)


def signed_phrases(protocol: Protocol) -> Phrasebook:
    own = {each: raw for name, raw in protocol.files.items() if (each := core_language(name))}
    return Phrasebook.of(_in(protocol, "phrasebook/"), {**_in(protocol, CORE), **own})


def _in(protocol: Protocol, folder: str) -> dict[str, bytes]:
    return {
        name.removeprefix(folder).removesuffix(".yaml"): raw
        for name, raw in protocol.files.items()
        if name.startswith(folder)
    }


def signed_law(protocol: Protocol) -> LawData:
    """As it was signed. Nobody goes unanswered because it can't be read any more: then what ships holds."""
    files = {
        name.removeprefix("law/"): raw for name, raw in protocol.files.items() if name.startswith("law/")
    }
    try:
        return LawData.of(files)
    except (KeyError, ValueError):
        log.error("signed_law_unreadable", practice=protocol.practice.id)
        return SHIPPED


def signed_ways(protocol: Protocol) -> ways.Ways:
    """The same for where a hand-over goes by what was said; what ships also where none was signed."""
    try:
        return ways.Ways.of(protocol.files[WAYS]) if WAYS in protocol.files else ways.SHIPPED
    except ways.WaysUnreadable:
        log.error("signed_ways_unreadable", practice=protocol.practice.id)
        return ways.SHIPPED

"""packet.yaml and packet.<language>.yaml: the papers that everybody who comes reads first, and what they say."""

import re
import unicodedata
from typing import Final, Literal

from lamplighter.practice.files.known import Known, language_of
from lamplighter.practice.model import Modality, PacketPiece, PacketWords, PieceWords
from lamplighter.practice.reading import Section, unique_ids
from lamplighter.practice.values import ID, NAME, Kind, Unreadable, choice, shorten

NOTICE: Final = "ai_notice"
"""The paper that says what the automated assistant is; it hangs on the public pages as well."""

FILLED: Final = ("sender", "phone", "cancel_hours", "late_fee", "records_days")
"""What may stand in braces: it is filled in from the other files, so that the two never differ."""

LONGEST: Final = 6_000
MOST: Final = 12
_ADDRESS: Final = re.compile(r"https://[a-z0-9.-]+(:\d{1,5})?(/[\w.~%/?=&;#-]{0,250})?", re.ASCII)
_BRACED: Final = re.compile(r"\{([^{}]*)\}|[{}]")


def _words(written: str) -> str:
    lines = [unicodedata.normalize("NFC", " ".join(line.split())) for line in written.strip().splitlines()]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    if len(text) > LONGEST:
        raise Unreadable(
            f"this is {len(text)} characters long",
            f"Keep a paper under {LONGEST}; it is read on a telephone.",
        )
    if any(unicodedata.category(char) in ("Cc", "Co", "Cs", "Cn") for char in text if char != "\n"):
        raise Unreadable("there are control characters in these words", "Type them again as plain text.")
    for found in _BRACED.finditer(text):
        if found[1] not in FILLED:
            remedy = f"Known here: {', '.join('{' + name + '}' for name in FILLED)}."
            raise Unreadable(f'"{shorten(found[0])}" is filled in by nothing', remedy)
    return text


def _portal(written: str) -> str:
    if not _ADDRESS.fullmatch(written):
        raise Unreadable(
            f'"{shorten(written)}" is not the address of a page of yours',
            "Write it whole, https:// in front, as it is for everybody: no name and no number of a person in it.",
        )
    return written


WORDS: Final = Kind(_words, "")
PORTAL: Final = Kind(_portal, "")
ASKS: Final[Kind[Literal["agree", "read", "optional"]]] = choice("agree", "read", "optional")
STATUS: Final[Kind[Literal["draft", "reviewed"]]] = choice("draft", "reviewed")


def packet_language(name: str) -> str | None:
    """`es` for packet.es.yaml."""
    return language_of(name, "packet")


def read_packet(section: Section, known: Known) -> tuple[PacketPiece, ...]:
    pieces = []
    for name, entry in unique_ids(section.sections("pieces"), ID):
        kinds = entry.many("visit_kinds", known.visit_kind, ())
        modality = entry.optional("modality", choice("telehealth", "in_person"))
        asks = entry.need("asks", ASKS)
        if name == NOTICE and (kinds or modality or asks == "optional"):
            entry.add(
                "id", "the notice of the automated assistant is not for everybody", "It goes to everybody."
            )
        pieces.append(
            PacketPiece(
                name, asks, kinds, Modality(modality) if modality else None, entry.optional("link", PORTAL)
            )
        )
        entry.close()
    if len(pieces) > MOST:
        section.add("pieces", f"there are more than {MOST} papers", f"Keep {MOST} at most, on one page.")
    return tuple(pieces)


def read_packet_words(section: Section) -> PacketWords:
    status = section.need("status", STATUS)
    author, reviewer = section.maybe("author", NAME, ""), section.maybe("reviewer", NAME, "")
    if status == "reviewed" and not reviewer:
        section.add("status", "nobody is named who reviewed these words", "Add a line `reviewer: ...`.")
    pieces = section.need_section("pieces")
    if pieces is None:
        return PacketWords({}, status, author, reviewer)
    found = {name: _piece(entry) for name in pieces.names() if (entry := pieces.section(name)) is not None}
    pieces.close()
    return PacketWords(found, status, author, reviewer)


def _piece(entry: Section) -> PieceWords:
    read = PieceWords(entry.need("title", NAME), entry.maybe("words", WORDS, ""))
    entry.close()
    return read

"""The packet of a practice as it is shown: which papers are for a visit, their words with everything filled in, and the
digest by which one version is told from another."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import phonenumbers

from lamplighter.practice.files.packet import NOTICE
from lamplighter.practice.model import Modality, Money, PacketPiece, PieceWords, Practice, VisitKindId
from lamplighter.practice.sections import canonical

DIGEST = 16


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, and the list that stands under it; either may be empty."""

    text: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A piece in one language, ready to be read. `digest` is that of its words, of what it asks, and of its link."""

    id: str
    asks: Literal["agree", "read", "optional"]
    locale: str
    title: str
    words: str
    link: str | None
    digest: str

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(_block(block) for block in self.words.split("\n\n") if block)


def _block(text: str) -> Block:
    """A line that begins with no dash goes on with what stands before it."""
    lead: list[str] = []
    items: list[str] = []
    for line in text.split("\n"):
        if line.startswith("- "):
            items.append(line.removeprefix("- "))
        elif items:
            items[-1] += f" {line}"
        else:
            lead.append(line)
    return Block(" ".join(lead), tuple(items))


def for_visit(practice: Practice, kind: VisitKindId, modality: Modality) -> tuple[PacketPiece, ...]:
    return tuple(
        piece
        for piece in practice.packet.pieces
        if (not piece.visit_kinds or kind in piece.visit_kinds) and piece.modality in (None, modality)
    )


def locale_for(practice: Practice, *wished: str | None) -> str:
    """The first of these that the packet is signed in, else the practice's first language."""
    offered = locales(practice)
    return next((each for each in wished if each in offered), practice.languages_signed[0])


def locales(practice: Practice) -> tuple[str, ...]:
    """Languages in which somebody has signed the papers, all of them."""
    return tuple(each for each in practice.languages_signed if each in practice.packet.words)


def paper(practice: Practice, piece: PacketPiece, locale: str) -> Paper | None:
    """None where it is not written in this language."""
    written = practice.packet.words.get(locale)
    words = written.pieces.get(piece.id) if written else None
    if words is None:
        return None
    return _filled_in(piece, words, locale, _filling(practice))


@lru_cache(maxsize=256)
def _filled_in(
    piece: PacketPiece, words: PieceWords, locale: str, filling: tuple[tuple[str, str], ...]
) -> Paper:
    """The same papers are looked at with every booking."""
    text = words.words.format_map(dict(filling))
    said = {"id": piece.id, "asks": piece.asks, "link": piece.link, "locale": locale, "title": words.title}
    digest = hashlib.sha256(canonical({**said, "words": text})).hexdigest()[:DIGEST]
    return Paper(piece.id, piece.asks, locale, words.title, text, piece.link, digest)


def digests(practice: Practice, piece: PacketPiece) -> frozenset[str]:
    """Of its version in force, one a language."""
    papers = (paper(practice, piece, locale) for locale in practice.packet.words)
    return frozenset(each.digest for each in papers if each is not None)


def version(practice: Practice) -> str:
    """Of the whole packet: another as soon as any word of it is."""
    found = {piece.id: sorted(digests(practice, piece)) for piece in practice.packet.pieces}
    return hashlib.sha256(canonical({"packet": found})).hexdigest()[:DIGEST]


def notice(practice: Practice, locale: str) -> Paper | None:
    """What hangs on the public pages about the automated assistant."""
    found = next((piece for piece in practice.packet.pieces if piece.id == NOTICE), None)
    return paper(practice, found, locale_for(practice, locale)) if found is not None else None


def _filling(practice: Practice) -> tuple[tuple[str, str], ...]:
    return (
        ("sender", practice.sender_name),
        ("phone", _national(practice.phone)),
        ("cancel_hours", str(practice.cancel_policy.free_until_hours)),
        ("late_fee", _written(practice.cancel_policy.fee)),
        ("records_days", str(practice.promises.records_days)),
    )


@lru_cache(maxsize=64)
def _national(number: str) -> str:
    return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.NATIONAL)


def _written(money: Money) -> str:
    whole = money.amount == money.amount.to_integral_value()
    return f"${money.amount:,.0f}" if whole else f"${money.amount:,.2f}"

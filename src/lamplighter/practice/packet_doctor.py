"""What is looked over in a practice's packet before it answers real people."""

from collections.abc import Collection, Mapping
from typing import Final

from lamplighter.practice.files.packet import NOTICE
from lamplighter.practice.files.practice import CLINICAL
from lamplighter.practice.model import Practice
from lamplighter.practice.problems import Problem
from lamplighter.practice.reading import line_of

FILE: Final = "packet.yaml"
COPY: Final = "Copy it from a folder that `lamplighter practice new` makes, and make its words your own."


def examine(practice: Practice, files: Mapping[str, bytes], approved: Collection[str] = ()) -> list[Problem]:
    """`approved`: the languages whose very words the practice itself has approved, which is its own review of them."""
    if FILE not in files:
        said = "there is no packet, and with it no written notice of the automated assistant before a first visit"
        return [Problem(FILE, 0, said, COPY, "go_live")]
    return [
        *_notice(practice, files),
        *_drafts(practice, files, approved),
        *_clinical(practice, files),
        *_addresses(practice, files),
    ]


def _notice(practice: Practice, files: Mapping[str, bytes]) -> list[Problem]:
    if any(piece.id == NOTICE for piece in practice.packet.pieces):
        return []
    said = f"no paper is called {NOTICE}: people get no written notice of the automated assistant"
    return [Problem(FILE, line_of(files[FILE], "pieces"), said, f"Add `- id: {NOTICE}`.", "go_live")]


def _drafts(practice: Practice, files: Mapping[str, bytes], approved: Collection[str]) -> list[Problem]:
    return [
        Problem(
            f"packet.{language}.yaml",
            line_of(files.get(f"packet.{language}.yaml", b""), "status"),
            f"the papers in {language} are a draft that nobody here has read over",
            "Let somebody who reads it approve their words (`lamplighter review`), or write `status: reviewed` and who "
            "as `reviewer:`. Until it says so, every page of them says that they are a draft.",
            "go_live",
        )
        for language in practice.languages_signed
        if (written := practice.packet.words.get(language)) is not None and written.status == "draft"
        if language not in approved
    ]


def _clinical(practice: Practice, files: Mapping[str, bytes]) -> list[Problem]:
    """A title stands on the first page of a link, which may be opened on somebody else's telephone."""
    return [
        Problem(
            f"packet.{language}.yaml",
            line_of(files.get(f"packet.{language}.yaml", b""), "pieces", name),
            f'the title of {name} holds a clinical word ("{found[0]}")',
            "Name the paper so that its list tells nothing of the office.",
            "go_live",
        )
        for language, written in practice.packet.words.items()
        for name, piece in written.pieces.items()
        if (found := CLINICAL.search(piece.title)) is not None
    ]


def _addresses(practice: Practice, files: Mapping[str, bytes]) -> list[Problem]:
    """Where a paper is a page of the practice's own, its address stays in the list of what was opened."""
    return [
        Problem(
            FILE,
            line_of(files[FILE], "pieces", str(place), "link"),
            f'the address of {piece.id} holds a clinical word ("{found[0]}")',
            "Give it an address that tells nothing of the office.",
            "go_live",
        )
        for place, piece in enumerate(practice.packet.pieces)
        if piece.link is not None and (found := CLINICAL.search(piece.link)) is not None
    ]

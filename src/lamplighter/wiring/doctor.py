"""`lamplighter doctor`: a practice folder looked over as it would be today, with the phrasebooks that ship."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.phrasebook.book import files as phrasebook_files
from lamplighter.practice.approvals import unapproved
from lamplighter.practice.doctor import Review, examine
from lamplighter.practice.files.packet import packet_language
from lamplighter.practice.load import read_folder
from lamplighter.practice.problems import PracticeProblems, Problem
from lamplighter.practice.sections import cut
from lamplighter.wiring.clocks import WallClock
from lamplighter.wiring.signed_folder import SIGNED, approvals_ever

LATEST_ZONE = ZoneInfo("America/New_York")


def today(at: datetime | None = None) -> date:
    return (at or WallClock().now()).astimezone(LATEST_ZONE).date()


def examine_today(folder: Path, at: datetime | None = None, kept: Path | None = None) -> list[Problem]:
    """`kept` is the folder of what was signed and approved, within `folder` unless it is given."""
    where = kept or folder / SIGNED
    return examine(folder, today(at), phrasebook_reviews(where), packet_approvals(folder, where))


def phrasebook_reviews(kept: Path) -> dict[str, Review]:
    """A phrasebook is a draft while any phrase of it is one, unless the practice itself has approved the very words:
    that is its own review of them, and counts for nobody else."""
    book = Phrasebook.load()
    drafts = {
        locale for locale in book.locales if any(p.status == "draft" for p in book.phrases(locale).values())
    }
    words = cut(
        {f"phrasebook/{locale}.yaml": raw for locale, raw in phrasebook_files().items() if locale in drafts}
    )
    left = {section.language for section in unapproved(words, approvals_ever(kept))}
    return {locale: "draft" if locale in left else "reviewed" for locale in book.locales}


def packet_approvals(folder: Path, kept: Path) -> frozenset[str]:
    """The languages in which the practice has approved the very words of its papers, drafts though they are."""
    try:
        files, _ = read_folder(folder)
    except PracticeProblems:
        return frozenset()
    papers = cut({name: raw for name, raw in files.items() if packet_language(name) is not None})
    left = {section.language for section in unapproved(papers, approvals_ever(kept))}
    return frozenset(section.language for section in papers) - left

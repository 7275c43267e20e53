"""`lamplighter doctor`: a practice folder looked over as it would be today, with the phrasebooks that ship."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.phrasebook.book import files
from lamplighter.practice.approvals import unapproved
from lamplighter.practice.doctor import Review, examine
from lamplighter.practice.problems import Problem
from lamplighter.practice.sections import cut
from lamplighter.wiring.clocks import WallClock
from lamplighter.wiring.signed_folder import SIGNED, approvals_ever

LATEST_ZONE = ZoneInfo("America/New_York")


def today(at: datetime | None = None) -> date:
    return (at or WallClock().now()).astimezone(LATEST_ZONE).date()


def examine_today(folder: Path, at: datetime | None = None, kept: Path | None = None) -> list[Problem]:
    """`kept` is the folder of what was signed and approved, within `folder` unless it is given."""
    return examine(folder, today(at), phrasebook_reviews(kept or folder / SIGNED))


def phrasebook_reviews(kept: Path) -> dict[str, Review]:
    """A phrasebook is a draft while any phrase of it is one, unless the practice itself has approved the very words:
    that is its own review of them, and counts for nobody else."""
    book = Phrasebook.load()
    drafts = {
        locale for locale in book.locales if any(p.status == "draft" for p in book.phrases(locale).values())
    }
    words = cut({f"phrasebook/{locale}.yaml": raw for locale, raw in files().items() if locale in drafts})
    left = {section.language for section in unapproved(words, approvals_ever(kept))}
    return {locale: "draft" if locale in left else "reviewed" for locale in book.locales}

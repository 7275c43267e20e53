"""`lamplighter doctor`: a practice folder looked over as it would be today, with the phrasebooks that ship."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.practice.doctor import Review, examine
from lamplighter.practice.problems import Problem
from lamplighter.wiring.clocks import WallClock

LATEST_ZONE = ZoneInfo("America/New_York")


def today(at: datetime | None = None) -> date:
    return (at or WallClock().now()).astimezone(LATEST_ZONE).date()


def examine_today(folder: Path, at: datetime | None = None) -> list[Problem]:
    return examine(folder, today(at), phrasebook_reviews())


def phrasebook_reviews() -> dict[str, Review]:
    """A phrasebook is a draft while any phrase of it is one."""
    book = Phrasebook.load()
    return {
        locale: "draft" if any(p.status == "draft" for p in book.phrases(locale).values()) else "reviewed"
        for locale in book.locales
    }

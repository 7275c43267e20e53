"""The kinds of values that a rehearsal file is written in."""

from datetime import UTC, datetime
from typing import Final

from lamplighter.practice.values import LANGUAGE, Kind, Unreadable, shorten
from lamplighter.rehearsal.words import locales

LONGEST_NAME: Final = 200
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MODALITIES: Final = {
    "in_person": "in_person",
    "inperson": "in_person",
    "office": "in_person",
    "telehealth": "telehealth",
    "video": "telehealth",
    "online": "telehealth",
}


def _words(written: str) -> str:
    """What a caller says, exactly as written: it may be empty space, an emoji or a megabyte."""
    if not written:
        raise Unreadable("nothing is written here", "Write what is said.")
    return written


def _name(written: str) -> str:
    text = " ".join(written.split())
    if not text or len(text) > LONGEST_NAME:
        raise Unreadable("this is no name", f"Write 1 to {LONGEST_NAME} characters.")
    return text


def _moment(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError:
        raise Unreadable(
            f'"{shorten(written)}" is not a moment', "Write it as 2026-12-01T21:10:00-05:00."
        ) from None
    if moment.utcoffset() is None:
        raise Unreadable(
            "the offset from UTC is missing", "Add it at the end, -05:00 for New York in winter."
        )
    return moment


def _weekday(written: str) -> int:
    word = written.strip().lower()
    found = [n for n, day in enumerate(WEEKDAYS) if len(word) >= 3 and day.startswith(word)]
    if len(found) != 1:
        raise Unreadable(f'"{shorten(written)}" is no weekday', "Write mon, tue, wed, thu, fri, sat or sun.")
    return found[0]


def _modality(written: str) -> str:
    word = written.strip().lower().replace(" ", "_").replace("-", "_")
    if word not in MODALITIES:
        raise Unreadable(f'"{shorten(written)}" is no modality', "Write in_person or telehealth.")
    return MODALITIES[word]


def _locale(written: str) -> str:
    locale = LANGUAGE.read(written)
    if locale not in locales() and locale.split("-")[0] not in locales():
        raise Unreadable(f"no caller here speaks {locale}", f"Known are {', '.join(sorted(locales()))}.")
    return locale


WORDS: Final = Kind(_words, "")
NAME: Final = Kind(_name, "")
SCENARIO_ID: Final = Kind(_name, "")
MOMENT: Final = Kind(_moment, datetime(1970, 1, 1, tzinfo=UTC))
WEEKDAY: Final = Kind(_weekday, 0)
MODALITY: Final = Kind(_modality, "in_person")
LOCALE: Final = Kind(_locale, "en")

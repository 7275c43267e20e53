"""Single values as people write them in a practice's files: times, money, telephone numbers and the like.

A `Kind` reads one written value. Its `blank` stands in where the value was missing or wrong, so that the rest of
the file can still be looked at; a practice with a blank in it is never returned.
"""

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Generic, TypeVar
from zoneinfo import available_timezones

import phonenumbers
from babel import Locale

from lamplighter.law.crisis_lines import emergency_numbers
from lamplighter.law.states import STATES
from lamplighter.practice.model import Money

T = TypeVar("T")
LONGEST_TEXT = 2000
PLACES = ("America/", "Pacific/")
DEAREST = Decimal(100_000)


class Unreadable(Exception):
    """A written value is not of its kind. Carries what is wrong and what to write instead."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    read: Callable[[str], T]
    blank: T


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    names = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold()[:100], names, n=1, cutoff=0.6)
    return names[close[0]] if close else None


def one_of(word: str, known: Iterable[str], what: str) -> Unreadable:
    """The error for a word that is not among those known."""
    known = sorted(known)
    meant = nearest(word, known)
    listed = ", ".join(known[:12]) or "nothing yet"
    remedy = f'Did you mean "{meant}"?' if meant else f"Known here: {listed}."
    return Unreadable(f'"{shorten(word)}" is not {what}', remedy)


def shorten(text: str, limit: int = 40) -> str:
    """A value as it may stand in a message: printable, on one line, not long."""
    shown = "".join(char if char.isprintable() else "?" for char in text)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def _text(written: str) -> str:
    text = unicodedata.normalize("NFC", " ".join(written.split()))
    if not text:
        raise Unreadable("nothing is written here", "Write some words.")
    if len(text) > LONGEST_TEXT:
        raise Unreadable(
            f"this is {len(text)} characters long", f"Keep it under {LONGEST_TEXT}; it is read aloud."
        )
    if any(unicodedata.category(char) in ("Cc", "Co", "Cs", "Cn") for char in text):
        raise Unreadable("there are control characters in this text", "Type it again as plain text.")
    return text


def _name(written: str) -> str:
    text = _text(written)
    if len(text) > 80:
        raise Unreadable(f"a name of {len(text)} characters", "Keep names under 80 characters.")
    return text


def _identifier(written: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", written):
        raise Unreadable(
            f'"{shorten(written)}" cannot be an id',
            "Use small letters, digits and underscores, a letter first: amara_osei.",
        )
    return written


def _time(written: str) -> time:
    found = re.fullmatch(r"(\d{1,2})(?::(\d{2}))?\s*([ap])?\.?(?:m\.?)?", written.strip().lower(), re.ASCII)
    if found and (found[2] or found[3]):
        hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        elif half:
            hour = 99
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise Unreadable(f'"{shorten(written)}" is not a time of day', "Write it as 9:00 or 17:30.")


def _date(written: str) -> date:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", written, re.ASCII):
            return date.fromisoformat(written)
    except ValueError:
        raise Unreadable(f"{written} is not in the calendar", "Check the month and the day.") from None
    raise Unreadable(f'"{shorten(written)}" is not a date', "Write year-month-day: 2026-12-24.")


def _money(written: str) -> Money:
    bare = re.sub(r"^\$|\s*USD$", "", written.strip()).replace(",", "").strip()
    try:
        amount = Decimal(bare) if re.fullmatch(r"\d{1,9}(\.\d{1,2})?", bare, re.ASCII) else None
    except InvalidOperation:  # pragma: no cover - the pattern leaves nothing that Decimal refuses
        amount = None
    if amount is None:
        raise Unreadable(f'"{shorten(written)}" is not an amount of money', "Write dollars: $175 or $0.75.")
    if amount > DEAREST:
        raise Unreadable(f"${amount} is more than any fee here can be", "Check the number of zeros.")
    return Money(amount)


def _phone(written: str) -> str:
    try:
        number = phonenumbers.parse(written[:40], "US")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or number.extension or _length(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise Unreadable(
            f'"{shorten(written)}" is not a telephone number',
            "Write ten digits with the area code, (212) 555-0100, or with + and the country.",
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _length(number: phonenumbers.PhoneNumber) -> int:
    """Seven digits, which can be dialled within one area only, are not possible."""
    return phonenumbers.is_possible_number_with_reason(number)


def _rung_phone(written: str) -> str:
    """988 may be rung, with the person's leave. What is dialled in an emergency is chosen by where the telephone
    stands, and ours stands elsewhere: only the person themselves may dial it. A ladder with 911 is read, since one that
    was signed must go on answering: nobody rings it, and the doctor lets none go live."""
    if written in ("911", "988"):
        return written
    digits = re.sub(r"\D", "", written)
    if digits in emergency_numbers():
        raise Unreadable(
            f"{digits} is never dialled by us",
            "Take it off the ladder: the person hears it first of all, and dials it themselves.",
        )
    return _phone(written)


def _emergency_phone(written: str) -> str:
    """What a person dials to reach the emergency services of another place: ten digits, since 911 reaches those of
    here."""
    digits = re.sub(r"\D", "", written)
    if digits in emergency_numbers() or digits == "988":
        raise Unreadable(
            f"{digits} reaches whoever answers where the telephone stands, and they stand elsewhere",
            "Ask the dispatch centre of that place for its ten-digit number.",
        )
    number = _phone(written)
    if not re.fullmatch(r"\+1\d{10}", number):
        raise Unreadable(
            f'"{shorten(written)}" has no ten digits', "Write it with its area code: (718) 555-0190."
        )
    return number


def _zip(written: str) -> str:
    if re.fullmatch(r"\d{5}", written, re.ASCII):
        return written
    raise Unreadable(f'"{shorten(written)}" is not a ZIP code', 'Write five digits, in quotes: "11201".')


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(written: str) -> str:
    if written not in _zones():
        meant = nearest(written.replace(" ", "_"), (zone for zone in _zones() if zone.startswith(PLACES)))
        remedy = f'Did you mean "{meant}"?' if meant else "Write it as America/New_York."
        raise Unreadable(f'"{shorten(written)}" is not a time zone', remedy)
    return written


def _state(written: str) -> str:
    if written.upper() in STATES:
        return written.upper()
    by_name = {name.casefold(): code for code, name in STATES.items()}
    if written.casefold() in by_name:
        return by_name[written.casefold()]
    meant = nearest(written, STATES.values())
    remedy = f'Did you mean "{meant}"?' if meant else "Write its two letters: NY."
    raise Unreadable(f'"{shorten(written)}" is not a state of the US', remedy)


@cache
def _languages() -> Mapping[str, str]:
    return dict(Locale("en").languages) | {"cmn": "Mandarin Chinese"}


def _language(written: str) -> str:
    """A BCP 47 tag whose language exists, in its usual case: `pt-br` is `pt-BR`."""
    if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-[A-Za-z]{2}|-\d{3})?", written, re.ASCII):
        language, *rest = written.split("-")
        if language.lower() in _languages():
            return "-".join([language.lower(), *(p.title() if len(p) == 4 else p.upper() for p in rest)])
    by_name = {name.casefold(): tag for tag, name in _languages().items()}
    tag = by_name.get(written.casefold())
    remedy = f'Write "{tag}".' if tag else "Write its short tag: en, es, pt-BR."
    raise Unreadable(f'"{shorten(written)}" is not the tag of a language', remedy)


def _host(written: str) -> str:
    host = written.strip().lower()
    label = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    if len(host) > 253 or not re.fullmatch(rf"{label}(\.{label})*", host, re.ASCII):
        raise Unreadable(
            f'"{shorten(written)}" is not a web host',
            "Write the name alone: desk.example.com, without https://.",
        )
    return host


def _email(written: str) -> str:
    if len(written) > 254 or not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+", written):
        raise Unreadable(f'"{shorten(written)}" is not an e-mail address', "Write it as name@example.com.")
    return written


def _yes_no(written: str) -> bool:
    answers = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
    if written.lower() not in answers:
        raise Unreadable(f'"{shorten(written)}" is neither yes nor no', "Write yes or no.")
    return answers[written.lower()]


def whole_number(least: int, most: int) -> Kind[int]:
    def read(written: str) -> int:
        if re.fullmatch(r"\d{1,9}", written, re.ASCII) and least <= int(written) <= most:
            return int(written)
        raise Unreadable(
            f'"{shorten(written)}" is not a whole number from {least} to {most}',
            f"Write a number, {least} to {most}.",
        )

    return Kind(read, least)


def choice(*words: T) -> Kind[T]:
    """One of a few words; the first is the blank. Typed as the words are, so that literals stay literals."""

    def read(written: str) -> T:
        for word in words:
            if word == written.strip().lower().replace(" ", "_"):
                return word
        raise one_of(written, [str(word) for word in words], "one of the choices here")

    return Kind(read, words[0])


def reference(known: Iterable[str] | None, what: str) -> Kind[str]:
    """The id of something defined elsewhere; `known` None where that file could not be read."""
    ids = None if known is None else frozenset(known)

    def read(written: str) -> str:
        if ids is not None and written not in ids:
            raise one_of(written, ids, what)
        return written

    return Kind(read, "")


TEXT = Kind(_text, "")
NAME = Kind(_name, "")
ID = Kind(_identifier, "")
TIME = Kind(_time, time(0))
DATE = Kind(_date, date(1970, 1, 1))
MONEY = Kind(_money, Money(Decimal(0)))
PHONE = Kind(_phone, "")
RUNG_PHONE = Kind(_rung_phone, "")
EMERGENCY_PHONE = Kind(_emergency_phone, "")
ZIP = Kind(_zip, "")
ZONE = Kind(_zone, "UTC")
STATE = Kind(_state, "")
LANGUAGE = Kind(_language, "")
HOST = Kind(_host, "")
EMAIL = Kind(_email, "")
YES_NO = Kind(_yes_no, False)

"""Canonical argument values as a person of a locale reads or hears them.

An argument's type follows from its name, so that a phrase can't be given a date where it wants a clinician. Names not
listed here are plain text. A value of "none" stays "none": messages select on it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

import phonenumbers
from babel.core import get_global
from babel.dates import format_date, format_time, get_timezone, get_timezone_gmt, get_timezone_name
from babel.lists import format_list
from babel.localedata import locale_identifiers
from babel.numbers import format_currency


@dataclass(frozen=True, slots=True)
class Formats:
    """How a locale writes days and clock times, as CLDR date patterns; `hour` is for whole hours, `..._one` for one
    o'clock where its article differs; `text_...` in text messages, where there is little room."""

    day: str = "EEEE, MMMM d"
    hour: str = "h a"
    clock: str = "h:mm a"
    hour_one: str | None = None
    clock_one: str | None = None
    text_day: str | None = None
    text_clock: str | None = None

    def for_texts(self) -> "Formats":
        clock = self.text_clock
        return Formats(
            self.text_day or self.day,
            clock or self.hour,
            clock or self.clock,
            None if clock else self.hour_one,
            None if clock else self.clock_one,
        )

    def of(self, at: time) -> str:
        plain, one = (self.clock, self.clock_one) if at.minute else (self.hour, self.hour_one)
        return one if one is not None and at.hour % 12 == 1 else plain


Formatter = Callable[[str, str, bool, Formats], str]  # value, locale, spoken, formats


LONGEST_ZONE: Final = 4
"""Letters that the name of a time zone may have in writing: a text has little room."""

USUAL: Final = {
    "America_Eastern": "America/New_York",
    "America_Central": "America/Chicago",
    "America_Mountain": "America/Denver",
    "America_Pacific": "America/Los_Angeles",
    "Atlantic": "America/Halifax",
}
"""Whose clocks people mean by the name that several zones share, some of which keep no summer time."""


def _babel(locale: str) -> str:
    return locale.replace("-", "_")


def _day(value: str, locale: str, spoken: bool, formats: Formats) -> str:
    return str(format_date(datetime.fromisoformat(value).date(), formats.day, locale=_babel(locale)))


def _clock(value: str, locale: str, spoken: bool, formats: Formats) -> str:
    """With the zone in brackets behind it, as RFC 9557 writes one, the zone is named."""
    value, bracket, zone = value.partition("[")
    if bracket:
        named = _zone(zone.rstrip("]"), datetime.fromisoformat(value), locale, spoken)
        return f"{_clock(value, locale, spoken, formats)} {named}"
    at = datetime.fromisoformat(value).time() if "T" in value else time.fromisoformat(value)
    return str(format_time(at, formats.of(at), locale=_babel(locale)))


def _is_other_than_its_name(name: str, at: datetime) -> bool:
    usual = USUAL.get(get_global("meta_zones").get(name, ""))
    return usual is not None and at.astimezone(get_timezone(usual)).utcoffset() != at.utcoffset()


def _zone(name: str, at: datetime, locale: str, spoken: bool) -> str:
    """Spoken in full; written as short as people here write it, or else by its distance from Greenwich. Where clocks do
    not show what most people mean by the name ("MT" in Arizona in summer), it says which it is: MST."""
    zone, american = get_timezone(name), f"{locale.partition('-')[0]}_US"
    where = american if american in locale_identifiers() else _babel(locale)
    named = at.astimezone(zone) if _is_other_than_its_name(name, at) else zone
    said = get_timezone_name(named, "long" if spoken else "short", locale=where)
    return said if spoken or len(said) <= LONGEST_ZONE else get_timezone_gmt(at, "long", where)


def _born(value: str, locale: str, spoken: bool, formats: Formats) -> str:
    return str(format_date(date.fromisoformat(value), "long", locale=_babel(locale)))


def _money(value: str, locale: str, spoken: bool, formats: Formats) -> str:
    amount, _, currency = value.partition(" ")
    number = Decimal(amount)
    pattern = "¤#,##0" if number == number.to_integral_value() else "¤#,##0.00"
    return str(format_currency(number, currency or "USD", pattern, locale="en_US", currency_digits=False))


def _phone(value: str, locale: str, spoken: bool, formats: Formats) -> str:
    try:
        number = phonenumbers.parse(value, "US")
    except phonenumbers.NumberParseException:
        return value
    text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    if not spoken:
        return text
    groups = "".join(c if c.isdigit() else " " for c in text).split()
    return ", ".join(" ".join(group) for group in groups)


def _spelled(value: str, locale: str, spoken: bool, formats: Formats) -> str:
    letters, words = (", ", "; ") if spoken else ("-", " ")
    return words.join(letters.join(word.upper()) for word in value.split())


def _list(value: str, locale: str, spoken: bool, formats: Formats) -> str:
    """Items parted by "|"."""
    return str(format_list(value.split("|"), locale=_babel(locale)))


def _code(value: str, locale: str, spoken: bool, formats: Formats) -> str:
    return " ".join(value) if spoken else value


FORMATTERS: dict[str, Formatter] = {
    "day": _day,
    "day2": _day,
    "day3": _day,
    "new_day": _day,
    "clock": _clock,
    "clock2": _clock,
    "clock3": _clock,
    "new_clock": _clock,
    "until": _clock,
    "opens": _clock,
    "closes": _clock,
    "due_day": _day,
    "due_clock": _clock,
    "born": _born,
    "date_of_birth": _born,
    "fee": _money,
    "fee_later": _money,
    "phone": _phone,
    "practice_phone": _phone,
    "last_name_spelled": _spelled,
    "first_name_spelled": _spelled,
    "member_id": _code,
    "names": _list,
    "languages": _list,
    "code": _code,
}


def shown(name: str, value: str, locale: str, spoken: bool, formats: Formats) -> str:
    """The argument `name` with canonical `value`, for reading or hearing."""
    if value == "none" or name not in FORMATTERS:
        return value
    return FORMATTERS[name](value, locale, spoken, formats)

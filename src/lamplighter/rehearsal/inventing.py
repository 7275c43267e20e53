"""Invented words, names, dates and numbers for a rehearsal that is made of a contact. The words of each language stand
in `inventing.yaml`; in a language that is not there, a person writes them."""

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from importlib.resources import files
from typing import Any, Final

from babel import Locale
from babel.dates import format_date, format_time, get_day_names, get_month_names
from ruamel.yaml import YAML

from lamplighter.conversation.wish import Window, Wish
from lamplighter.law.states import STATES

FIRST: Final = (
    "Maya", "Corinne", "Lydia", "Ronald", "Teresa", "Desmond", "Ingrid", "Marcus", "Paloma", "Curtis", "Adela",
    "Felix", "Naomi", "Oscar", "Bettina", "Julian", "Renata", "Simon", "Carmen", "Theo",
)  # fmt: skip
LAST: Final = (
    "Okafor", "Vasquez", "Pike", "Lindgren", "Farrow", "Benitez", "Coleman", "Hadley", "Iverson", "Quintero",
    "Mercer", "Novak", "Ortega", "Pruitt", "Salazar", "Tanner", "Underwood", "Whitaker", "Zamora", "Dempsey",
)  # fmt: skip
OF_AGE: Final = 18
A_HUNDRED: Final = 100


@dataclass(frozen=True, slots=True)
class Invented:
    """Somebody who does not exist."""

    first_name: str
    last_name: str
    born: date
    phone: str
    email: str
    member_id: str


def stock() -> tuple[str, ...]:
    """All that `inventing.yaml` lets anybody say."""
    return tuple(_leaves(_words()))


def of_the_calendar() -> tuple[str, ...]:
    """Days of the week, months, hours and small numbers, by name, and the names of languages and states."""
    found = [str(n) for n in range(A_HUNDRED)]
    for locale in _words():
        found += [
            *get_day_names("wide", locale=locale).values(),
            *get_month_names("wide", locale=locale).values(),
        ]
        found += Locale(locale).languages.values()
    states = [f"{state} {name}" for state, name in STATES.items()]
    return (*found, "am pm", *states)


def words_in(locale: str) -> Mapping[str, Any] | None:
    """Those of a language; None where nobody has written any."""
    found: Mapping[str, Any] | None = _words().get(locale.split("-")[0])
    return found


def somebody(chance: random.Random, *, child: bool, today: date, not_of: Collection[str]) -> Invented:
    """Nobody whose name, number or date is one of `not_of`."""
    taken = {each.casefold() for each in not_of}
    first = chance.choice([each for each in FIRST if each.casefold() not in taken])
    last = chance.choice([each for each in LAST if each.casefold() not in taken])
    years = chance.randrange(8, OF_AGE - 1) if child else chance.randrange(OF_AGE + 2, 75)
    days = (date(today.year - years, 1 + n % 12, 1 + n % 28) for n in range(chance.randrange(336), 1000))
    born = next(day for day in days if day.isoformat() not in taken)
    line = next(n for n in _shuffled(chance) if f"+12125550{100 + n}" not in taken)
    member = next(f"W{n:09}" for n in iter(lambda: chance.randrange(10**9), -1) if f"w{n:09}" not in taken)
    return Invented(
        first, last, born, f"+12125550{100 + line}", f"{first}.{last}@example.com".lower(), member
    )


def _shuffled(chance: random.Random) -> list[int]:
    lines = list(range(A_HUNDRED))
    chance.shuffle(lines)
    return lines


def spoken_date(day: date, locale: str) -> str:
    return format_date(day, "long", locale=locale.replace("-", "_")).lower()


def spoken_number(phone: str) -> str:
    """Ten digits as people write them."""
    return f"{phone[-10:-7]} {phone[-7:-4]} {phone[-4:]}"


def wish(wished: Wish, locale: str, words: Mapping[str, Any]) -> str:
    """When somebody can come: days of the week and hours alone, never a date."""
    wanted = list(dict.fromkeys(filter(None, (_window(each, locale, words) for each in wished.any_of))))
    refused = list(dict.fromkeys(filter(None, (_window(each, locale, words) for each in wished.none_of))))
    told = [*wanted, *(words["not"].format(window=each) for each in refused)]
    return ", ".join([*told, *([words["soonest"]] if wished.soonest else [])]) or words["any_time"]


def _window(span: Window, locale: str, words: Mapping[str, Any]) -> str:
    days = set(span.weekdays)
    if span.first is not None and (span.last is None or (span.last - span.first).days < 1):
        days.add(span.first.weekday())
    names = get_day_names("wide", locale=locale.replace("-", "_"))
    told = (
        [words["days"].format(days=words["and"].join(names[day].lower() for day in sorted(days)))]
        if days
        else []
    )
    for name, clock in (("from", span.start), ("before", span.before), ("at", span.at)):
        if clock is not None:
            told.append(words[name].format(hour=_hour(clock, locale, words)))
    return " ".join(told)


def _hour(clock: time, locale: str, words: Mapping[str, Any]) -> str:
    pattern = words["hour"].replace("h a", "h:mm a") if clock.minute else words["hour"]
    return format_time(clock, pattern, locale=locale.replace("-", "_")).lower()


def _leaves(found: Any) -> list[str]:
    if isinstance(found, str):
        return [found]
    inside = found.values() if isinstance(found, Mapping) else found
    return [leaf for each in inside for leaf in _leaves(each)]


@cache
def _words() -> dict[str, Any]:
    text = files("lamplighter.rehearsal").joinpath("inventing.yaml").read_text("utf-8")
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return found

"""Whether a text still holds something of somebody: their names, numbers and dates however written, or their own words.

Looks at all that the log of a contact holds, also what was said first and put right later, and at who is on file.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Final

from babel import Locale
from babel.dates import format_date, get_month_names

from lamplighter.conversation import acts as a
from lamplighter.conversation import events as e
from lamplighter.conversation.details import Detail
from lamplighter.conversation.state import fold
from lamplighter.conversation.understanding.lexicon import languages, lexicon
from lamplighter.desk.ports import Person, Transaction

THEIRS: Final = {
    Detail.FIRST_NAME: "a name",
    Detail.LAST_NAME: "a name",
    Detail.PREFERRED_NAME: "a name",
    Detail.CALLER_NAME: "a name",
    Detail.ORGANISATION: "a name",
    Detail.DATE_OF_BIRTH: "a birth date",
    Detail.PHONE: "a number",
    Detail.EMAIL: "an email address",
    Detail.MEMBER_ID: "a member id",
    Detail.IDENTITY_CODE: "a code",
    Detail.MESSAGE: "a message",
}
"""Whose canonical value is somebody's, and what it is called."""

RUN: Final = 4  # words in a row
FEWEST_DIGITS: Final = 4
_WORDS: Final = (
    "will may april june august mark grace hope rose art joy faith dawn gene bill drew pat sue chase young long day",
    "king white green brown black best love case page price first sol luz rosa paz cruz mar angel abril julio so an",
    "do in no si he ho le lo la my you ma ng self",
)
ALSO_WORDS: Final = frozenset(" ".join(_WORDS).split())
"""Names that are words, too: they count where they are written with a capital letter."""


def left_in(
    tx: Transaction, events: Sequence[e.Event], text: str, stock: Sequence[str] = ()
) -> tuple[str, ...]:
    """What kinds of things of theirs a text holds; never the things. `stock`: sentences of ours, which anybody may
    say."""
    found = dict.fromkeys([*_values(tx, events, text), *_words(events, text, stock)])
    return tuple(found)


def values_of(tx: Transaction, events: Sequence[e.Event]) -> tuple[tuple[str, str], ...]:
    """What is somebody's in this contact, with what it is called."""
    found = [(THEIRS[each.detail], each.value) for each in _given(events) if each.detail in THEIRS]
    state = fold(events)
    for book in (state.known, state.frozen or {}, state.recorded or {}):
        found += [(THEIRS[key.detail], known.value) for key, known in book.items() if key.detail in THEIRS]
    if state.address:
        found.append(("a number" if "@" not in state.address else "an email address", state.address))
    for person in {state.person, state.made.person if state.made else None} - {None}:
        on_file = tx.people.get(person or "")
        found += _on_file(on_file) if on_file else []
    return tuple(dict.fromkeys((what, value) for what, value in found if value.strip()))


def _given(events: Sequence[e.Event]) -> Iterator[a.Give]:
    for event in events:
        if isinstance(event.body, e.Understood):
            yield from (each for each in event.body.acts if isinstance(each, a.Give))


def _on_file(person: Person) -> list[tuple[str, str]]:
    names = [person.first_name, person.last_name, person.preferred_name]
    names += [part for proxy in person.proxies for part in proxy.name.split()]
    numbers = [person.phone, *(proxy.phone for proxy in person.proxies)]
    return [
        *(("a name", each) for each in names if each),
        *(("a number", each) for each in numbers if each),
        *([("a birth date", person.date_of_birth.isoformat())] if person.date_of_birth else []),
        *([("an email address", person.email)] if person.email else []),
        *(("a member id", each) for each in (person.member_id, person.group_number) if each),
        *([("an address", person.address)] if person.address else []),
    ]


def _values(tx: Transaction, events: Sequence[e.Event], text: str) -> Iterator[str]:
    plain, digits = _plain(text), re.sub(r"\D", "", re.sub(r"(?<=\d)[\s().,/-]+(?=\d)", "", text))
    for what, value in values_of(tx, events):
        if any(_stands(form, plain, text) for form in _forms(what, value)):
            yield what
        elif what in ("a number", "a member id", "a code"):
            number = re.sub(r"\D", "", value)[-10:]
            if len(number) >= FEWEST_DIGITS and number in digits:
                yield what


def _forms(what: str, value: str) -> Iterable[str]:
    """However it may be written."""
    if what == "a birth date":
        try:
            return _dates(date.fromisoformat(value))
        except ValueError:
            return (value,)
    if what == "a name":
        parts = [each for each in value.split() if _plain(each) not in _everyday()]
        return [each for each in (value, *parts) if len(each) > 1]
    return (value,)


def _dates(day: date) -> list[str]:
    numbers = [
        day.isoformat(),
        f"{day.month} {day.day} {day.year}", f"{day.month} {day.day} {day.year % 100:02}",
        f"{day.month:02} {day.day:02} {day.year}", f"{day.day} {day.month} {day.year}",
        f"{day.month:02}{day.day:02}{day.year}",
    ]  # fmt: skip
    english = (format_date(day, pattern, locale="en") for pattern in ("MMM d y", "d MMMM y"))
    return [*numbers, *english, *(_written_out(day, language) for language in languages())]


def _written_out(day: date, language: str) -> str:
    order = lexicon(language).exact("dates", "written_out") or "{month} {day} {year}"
    month = get_month_names(locale=Locale.parse(language, sep="-"))[day.month]
    return order.format(day=day.day, month=month, year=day.year)


def _stands(form: str, plain: str, text: str) -> bool:
    wanted = _plain(form)
    if not wanted:
        return False
    if wanted in ALSO_WORDS:
        return re.search(rf"\b{re.escape(form.capitalize())}\b", text) is not None
    return re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", plain) is not None


def _words(events: Sequence[e.Event], text: str, stock: Sequence[str]) -> Iterator[str]:
    """Some words in a row that they, or somebody here to them, said; and whatever number they said."""
    told, ours = _plain(text).split(), [_plain(each).split() for each in stock]
    said_by_all = {word for each in ours for word in each}
    runs = {run for run in _runs(told) if not said_by_all.issuperset(run)}
    written = set(told) - said_by_all - _everyday()
    for said in _said(events):
        words = _plain(said).split()
        if _runs(words) & runs:
            yield "a piece of what they said"
        if any(each in told for each in words if _tells(each)):
            yield "a number that they said"
        if found := sorted(each for each in set(words) & written if not each[:1].isdigit()):
            yield f"what they said and few people say ({', '.join(found)})"


@cache
def _everyday() -> frozenset[str]:
    """Words that tell of nobody who says them."""
    known = [lexicon(language) for language in languages()]
    words = {
        word for each in known for word in each.ordinary | each.words("common") | each.words("not_names")
    }
    names = {word for each in known for word in each.given} - words
    return frozenset(word for each in words for word in _plain(each).split()) - names


def _runs(words: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


def _tells(word: str) -> bool:
    """A number long enough to be somebody's; a year of these days is nobody's."""
    return word.isdigit() and len(word) >= FEWEST_DIGITS and not ("2020" <= word <= "2039" and len(word) == 4)


def _said(events: Sequence[e.Event]) -> Iterator[str]:
    for event in events:
        body = event.body
        if isinstance(body, e.Heard):
            yield from (body.text, body.keys, *(each.text for each in body.alternatives))
        elif isinstance(body, e.StaffSaid):
            yield body.text
        elif isinstance(body, e.Understood):
            free = (Detail.MESSAGE, Detail.CALLBACK_TIME)
            yield from (act.value for act in body.acts if isinstance(act, a.Give) and act.detail in free)


def _plain(text: str) -> str:
    """Without case, accents and marks: words with single spaces between."""
    bare = "".join(
        each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each)
    )
    return " ".join(re.sub(r"[^\w@]+", " ", bare).split())

"""The words of time of a locale, and a text read as lexemes with them.

A locale is a file, `locales/<locale>.yaml`: kind of word, value, phrases, as `kinds.py` explains them; a kind that a
file leaves out is never heard there, and what is none is refused with its line. A phrase may be of several kinds
("past" is a clock word, an "after" and a "last"); the grammar asks for the kind that it can use in that place.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from lamplighter.conversation.understanding.locale_files import FIRST, page_of, wrong_in
from lamplighter.conversation.understanding.when.kinds import CHOICE_LISTED, CHOICE_VALUED, LISTED, VALUED
from lamplighter.conversation.understanding.when.words import Token, fold, tokenize

Senses = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as said. `meridiem` where it was said; `fixed` where no guess is needed (17h, noon)."""

    hour: int
    minute: int = 0
    meridiem: str | None = None
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One word or phrase of the text with everything it can mean."""

    senses: Senses
    start: int
    end: int
    word: str

    def has(self, *kinds: str) -> bool:
        return not self.senses.keys().isdisjoint(kinds)


@dataclass(frozen=True, slots=True)
class Lexicon:
    locale: str
    month_first: bool
    dates_after: frozenset[str]  # words after which a number alone is a day of the month ("el 3")
    bare_number_is_date: bool  # whether it is one after a weekday too ("jueves 3")
    soft: frozenset[str]
    reach: Mapping[str, str]
    past_endings: tuple[str, ...]
    full: frozenset[str]
    unshortened: frozenset[str]  # the names of days and months as they are written out
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], Senses], ...]]

    def read(self, text: str) -> list[Lexeme]:
        """The text as lexemes; a word that means nothing here is a lexeme of kind "other"."""
        tokens = tokenize(text)
        lexemes: list[Lexeme] = []
        at = 0
        while at < len(tokens):
            lexeme, at = self._next(tokens, at)
            if not (lexeme.word == "." and lexemes and _abbreviated(lexemes[-1], self.unshortened)):
                lexemes.append(lexeme)
        return _joined_numbers(lexemes)

    def means(self, word: str, kind: str) -> bool:
        """Whether the word by itself can be of a kind."""
        return any(words == (word,) and kind in senses for words, senses in self.phrases.get(word, ()))

    def _next(self, tokens: list[Token], at: int) -> tuple[Lexeme, int]:
        token = tokens[at]
        for words, senses in self.phrases.get(token.folded, ()):
            end = _matched(tokens, at, words)
            if end:
                merged = senses if token.shape == "word" or end > at + 1 else {**_shaped(token), **senses}
                return Lexeme(merged, token.start, tokens[end - 1].end, " ".join(words)), end
        return Lexeme(_shaped(token), token.start, token.end, token.folded), at + 1


@lru_cache(maxsize=64)
def lexicon(locale: str, *, of: str | None = None) -> Lexicon:
    """The lexicon of a locale, or of its language; English where there is no file.

    `of`: a section of words for one purpose ("choice") that joins the rest.
    """
    return _load(_words_of(locale), of)


def prepare(*locales: str) -> None:
    """Read the words of these locales ahead of the first call: half a second each, then kept."""
    for locale in locales:
        lexicon(locale)
        lexicon(locale, of="choice")


@lru_cache(maxsize=64)
def _words_of(locale: str) -> Mapping[str, Any]:
    """Raises LocaleUnreadable."""
    folder = resources.files(__package__).joinpath("locales")
    for name in (locale, locale.split("-")[0]):
        file = folder.joinpath(f"{name}.yaml")
        if re.fullmatch(r"[A-Za-z-]+", name) and file.is_file():
            return words_in(file)
    if locale == FIRST:
        raise FileNotFoundError(f"locales/{FIRST}.yaml")
    return _words_of(FIRST)


def words_in(file: Traversable) -> Mapping[str, Any]:
    """The words of time in a file. Raises LocaleUnreadable."""
    raw = {"month_first": False, "bare_number_is_date": False, "choice": {}, **page_of(file)}
    for kind, section in raw.items():
        if kind not in _PLAIN:
            _held_to_kind(file, (kind,), section, VALUED, LISTED)
    for kind, section in raw["choice"].items():
        valued, listed = CHOICE_VALUED | VALUED, CHOICE_LISTED | LISTED
        _held_to_kind(file, ("choice", kind), section, valued, listed)
    return raw


def _held_to_kind(
    file: Traversable, path: tuple[str, ...], section: Any, valued: Collection[str], listed: Collection[str]
) -> None:
    kind = path[-1]
    if kind not in valued and kind not in listed:
        raise wrong_in(file, path, f"there is no kind of word {kind!r}; `when/kinds.py` lists them")
    if isinstance(section, dict) != (kind in valued):
        shape = "values with lists of phrases" if kind in valued else "a list of phrases"
        raise wrong_in(file, path, f"{kind} must be {shape}")
    for phrases in section.values() if isinstance(section, dict) else [section]:
        if not isinstance(phrases, list) or not all(
            isinstance(each, str) and _words(each) for each in phrases
        ):
            raise wrong_in(file, path, f"{kind}: every phrase must be text")


_BACKGROUND = {"taken_up", "while", "past", "not_past", "say"}  # words of a story, which say no time
_PLAIN = (
    "locale", "month_first", "dates_after", "bare_number_is_date", "soft", "reach", "past_endings", "full", "choice",
)  # fmt: skip


def _load(raw: Mapping[str, Any], of: str | None) -> Lexicon:
    senses: dict[tuple[str, ...], dict[str, Any]] = {}
    sections = [(kind, section) for kind, section in raw.items() if kind not in _PLAIN]
    for kind, section in [*sections, *(raw.get(of, {}).items() if of else ())]:
        valued = section.items() if isinstance(section, dict) else [(None, section)]
        for value, phrases in valued:
            for phrase in phrases:
                senses.setdefault(_words(phrase), {})[kind] = value
    for meaning in senses.values():
        if meaning.keys() <= _BACKGROUND:
            meaning["other"] = None
    first: dict[str, list[tuple[tuple[str, ...], Senses]]] = {}
    for words, meaning in sorted(senses.items(), key=lambda item: -len(item[0])):
        first.setdefault(words[0], []).append((words, meaning))
    return Lexicon(
        raw.get("locale", FIRST),
        raw["month_first"],
        frozenset(_words(word)[0] for word in raw.get("dates_after", ())),
        raw["bare_number_is_date"],
        frozenset(_words(word)[0] for word in raw.get("soft", ())),
        raw.get("reach", {}),
        tuple(raw.get("past_endings", ())),
        frozenset(raw.get("full", ())),
        frozenset(fold(names[0]) for kind in ("weekday", "month") for names in raw.get(kind, {}).values()),
        {word: tuple(entries) for word, entries in first.items()},
    )


def _words(phrase: str) -> tuple[str, ...]:
    return tuple(token.folded for token in tokenize(str(phrase)))


def _matched(tokens: list[Token], at: int, words: tuple[str, ...]) -> int:
    """Where the phrase ends in the tokens, 0 if it is not there. A hyphen inside a word does not count."""
    for n, word in enumerate(words):
        if n and at + 1 < len(tokens) and tokens[at].folded == "-" and tokens[at].tight and word != "-":
            at += 1
        if at >= len(tokens) or tokens[at].folded != word:
            return 0
        at += 1
    return at


def _shaped(token: Token) -> Senses:
    match token.shape:
        case "date":
            return {"date": _parts(token.folded)}
        case "slash":
            return {"slash": _parts(token.folded)}
        case "ord":
            return {"ord": _parts(token.folded)[0][0]}
        case "num":
            return {"num": int(token.folded[:9]), "digits": token.folded}
        case "clock":
            return _clock(token.folded)
        case "mark":
            return {"comma": None} if token.folded in ",،、:" else {"stop": None}
        case _:
            return {"other": None}


def _parts(text: str) -> tuple[tuple[int, int], ...]:
    """Each number with the count of its digits."""
    return tuple((int(digits), len(digits)) for digits in re.findall(r"\d+", text))


def _clock(text: str) -> Senses:
    numbers = [value for value, _ in _parts(text)]
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
    said = re.search(r"[ap]", text)
    if hour > 24 or minute > 59 or (said and not 1 <= hour <= 12):
        return {"other": None}
    fixed = hour > 12 or hour == 0
    return {"clock": Clock(hour, minute, f"{said.group()}m" if said else None, fixed)}


def _abbreviated(lexeme: Lexeme, unshortened: frozenset[str]) -> bool:
    """ "Dec.", "Thurs.": the full stop ends no sentence."""
    short = len(lexeme.word) <= 5 and lexeme.word not in unshortened
    return (lexeme.has("month", "weekday") and short) or lexeme.word.rpartition(" ")[2] in _TITLES


_TITLES = ("dr", "mr", "mrs", "ms", "st", "dra", "sr", "sra", "srta", "lic")


def _joined_numbers(lexemes: Iterable[Lexeme]) -> list[Lexeme]:
    """ "twenty" "five" as 25, "twenty" "third" as the 23rd, "treinta" "y" "uno" as 31."""
    joined: list[Lexeme] = []
    for lexeme in lexemes:
        joined.append(lexeme)
        for back in (2, 3):
            merged = _merge(joined[-back:]) if len(joined) >= back else None
            if merged:
                joined[-back:] = [merged]
                break
    return joined


def _merge(run: list[Lexeme]) -> Lexeme | None:
    tens, unit = run[0], run[-1]
    value = tens.senses.get("num")
    if value not in (20, 30, 40, 50, 60, 70, 80, 90) or tens.has("digits") or unit.has("digits"):
        return None
    if len(run) == 3 and not (run[1].has("tens_and") or run[1].word == "-"):
        return None
    for kind in ("num", "ord"):
        small = unit.senses.get(kind)
        if isinstance(small, int) and 1 <= small <= 9 and " " not in unit.word:
            return Lexeme({kind: value + small}, tens.start, unit.end, f"{tens.word} {unit.word}")
    return None

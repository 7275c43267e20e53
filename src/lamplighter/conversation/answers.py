"""What a few words mean in answer to a text of ours: `texted.yaml` of every language and the files of `left_alone`,
read. Deterministic, and before understanding.

Rules of this room: the guard has read the words before; whoever wants to be left alone is, in any words; what is kept
of a sentence is the part that says so; a word of a language that nobody here speaks may be somebody's name.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from lamplighter.conversation.guard.text import fold
from lamplighter.conversation.left_alone.reading import Word, own_mistake, said_alone, said_within, sorry
from lamplighter.conversation.understanding.lexicon import anywhere
from lamplighter.conversation.understanding.locale_files import FIRST, languages, read, regex, with_parts
from lamplighter.conversation.ways import plain

Meaning = Literal[
    "stop",
    "cancel",
    "start",
    "help",
    "confirm",
    "confirm_if_first",
    "move",
    "visit",
    "texts",
    "not_theirs",
    "angry",
    "number",
    "photo",
    "no_money",
    "pay",
    "pay_in_parts",
    "not_now",
    "take",
    "leave",
]
LONGEST: Final = 2000
BY_LETTER: Final[tuple[Meaning, ...]] = (
    "stop",
    "cancel",
    "start",
    "help",
    "confirm",
    "confirm_if_first",
    "move",
)
BY_LETTERS: Final = ("sms", "email")
"""Where what we have written is answered in writing."""

_ANYWHERE: Final[tuple[Meaning, ...]] = ("stop", "cancel", "start", "help")
"""What is heard whatever else is going on."""

IN_WORDS: Final[tuple[Meaning, ...]] = ("not_theirs", "angry")


@dataclass(frozen=True, slots=True)
class Found:
    """`words` are those that say it: ours from the list, or the part of the sentence that it matched."""

    meaning: Meaning
    words: str
    whole: bool = False
    locale: str | None = None  # where it is a word of one language alone
    calls: bool = False  # it names calls, which stop with the texts
    by_carrier: bool = False  # whoever carries our texts has answered it


@dataclass(frozen=True, slots=True)
class Hearing:
    """What a single word is heard by: the languages that they use, and whether they were asked for a name or the like,
    which it then may be."""

    languages: frozenset[str]
    asked: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "languages", frozenset(each.split("-")[0] for each in self.languages))

    def means(self, word: Word) -> bool:
        if word.written == "marked":
            return True
        theirs = word.locale.split("-")[0] in self.languages
        if self.asked:
            return word.written == "plain" and theirs
        return theirs or word.locale.split("-")[0] in languages() or " " in word.words

    def means_ours(self, meaning: Meaning, bare: str) -> bool:
        """Of the languages that have a folder, which are read in every language."""
        if not self.asked or " " in bare or meaning not in _ANYWHERE or bare in _carriers():
            return True
        return any(bare in _listed(meaning, locale) for locale in languages() if locale in self.languages)


def found_in(text: str, channel: str, hearing: Hearing | None = None) -> Found | None:
    """To be left alone is heard in words on every channel; the rest is for text messages. Without a `hearing`, a word
    of any language is taken for what it is there."""
    words = plain(text[:LONGEST])
    bare = _bare(words)
    for meaning in _by_letter(channel):
        if bare in _whole(meaning) and (hearing is None or hearing.means_ours(meaning, bare)):
            return _alone(channel, meaning, bare, _only_in(meaning, bare))
    for alone in said_alone(text[:LONGEST]):
        if (meant := alone.meaning) in _by_letter(channel) and (hearing is None or hearing.means(alone)):
            return _alone(channel, meant, alone.words, alone.locale if alone.locale != FIRST else None)
    return _in_words(text[:LONGEST], words, channel)


def _alone(channel: str, meaning: Meaning, words: str, locale: str | None) -> Found:
    meant: Meaning = "visit" if (channel, meaning) == ("email", "cancel") else meaning
    return Found(meant, words, whole=True, locale=locale)


def _in_words(text: str, words: str, channel: str) -> Found | None:
    read = _of_email().sub(_as_of_texts, words) if channel == "email" else words
    if (said := _within("no_money", read)) is not None:
        return Found("no_money", _as_written(said, read, words))
    if (said := _within("stop", read)) is not None:
        return Found("stop", _as_written(said, read, words))
    if (left := said_within(text, "stop", by_email=channel == "email")) is not None:
        return Found("stop", left.words, calls=left.calls)
    for meaning in IN_WORDS if channel in BY_LETTERS else ():
        if meaning == "not_theirs" and own_mistake(text):
            continue
        if (said := _within(meaning, read)) is not None:
            return Found(meaning, _as_written(said, read, words))
        if (other := said_within(text, meaning)) is not None:
            return Found(meaning, other.words)
    return None


def of_reminders_alone(text: str) -> bool:
    """Whether what somebody wants none of is reminders: nothing else is refused in the same breath."""
    clauses = _clauses().split(plain(text[:LONGEST]))
    of_reminders, of_messages = _said("reminders"), _said("messages")
    reminders = [of_reminders.search(clause) is not None for clause in clauses]
    refused = [
        clause
        for clause, of_them in zip(clauses, reminders, strict=True)
        if of_them or _within("stop", clause)
    ]
    return any(reminders) and all(
        of_reminders.search(each) and not of_messages.search(each) for each in refused
    )


def stop_in(lines: Iterable[str], hearing: Hearing | None = None) -> Found | None:
    """What in any line of an email asks for no more of them."""
    found = (found_in(line, "email", hearing) for line in lines)
    return next((each for each in found if each is not None and each.meaning == "stop"), None)


def _as_of_texts(match: re.Match[str]) -> str:
    """What is said of emails in an email is read like what is said of texts in a text, word for word."""
    return _emails()[match.group()]


@cache
def _emails() -> Mapping[str, str]:
    tables = (read(language)["tables"].get("emails_as_texts", {}) for language in languages())
    return {word: of_texts for table in tables for word, of_texts in table.items()}


@cache
def _of_email() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(_emails(), key=len, reverse=True))})\b")


@cache
def _said(what: str) -> re.Pattern[str]:
    return re.compile(rf"\b{anywhere(what)}\b")


@cache
def _clauses() -> re.Pattern[str]:
    return re.compile(rf"[.;,!?]+|\b{anywhere('between_clauses')}\b")


def _as_written(said: str, read: str, words: str) -> str:
    """The same words of the sentence, before they were read so."""
    first = len(read[: read.index(said)].split())
    return " ".join(words.split()[first : first + len(said.split())])


def _by_letter(channel: str) -> tuple[Meaning, ...]:
    """By email no carrier makes anything of HELP, and CANCEL is about the visit."""
    if channel == "email":
        return tuple(meaning for meaning in BY_LETTER if meaning != "help")
    return BY_LETTER if channel == "sms" else ()


def is_sorry(text: str) -> bool:
    """In any language: it may be they who dialled a wrong number."""
    said = fold(text[:LONGEST])
    return any(word in said for word in sorry())


def meant_by_cancel(text: str) -> Meaning | None:
    """What they say to whether they meant the visit."""
    bare = _bare(plain(text[:LONGEST]))
    meanings: tuple[Meaning, ...] = ("visit", "texts")
    if (ours := next((meaning for meaning in meanings if bare in _whole(meaning)), None)) is not None:
        return ours
    return next((said.meaning for said in said_alone(text[:LONGEST]) if said.meaning in meanings), None)


def to_an_offer(text: str) -> Found | None:
    """What they say to a time that we had offered by text."""
    bare = _bare(plain(text[:LONGEST]))
    meanings: tuple[Meaning, ...] = ("take", "leave")
    return next((Found(each, bare, whole=True) for each in meanings if bare in _whole(each)), None)


def to_a_bill(text: str) -> Found | None:
    """What they say to a text of ours about something that is open: pay, in parts, yes or no."""
    bare = _bare(plain(text[:LONGEST]))
    meanings: tuple[Meaning, ...] = ("pay", "pay_in_parts", "take", "leave")
    return next((Found(each, bare, whole=True) for each in meanings if bare in _whole(each)), None)


def _bare(words: str) -> str:
    """Without punctuation around and between, but what belongs to a word."""
    kept = re.sub(r"[^\w\s'👍✅👌-]+", " ", words)
    return " ".join(kept.strip(" '-").split())


def _within(meaning: Meaning, words: str) -> str | None:
    matches = (pattern.search(words) for pattern in _patterns(meaning))
    return next((match.group().strip() for match in matches if match), None)


def _only_in(meaning: Meaning, bare: str) -> str | None:
    """STOP and C are written in every language."""
    listed = [locale for locale in languages() if bare in _listed(meaning, locale)]
    return listed[0] if listed[0] != FIRST else None


@cache
def _whole(meaning: Meaning) -> frozenset[str]:
    return frozenset().union(*(_listed(meaning, locale) for locale in languages()))


@cache
def _listed(meaning: str, locale: str) -> frozenset[str]:
    return frozenset(_bare(plain(word)) for word in read(locale)["texted_whole"].get(meaning, ()))


@cache
def _carriers() -> frozenset[str]:
    return frozenset().union(*(_listed("carriers", locale) for locale in languages()))


@cache
def _patterns(meaning: Meaning) -> tuple[re.Pattern[str], ...]:
    return tuple(
        _compiled(locale, meaning, written)
        for locale in languages()
        for written in read(locale)["texted_within"].get(meaning, ())
    )


def _compiled(locale: str, meaning: Meaning, written: str) -> re.Pattern[str]:
    def made() -> re.Pattern[str]:
        return re.compile(rf"(?<![\w'])(?:{with_parts(locale, 'texted_parts', written)})(?![\w'])")

    return regex(locale, made, "texted_within", meaning)

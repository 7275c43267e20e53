"""What a few words mean in answer to a text of ours: `answers.yaml` and the files of `left_alone`, read. Deterministic,
and before understanding.

Rules of this room: the guard has read the words before; whoever wants to be left alone is, in any words; what is kept
of a sentence is the part that says so; a word of a language that nobody here speaks may be somebody's name.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

import yaml  # type: ignore[import-untyped]

from lamplighter.conversation.guard.text import fold
from lamplighter.conversation.left_alone.reading import Word, own_mistake, said_alone, said_within
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
READS: Final = ("en", "es")  # read in every language: people switch
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

_OF_EMAIL: Final = re.compile(r"\be-?mail(?:s|ing|ed)?\b|\bcorreos?\b")
_REMINDERS: Final = re.compile(r"\b(?:reminders?|remind|recordatorios?|avisos?|recuerd\w+)\b")
_MESSAGES: Final = re.compile(r"\b(?:texts?|messages?|sms|mensajes?|textos?)\b")
_CLAUSES: Final = re.compile(r"[.;,!?]+|\b(?:and|but|y|pero)\b")
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
        return theirs or word.locale in READS or " " in word.words

    def means_ours(self, meaning: Meaning, bare: str) -> bool:
        """Of English and Spanish, which are read in every language."""
        if not self.asked or " " in bare or meaning not in _ANYWHERE or bare in _carriers():
            return True
        return any(bare in _listed(meaning, locale) for locale in READS if locale in self.languages)


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
            return _alone(channel, meant, alone.words, alone.locale if alone.locale != READS[0] else None)
    return _in_words(text[:LONGEST], words, channel)


def _alone(channel: str, meaning: Meaning, words: str, locale: str | None) -> Found:
    meant: Meaning = "visit" if (channel, meaning) == ("email", "cancel") else meaning
    return Found(meant, words, whole=True, locale=locale)


def _in_words(text: str, words: str, channel: str) -> Found | None:
    read = _OF_EMAIL.sub(_as_of_texts, words) if channel == "email" else words
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
    clauses = _CLAUSES.split(plain(text[:LONGEST]))
    reminders = [_REMINDERS.search(clause) is not None for clause in clauses]
    refused = [
        clause
        for clause, of_them in zip(clauses, reminders, strict=True)
        if of_them or _within("stop", clause)
    ]
    return any(reminders) and all(_REMINDERS.search(each) and not _MESSAGES.search(each) for each in refused)


def stop_in(lines: Iterable[str], hearing: Hearing | None = None) -> Found | None:
    """What in any line of an email asks for no more of them."""
    found = (found_in(line, "email", hearing) for line in lines)
    return next((each for each in found if each is not None and each.meaning == "stop"), None)


def _as_of_texts(match: re.Match[str]) -> str:
    """What is said of emails in an email is read like what is said of texts in a text, word for word."""
    word = match.group()
    if word.startswith("corr"):
        return "mensajes"
    ending = next((each for each in ("ing", "ed", "s") if word.endswith(each)), "")
    return f"text{ending}"


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
    return any(word in said for word in _sorry())


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
    matches = (regex.search(words) for regex in _patterns(meaning))
    return next((match.group().strip() for match in matches if match), None)


def _only_in(meaning: Meaning, bare: str) -> str | None:
    """STOP and C are written in every language."""
    listed = [locale for locale in READS if bare in _listed(meaning, locale)]
    return listed[0] if listed[0] != READS[0] else None


@cache
def _whole(meaning: Meaning) -> frozenset[str]:
    return frozenset().union(*(_listed(meaning, locale) for locale in READS))


@cache
def _listed(meaning: Meaning, locale: str) -> frozenset[str]:
    words = _page()["whole"].get(meaning, {}).get(locale, ())
    return frozenset(_bare(plain(str(word))) for word in words)


@cache
def _carriers() -> frozenset[str]:
    return frozenset(_bare(plain(str(word))) for word in _page()["carriers"])


@cache
def _sorry() -> frozenset[str]:
    return frozenset(fold(str(word)) for word in _page()["sorry"])


@cache
def _patterns(meaning: Meaning) -> tuple[re.Pattern[str], ...]:
    listed: Mapping[str, list[str]] = _page()["within"].get(meaning, {})
    return tuple(
        re.compile(rf"(?<![\w'])(?:{_filled(regex)})(?![\w'])")
        for locale in READS
        for regex in listed.get(locale, ())
    )


def _filled(regex: str) -> str:
    """With what several have in common in the place of its name."""
    for name, part in _page()["parts"].items():
        regex = regex.replace(f"{{{name}}}", part)
    return regex


@cache
def _page() -> Any:
    raw = files(__package__).joinpath("answers.yaml").read_text("utf-8")
    return yaml.load(raw, Loader=yaml.CSafeLoader)

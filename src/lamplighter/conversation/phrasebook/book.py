"""Reads the phrasebook's files, one a locale, and renders phrases.

A missing or unknown argument is an error at load, in tests and at every render, because the message library prints a
missing one as `{name}` without complaint. Text is ICU MessageFormat; values are made readable by `values.py` first.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from icu4py.messageformat import MessageFormat
from ruamel.yaml import YAML

from lamplighter.conversation.details import Detail, Key
from lamplighter.conversation.phrasebook.values import Formats, shown

_FIELDS = {"text", "spoken", "asks", "confirms", "channels", "author", "reviewer", "status", "note"}
_Value = str | int | float | Decimal | date | datetime
TEXTS = "sms."
CORE = "core."
_ARGUMENT = re.compile(r"\{\s*([a-z_][a-z0-9_]*)\s*[,}]")


class PhraseError(Exception):
    """A phrase is missing, or its arguments are not those its message names."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence of one locale. `asks` and `confirms` are written detail keys, in spoken order."""

    id: str
    text: str
    spoken: str
    asks: tuple[str, ...] = ()
    confirms: tuple[str, ...] = ()
    channels: tuple[str, ...] = ("voice", "sms", "chat")
    author: str = ""
    reviewer: str = "none"
    status: str = "draft"

    @property
    def arguments(self) -> frozenset[str]:
        return placeholders(self.text) | placeholders(self.spoken)


def placeholders(message: str) -> frozenset[str]:
    return frozenset(_ARGUMENT.findall(message))


class Phrasebook:
    """All locales. A locale without its own wording of a phrase has no such phrase: nothing falls back silently."""

    def __init__(
        self,
        locales: Mapping[str, Mapping[str, Phrase]],
        formats: Mapping[str, Formats],
        core: Mapping[str, Mapping[str, Phrase]] | None = None,
    ) -> None:
        self._locales = {locale: dict(phrases) for locale, phrases in locales.items()}
        self._formats = dict(formats)
        self._core = dict(core or {})

    @classmethod
    @cache
    def load(cls) -> "Phrasebook":
        """The phrases that ship with the product. Raises PhraseError naming file and phrase."""
        return cls.of(files(), core_files())

    @classmethod
    @cache
    def before_signing(cls) -> "Phrasebook":
        """The sentence for whoever reaches a practice that has not signed, and nothing else."""
        own = _before_signing()
        return cls(own, dict.fromkeys(own, Formats()))

    @classmethod
    def of(cls, raw: Mapping[str, bytes], core: Mapping[str, bytes] | None = None) -> "Phrasebook":
        """The phrases in these files, by locale: those that a practice has signed. Raises PhraseError.

        `core`: the few sentences for other languages that it has signed; no other is ever said to anybody real. The
        sentence from before it signed is there too, so that those contacts can still be read.
        """
        parsed = {name: parse(name, content.decode()) for name, content in raw.items()}
        return cls(
            {name: {**_before_signing().get(name, {}), **phrases} for name, (phrases, _) in parsed.items()},
            {name: formats for name, (_, formats) in parsed.items()},
            {name: parse(name, content.decode())[0] for name, content in (core or {}).items()},
        )

    @property
    def locales(self) -> tuple[str, ...]:
        return tuple(self._locales)

    def phrases(self, locale: str) -> Mapping[str, Phrase]:
        return self._locales[locale]

    def core_locale(self, language: str) -> str | None:
        """The locale of the few sentences that are there in this language, where the rest of the book isn't."""
        return next((each for each in self._core if each in (language, f"{language}-BR")), None)

    def has(self, locale: str, phrase_id: str) -> bool:
        return phrase_id in self._locales.get(locale, {}) or phrase_id in self._core.get(locale, {})

    def phrase(self, locale: str, phrase_id: str) -> Phrase:
        try:
            return (self._core if phrase_id.startswith(CORE) else self._locales)[locale][phrase_id]
        except KeyError:
            raise PhraseError(f"no phrase {phrase_id!r} in locale {locale!r}") from None

    def render(self, locale: str, phrase_id: str, args: Mapping[str, str], *, spoken: bool = False) -> str:
        """The words. Raises PhraseError when `args` are not exactly the arguments of the phrase."""
        phrase = self.phrase(locale, phrase_id)
        if frozenset(args) != phrase.arguments:
            missing, extra = sorted(phrase.arguments - set(args)), sorted(set(args) - phrase.arguments)
            raise PhraseError(
                f"{phrase_id} ({locale}): missing arguments {missing}, unknown arguments {extra}"
            )
        message = phrase.spoken if spoken else phrase.text
        own = self._formats.get(locale) or Formats()
        formats = own.for_texts() if phrase_id.startswith(TEXTS) else own
        values = {name: _typed(shown(name, value, locale, spoken, formats)) for name, value in args.items()}
        return " ".join(_message(message, locale).format(values).split())

    def matching(self, prefix: str, wanted: Iterable[str], locale: str) -> tuple[str, ...]:
        """Phrases `prefix.a+b` that together cover `wanted`, largest first, in order; what none covers is left out."""
        left, chosen = list(wanted), []
        while left:
            found = self._largest(prefix, left, locale)
            if not found:
                left.pop(0)
                continue
            chosen.append(found)
            covered = found.removeprefix(prefix + ".").split("+")
            left = [name for name in left if name not in covered]
        return tuple(chosen)

    def _largest(self, prefix: str, left: list[str], locale: str) -> str | None:
        for size in range(len(left), 0, -1):
            candidate = f"{prefix}.{'+'.join(left[:size])}"
            if self.has(locale, candidate):
                return candidate
        return None


def _typed(text: str) -> _Value:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else text


@cache
def _message(pattern: str, locale: str) -> MessageFormat:
    return MessageFormat(pattern, locale)


def files() -> dict[str, bytes]:
    """Locale to the bytes of its file: part of what a practice signs."""
    return _files_in("lamplighter.conversation.phrasebook")


@cache
def _before_signing() -> dict[str, Mapping[str, Phrase]]:
    found = _files_in("lamplighter.conversation.phrasebook", "before_signing")
    return {locale: parse(locale, raw.decode())[0] for locale, raw in found.items()}


@cache
def core_files() -> dict[str, bytes]:
    """Locale to the bytes of its file: what somebody is told in their language where nothing else here speaks it."""
    return _files_in("lamplighter.conversation.phrasebook", "core")


def _files_in(package: str, *inside: str) -> dict[str, bytes]:
    folder = resources.files(package).joinpath(*inside)
    return {
        entry.name.removesuffix(".yaml"): entry.read_bytes()
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".yaml")
    }


@lru_cache(maxsize=64)
def parse(locale: str, text: str) -> tuple[Mapping[str, Phrase], Formats]:
    raw = YAML(typ="safe").load(text)
    head = {
        "author": raw.get("author", ""),
        "reviewer": raw.get("reviewer", "none"),
        "status": raw.get("status", "draft"),
    }
    phrases = {}
    for phrase_id, entry in raw["phrases"].items():
        phrases[phrase_id] = _phrase(locale, phrase_id, entry, head)
    return phrases, Formats(**raw.get("formats", {}))


def _phrase(locale: str, phrase_id: str, entry: Any, head: Mapping[str, str]) -> Phrase:
    if isinstance(entry, str):
        entry = {"text": entry}
    unknown = set(entry) - _FIELDS
    if unknown or "text" not in entry:
        raise PhraseError(
            f"{locale}.yaml: {phrase_id}: unknown or missing fields {sorted(unknown or {'text'})}"
        )
    asks, confirms = tuple(entry.get("asks", ())), tuple(entry.get("confirms", ()))
    for written in (*asks, *confirms):
        _check_key(locale, phrase_id, written)
    return Phrase(
        phrase_id,
        " ".join(entry["text"].split()),
        " ".join(entry.get("spoken", entry["text"]).split()),
        asks,
        confirms,
        tuple(entry.get("channels", ("voice", "sms", "chat"))),
        entry.get("author", head["author"]),
        entry.get("reviewer", head["reviewer"]),
        entry.get("status", head["status"]),
    )


def _check_key(locale: str, phrase_id: str, written: str) -> None:
    try:
        Key.parse(written)
    except ValueError:
        names = ", ".join(detail.value for detail in Detail)
        raise PhraseError(
            f"{locale}.yaml: {phrase_id}: {written!r} is no detail; details are {names}"
        ) from None

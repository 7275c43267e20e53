"""The verdict on one text, from both detectors."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from .classifier import WHOLE, Classifier, Embed, Vectors, encode
from .letters import LATIN, foreign, language_of, languages_of
from .patterns import Entry, Patterns
from .text import forms, heard_only

Kind = Literal["crisis", "clinical", "human", "clear"]
ORDER: tuple[Kind, ...] = ("crisis", "clinical", "human", "clear")
EVERYWHERE = ("en", "es")  # languages whose patterns read every text, whatever language the contact is in

_SENTENCES = re.compile(r"[.?!;\n]+")

LEANS = -0.5
"""How far below its limit a text's margin may lie to be read with what was said before it: one turn in eighty."""

LEANS_ELSEWHERE = -0.2
"""The same where the other languages' model reads, which rings sooner by itself."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a text is, and because of which pattern ids or "classifier" (empty when clear)."""

    verdict: Kind
    because: tuple[str, ...] = ()


CLEAR = Verdict("clear")
FAILED = Verdict("human", ("guard-failure",))
PICTURE = Verdict("human", ("picture",))
A_PICTURE = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands in a text for what came with it and can't be read here."""


class Guard:
    """Reads every text first. One instance serves every locale and is safe to share."""

    def __init__(
        self,
        patterns: Patterns,
        classifier: Classifier,
        embed: Embed = encode,
        others: Classifier | None = None,
    ) -> None:
        self._patterns, self._classifier, self._embed = patterns, classifier, embed
        self._others = others

    @classmethod
    def load(cls) -> "Guard":
        """A guard with the package's own patterns and models. Raises PatternError."""
        return cls(Patterns.load(EVERYWHERE), Classifier.load(), others=Classifier.load_others())

    def ready(self) -> None:
        """Makes now what texts would ask for one by one: every pattern of its own, and those that read whoever speaks
        another language in Latin letters. For a thread at the start."""
        self._patterns.ready()
        for language in LATIN:
            _patterns_of(language).ready()

    def check(
        self,
        text: str,
        locale: str,
        channel: str,
        embedding: Vectors | None = None,
        before: Sequence[str] = (),
    ) -> Verdict:
        """The verdict on one text; by itself, unless what was said just `before` it is given, since a veiled remark may
        be clear with the next. Never raises: its own failure is a `human` verdict.

        `embedding` is the shared encoder's vector of `text`, where the caller has it already.
        """
        found = _or_failed(lambda: self._check(text, locale, embedding, before))
        return PICTURE if A_PICTURE in text and found.verdict == "clear" else found

    def interim(self, text: str, locale: str, channel: str) -> Verdict:
        """The verdict of the patterns alone, for speech that is still being said."""
        return _or_failed(lambda: _strongest(self._matching(text, locale)))

    def readable(self, text: str, locale: str) -> bool:
        """Whether there is anything to read: a letter or digit of any script, or an emoji."""
        return any(unicodedata.category(char)[0] in "LN" or char in "👍👎👌🙏❤😊🙂😀😂😭😢" for char in text)

    def _check(
        self, text: str, locale: str, embedding: Vectors | None, before: Sequence[str] = ()
    ) -> Verdict:
        by_pattern = _strongest(self._matching(text, locale))
        if by_pattern.verdict == "crisis" or not any(char.isalpha() for char in text):
            return by_pattern
        heard = heard_only(text)
        readers = self._readers(heard, locale)
        found = {reader.verdict(heard, language, self._embed, embedding) for reader, language in readers}
        kind = next(known for known in ORDER if known in found)
        if kind == "clear" and before and self._is_clear_with(before, heard, locale):
            kind = "crisis"
        if kind == "clear" or ORDER.index(kind) > ORDER.index(by_pattern.verdict):
            return by_pattern
        if kind != "crisis" and by_pattern.verdict == "clear" and self._is_plain(text, locale):
            return by_pattern
        because = by_pattern.because if kind == by_pattern.verdict else ()
        return Verdict(kind, (*because, "classifier"))

    def _is_plain(self, text: str, locale: str) -> bool:
        """Whether a reviewed pattern knows each of its sentences, whole, for a question that stays at the desk."""
        sentences = [part for part in _SENTENCES.split(text) if part.strip(" ¿¡,")]
        return all(
            any(each.verdict == "clear" for each in self._matching(part, locale)) for part in sentences
        )

    def _is_clear_with(self, before: Sequence[str], text: str, locale: str) -> bool:
        """Whether what leans towards danger by itself is in danger with what was said before it."""
        own = self._others is None or locale.partition("-")[0] in EVERYWHERE
        reader, leans = (self._classifier, LEANS) if own else (self._others, LEANS_ELSEWHERE)
        assert reader is not None
        if reader.danger(text, locale, self._embed) <= leans:
            return False
        said = " ".join(f"{part.strip().rstrip('.。।؟?')}." for part in (*before, text))
        return reader.danger(heard_only(said)[-WHOLE:], locale, self._embed) > 0

    def _readers(self, text: str, locale: str) -> list[tuple[Classifier, str]]:
        """The classifiers that know the contact's language and that of the text, each with the locale to judge by."""
        spoken = locale.partition("-")[0]
        if self._others is None:
            return [(self._classifier, locale)]
        if spoken not in EVERYWHERE:
            return [(self._others, locale)]
        own = (self._classifier, locale)
        written = language_of(text, spoken)
        if written or foreign(text):
            return [own, (self._others, written or locale)]
        return [own]

    def _matching(self, text: str, locale: str) -> list[Entry]:
        spoken = locale.partition("-")[0]
        own = [self._patterns, *(_patterns_of(one) for one in (spoken,) if one not in EVERYWHERE)]
        found = [entry for one in own for entry in one.matching(forms(text, one.spelled))]
        written = language_of(text, spoken)
        for language in languages_of(text, spoken):
            if language not in (spoken, *EVERYWHERE):
                read = _patterns_of(language)
                heard = read.matching(forms(text, read.spelled))
                told = spoken in EVERYWHERE or language == written  # by its letters, and no guess
                found += heard if told else [one for one in heard if one.verdict == "crisis"]
        return found


@cache
def _patterns_of(language: str) -> Patterns:
    """Read when somebody first speaks the language: all at once would cost every start seconds."""
    return Patterns.load([language])


def _strongest(found: list[Entry]) -> Verdict:
    for kind in ORDER[:-1]:
        ids = tuple(entry.id for entry in found if entry.verdict == kind)
        if ids:
            return Verdict(kind, ids)
    return CLEAR


def _or_failed(judge: Callable[[], Verdict]) -> Verdict:
    try:
        return judge()
    except Exception:  # whatever breaks here, a person must answer
        return FAILED

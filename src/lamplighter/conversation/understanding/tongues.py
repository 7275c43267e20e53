"""Which language was spoken: two detectors that vote. A prior only; the engine decides with the rule of `switches`."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from lamplighter.conversation.understanding.lexicon import languages, lexicon, words_anywhere
from lamplighter.conversation.understanding.text import Said, fold

OURS = ("ar", "bn", "de", "en", "es", "fa", "fr", "hi", "ht", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tl",
        "tr", "uk", "ur", "vi", "zh", "el")  # fmt: skip
_BOTH_KNOW = {"zh-Hant": "zh", "iw": "he", "fil": "tl"}
_INSURERS = ("insurer_sounds", "insurers_heard")
_ADDRESS = re.compile(r"\S+@\S+")
_SPELLED = 3  # single letters in one utterance
ENOUGH_WORDS = 5
PLAIN_WORDS = 3
"""Words enough where all but a third are everyday words of one language and none of another."""


@dataclass(frozen=True, slots=True)
class LanguageVote:
    """`language` is what both detectors say (BCP 47), None where they differ or the words tell nothing.

    A contact switches when two turns running agree on the same other language, or `alone` is set: five words or more
    on which both agree.
    """

    language: str | None
    words: int
    alone: bool


def vote(text: str) -> LanguageVote:
    """Never raises; names and lone short words count for nothing."""
    said = Said.of(text)
    marked = [language for language in languages() if lexicon(language).words("own_marks") & set(text)]
    if len(marked) == 1:  # "¿dan superbills?": no other language opens a question so
        return LanguageVote(marked[0], len(said.words), True)
    words = _telling(said)
    if not words:
        return LanguageVote(None, 0, False)
    sentence = " ".join(words)
    first, second = _langid(sentence), _cld(sentence)
    agreed = first if first == second or (second is None and len(words) >= 2) else None
    alone = first == second is not None and len(words) >= ENOUGH_WORDS
    if not alone and (plain := _everyday(words)) and {first, second} & {plain, None}:
        return LanguageVote(plain, len(words), len(words) >= PLAIN_WORDS)
    return LanguageVote(agreed, len(words), alone)


def _everyday(words: list[str]) -> str | None:
    """The one language whose everyday words these are, all but a third of them; None where two could be meant."""
    folded = [fold(word) for word in words]
    own = {
        language: lexicon(language).words("common") - lexicon(language).words("particles")
        for language in languages()
    }
    counts = {
        language: sum(
            w in own[language] and not any(w in own[o] for o in own if o != language) for w in folded
        )
        for language in own
    }
    best = max(counts, key=lambda language: counts[language])
    others = sum(counts.values()) - counts[best]
    return best if not others and counts[best] >= max(2, 0.6 * len(words)) else None


def _telling(said: Said) -> list[str]:
    """Words without digits, without capitals inside a sentence (names), letters of what is spelled, addresses of mail
    and insurers' names, unless nothing else was said."""
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", _ADDRESS.sub(" ", said.text[:600]))
    spelled = sum(len(word) == 1 for word in words) >= _SPELLED
    short = frozenset() if spelled else words_anywhere("one_letter_words")
    kept = [word for at, word in enumerate(words) if at == 0 or not word[:1].isupper() or word in short]
    kept = [word.lower() for word in kept if len(word) > 1 or word in short]
    kept = [word for word in kept if word not in _of_insurers()]
    return [] if all(word in words_anywhere("tells_nothing") for word in kept) else kept


@cache
def _of_insurers() -> frozenset[str]:
    """Words of insurers' names that are everyday words of none of the languages: "Oxford" makes nothing English."""
    tables = [lexicon(language).table(name) for language in languages() for name in _INSURERS]
    names = {word for table in tables for name in (*table, *table.values()) for word in fold(name).split()}
    return frozenset(names).difference(*(lexicon(language).words("common") for language in languages()))


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    known = set(identifier.labels)
    identifier.set_languages([tag for tag in OURS if tag in known])
    return identifier


def _langid(text: str) -> str:
    return str(_identifier().classify(text)[0])


def _cld(text: str) -> str | None:
    import pycld2

    try:
        _, _, details = pycld2.detect(text.encode(), isPlainText=True, bestEffort=True)
    except pycld2.error:
        return None
    tag = str(details[0][1])
    tag = _BOTH_KNOW.get(tag, tag.split("-")[0])
    return tag if tag in OURS else None

"""What words said after an errand is done are about, where the acts alone don't tell: a thing put right, another
person, another time, or the agreed time said once more.

Rules of this room: a cue is a set of patterns over plain lower-case words without accents, one set a language
(`understanding/locales/<language>/cues.yaml`); a language without a folder is read by the English ones.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from lamplighter.conversation.understanding.lexicon import lexicon


@dataclass(frozen=True, slots=True)
class Cues:
    """What `words` have of each cue."""

    puts_right: bool = False
    somebody_else: bool = False
    wants_one_too: bool = False
    they_want: bool = False
    parts_until: bool = False
    suits_better: bool = False
    another_time: bool = False
    another_visit: bool = False
    refuses: bool = False
    asks_for_it: bool = False
    content: bool = False


def cues(text: str, locale: str) -> Cues:
    patterns = _patterns(lexicon(locale).language)
    words = patterns["leaves_it"].sub(" ", _plain(text))
    return Cues(**{name: bool(patterns[name].search(words)) for name in Cues.__slots__})


@cache
def _patterns(language: str) -> Mapping[str, re.Pattern[str]]:
    return {name: lexicon(language).cue(name) for name in (*Cues.__slots__, "leaves_it")}


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).split())

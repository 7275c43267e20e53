"""In which language somebody speaks whose language the practice has not signed: for whoever is rung, and for the few
sentences that are there in it.

By its letters where they tell, else by the vote of the detectors.
"""

import re
from collections.abc import Collection, Sequence

from lamplighter.conversation.guard.letters import LATIN, language_of
from lamplighter.conversation.understanding import LanguageVote

_SCRIPTS_OF_SEVERAL = {"ar": ("ar", "fa", "ur"), "ru": ("ru", "uk")}
_CANTONESE = re.compile("[唔係嘅咗啲嘢冇喺佢點乜俾畀諗嚟]")


def foreign_tongue(
    text: str, vote: LanguageVote, signed: Collection[str], because: Sequence[str] = ()
) -> str | None:
    """The language (BCP 47, without a region but for Chinese) of these words; None where it is one of `signed` or isn't
    told. `because`: the patterns by which the guard knew them, which are each of one language."""
    letters = language_of(text, "en")
    likely = _SCRIPTS_OF_SEVERAL.get(letters or "")
    if letters is None or (likely and vote.language in likely):
        letters = vote.language
    if letters is None:
        known = (pattern.partition("-")[0] for pattern in because)
        letters = next((language for language in known if language in LATIN), None)
    if letters is None or letters in {each.partition("-")[0] for each in signed}:
        return None
    return letters if letters != "zh" else "zh-Hant-HK" if _CANTONESE.search(text) else "zh-Hans"


def surely(text: str, vote: LanguageVote) -> bool:
    """Whether one utterance is enough to go by: a script of its own, or many words on which the detectors agree."""
    letters = language_of(text, "en")
    own_script = letters is not None and sum(char.isalpha() and not char.isascii() for char in text) >= 4
    return own_script or vote.alone

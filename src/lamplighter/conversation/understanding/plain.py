"""Whether an opening is plainly in one language, although it is too short for the detectors.

Counts everyday words: at least two of one language, most of the utterance, and hardly any of another.
"""

from lamplighter.conversation.understanding.lexicon import languages, lexicon
from lamplighter.conversation.understanding.text import Said

ENOUGH = 2
MOST = 0.6


def plain_language(text: str) -> str | None:
    """The language (BCP 47) whose everyday words nearly all the words are; None where that isn't plain."""
    words = [word for word in Said.of(text[:600]).words if len(word) > 1]
    if len(words) < ENOUGH:
        return None
    counts = sorted(((_known(words, language), language) for language in languages()), reverse=True)
    (most, best), rest = counts[0], counts[1:]
    plainly = most >= ENOUGH and most >= MOST * len(words)
    return best if plainly and all(count * 2 <= most for count, _ in rest) else None


def _known(words: list[str], language: str) -> int:
    common = lexicon(language).words("common")
    return sum(word in common for word in words)

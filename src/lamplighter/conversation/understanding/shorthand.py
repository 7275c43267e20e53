"""What people write short in a text message, written out: "nvr been b4" is "never been before"."""

import re

from lamplighter.conversation.understanding.lexicon import Lexicon
from lamplighter.conversation.understanding.text import Said

_TOKEN = re.compile(r"(?<![^\s.,!?¿¡(])[a-z0-9/]+(?![^\s.,!?)])")

_WORDS = frozenset("aioyeu")
"""Letters that are words of their own."""


def written_out(said: Said, lex: Lexicon) -> Said:
    """The text with the short forms of the language's table replaced."""
    table = lex.table("shorthand")
    pieces: list[str] = []
    at = 0
    for match in _TOKEN.finditer(said.low):
        meant = table.get(match.group())
        if meant is None or (len(match.group()) == 1 and not _among_words(said.low, match)):
            continue
        pieces += [said.text[at : match.start()], meant]
        at = match.end()
    return Said("".join([*pieces, said.text[at:]])) if pieces else said


def _among_words(low: str, match: re.Match[str]) -> bool:
    """Whether a letter stands between words rather than in a row of letters that are being spelled."""
    before, after = low[: match.start()].split()[-1:], low[match.end() :].split()[:1] or ["word"]
    return bool(before) and (len(before[0]) > 1 or before[0] in _WORDS) and len(after[0].strip(".,!?")) > 1

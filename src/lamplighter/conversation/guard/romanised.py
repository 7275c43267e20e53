"""A text as somebody without its letters would type it.

So that a word in its own script and the same word in Latin letters come near each other, and the
languages that share words but no letters (Hindi and Urdu, say) share what is learned of them.
"""

import re

from anyascii import anyascii

from .text import fold, words

_DOUBLED = re.compile(r"(.)\1+")


def romanised(text: str) -> str:
    """The words of a text (see text.words) in plain Latin letters, none of them doubled."""
    return _DOUBLED.sub(r"\1", words(anyascii(fold(text)).lower()))

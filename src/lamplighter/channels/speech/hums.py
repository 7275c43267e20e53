"""Sounds that people make to show that they listen, and that are no turn of their own."""

import re

from lamplighter.channels.speech.spoken_words import spoken_words

_EVERYWHERE = r"m+h*m*|h+m+|m+\W?h+m+|u+h*m*|a+h+|e+h+|e+r+m*|ah[aá]|uh\W?hu?h?"
LONGEST = 40


def is_hum(text: str, locale: str) -> bool:
    """Whether the words are nothing but "mhm" and its like, said at most three times."""
    plain = re.sub(r"[^\w\s'-]", " ", text.lower()).strip()
    hum = f"(?:{'|'.join((_EVERYWHERE, *spoken_words(locale).get('hums', ())))})"
    return 0 < len(plain) <= LONGEST and re.fullmatch(rf"{hum}(?:\W+{hum}){{0,2}}", plain) is not None

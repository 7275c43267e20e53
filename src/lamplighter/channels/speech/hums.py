"""Sounds that people make to show that they listen, and that are no turn of their own."""

import re

_EVERYWHERE = r"m+h*m*|h+m+|m+\W?h+m+|u+h*m*|a+h+|e+h+|e+r+m*|ah[aá]|uh\W?hu?h?"
_HUMS = {
    "en": rf"(?:{_EVERYWHERE}|ok|okay|right|i see|got it|all ?right)",
    "es": rf"(?:{_EVERYWHERE}|aj[aá]|ok|okey|okay|claro|vale|ya|ya veo)",
}
LONGEST = 40
_ANY = rf"(?:{_EVERYWHERE})"


def is_hum(text: str, locale: str) -> bool:
    """Whether the words are nothing but "mhm" and its like, said at most three times."""
    plain = re.sub(r"[^\w\s'-]", " ", text.lower()).strip()
    hum = _HUMS.get(locale.partition("-")[0], _ANY)
    return 0 < len(plain) <= LONGEST and re.fullmatch(rf"{hum}(?:\W+{hum}){{0,2}}", plain) is not None

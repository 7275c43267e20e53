"""Words as a telephone's recogniser may give them back: no capitals, no marks, and one word in eight lost or damaged.

Always the same for the same words, so that a figure that is measured on them can be compared with the last one.
"""

import hashlib
import unicodedata
from typing import Final

ONE_IN: Final = 8
WITHOUT_SPACES: Final = ("zh-Hans", "zh-Hant-HK", "ja")


def as_recognised(text: str, locale: str) -> str:
    """Without its marks, and with every damaged piece dropped, or run into the next, or short of its end."""
    plain = "".join(" " if unicodedata.category(char)[0] in "PSZ" else char for char in text.casefold())
    apart = locale in WITHOUT_SPACES
    pieces = list(plain.replace(" ", "")) if apart else plain.split()
    heard = [_damaged(piece, f"{text}/{at}") for at, piece in enumerate(pieces)]
    return "".join(each.strip() for each in heard) if apart else "".join(heard).strip()


def _damaged(piece: str, place: str) -> str:
    """With the space behind it, where there is one."""
    drawn = int.from_bytes(hashlib.sha256(place.encode()).digest()[:4], "big")
    if drawn % ONE_IN:
        return f"{piece} "
    kind = drawn // ONE_IN % 3
    if kind == 0 or len(piece) == 1:
        return ""
    return piece if kind == 1 else f"{piece[:-1]} "

"""Names and numbers in the form in which they are compared."""

import unicodedata

# Letters that carry their accent in one piece, so that decomposing leaves them whole.
_ONE_PIECE = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


def comparable(name: str) -> str:
    """The name without case, accents, spaces, hyphens, apostrophes and full stops: "O'Brien-Núñez" is "obriennunez"."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    kept = (letter for letter in letters if unicodedata.category(letter)[0] not in "PZC")
    bare = "".join(letter for letter in kept if unicodedata.category(letter) not in ("Mn", "Sk"))
    return bare.translate(_ONE_PIECE)


def same_mailbox(email: str) -> str:
    """The form in which two spellings of an address are one."""
    return email.strip().casefold()

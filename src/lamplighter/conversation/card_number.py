"""What a text of ours that asks for the number on a card is answered with: the number, or a wish to send a photo."""

import re
from typing import Final

from lamplighter.conversation.answers import Found

_RUN: Final = re.compile(r"(?<![A-Z0-9])[A-Z]{0,4}(?:[ -]?[0-9]){5,14}(?:-?[A-Z]{1,3})?(?![A-Z0-9])")
_TELEPHONE: Final = re.compile(r"\(?\b[0-9]{3}\)?[ .-][0-9]{3}[ .-][0-9]{4}\b")
_PHOTO: Final = re.compile(
    r"\b(?:PHOTO|PHOTOS|PIC|PICS|PICTURE|PICTURES|IMAGE|SCREENSHOT|FOTO|FOTOS|FOTOGRAF[IÍ]A|IMAGEN|CAPTURA)\b"
)


def answer_in(text: str) -> Found | None:
    """`words` are the number in capitals, without what divides it. A telephone's is none."""
    written = _TELEPHONE.sub(" ", text.upper())
    if found := _RUN.search(written):
        return Found("number", re.sub(r"[ -]", "", found[0]), whole=True)
    return Found("photo", "", whole=True) if _PHOTO.search(written) else None

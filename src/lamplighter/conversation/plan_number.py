"""What a text of ours that asks for the number on a card is answered with: the number, or a wish to send a photo."""

import re
from typing import Final

from lamplighter.conversation.answers import Found

_RUN: Final = re.compile(
    r"(?<![A-Z0-9'’])(?:[A-Z]{1,4}-?|(?!(?:MY|BY|PH|TY|PLS|THX|NBR) )[B-DF-HJ-NP-TV-Z]{1,4} )?"
    r"[0-9](?:[ -]?[0-9]){4,13}(?:-?[A-Z]{1,3})?(?![A-Z0-9])"
)
"""Letters that stand apart count where they are no word: nobody's number begins with the IS before it."""

_TELEPHONE: Final = re.compile(
    r"\(?\b[0-9]{3}\)?[ .-][0-9]{3}[ .-][0-9]{4}\b"
    r"|\b(?:CALL|PHONE|CELL|TEL|TEXT|LLAM[EA]\w*|TELÉFONO|TELEFONO|CELULAR)\b"
    r"(?: (?:ME|AT|ON|IS|AL|ES|A))*:? ?(?:\+?1)?[2-9][0-9]{2}[2-9][0-9]{6}\b"
)
_MEDICARE: Final = re.compile(r"\b[1-9][A-Z][A-Z0-9][0-9][ -]?[A-Z][A-Z0-9][0-9][ -]?[A-Z]{2}[0-9]{2}\b")
_MONTHS: Final = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC|ENE|ABR|AGO|DIC"
_DAY: Final = re.compile(
    rf"\b(?:{_MONTHS})[A-Z]*\.? ?[0-9]{{1,2}}(?:ST|ND|RD|TH)?,? (?:[0-9]{{4}}|[0-9]{{2}})\b"
    rf"|\b[0-9]{{1,2}}(?:ST|ND|RD|TH)?,? (?:OF |DE )?(?:{_MONTHS})[A-Z]*\.?,? (?:DEL? )?[0-9]{{2,4}}\b"
    r"|\b[0-9]{1,2}([ /.-])[0-9]{1,2}\1(?:19|20)?[0-9]{2}\b"
    r"|\b(?:19|20)[0-9]{2}([ /.-])[0-9]{1,2}\2[0-9]{1,2}\b"
    r"|\b(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:19|20)[0-9]{2}\b"
)
_POSTAL: Final = re.compile(r"\b[0-9]{5}-[0-9]{4}\b")
_SHORTEST_OF_DIGITS: Final = 7
"""A code that was texted, a house and a postal code have fewer."""

_PHOTO: Final = re.compile(
    r"\b(?:PHOTO|PHOTOS|PIC|PICS|PICTURE|PICTURES|IMAGE|SCREENSHOT|FOTO|FOTOS|FOTOGRAF[IÍ]A|IMAGEN|CAPTURA)\b"
)


def answer_in(text: str) -> Found | None:
    """`words` are the number in capitals, without what divides it. A telephone's, a day, a code and a postal code are
    none."""
    written = text.upper()
    for other in (_TELEPHONE, _DAY, _POSTAL):
        written = other.sub(" / ", written)
    for found in (*_MEDICARE.finditer(written), *_RUN.finditer(written)):
        number = re.sub(r"[ -]", "", found[0])
        if len(number) >= _SHORTEST_OF_DIGITS or not number.isdigit():
            return Found("number", number, whole=True)
    return Found("photo", "", whole=True) if _PHOTO.search(written) else None

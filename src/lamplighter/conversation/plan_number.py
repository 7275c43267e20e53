"""What a text of ours that asks for the number on a card is answered with: the number, or a wish to send a photo."""

import re
from functools import cache
from typing import Final

from lamplighter.conversation.answers import Found
from lamplighter.conversation.understanding.lexicon import anywhere

_MEDICARE: Final = re.compile(r"\b[1-9][A-Z][A-Z0-9][0-9][ -]?[A-Z][A-Z0-9][0-9][ -]?[A-Z]{2}[0-9]{2}\b")
_POSTAL: Final = re.compile(r"\b[0-9]{5}-[0-9]{4}\b")
_SHORTEST_OF_DIGITS: Final = 7
"""A code that was texted, a house and a postal code have fewer."""


@cache
def _run() -> re.Pattern[str]:
    """Letters that stand apart count where they are no word: nobody's number begins with the IS before it."""
    words = anywhere("no_letters_of_a_number")
    apart = rf"(?!{words} )[B-DF-HJ-NP-TV-Z]{{1,4}} "
    number = r"[0-9](?:[ -]?[0-9]){4,13}(?:-?[A-Z]{1,3})?(?![A-Z0-9])"
    return re.compile(rf"(?<![A-Z0-9'’])(?:[A-Z]{{1,4}}-?|{apart})?{number}", re.IGNORECASE)


@cache
def _telephone() -> re.Pattern[str]:
    return re.compile(
        r"\(?\b[0-9]{3}\)?[ .-][0-9]{3}[ .-][0-9]{4}\b"
        rf"|\b{anywhere('telephone_word')}\b"
        rf"(?: {anywhere('telephone_joint')})*:? ?(?:\+?1)?[2-9][0-9]{{2}}[2-9][0-9]{{6}}\b",
        re.IGNORECASE,
    )


@cache
def _day() -> re.Pattern[str]:
    month, of, of_year = anywhere("month_begins"), anywhere("of_a_month"), anywhere("of_a_year")
    return re.compile(
        rf"\b{month}[A-Z]*\.? ?[0-9]{{1,2}}(?:ST|ND|RD|TH)?,? (?:[0-9]{{4}}|[0-9]{{2}})\b"
        rf"|\b[0-9]{{1,2}}(?:ST|ND|RD|TH)?,? (?:{of} )?{month}[A-Z]*\.?,? (?:{of_year} )?[0-9]{{2,4}}\b"
        r"|\b[0-9]{1,2}([ /.-])[0-9]{1,2}\1(?:19|20)?[0-9]{2}\b"
        r"|\b(?:19|20)[0-9]{2}([ /.-])[0-9]{1,2}\2[0-9]{1,2}\b"
        r"|\b(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:19|20)[0-9]{2}\b",
        re.IGNORECASE,
    )


@cache
def _photo() -> re.Pattern[str]:
    return re.compile(rf"\b{anywhere('picture')}\b", re.IGNORECASE)


def answer_in(text: str) -> Found | None:
    """`words` are the number in capitals, without what divides it. A telephone's, a day, a code and a postal code are
    none."""
    written = text.upper()
    for other in (_telephone(), _day(), _POSTAL):
        written = other.sub(" / ", written)
    for found in (*_MEDICARE.finditer(written), *_run().finditer(written)):
        number = re.sub(r"[ -]", "", found[0])
        if len(number) >= _SHORTEST_OF_DIGITS or not number.isdigit():
            return Found("number", number, whole=True)
    return Found("photo", "", whole=True) if _photo().search(written) else None

"""Values that a payer takes, or an error before anything goes. No error repeats what was wrong."""

import re
from datetime import date

from .errors import X12Error
from .writing import text

_LONGEST_NAME = 60
_LONGEST_TRACE = 50
_CODE = re.compile(r"[A-Z0-9]{1,3}")
_TELEPHONE = re.compile(r"[0-9]{10}")


def trace(value: str) -> str:
    """Our number of a question, by which its answer is known."""
    written = text(value, _LONGEST_TRACE)
    if not written:
        raise X12Error(0, "TRN", "a question has a trace")
    return written


def name(value: str) -> str:
    """A last name, or an organization's."""
    written = text(value, _LONGEST_NAME)
    if not written:
        raise X12Error(0, "NM1", "somebody is named without a name")
    return written


def identifier(tag: str, value: str, longest: int) -> str:
    """A number that somebody else gave. It goes as it is, in capitals, or not at all: shortened, or with a character
    left out, it would be another."""
    written = text(value, longest)
    if not written or written != value.strip().upper():
        raise X12Error(0, tag, "a number is missing, too long, or holds what X12 has no place for")
    return written


def code(tag: str, value: str) -> str:
    """A code of the guides: one to three capitals or digits."""
    if _CODE.fullmatch(value) is None:
        raise X12Error(0, tag, "this is no code")
    return value


def telephone(value: str) -> str:
    if _TELEPHONE.fullmatch(value) is None:
        raise X12Error(0, "PER", "a telephone number has ten digits")
    return value


def day_in_order(first: date, last: date) -> None:
    if last < first:
        raise X12Error(0, "DTP", "the last day comes before the first")

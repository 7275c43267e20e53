"""Numbers as they stand in SIP, and the few that are never dialled."""

import re
from typing import Final
from urllib.parse import unquote

import phonenumbers

NEVER: Final = frozenset({"911", "933", "112", "999"})
"""Whoever answers there would be sent to the practice's address and not to the caller's: the caller is told to dial."""

_NOT_A_DIGIT = re.compile(r"\D")
_USER = re.compile(r"^\s*(?:\"[^\"]*\"\s*|[^<\"]*)<?(?:sips?|tel):([^@;>?\s]+)", re.IGNORECASE)
_ANONYMOUS = frozenset({"anonymous", "unknown", "restricted", "unavailable", "private"})


class NeverDialled(ValueError):
    """An emergency number: refused before anything leaves this machine."""


def refuse_emergency(number: str) -> None:
    """`number` as anybody may write it, with or without what is dialled before it. Raises NeverDialled."""
    if is_emergency(number):
        raise NeverDialled("an emergency number is never dialled for anybody")


def is_emergency(number: str) -> bool:
    """Whether what a telephone company would make of it is one of NEVER: punctuation, letters and every usual prefix
    (9 or 0 for an outside line, 1, 00, 011, country codes of one of them) taken away."""
    plain = _plain(number)
    digits = _NOT_A_DIGIT.sub("", plain)
    before = next((digits[:-3] for each in NEVER if digits.endswith(each)), None)
    if before is None:
        return False
    return _is_prefix(before) or ("+" in plain and len(before) <= 3)


def _is_prefix(before: str) -> bool:
    """What may stand before a number of three digits: nobody's number is so short."""
    return len(before) <= 4 and not before.strip("0189")


def _plain(number: str) -> str:
    """Digits of any script as ASCII, without the address around it."""
    user = unquote(number.partition("@")[0].partition(";")[0])
    return "".join(str(int(each)) if each.isdecimal() else each for each in user)


def user_of(address: str) -> str:
    """What stands before the @ of a SIP or tel address, with or without a name before it; the text itself else."""
    found = _USER.match(address)
    return unquote(found.group(1)) if found else address


def e164(user: str, region: str = "US") -> str | None:
    """The number in a SIP user part; None where it is none (withheld, or a name)."""
    if user.lower() in _ANONYMOUS:
        return None
    try:
        read = phonenumbers.parse(user, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(read):
        return None
    return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)

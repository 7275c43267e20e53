"""Numbers as they stand in SIP, and the few that are never dialled."""

import re
from typing import Final
from urllib.parse import unquote

import phonenumbers

NEVER: Final = frozenset({"911", "933", "112", "999"})
"""Whoever answers there would be sent to the practice's address and not to the caller's: the caller is told to dial."""

BY_NAME: Final = frozenset({"988"})
"""Short numbers that are dialled."""

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_NOT_A_DIGIT = re.compile(r"\D")
_USER = re.compile(r"^\s*(?:\"[^\"]*\"\s*|[^<\"]*)<?(?:sips?|tel):([^@;>?\s]+)", re.IGNORECASE)
_ANONYMOUS = frozenset({"anonymous", "unknown", "restricted", "unavailable", "private"})


class NeverDialled(ValueError):
    """An emergency number, or what may hide one: refused before anything leaves this machine."""


def refuse_undialable(number: str) -> None:
    """Nothing leaves but a whole number with its country, as its plan has it, and 988: no service code, digit for an
    outside line or pause can have an emergency number behind it. Raises NeverDialled."""
    if number in BY_NAME:
        return
    if is_emergency(number) or not _whole(number):
        raise NeverDialled(
            "only a whole number in international form is ever dialled, and no emergency number"
        )


def _whole(number: str) -> bool:
    if not _E164.fullmatch(number):
        return False
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False


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

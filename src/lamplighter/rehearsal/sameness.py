"""When two values of a detail are the same: as the rehearsal contract compares them."""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

import phonenumbers

from lamplighter.conversation.details import Detail, Key
from lamplighter.conversation.facts import find_insurer
from lamplighter.law.states import STATES
from lamplighter.practice.model import Practice
from lamplighter.rehearsal.kinds import MODALITIES

_LEFT_OUT = re.compile(r"[\s\-‐‑‒–—'’ʼ`´]+")
_TRUTH: Final = {"true": "true", "yes": "true", "sí": "true", "false": "false", "no": "false"}
_CHANNELS: Final = {
    "text": "text",
    "sms": "text",
    "phone": "phone",
    "call": "phone",
    "voice": "phone",
}
_STATES: Final = {name.casefold(): code for code, name in STATES.items()}
_BOOLEANS: Final = (
    Detail.LEAVE_MESSAGE,
    Detail.REMINDER_CONSENT,
    Detail.WAITLIST,
    Detail.PERSON,
    Detail.PLAN_CHECK,
    Detail.NEW_PATIENT,
    Detail.SELF_PAY,
)


def plain(value: str) -> str:
    """Unicode NFC, case folded, without spaces, hyphens and apostrophes."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", value).casefold())
    return _LEFT_OUT.sub("", folded)


def same(written: str, one: str, other: str, practice: Practice) -> bool:
    """Whether two values of the detail `written` ("phone", "second.last_name") are the same."""
    detail = Key.parse(written).detail
    return _comparable(detail, one, practice) == _comparable(detail, other, practice)


def shown(written: str, value: str, practice: Practice) -> str:
    """A known value as a report gives it: clinicians and insurers by name."""
    detail = Key.parse(written).detail
    if detail is Detail.CLINICIAN:
        return clinician_name(value, practice)
    if detail is Detail.INSURANCE and (insurer := find_insurer(practice, value)):
        return insurer.name
    return value


def clinician_name(said: str, practice: Practice) -> str:
    """The bare name of a clinician by id, bare or spoken name; what was given where nobody is meant."""
    wanted = plain(said)
    return next(
        (c.name for c in practice.clinicians if wanted in (plain(c.id), plain(c.name), plain(c.spoken_name))),
        said,
    )


def _comparable(detail: Detail, value: str, practice: Practice) -> str:
    reader = _READERS.get(detail)
    return reader(value.strip(), practice) if reader else plain(value)


def _phone(value: str, practice: Practice) -> str:
    try:
        number = phonenumbers.parse(value[:40], "US")
    except phonenumbers.NumberParseException:
        return plain(value)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _insurance(value: str, practice: Practice) -> str:
    insurer = find_insurer(practice, value)
    return insurer.id if insurer else plain(value).replace("_", "")


def _modality(value: str, practice: Practice) -> str:
    return MODALITIES.get(re.sub(r"[\s-]+", "_", value.casefold()), plain(value))


def _state(value: str, practice: Practice) -> str:
    return _STATES.get(value.casefold(), value.upper())


_READERS: Final[dict[Detail, Callable[[str, Practice], str]]] = {
    Detail.PHONE: _phone,
    Detail.INSURANCE: _insurance,
    Detail.CLINICIAN: lambda value, practice: plain(clinician_name(value, practice)),
    Detail.MODALITY: _modality,
    Detail.STATE: _state,
    Detail.CONTACT_CHANNEL: lambda value, practice: _CHANNELS.get(value.casefold(), plain(value)),
    Detail.VISIT_KIND: lambda value, practice: plain(value).replace("_", ""),
    **{detail: lambda value, practice: _TRUTH.get(value.casefold(), plain(value)) for detail in _BOOLEANS},
}

"""What stands in a task, in words: never an id, a code of ours or a bare true. Free words stay as they were said."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Final

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency

from lamplighter.console import wording
from lamplighter.conversation.details import Detail, Key, Subject
from lamplighter.conversation.facts import money_in
from lamplighter.desk.billing import EARLIER, PROMISED_AGAIN
from lamplighter.practice.model import Practice

HIDDEN: Final = ("about", "authorization", "phone", "first_name", "last_name", "caller_name")
NAMES: Final = {
    "by": "Last day to appeal",
    "eap": "Program",
    "granted": "Visits granted",
    "reason": "Reason, by its code",
    "sits_in": "Sits in",
    "trouble": "In the way",
    "wants": "The plan wants",
    PROMISED_AGAIN: "Call promised anew by",
    "do_not_call_back": "Do not call back",
    "ask_before_calling": "A clinician decides whether to call back",
    "texts_may_not_arrive": "Texts may not arrive",
    "private_number": "Private number",
}
PRIVATE: Final = {
    "true": "yes",
    "false": "no: don't leave a message, don't text",
    "unsaid": "they have not said: don't leave a message, don't text",
}
TROUBLES: Final = {
    "late": "they come late",
    "link": "the link doesn't work",
    "door": "they are there and nobody opens",
    "alone": "whom they are to see has not come",
    "by_video": "they come by video instead",
}
WHOSE: Final = {
    "self": "their own",
    "spouse": "their spouse's",
    "parent": "a parent's",
    "child": "a child's",
    "other": "somebody else's",
}
DETAILS: Final = {each.value: each for each in Detail}


def details(practice: Practice, given: Mapping[str, str]) -> Iterator[str]:
    for key, text in given.items():
        if key not in HIDDEN and text:
            yield f"{_name(key)}: {_value(practice, key.removeprefix(EARLIER), text)}"


def _name(key: str) -> str:
    if key.startswith(EARLIER):
        return f"Before: {_name(key.removeprefix(EARLIER)).lower()}"
    return NAMES.get(key) or key.replace("_", " ").capitalize()


def _value(practice: Practice, key: str, text: str) -> str:
    """Several that were said one after the other stand side by side; what can't be read stands as it is."""
    if DETAILS.get(key) in wording.FREE_WORDS:
        return text
    try:
        return "; ".join(_one(practice, key, each) for each in text.split("; "))
    except (ValueError, ArithmeticError):
        return text


def _one(practice: Practice, key: str, text: str) -> str:
    told: dict[str, Callable[[str], str]] = {
        "amount": _money,
        "by": _day,
        "visit": lambda kind: _kind(practice, kind),
        "clinician": lambda found: _clinician(practice, found),
        "trouble": lambda what: TROUBLES.get(what, what.replace("_", " ")),
        "private_number": lambda said: PRIVATE.get(said, said),
        "subscriber": lambda whose: WHOSE.get(whose, whose),
        PROMISED_AGAIN: _time,
    }
    if key in told:
        return told[key](text)
    if key in DETAILS:
        return wording.value(Key(Subject.PATIENT, DETAILS[key]), text, practice)
    return {"true": "yes", "false": "no"}.get(text, text)


def _money(text: str) -> str:
    found = money_in(text)
    return str(format_currency(found.amount, found.currency, locale="en_US"))


def _day(text: str) -> str:
    return format_date(date.fromisoformat(text), "EEE, MMM d, y", locale="en")


def _time(text: str) -> str:
    return format_datetime(datetime.fromisoformat(text), "EEE, MMM d, h:mm a", locale="en")


def _kind(practice: Practice, text: str) -> str:
    return next((each.names.get("en", text) for each in practice.visit_kinds if each.id == text), text)


def _clinician(practice: Practice, text: str) -> str:
    return next((each.spoken_name for each in practice.clinicians if each.id == text), text)

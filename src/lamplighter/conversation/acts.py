"""What a person did with an utterance, as data: the only thing flows and the engine ever see of it.

`understanding.understand(...)` makes acts; the engine folds them. Values are canonical strings (`details.py`).
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from lamplighter.conversation.details import Detail, Errand, Key, Subject


class Topic(StrEnum):
    """What a question about the practice is about."""

    HOURS = "hours"
    ADDRESS = "address"
    DIRECTIONS = "directions"  # how to get there: subway, parking, steps
    PARKING = "parking"
    ACCESS = "access"  # elevator, step-free
    TELEHEALTH = "telehealth"
    CLINICIANS = "clinicians"
    LANGUAGES = "languages"
    INSURERS = "insurers"  # `about`: what insurer was named, as said or by id
    PRICES = "prices"  # `about`: visit kind id where one was named
    CANCEL_POLICY = "cancel_policy"
    SUPERBILLS = "superbills"
    SLIDING_SCALE = "sliding_scale"
    PAYMENT_METHODS = "payment_methods"
    PAYMENT_PLANS = "payment_plans"
    RECORDS = "records"
    AGES = "ages"
    NEW_PATIENTS = "new_patients"  # do you take new patients, does Dr X
    WHO_ARE_YOU = "who_are_you"  # which practice is this
    PHONE_NUMBER = "phone_number"
    VISIT_LENGTH = "visit_length"
    WAIT_LIST = "wait_list"  # is there one, how does it work
    OTHER = "other"  # a question we have no fact for


@dataclass(frozen=True, slots=True)
class Intend:
    """An errand was named. `sure` is False for a guess that must not switch an errand under way.

    `last`: it is about what the errand before it did. `ours`: it answers a text of ours. `bill`: it was said of a bill,
    a wish for a person too."""

    errand: Errand
    sure: bool = True
    last: bool = False
    ours: bool = False
    bill: bool = False
    kind: Literal["intend"] = "intend"


@dataclass(frozen=True, slots=True)
class Give:
    """A detail's value. `spelled`: given letter by letter. `correction`: said as one ("no, I mean...")."""

    detail: Detail
    value: str
    subject: Subject = Subject.PATIENT
    spelled: bool = False
    correction: bool = False
    kind: Literal["give"] = "give"

    @property
    def key(self) -> Key:
        return Key(self.subject, self.detail)


@dataclass(frozen=True, slots=True)
class Decline:
    """A detail that was asked and is not known or not given ("I don't know", "I'd rather not say", "skip")."""

    detail: Detail
    subject: Subject = Subject.PATIENT
    kind: Literal["decline"] = "decline"


@dataclass(frozen=True, slots=True)
class Affirm:
    kind: Literal["affirm"] = "affirm"


@dataclass(frozen=True, slots=True)
class Deny:
    """A bare no, or a no in front of something else."""

    kind: Literal["deny"] = "deny"


@dataclass(frozen=True, slots=True)
class Wrong:
    """What was read back is wrong in this detail, without a new value ("the phone number is wrong")."""

    detail: Detail
    subject: Subject = Subject.PATIENT
    kind: Literal["wrong"] = "wrong"


@dataclass(frozen=True, slots=True)
class Choose:
    """One of what was offered, by index from 0."""

    index: int
    kind: Literal["choose"] = "choose"


@dataclass(frozen=True, slots=True)
class NoneOfThose:
    """Every offer refused. `towards` where said: later or earlier in the day, another day, a later or earlier date,
    others of the same kind."""

    towards: Literal[
        "later_time", "earlier_time", "later_date", "earlier_date", "other_day", "others", "any"
    ] = "any"
    kind: Literal["none_of_those"] = "none_of_those"


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A choice was attempted that fits nothing offered ("the third one" of two)."""

    kind: Literal["unmatched"] = "unmatched"


@dataclass(frozen=True, slots=True)
class AskAbout:
    """A question about the practice."""

    topic: Topic
    about: str | None = None
    kind: Literal["ask_about"] = "ask_about"


class Aside(StrEnum):
    """What may be said at any point and is not part of an errand."""

    REPEAT = "repeat"
    SLOWER = "slower"
    BACK = "back"
    START_OVER = "start_over"
    ROBOT = "robot"  # asks whether a person, a clinician or a machine speaks
    RECORDED = "recorded"  # whether what is said is taken down
    WRONG_NUMBER = "wrong_number"
    SOMEBODY_ELSE = "somebody_else"  # asks about another person's visits or whether they are a patient
    PRESSES = "presses"  # the same, where a person is to take it: whoever has them in their care, or asks on
    HOLD_ON = "hold_on"
    BACKGROUND = "background"  # why they call, a feeling, a condition, a bereavement
    THANKS = "thanks"
    GOODBYE = "goodbye"
    GREETING = "greeting"
    NOISE = "noise"  # nothing intelligible
    ABUSE = "abuse"
    SALES = "sales"  # vendors, robocalls
    CANNOT_HEAR = "cannot_hear"  # "hello? are you there?"
    WHY_ASK = "why_ask"  # "why do you need that?"
    MINOR_SELF = "minor_self"  # "I'm fifteen"
    PRIVATE = "private"  # "is this confidential?", "promise me it stays between us"
    BEYOND = "beyond"  # assess me, will it cure me, which treatment is right for me
    ONLY_ASKING = (
        "only_asking"  # "I'm not booking yet", "just wondering", said while something is being arranged
    )


@dataclass(frozen=True, slots=True)
class Interject:
    aside: Aside
    kind: Literal["interject"] = "interject"


@dataclass(frozen=True, slots=True)
class SpeakIn:
    """An explicit wish for a language, BCP 47."""

    language: str
    kind: Literal["speak_in"] = "speak_in"


Act = (
    Intend
    | Give
    | Decline
    | Affirm
    | Deny
    | Wrong
    | Choose
    | NoneOfThose
    | Unmatched
    | AskAbout
    | Interject
    | SpeakIn
)


@cache
def _acts() -> TypeAdapter[tuple[Act, ...]]:
    return TypeAdapter(tuple[Annotated[Act, Field(discriminator="kind")], ...])


def dump_acts(acts: tuple[Act, ...]) -> str:
    return _acts().dump_json(acts).decode()


def load_acts(raw: str) -> tuple[Act, ...]:
    """Raises `pydantic.ValidationError` when the JSON holds no acts of ours."""
    return _acts().validate_json(raw)

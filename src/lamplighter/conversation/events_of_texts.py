"""Events of what we had written of ourselves, and of what is written back: `events.py` has the others."""

from dataclasses import dataclass
from typing import Literal

from lamplighter.conversation.slots import Slot


@dataclass(frozen=True, slots=True)
class Invited:
    """We had written that a time has opened, and what this number writes now may answer that. `of`: or that a visit
    can't take place as it was, and whether they keep its time by video, or with a colleague ("cover")."""

    offer: str
    person: str
    slot: Slot
    of: Literal["opening", "video", "cover"] = "opening"
    kind: Literal["invited"] = "invited"


@dataclass(frozen=True, slots=True)
class InvitedNoMore:
    """We have written something else since, and what this number writes now answers that."""

    kind: Literal["invited_no_more"] = "invited_no_more"


@dataclass(frozen=True, slots=True)
class AskedAfter:
    """We had asked whether they want a new time after this visit, and what this number writes now may answer that."""

    visit: str
    kind: Literal["asked_after"] = "asked_after"


@dataclass(frozen=True, slots=True)
class AskedNumber:
    """We had asked for the number on their insurance card, and what this number writes now may be it. `linked`: with a
    link to the page for a picture of it."""

    person: str
    linked: bool = False
    kind: Literal["asked_number"] = "asked_number"


@dataclass(frozen=True, slots=True)
class AskedOfBill:
    """We had written about something that is open or missing, and what this number writes now may answer that."""

    person: str
    kind: Literal["asked_of_bill"] = "asked_of_bill"


@dataclass(frozen=True, slots=True)
class NoMoney:
    """They want nothing of ours about money any more."""

    heard: int
    kind: Literal["no_money"] = "no_money"


@dataclass(frozen=True, slots=True)
class NotNow:
    """No to what we had written about a bill: this balance is not written about again."""

    heard: int
    person: str
    kind: Literal["not_now"] = "not_now"


@dataclass(frozen=True, slots=True)
class NumberGiven:
    """They wrote it."""

    heard: int
    person: str
    number: str
    kind: Literal["number_given"] = "number_given"

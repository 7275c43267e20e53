"""The port to insurers: one question, and every way in which it may be answered. None of them is an exception."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from lamplighter.desk.ports.coverage import BenefitRow, EligibilityQuestion, Insured, Rejection
from lamplighter.practice.model import PracticeId


class Why(StrEnum):
    """Why there is no answer, by what has to happen next."""

    PAYER_DOWN = "payer_down"  # asked again later, by itself
    UNREACHABLE = "unreachable"  # the clearinghouse: asked again later, under the same trace
    DIED = "died"  # a person looks: the payer says that they have died, and nothing is sent to them
    NOT_FOUND = "not_found"  # the person is asked for their card again, kindly
    NOT_ENROLLED = "not_enrolled"  # a biller's task: the payer does not know who asks
    ASKED_WRONGLY = "asked_wrongly"  # a biller's task: a date, a service or a field is wrong
    NOT_ALLOWED = "not_allowed"  # the operator's: our key or password was refused
    UNREADABLE = "unreadable"  # a biller looks: an answer came that says nothing clear


@dataclass(frozen=True, slots=True)
class Answered:
    """What a payer said. `known_as` is the member as the payer has them, where it said so."""

    rows: tuple[BenefitRow, ...] = field(repr=False)
    known_as: Insured | None = field(default=None, repr=False)
    payer: str = ""
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """`of_request`: when somebody asks after a request, that this was refused itself, and not the asking."""

    why: Why
    rejections: tuple[Rejection, ...] = ()
    of_request: bool = False


@dataclass(frozen=True, slots=True)
class Pending:
    """It is being worked on, by people perhaps. Asked again under the ticket; a new question would be paid for anew."""

    ticket: str


Reply = Answered | Refused | Pending


class Clearinghouse(Protocol):
    """Carries questions to payers. `deadline` is in seconds, for all that a question takes; later is UNREACHABLE. A
    question without a trace is ASKED_WRONGLY. Nothing here raises."""

    @property
    def party(self) -> str:
        """With whom there has to be an agreement; "" for what never leaves this machine."""

    def ask(self, question: EligibilityQuestion, deadline: float) -> Reply: ...

    def look_again(self, question: EligibilityQuestion, ticket: str, deadline: float) -> Reply:
        """What became of a question that was pending."""
        ...


class Clearinghouses(Protocol):
    def of(self, practice: PracticeId) -> Clearinghouse | None:
        """The one by which a practice's questions go; None where none is set up."""
        ...


# AAA03 and the codes that clearinghouses give in its place, by what has to happen next.
_BY_REASON = {
    Why.DIED: ("61",),
    Why.PAYER_DOWN: ("42", "80"),
    Why.NOT_ENROLLED: ("41", "43", "44", "45", "46", "47", "48", "49", "50", "51", "97"),
    Why.NOT_FOUND: (
        "58", "60", "64", "65", "66", "67", "68", "71", "72", "73", "74", "75", "76", "77", "78", "79",
    ),
    Why.ASKED_WRONGLY: ("15", "33", "35", "52", "53", "54", "55", "56", "57", "62", "63", "69", "70"),
}  # fmt: skip
_WHY = {code: why for why, codes in _BY_REASON.items() for code in codes}
_ABOUT_THE_MEMBER = ("subscriber", "dependent")
_UNKNOWN_NUMBER = "79"  # of a member, or of the payer or who asks
_GRAVEST = (Why.DIED, Why.NOT_ENROLLED, Why.PAYER_DOWN, Why.ASKED_WRONGLY, Why.NOT_FOUND)


def why(rejections: tuple[Rejection, ...]) -> Why:
    """What has to happen next. Of several the one nearest to us counts: nobody is asked for a card while we are not
    enrolled, nor where the payer says that they have died. A reason that nobody knows is a biller's to look at."""
    reasons = {_why(rejection) for rejection in rejections}
    return next((reason for reason in _GRAVEST if reason in reasons), Why.UNREADABLE)


def _why(rejection: Rejection) -> Why:
    if rejection.reason == _UNKNOWN_NUMBER and rejection.about not in _ABOUT_THE_MEMBER:
        return Why.ASKED_WRONGLY
    return _WHY.get(rejection.reason, Why.UNREADABLE)


def not_to_be_asked(question: EligibilityQuestion) -> Refused | None:
    """A question without a trace is not asked: sent again, nobody would know it as the same one."""
    return None if question.trace.strip() else Refused(Why.ASKED_WRONGLY)

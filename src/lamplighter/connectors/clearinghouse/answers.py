"""What a clearinghouse sent back, as the port says it: a 271, or a 999 or TA1 in its place."""

from lamplighter.desk.ports.clearinghouse import Answered, Refused, Reply, Why, why
from lamplighter.desk.ports.coverage import EligibilityQuestion, Insured

from .x12 import X12Error, read_documents
from .x12.acknowledgement import Acknowledgement, InterchangeAcknowledged
from .x12.eligibility import Eligibility, Member

_TAKEN = ("A", "E")


def reply_of(text: str | bytes, question: EligibilityQuestion) -> Reply:
    """The reply to a question. An answer about somebody else, or to another question, is no answer to it."""
    try:
        documents = read_documents(text)
    except X12Error:
        return Refused(Why.UNREADABLE)
    for document in documents:
        match document.content:
            case Eligibility() as told if document.type == "271":
                return _told(told, question)
            case Acknowledgement(code=code) | InterchangeAcknowledged(code=code) if code not in _TAKEN:
                return Refused(Why.ASKED_WRONGLY)
    return Refused(Why.UNREADABLE)


def _told(told: Eligibility, question: EligibilityQuestion) -> Reply:
    rejections = (*told.rejections, *(r for member in told.members for r in member.rejections))
    about = [member for member in told.members if member.benefits]
    if not about:
        return Refused(why(rejections), rejections) if rejections else Refused(Why.UNREADABLE)
    if len(about) > 1 or not _is_ours(about[0], question):
        return Refused(Why.UNREADABLE)
    (member,) = about
    payer = told.payer.last_name if told.payer else ""
    return Answered(member.benefits, _known_as(member), payer, _trace(member))


def _is_ours(member: Member, question: EligibilityQuestion) -> bool:
    """Whether it answers this question: by our trace where the payer gave it back, and never about a birth date that
    is not theirs."""
    given_back = {trace[1] for trace in member.traces if trace[0] == "2"}
    asked = question.dependent or question.subscriber
    born = member.party.date_of_birth if member.party else None
    if asked.date_of_birth and born and born != asked.date_of_birth:
        return False
    return not question.trace or not given_back or question.trace.upper() in given_back


def _known_as(member: Member) -> Insured | None:
    who = member.party
    if who is None:
        return None
    return Insured(who.first_name, who.last_name, who.date_of_birth, who.id, who.gender)


def _trace(member: Member) -> str:
    return next((trace[1] for trace in member.traces if trace[0] == "2"), "")

"""What a clearinghouse sent back, as the port says it: a 271, or a 999 or TA1 in its place."""

from collections.abc import Sequence
from dataclasses import replace

from lamplighter.desk.ports.clearinghouse import Answered, Refused, Reply, Why, why
from lamplighter.desk.ports.coverage import BenefitRow, EligibilityQuestion, Insured

from .control_numbers import is_about as is_about_ours
from .x12 import X12Error, read_documents
from .x12.acknowledgement import Acknowledgement, InterchangeAcknowledged
from .x12.eligibility import Eligibility, Member
from .x12.writing import Written, text

_TAKEN = ("A", "E")
_NUMBER_WAS_THERE = "025"  # of a TA1: another number gets through


def reply_of(
    raw: str | bytes, question: EligibilityQuestion, sent: Written | None = None, *, shared: bool = False
) -> Reply:
    """The reply to a question. An answer about somebody else, or to another question, is no answer to it, nor is an
    acknowledgement of anything but what was `sent`. What is `shared` may answer others as well, and its refusals are
    theirs unless they name the question."""
    try:
        documents = read_documents(raw)
    except X12Error:
        return Refused(Why.UNREADABLE)
    for document in documents:
        match document.content:
            case Eligibility() as told if document.type == "271":
                if shared and not _names(told, question):
                    continue
                return _told(_of_several(told, question), question)
            case Acknowledgement() | InterchangeAcknowledged() as told if told.code not in _TAKEN:
                if sent is None or is_about_ours(told, sent):
                    return Refused(why_not_taken(told))
    return Refused(Why.UNREADABLE)


def why_not_taken(told: Acknowledgement | InterchangeAcknowledged) -> Why:
    if isinstance(told, InterchangeAcknowledged) and told.note == _NUMBER_WAS_THERE:
        return Why.UNREACHABLE
    return Why.ASKED_WRONGLY


def _names(told: Eligibility, question: EligibilityQuestion) -> bool:
    """Whether it gives our trace back, or failing any trace our reference, or is about whoever was asked about."""
    mine, given_back = text(question.trace, 50), set[str]().union(*map(_traces, told.members))
    if given_back:
        return mine in given_back
    known = [each for each in map(_known_as, told.members) if each is not None]
    return text(told.reference, 50) == mine or any(is_about(each, question) for each in known)


def _of_several(told: Eligibility, question: EligibilityQuestion) -> Eligibility:
    """Of an answer to several questions the part that gives our trace back."""
    traced = [member for member in told.members if _traces(member)]
    mine = tuple(member for member in traced if text(question.trace, 50) in _traces(member))
    return replace(told, members=mine) if len(traced) > 1 and mine else told


def _traces(member: Member) -> set[str]:
    return {text(trace[1], 50) for trace in member.traces if trace[0] == "2" and trace[1]}


def _told(told: Eligibility, question: EligibilityQuestion) -> Reply:
    rejections = (*told.rejections, *(r for member in told.members for r in member.rejections))
    about = [member for member in told.members if member.benefits]
    if rejections and says_nothing([row for member in about for row in member.benefits]):
        return Refused(why(rejections), rejections)
    if len(about) != 1 or not _is_ours(about[0], question):
        return Refused(Why.UNREADABLE)
    (member,) = about
    payer = told.payer.last_name if told.payer else ""
    return Answered(member.benefits, _known_as(member), payer, _trace(member))


def says_nothing(rows: Sequence[BenefitRow]) -> bool:
    """Whether no row is more than that the payer can't say, or whom else to ask."""
    return all(row.kind in ("V", "U") for row in rows)


def _is_ours(member: Member, question: EligibilityQuestion) -> bool:
    """Whether it answers this question: by our trace where the payer gave one back, else by whom it is about; never
    about a birth date that is not theirs."""
    given_back, known = _traces(member), _known_as(member)
    if known is not None and other_birth_date(known, question):
        return False
    if given_back:
        return text(question.trace, 50) in given_back
    return known is not None and is_about(known, question)


def other_birth_date(known: Insured, question: EligibilityQuestion) -> bool:
    asked = (question.dependent or question.subscriber).date_of_birth
    return bool(asked and known.date_of_birth and known.date_of_birth != asked)


def is_about(known: Insured, question: EligibilityQuestion) -> bool:
    """Whether a payer's member is who was asked about: by member id, or by name. A family has one member id, so that
    of a dependent says nothing."""
    asked = question.dependent or question.subscriber
    mine = text(asked.member_id)
    if question.dependent is None and mine and text(known.member_id) == mine:
        return True
    return bool(text(asked.last_name)) and _name(known) == _name(asked)


def _name(who: Insured) -> tuple[str, str]:
    """A name as it is compared: without accents, and the first of several first names."""
    return text(who.last_name), text(who.first_name).partition(" ")[0]


def _known_as(member: Member) -> Insured | None:
    who = member.party
    if who is None:
        return None
    return Insured(who.first_name, who.last_name, who.date_of_birth, who.id, who.gender)


def _trace(member: Member) -> str:
    return next((trace[1] for trace in member.traces if trace[0] == "2"), "")

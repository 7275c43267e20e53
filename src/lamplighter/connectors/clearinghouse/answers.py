"""What a clearinghouse sent back, as the port says it: a 271, or a 999 or TA1 in its place."""

from collections.abc import Iterator, Sequence

from lamplighter.desk.ports.clearinghouse import Answered, Refused, Reply, Why, why
from lamplighter.desk.ports.coverage import BenefitRow, EligibilityQuestion, Insured, Rejection

from .control_numbers import is_about as is_about_ours
from .x12 import whole_documents
from .x12.acknowledgement import Acknowledgement, InterchangeAcknowledged
from .x12.eligibility import Eligibility, Member
from .x12.writing import Written, text

_TAKEN = ("A", "E")
_NUMBER_WAS_THERE = "025"  # of a TA1: another number gets through


def reply_of(
    raw: str | bytes, question: EligibilityQuestion, sent: Written | None = None, *, shared: bool = False
) -> Reply:
    """The reply to a question, wherever it stands in what came. An answer about somebody else, or to another question,
    is no answer to it, nor is an acknowledgement of anything but what was `sent`. Where it lay in a place that is
    `shared` with other questions, a refusal is ours as an answer is: by our trace, else by whom it is about."""
    replies: list[Reply] = []
    for document in whole_documents(raw):
        match document.content:
            case Eligibility() as told if document.type == "271":
                replies.append(_told(told, question, shared))
            case Acknowledgement() | InterchangeAcknowledged() as told if told.code not in _TAKEN:
                if (sent is None and not shared) or (sent is not None and is_about_ours(told, sent)):
                    replies.append(Refused(why_not_taken(told)))
    return min(replies, key=_how_far, default=Refused(Why.UNREADABLE))


def _how_far(reply: Reply) -> int:
    if isinstance(reply, Refused):
        return 1 if is_clear(reply) else 2
    return 0


def is_clear(reply: object) -> bool:
    """Whether something is said about what was asked: what is about others, or not whole yet, says nothing."""
    return not (isinstance(reply, Refused) and reply.why is Why.UNREADABLE and not reply.rejections)


def why_not_taken(told: Acknowledgement | InterchangeAcknowledged) -> Why:
    if isinstance(told, InterchangeAcknowledged) and told.note == _NUMBER_WAS_THERE:
        return Why.UNREACHABLE
    return Why.ASKED_WRONGLY


def _told(told: Eligibility, question: EligibilityQuestion, shared: bool) -> Reply:
    about = [member for member in told.members if member.benefits]
    mine = [member for member in about if _is_ours(member, question, shared)]
    rejections = tuple(_rejections(told, question, shared))
    said = [row for member in (mine if shared else about) for row in member.benefits]
    if rejections and says_nothing(said):
        return Refused(why(rejections), rejections)
    if len(mine) != 1:
        return Refused(Why.UNREADABLE)
    (member,) = mine
    payer = told.payer.last_name if told.payer else ""
    return Answered(member.benefits, _known_as(member), payer, _trace(member))


def _rejections(told: Eligibility, question: EligibilityQuestion, shared: bool) -> Iterator[Rejection]:
    """Those of our question: all of what came to nobody else; of what is shared only those that name it."""
    named = text(told.reference, 50) == text(question.trace, 50)
    traces = {trace for member in told.members for trace in _given_back(member)}
    if not shared or named or text(question.trace, 50) in traces:
        yield from told.rejections
    for family in _families(told.members):
        theirs = {trace for member in family for trace in _given_back(member)}
        for member in family:
            given = _given_back(member) or theirs
            is_ours = text(question.trace, 50) in given if given else named or _is_them(member, question)
            if not shared or is_ours:
                yield from member.rejections


def _families(members: Sequence[Member]) -> list[list[Member]]:
    """Each subscriber with the dependents who stand under them."""
    found: list[list[Member]] = []
    for member in members:
        if member.level == "dependent" and found:
            found[-1].append(member)
        else:
            found.append([member])
    return found


def says_nothing(rows: Sequence[BenefitRow]) -> bool:
    """Whether no row is more than that the payer can't say, or whom else to ask."""
    return all(row.kind in ("V", "U") for row in rows)


def _is_ours(member: Member, question: EligibilityQuestion, shared: bool) -> bool:
    """Whether it answers this question: by our trace where the payer gave one back, else by whom it is about; never
    about a birth date that is not theirs."""
    known = _known_as(member)
    if known is not None and other_birth_date(known, question):
        return False
    if given_back := _given_back(member):
        return text(question.trace, 50) in given_back
    return _is_them(member, question) if shared else known is not None and is_about(known, question)


def _given_back(member: Member) -> set[str]:
    return {text(trace[1], 50) for trace in member.traces if trace[0] == "2" and trace[1]}


def _is_them(member: Member, question: EligibilityQuestion) -> bool:
    """Whether it is them among many: somebody of the same name with another number is somebody else, unless they were
    born on the same day."""
    known, asked = _known_as(member), question.dependent or question.subscriber
    if known is None or other_birth_date(known, question) or not is_about(known, question):
        return False
    ours, theirs = text(asked.member_id), text(known.member_id)
    born_alike = known.date_of_birth is not None and asked.date_of_birth is not None
    return not (ours and theirs and ours != theirs) or born_alike


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

"""What a service review says, as the port says it. Its codes are those of a 278; which papers a payer wants it has no
place for, so that such a request is one that waits, with the payer's notes."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from lamplighter.connectors.clearinghouse.objects import day_of, entries, number_of, text_of
from lamplighter.connectors.clearinghouse.rulings import ACTIONS, APPROVING, settled
from lamplighter.desk.ports.authorizations import ApprovedService, AuthorizationReply, Ruled
from lamplighter.desk.ports.clearinghouse import Refused, Why, why
from lamplighter.desk.ports.coverage import AuthorizationQuestion

from .reading import IN_PROGRESS, rejections

Review = Mapping[str, Any]
_DAY_LENGTH: Final = 10


def is_decided(review: Review) -> bool:
    return text_of(review, "statusCode") not in IN_PROGRESS


def ruling_of(review: Review, asked: AuthorizationQuestion) -> AuthorizationReply:
    """A review of somebody else is no answer."""
    procedures = list(entries(review.get("procedures")))
    codes = [text_of(each, "statusCode") for each in (review, *procedures)]
    verdicts = [ACTIONS[code] for code in codes if code in ACTIONS]
    if not verdicts:
        return why_refused(review)
    if not _is_theirs(review, asked):
        return Refused(Why.UNREADABLE)
    services = tuple(_approved(review, procedures))
    verdict = settled(verdicts, (), services, asked)
    approving = verdict in APPROVING
    numbers = (text_of(each, "certificationNumber") for each in (review, *procedures))
    return Ruled(
        verdict,
        next(filter(None, numbers), "") if approving else "",
        text_of(review, "id") or asked.trace,
        day_of(text_of(review, "certificationEffectiveDate")[:_DAY_LENGTH]) if approving else None,
        day_of(text_of(review, "certificationExpirationDate")[:_DAY_LENGTH]) if approving else None,
        services if approving else (),
        tuple(_reasons(review, procedures)),
        (),
        asked.trace,
    )


def why_refused(body: Review) -> Refused:
    wrong = rejections(body)
    if wrong:
        return Refused(why(wrong), wrong)
    is_error = any(entries(body.get("errors"))) or bool(text_of(body, "userMessage"))
    return Refused(Why.ASKED_WRONGLY if is_error else Why.UNREADABLE)


def asks_the_same(review: Review, asked: AuthorizationQuestion) -> bool:
    """Whether a review asks for what we asked for: theirs, from the same day on, of the same services for the same
    diagnoses, and as many while nobody has decided how many it is to be."""
    procedures = list(entries(review.get("procedures")))
    codes = sorted(text_of(each, "code") for each in procedures)
    named = {_plain(text_of(each, "code")) for each in entries(review.get("diagnoses"))}
    if named and named != {_plain(each) for each in asked.diagnoses}:
        return False
    if not is_decided(review) and not _counts_the_same(procedures, asked):
        return False
    first = day_of(text_of(review, "fromDate")[:_DAY_LENGTH])
    same_services = codes == sorted(each.procedure for each in asked.services)
    return _is_theirs(review, asked) and same_services and first == asked.first_day


def _counts_the_same(procedures: list[Review], asked: AuthorizationQuestion) -> bool:
    """As far as it says how many."""
    told = [(text_of(each, "code"), number_of(each, "quantity")) for each in procedures]
    said = [(code, number) for code, number in told if number is not None]
    return len(said) < len(told) or sorted(said) == sorted(
        (each.procedure, each.units) for each in asked.services
    )


def _plain(diagnosis: str) -> str:
    return diagnosis.replace(".", "").upper()


def _is_theirs(review: Review, asked: AuthorizationQuestion) -> bool:
    holder, patient = review.get("subscriber"), review.get("patient")
    if not isinstance(holder, Mapping) or text_of(holder, "memberId") != asked.subscriber.member_id:
        return False
    mine = (asked.dependent or asked.subscriber).date_of_birth
    born = day_of(text_of(patient, "birthDate")[:_DAY_LENGTH]) if isinstance(patient, Mapping) else None
    return born is None or mine is None or born == mine


def _approved(review: Review, procedures: list[Review]) -> Iterator[ApprovedService]:
    whole = ACTIONS.get(text_of(review, "statusCode")) in APPROVING
    for each in procedures:
        own = text_of(each, "statusCode")
        code = text_of(each, "code")
        if code and (ACTIONS.get(own) in APPROVING if own else whole):
            yield ApprovedService(code, number_of(each, "quantity"))


def _reasons(review: Review, procedures: list[Review]) -> Iterator[tuple[str, str]]:
    said: dict[tuple[str, str], None] = {}
    for each in (review, *procedures):
        for reason in entries(each.get("statusReasons")):
            said[text_of(reason, "code"), text_of(reason, "value")] = None
        for note in (*entries(each.get("payerNotes")), *entries(each.get("notes"))):
            said["", text_of(note, "message")] = None
    said.pop(("", ""), None)
    yield from said

"""Availity's service reviews: taken once though they carry no number of ours, and read as no more than they say."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import pytest

from lamplighter.connectors.clearinghouse.availity.reviews_reading import ruling_of
from lamplighter.connectors.clearinghouse.availity.reviews_standin import ReviewsStandIn
from lamplighter.connectors.clearinghouse.availity.service_reviews import body_of
from lamplighter.connectors.clearinghouse.availity.standin import Door
from lamplighter.connectors.clearinghouse.reviewer import Reviewer
from lamplighter.desk.ports.authorizations import ApprovedService, AuthorizationChannel, Verdict
from lamplighter.desk.ports.clearinghouse import Why
from lamplighter.desk.ports.coverage import AskedService
from tests.connectors.authorizations.stage import availity
from tests.connectors.authorizations.test_contract import ASKED, ENOUGH, ruled, why
from tests.connectors.clearinghouse.stage import KEY, served

A_WHILE, AGES = 3.0, 10**9  # the one is long enough to be taken on a busy machine
House = tuple[ReviewsStandIn, AuthorizationChannel]


@pytest.fixture
def house() -> Iterator[House]:
    theirs = ReviewsStandIn(Reviewer(), Door(KEY))
    with served(theirs.app) as url:
        yield theirs, availity(url, KEY)


def test_a_request_that_the_payer_has_not_answered_has_left_and_is_never_posted_twice(
    house: House,
) -> None:
    theirs, channel = house
    theirs.waits = AGES
    waits = ruled(channel.submit(ASKED, A_WHILE))
    assert waits.verdict is Verdict.LEFT and waits.ticket
    assert ruled(channel.inquire(ASKED, waits.ticket, A_WHILE)).verdict is Verdict.LEFT
    theirs.waits = 0
    assert ruled(channel.inquire(ASKED, waits.ticket, ENOUGH)).verdict is Verdict.APPROVED
    assert ruled(channel.submit(ASKED, ENOUGH)).verdict is Verdict.APPROVED
    assert len(theirs.posted) == 1


def test_a_request_for_other_services_is_another_one_though_it_may_have_left_before(house: House) -> None:
    theirs, channel = house
    channel.submit(ASKED, ENOUGH)
    other = replace(ASKED, services=(AskedService("90853"),), trace="70009")
    for _ in range(2):
        assert ruled(channel.submit(other, ENOUGH)).services == (ApprovedService("90853", Decimal(1)),)
    assert len(theirs.posted) == 2


def test_a_request_that_was_taken_unheard_is_waited_for_and_never_posted_twice(house: House) -> None:
    theirs, channel = house
    theirs.waits, theirs.hangs_up = AGES, True
    assert why(channel.submit(ASKED, ENOUGH)) is Why.UNREACHABLE
    theirs.hangs_up = False
    waits = ruled(channel.submit(ASKED, A_WHILE))
    assert (waits.verdict, waits.ticket) == (Verdict.LEFT, "SR1")
    theirs.waits = 0
    assert ruled(channel.inquire(ASKED, waits.ticket, ENOUGH)).verdict is Verdict.APPROVED
    assert len(theirs.posted) == 1


@pytest.mark.parametrize("before", ["denies", "cancelled"])
def test_an_older_review_never_answers_for_a_request_that_did_not_get_there(
    house: House, before: Literal["denies", "cancelled"]
) -> None:
    theirs, channel = house
    channel.submit(ASKED, ENOUGH)
    theirs.reviewer.cases["SR1"].decision = before
    anew = replace(ASKED, trace="70002")
    theirs.reviewer.faults.append("broken")
    assert why(channel.submit(anew, ENOUGH)) is Why.UNREACHABLE and len(theirs.posted) == 1
    told = ruled(channel.submit(anew, ENOUGH))
    assert (told.verdict, told.ticket, len(theirs.posted)) == (Verdict.APPROVED, "SR2", 2)
    assert ruled(channel.submit(anew, ENOUGH)).ticket == "SR2" and len(theirs.posted) == 2


def test_a_ticket_that_would_lead_elsewhere_is_never_followed(house: House) -> None:
    assert why(house[1].inquire(ASKED, "../token", ENOUGH)) is Why.UNREADABLE


def test_nothing_that_is_not_known_is_sent() -> None:
    body = body_of(replace(ASKED, telephone="", diagnoses=(), service_type=""))
    assert "diagnoses" not in body and "serviceTypeCode" not in body and "supplementalInformation" not in body
    assert body["procedures"][0]["code"] == "90837" and "firstName" not in body["requestingProvider"]


def review(**told: Any) -> dict[str, Any]:
    return {"subscriber": {"memberId": "LH0001"}, "id": "SR1", **told}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (review(statusCode="A1", certificationNumber="77"), Verdict.APPROVED),
        (review(statusCode="A1", procedures=[{"code": "90837", "quantity": "3"}]), Verdict.MODIFIED),
        (review(procedures=[{"statusCode": "A3"}, {"statusCode": "A1"}]), Verdict.PARTIAL),
    ],
)
def test_a_review_is_read_as_a_278_is(told: dict[str, Any], expected: Verdict) -> None:
    assert ruled(ruling_of(told, ASKED)).verdict is expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (review(statusCode="??"), Why.UNREADABLE),
        (review(statusCode="A1", subscriber={"memberId": "LH2"}), Why.UNREADABLE),
        (review(statusCode="A1", patient={"birthDate": "1999-01-01"}), Why.UNREADABLE),
        ({"userMessage": "Bad Request", "errors": [{"field": "payer"}]}, Why.ASKED_WRONGLY),
        ({"validationMessages": [{"field": "memberId", "code": "75"}]}, Why.NOT_FOUND),
        ({"procedures": 3, "subscriber": [], "payerNotes": {}}, Why.UNREADABLE),
    ],
)
def test_what_decides_nothing_or_is_about_another_is_no_ruling(told: dict[str, Any], expected: Why) -> None:
    assert why(ruling_of(told, ASKED)) is expected


def test_days_and_units_that_are_not_said_are_unknown() -> None:
    told = ruled(ruling_of(review(statusCode="A1", procedures=[{"code": "90837"}]), ASKED))
    assert (told.first_day, told.services) == (None, (ApprovedService("90837", None),))
    dated = ruled(ruling_of(review(statusCode="A1", certificationEffectiveDate="2026-12-01"), ASKED))
    assert (dated.first_day, dated.last_day) == (date(2026, 12, 1), None)

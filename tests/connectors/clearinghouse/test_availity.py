"""Availity: a question that is taken is looked at under its id, and what a coverage holds is never read as more."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from lamplighter.connectors.clearinghouse.availity.reading import rejections, rows
from lamplighter.connectors.clearinghouse.insurer import Insurer, Plan
from lamplighter.desk.benefits import State, Wanted, benefits
from lamplighter.desk.ports.clearinghouse import Pending, Refused, Why
from lamplighter.desk.ports.coverage import Network, Rejection
from tests.connectors.clearinghouse.stage import MAY_WAIT, Reached, reached
from tests.connectors.clearinghouse.test_contract import AGES, ENOUGH, NORA, QUESTION


@pytest.fixture
def house() -> Iterator[Reached]:
    with reached("availity", Insurer({"LH0001": Plan("QUILL", "NORA", "19810203")})) as found:
        yield found


def test_an_answer_under_a_ticket_is_compared_with_whoever_was_asked_about(house: Reached) -> None:
    house.insurer.waits = AGES
    reply = house.clearinghouse.ask(QUESTION, MAY_WAIT["availity"])
    assert isinstance(reply, Pending)
    house.insurer.waits = 0
    another = replace(QUESTION, subscriber=replace(NORA, last_name="Other", member_id="LH0002"))
    assert house.clearinghouse.look_again(another, reply.ticket, ENOUGH) == Refused(Why.UNREADABLE)


@pytest.mark.parametrize("ticket", ["../token", "a/b", "", "a" * 65])
def test_a_ticket_that_would_lead_elsewhere_is_never_followed(house: Reached, ticket: str) -> None:
    assert house.clearinghouse.look_again(QUESTION, ticket, ENOUGH) == Refused(Why.UNREADABLE)


def benefit(**told: Any) -> dict[str, Any]:
    return {"plans": [{"benefits": [{"type": "MH", **told}]}]}


def test_what_is_left_is_a_row_of_its_own_and_no_amount() -> None:
    entry = {
        "levelCode": "IND",
        "total": "1500",
        "totalTimePeriodCode": "23",
        "remaining": "300",
        "units": "USD",
    }
    found = rows(benefit(amounts={"deductibles": {"inNetwork": [entry]}}))
    assert [(r.number, r.period, str(r.amount.amount if r.amount else ""), r.network) for r in found] == [
        (1, "23", "1500", Network.IN),
        (2, "29", "300", Network.IN),
    ]


@pytest.mark.parametrize(
    ("said", "share"),
    [("20", Decimal("0.2")), ("0.2", Decimal("0.2")), ("1", None), ("0", Decimal(0)), ("250", None)],
)
def test_a_share_that_may_be_read_in_two_ways_is_unknown(said: str, share: Decimal | None) -> None:
    (row,) = rows(benefit(amounts={"coInsurance": {"noNetwork": [{"amount": said, "units": "Percent"}]}}))
    assert (row.share, row.amount) == (share, None)


def test_what_a_coverage_does_not_say_is_unknown() -> None:
    told = benefits(rows(benefit(statusCode="1", name="Mental health")), Wanted())
    assert told.active.value is True
    assert {told.copay.state, told.authorization.state, told.deductible_left.state} == {State.UNKNOWN}


@pytest.mark.parametrize(
    "body",
    [{}, {"plans": [None, 3, {"benefits": "x"}]}, {"plans": {"a": 1}}, benefit(amounts={"coPayment": [1]})],
)
def test_no_shape_makes_the_reader_raise(body: dict[str, Any]) -> None:
    assert rows(body) == ()


def test_why_it_was_refused_is_taken_by_its_code_and_by_whom_it_is_about() -> None:
    messages = [
        {"field": "provider.npi", "code": "51"},
        {"field": "memberId", "code": "75", "errorMessage": "..."},
        {"field": "memberId", "errorMessage": "no code"},
    ]
    told = rejections({"validationMessages": messages})
    assert told == (Rejection("provider", "51"), Rejection("subscriber", "75"))

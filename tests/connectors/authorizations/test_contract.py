"""What every channel of authorizations does, whatever it speaks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from lamplighter.connectors.clearinghouse import reviewer as says
from lamplighter.connectors.clearinghouse.reviewer import Decides, Reviewer
from lamplighter.desk.ports.authorizations import ApprovedService, AuthorizationReply, Ruled, Verdict
from lamplighter.desk.ports.clearinghouse import Refused, Why
from lamplighter.desk.ports.coverage import (
    AskedService,
    AuthorizationQuestion,
    AuthorizationStep,
    Insured,
    Payer,
    Provider,
)
from tests.connectors.authorizations.stage import KINDS, Reached, reached

ENOUGH, IMPATIENT = 60.0, 0.3
ASKED = AuthorizationQuestion(
    AuthorizationStep.REQUEST,
    Payer("LAN01", "Lantern Health"),
    Provider("1000000004", "Harbor Lane Counseling"),
    Insured("Nora", "Quill", date(1981, 2, 3), "LH0001", "F"),
    service_type="MH",
    first_day=date(2026, 12, 1),
    last_day=date(2027, 5, 31),
    diagnoses=("F41.1",),
    services=(AskedService("90837", units=Decimal(12)), AskedService("96130", units=Decimal(2))),
    trace="70001",
)


@pytest.fixture(params=KINDS)
def house(request: pytest.FixtureRequest) -> Iterator[Reached]:
    with reached(request.param, Reviewer()) as found:
        yield found


def ruled(reply: AuthorizationReply) -> Ruled:
    assert isinstance(reply, Ruled), reply
    return reply


def why(reply: AuthorizationReply) -> Why | None:
    return reply.why if isinstance(reply, Refused) else None


def came_to(
    house: Reached, asked: AuthorizationQuestion = ASKED, deadline: float = ENOUGH
) -> AuthorizationReply:
    """What a request comes to: after one that has left, and no more, it is looked once more."""
    reply = house.channel.submit(asked, deadline)
    if isinstance(reply, Ruled) and reply.verdict is Verdict.LEFT:
        return house.channel.inquire(asked, reply.ticket, deadline)
    return reply


def submit(house: Reached, decides: Decides, asked: AuthorizationQuestion = ASKED) -> Ruled:
    house.reviewer.decides = decides
    return ruled(came_to(house, asked))


def test_what_is_approved_has_its_number_its_days_and_its_services(house: Reached) -> None:
    told = submit(house, "approves")
    assert (told.verdict, told.number, told.first_day, told.last_day, told.trace) == (
        Verdict.APPROVED, says.NUMBER, date(2026, 12, 1), date(2027, 5, 31), "70001",
    )  # fmt: skip
    assert told.services == (ApprovedService("90837", Decimal(12)), ApprovedService("96130", Decimal(2)))


def test_fewer_than_asked_is_modified_and_one_of_two_is_partial(house: Reached) -> None:
    modified = submit(house, "modifies")
    assert modified.verdict is Verdict.MODIFIED
    assert {service.units for service in modified.services} == {Decimal(says.FEWER)}
    partial = submit(house, "in_part", replace(ASKED, trace="70002"))
    assert (partial.verdict, [s.procedure for s in partial.services]) == (Verdict.PARTIAL, ["90837"])


@pytest.mark.parametrize(
    ("decides", "verdict"),
    [
        ("pends", Verdict.PENDED),
        ("asks", Verdict.INFO_REQUESTED),
        ("denies", Verdict.DENIED),
        ("needs_none", Verdict.NOT_NEEDED),
    ],
)
def test_what_is_not_approved_has_no_number_no_days_and_no_services(
    house: Reached, decides: Decides, verdict: Verdict
) -> None:
    told = submit(house, decides)
    tells = decides == "asks" and house.tells_what_is_wanted
    assert told.verdict is (verdict if tells or decides != "asks" else Verdict.PENDED)
    assert (told.number, told.first_day, told.services) == ("", None, ())
    assert bool(told.asked_for) is tells
    assert (says.DENIED_FOR in [code for code, _ in told.reasons]) is (decides == "denies")


def test_a_request_that_waits_is_asked_about_under_its_ticket(house: Reached) -> None:
    waits = submit(house, "pends")
    assert waits.ticket
    house.next_round()
    told = ruled(house.channel.inquire(ASKED, waits.ticket, ENOUGH))
    assert (told.verdict, told.number) == (Verdict.APPROVED, says.NUMBER)
    assert len(house.reviewer.asked) == 1


def test_the_same_trace_again_is_the_same_request(house: Reached) -> None:
    assert submit(house, "denies") == submit(house, "approves")
    assert len(house.reviewer.asked) == 1


def test_an_authorization_is_cancelled_under_its_number(house: Reached) -> None:
    approved = submit(house, "approves")
    gone = replace(
        ASKED, step=AuthorizationStep.CANCEL, number=approved.number, reference=approved.ticket, trace="70003"
    )
    assert ruled(came_to(house, gone)).verdict is Verdict.CANCELLED


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("busy", Why.UNREACHABLE),
        ("broken", Why.UNREACHABLE),
        ("malformed", Why.UNREADABLE),
        ("half_open", Why.UNREACHABLE),
        ("cut_off", Why.UNREADABLE),
        ("someone_else", Why.UNREADABLE),
    ],
)
def test_what_goes_wrong_on_the_way_is_an_outcome_and_the_same_trace_gets_through(
    house: Reached, fault: str, expected: Why
) -> None:
    house.reviewer.faults.append(fault)
    reply = came_to(house)
    if expected in house.waits_through:
        assert ruled(reply).verdict is Verdict.LEFT
    else:
        assert why(reply) is expected
    house.next_round()
    assert submit(house, "approves").verdict is Verdict.APPROVED
    assert len(house.reviewer.asked) == 1


@pytest.mark.parametrize("fault", ["silent", "dripping"])
def test_nobody_waits_longer_than_the_deadline(house: Reached, fault: str) -> None:
    house.reviewer.faults.append(fault)
    assert why(came_to(house, deadline=IMPATIENT)) is Why.UNREACHABLE


@pytest.mark.parametrize(("reason", "expected"), [("42", Why.PAYER_DOWN), ("51", Why.NOT_ENROLLED)])
def test_why_nothing_was_decided_is_told_by_what_has_to_happen(
    house: Reached, reason: str, expected: Why
) -> None:
    house.reviewer.refuses_with = reason
    assert why(came_to(house)) is expected


def test_what_can_t_be_asked_never_leaves(house: Reached) -> None:
    for asked in (
        replace(ASKED, trace=" "),
        replace(ASKED, payer=Payer("", "")),
        replace(ASKED, services=()),
        replace(ASKED, subscriber=replace(ASKED.subscriber, member_id="")),
    ):
        assert why(house.channel.submit(asked, ENOUGH)) is Why.ASKED_WRONGLY
    assert house.reviewer.asked == []


def test_a_key_that_is_refused_is_the_operator_s_and_stands_in_no_print(house: Reached) -> None:
    assert why(house.stranger.submit(ASKED, ENOUGH)) is Why.NOT_ALLOWED
    assert house.reviewer.asked == [] and "not-a-real-key" not in repr(house.channel)

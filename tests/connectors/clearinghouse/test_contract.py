"""What every clearinghouse does, whatever it speaks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from lamplighter.connectors.clearinghouse.insurer import Insurer, Plan
from lamplighter.connectors.clearinghouse.simulated import SimulatedClearinghouse
from lamplighter.connectors.clearinghouse.x12 import read_documents
from lamplighter.desk.benefits import Wanted, benefits
from lamplighter.desk.ports.clearinghouse import Answered, Clearinghouse, Pending, Refused, Reply, Why, why
from lamplighter.desk.ports.coverage import EligibilityQuestion, Insured, Payer, Provider, Rejection
from tests.connectors.clearinghouse.stage import KINDS, MAY_WAIT, Reached, reached

NORA = Insured("Nora", "Quill", date(1981, 2, 3), "LH0001", "F")
MAX = Insured("Max", "Quill", date(2011, 1, 2))
QUESTION = EligibilityQuestion(
    Payer("LAN01", "Lantern Health"), Provider("1000000004", "Harbor Lane Counseling"), NORA, trace="70001"
)
ENOUGH, IMPATIENT = 60.0, 0.3
AGES = 10**9


@pytest.fixture
def insurer() -> Insurer:
    return Insurer({"LH0001": Plan("QUILL", "NORA", "19810203")})


@pytest.fixture(params=KINDS)
def house(request: pytest.FixtureRequest, insurer: Insurer) -> Iterator[Reached]:
    with reached(request.param, insurer) as found:
        yield found


@pytest.fixture(params=[*KINDS, "simulated"])
def anybody(request: pytest.FixtureRequest, insurer: Insurer) -> Iterator[Clearinghouse]:
    if request.param == "simulated":
        (document,) = read_documents(insurer.answer("LH0001", "0", ""))
        yield SimulatedClearinghouse({"LH0001": document.content.members[0].benefits}, down={"DOWN1"})
    else:
        with reached(request.param, insurer) as found:
            yield found.clearinghouse


def asked(house: Clearinghouse, question: EligibilityQuestion = QUESTION, deadline: float = ENOUGH) -> Reply:
    """What a question comes to: one that is pending is looked at once more."""
    reply = house.ask(question, deadline)
    return house.look_again(question, reply.ticket, deadline) if isinstance(reply, Pending) else reply


def is_why(reply: Reply, expected: Why, house: Reached) -> bool:
    if expected in house.waits_through:
        return isinstance(reply, Pending)
    return isinstance(reply, Refused) and reply.why is expected


def test_a_member_s_plan_is_told_with_its_figures(anybody: Clearinghouse) -> None:
    reply = asked(anybody)
    assert isinstance(reply, Answered)
    told = benefits(reply.rows, Wanted())
    assert (told.active.value, str(told.copay.value.amount), str(told.deductible_left.value.amount)) == (
        True, "20", "300",
    )  # fmt: skip
    assert told.authorization.value is False


def test_somebody_whom_the_payer_does_not_know_is_not_found(anybody: Clearinghouse) -> None:
    reply = asked(anybody, replace(QUESTION, subscriber=replace(NORA, member_id="LH9999")))
    assert isinstance(reply, Refused)
    assert reply.why is Why.NOT_FOUND


def test_a_ticket_that_was_never_given_out_is_no_answer(anybody: Clearinghouse) -> None:
    assert isinstance(anybody.look_again(QUESTION, "no-such-ticket", ENOUGH), Refused)


def test_a_child_is_asked_about_under_the_holder_s_plan(house: Reached) -> None:
    house.insurer.plans["LH0001"] = Plan("QUILL", "MAX", "20110102")
    assert isinstance(asked(house.clearinghouse, replace(QUESTION, dependent=MAX)), Answered)


@pytest.mark.parametrize(
    ("reason", "expected"),
    [("42", Why.PAYER_DOWN), ("51", Why.NOT_ENROLLED), ("57", Why.ASKED_WRONGLY), ("75", Why.NOT_FOUND)],
)
def test_why_a_payer_gave_no_answer_is_told_by_what_has_to_happen(
    house: Reached, reason: str, expected: Why
) -> None:
    house.insurer.refuses_with = reason
    assert is_why(asked(house.clearinghouse), expected, house)


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
def test_what_goes_wrong_on_the_way_is_an_outcome_and_the_next_question_is_answered(
    house: Reached, fault: str, expected: Why
) -> None:
    house.insurer.faults.append(fault)
    assert is_why(asked(house.clearinghouse), expected, house)
    house.next_round()
    assert isinstance(asked(house.clearinghouse), Answered)


def test_nobody_waits_longer_than_the_deadline(house: Reached) -> None:
    """The server says nothing as long as anybody waits for it."""
    house.insurer.faults.append("silent")
    assert house.clearinghouse.ask(QUESTION, IMPATIENT) == Refused(Why.UNREACHABLE)


def test_a_server_that_sends_a_byte_now_and_then_is_not_waited_for(house: Reached) -> None:
    house.insurer.faults.append("dripping")
    assert asked(house.clearinghouse, deadline=IMPATIENT) == Refused(Why.UNREACHABLE)
    assert isinstance(asked(house.clearinghouse), Answered)


@pytest.mark.parametrize(("house", "a_while"), MAY_WAIT.items(), indirect=["house"])
def test_a_question_that_was_taken_waits_under_its_ticket_and_is_asked_once(
    house: Reached, a_while: float
) -> None:
    house.insurer.waits = AGES
    waits = house.clearinghouse.ask(QUESTION, a_while)
    assert isinstance(waits, Pending)
    house.insurer.waits = 0
    house.next_round()
    assert isinstance(asked(house.clearinghouse), Answered)
    assert isinstance(house.clearinghouse.look_again(QUESTION, waits.ticket, ENOUGH), Answered)
    assert len(house.insurer.asked) == 1


@pytest.mark.parametrize("trace", ["", "  "])
def test_a_question_that_nobody_would_know_again_never_leaves(anybody: Clearinghouse, trace: str) -> None:
    assert anybody.ask(replace(QUESTION, trace=trace), ENOUGH) == Refused(Why.ASKED_WRONGLY)


def test_a_trace_of_our_own_kind_is_known_again(house: Reached) -> None:
    assert isinstance(asked(house.clearinghouse, replace(QUESTION, trace="visit:42")), Answered)


def test_an_answer_that_comes_twice_is_one_answer(house: Reached) -> None:
    house.insurer.faults.append("twice")
    reply = asked(house.clearinghouse)
    assert isinstance(reply, Answered)
    assert len(reply.rows) == 4


def test_a_key_that_is_refused_is_the_operator_s(house: Reached) -> None:
    assert house.stranger.ask(QUESTION, ENOUGH) == Refused(Why.NOT_ALLOWED)
    assert house.insurer.asked == []


def test_a_question_that_can_t_be_asked_never_leaves(house: Reached) -> None:
    nobody = replace(QUESTION, payer=Payer("", ""))
    assert house.clearinghouse.ask(nobody, ENOUGH) == Refused(Why.ASKED_WRONGLY)
    assert house.insurer.asked == []


def test_nothing_secret_is_shown_where_a_clearinghouse_is_printed(house: Reached) -> None:
    assert "not-a-real-key" not in repr(house.clearinghouse)


def test_nobody_is_asked_for_a_card_while_we_are_not_enrolled() -> None:
    both = (Rejection("subscriber", "75"), Rejection("provider", "51"))
    assert why(both) is Why.NOT_ENROLLED


def test_whoever_is_said_to_have_died_is_asked_for_nothing() -> None:
    assert why((Rejection("subscriber", "61"), Rejection("subscriber", "75"))) is Why.DIED


@pytest.mark.parametrize(
    ("about", "expected"),
    [("payer", Why.ASKED_WRONGLY), ("", Why.ASKED_WRONGLY), ("subscriber", Why.NOT_FOUND)],
)
def test_a_number_of_the_payer_that_is_wrong_is_a_biller_s(about: str, expected: Why) -> None:
    assert why((Rejection(about, "79"),)) is expected


def test_a_reason_that_nobody_knows_is_somebody_s_to_look_at() -> None:
    assert why((Rejection("subscriber", "ZZ"),)) is Why.UNREADABLE

"""What a payer's answer says, from its segments to the figures."""

from datetime import date
from decimal import Decimal

from lamplighter.connectors.clearinghouse.x12 import as_data, read_documents
from lamplighter.connectors.clearinghouse.x12.eligibility import Member
from lamplighter.desk.benefits import Benefits, Wanted, benefits
from tests.connectors.clearinghouse.x12.texts import answer


def member(segments: str) -> Member:
    (document,) = read_documents(answer(segments))
    (one,) = document.content.members
    return one


def told(segments: str, day: date | None = None) -> Benefits:
    return benefits(member(segments).benefits, Wanted(day=day))


def test_a_rate_of_visits_is_no_limit_and_thirty_in_a_year_are() -> None:
    rate, limit = told("EB*F**MH~HSD*VS*1*DA~"), told("EB*F**MH~HSD*VS*30***23~")
    assert (rate.visits.value, limit.visits.value) == (None, Decimal(30))


def test_authorization_is_needed_for_care_whatever_is_said_of_a_doctor_s_visit() -> None:
    assert told("EB*A*IND*98*****.2***N*Y~EB*1**MH********Y~").authorization.value is True
    assert told("EB*B*IND*30***27*20***N*Y~EB*B**MH***27*20****Y*Y~").authorization.value is True


def test_a_share_that_is_no_part_of_a_whole_is_unknown_and_remarked_on() -> None:
    (document,) = read_documents(answer("EB*A*IND*MH*****80~"))
    assert document.content.members[0].benefits[0].share is None
    assert [str(remark) for remark in document.remarks] == [
        "segment 18 (EB): element 8 is no part of a whole"
    ]


def test_figures_beside_an_answer_are_those_of_its_day() -> None:
    (document,) = read_documents(answer("EB*1**30~DTP*349*D8*20261101~"))
    assert as_data(document)["content"]["members"][0]["figures"]["active"]["value"] is False

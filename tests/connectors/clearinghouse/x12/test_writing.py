"""What we send: golden files, strictness, and that it reads back as it was meant."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.connectors.clearinghouse.x12 import X12Error, read_documents
from lamplighter.connectors.clearinghouse.x12.answering import acknowledgement
from lamplighter.connectors.clearinghouse.x12.asking import authorization, claim_status, eligibility
from lamplighter.connectors.clearinghouse.x12.envelope import read
from lamplighter.connectors.clearinghouse.x12.writing import Body, Partner, text, written
from lamplighter.desk.ports.coverage import (
    AskedService,
    AuthorizationQuestion,
    AuthorizationStep,
    ClaimQuestion,
    EligibilityQuestion,
    Insured,
    Payer,
    Provider,
)
from lamplighter.practice.model import Money
from tests.connectors.clearinghouse.numbers import CountedNumbers
from tests.connectors.clearinghouse.x12.texts import answer

GOLDEN = Path(__file__).with_name("golden")
NOW = datetime(2026, 12, 1, 14, 5, 7, tzinfo=UTC)
PARTNER = Partner("HARBORLANE", "CLEARHOUSE", production=False)
PAYER = Payer("LAN01", "Lantern Health")
PRACTICE = Provider("1000000004", "Harbor Lane Counseling")
AMARA = Provider("1000000004", "Osei", "Amara")
NORA = Insured("Núria", "O’Quill-Peña", date(1981, 2, 3), "LH0001", "F")
MAX = Insured("Max", "Peña", date(2011, 1, 2))

CLAIM = ClaimQuestion(
    PAYER, PRACTICE, "SUB1", NORA, date(2026, 11, 2), date(2026, 11, 2), None, Money(Decimal("150.00")), "A-7", "P-9",
    "HL-3",
)  # fmt: skip
ASKED = AuthorizationQuestion(
    AuthorizationStep.REQUEST, PAYER, PRACTICE, NORA, MAX, "HS", "MH", "11", date(2026, 12, 1), date(2027, 3, 1),
    ("F41.1", "Z63.0"), (AskedService("96130", ("59",), Decimal(4)), AskedService("96131")), "", "HL-4", "2125550100",
)  # fmt: skip


def asks(**more: object) -> EligibilityQuestion:
    return replace(EligibilityQuestion(PAYER, PRACTICE, NORA, trace="HL-1"), **more)


BODIES = {
    "270-subscriber": eligibility(EligibilityQuestion(PAYER, PRACTICE, NORA, trace="HL-1"), NOW),
    "270-dependent": eligibility(
        EligibilityQuestion(PAYER, AMARA, NORA, MAX, ("MH",), date(2026, 12, 15), "HL-2"), NOW
    ),
    "276": claim_status(CLAIM, NOW),
    "276-dependent": claim_status(replace(CLAIM, dependent=replace(MAX, member_id="LH0001-2", gender="U")), NOW),
    "278-request": authorization(ASKED, NOW),
    "278-expedited": authorization(replace(ASKED, expedited=True), NOW),
    "278-inquiry": authorization(
        AuthorizationQuestion(AuthorizationStep.INQUIRE, PAYER, PRACTICE, NORA, number="AUTH-1", trace="HL-5"), NOW
    ),
    "278-notice": authorization(
        AuthorizationQuestion(
            AuthorizationStep.NOTIFY, PAYER, PRACTICE, NORA, category="AR", service_type="MH", place="21",
            first_day=date(2026, 12, 1), number="AUTH-1", trace="HL-6",
        ),
        NOW,
    ),
    "278-cancel": authorization(
        AuthorizationQuestion(AuthorizationStep.CANCEL, PAYER, PRACTICE, NORA, number="AUTH-1", trace="HL-7"), NOW
    ),
    "999": acknowledgement("HB", "42", [one for i in read(answer("EB*1**30~")) for one in i.sets]),
}  # fmt: skip


def sent(body: Body) -> str:
    return written([body], PARTNER, CountedNumbers(), NOW).text


@pytest.mark.parametrize("name", sorted(BODIES))
def test_what_is_sent_is_what_was_reviewed(name: str) -> None:
    golden = (GOLDEN / f"{name}.x12").read_text()
    assert sent(BODIES[name]).replace("~", "~\n") == golden


@pytest.mark.parametrize("name", sorted(BODIES))
def test_what_is_sent_reads_back_without_a_remark(name: str) -> None:
    (document,) = read_documents(sent(BODIES[name]))
    assert (document.type, document.remarks) == (BODIES[name].type, ())


def test_an_independent_validator_takes_our_acknowledgement() -> None:
    pyx12 = pytest.importorskip("pyx12.x12n_document")
    from pyx12.params import params

    said = io.StringIO()
    taken = pyx12.x12n_document(params(), io.StringIO(sent(BODIES["999"])), said, None)
    assert taken, said.getvalue()


def test_a_question_about_a_child_names_the_plan_s_holder_and_the_child() -> None:
    (document,) = read_documents(sent(BODIES["270-dependent"]))
    holder, child = document.content.members
    assert (holder.party.id, child.party.first_name, child.inquiries[0].services) == (
        "LH0001",
        "MAX",
        ("MH",),
    )


def test_diagnoses_go_as_the_clinician_wrote_them_without_their_point() -> None:
    (document,) = read_documents(sent(BODIES["278-request"]))
    assert document.content.items[0].diagnoses == (("ABK", "F411"), ("ABF", "Z630"))


def test_numbers_count_on_and_agree_from_end_to_end() -> None:
    numbers = CountedNumbers()
    first, second = (written([BODIES["270-subscriber"]] * 2, PARTNER, numbers, NOW) for _ in range(2))
    assert (first.interchange, second.interchange) == ("000000001", "000000002")
    assert (first.sets, second.sets) == (("0001", "0002"), ("0003", "0004"))
    (interchange,) = read(second.text)
    assert interchange.remarks == ()
    assert tuple(one.control_number for one in interchange.sets) == second.sets


def test_after_the_largest_number_they_begin_again_at_one() -> None:
    numbers = CountedNumbers(999_999_999)
    assert written([BODIES["276"]], PARTNER, numbers, NOW).interchange == "999999999"
    assert written([BODIES["276"]], PARTNER, numbers, NOW).interchange == "000000001"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: eligibility(asks(trace=""), NOW),
        lambda: eligibility(asks(trace="***"), NOW),
        lambda: eligibility(asks(payer=Payer("LAN01", "")), NOW),
        lambda: eligibility(asks(payer=Payer("LAN*1", "Lantern")), NOW),
        lambda: eligibility(asks(provider=Provider("1000000004", "***")), NOW),
        lambda: eligibility(asks(subscriber=replace(NORA, last_name="***")), NOW),
        lambda: eligibility(asks(subscriber=replace(NORA, gender="female")), NOW),
        lambda: eligibility(asks(subscriber=replace(NORA, member_id="A~B")), NOW),
        lambda: eligibility(asks(services=("mental health",)), NOW),
        lambda: claim_status(replace(CLAIM, subscriber=replace(NORA, member_id="")), NOW),
        lambda: claim_status(replace(CLAIM, subscriber=replace(NORA, date_of_birth=None)), NOW),
        lambda: claim_status(replace(CLAIM, dependent=replace(MAX, date_of_birth=None)), NOW),
        lambda: claim_status(replace(CLAIM, submitter=""), NOW),
        lambda: claim_status(replace(CLAIM, trace=""), NOW),
        lambda: claim_status(replace(CLAIM, last_day=date(2026, 11, 1)), NOW),
        lambda: claim_status(replace(CLAIM, charge=Money(Decimal(-1))), NOW),
        lambda: authorization(replace(ASKED, trace=""), NOW),
        lambda: authorization(replace(ASKED, service_type="", place=""), NOW),
        lambda: authorization(replace(ASKED, diagnoses=("F41.1",) * 13), NOW),
        lambda: authorization(replace(ASKED, services=(AskedService("96130", ("59",) * 5),)), NOW),
        lambda: authorization(replace(ASKED, services=(AskedService("96130", (), Decimal(0)),)), NOW),
        lambda: authorization(replace(ASKED, services=(AskedService(""),)), NOW),
        lambda: authorization(replace(ASKED, telephone="+12125550100"), NOW),
        lambda: authorization(replace(ASKED, subscriber=replace(NORA, member_id="")), NOW),
        lambda: authorization(replace(ASKED, last_day=date(2026, 11, 1)), NOW),
        lambda: written([BODIES["276"]], Partner("US", "THEM", group_sender="A" * 16), CountedNumbers(), NOW),
        lambda: eligibility(EligibilityQuestion(Payer("", "Lantern"), PRACTICE, NORA), NOW),
        lambda: eligibility(EligibilityQuestion(PAYER, Provider("123", "Harbor Lane"), NORA), NOW),
        lambda: eligibility(EligibilityQuestion(PAYER, PRACTICE, Insured("Nora", "")), NOW),
        lambda: eligibility(EligibilityQuestion(PAYER, PRACTICE, Insured("Nora", "Quill")), NOW),
        lambda: eligibility(EligibilityQuestion(PAYER, PRACTICE, NORA, services=()), NOW),
        lambda: authorization(AuthorizationQuestion(AuthorizationStep.REQUEST, PAYER, PRACTICE, NORA), NOW),
        lambda: written([], PARTNER, CountedNumbers(), NOW),
        lambda: written([BODIES["276"], BODIES["999"]], PARTNER, CountedNumbers(), NOW),
        lambda: written([BODIES["276"]], Partner("", "X"), CountedNumbers(), NOW),
        lambda: written([BODIES["276"]], Partner("A" * 16, "X"), CountedNumbers(), NOW),
        lambda: written([Body("276", "005010X212", (("EQ", "30*40"),))], PARTNER, CountedNumbers(), NOW),
        lambda: written([Body("276", "005010X212", (("EQ", ""),))], PARTNER, CountedNumbers(), NOW),
    ],
)
def test_what_a_payer_could_not_take_is_refused_before_anything_goes(wrong: object) -> None:
    with pytest.raises(X12Error):
        wrong()


def test_a_child_s_own_number_and_a_gender_that_is_not_known_stay_at_home() -> None:
    child = replace(MAX, member_id="LH0001-2", gender="U")
    asked = eligibility(replace(asks(), dependent=child), NOW)
    text_of_it = sent(asked)
    assert "NM1*03*1*PENA*MAX~DMG*D8*20110102~" in text_of_it
    assert "LH0001-2" not in text_of_it


def test_a_partner_in_lower_case_is_written_as_in_the_header() -> None:
    told = written([BODIES["276"]], Partner("harborlane", "Clear"), CountedNumbers(), NOW).text
    assert "~GS*HR*HARBORLANE*CLEAR*" in told


NAMES = st.text(min_size=1, max_size=30).filter(lambda name: text(name, 35))


@given(
    NAMES, NAMES, st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.text("ABC0129", min_size=2, max_size=20)
)
def test_whoever_is_asked_about_reads_back_as_they_were_written(
    first: str, last: str, born: date, member: str
) -> None:
    who = Insured(first, last, born, member, "U")
    (document,) = read_documents(sent(eligibility(EligibilityQuestion(PAYER, PRACTICE, who, trace="T"), NOW)))
    (told,) = document.content.members
    assert (told.party.first_name, told.party.last_name) == (text(first, 35), text(last, 60))
    assert (told.party.date_of_birth, told.party.id, document.remarks) == (born, member, ())


@given(st.text(max_size=60))
def test_no_text_of_ours_holds_what_divides_segments(value: str) -> None:
    assert not set(text(value)) & set("*:^~\n\r")

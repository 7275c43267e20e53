"""Which answer is one to our question, in X12 and in JSON."""

from dataclasses import replace
from datetime import UTC, date, datetime

import httpx
import pytest

from lamplighter.connectors.clearinghouse.answers import reply_of
from lamplighter.connectors.clearinghouse.asking_over_http import Deadline
from lamplighter.connectors.clearinghouse.change_family.client import _reply
from lamplighter.connectors.clearinghouse.change_family.reading import rows
from lamplighter.connectors.clearinghouse.keys import OAuthKey
from lamplighter.connectors.clearinghouse.x12.writing import Written
from lamplighter.desk.benefits import State, Wanted, benefits
from lamplighter.desk.ports.clearinghouse import Answered, Refused, Reply, Why
from lamplighter.desk.ports.coverage import EligibilityQuestion, Insured, Payer, Provider
from tests.connectors.clearinghouse.x12.texts import answer

NORA = Insured("Nora", "Quill", date(1981, 2, 3), "LH0001", "F")
QUESTION = EligibilityQuestion(
    Payer("LAN01", "Lantern Health"), Provider("1000000004", "Harbor Lane Counseling"), NORA, trace="T-1"
)
MAX = Insured("Max", "Quill", date(2011, 1, 2))
PLAN = answer("EB*1**30**LANTERN OPEN~")
BARE = PLAN.replace("TRN*2*T-1*9100000000~", "").replace("DMG*D8*19810203*F~", "")


def outcome(reply: Reply) -> Why | None:
    return reply.why if isinstance(reply, Refused) else None


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        (PLAN, QUESTION, None),
        (PLAN.replace("T-1*9", "VISIT 42*9"), replace(QUESTION, trace="visit:42"), None),
        (PLAN.replace("T-1*9", "T-2*9"), QUESTION, Why.UNREADABLE),
        (BARE, QUESTION, None),
        (BARE.replace("LH0001", "LH0002"), QUESTION, None),
        (BARE.replace("QUILL*NORA", "OTHER*ADA"), QUESTION, None),
        (BARE.replace("QUILL*NORA", "OTHER*ADA").replace("LH0001", "LH0002"), QUESTION, Why.UNREADABLE),
        (BARE, replace(QUESTION, dependent=MAX), Why.UNREADABLE),
        (BARE.replace("QUILL*NORA", "QUILL*MAX"), replace(QUESTION, dependent=MAX), None),
    ],
    ids=["ours", "a trace as it is written", "another trace", "no trace", "by name", "by member id", "neither",
         "the holder in place of a child", "a child by name"],
)  # fmt: skip
def test_an_answer_is_ours_by_its_trace_or_by_whom_it_is_about(
    text: str, question: EligibilityQuestion, expected: Why | None
) -> None:
    assert outcome(reply_of(text, question)) is expected


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        ("EB*V**30~AAA*N**42*R~", Why.PAYER_DOWN),
        ("EB*U**30~AAA*N**33*C~", Why.ASKED_WRONGLY),
        ("EB*1**30~EB*V**MH~AAA*N**33*C~", None),
        ("EB*V**30~", None),
    ],
)
def test_a_rejection_among_the_benefits_is_one_where_nothing_else_is_said(
    segments: str, expected: Why | None
) -> None:
    assert outcome(reply_of(answer(segments), QUESTION)) is expected


def told(**more: object) -> dict[str, object]:
    holder = {"memberId": "LH0001", "firstName": "NORA", "lastName": "QUILL"}
    return {"subscriber": holder, "benefitsInformation": [{"code": "1", "serviceTypeCodes": ["30"]}], **more}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (told(), None),
        (told(controlNumber="000000001"), None),
        (told(controlNumber="000000002"), Why.UNREADABLE),
        (told(subscriber={"memberId": "LH0002", "firstName": "ADA", "lastName": "OTHER"}), Why.UNREADABLE),
        ({"benefitsInformation": [{"code": "1"}]}, Why.UNREADABLE),
        (told(benefitsInformation=[{"code": "V"}], errors=[{"code": "42"}]), Why.PAYER_DOWN),
    ],
)
def test_an_answer_in_json_is_ours_by_its_number_or_by_whom_it_is_about(
    body: dict[str, object], expected: Why | None
) -> None:
    assert outcome(_reply(200, body, QUESTION)) is expected


def test_numbers_in_json_are_read_as_in_x12() -> None:
    entries = [
        {"code": "B", "serviceTypeCodes": ["MH"], "benefitAmount": "1E999999"},
        {"code": "A", "serviceTypeCodes": ["MH"], "benefitPercent": "80"},
        {"code": "1", "serviceTypeCodes": ["30"], "benefitsDateInformation": {"benefitEnd": "20260630"}},
        {"code": "F", "serviceTypeCodes": ["MH"], "benefitsServiceDelivery": [
            {"quantityQualifierCode": "VS", "quantity": "1", "unitForMeasurementCode": "DA"}]},
    ]  # fmt: skip
    found = benefits(rows({"benefitsInformation": entries}), Wanted(day=date(2026, 12, 1)))
    assert {found.copay.state, found.coinsurance.state, found.visits.state} == {State.UNKNOWN}
    assert found.active.value is False


class Still:
    def now(self) -> datetime:
        return datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize("lasting", ["1e30", "NaN", "Infinity", "-1", '"soon"', "true", "null"])
def test_a_token_that_lasts_for_no_time_that_is_one_is_used_all_the_same(lasting: str) -> None:
    body = f'{{"access_token": "t", "expires_in": {lasting}}}'
    with httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, text=body))) as client:
        key = OAuthKey("http://127.0.0.1/token", "harbor", "not-a-secret", Still())
        assert key.header(client, Deadline(5)) == "Bearer t"


def test_the_simplest_answer_is_answered() -> None:
    assert isinstance(reply_of(PLAN, QUESTION), Answered)


SENT = Written("", "000000905", "77", ("0041",))
HEADED = "ISA*00*          *00*          *ZZ*LANTERN        *ZZ*WHOEVERASKS    *261201*0900*^*00501*000000001*0*T*:~"
REFUSED = (
    "GS*FA*L*W*20261201*0900*1*X*005010X231A1~ST*999*0001~AK1*HS*{group}~AK2*270*{set}~IK5*R*5~AK9*R*1*1*0~"
    "SE*6*0001~GE*1*1~"
)


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("TA1*000000905*261201*0900*R*006~", Why.ASKED_WRONGLY),
        ("TA1*000000905*261201*0900*R*025~", Why.UNREACHABLE),
        ("TA1*000000904*261201*0900*R*006~", Why.UNREADABLE),
        (REFUSED.format(group="77", set="0041"), Why.ASKED_WRONGLY),
        (REFUSED.format(group="77", set="0040"), Why.UNREADABLE),
        (REFUSED.format(group="76", set="0041"), Why.UNREADABLE),
    ],
    ids=["our interchange", "a number that came twice", "another", "our set", "another set", "another group"],
)
def test_an_acknowledgement_counts_where_it_is_about_what_we_sent(inside: str, expected: Why) -> None:
    assert outcome(reply_of(f"{HEADED}{inside}IEA*1*000000001~", QUESTION, SENT)) is expected

"""What is read of a payer's 278: nothing is decided while one service waits, and what was not said is unknown."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from lamplighter.connectors.clearinghouse.rulings import ruling_of
from lamplighter.connectors.clearinghouse.x12.writing import Written
from lamplighter.desk.ports.authorizations import ApprovedService, Ruled, Verdict
from lamplighter.desk.ports.clearinghouse import Refused, Why
from lamplighter.desk.ports.coverage import AskedService, AuthorizationStep
from tests.connectors.authorizations.test_contract import ASKED, ruled, why

SENT = Written("", "000000905", "77", ("0041",))
HEADED = "ISA*00*          *00*          *ZZ*LANTERN        *ZZ*WHOEVERASKS    *261201*0900*^*00501*000000001*0*T*:~"
ONE = replace(ASKED, services=(AskedService("90837", units=Decimal(12)),))


def answer(event: str, *services: str) -> str:
    """An event with the services in it."""
    below = "".join(f"HL*{place}*4*SS*0~{service}" for place, service in enumerate(services, 5))
    return (
        f"{HEADED}GS*HI*L*W*20261201*0900*1*X*005010X217~ST*278*0001*005010X217~BHT*0007*11*70001*20261201*0900~"
        "HL*1**20*1~NM1*X3*2*LANTERN*****PI*LAN01~HL*2*1*21*1~NM1*1P*2*HARBOR*****XX*1000000004~HL*3*2*22*1~"
        f"NM1*IL*1*QUILL*NORA****MI*LH0001~HL*4*3*EV*1~{event}{below}SE*30*0001~GE*1*1~IEA*1*000000001~"
    )


@pytest.mark.parametrize(
    ("event", "services", "verdict"),
    [
        ("HCR*A1*77~", ("SV1*HC:90837**UN*12~",), Verdict.APPROVED),
        ("HCR*A1*77~", ("SV1*HC:90837**UN*6~",), Verdict.MODIFIED),
        ("HCR*A1*77~", ("SV1*HC:90837~",), Verdict.APPROVED),
        ("HCR*A1*77~", ("HCR*A1~SV1*HC:90837~", "HCR*A4~SV1*HC:96130~"), Verdict.PENDED),
        ("HCR*A1*77~", ("HCR*A1~SV1*HC:90837~", "HCR*A3~SV1*HC:96130~"), Verdict.PARTIAL),
        ("", ("HCR*A1*77~SV1*HC:90837~", "HCR*A6*77~SV1*HC:96130~"), Verdict.MODIFIED),
        ("", ("HCR*NA~SV1*HC:90837~", "HCR*A1*77~SV1*HC:96130~"), Verdict.APPROVED),
        ("HCR*A4~PWK*OZ~", (), Verdict.INFO_REQUESTED),
        ("HCR*CT~", (), Verdict.INFO_REQUESTED),
    ],
)
def test_several_decisions_are_one_verdict(event: str, services: tuple[str, ...], verdict: Verdict) -> None:
    assert ruled(ruling_of(answer(event, *services), ONE)).verdict is verdict


def test_how_many_were_approved_is_unknown_where_it_is_not_said() -> None:
    told = ruled(ruling_of(answer("HCR*A1*77~DTP*007*RD8*20261201-20270228~", "SV1*HC:90837~"), ONE))
    assert told.services == (ApprovedService("90837", None),)
    assert (told.number, told.first_day, told.last_day) == ("77", date(2026, 12, 1), date(2027, 2, 28))
    assert ruled(ruling_of(answer("HCR*A1*77~DTP*AAH*D8*20261201~"), ONE)).first_day is None


@pytest.mark.parametrize(
    ("said", "units", "verdict"),
    [
        ("HSD*VS*1*WK**34*3~", None, Verdict.APPROVED),
        ("HSD*VS*1*WK**34*3~HSD*VS*12~", 12, Verdict.APPROVED),
        ("HSD*VS*6~", 6, Verdict.MODIFIED),
    ],
)
def test_one_visit_a_week_for_three_months_is_not_one_visit(
    said: str, units: int | None, verdict: Verdict
) -> None:
    told = ruled(ruling_of(answer("HCR*A1*77~", f"SV1*HC:90837**UN*12~{said}"), ONE))
    assert (told.verdict, told.services) == (
        verdict,
        (ApprovedService("90837", None if units is None else Decimal(units)),),
    )


def test_of_several_authorizations_the_one_with_our_number_is_read_and_a_guess_is_none() -> None:
    second = "HL*9*3*EV*0~TRN*2*OTHER*9100000000~HCR*A3*88~"
    both = answer("TRN*2*70001*9100000000~HCR*A1*77~").replace("SE*30", f"{second}SE*30")
    assert ruled(ruling_of(both, replace(ONE, number="88", trace="7"))).verdict is Verdict.DENIED
    assert ruled(ruling_of(both, ONE)).number == "77"
    assert why(ruling_of(both.replace("TRN*2*70001*", "TRN*2*70009*"), ONE)) is Why.UNREADABLE


def test_an_earlier_authorization_that_is_found_beside_a_renewal_does_not_approve_it() -> None:
    earlier = "TRN*2*70001*9100000000~HCR*A1*66~DTP*036*D8*20261130~"
    inquiry = replace(ONE, step=AuthorizationStep.INQUIRE)
    assert why(ruling_of(answer(earlier), inquiry)) is Why.UNREADABLE
    renewed = "HL*9*3*EV*0~TRN*2*70001*9100000000~HCR*A4~REF*NT*R9~"
    both = answer(earlier).replace("SE*30", f"{renewed}SE*30")
    assert ruled(ruling_of(both, inquiry)).verdict is Verdict.PENDED
    two = both.replace("DTP*036*D8*20261130~", "")
    assert why(ruling_of(two, inquiry)) is Why.UNREADABLE
    assert ruled(ruling_of(two, replace(inquiry, reference="R9"))).verdict is Verdict.PENDED


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("AAA*N**75*C~", Why.NOT_FOUND),
        ("AAA*N**XX*C~", Why.UNREADABLE),
        ("HCR*ZZ~", Why.UNREADABLE),
        ("", Why.UNREADABLE),
    ],
)
def test_what_decides_nothing_is_no_ruling(event: str, expected: Why) -> None:
    assert why(ruling_of(answer(event), ONE)) is expected


def test_a_999_says_that_it_has_arrived_or_could_not_be_read() -> None:
    inside = (
        "GS*FA*L*W*20261201*0900*1*X*005010X231A1~ST*999*0001~AK1*HI*{}~AK2*278*0041~IK5*{}~AK9*{}*1*1*0~"
        "SE*6*0001~GE*1*1~IEA*1*000000001~"
    )
    taken = ruling_of(HEADED + inside.format("77", "A", "A"), ONE, SENT)
    assert taken == Ruled(Verdict.ACKNOWLEDGED, trace="70001")
    assert ruling_of(HEADED + inside.format("77", "R", "R"), ONE, SENT) == Refused(Why.ASKED_WRONGLY)
    assert ruling_of(HEADED + inside.format("78", "A", "A"), ONE, SENT) == Refused(Why.UNREADABLE)

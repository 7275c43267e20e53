"""Answers of a payer about an authorization, a claim, and what it took in."""

from decimal import Decimal

import pytest

from lamplighter.connectors.clearinghouse.x12 import read_documents

ISA = "ISA*00*          *00*          *ZZ*CLEARHOUSE     *ZZ*HARBORLANE     *261130*0900*^*00501*000000043*0*P*:~"


def enveloped(kind: str, group: str, version: str, inside: str) -> str:
    count = inside.count("~") + 2
    return (
        f"{ISA}GS*{group}*CLEARHOUSE*HARBORLANE*20261130*0900*43*X*{version}~"
        f"ST*{kind}*0001*{version}~{inside}SE*{count}*0001~GE*1*43~IEA*1*000000043~"
    )


def authorization(event: str, services: str = "", purpose: str = "11") -> str:
    inside = (
        f"BHT*0007*{purpose}*HL-4*20261130*0900~HL*1**20*1~NM1*X3*2*LANTERN HEALTH*****PI*LAN01~"
        "HL*2*1*21*1~NM1*1P*2*HARBOR LANE COUNSELING*****XX*1000000004~"
        f"HL*3*2*22*1~NM1*IL*1*QUILL*NORA****MI*LH0001~HL*4*3*EV*1~{event}{services}"
    )
    return enveloped("278", "HI", "005010X217", inside)


@pytest.mark.parametrize("action", ["A1", "A2", "A3", "A4", "A6", "CT", "NA", "C", "ZZ"])
def test_every_decision_is_kept_as_the_payer_wrote_it(action: str) -> None:
    (document,) = read_documents(authorization(f"TRN*2*HL-4*9100000000~HCR*{action}*AUTH-1*0F^0P~"))
    decision = document.content.items[0].decision
    assert (document.kind, decision.action, decision.number, decision.reasons) == (
        "authorization_response", action, "AUTH-1", ("0F", "0P"),
    )  # fmt: skip


def test_each_service_has_a_decision_of_its_own_under_its_event() -> None:
    services = "HL*5*4*SS*0~HCR*A1*AUTH-1~SV1*HC:96130**UN*4~HL*6*4*SS*0~HCR*A3**0V~SV1*HC:96131**UN*1~"
    (document,) = read_documents(authorization("HCR*A2*AUTH-1~", services))
    _, first, second = document.content.items
    assert (first.parent, first.decision.action, first.lines[0].quantity) == ("4", "A1", Decimal(4))
    assert (second.decision.action, second.decision.reasons) == ("A3", ("0V",))


def test_what_a_payer_could_not_take_is_told_with_the_level_it_is_about() -> None:
    (document,) = read_documents(authorization("AAA*N**33*C~"))
    assert [(r.about, r.reason) for r in document.content.items[0].rejections] == [("event", "33")]


def test_a_number_of_a_party_is_not_taken_for_one_of_the_authorization() -> None:
    (document,) = read_documents(
        authorization("HCR*A1*AUTH-1~REF*BB*AUTH-1~NM1*SJ*1*OSEI*AMARA****XX*1000000012~REF*ZH*77~")
    )
    (event,) = document.content.items
    assert [(r.qualifier, r.value) for r in event.references] == [("BB", "AUTH-1")]
    assert event.parties[0].references[0].value == "77"


def claim(inside: str, version: str = "005010X212") -> str:
    head = (
        "BHT*0010*08*T*20261130*0900*DG~HL*1**20*1~NM1*PR*2*LANTERN HEALTH*****PI*LAN01~HL*2*1*21*1~"
        "NM1*41*2*HARBOR LANE COUNSELING*****46*SUB1~HL*3*2*19*1~"
        "NM1*1P*2*HARBOR LANE COUNSELING*****XX*1000000004~HL*4*3*22*0~NM1*IL*1*QUILL*NORA****MI*LH0001~"
    )
    return enveloped("277", "HN", version, head + inside)


def test_a_claim_with_three_statuses_at_once_keeps_all_of_them() -> None:
    (document,) = read_documents(claim("TRN*2*HL-3~STC*F2:88:QC*20261120**150*0*****F2:107*F2:735~"))
    assert [(s.category, s.code) for s in document.content.claims[0].statuses] == [
        ("F2", "88"), ("F2", "107"), ("F2", "735"),
    ]  # fmt: skip


def test_a_claim_that_was_taken_in_is_told_apart_from_one_that_was_decided() -> None:
    taken = claim("TRN*2*HL-3~STC*A2:20*20261120*WQ*150~", "005010X214")
    assert [d.kind for text in (taken, claim("TRN*2*HL-3~STC*F1:65*20261120~")) for d in read_documents(text)] == [
        "claim_acknowledgement", "claim_status_response",
    ]  # fmt: skip


def test_an_interchange_that_was_rejected_says_why() -> None:
    (document,) = read_documents(f"{ISA}TA1*000000001*261130*0900*R*006~IEA*0*000000043~")
    assert (document.kind, document.content.code, document.content.note) == (
        "interchange_acknowledgement",
        "R",
        "006",
    )

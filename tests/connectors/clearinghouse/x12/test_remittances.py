"""What an insurer paid."""

from decimal import Decimal

from lamplighter.connectors.clearinghouse.x12 import read_documents

CLAIM = "CLP*HL-7*1*150*{paid}*25*12*P-1~NM1*QC*1*QUILL*NORA****MI*LH0001~SVC*HC:90834*150*{paid}**1~DTM*472*20261102~"
WHOLE = (
    "ST*835*0001~BPR*I*100*C*CHK************20261120~TRN*1*881*1000000012~"
    "{claim}CAS*CO*45*25~CAS*PR*3*25~SE*10*0001~"
)


def test_a_claim_that_balances_is_read_without_a_word() -> None:
    (document,) = read_documents(WHOLE.format(claim=CLAIM.format(paid=100)))
    (claim,) = document.content.claims
    assert claim.patient_owes.amount == Decimal(25)
    assert not document.remarks


def test_a_claim_that_does_not_balance_is_kept_and_remarked_on() -> None:
    (document,) = read_documents(WHOLE.format(claim=CLAIM.format(paid=90)))
    assert [(remark.tag, remark.number) for remark in document.remarks] == [("CLP", 4)]


def test_money_taken_back_keeps_its_sign() -> None:
    (document,) = read_documents(
        WHOLE.format(claim=CLAIM.format(paid=100)).replace(
            "SE*10", "PLB*1000000004*20261231*WO:1*-40.5~SE*11"
        )
    )
    (taken,) = document.content.adjustments
    assert taken.amount.amount == Decimal("-40.5")


def test_an_amount_that_is_no_number_is_not_taken_for_zero() -> None:
    (document,) = read_documents(WHOLE.format(claim=CLAIM.format(paid="ten")))
    assert document.content.claims[0].paid is None
    assert any(remark.problem == "element 4 is no number" for remark in document.remarks)

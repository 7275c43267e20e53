"""Public samples of many senders, read from beside the project."""

from pathlib import Path

import pytest

from lamplighter.connectors.clearinghouse.x12 import X12Error, read_documents

SAMPLES = Path(__file__).resolve().parents[5] / "shared" / "samples" / "x12"
HOLDS_NOTHING = "276/stedi-openapi-25.x12"  # an example with an ST and an SE and nothing between them

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the public samples are not beside the project")


def files() -> list[str]:
    found = [path for path in SAMPLES.rglob("*") if path.is_file() and path.suffix != ".md"]
    return sorted(str(path.relative_to(SAMPLES)) for path in found)


@pytest.mark.parametrize("name", [name for name in files() if name != HOLDS_NOTHING])
def test_a_public_sample_is_read_as_what_its_folder_says(name: str) -> None:
    documents = read_documents((SAMPLES / name).read_bytes())
    assert {document.type for document in documents} == {name.split("/")[0]}


def test_the_sample_that_holds_nothing_is_refused_with_the_segment_named() -> None:
    with pytest.raises(X12Error, match=r"segment 4 \(SE\)"):
        read_documents((SAMPLES / HOLDS_NOTHING).read_bytes())


def one(name: str) -> object:
    (document,) = read_documents((SAMPLES / name).read_bytes())
    return document.content


def test_a_member_of_a_family_plan_is_read_with_their_own_benefits() -> None:
    told = one("271/lfh-dependent-health-benefit-check.271")
    subscriber, dependent = told.members
    assert (subscriber.level, dependent.level, dependent.party.first_name) == (
        "subscriber",
        "dependent",
        "MARY",
    )
    assert [row.number for row in dependent.benefits] == [22, 23, 27, 28, 29]
    assert str(dependent.benefits[3].amount.amount) == "10.00"


def test_why_nobody_was_found_is_read_with_whom_it_is_about() -> None:
    told = one("271/stedi-openapi-15.x12")
    assert [(r.about, r.reason, r.follow_up) for r in told.rejections] == [("provider", "44", "C")]


def test_an_authorization_s_answer_is_read_with_its_number_and_days() -> None:
    told = one("278/optum-openapi-10.x12")
    event, service = told.items
    assert (told.kind, event.decision.action, event.decision.number) == (
        "authorization_inquiry_response", "A1", "A12345678",
    )  # fmt: skip
    assert {dated.qualifier for dated in event.dates} == {"102", "036", "007", "881"}
    assert service.lines[0].procedure == ("HC", "78452")
    assert [reference.qualifier for reference in event.references] == ["BB", "NT"]


def test_what_became_of_a_claim_is_read_down_to_its_lines() -> None:
    (claim,) = one("277/stedi-openapi-19.x12").claims
    (status,) = claim.statuses
    assert (status.category, status.code, str(status.charge.amount), str(status.paid.amount)) == (
        "F1", "65", "267.54", "108.77",
    )  # fmt: skip
    assert claim.lines[0].procedure == ("HC", "90837", "GT")


def test_a_claim_that_was_rejected_on_arrival_says_so() -> None:
    told = one("277/x12_277CA_rejected.txt")
    last = told.claims[-1].statuses[0]
    assert (last.category, last.code, last.entity) == ("A7", "562", "85")


def test_what_an_insurer_paid_is_read_with_what_it_left_to_the_patient() -> None:
    told = one("835/keironstoddart-united_healthcare_legacy_sample.txt")
    first = told.claims[0]
    assert (str(told.paid.amount), told.trace) == ("349.99", "1234567890")
    assert str(first.patient_owes.amount) == "105.26"
    assert ("PR", "1", "105.26") in [
        (a.group, a.reason, str(a.amount.amount)) for line in first.lines for a in line.adjustments
    ]


def test_an_acknowledgement_says_which_segment_of_ours_was_wrong() -> None:
    told = one("999/simple999.edi")
    assert [(one_set.control_number, one_set.code) for one_set in told.sets] == [
        ("0001", "A"), ("0002", "R"), ("0003", "R"),
    ]  # fmt: skip
    assert (told.sets[1].errors[0].tag, told.sets[1].errors[0].position) == ("CLM", "22")
    assert told.code == "P"

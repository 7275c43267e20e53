"""FHIR PAS: what goes refers to nothing that is not in it, and what comes back is read with care."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.connectors.authorizations.fhir_pas.bundles import PAS, X12, inquiry_bundle, request_bundle
from lamplighter.connectors.authorizations.fhir_pas.reading import read
from lamplighter.desk.ports.authorizations import ApprovedService, Ruled, Verdict
from lamplighter.desk.ports.clearinghouse import Refused, Why
from lamplighter.desk.ports.coverage import AuthorizationStep, Insured, Provider
from tests.connectors.authorizations.test_contract import ASKED, ruled, why

NOW = datetime(2026, 12, 1, 14, tzinfo=UTC)
MAX = Insured("Max", "Quill", date(2011, 1, 2))


@pytest.mark.parametrize(
    "asked",
    [
        ASKED,
        replace(ASKED, dependent=MAX),
        replace(ASKED, provider=Provider("1000000004", "Osei", "Amara")),
        replace(ASKED, step=AuthorizationStep.CANCEL, number="AUTH1", services=()),
    ],
)
def test_a_bundle_refers_to_nothing_that_is_not_in_it_and_the_same_request_is_the_same(asked: Any) -> None:
    for bundle in (request_bundle(asked, NOW), inquiry_bundle(asked, "NT1", NOW)):
        there = {entry["fullUrl"] for entry in bundle["entry"]}
        text = json.dumps(bundle, default=str)
        referred = {part.split('"')[0] for part in text.split('"reference": "')[1:]}
        assert referred and referred <= there
    assert request_bundle(asked, NOW) == request_bundle(asked, NOW)


def test_codes_go_as_fhir_has_them_and_as_a_clinician_chose_them() -> None:
    claim = request_bundle(replace(ASKED, diagnoses=("F41.1", "Z63")), NOW)["entry"][0]["resource"]
    assert [d["diagnosisCodeableConcept"]["coding"][0]["code"] for d in claim["diagnosis"]] == [
        "F41.1",
        "Z63",
    ]
    assert [item["productOrService"]["coding"][0]["code"] for item in claim["item"]] == ["90837", "96130"]
    assert claim["item"][0]["quantity"] == {"value": Decimal(12)}


def decided(action: str, **own: Any) -> dict[str, Any]:
    code = {"url": PAS + "extension-reviewActionCode", "valueCodeableConcept": {"coding": [{"code": action}]}}
    review = {"url": PAS + "extension-reviewAction", "extension": [code]}
    return {"itemSequence": 1, "adjudication": [{"extension": [review]}], **own}


def response(**told: Any) -> dict[str, Any]:
    whole = {"resourceType": "ClaimResponse", "identifier": [{"value": "70001"}], **told}
    return {"resourceType": "Bundle", "entry": [{"resource": whole}]}


def test_what_is_certified_in_total_is_what_was_asked_and_what_was_changed_is_what_is_said() -> None:
    in_total = ruled(read(response(item=[decided("A1")]), ASKED))
    assert in_total.services == (ApprovedService("90837", Decimal(12)),)
    changed = ruled(read(response(item=[decided("A6")]), ASKED))
    assert (changed.verdict, changed.services) == (Verdict.MODIFIED, (ApprovedService("90837", None),))


def test_an_extension_is_known_wherever_the_guides_put_it() -> None:
    beside = decided("A3")
    item = {"itemSequence": 1, "extension": beside["adjudication"][0]["extension"]}
    assert ruled(read(response(item=[item]), ASKED)).verdict is Verdict.DENIED


def test_of_several_answers_the_newest_of_ours_is_read_and_another_s_is_none() -> None:
    def one(trace: str, created: str, action: str) -> dict[str, Any]:
        told = response(identifier=[{"value": trace}], created=created, item=[decided(action)])
        entry: dict[str, Any] = told["entry"][0]
        return entry

    entries = [
        one("70001", "2026-12-01", "A4"),
        one("70001", "2026-12-03", "A1"),
        one("9", "2026-12-09", "A3"),
    ]
    bundle = {"resourceType": "Bundle", "entry": entries}
    assert ruled(read(bundle, ASKED)).verdict is Verdict.APPROVED
    assert why(read({**bundle, "entry": entries[2:]}, ASKED)) is Why.UNREADABLE


def test_an_error_is_told_by_what_has_to_happen_and_no_decision_is_none() -> None:
    error = [{"code": {"coding": [{"system": X12 + "901", "code": "51"}]}}]
    assert why(read(response(outcome="error", error=error), ASKED)) is Why.NOT_ENROLLED
    assert why(read(response(outcome="complete", preAuthRef="AUTH1"), ASKED)) is Why.UNREADABLE
    assert ruled(read(response(outcome="queued"), ASKED)).verdict is Verdict.PENDED


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "resourceType",
                    "entry",
                    "resource",
                    "item",
                    "adjudication",
                    "extension",
                    "url",
                    "coding",
                    "error",
                    "code",
                ]
            ),
            inner | st.sampled_from(["Bundle", "ClaimResponse", "Task", "Parameters"]),
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["entry", "item", "parameter", "outcome", "created"]), json_values))
def test_no_shape_makes_the_reader_raise(told: dict[str, Any]) -> None:
    for resource in ({"resourceType": "Bundle", **told}, response(**told)):
        assert isinstance(read(resource, ASKED), Ruled | Refused)

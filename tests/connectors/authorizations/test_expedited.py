"""What a clinician calls urgent is urgent to the payer too, by whatever channel."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from lamplighter.connectors.authorizations.fhir_pas.bundles import PAS, request_bundle
from lamplighter.connectors.clearinghouse.availity.service_reviews import body_of
from lamplighter.connectors.clearinghouse.x12.asking import authorization
from lamplighter.desk.ports.authorizations import Ruled, Verdict
from tests.desk.authorizations.scene import CODES, Scene

NOW = datetime(2026, 12, 1, 14, 5, 7, tzinfo=UTC)


def code_of(concept: Any) -> str:
    return str(concept["coding"][0]["code"])


@pytest.mark.parametrize("expedited", [True, False])
def test_pa_01_an_expedited_review_is_asked_for_in_every_channels_own_words_and_only_where_it_was_ticked(
    expedited: bool,
) -> None:
    scene = Scene(Ruled(Verdict.PENDED, ticket="T1")).drafted()
    scene.confirm(replace(CODES, expedited=expedited))
    scene.release()
    scene.past(minutes=3)
    [asked] = scene.payers.asked.values()
    [um] = [row for row in authorization(asked, NOW).rows if row[0] == "UM"]
    assert (um[-1] == "U") is expedited
    assert body_of(asked).get("serviceLevelCode") == ("U" if expedited else None)
    claim = request_bundle(asked, NOW)["entry"][0]["resource"]
    levels = {each["url"]: code_of(each["valueCodeableConcept"]) for each in claim.get("extension", ())}
    assert levels == ({PAS + "extension-levelOfServiceCode": "U"} if expedited else {})
    assert code_of(claim["priority"]) == ("stat" if expedited else "normal")

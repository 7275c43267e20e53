"""The law's data files say what the reference tables say. Left out where the tables aren't at hand."""

import csv
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lamplighter.law.states import LAWS_FILE, STATES_FILE, law_files

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"
pytestmark = pytest.mark.skipif(not (REFERENCE / "states.csv").is_file(), reason="the tables are not here")

MINORS = {
    "PARENT_ONLY": "parent",
    "PARENT_ONLY_EXC": "parent",
    "MINOR_ALONE": "minor",
    "MINOR_ALONE?": "unsettled",
    "MINOR_ALONE_LIMITED": "minor_limited",
    "MATURE_MINOR": "mature_minor",
    "MINOR_CONDITIONAL": "conditional",
    "MINOR_OR_PARENT": "either",
    "JOINT": "both",
    "UNCLEAR": "unsettled",
}
SURE = {"high": "settled", "med": "likely", "low": "doubtful"}
STRICTER = {"Y": "stricter", "partial": "partly_stricter", "N": "federal"}

LAWS = {
    "US-FCC-24-17": "us_fcc_artificial_voice",
    "US-FCC-REVOKE": "us_fcc_revocation",
    "US-FCC-AINPRM": "us_fcc_call_notice",
    "CA-SB1001": "ca_bots",
    "CA-AB3030": "ca_generated_clinical",
    "CA-AB489": "ca_titles",
    "CA-SB243": "ca_companions",
    "CA-AB1609": "ca_service_bots",
    "UT-SB149/226": "ut_generated",
    "UT-HB452": "ut_mental_health_chatbots",
    "IL-WOPR": "il_therapy_ai",
    "NV-AB406": "nv_mental_health_ai",
    "ME-1500DD": "me_chatbots",
    "ME-LD2082": "me_mental_health_ai",
    "TN-SB1580": "tn_titles",
    "TX-TRAIGA": "tx_health_notice",
    "TX-SB1188": "tx_records",
    "CO-SB26-189": "co_decisions",
    "CO-HB26-1263": "co_conversational",
    "WA-HB2225": "wa_companions",
    "OR-SB1546": "or_companions",
    "ID-SB1297": "id_conversational",
    "GA-SB540": "ga_conversational",
    "IA-SF2417": "ia_conversational",
    "CT-SB5": "ct_companions",
    "NE-2026": "ne_mental_health_ai",
    "NY-GBL1700": "ny_companions",
    "VA-SB1339": "va_text_opt_out",
    "HHS-1557": "us_language_access",
}
WITHOUT_A_DUTY = {
    "US-EO14365",
    "TX-SB140",
}  # how states are preempted; who may be solicited, which we do to nobody


def table(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def shipped(name: str) -> Any:
    return tomllib.loads(law_files()[name].decode())


def test_who_consents_for_a_minor_is_what_the_table_says_and_no_surer() -> None:
    facts = shipped(STATES_FILE)

    assert {
        row["abbr"]: (
            MINORS[row["minor_policy"]],
            {"any": 0}.get(row["minor_age"], int(row["minor_age"]) if row["minor_age"].isdigit() else None),
            "" if row["minor_citation"] == "-" else row["minor_citation"],
            SURE[row["minor_conf"]],
        )
        for row in table("states.csv")
    } == {
        state: (fact["minors"], fact.get("minor_from"), fact.get("minors_source", ""), fact["minors_sure"])
        for state, fact in facts.items()
    }


def test_recording_payers_and_hours_are_what_the_table_says() -> None:
    facts = shipped(STATES_FILE)

    for row in table("states.csv"):
        fact = facts[row["abbr"]]
        window = re.match(r"\d\d:\d\d-\d\d:\d\d", row["solicit_window"])
        assert fact["name"] in (row["state"], "District of Columbia")
        assert (fact["recording"] == "all_parties") == (row["recording_all_party_bool"] == "1")
        assert fact["recording_sure"] == SURE[row["recording_conf"]]
        assert fact["recording_source"] == row["recording_citation"]
        assert fact["payer_disclosure"] == STRICTER[row["stricter_flag"]]
        assert fact["confidentiality"] == row["mh_confidentiality_citation"]
        assert window is not None
        assert fact["calls"] == window[0]
        assert fact.get("ours", "09:00-20:00") == row["sw_outbound_window_default"]
        assert (fact.get("sunday") is False) == ("no Sun" in row["solicit_day_limits"])


def test_every_rule_about_assistants_of_the_table_is_kept_from_the_earliest_day_named() -> None:
    ours = {law["id"]: law for law in shipped(LAWS_FILE)["law"]}
    rows = {row["id"]: row for row in table("ai_laws.csv")}

    assert set(rows) == set(LAWS) | WITHOUT_A_DUTY
    assert set(LAWS.values()) == set(ours)
    for row_id, law_id in LAWS.items():
        row, law = rows[row_id], ours[law_id]
        starts = re.findall(r"\d{4}-\d{2}-\d{2}", row["effective"])
        assert law["where"] == row["jurisdiction"]
        assert not starts or law["from"] == date.fromisoformat(min(starts)), row_id
        assert (law["status"] == "proposed") == ("proposed" in row["status_as_seen"] + row["effective"]), (
            row_id
        )

"""Every rule of safety, and every requirement of what must never happen, has a test; what has none is named here."""

import ast
import re
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parents[1]
RULES = range(1, 22)
ROWS = (
    *(f"CRI-{number:02}" for number in range(1, 19)),
    *(f"SCO-{number:02}" for number in range(1, 6)),
    *(f"AID-{number:02}" for number in range(1, 10)),
    *(f"MIN-{number:02}" for number in range(1, 3)),
    *(
        "SEC-12",
        "PRV-03",
        "PRV-06",
        "PRV-12",
        "TEL-03",
        "TEL-07",
        "BIL-01",
        "OPS-04",
    ),  # the other rows that say never
)
NA, GF = "promises/never_alone/test_never_alone.py", "promises/guard_first/test_guard_first.py"
FP = "promises/fail_to_a_person"
GATE = "desk/gate/test_the_gate.py"
MACHINE, LAW = "rules/test_words_of_a_machine.py", "rules/test_law_of_two_states.py"
R1, R5, R10, R16 = (f"rules/test_rules_{part}.py" for part in ("1_to_4", "5_to_9", "10_to_15", "16_to_21"))
RT = "rules/test_red_team.py"
SHOWN = {
    "CRI-01": f"{GF}::test_cri_01_whatever_comes_in_is_guarded_before_it_is_understood",
    "CRI-02": f"{GF}::test_cri_02_nothing_that_is_said_after_a_hit_takes_it_back",
    "CRI-03": f"{R1}::"
    "test_cri_03_the_first_ring_is_due_before_a_word_is_spoken_and_the_first_number_comes_within_25_words",
    "CRI-04": f"{R16}::test_cri_04_the_sample_practice_leaves_nobody_alone_when_all_are_away",
    "CRI-05": f"{NA}::test_cri_05_no_crisis_sentence_asks_about_a_plan_means_or_risk_in_any_language",
    "CRI-06": f"{R10}::test_cri_06_no_ladder_can_hold_a_number_for_emergencies",
    "CRI-07": f"{R1}::test_cri_07_where_it_is_written_all_that_988_has_is_named_from_the_data",
    "CRI-08": f"{R1}::test_cri_08_no_sentence_and_no_line_of_the_data_leads_to_the_key_that_was_closed",
    "CRI-09": f"{R1}::test_rule_03_cri_09_the_way_follows_from_what_was_said_and_the_unclear_go_the_general_one",
    "CRI-10": f"{R16}::test_rule_17_cri_10_whoever_fears_for_another_goes_the_same_way_and_is_asked_nothing_about_them",
    "CRI-11": f"{R1}::test_rule_03_cri_11_a_threat_or_abuse_rings_whoever_is_licensed_first",
    "CRI-12": f"{R16}::test_rule_20_cri_12_the_way_of_a_crisis_is_the_same_at_any_age",
    "CRI-13": f"{R5}::test_rule_05_cri_13_violence_at_home_said_at_any_point_means_that_nothing_goes_out",
    "CRI-15": f"{FP}/test_fail_to_a_person.py::test_cri_15_a_guard_that_fails_is_a_reason_to_fetch_a_person",
    "CRI-17": f"{R16}::test_cri_17_a_crisis_is_on_the_board_for_a_person_to_look_over_within_a_day",
    "CRI-18": f"{R10}::test_cri_18_the_number_says_which_country_and_an_unknown_one_hears_ours",
    "SCO-01": f"{RT}::test_sco_01_what_is_said_of_the_mind_becomes_no_detail_and_is_never_said_back",
    "SCO-02": "conversation/test_boundaries.py::"
    "test_sco_02_the_fixed_sentence_comes_and_then_the_errand_unless_the_guard_has_a_verdict",
    "SCO-03": f"{R1}::test_rule_04_sco_03_secrecy_is_never_promised_and_a_question_who_speaks_is_answered_truthfully",
    "SCO-04": "promises/approved_words/test_approved_words.py::test_sco_04_whatever_is_said_only_phrases_come_back",
    "SCO-05": "channels/web/test_call_line.py::test_sco_05_when_staff_take_the_floor_the_loudspeaker_falls_silent",
    "AID-01": f"{MACHINE}::test_aid_01_every_greeting_there_is_says_so_and_the_spoken_ones_stay_short",
    "AID-02": "rules/test_asked_of_the_desk.py::"
    "test_aid_02_whoever_asks_what_speaks_is_told_at_once_that_it_is_no_person_and_no_clinician",
    "AID-03": f"{MACHINE}::test_aid_03_the_assistant_has_no_name_no_title_and_no_breath",
    "AID-04": f"{MACHINE}::test_aid_04_a_person_is_fetched_in_the_turn_in_which_one_is_asked_for",
    "AID-05": "rules/test_papers.py::"
    "test_aid_05_nobody_has_a_first_visit_without_the_notice_acknowledged_or_a_person_told_to_hand_it_over",
    "BIL-01": "rules/test_bills.py::"
    "test_bil_01_whoever_asks_what_they_owe_hears_no_amount_of_theirs_and_nothing_of_what_for",
    "AID-06": f"{LAW}::test_aid_06_a_number_from_another_state_brings_its_law_before_a_word_is_said",
    "AID-07": f"{MACHINE}::test_aid_07_no_part_reads_an_emotion",
    "AID-08": "promises/signed_before_live/test_signed_before_live.py::"
    "test_aid_08_an_unsigned_practice_has_one_sentence_to_be_answered_with_and_no_other_word",
    "MIN-01": f"{R16}::test_rule_20_min_01_a_minor_alone_goes_to_a_person",
    "SEC-12": "wiring/test_agreements.py::"
    "test_sec_12_nothing_is_sent_without_an_agreement_on_file_that_forbids_reuse",
    "OPS-04": "house/test_claims.py::test_ops_04_nothing_that_anybody_reads_claims_to_be_certified_or_compliant",
    "CRI-16": "conversation/guard/test_published.py::"
    "test_cri_16_no_published_figure_is_lowered_without_saying_so",
    "MIN-02": "rules/test_custody.py::test_min_02_a_second_parent_learns_nothing_and_gets_a_person",
    "AID-09": "rules/test_counts.py::test_aid_09_the_page_says_what_is_done_and_what_was_counted",
    "PRV-03": "conversation/test_phrasebook.py::test_prv_03_outbound_texts_hold_no_clinical_word_and_fit_two_segments",
    "PRV-06": f"{RT}::test_prv_06_who_asks_about_somebody_else_is_told_nothing_and_not_taken_for_them",
    "PRV-12": f"{MACHINE}::test_prv_12_no_job_and_no_command_sells_trains_profiles_or_takes_words_out",
    "CRI-14": "desk/gate/test_answers.py::test_cri_14_a_crisis_after_stop_rings_the_ladder_and_is_answered",
    "TEL-03": f"{GATE}::test_tel_03_what_is_about_a_bill_or_an_opening_goes_to_nobody_without_a_yes_of_its_own",
    "TEL-07": "desk/gate/test_answers.py::test_tel_07_no_word_for_opting_out_ever_changes_a_visit",
}
NOT_YET: dict[str, str] = {}
TELEPHONE = "docs/telephone.md"
PARTS_NOT_YET = {
    "rule 02": (("a call back from 988 that rings the ladder first",), TELEPHONE),
    "rule 10": (
        (
            "ringing staff by telephone for a text, a chat, a call of a browser or somebody who has hung up",
            "calling people back",
        ),
        TELEPHONE,
    ),
    "rule 12": (("test calls of the ladder",), TELEPHONE),
    "rule 14": (
        (
            "voicemail",
            "notes of a patient portal",
            "fetching texts that a carrier could not deliver while this machine was off",
        ),
        TELEPHONE,
    ),
}
"""Parts of the rules that no test shows, because nothing does them yet, and the page that tells users so."""


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((TESTS / path).read_text("utf-8"))
    found = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(node.name for node in found if node.name.startswith("test_"))


def test_every_rule_from_1_to_21_has_a_test_that_names_it() -> None:
    names = [
        name
        for path in TESTS.glob("rules/test_rules_*.py")
        for name in names_in(str(path.relative_to(TESTS)))
    ]
    named = {int(found[1]) for name in names if (found := re.match(r"test_rule_(\d\d)_", name))}
    assert named == set(RULES)


def test_every_requirement_is_shown_by_a_test_that_there_is_or_is_named_as_not_yet_shown() -> None:
    assert set(SHOWN) | set(NOT_YET) == set(ROWS)
    assert not set(SHOWN) & set(NOT_YET)
    for row, written in SHOWN.items():
        path, _, name = written.partition("::")
        assert name in names_in(path), row
        assert row.lower().replace("-", "_") in name, f"{name} does not name {row}"


def test_what_is_still_missing_of_a_rule_is_told_to_whoever_reads_the_pages() -> None:
    for rule, (parts, page) in PARTS_NOT_YET.items():
        told = " ".join((TESTS.parent / page).read_text("utf-8").split())
        missing = told.partition("## What is missing")[2]
        assert [part for part in parts if part not in missing] == [], rule

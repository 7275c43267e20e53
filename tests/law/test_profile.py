from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.law.profile import EVERYWHERE, Duty, UnknownState, all_laws, profile_for
from lamplighter.law.states import COMPILED_ON, LAWS_FILE, STATES, STATES_FILE, LawData, law_files

DAY = date(2026, 12, 1)
SOME = st.lists(st.sampled_from(sorted(STATES)), min_size=1, max_size=5, unique=True)


def test_all_states_and_the_district_are_there() -> None:
    assert len(STATES) == 51
    assert all(len(profile_for([state], DAY).minors) == 1 for state in STATES)


@pytest.mark.parametrize("states", [[], ["ZZ"], ["NY", "ny"], ["New York"]])
def test_a_state_that_does_not_exist_is_refused(states: list[str]) -> None:
    with pytest.raises(UnknownState):
        profile_for(states, DAY)


def test_new_york_asks_consent_before_a_health_plan_is_told_and_lets_one_party_record() -> None:
    profile = profile_for(["NY"], DAY)

    assert profile.payer_consent_first
    assert profile.recording == "one_party"
    assert profile.minor_rule("NY").consent == "conditional"
    assert profile.minor_rule("NY").parent_can_consent


@pytest.mark.parametrize("state", ["CA", "FL", "IL", "MD", "PA", "WA", "OR", "VT"])
def test_where_it_is_doubtful_whether_one_party_may_record_all_must_agree(state: str) -> None:
    assert profile_for([state], DAY).recording == "all_parties"


@pytest.mark.parametrize("state", ["LA", "RI", "TN", "KS", "WI"])
def test_where_a_minors_consent_is_unsettled_or_shared_a_parents_word_is_not_enough(state: str) -> None:
    assert not profile_for([state], DAY).minor_rule(state).parent_can_consent


@given(SOME)
def test_the_strictest_of_several_states_wins(states: list[str]) -> None:
    together = profile_for(states, DAY)
    alone = [profile_for([state], DAY) for state in states]

    assert together.duties == frozenset().union(*(profile.duties for profile in alone))
    assert together.payer_consent_first == any(profile.payer_consent_first for profile in alone)
    assert (together.recording == "all_parties") == any(p.recording == "all_parties" for p in alone)
    assert together.contact_from == max(profile.contact_from for profile in alone)
    assert together.contact_until == min(profile.contact_until for profile in alone)


@given(SOME)
def test_nobody_is_written_to_unasked_before_nine_after_eight_or_on_a_sunday(states: list[str]) -> None:
    profile = profile_for(states, DAY)

    assert time(9) <= profile.contact_from < profile.contact_until <= time(20)
    assert not profile.sunday_contact


@given(SOME, st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_no_state_and_no_day_turns_off_what_we_do_everywhere(states: list[str], day: date) -> None:
    assert profile_for(states, day).duties >= EVERYWHERE


def test_texas_asks_for_a_written_notice_and_california_for_a_last_word() -> None:
    assert Duty.WRITTEN_NOTICE in profile_for(["TX"], DAY).duties
    assert Duty.SAY_AUTOMATED_AT_END in profile_for(["CA"], DAY).duties
    assert Duty.WRITTEN_NOTICE not in profile_for(["NY"], DAY).duties


def test_a_rule_holds_from_its_day_on() -> None:
    before = profile_for(["CO"], date(2026, 12, 31))
    after = profile_for(["CO"], date(2027, 1, 1))

    assert Duty.PERSON_DECIDES_ACCESS not in before.duties
    assert "co_decisions" in {law.id for law in before.coming}
    assert Duty.PERSON_DECIDES_ACCESS in after.duties


def test_what_counsel_should_look_at_is_named() -> None:
    unsettled = profile_for(["IL", "RI"], DAY).unsettled

    assert any("Illinois" in fact for fact in unsettled)
    assert any(fact.startswith("RI: who consents") for fact in unsettled)


def test_the_data_is_stale_after_a_hundred_and_eighty_days() -> None:
    profile = profile_for(["NY"], DAY)

    assert not profile.is_stale(COMPILED_ON + timedelta(days=180))
    assert profile.is_stale(COMPILED_ON + timedelta(days=181))


def test_where_words_of_therapy_are_forbidden_the_profile_is_narrow_and_elsewhere_not() -> None:
    narrow = {state for state in STATES if profile_for([state], DAY).narrow}

    assert narrow == {"IL", "ME"}
    assert profile_for(["NY", "IL"], DAY).narrow


def test_stale_data_narrows_to_what_any_state_asks() -> None:
    stale = profile_for(["NY"], COMPILED_ON + timedelta(days=181))

    assert stale.narrow
    assert stale.duties == frozenset(Duty)
    assert stale.recording == "all_parties"
    assert not stale.minor_rule("NY").parent_can_consent


def test_the_data_that_was_signed_counts_and_not_the_data_that_ships() -> None:
    signed = law_files()
    signed[STATES_FILE] = signed[STATES_FILE].replace(b'"one_party"', b'"all_parties"')
    signed[LAWS_FILE] = signed[LAWS_FILE].replace(b"compiled_on = 2026-07-31", b"compiled_on = 2026-09-30")

    profile = profile_for(["NY"], DAY, LawData.of(signed))

    assert (profile.recording, profile.name) == ("all_parties", "NY 2026-09-30")


def test_a_duty_that_this_version_does_not_know_is_passed_over() -> None:
    signed = law_files()
    signed[LAWS_FILE] = signed[LAWS_FILE].replace(b'"written_notice"', b'"wave_a_flag"')

    assert profile_for(["TX"], DAY, LawData.of(signed)).duties >= EVERYWHERE


def test_laws_are_told_apart_by_their_ids_and_belong_to_a_state_or_the_country() -> None:
    assert len({law.id for law in all_laws()}) == len(all_laws())
    assert {law.where for law in all_laws()} <= {"US", *STATES}


def test_a_law_that_asks_nothing_of_a_front_desk_says_so_and_changes_nobodys_profile() -> None:
    silent = {law.id: law for law in all_laws() if not law.duties}

    assert {"us_eo_14365", "tx_solicitation_texts"} == set(silent)
    assert all(law.note.startswith("Asks nothing of a front desk") for law in silent.values())
    assert not any("14365" in fact or "SB 140" in fact for fact in profile_for(["TX"], DAY).unsettled)

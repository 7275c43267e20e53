from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from lamplighter.conversation.slots import Slot
from lamplighter.conversation.wish import Window, Wish
from lamplighter.desk.ports import Visit
from lamplighter.practice.credentialing import Credentialing
from lamplighter.practice.model import Modality, Span, WeekHours
from tests.desk.scheduling.diary import (
    AMARA,
    LUIS,
    MEI,
    NEW_YORK,
    NOW,
    PRACTICE,
    ROTH,
    Diary,
    ask,
    local,
    on,
    with_clinicians,
)

ALONE = with_clinicians(AMARA)
FRIDAY = date(2026, 12, 4)


def starts(slots: object) -> list[datetime]:
    return [slot.start for slot in slots.slots]


def test_an_open_wish_gets_three_times_on_three_days_in_order() -> None:
    found = starts(ask())
    assert len(found) == 3
    assert found == sorted(found)
    assert len({start.date() for start in found}) == 3


def test_several_free_clinicians_take_turns_in_one_offer() -> None:
    assert len({slot.clinician for slot in ask().slots}) == 3


def test_the_same_question_gets_the_same_answer() -> None:
    assert ask() == ask()


def test_a_wish_for_one_day_gets_times_across_that_day() -> None:
    found = starts(ask(wish=on(FRIDAY)))
    assert [start.hour for start in found] == [9, 13, 17]


def test_every_day_that_was_named_is_in_the_offer() -> None:
    wish = Wish(
        (Window(weekdays=frozenset({0}), before=time(12)), Window(weekdays=frozenset({3}), start=time(15)))
    )
    found = ask(wish=wish)
    assert {0, 3} <= {start.weekday() for start in starts(found)}


def test_next_week_is_spread_over_next_week() -> None:
    wish = Wish((Window(first=date(2026, 12, 7), last=date(2026, 12, 13)),))
    assert [start.weekday() for start in starts(ask(wish=wish))] == [0, 2, 4]


def test_as_soon_as_possible_begins_with_the_earliest_time() -> None:
    found = starts(ask(wish=Wish(soonest=True)))
    assert found[0] == local(2026, 12, 1, 10)
    assert found[1].date() == date(2026, 12, 1)


def test_two_clinicians_at_the_only_time_are_two_choices() -> None:
    found = ask(with_clinicians(AMARA, LUIS), wish=on(FRIDAY, at=time(15)))
    assert [slot.start for slot in found.slots] == [local(2026, 12, 4, 15)] * 2
    assert {slot.clinician for slot in found.slots} == {"osei", "ortega"}


def test_one_time_is_offered_only_where_no_second_exists() -> None:
    found = ask(ALONE, wish=on(FRIDAY, at=time(15)))
    assert starts(found) == [local(2026, 12, 4, 15)]


def test_refused_times_do_not_come_again_and_other_days_come_first() -> None:
    first = ask(ALONE)
    again = ask(ALONE, refused=tuple(start.isoformat() for start in starts(first)), page=1)
    assert not set(starts(first)) & set(starts(again))
    assert not {s.date() for s in starts(first)} & {s.date() for s in starts(again)}


def test_a_page_alone_passes_over_what_earlier_pages_offered() -> None:
    pages = [ask(ALONE, page=page) for page in range(3)]
    everything = [start for page in pages for start in starts(page)]
    assert len(everything) == len(set(everything)) == 9


def test_a_refused_day_comes_again_when_it_was_the_only_one_asked_for() -> None:
    first = ask(ALONE, wish=on(FRIDAY))
    again = ask(ALONE, wish=on(FRIDAY), refused=tuple(start.isoformat() for start in starts(first)))
    assert len(again.slots) == 3
    assert {start.date() for start in starts(again)} == {FRIDAY}


def test_a_visit_fits_before_closing() -> None:
    late = on(FRIDAY, start=time(17))
    assert starts(ask(ALONE, wish=late)) == [local(2026, 12, 4, 17)]
    assert starts(ask(ALONE, wish=late, visit_kind="follow_up")) == [local(2026, 12, 4, 17)]


def test_a_holiday_is_closed() -> None:
    assert ask(wish=on(date(2026, 12, 25))).why_none == "practice_closed_then"


def test_a_closed_date_is_closed() -> None:
    assert ask(replace(PRACTICE, closed_dates=(FRIDAY,)), wish=on(FRIDAY)).why_none == "practice_closed_then"


def test_buffers_keep_visits_apart_and_absences_need_none() -> None:
    practice = with_clinicians(replace(AMARA, buffer_minutes=15))
    diary = Diary()
    diary.add("osei", local(2026, 12, 4, 9), 180)
    assert local(2026, 12, 4, 12) not in starts(ask(practice, diary, on(FRIDAY, at=time(12))))
    diary.entries.clear()
    diary.add("osei", local(2026, 12, 4, 9), 180, kind="absence")
    assert starts(ask(practice, diary, on(FRIDAY, at=time(12)))) == [local(2026, 12, 4, 12)]


def test_notice_and_horizon_bound_the_search() -> None:
    practice = with_clinicians(AMARA, notice_minutes=120, horizon_days=2)
    found = starts(ask(practice, wish=Wish(soonest=True)))
    assert found[0] == local(2026, 12, 1, 11)
    assert max(found) < local(2026, 12, 4)
    assert ask(practice, wish=on(date(2026, 12, 8))).why_none == "none_fit"


def test_a_past_wish_is_not_said_to_be_outside_hours() -> None:
    assert ask(wish=on(date(2026, 11, 20))).why_none == "none_fit"


@pytest.mark.parametrize(
    "wish",
    [
        Wish((Window(weekdays=frozenset({5, 6})),)),
        Wish((Window(start=time(19)),)),
        on(FRIDAY, at=time(17, 30)),
    ],
)
def test_a_wish_outside_opening_hours_is_told_so(wish: Wish) -> None:
    assert ask(wish=wish).why_none == "practice_closed_then"


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        ({"visit_kind": "evaluation", "clinician": "tan"}, "clinician_kind"),
        ({"visit_kind": "couples", "clinician": "osei"}, "clinician_kind"),
        ({"born": date(2018, 1, 1)}, "too_young"),
        ({"born": date(2010, 1, 1), "visit_kind": "evaluation"}, "too_young"),
        ({"language": "pl"}, "no_such_language"),
        ({"language": "es", "clinician": "tan"}, "no_such_language"),
        ({"language": "es", "gender": "woman"}, "none_fit"),
        ({"clinician": "nobody"}, "none_fit"),
        ({"modality": "telehealth", "state": "NJ"}, "out_of_state"),
    ],
)
def test_a_reason_that_can_be_said_comes_with_nothing(request_: dict[str, object], why: str) -> None:
    found = ask(**request_)
    assert (found.slots, found.why_none) == ((), why)


def test_a_clinician_who_takes_nobody_new_still_sees_their_own() -> None:
    practice = with_clinicians(replace(AMARA, takes_new_patients=False), LUIS)
    assert ask(practice, clinician="osei").why_none == "clinician_not_taking"
    assert {slot.clinician for slot in ask(practice).slots} == {"ortega"}
    assert ask(practice, clinician="osei", visit_kind="follow_up", new_patient=False).slots


def test_new_patients_get_their_hours_and_others_all_of_them() -> None:
    mornings = WeekHours({4: (Span(time(10), time(12)),)})
    practice = with_clinicians(replace(AMARA, new_patient_hours=mornings))
    assert {start.hour for start in starts(ask(practice, wish=on(FRIDAY)))} == {10, 11}
    assert starts(ask(practice, wish=on(FRIDAY), new_patient=False))[-1].hour == 17


def test_a_full_caseload_takes_nobody_new() -> None:
    diary = Diary()
    slot = Slot(local(2026, 12, 8, 9), 45, "osei", Modality.IN_PERSON, "follow_up", "main")
    diary.visits.append(Visit("v", slot, ("p1",), "booked"))
    practice = with_clinicians(replace(AMARA, caseload_cap=1))
    assert ask(practice, diary).why_none == "full"
    assert ask(with_clinicians(replace(AMARA, caseload_cap=2)), diary).slots


def test_age_is_taken_on_the_day_of_the_visit() -> None:
    found = ask(ALONE, born=date(2014, 12, 10))
    assert min(starts(found)).date() == date(2026, 12, 10)


def test_an_insurer_keeps_to_its_panel() -> None:
    practice = with_clinicians(replace(AMARA, insurers=()), LUIS)
    assert {slot.clinician for slot in ask(practice, insurer="Aetna").slots} == {"ortega"}
    assert ask(practice, insurer="aetna", clinician="osei").why_none == "not_on_panel"


def test_an_agreement_with_an_insurer_holds_from_its_first_day_to_the_day_before_its_last() -> None:
    dates = Credentialing("aetna", date(2026, 12, 14), date(2026, 12, 16))
    practice = with_clinicians(replace(AMARA, insurers=(), credentialing=(dates,)), LUIS)
    found = ask(practice, insurer="Aetna", clinician="osei")
    assert {start.date().day for start in starts(found)} == {14, 15}
    assert (found.plan, found.plan_from) == ("Aetna", date(2026, 12, 14))
    assert ask(practice, insurer="Aetna", clinician="osei", wish=on(FRIDAY)).why_none == "none_fit"
    assert ask(practice, insurer="Aetna", wish=on(FRIDAY)).slots[0].clinician == "ortega"
    assert starts(ask(practice, clinician="osei", wish=on(FRIDAY)))  # they pay themselves


def test_an_agreement_that_is_over_or_begins_beyond_what_is_booked_is_none() -> None:
    for dates in (
        Credentialing("aetna", ends=date(2026, 12, 1)),
        Credentialing("aetna", begins=date(2027, 12, 1)),
    ):
        practice = with_clinicians(replace(AMARA, credentialing=(dates,)))
        assert ask(practice, insurer="aetna", clinician="osei").why_none == "not_on_panel"


def test_of_whoever_is_kept_apart_it_is_as_if_nothing_were_free_and_others_are_offered() -> None:
    found = ask(clinician="osei", apart=("osei",))
    assert (found.slots, found.why_none) == ((), "full")
    assert {slot.clinician for slot in ask(apart=("osei", "ortega")).slots} == {"tan"}


def test_an_insurer_that_is_not_taken_leaves_every_clinician_to_pay_oneself() -> None:
    assert ask(with_clinicians(replace(AMARA, insurers=())), insurer="oxford").slots


def test_languages_match_without_their_region_and_chinese_by_either_name() -> None:
    assert {slot.clinician for slot in ask(language="es-MX").slots} == {"ortega"}
    assert {slot.clinician for slot in ask(language="zh").slots} == {"tan"}


def test_modality_and_site_follow_the_wish() -> None:
    assert {(slot.modality, slot.site) for slot in ask(modality="telehealth").slots} == {
        (Modality.TELEHEALTH, None)
    }
    assert {slot.site for slot in ask(modality="in_person").slots} == {"main"}


def test_an_in_person_visit_does_not_ask_where_somebody_sits() -> None:
    assert {slot.modality for slot in ask(state="NJ").slots} == {Modality.IN_PERSON}


def test_the_visit_being_moved_gives_way_but_is_not_offered_again() -> None:
    diary = Diary()
    diary.add("osei", local(2026, 12, 4, 15), 60, ref="mine")
    wish = on(FRIDAY, start=time(14, 30), before=time(15, 31))
    assert starts(ask(ALONE, diary, wish, moving="mine")) == [
        local(2026, 12, 4, 14, 30),
        local(2026, 12, 4, 15, 30),
    ]
    assert ask(ALONE, diary, wish).slots == ()


def test_one_occurrence_of_a_series_gives_way_alone() -> None:
    diary = Diary()
    for day in (4, 11):
        diary.add("osei", local(2026, 12, day, 9), 9 * 60, kind="series", ref="s")
    wish = on(FRIDAY, date(2026, 12, 11))
    found = ask(ALONE, diary, wish, moving="s@2026-12-04")
    assert {start.date() for start in starts(found)} == {FRIDAY}


def test_a_full_calendar_says_full_and_an_unlucky_wish_says_none_fit() -> None:
    diary = Diary()
    diary.add("osei", local(2026, 12, 1), 60 * 24 * 120, kind="absence")
    assert ask(ALONE, diary).why_none == "full"
    assert ask(ALONE, diary, on(FRIDAY)).why_none == "full"
    diary.entries.clear()
    diary.add("osei", local(2026, 12, 4), 60 * 24, kind="absence")
    assert ask(ALONE, diary, on(FRIDAY)).why_none == "none_fit"


def test_a_second_time_far_off_is_found_rather_than_one_offered() -> None:
    diary = Diary()
    diary.add("osei", local(2026, 12, 1), 60 * 24 * 70, kind="absence")
    assert len(ask(ALONE, diary).slots) == 3


def test_an_open_wish_costs_one_look_at_the_schedule() -> None:
    diary = Diary()
    found = ask(diary=diary)
    assert (len(found.slots), diary.looks) == (3, 1)


def test_starts_carry_the_local_offset_of_their_own_day() -> None:
    before = ask(wish=on(date(2027, 3, 12)), now=local(2027, 3, 10).astimezone(UTC))
    after = ask(wish=on(date(2027, 3, 15)), now=local(2027, 3, 10).astimezone(UTC))
    assert {start.utcoffset() for start in starts(before)} == {timedelta(hours=-5)}
    assert {start.utcoffset() for start in starts(after)} == {timedelta(hours=-4)}


NIGHT = WeekHours({6: (Span(time(0), time(6)),)})


@pytest.mark.parametrize(
    ("sunday", "missing"),
    [(date(2027, 3, 14), {time(2), time(2, 30)}), (date(2026, 11, 1), {time(1), time(1, 30)})],
)
def test_a_local_time_that_the_clocks_skip_or_repeat_is_never_offered(
    sunday: date, missing: set[time]
) -> None:
    practice = with_clinicians(replace(AMARA, hours=NIGHT), hours=NIGHT)
    now = datetime(sunday.year, sunday.month, sunday.day, tzinfo=NEW_YORK) - timedelta(days=1)
    offered = {
        s.time() for page in range(4) for s in starts(ask(practice, wish=on(sunday), now=now, page=page))
    }
    assert offered == {time(h, m) for h in range(6) for m in (0, 30)} - missing - {time(5, 30)}


def test_a_visit_across_the_change_is_as_long_as_any_other() -> None:
    practice = with_clinicians(replace(AMARA, hours=NIGHT), hours=NIGHT)
    wish = on(date(2027, 3, 14), at=time(1, 30))
    (slot,) = ask(practice, wish=wish, now=local(2027, 3, 10)).slots
    assert slot.end.astimezone(UTC) - slot.start.astimezone(UTC) == timedelta(hours=1)


def test_a_psychiatric_visit_is_with_the_psychiatrist() -> None:
    assert {slot.clinician for slot in ask(visit_kind="evaluation").slots} == {ROTH.id}
    assert {slot.clinician for slot in ask(visit_kind="couples").slots} == {MEI.id}
    assert LUIS.id not in {slot.clinician for slot in ask(gender="woman").slots}


def test_a_wish_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(ValueError):
        ask(refused=("the third of never",), now=NOW)

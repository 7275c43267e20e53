"""Rule 28: for each visit the desk chooses: moved, kept by video, kept by a colleague, or a call."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.conversation.slots import Slot
from lamplighter.desk import sick_day, sick_day_choices, sick_day_lift, sick_day_work
from lamplighter.desk.ports import Busy, Message, Series
from lamplighter.desk.sick_day import CalledOff
from lamplighter.practice.model import Modality
from lamplighter.practice.sample import load_sample
from tests.channels.email.mails import ADDRESS, Writer, with_mailbox
from tests.desk.sick_day.days import DAY, ELEVEN, NINE, TWO, WHO, Morning, number, somebody
from tests.promises.desks import House


@pytest.fixture
def morning() -> Morning:
    return Morning()


def found(morning: Morning) -> dict[str, sick_day_choices.Choosing]:
    with morning.tx() as tx:
        return {
            each.visit.id: each
            for each in sick_day_choices.choosing(tx, morning.house.practice, DAY, morning.now)
        }


def may(morning: Morning, visit: str) -> dict[str, str | None]:
    return {each.choice: each.why for each in found(morning)[visit].options}


def says(morning: Morning, **wanted: str) -> CalledOff:
    with morning.tx() as tx:
        all_ = sick_day_choices.choosing(tx, morning.house.practice, DAY, morning.now)
        choices, colleagues = sick_day_choices.chosen(all_, wanted)
        return sick_day.call_off(
            tx, DAY, by="Rosa Ferro", now=morning.now, choices=choices, colleagues=colleagues
        )


def is_done(morning: Morning, **wanted: str) -> CalledOff:
    called_off = says(morning, **wanted)
    morning.passes(minutes=2, seconds=1)
    return called_off


def after_nine(morning: Morning) -> None:
    """When texts have gone."""
    morning.until(NINE + timedelta(minutes=5))


def sent(morning: Morning, phrase: str) -> list[Message]:
    with morning.tx() as tx:
        return [each for each in tx.outbox.recent(1000) if each.phrase == phrase]


def busy(morning: Morning, clinician: str = WHO) -> list[Busy]:
    with morning.tx() as tx:
        return [
            each
            for each in tx.schedule.busy([clinician], DAY.start, DAY.end, morning.now)
            if each.kind in ("hold", "absence")
        ]


def blocked(morning: Morning, at: Slot) -> bool:
    return any(
        each.kind == "absence" and each.start < at.end and at.start < each.end for each in busy(morning)
    )


def called(morning: Morning) -> list[str | None]:
    return [task.person for task in morning.calls()]


def of_two(way: str = "sms") -> Morning:
    """A fifth visit, of two people at three, that may be held by video."""
    practice = load_sample()
    rules = replace(practice.day_of_visit, video_instead=("follow_up", "couples"))
    from_ten_days = DAY.start - timedelta(days=10)
    morning = Morning(House(from_ten_days, practice=replace(practice, day_of_visit=rules)))
    with morning.tx() as tx:
        tx.people.add(somebody(6))
        tx.people.add(somebody(7, contact_channel=way))
        slot = Slot(TWO + timedelta(hours=1), 45, WHO, Modality.IN_PERSON, "couples", "harbor_lane")
        assert tx.schedule.book("v6", slot, ["p6", "p7"], "c0", morning.now, "booked")
    return morning


def test_rule_28_what_can_not_be_had_says_why_and_what_is_usual_is_to_move(morning: Morning) -> None:
    """Too late for a text at nine; by telephone only at four; a first visit is not held by video; whoever comes at
    three lives elsewhere, and needs somebody who speaks their language."""
    three = TWO + timedelta(hours=1)
    first = Slot(ELEVEN + timedelta(hours=1), 60, WHO, Modality.IN_PERSON, "first_visit", "harbor_lane")
    with morning.tx() as tx:
        tx.people.add(somebody(4, state="CA", language="zh"))
        tx.people.add(somebody(5))
        at_three = replace(first, start=three, minutes=45, visit_kind="follow_up")
        assert tx.schedule.book("v4", at_three, ["p4"], "c0", morning.now, "booked")
        assert tx.schedule.book("v5", first, ["p5"], "c0", morning.now, "booked")
    assert may(morning, "v0") == {
        "move": "quiet_hours", "video": "quiet_hours", "cover": "quiet_hours", "call": None,
    }  # fmt: skip
    assert may(morning, "v1") == dict.fromkeys(("move", "video", "cover", "call"))
    assert set(may(morning, "v3").values()) == {"channel", None}
    assert (may(morning, "v4")["video"], may(morning, "v4")["cover"]) == (
        "out_of_state",
        "cover_no_such_language",
    )
    assert may(morning, "v5")["video"] == "kind_by_video"
    usual = {visit: each.usual for visit, each in found(morning).items()}
    assert usual == {"v0": "call", "v1": "move", "v2": "move", "v3": "call", "v4": "move", "v5": "move"}
    with pytest.raises(sick_day_choices.GoneError):
        says(morning, v4="video")


def test_rule_28_whoever_says_yes_to_video_keeps_their_time_and_gets_the_link(morning: Morning) -> None:
    called_off = is_done(morning, v1="video")
    at = morning.visit(1).slot
    after_nine(morning)
    assert [each.person for each in sent(morning, "sms.called_off.video")] == ["p1"]
    assert (morning.tally(called_off).asked, morning.tally(called_off).told) == (1, 2)
    thread = morning.thread(1)
    assert thread.writes("yes")[-1] == "day.where"
    assert thread.writes("New York")[-1] == "sms.called_off.by_video"
    visit = morning.visit(1)
    assert (visit.status, visit.slot.start, visit.slot.modality) == ("booked", at.start, Modality.TELEHEALTH)
    tally = morning.tally(called_off)
    assert (tally.by_video, tally.asked, tally.rebooked) == (1, 0, 0)
    assert [each.person for each in sent(morning, "sms.video_link")] == ["p1"]
    assert not blocked(morning, at) and blocked(morning, morning.visit(2).slot)
    assert found(morning)["v1"].usual == "video"


def test_rule_28_whoever_will_be_sitting_elsewhere_is_not_seen_by_video_and_may_have_another_time(
    morning: Morning,
) -> None:
    is_done(morning, v1="video")
    after_nine(morning)
    thread = morning.thread(1)
    thread.writes("yes please")
    assert thread.writes("California")[-1] == "sms.called_off.noted"
    assert morning.visit(1).status == "cancelled" and blocked(morning, morning.visit(1).slot)
    thread.writes("R")
    thread.writes("the first one")
    assert morning.visit(1).status == "booked"


def test_rule_28_a_colleague_is_held_from_the_first_moment_and_booked_by_a_yes_in_words(
    morning: Morning,
) -> None:
    called_off = says(morning, v2="cover")
    [hold] = busy(morning, "amara_osei")
    assert (hold.start, hold.kind) == (TWO, "hold")
    morning.passes(minutes=3)
    after_nine(morning)
    [asked] = sent(morning, "sms.called_off.cover")
    assert asked.person == "p2" and not any("osei" in value.lower() for _, value in asked.args)
    assert morning.thread(2).writes("yes, that is fine with me")[-1] == "sms.called_off.with_colleague"
    assert (morning.visit(2).slot.clinician, morning.visit(2).slot.start) == ("amara_osei", TWO)
    tally = morning.tally(called_off)
    assert (tally.with_colleague, tally.answered) == (1, 1)
    assert busy(morning, "amara_osei") == []


@pytest.mark.parametrize("letter", ["no", "NO thanks"])
def test_rule_28_a_no_frees_the_colleague_and_r_finds_another_time(morning: Morning, letter: str) -> None:
    called_off = is_done(morning, v2="cover")
    after_nine(morning)
    thread = morning.thread(2)
    assert thread.writes(letter)[-1] == "sms.called_off.noted"
    assert busy(morning, "amara_osei") == [] and "p2" not in called(morning)
    thread.writes("R")
    thread.writes("the first one")
    assert morning.visit(2).status == "booked" and morning.visit(2).slot.clinician == WHO
    assert morning.tally(called_off).rebooked == 1
    assert thread.writes("yes") != ["sms.called_off.with_colleague"]


def test_rule_28_r_finds_another_time_and_the_colleague_is_free_again(morning: Morning) -> None:
    is_done(morning, v2="cover")
    after_nine(morning)
    thread = morning.thread(2)
    thread.writes("R")
    thread.writes("the first one")
    assert morning.visit(2).slot.start > TWO
    morning.passes(minutes=11)
    assert busy(morning, "amara_osei") == []


@pytest.mark.parametrize("choice", ["video", "cover"])
def test_rule_28_whoever_has_not_answered_an_hour_before_is_called_and_a_yes_comes_too_late(
    morning: Morning, choice: str
) -> None:
    called_off = is_done(morning, v2=choice)
    morning.until(TWO - timedelta(minutes=61))
    assert "p2" not in called(morning)
    morning.passes(minutes=2)
    assert "p2" in called(morning)
    assert busy(morning, "amara_osei") == [] and blocked(morning, morning.visit(2).slot)
    assert morning.tally(called_off).lines[2].why == "lapsed"
    thread = morning.thread(2)
    said = thread.writes("yes")
    assert (said if choice == "cover" else thread.writes("New York"))[-1] == "sms.called_off.noted"
    assert morning.visit(2).status == "cancelled"
    thread.writes("R")
    thread.writes("the first one")
    assert morning.visit(2).status == "booked"


def test_rule_28_undone_in_time_no_colleague_is_held_and_all_stands(morning: Morning) -> None:
    called_off = says(morning, v1="video", v2="cover")
    assert morning.undoes(called_off)
    assert busy(morning, "amara_osei") == []
    morning.passes(hours=3)
    assert morning.statuses() == ["booked"] * 4 and busy(morning) == []


def test_rule_28_the_second_who_says_it_chooses_nothing_and_holds_nobody(morning: Morning) -> None:
    first = says(morning, v1="cover")
    with morning.tx() as tx:
        slot = replace(tx.schedule.visit("v2").slot, clinician="amara_osei")
        again = sick_day.call_off(
            tx, DAY, by="Somebody", now=morning.now, choices={"v2": "cover"}, colleagues={"v2": slot}
        )
    assert again == first
    assert [each.start for each in busy(morning, "amara_osei")] == [ELEVEN]


def test_rule_28_a_call_that_was_chosen_is_a_call_and_no_text(morning: Morning) -> None:
    is_done(morning, v1="call")
    after_nine(morning)
    assert called(morning) == ["p0", "p1", "p3"]
    assert [each.person for each in morning.written()] == ["p2"]


def test_rule_28_of_two_who_come_together_both_have_to_say_yes() -> None:
    morning = of_two()
    called_off = is_done(morning, v6="video")
    after_nine(morning)
    first, second = morning.thread(6), morning.thread(7)
    first.writes("yes")
    assert first.writes("New York")[-1] == "sms.held"
    assert morning.tally(called_off).by_video == 0
    second.writes("yes")
    assert second.writes("New York")[-1] == "sms.called_off.by_video"
    assert morning.tally(called_off).by_video == 2
    morning.passes(minutes=1)
    assert [each.to for each in sent(morning, "sms.moved")] == [number(6)]
    assert len(sent(morning, "sms.video_link")) == 2


def test_rule_28_of_two_one_no_makes_a_call_of_the_other() -> None:
    morning = of_two()
    called_off = is_done(morning, v6="video")
    after_nine(morning)
    first = morning.thread(6)
    first.writes("yes")
    first.writes("New York")
    assert morning.thread(7).writes("no")[-1] == "sms.called_off.noted"
    assert "p6" in called(morning) and "p7" not in called(morning)
    line = next(each for each in morning.tally(called_off).lines if each.told.person == "p6")
    assert (line.how, line.why) == ("to_call", "yes")


def test_rule_28_two_of_whom_one_has_to_be_called_are_asked_nothing() -> None:
    options = may(of_two(way="voice"), "v6")
    assert (options["move"], options["video"]) == (None, "one_is_called")


def test_rule_28_one_number_is_asked_one_thing_at_a_time(morning: Morning) -> None:
    """Two visits of one person, each its own choice: it is plain which of them a yes is to."""
    with morning.tx() as tx:
        slot = Slot(TWO + timedelta(hours=1), 45, WHO, Modality.IN_PERSON, "follow_up", "harbor_lane")
        assert tx.schedule.book("v8", slot, ["p2"], "c0", morning.now, "booked")
    called_off = is_done(morning, v2="cover", v8="cover")
    after_nine(morning)
    assert len(sent(morning, "sms.called_off.cover")) == 1
    thread = morning.thread(2)
    thread.writes("yes")
    morning.passes(minutes=11)
    assert len(sent(morning, "sms.called_off.cover")) == 2
    assert thread.writes("no")[-1] == "sms.called_off.noted"
    stands = [(each.told.visit, each.how) for each in morning.tally(called_off).lines[2:4]]
    assert stands == [("v2", "with_colleague"), ("v8", "answered")]


def test_rule_28_a_visit_of_a_series_is_kept_by_a_colleague_for_that_day_alone(morning: Morning) -> None:
    slot = Slot(TWO - timedelta(days=7, hours=1), 45, WHO, Modality.IN_PERSON, "follow_up", "harbor_lane")
    with morning.tx() as tx:
        tx.people.add(somebody(6))
        series = Series("s1", slot, 1, ("p6",), "America/New_York")
        tx.schedule.add_series(series)
    called_off = is_done(morning, **{"s1@2026-12-09": "cover"})
    after_nine(morning)
    assert morning.thread(6).writes("yes")[-1] == "sms.called_off.with_colleague"
    with morning.tx() as tx:
        today, next_week = tx.schedule.visits_of("p6", morning.now)[:2]
        assert tx.schedule.series("s1") == series
    assert (today.slot.clinician, next_week.slot.clinician) == ("amara_osei", WHO)
    assert morning.tally(called_off).with_colleague == 1


def test_rule_28_a_visit_by_video_stays_where_the_desk_says_so_and_nobody_is_asked(morning: Morning) -> None:
    with morning.tx() as tx:
        slot = Slot(TWO + timedelta(hours=1), 45, WHO, Modality.TELEHEALTH, "follow_up")
        tx.people.add(somebody(5))
        visit = tx.schedule.book("v5", slot, ["p5"], "c0", morning.now, "confirmed")
    called_off = is_done(morning, v5="video")
    after_nine(morning)
    with morning.tx() as tx:
        assert tx.schedule.visit("v5") == visit
    assert not blocked(morning, slot) and morning.tally(called_off).by_video == 1
    assert not [each for each in sent(morning, "sms.called_off.video") if each.person == "p5"]


def test_rule_28_a_stop_to_the_question_is_a_stop_and_ends_in_a_call(morning: Morning) -> None:
    is_done(morning, v2="cover")
    after_nine(morning)
    assert morning.thread(2).writes("STOP")[-1] == "sms.stopped"
    morning.until(TWO - timedelta(minutes=59))
    assert "p2" in called(morning) and busy(morning, "amara_osei") == []


def test_rule_28_whoever_answers_the_question_in_danger_gets_a_person_and_the_question_waits(
    morning: Morning,
) -> None:
    is_done(morning, v2="cover")
    after_nine(morning)
    thread = morning.thread(2)
    thread.writes("no. i want to kill myself")
    assert thread.state.verdict == "crisis"
    assert morning.visit(2).status == "cancelled" and busy(morning, "amara_osei") != []


def test_rule_28_they_can_come_after_all_frees_what_lies_around_a_visit_that_was_kept(
    morning: Morning,
) -> None:
    called_off = is_done(morning, v1="video", v2="video")
    after_nine(morning)
    thread = morning.thread(1)
    thread.writes("yes")
    thread.writes("New York")
    morning.thread(2).writes("no")
    with morning.tx() as tx:
        stands = sick_day.of(tx, called_off.id)
        assert stands is not None
        assert sick_day_lift.lift(tx, stands, by="Rosa Ferro", now=morning.now)
    morning.passes(minutes=3)
    assert [each for each in busy(morning) if each.end > morning.now and each.kind == "absence"] == []


QUARTERS = st.tuples(st.integers(-4, 100), st.integers(1, 8))


@given(st.lists(QUARTERS, max_size=8))
def test_rule_28_every_quarter_of_the_day_is_either_blocked_once_or_left_out(
    left: list[tuple[int, int]],
) -> None:
    def at(quarter: int) -> datetime:
        return DAY.start + timedelta(minutes=15 * quarter)

    parts = sick_day_work.around(DAY.start, DAY.end, [(at(first), at(first + long)) for first, long in left])
    for quarter in range(96):
        out = any(first <= quarter < first + long for first, long in left)
        assert sum(start <= at(quarter) < end for start, end in parts) == (0 if out else 1)
    assert all(DAY.start <= start < end <= DAY.end for start, end in parts)


def test_rule_28_more_of_the_day_is_called_off_and_what_was_asked_before_may_still_be_kept(
    morning: Morning,
) -> None:
    """And lifted with the rest: nothing of it stays blocked."""
    with morning.tx() as tx:
        hours = sick_day.Spell(WHO, DAY.start, TWO)
        sick_day.call_off(tx, hours, by="Rosa Ferro", now=morning.now, choices={"v1": "video"})
    morning.passes(minutes=3)
    rest = is_done(morning)
    after_nine(morning)
    thread = morning.thread(1)
    thread.writes("yes")
    assert thread.writes("New York")[-1] == "sms.called_off.by_video"
    with morning.tx() as tx:
        stands = sick_day.of(tx, rest.id)
        assert stands is not None
        assert sick_day_lift.lift(tx, stands, by="Rosa Ferro", now=morning.now)
    morning.passes(minutes=3)
    assert [each for each in busy(morning) if each.end > morning.now] == []


def test_rule_28_whoever_sees_a_colleague_by_video_says_where_they_will_be_sitting(morning: Morning) -> None:
    with morning.tx() as tx:
        slot = Slot(TWO + timedelta(hours=1), 45, WHO, Modality.TELEHEALTH, "follow_up")
        tx.people.add(somebody(5))
        assert tx.schedule.book("v5", slot, ["p5"], "c0", morning.now, "confirmed")
    is_done(morning, v5="cover")
    after_nine(morning)
    thread = morning.thread(5)
    assert thread.writes("yes")[-1] == "day.where"
    assert thread.writes("New York")[-1] == "sms.called_off.with_colleague"
    assert [each.person for each in sent(morning, "sms.video_link")] == ["p5"]


def test_rule_28_a_question_by_email_is_answered_by_email() -> None:
    """Days ahead, so that it is read in time."""
    morning = Morning(House(DAY.start - timedelta(days=10), practice=with_mailbox()))
    ahead = timedelta(days=2)
    with morning.tx() as tx:
        tx.people.add(somebody(6, contact_channel="email", email=ADDRESS, phone=None))
        slot = Slot(TWO + ahead, 45, WHO, Modality.IN_PERSON, "follow_up", "harbor_lane")
        assert tx.schedule.book("v6", slot, ["p6"], "c0", morning.now, "booked")
        spell = sick_day.Spell(WHO, DAY.start + ahead, DAY.end + ahead)
        found = sick_day_choices.choosing(tx, morning.house.practice, spell, morning.now)
        choices, colleagues = sick_day_choices.chosen(found, {"v6": "cover"})
        sick_day.call_off(tx, spell, by="Rosa", now=morning.now, choices=choices, colleagues=colleagues)
    after_nine(morning)
    who = Writer(morning.house)
    asked = who.got("email.called_off.cover")
    assert "YES or NO" in morning.house.messenger.texts[asked.id].text
    [back] = who.writes("Yes please", answers=asked.id)
    assert "with a colleague" in back
    with morning.tx() as tx:
        visit = tx.schedule.visit("v6")
    assert visit is not None and (visit.status, visit.slot.clinician) == ("booked", "amara_osei")

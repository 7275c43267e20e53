"""Rule 27: calls that can't wait ten minutes, within half an hour of a visit."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lamplighter.console import wording
from lamplighter.console.rail import rail
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.slots import Slot
from lamplighter.desk import packet
from lamplighter.desk.day_of_visit import CALLED_WITHIN, link_of
from lamplighter.desk.day_of_visit_paging import NEAR
from lamplighter.desk.ports import Person, Task, Visit
from lamplighter.practice.model import DayOfVisit, Modality
from lamplighter.practice.sample import load_sample
from tests.promises.desks import Call, Channel, House
from tests.rules.scenes import last_words, texts

START = datetime(2026, 12, 1, 19, 0, tzinfo=UTC)  # a Tuesday, two in the afternoon
OWN, OTHER = "+12125550143", "+12125550177"
OSEI, DESK = "clinician:amara_osei", "front_desk"
ANNA = Person("anna", "Anna", "Beck", date(1980, 5, 1), phone=OWN, clinician="amara_osei", state="NY")
VIDEO, HERE = Modality.TELEHEALTH, Modality.IN_PERSON


def house(
    minutes: float = -5,
    how: Modality = VIDEO,
    person: Person = ANNA,
    *,
    days: int = 0,
    length: int = 45,
    texts: bool = True,
    **practice: Any,
) -> House:
    """So many minutes after the start, on the visit's day or `days` before; Anna's telephone is on file."""
    of = replace(load_sample(), **practice)
    made = House(START + timedelta(minutes=minutes), practice=of, texts=texts)
    site = "harbor_lane" if how is HERE else None
    slot = Slot(START + timedelta(days=days), length, "amara_osei", how, "follow_up", site)
    with made.store.transaction("demo") as tx:
        tx.people.add(person)
        assert tx.schedule.book("visit", slot, ("anna",), "", START - timedelta(days=3), "confirmed")
    return made


def calls(
    made: House, words: str, address: str | None = OWN, channel: Channel = "voice", born: str = "May 1 1980"
) -> Call:
    call = made.call(channel, address)
    call.say(words)
    if "ask.first_name+last_name" in call.said:
        call.say("Anna Beck")
    if call.said[-1] == "ask.date_of_birth":
        call.say(born)
    if call.said[-1] == "ask.phone":
        call.say("212 555 0177")
    return call


def rung(made: House) -> set[str]:
    made.pass_time(0)
    return {ring.rung for ring in made.pager.rings}


def sent(made: House) -> list[tuple[str, str]]:
    with made.store.transaction("demo") as tx:
        return [
            (each.to, dict(each.args)["link"])
            for each in tx.outbox.recent()
            if each.phrase == "sms.video_link"
        ]


def promise_in(call: Call) -> str:
    return next(body for body in reversed(texts(call)) if "nobody" in body)


def open_tasks(made: House) -> list[Task]:
    with made.store.transaction("demo") as tx:
        return [task for task in tx.tasks.list_open() if task.kind == "day_of_visit"]


def has_it(made: House) -> None:
    (task,) = open_tasks(made)
    with made.store.transaction("demo") as tx:
        tx.tasks.close(task.id, "Dana")


def visit(made: House) -> Visit:
    with made.store.transaction("demo") as tx:
        found = tx.schedule.visit("visit")
    assert found is not None
    return found


TROUBLE = {
    "link": ("the link doesn't work", "el enlace no funciona"),
    "door": ("I'm in the lobby and nobody is here", "la puerta está cerrada"),
    "alone": ("she hasn't joined", "la doctora no se ha conectado"),
    "late": ("I'm running late", "voy tarde, hay mucho tráfico"),
}


@pytest.mark.parametrize("channel", ["voice", "sms"])
@pytest.mark.parametrize("language", [0, 1], ids=["en", "es"])
@pytest.mark.parametrize("trouble", TROUBLE)
def test_rule_27_the_clinician_and_the_desk_are_rung_at_once_and_the_link_goes_to_the_number_on_file(
    trouble: str, language: int, channel: Channel
) -> None:
    made = house()
    calls(made, TROUBLE[trouble][language], channel=channel)
    assert rung(made) >= {OSEI, DESK}
    link = link_of(made.practice, visit(made))
    assert sent(made) == [(OWN, link)]
    assert [dict(task.details)["trouble"] for task in open_tasks(made)] == [trouble]


@pytest.mark.parametrize("minutes", [-30, 30])
def test_rule_27_half_an_hour_before_and_after_the_start_cannot_wait(minutes: int) -> None:
    made = house(minutes)
    calls(made, "the link doesn't work")
    assert OSEI in rung(made)


@pytest.mark.parametrize("minutes", [-31, -60 * 24])
def test_rule_27_before_that_the_link_goes_again_and_nobody_is_rung(minutes: int) -> None:
    made = house(minutes)
    call = calls(made, "can you resend the link please")
    assert (rung(made), open_tasks(made)) == (set(), [])
    assert [to for to, _ in sent(made)] == [OWN]
    assert "day.link_again" in call.said


def test_rule_27_late_tomorrow_is_a_message_and_rings_nobody() -> None:
    made = house(-60 * 24, HERE)
    call = calls(made, "I'm going to be late for my appointment tomorrow")
    assert rung(made) == set()
    assert "running_late.passed_on" in call.said


def test_rule_27_at_the_door_an_hour_early_the_desk_is_rung_and_no_clinician() -> None:
    made = house(-60, HERE)
    calls(made, "I'm in the lobby and nobody is here")
    assert rung(made) == {DESK}


@pytest.mark.parametrize("words", ["the link doesn't work", "the door is locked", "I'm running late"])
@pytest.mark.parametrize("channel", ["voice", "chat"])
def test_rule_18_from_another_number_the_words_are_the_same_with_a_visit_without_one_and_for_a_stranger(
    words: str, channel: Channel
) -> None:
    heard = set()
    for made, born in (
        (house(), "May 1 1980"),
        (house(days=2), "May 1 1980"),
        (house(), "May 2 1981"),
    ):
        call = calls(made, words, address=OTHER, channel=channel, born=born)
        told = [body for body in texts(call)[-3:] if "Thank you for telling us" in body]
        assert told and rung(made)
        heard.add((tuple(call.said[-4:]), *told))
    assert len(heard) == 1


def test_prv_06_a_birth_date_brings_the_link_to_the_number_on_file_and_not_to_whoever_calls() -> None:
    made = house()
    call = calls(made, "the link doesn't work", address=OTHER)
    assert [to for to, _ in sent(made)] == [OWN]
    assert "meet.example" not in " ".join(texts(call))
    assert "Osei" not in " ".join(texts(call))


def test_prv_06_whoever_knows_a_birth_date_can_have_three_texts_an_hour_sent_and_no_more() -> None:
    made = house()
    for _ in range(5):
        calls(made, "the link doesn't work", address=OTHER)
    assert len(sent(made)) == 3


def test_rule_18_whoever_is_seen_to_by_a_person_only_gets_no_link_and_the_words_for_anybody() -> None:
    made = house(person=replace(ANNA, by_person_only=True))
    call = calls(made, "the link doesn't work")
    assert (sent(made), "day.passed_on" in call.said) == ([], True)
    assert OSEI in rung(made)


def test_rule_27_links_are_neutral_and_of_one_visit() -> None:
    made = house()
    one = link_of(made.practice, visit(made))
    other = link_of(made.practice, replace(visit(made), id="another"))
    assert one is not None and one != other
    assert one.startswith("https://meet.example/")
    assert not {"anna", "beck", "osei", "visit"} & set(one.lower().replace("/", " ").split())


def test_rule_27_no_link_is_ever_spoken() -> None:
    made = house()
    call = calls(made, "the link doesn't work")
    assert not any("http" in words for words in texts(call))


def test_rule_27_where_no_link_is_set_the_people_here_are_rung_and_none_is_promised() -> None:
    made = house(day_of_visit=DayOfVisit())
    call = calls(made, "the link doesn't work")
    assert sent(made) == []
    assert OSEI in rung(made)
    assert "link" not in last_words(call)


def test_rule_27_the_late_policy_is_said_from_the_practices_files() -> None:
    made = house(how=HERE)
    assert any("15 minutes" in words for words in texts(calls(made, "I'm running late")))
    silent = house(how=HERE, day_of_visit=DayOfVisit())
    assert "day.late_policy" not in calls(silent, "I'm running late").said


def test_rule_27_video_is_offered_instead_and_a_yes_changes_the_way_of_meeting_and_not_the_time() -> None:
    made = house(how=HERE)
    call = calls(made, "I'm running late, stuck in traffic")
    assert call.said[-1] == "day.video_instead"
    call.say("yes please")
    assert call.said[-1] == "day.where"
    call.say("New York, I'm parked in Brooklyn")
    now = visit(made)
    assert (now.slot.modality, now.slot.start, now.slot.site, now.status) == (VIDEO, START, None, "confirmed")
    assert sent(made) == [(OWN, link_of(made.practice, now))]
    assert [dict(task.details)["trouble"] for task in open_tasks(made)] == ["by_video"]
    before = len(made.pager.rings)
    assert OSEI in rung(made)
    assert len(made.pager.rings) > before


def test_rule_27_a_no_leaves_the_visit_as_it_is() -> None:
    made = house(how=HERE)
    calls(made, "I'm running late, stuck in traffic").say("no thank you")
    assert (visit(made).slot.modality, sent(made)) == (HERE, [])


@pytest.mark.parametrize(
    "why",
    [
        {"day_of_visit": DayOfVisit(15, (), "https://meet.example/{visit}")},
        {"day_of_visit": DayOfVisit(15, ("follow_up",))},
    ],
    ids=["not for this kind of visit", "no link"],
)
def test_rule_27_video_is_offered_only_where_the_practice_signed_it_and_has_a_link(
    why: dict[str, Any],
) -> None:
    call = calls(house(how=HERE, **why), "I'm running late")
    assert "day.video_instead" not in call.said


def test_rule_24_where_they_will_be_sitting_is_asked_whatever_home_is_on_file() -> None:
    made = house(how=HERE)
    call = calls(made, "I'm running late")
    call.say("yes please")
    call.say("New Jersey")
    assert ("day.stays" in call.said, visit(made).slot.modality) == (True, HERE)
    elsewhere = house(how=HERE, person=replace(ANNA, state="NJ"))
    call = calls(elsewhere, "I'm running late")
    call.say("yes please")
    call.say("in New York, at my office")
    assert visit(elsewhere).slot.modality == VIDEO
    assert ("sits_in", "NY") in open_tasks(elsewhere)[0].details


def test_rule_24_whoever_does_not_say_where_they_will_be_sitting_keeps_their_visit_in_person() -> None:
    made = house(how=HERE)
    call = calls(made, "I'm running late")
    for words in ("yes please", "why do you need that", "no idea"):
        call.say(words)
    assert visit(made).slot.modality == HERE


def test_rule_27_the_offer_of_video_names_the_time_of_the_visit() -> None:
    call = calls(house(how=HERE), "I'm running late")
    assert "your visit at 2 PM by video" in last_words(call)


def another_visit(made: House, minutes: int) -> None:
    slot = Slot(START + timedelta(minutes=minutes), 25, "luis_ortega", HERE, "follow_up", "harbor_lane")
    with made.store.transaction("demo") as tx:
        assert tx.schedule.book("another", slot, ("anna",), "", START - timedelta(days=3), "confirmed")


def test_rule_27_of_two_visits_that_are_near_whoever_is_late_says_which() -> None:
    made = house(-20, HERE, length=20)
    another_visit(made, -30)
    call = calls(made, "I'm running late")
    assert call.said[-1] == "day.which.2"
    call.say("the one at two")
    assert "your visit at 2 PM by video" in last_words(call)
    assert rung(made) == {OSEI, DESK}


def test_rule_27_whoever_is_at_the_door_is_told_of_before_any_question() -> None:
    made = house(-20, HERE, length=20)
    another_visit(made, -30)
    calls(made, "the door is locked")
    assert len(open_tasks(made)) == 1


def test_rule_27_that_a_visit_is_by_video_now_rings_its_clinician_and_the_desk_and_nobody_else() -> None:
    made = house(how=HERE)
    call = calls(made, "I'm running late")
    call.say("yes please")
    call.say("New York")
    made.pass_time(1200)
    rings = [ring.rung for ring in made.pager.rings]
    assert set(rings) == {OSEI, DESK}
    assert rings.count(OSEI) > 2


def test_rule_32_a_visit_held_by_video_after_all_brings_the_papers_and_reminders_of_one_that_is_moved() -> (
    None
):
    made = house(how=HERE)
    call = calls(made, "I'm running late")
    call.say("yes please")
    call.say("New York")
    with made.store.transaction("demo") as tx:
        papers = [job for job in tx.jobs.pending() if job.name == packet.JOB]
    assert papers and all(("visit", "visit") in job.args for job in papers)


def words_for_a_door(made: House) -> str:
    call = calls(made, "the door is locked")
    return next(body for body in texts(call) if "Thank you for telling us" in body)


def test_rule_27_the_words_say_who_is_rung_and_nobody_else() -> None:
    assert "your clinician and the people here know right now" in words_for_a_door(house(how=HERE))
    away = house(how=HERE)
    slot = Slot(START - timedelta(minutes=45), 45, "amara_osei", HERE, "follow_up", "harbor_lane")
    with away.store.transaction("demo") as tx:
        assert tx.schedule.book("before", slot, ("other",), "", START - timedelta(days=3), "booked")
    assert "your clinician" not in words_for_a_door(away)
    alone = house(how=HERE, ladder=replace(load_sample().ladder, by_day={}, after_hours={}))
    assert "letting your clinician know right now" in words_for_a_door(alone)


def test_rule_27_where_there_is_nobody_to_ring_it_is_not_said_that_somebody_is() -> None:
    nobody = replace(load_sample().ladder, by_day={}, after_hours={})
    for address in (OWN, OTHER):
        made = house(-60, HERE, ladder=nobody)
        call = calls(made, "the door is locked", address=address)
        assert any("I've written it down for the people here" in body for body in texts(call))
        assert len(open_tasks(made)) == 1


def test_rule_27_where_no_texts_go_the_people_here_are_told_and_a_call_is_promised() -> None:
    made = house(-60 * 24, texts=False)
    call = calls(made, "can you resend the link please")
    assert (sent(made), len(open_tasks(made))) == ([], 1)
    assert "someone will call you" in promise_in(call)


def test_rule_27_the_rings_climb_and_begin_again_until_somebody_has_it_and_then_they_hear_who() -> None:
    made = house(how=HERE)
    calls(made, "the door is locked")
    made.pass_time(600)
    rings = [ring.rung for ring in made.pager.rings]
    assert rings.count(OSEI) > 1
    has_it(made)
    made.pass_time(600)
    after = len(made.pager.rings)
    made.pass_time(3600)
    assert len(made.pager.rings) == after
    assert {by for _, by in made.pager.called_off} == {"Dana"}


def test_rule_27_when_nobody_answers_the_request_stays_on_the_board_and_the_ringing_ends_with_the_visit() -> (
    None
):
    made = house(how=HERE)
    call = calls(made, "the door is locked")
    assert call.said[-2] == "day.promise"
    made.pass_time(4 * 3600)
    before = len(made.pager.rings)
    made.pass_time(3600)
    assert len(made.pager.rings) == before
    assert [task.status for task in open_tasks(made)] == ["open"]


def test_rule_27_a_restart_loses_no_ring() -> None:
    made = house(how=HERE)
    calls(made, "the door is locked")
    made.reopen()
    assert rung(made) >= {OSEI, DESK}


def test_rule_42_a_second_call_about_the_same_makes_no_second_task() -> None:
    made = house(how=HERE)
    calls(made, "the door is locked")
    calls(made, "nobody is here")
    assert len(open_tasks(made)) == 1


@pytest.mark.parametrize("born", ["May 1 1980", "May 2 1981"])
def test_rule_18_while_her_own_request_stands_a_stranger_hears_the_time_that_anybody_would(born: str) -> None:
    made = house(how=HERE)
    calls(made, "the door is locked")
    made.pass_time(250)
    call = calls(made, "the door is locked", address=OTHER, born=born)
    until = (made.clock.now() + CALLED_WITHIN).astimezone(made.practice.timezone)
    assert f"by {until:%-I:%M} PM" in promise_in(call)


def test_rule_27_whoever_calls_a_third_time_is_promised_a_time_to_come_and_the_task_is_due_by_it() -> None:
    made = house(how=HERE)
    for _ in range(3):
        call = calls(made, "the door is locked")
        until = made.clock.now() + CALLED_WITHIN
        made.pass_time(400)
    (task,) = open_tasks(made)
    assert task.due == until
    assert f"by {until.astimezone(made.practice.timezone):%-I:%M} PM" in promise_in(call)


def test_rule_27_from_another_number_is_another_task_which_keeps_that_number_and_confirms_nothing() -> None:
    made = house(how=HERE)
    stranger = calls(made, "the door is locked", address=OTHER)
    own = calls(made, "the door is locked")
    kept = {dict(task.details).get("phone"): dict(task.details) for task in open_tasks(made)}
    assert set(kept) == {None, OWN}
    assert kept[None]["called_from"] == f"{OTHER}, not on file: confirm nothing"
    assert "called_from" not in kept[OWN]
    assert "someone will call you" not in " ".join(texts(stranger))
    assert "someone will call you" in " ".join(texts(own))


def test_rule_27_the_board_gives_the_number_on_file_to_call_and_not_the_one_that_somebody_called_from() -> (
    None
):
    made = house(how=HERE)
    calls(made, "the door is locked", address=OTHER)
    with made.store.transaction("demo") as tx:
        shown = rail(tx, made.practice, Phrasebook.load(), made.clock.now())
    (line,) = (task for task in shown.tasks if "can't get to" in task.kind)
    assert line.phone == wording.phone(OWN)
    assert f"Called from: {OTHER}, not on file: confirm nothing" in line.details


def test_rule_27_somebody_is_rung_28_minutes_after_a_visit_of_25_began() -> None:
    made = house(28, HERE, length=25)
    calls(made, "the door is locked")
    assert rung(made) >= {OSEI, DESK}


def test_rule_27_a_call_after_the_ringing_ended_rings_again() -> None:
    made = house(-30, HERE, length=25)
    calls(made, "the door is locked")
    made.pass_time(57 * 60)
    before = len(made.pager.rings)
    calls(made, "the door is locked")
    rung(made)
    assert len(made.pager.rings) > before
    assert len(open_tasks(made)) == 1


def test_rule_27_that_somebody_is_late_is_told_once_to_the_clinician_and_the_desk_and_to_nobody_else() -> (
    None
):
    made = house(how=HERE)
    calls(made, "running ten minutes late")
    made.pass_time(3600)
    assert sorted(ring.rung for ring in made.pager.rings) == [OSEI, DESK]


def test_rule_27_a_call_after_somebody_closed_it_rings_again() -> None:
    made = house(how=HERE)
    calls(made, "the door is locked")
    has_it(made)
    calls(made, "the door is still locked")
    assert len(open_tasks(made)) == 1


def test_rule_27_a_clinician_who_sees_somebody_else_is_not_interrupted() -> None:
    made = house(-5, HERE)
    slot = Slot(START - timedelta(minutes=45), 45, "amara_osei", HERE, "follow_up", "harbor_lane")
    with made.store.transaction("demo") as tx:
        assert tx.schedule.book("before", slot, ("other",), "", START - timedelta(days=3), "booked")
    calls(made, "the door is locked")
    assert OSEI not in rung(made)
    assert DESK in rung(made)


def test_rule_27_in_the_evening_with_the_desk_closed_a_call_is_promised_for_the_next_day() -> None:
    made = house(-60 * 24 + 60 * 8, HERE)  # ten at night, the day before
    call = calls(made, "the door is locked")
    assert "day.promise_later" in call.said
    assert open_tasks(made)[0].due > made.clock.now() + NEAR


def test_rule_27_a_crisis_goes_before_a_door_that_is_locked() -> None:
    made = house()
    call = made.call("voice", OWN)
    call.say("the door is locked and I want to kill myself")
    assert call.state.verdict == "crisis"

"""A link in a reminder moves, confirms or cancels that one visit, once, by the same duties as an answer by text."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lamplighter.conversation.slots import Slot
from lamplighter.desk import quiet, reminders, stopping
from lamplighter.desk.link_acts import ACTS
from lamplighter.desk.links import LENGTH, SIGNS, about, address_for
from lamplighter.desk.ports import Consent, Series
from lamplighter.practice.model import Modality
from lamplighter.practice.sample import load_sample
from tests.desk.gate import threads
from tests.desk.gate.threads import NUMBER, REMINDED_AT, VISIT_AT, WHO
from tests.desk.links.scene import ADDRESS, Linked, Telephone, book, reminded, token_in


def test_the_reminder_brings_a_link_where_the_operator_has_set_the_public_address() -> None:
    phone = reminded()
    text = phone.texts("sms.reminder.link")[0]
    assert dict(text.args)["link"] == f"{ADDRESS}/v/{phone.token}"
    said = phone.house.messenger.texts[text.id].text
    assert f"R or {ADDRESS}/v/{phone.token} changes" in said and said.endswith("STOP to opt out.")


@pytest.mark.parametrize("act", ACTS)
def test_a_token_that_was_not_made_here_does_nothing_and_tells_nothing(act: str) -> None:
    phone = reminded()
    before = phone.stored()
    for wrong in (SIGNS[:LENGTH], phone.token[::-1], phone.token[:-1], "", "../" * 5, phone.token + "1"):
        shown = Telephone(phone.house, wrong)
        assert shown.looks().step == "over" and shown.does(act).step == "over"  # type: ignore[arg-type]
        assert shown.looks().start is None
    assert phone.stored() == before


def test_looking_as_often_as_anything_likes_changes_nothing_and_spends_nothing() -> None:
    phone = reminded()
    before = phone.stored()
    assert {phone.looks() for _ in range(5)} == {phone.looks()}
    assert phone.stored() == before
    assert phone.looks().start == VISIT_AT


def test_choosing_one_of_the_times_moves_the_visit_and_a_text_says_so() -> None:
    phone = reminded()
    offered = phone.does("times")
    assert 2 <= len(offered.slots) <= 3
    assert {(slot.clinician, slot.modality) for slot in offered.slots} == {
        ("mei_tan", phone.visit.slot.modality)
    }
    moved = phone.chooses(offered, 1)
    assert (moved.step, moved.start) == ("moved", offered.slots[1].start) and moved.texted
    assert phone.visit.slot == offered.slots[1]
    assert [dict(each.args)["day"] for each in phone.texts("sms.moved")]
    assert phone.state.outcome == "rescheduled" and phone.state.person == "p1"
    assert phone.state.identified is not None and phone.state.identified.how == "link"


def test_the_first_times_are_those_that_r_by_text_would_offer() -> None:
    by_text = threads.reminded()
    by_text.writes("R")
    offer = by_text.state.offer
    assert offer is not None
    assert reminded().does("times").slots == offer.slots


def test_none_of_these_goes_on_until_there_is_nothing_left_and_then_to_a_person() -> None:
    phone, seen = reminded(), []
    shown = phone.does("times")
    while shown.step == "times":
        starts = {slot.start for slot in shown.slots}
        assert starts.isdisjoint(seen)
        seen += starts
        shown = phone.does("others")
    assert shown.step == "none" and len(seen) > 6
    asked = phone.does("person")
    assert asked.step == "person" and asked.due is not None
    task = phone.tasks("callback")[0]
    assert dict(task.details)["phone"] == NUMBER and task.person == "p1" and task.due == asked.due


def test_confirming_by_the_page_confirms_the_visit() -> None:
    phone = reminded()
    assert phone.does("confirm").step == "confirmed"
    assert phone.visit.status == "confirmed"


def test_cancelling_asks_once_and_then_cancels_and_frees_the_time() -> None:
    phone = reminded()
    asked = phone.does("cancel")
    assert (asked.step, asked.late, asked.for_all) == ("sure", 24, False)
    assert phone.visit.status == "booked"
    assert phone.does("cancel_sure").step == "cancelled"
    assert phone.visit.status == "cancelled"
    assert len(phone.texts("sms.cancelled")) == 1
    assert phone.tasks("late_cancel"), (
        "it is less than a day ahead: a clinician looks at it, and nothing is charged"
    )


@pytest.mark.parametrize(("act", "step"), [("confirm", "confirmed"), ("cancel_sure", "cancelled")])
def test_a_used_link_does_nothing_more_but_the_same_press_again_gets_the_same_answer(
    act: str, step: str
) -> None:
    phone = reminded()
    assert phone.does(act).step == step  # type: ignore[arg-type]
    status, before = phone.visit.status, phone.state
    assert phone.does(act).step == step  # type: ignore[arg-type]
    for other in ("times", "choose", "cancel", "person"):
        assert phone.does(other).step == "over"  # type: ignore[arg-type]
    phone.house.pass_time(11 * 60)
    assert phone.does(act).step == "over" and phone.looks().step == "over"  # type: ignore[arg-type]
    assert phone.visit.status == status and phone.state == before


def test_a_link_ends_when_the_visit_is_moved_otherwise() -> None:
    phone = reminded()
    slot = replace(phone.visit.slot, start=VISIT_AT + timedelta(days=2))
    with phone.house.store.transaction("demo") as tx:
        assert tx.schedule.move("v1", slot, "c9", phone.house.clock.now())
    assert phone.looks().step == "over" and phone.does("cancel_sure").step == "over"
    assert phone.visit.slot == slot


def test_a_link_ends_with_the_visit() -> None:
    phone = reminded()
    phone.house.pass_time((VISIT_AT - phone.house.clock.now()).total_seconds())
    assert phone.looks().step == "over" and phone.does("confirm").step == "over"


def test_a_link_ends_when_the_number_is_theirs_no_longer() -> None:
    phone = reminded()
    with phone.house.store.transaction("demo") as tx:
        tx.people.update(replace(WHO, phone="+12125550199"))
    assert phone.looks().step == "over"


def test_a_person_sees_to_whoever_is_by_a_person_only_or_not_to_be_written_to() -> None:
    by_person, silent = reminded(), reminded()
    with by_person.house.store.transaction("demo") as tx:
        tx.people.update(replace(WHO, by_person_only=True))
    assert by_person.looks().step == "over" and by_person.does("times").step == "over"
    now = silent.house.clock.now()
    with silent.house.store.transaction("demo") as tx:
        tx.consents.record(Consent("q", "p1", quiet.PURPOSE, quiet.CHANNEL, False, now, "said"))
    assert silent.looks().step == "over"


def test_only_what_was_offered_last_can_be_chosen() -> None:
    phone = reminded()
    first = phone.does("times")
    second = phone.does("others")
    assert phone.chooses(first).step == "times"
    assert phone.does("choose", "2026-12-25T15:00:00+00:00").step == "times"
    assert phone.does("choose", "tomorrow").step == "times"
    assert phone.visit.slot.start == VISIT_AT
    assert phone.chooses(second).step == "moved"


def test_of_two_who_choose_one_time_one_gets_it_and_the_other_sees_other_times() -> None:
    house = Linked(VISIT_AT - timedelta(days=6))
    other = replace(WHO, id="p2", first_name="Bertrand", phone="+12125550124")
    book(house, "v1", WHO)
    book(house, "v2", other, VISIT_AT + timedelta(hours=1))
    house.pass_time((REMINDED_AT - house.clock.now()).total_seconds())
    phones = [Telephone(house, token_in(house, person)) for person in ("p1", "p2")]
    shown = [phone.does("times") for phone in phones]
    while not (both := {slot.start for slot in shown[0].slots} & {slot.start for slot in shown[1].slots}):
        shown[1] = phones[1].does("others")
    wanted = min(both).isoformat()
    assert phones[0].does("choose", wanted).step == "moved"
    lost = phones[1].does("choose", wanted)
    assert lost.step == "times" and lost.taken and lost.slots
    assert wanted not in {slot.start.isoformat() for slot in lost.slots}
    assert phones[1].chooses(lost).step == "moved"


def test_somebody_with_a_stop_may_still_keep_or_move_what_is_theirs() -> None:
    phone = reminded()
    with phone.house.store.transaction("demo") as tx:
        stopping.stop(tx, "p1", "in_hospital", by="Kit Marlow", now=phone.house.clock.now())
    assert phone.does("confirm").step == "confirmed"


def test_the_store_keeps_no_token_and_no_name_under_which_it_could_be_found() -> None:
    phone = reminded()
    with phone.house.store.transaction("demo") as tx:
        facts = tx.facts.standing("link")
        assert facts[0].about == about(phone.token)
        assert all(phone.token not in repr(fact) and NUMBER not in repr(fact) for fact in facts)
        tx.people.forget("p1")
        assert not tx.facts.standing("link", about(phone.token))
    assert phone.looks().step == "over"


def test_a_link_is_made_for_a_host_of_the_practice_and_for_no_other() -> None:
    practice = load_sample()
    elm = replace(practice, hosts=("localhost", "elm.example"))
    assert address_for(practice, "https://desk.example") is None
    assert address_for(elm, "https://desk.example/") == "https://elm.example"
    assert address_for(elm, "https://elm.example:8443/") == "https://elm.example:8443"
    assert address_for(elm, None) is None


def test_nothing_is_said_of_a_rule_for_what_is_cancelled_in_time() -> None:
    phone = reminded()
    start = VISIT_AT + timedelta(days=5)
    book(phone.house, "v9", replace(WHO, id="p9", phone="+12125550129"), start)
    phone.house.pass_time((start - timedelta(hours=70) - phone.house.clock.now()).total_seconds())
    early = Telephone(phone.house, token_in(phone.house, "p9"))
    assert early.does("cancel").late is None
    assert early.does("cancel_sure").step == "cancelled"
    assert not phone.tasks("late_cancel")


@pytest.mark.parametrize("act", ["choose", "cancel_sure", "confirm"])
def test_a_link_is_about_one_visit_of_a_series_and_the_series_goes_on(act: str) -> None:
    house = Linked(VISIT_AT - timedelta(days=6))
    slot = Slot(VISIT_AT, 50, "mei_tan", Modality.IN_PERSON, "follow_up", "harbor_lane")
    series = Series("s1", slot, 1, ("p1",), "America/New_York")
    with house.store.transaction("demo") as tx:
        tx.people.add(WHO)
        tx.schedule.add_series(series)
        reminders.plan_series(tx, house.practice, series, house.clock.now())
    house.pass_time((REMINDED_AT - house.clock.now()).total_seconds())
    phone = Telephone(house, token_in(house))
    done = phone.chooses(phone.does("times")) if act == "choose" else phone.does(act)  # type: ignore[arg-type]
    assert done.step in ("moved", "cancelled", "confirmed") and phone.looks().step == "over"
    with house.store.transaction("demo") as tx:
        starts = [visit.slot.start for visit in tx.schedule.visits_of("p1", house.clock.now())]
    assert VISIT_AT + timedelta(weeks=1) in starts and VISIT_AT + timedelta(weeks=2) in starts
    assert (VISIT_AT in starts) == (act == "confirm")

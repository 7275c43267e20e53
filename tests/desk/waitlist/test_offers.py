"""REM-03: a time that comes free goes to people on the wait list, one after the other, and to each at most once."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from lamplighter.conversation.wish import Window, Wish
from lamplighter.desk import opting_out, preferences, stopping
from lamplighter.desk.preferences import Preferences
from lamplighter.practice.model import WaitlistRules
from lamplighter.practice.sample import load_sample
from tests.desk.waitlist.freed import NOON, SLOT, VISIT_AT, Freed, number
from tests.promises.desks import NIGHT, House


def test_rem_03_a_cancelled_time_is_offered_to_whoever_waits_longest_by_one_text_and_held() -> None:
    freed = Freed()
    freed.joins(2)
    freed.joins(1)
    freed.frees()
    assert freed.offered() == ["w1"]
    [text] = freed.texts()
    assert (text.to, text.status, text.contact) == (number(1), "sent", None)
    [opening] = freed.openings()
    with freed.tx() as tx:
        slot, until = tx.schedule.held(opening.id)
    assert slot.start == VISIT_AT and until == NOON + timedelta(minutes=30)


@pytest.mark.parametrize("words", ["YES", "yes", "1", "Y", "Yes please!", "sí", "I'll take it", "ok"])
def test_rem_03_a_yes_books_it_once_confirms_and_ends_the_waiting(words: str) -> None:
    freed = Freed()
    freed.joins(1)
    freed.frees()
    thread = freed.thread(1)
    assert thread.writes(words)[-1] == "sms.opening.yours"
    thread.writes(words)
    [visit] = freed.visits(1)
    assert visit.slot == SLOT
    assert visit.status in ("booked", "confirmed")
    assert freed.waiting() == [] and freed.ends() == [("w1", "accepted")]
    assert [each.end for each in freed.openings()] == ["filled"]


@pytest.mark.parametrize("words", ["NO", "2", "n", "No thanks", "i can't make it", "no gracias"])
def test_rem_03_a_no_goes_on_to_the_next_at_once_and_costs_nobody_their_place(words: str) -> None:
    freed = Freed()
    freed.joins(1)
    freed.joins(2)
    freed.frees()
    assert freed.thread(1).writes(words)[-1] == "sms.opening.left"
    freed.goes_by()
    assert freed.offered() == ["w2"] and freed.waiting() == ["w1", "w2"]


def test_rem_03_whoever_does_not_answer_keeps_their_place_and_the_next_is_asked() -> None:
    freed = Freed()
    freed.joins(1)
    freed.joins(2)
    freed.frees()
    freed.goes_by(minutes=29)
    assert freed.offered() == ["w1"]
    freed.goes_by(minutes=2)
    assert freed.offered() == ["w2"] and freed.ends() == [("w1", "expired")]
    freed.goes_by(hours=3)
    assert freed.offered() == [] and freed.waiting() == ["w1", "w2"]
    assert [each.end for each in freed.openings()] == ["nobody"]


def test_rem_03_a_late_yes_gets_one_clear_refusal_while_another_is_asked_and_the_time_when_nobody_has_it() -> (
    None
):
    freed = Freed()
    freed.joins(1)
    freed.joins(2)
    freed.frees()
    freed.goes_by(minutes=31)
    assert freed.thread(1).writes("yes")[-1] == "sms.opening.gone"
    assert freed.visits(1) == [] and freed.waiting() == ["w1", "w2"]
    freed.goes_by(minutes=31)
    assert freed.thread(2).writes("yes")[-1] == "sms.opening.yours"
    assert [visit.slot.start for visit in freed.visits(2)] == [VISIT_AT]


def test_rem_03_an_earlier_time_moves_their_later_visit_which_goes_on_to_the_next() -> None:
    freed = Freed()
    freed.joins(1)
    freed.joins(2)
    later = replace(SLOT, start=VISIT_AT + timedelta(days=7))
    with freed.tx() as tx:
        assert tx.schedule.book("v2", later, ["w1"], "c0", NOON, "booked")
    freed.frees()
    assert [each.phrase for each in freed.texts()] == ["sms.opening.earlier"]
    freed.thread(1).writes("yes")
    assert [(visit.id, visit.slot.start) for visit in freed.visits(1)] == [("v2", VISIT_AT)]
    freed.goes_by()
    assert freed.offered() == ["w2"]
    freed.thread(2).writes("yes")
    assert [visit.slot.start for visit in freed.visits(2)] == [later.start]
    assert sorted(str(each.end) for each in freed.openings()) == ["filled", "filled"]


WEDNESDAYS = Wish((Window(weekdays=frozenset({2})),)).dumps()
UNSUITED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "wish": ({}, {"wish": Wish((Window(weekdays=frozenset({0})),)).dumps()}),
    "hour": ({}, {"wish": Wish((Window(start=time(17)),)).dumps()}),
    "visit kind": ({}, {"visit_kind": "no_such_kind"}),
    "clinician": ({}, {"clinician": "amara_osei"}),
    "age": ({"date_of_birth": date(2022, 1, 1)}, {}),
    "language": ({"language": "es"}, {}),
    "no number": ({"phone": None}, {}),
    "email": ({"contact_channel": "email"}, {}),
    "a person only": ({"by_person_only": True}, {}),
}


@pytest.mark.parametrize("why", UNSUITED)
def test_rem_03_it_is_offered_only_to_those_whom_it_suits(why: str) -> None:
    person, waiting = UNSUITED[why]
    freed = Freed()
    freed.joins(1, person=person, **waiting)
    freed.joins(2, wish=WEDNESDAYS)
    freed.frees()
    assert freed.offered() == ["w2"]


def held(tx: Any) -> None:
    stopping.stop(tx, "w1", "in_hospital", by="a1", now=NOON)


def stopped(tx: Any) -> None:
    opting_out.opt_out(tx, number(1), words="STOP", contact="c9", now=NOON)


def quiet(tx: Any) -> None:
    preferences.state(tx, "w1", Preferences(do_not_contact=True), by="a1", now=NOON)


@pytest.mark.parametrize("said", [held, stopped, quiet])
def test_rem_03_whoever_opted_out_or_is_held_or_left_alone_is_never_asked(said: Any) -> None:
    freed = Freed()
    freed.joins(1)
    freed.joins(2)
    with freed.tx() as tx:
        said(tx)
    freed.frees()
    freed.goes_by(days=2)
    assert {each.to for each in freed.texts()} == {number(2)}


def test_rem_03_whoever_never_agreed_to_be_written_to_is_never_asked() -> None:
    freed = Freed()
    freed.joins(1, agreed=False)
    freed.frees()
    assert freed.texts() == [] and [each.end for each in freed.openings()] == ["nobody"]


def test_rem_03_whoever_was_just_asked_or_holds_an_offer_is_not_asked_again() -> None:
    freed = Freed()
    freed.joins(1)
    with freed.tx() as tx:
        for place in (1, 2):
            slot = replace(SLOT, start=VISIT_AT + timedelta(days=place))
            assert tx.schedule.book(f"more{place}", slot, ["owner"], "c0", NOON, "booked")
    freed.frees()
    freed.frees("more1")
    assert len(freed.texts()) == 1
    freed.goes_by(hours=2)
    freed.frees("more2")
    assert len(freed.texts()) == 1
    assert [each.end for each in freed.openings()] == ["nobody"] * 3


def test_rem_03_an_hour_that_is_no_hour_for_texts_waits_for_one() -> None:
    freed = Freed(House(NIGHT))
    freed.joins(1)
    freed.frees()
    assert freed.texts() == [] and freed.offered() == []
    freed.goes_by(hours=10, minutes=1)
    [text] = freed.texts()
    assert text.at == NIGHT + timedelta(hours=10)  # nine in the morning


def test_rem_03_nobody_is_asked_whose_time_to_answer_would_run_into_the_night() -> None:
    freed = Freed(House(NIGHT - timedelta(hours=3, minutes=10)))  # ten to eight in the evening
    freed.joins(1)
    freed.frees()
    assert freed.offered() == []


def test_rem_03_a_time_that_is_near_is_offered_for_less_long_and_one_too_near_not_at_all() -> None:
    near = VISIT_AT - timedelta(hours=5)
    practice = replace(load_sample(), waitlist=WaitlistRules(offer_minutes=120))
    freed = Freed(House(near, practice=practice))
    freed.joins(1)
    freed.frees()
    [opening] = freed.openings()
    with freed.tx() as tx:
        _, until = tx.schedule.held(opening.id)
    assert until - near == timedelta(hours=5) / 8
    late = Freed(House(VISIT_AT - timedelta(hours=3)))
    late.joins(1)
    late.frees()
    assert late.openings() == []


def test_rem_03_whoever_gave_the_time_up_is_not_asked_for_it() -> None:
    freed = Freed()
    freed.joins(1)
    with freed.tx() as tx:
        tx.schedule.book(
            "own", replace(SLOT, start=VISIT_AT + timedelta(days=1)), ["w1"], "c0", NOON, "booked"
        )
    freed.frees("own")
    assert freed.offered() == []


def test_rem_03_a_caller_who_wants_the_time_that_is_held_gets_another() -> None:
    freed = Freed()
    freed.joins(1)
    freed.frees()
    with freed.tx() as tx:
        assert not tx.schedule.hold(SLOT, "c7", NOON + timedelta(minutes=2), NOON)
        assert tx.schedule.book("v7", SLOT, ["owner"], "c7", NOON, "booked") is None


def test_rem_03_words_of_a_crisis_in_answer_to_an_offer_go_to_a_person_and_book_nothing() -> None:
    freed = Freed()
    freed.joins(1)
    freed.frees()
    thread = freed.thread(1)
    thread.writes("yes but I want to kill myself")
    assert thread.state.verdict == "crisis" and freed.visits(1) == []


def test_rem_03_a_question_in_answer_to_an_offer_leaves_it_open() -> None:
    freed = Freed()
    freed.joins(1)
    freed.frees()
    thread = freed.thread(1)
    thread.writes("where are you located?")
    assert freed.offered() == ["w1"]
    assert thread.writes("yes")[-1] == "sms.opening.yours"


def test_rem_03_no_to_whether_there_is_more_leaves_an_offer_where_it_is() -> None:
    freed = Freed()
    freed.joins(1)
    freed.frees()
    thread = freed.thread(1)
    thread.writes("where are you located?")
    thread.writes("no")
    assert freed.offered() == ["w1"]


def test_rem_03_a_number_that_has_no_offer_gets_nothing_by_saying_yes() -> None:
    freed = Freed()
    freed.joins(1)
    freed.frees()
    freed.thread(7).writes("yes")
    assert freed.offered() == ["w1"]


@pytest.mark.parametrize("twice", [1, 2])
def test_rem_03_looks_that_happen_again_after_a_restart_double_nothing(twice: int) -> None:
    freed = Freed()
    freed.joins(1)
    freed.joins(2)
    freed.free()
    with freed.tx() as tx:
        [job] = [each for each in tx.jobs.pending() if each.name == "offer_opening"]
    freed.house.reopen()
    freed.goes_by()
    for _ in range(twice):
        freed.looks_again(job)
    assert freed.offered() == ["w1"] and len(freed.texts()) == 1


def test_rem_03_each_offer_says_why_it_was_made() -> None:
    freed = Freed()
    freed.joins(1, clinician="amara_osei")
    freed.joins(2)
    freed.frees()
    freed.thread(2).writes("no")
    [offer] = freed.over()
    assert offer.passed == (("clinician", 1),) and offer.since == NOON - timedelta(days=28)

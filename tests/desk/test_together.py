"""A visit for two is moved and cancelled for both, and each hears of it by their own number."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from lamplighter.conversation.slots import Slot
from lamplighter.desk.ports import Person
from lamplighter.practice.model import Modality
from tests.promises.desks import CALLER, Call, House, phrases
from tests.records.contract.examples import a_person

NEW_YORK = ZoneInfo("America/New_York")
BETHS = "+12125550177"
WHO = {CALLER: "Corinne Vasquez, May 17 1990", BETHS: "Beth Vasquez, May 17 1990"}
TUESDAY = datetime(2026, 12, 8, 14, 0, tzinfo=NEW_YORK)


def of_theirs(name: str, person: str, **more: object) -> Person:
    plain = {"insurer": None, "member_id": None, "subscriber": None, "preferred_name": None, "proxies": ()}
    return a_person(person, first_name=name, last_name="Vasquez", clinician="mei_tan", **(plain | more))


def told(*lines: str, by: str = CALLER, **of_beth: object) -> Call:
    house = House()
    kind = house.practice.visit_kind("couples")
    slot = Slot(TUESDAY, kind.minutes, "mei_tan", Modality.IN_PERSON, kind.id, house.practice.sites[0].id)
    with house.store.transaction("demo") as tx:
        tx.people.add(of_theirs("Corinne", "p1", phone=CALLER))
        tx.people.add(of_theirs("Beth", "p2", **({"phone": BETHS} | of_beth)))
        tx.schedule.book("v1", slot, ("p1", "p2"), "before", house.clock.now(), "booked")
    call = house.call("voice", by)
    for text in lines:
        call.say(WHO[by] if text == "who" else text)
    return call


def start(call: Call) -> str:
    with call.house.store.transaction("demo") as tx:
        visit = tx.schedule.visit("v1")
    return f"{visit.slot.start.astimezone(NEW_YORK):%a %d} {visit.status}"


def texts(call: Call) -> list[tuple[str, str]]:
    call.house.pass_time(10)
    gone = {sent.to for sent in call.house.messenger.texts.values()}
    with call.house.store.transaction("demo") as tx:
        return sorted((message.to, message.phrase) for message in tx.outbox.recent(9) if message.to in gone)


def tasks(call: Call) -> list[tuple[str, str | None]]:
    with call.house.store.transaction("demo") as tx:
        return sorted((task.kind, task.person) for task in tx.tasks.list_open())


@pytest.mark.parametrize("by", [CALLER, BETHS])
def test_whoever_of_two_cancels_both_are_told_by_their_own_number_and_the_clinician_hears_of_it(
    by: str,
) -> None:
    call = told("I need to cancel our couples appointment", "who", "yes", by=by)
    assert phrases(call.replies[-2])[-1] == "summary.cancel_all"
    assert call.replies[-1].said[0].args["sent"] == "text"
    assert texts(call) == [(CALLER, "sms.cancelled"), (BETHS, "sms.cancelled")]
    assert tasks(call) == [("cancelled_for_all", "p1")]


@pytest.mark.parametrize("by", [CALLER, BETHS])
def test_whoever_of_two_moves_is_asked_whether_both_can_come_and_both_are_told(by: str) -> None:
    call = told("I need to move our couples appointment to Thursday", "who", "the first", by=by)
    assert phrases(call.replies[-1])[-1] == "summary.move_all"
    assert start(call) == "Tue 08 booked"
    call.say("yes we both can")
    assert start(call) == "Thu 10 booked"
    assert texts(call) == [(CALLER, "sms.moved"), (BETHS, "sms.moved")]


def test_nothing_moves_while_the_other_one_is_to_be_asked() -> None:
    call = told(
        "I need to move our couples appointment to Thursday", "who", "the first", "I'd have to ask her first"
    )
    assert start(call) == "Tue 08 booked"
    assert phrases(call.replies[-1])[0] == "move.kept"
    assert texts(call) == []


def test_whom_nothing_written_reaches_is_told_by_the_desk_and_who_speaks_hears_only_of_their_own_text() -> (
    None
):
    call = told("I need to cancel our couples appointment", "who", "yes", contact_channel="voice", email=None)
    assert texts(call) == [(CALLER, "sms.cancelled")]
    assert ("tell_of_visit", "p2") in tasks(call)
    other = told(
        "I need to cancel our couples appointment",
        "who",
        "yes",
        by=BETHS,
        contact_channel="voice",
        email=None,
    )
    assert other.replies[-1].said[0].args["sent"] == "none"
    assert texts(other) == [(CALLER, "sms.cancelled")]


def test_two_with_one_number_are_written_to_once() -> None:
    house_number = told("I need to cancel our couples appointment", "who", "yes", phone=CALLER)
    assert texts(house_number) == [(CALLER, "sms.cancelled")]
    assert tasks(house_number) == [("cancelled_for_all", "p1")]


@pytest.mark.parametrize("words", ["only for me, she's still going", "just me", "no, just me, she will come"])
def test_what_is_for_one_of_two_alone_is_a_persons(words: str) -> None:
    call = told("I need to cancel our couples appointment", "who", words)
    assert (call.state.verdict, start(call)) == ("human", "Tue 08 booked")


def test_a_visit_of_somebody_whom_only_people_deal_with_goes_to_a_person() -> None:
    call = told("I need to cancel our couples appointment", "who", "yes", by_person_only=True)
    assert (call.state.verdict, start(call), texts(call)) == ("human", "Tue 08 booked", [])

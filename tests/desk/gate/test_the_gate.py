"""One gate that everything of ours passes when it would be sent: what it refuses, what it puts off, and till when."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.conversation.slots import Slot
from lamplighter.desk import gate, notices, opting_out, preferences, stopping
from lamplighter.desk.ports import Consent, Message, MessageRefused, Person, Transaction
from lamplighter.desk.preferences import Preferences
from lamplighter.law.area_codes import state_of
from lamplighter.law.contact_hours import local_day, zones_of
from lamplighter.law.states import STATES
from lamplighter.practice.model import Modality
from lamplighter.wiring.stage import Kept
from tests.promises.desks import NIGHT, NOON, House

NUMBER = "+12125550123"
WHO = Person("p1", "Rosalind", "Thimblewick", date(1985, 12, 1), NUMBER, contact_channel="sms")
VISIT_AT = NOON + timedelta(days=3)


class Dead(Kept):
    """A carrier that nobody reaches."""

    def send(self, message_id: str, channel: str, to: str, sender: str, text: str) -> None:
        raise ConnectionError("nobody answers")


def house_with(at: datetime = NOON, **person: Any) -> House:
    """Somebody on file with a visit in three days."""
    house = House(at)
    with house.store.transaction("demo") as tx:
        tx.people.add(replace(WHO, **person))
        slot = Slot(VISIT_AT, 50, "mei_tan", Modality.IN_PERSON, "follow_up", "harbor_lane")
        tx.schedule.book("v1", slot, ["p1"], "c0", at, "booked")
    return house


def message(house: House, name: str = "m1", phrase: str = "sms.reminder", **more: Any) -> Message:
    start = VISIT_AT.isoformat()
    known = {
        "sender": "HLC Office", "practice_phone": house.practice.phone, "day": start, "clock": start,
    }  # fmt: skip
    wanted = house.conversation.phrasebook.phrase("en", phrase).arguments
    args = tuple(sorted((each, known[each]) for each in wanted))
    made = Message(name, "sms", NUMBER, phrase, args, "en", house.clock.now(), person="p1", visit="v1")
    return replace(made, **more)


def stored(house: House, *messages: Message) -> None:
    with house.store.transaction("demo") as tx:
        for each in messages:
            notices.enqueue(tx, each)


def left(house: House, name: str = "m1") -> tuple[str, str | None]:
    with house.store.transaction("demo") as tx:
        found = tx.outbox.get(name)
    assert found is not None
    return found.status, found.why


def do_not_contact(tx: Transaction) -> None:
    preferences.state(tx, "p1", Preferences(do_not_contact=True), by="a1", now=NOON)


def by_email_only(tx: Transaction) -> None:
    preferences.state(tx, "p1", Preferences(channels=("email",)), by="a1", now=NOON)


def stop_written(tx: Transaction) -> None:
    opting_out.opt_out(tx, NUMBER, words="STOP", contact="c9", now=NOON)


def reminders_refused(tx: Transaction) -> None:
    tx.consents.record(Consent("k1", "p1", "reminders", "sms", False, NOON, "ask.reminder_consent", "c9"))


def everything_refused(tx: Transaction) -> None:
    tx.consents.record(Consent("k1", "p1", "everything", "sms", False, NOON, "said: no texts", "c9"))


def in_hospital(tx: Transaction) -> None:
    stopping.stop(tx, "p1", "in_hospital", by="a1", now=NOON)


def visit_cancelled(tx: Transaction) -> None:
    tx.schedule.set_status("v1", "cancelled")


@pytest.mark.parametrize(
    ("before", "why"),
    [
        (do_not_contact, "do_not_contact"),
        (by_email_only, "channel"),
        (stop_written, "opted_out"),
        (reminders_refused, "not_agreed"),
        (everything_refused, "not_agreed"),
        (in_hospital, "stopped"),
        (visit_cancelled, "changed"),
    ],
)
def test_prv_04_what_stands_in_the_way_at_the_moment_of_sending_is_named_and_nothing_goes(
    before: Any, why: str
) -> None:
    house = house_with()
    stored(house, message(house, at=NOON))
    with house.store.transaction("demo") as tx:
        before(tx)
    house.pass_time(4 * 24 * 3600)
    assert house.messenger.texts == {}
    status, word = left(house)
    assert (status, word) == ("cancelled", why)


def test_tel_08_a_no_to_reminders_is_no_to_reminders_alone() -> None:
    house = house_with()
    with house.store.transaction("demo") as tx:
        opting_out.opt_out(tx, NUMBER, words="no more reminders", contact="c9", now=NOON, of="reminders")
    stored(house, message(house, "m1"), message(house, "m2", "sms.waitlisted"))
    house.pass_time(60)
    assert left(house, "m1") == ("cancelled", "opted_out")
    assert left(house, "m2") == ("sent", None)


@pytest.mark.parametrize("phrase", ["sms.bill.balance", "sms.opening"])
def test_tel_03_what_is_about_a_bill_or_an_opening_goes_to_nobody_without_a_yes_of_its_own(
    phrase: str,
) -> None:
    house = house_with()
    asked = replace(message(house), phrase=phrase)
    with house.store.transaction("demo") as tx:
        assert gate.rule(tx, house.practice, asked, NOON) == gate.Ruling("not_agreed")
        purpose = gate.purpose_of(asked)
        tx.consents.record(Consent("k1", "p1", purpose, "sms", True, NOON, "asked", "c9"))
        assert gate.rule(tx, house.practice, asked, NOON) == gate.MAY_GO
        tx.consents.record(Consent("k2", "p1", "everything", "sms", False, NOON, "said: STOP", "c9"))
        assert gate.rule(tx, house.practice, asked, NOON) == gate.Ruling("not_agreed")


def test_tel_09_what_comes_up_at_night_waits_for_the_morning_and_says_so() -> None:
    house = house_with(NIGHT)
    stored(house, message(house))
    house.pass_time(60)
    assert left(house) == ("queued", "quiet_hours")
    house.pass_time(9 * 3600)
    assert house.messenger.texts == {}
    house.pass_time(3600)
    assert left(house) == ("sent", None)


def test_tel_09_what_somebody_asked_for_themselves_a_moment_ago_comes_at_night_and_wakes_nobody_later() -> (
    None
):
    house = house_with(NIGHT)
    stored(house, message(house, "m1", "sms.confirmation", contact="c1"))
    asked_before = NIGHT - timedelta(hours=3)
    stored(house, message(house, "m2", "sms.confirmation", contact="c1", at=asked_before))
    house.pass_time(60)
    assert left(house, "m1") == ("sent", None)
    assert left(house, "m2") == ("queued", "quiet_hours")


def test_prv_04_the_hours_that_somebody_asked_for_hold() -> None:
    house = house_with()
    with house.store.transaction("demo") as tx:
        preferences.state(tx, "p1", Preferences(start=time(14), end=time(17)), by="a1", now=NOON)
        ruling = gate.rule(tx, house.practice, message(house), NOON)
    assert ruling == gate.Ruling("quiet_hours", NOON + timedelta(hours=2))


def test_tel_02_one_a_day_and_three_a_week_over_everything() -> None:
    house = house_with(datetime(2026, 12, 7, 17, tzinfo=UTC))  # a Monday
    with house.store.transaction("demo") as tx:
        slot = Slot(
            house.clock.now() + timedelta(days=30),
            50,
            "mei_tan",
            Modality.IN_PERSON,
            "follow_up",
            "harbor_lane",
        )
        tx.schedule.book("v2", slot, ["p1"], "c0", NOON, "booked")
    stored(house, *(message(house, f"m{each}", "sms.waitlisted") for each in range(5)))
    went: list[datetime] = []
    for _ in range(10 * 24):
        house.pass_time(3600)
        with house.store.transaction("demo") as tx:
            gone = tx.outbox.gone_out({"p1"}, datetime(2026, 1, 1, tzinfo=UTC))
        went = sorted(each.moved_at for each in gone if each.moved_at is not None)
    assert len(went) >= 4
    days = [local_day(each, house.practice.timezone_name) for each in went]
    assert len(set(days)) == len(days)
    assert all(fourth - first >= timedelta(days=7) for first, fourth in zip(went, went[3:], strict=False))


def test_tel_02_a_reply_to_what_they_asked_counts_for_no_cap_and_is_held_by_none() -> None:
    house = house_with()
    stored(house, *(message(house, f"m{each}", "sms.confirmation", contact="c1") for each in range(4)))
    stored(house, message(house, "m9"))
    house.pass_time(60)
    assert {left(house, name)[0] for name in ("m0", "m1", "m2", "m3", "m9")} == {"sent"}


def test_tel_02_two_records_that_may_be_one_person_share_their_caps() -> None:
    house = house_with()
    with house.store.transaction("demo") as tx:
        tx.people.add(replace(WHO, id="p2", phone="+12125550124", perhaps="p1"))
    stored(
        house, message(house, "m1"), message(house, "m2", "sms.waitlisted", person="p2", to="+12125550124")
    )
    house.pass_time(60)
    assert (left(house, "m1"), left(house, "m2")) == (("sent", None), ("queued", "one_a_day"))


def test_rem_01_what_would_only_be_allowed_too_late_is_not_sent_and_says_what_put_it_off() -> None:
    house = house_with(VISIT_AT - timedelta(hours=14))  # ten in the evening, the visit is at noon
    stored(house, message(house, "m1"))
    with house.store.transaction("demo") as tx:
        preferences.state(tx, "p1", Preferences(start=time(11)), by="a1", now=NOON)
    house.pass_time(20 * 3600)
    assert left(house) == ("cancelled", "quiet_hours")


def test_rem_01_a_carrier_that_comes_back_too_late_delivers_no_reminder() -> None:
    house = house_with(VISIT_AT - timedelta(hours=24))
    alive, house.messenger = house.messenger, Dead()
    house.reopen()
    stored(house, message(house))
    with pytest.raises(ConnectionError):
        house.pass_time(60)
    house.clock.move_to(VISIT_AT - timedelta(hours=1))
    house.messenger = alive
    house.reopen()
    house.pass_time(60)
    assert house.messenger.texts == {}
    assert left(house) == ("failed", "too_late")


class Refusing(Kept):
    """A carrier that will never deliver it."""

    def send(self, message_id: str, channel: str, to: str, sender: str, text: str) -> None:
        raise MessageRefused("no such number")


@pytest.mark.parametrize(("phrase", "tasks"), [("sms.reminder", ["not_reached"]), ("sms.waitlisted", [])])
def test_rem_01_a_reminder_that_no_carrier_takes_is_a_persons_to_give(phrase: str, tasks: list[str]) -> None:
    house = house_with()
    house.messenger = Refusing()
    house.reopen()
    stored(house, message(house, "m1", phrase))
    house.pass_time(60)
    assert left(house)[0] == "failed"
    with house.store.transaction("demo") as tx:
        assert [task.kind for task in tx.tasks.list_open()] == tasks
        assert all(task.person == "p1" for task in tx.tasks.list_open())


@pytest.mark.parametrize("reason", get_args(gate.Why))
def test_prv_02_a_reason_is_a_word_of_ours_and_never_about_a_life(reason: str) -> None:
    assert not any(word in reason for word in ("violence", "crisis", "home", "danger", "hospital"))


def test_prv_13_an_opt_out_outlives_the_deletion_of_whoever_said_it() -> None:
    house = house_with()
    with house.store.transaction("demo") as tx:
        stop_written(tx)
        tx.people.forget("p1")
        assert opting_out.holds(tx, NUMBER, "reminders")
        tx.people.add(replace(WHO, id="p7"))
        again = message(house, "m7", person="p7", visit=None)
        assert gate.rule(tx, house.practice, again, NOON) == gate.Ruling("opted_out")


def test_tel_06_an_opt_out_stands_with_where_when_and_which_words_and_is_taken_back_by_them_alone() -> None:
    house = house_with()
    with house.store.transaction("demo") as tx:
        stop_written(tx)
        [fact] = tx.facts.standing("opted_out")
        assert (fact.at, fact.value("words"), fact.value("contact")) == (NOON, "STOP", "c9")
        consent = tx.consents.latest("p1", "everything", "sms")
        assert consent is not None and not consent.given and consent.wording == "said: STOP"
        assert opting_out.opt_in(tx, NUMBER, words="START", contact="c9", now=NOON + timedelta(hours=1))
        assert not opting_out.opt_in(tx, NUMBER, words="START", contact="c9", now=NOON)
        assert gate.rule(tx, house.practice, message(house), NOON) == gate.MAY_GO


MOVED_TO = sorted(STATES)
EVERYWHERE = House()
with EVERYWHERE.store.transaction("demo") as _tx:
    for _state in MOVED_TO:
        _tx.people.add(replace(WHO, id=_state, state=_state, phone=None))
CLOCKS_CHANGE = (datetime(2027, 3, 14, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC))


@given(
    st.sampled_from(MOVED_TO),
    st.sampled_from(
        [f"+1{code}5550143" for code in ("212", "415", "808", "907", "207", "502", "401", "928", "512")]
    ),
    st.sampled_from(CLOCKS_CHANGE),
    st.integers(-5 * 24 * 60, 5 * 24 * 60),
)
def test_tel_09_the_gate_lets_nothing_go_unasked_at_night_or_on_a_sunday_anywhere(
    state: str, number: str, change: datetime, minutes: int
) -> None:
    now = change + timedelta(minutes=minutes)
    args = (("practice_phone", "+12125550100"), ("sender", "HLC Office"))
    asked = Message("m1", "sms", number, "sms.waitlisted", args, "en", now, person=state)
    with EVERYWHERE.store.transaction("demo") as tx:
        ruling = gate.rule(tx, EVERYWHERE.practice, asked, now)
    then = ruling.again or now
    area = state_of(number)
    assert area is not None and ruling.why in (None, "quiet_hours")
    for place in (state, area):
        for zone in zones_of(place):
            local = then.astimezone(ZoneInfo(zone))
            assert time(9) <= local.time() < time(20) and local.weekday() != 6
    assert ruling.why is not None or then == now

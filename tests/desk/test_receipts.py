"""What a carrier tells of a message moves it forward, and what did not arrive goes another way or to a person."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from lamplighter.conversation.slots import Slot
from lamplighter.desk import gate, notices, opting_out
from lamplighter.desk.ports import CarrierStatus, Message, MessageStatus, Person
from lamplighter.practice.model import Modality
from lamplighter.practice.sample import load_sample
from tests.promises.desks import CALLER, House

NOON = datetime(2026, 12, 1, 17, tzinfo=UTC)
WHO = Person("p1", "Rosalind", "Thimblewick", date(1985, 12, 1), CALLER, contact_channel="sms")


class Told:
    """A reminder of a visit on the next day, as far as `status`, to somebody who may have an email address."""

    def __init__(self, status: MessageStatus = "sent", *, email: str | None = None) -> None:
        practice = replace(load_sample(), email="desk@harbor-lane.example")
        self.house = House(NOON, practice=practice)
        start = NOON + timedelta(days=1)
        with self.house.store.transaction("demo") as tx:
            tx.people.add(replace(WHO, email=email))
            slot = Slot(start, 50, "mei_tan", Modality.IN_PERSON, "follow_up", "harbor_lane")
            visit = tx.schedule.book("v1", slot, ("p1",), "c0", NOON, "booked")
            args = tuple(sorted(notices.visit_args(practice, visit).items()))
            tx.outbox.add(Message("m1", "sms", CALLER, "sms.reminder", args, "en", NOON, "p1", visit="v1"))
            tx.outbox.hand_over("m1", at=NOON, sent_from="+12125550100")
            tx.outbox.advance("m1", status, at=NOON)

    def tells(self, status: CarrierStatus | None, *, opted_out: bool = False, at: datetime = NOON) -> str:
        with self.house.store.transaction("demo") as tx:
            message = tx.outbox.get("m1")
            notices.receipt(tx, self.house.practice, message, status, "SM1", at, opted_out=opted_out)
            return str(tx.outbox.get("m1").status)

    @property
    def tasks(self) -> list[str]:
        with self.house.store.transaction("demo") as tx:
            return [task.kind for task in tx.tasks.list_open()]

    @property
    def emails(self) -> list[str]:
        with self.house.store.transaction("demo") as tx:
            return [message.to for message in tx.outbox.recent() if message.channel == "email"]


@pytest.mark.parametrize("status", ["sending", "unknown"])
def test_any_word_of_it_says_that_a_message_in_doubt_was_taken(status: MessageStatus) -> None:
    told = Told(status)
    assert told.tells(None) == "sent"
    assert told.tells("delivered") == "delivered"
    with told.house.store.transaction("demo") as tx:
        assert tx.outbox.of_carrier("SM1").id == "m1"


def test_what_comes_late_or_out_of_order_takes_nothing_back() -> None:
    told = Told()
    assert [told.tells(word) for word in ("delivered", "sent", "failed", None)] == ["delivered"] * 4  # type: ignore[arg-type]
    assert told.tasks == []


def test_a_reminder_that_was_not_delivered_goes_by_email_once() -> None:
    told = Told(email="rosalind@example.org")
    for _ in range(2):
        assert told.tells("failed") == "failed"
    assert told.emails == ["rosalind@example.org"]
    assert told.tasks == []


def test_a_reminder_that_nothing_else_can_take_is_one_task_for_a_person() -> None:
    told = Told()
    for _ in range(2):
        told.tells("failed")
    assert told.emails == []
    assert told.tasks == ["not_reached"]


def test_whoever_told_the_carrier_that_they_want_no_texts_is_not_pressed_another_way() -> None:
    told = Told(email="rosalind@example.org")
    assert told.tells("failed", opted_out=True) == "failed"
    assert (told.emails, told.tasks) == ([], [])


@pytest.mark.parametrize("times", [1, 2])
def test_whoever_told_the_carrier_has_told_us_and_nothing_more_is_queued_or_promised(times: int) -> None:
    told = Told()
    with told.house.store.transaction("demo") as tx:
        tx.outbox.add(replace(tx.outbox.get("m1"), id="m2", status="queued"))
    for _ in range(times):
        told.tells("failed", opted_out=True)
    with told.house.store.transaction("demo") as tx:
        [fact] = tx.facts.standing("opted_out", f"number/{CALLER}")
        assert (fact.value("words"), fact.value("of"), fact.at) == ("carrier", "everything", NOON)
        assert tx.outbox.get("m2").status == "cancelled"
        assert gate.never(tx, tx.outbox.get("m1")) == "opted_out"


def test_an_old_receipt_that_is_brought_again_stops_nobody_who_wants_texts_again() -> None:
    told = Told()
    told.tells("failed", opted_out=True)
    with told.house.store.transaction("demo") as tx:
        assert opting_out.opt_in(tx, CALLER, words="START", contact="c9", now=NOON + timedelta(hours=1))
    told.tells("failed", opted_out=True)
    with told.house.store.transaction("demo") as tx:
        assert not opting_out.holds(tx, CALLER, "reminders")


@pytest.mark.parametrize("stopped_before", [True, False])
def test_whoever_wrote_start_is_not_opted_out_by_what_their_carrier_told_of_a_time_before(
    stopped_before: bool,
) -> None:
    told = Told(email="rosalind@example.org")
    later = NOON + timedelta(minutes=5)
    with told.house.store.transaction("demo") as tx:
        if stopped_before:
            opting_out.opt_out(tx, CALLER, words="stop", contact="c1", now=NOON + timedelta(minutes=1))
        opting_out.opt_in(tx, CALLER, words="start", contact="c1", now=later)
    assert told.tells("failed", opted_out=True) == "failed"
    with told.house.store.transaction("demo") as tx:
        assert opting_out.what_of(tx, CALLER) == frozenset()
    assert told.emails == ["rosalind@example.org"], "the text did not arrive, and nobody wants none"


@pytest.mark.parametrize("first", ["sent", None])
@pytest.mark.parametrize("status", ["sending", "unknown"])
def test_a_late_word_that_a_text_went_makes_it_no_younger_than_what_they_wrote_since(
    status: MessageStatus, first: CarrierStatus | None
) -> None:
    told = Told(status)
    with told.house.store.transaction("demo") as tx:
        opting_out.opt_in(tx, CALLER, words="start", contact="c1", now=NOON + timedelta(seconds=5))
    assert told.tells(first, at=NOON + timedelta(seconds=8)) == "sent"
    assert told.tells("failed", opted_out=True, at=NOON + timedelta(seconds=9)) == "failed"
    with told.house.store.transaction("demo") as tx:
        assert opting_out.what_of(tx, CALLER) == frozenset()


def test_what_a_carrier_tells_of_a_text_that_went_after_start_counts() -> None:
    told = Told()
    with told.house.store.transaction("demo") as tx:
        opting_out.opt_in(tx, CALLER, words="start", contact="c1", now=NOON - timedelta(minutes=5))
    told.tells("failed", opted_out=True)
    with told.house.store.transaction("demo") as tx:
        assert opting_out.what_of(tx, CALLER) == {"everything"}


def test_a_stop_that_is_written_after_start_stands_whatever_the_carrier_tells() -> None:
    told = Told()
    with told.house.store.transaction("demo") as tx:
        opting_out.opt_in(tx, CALLER, words="start", contact="c1", now=NOON + timedelta(minutes=1))
        opting_out.opt_out(tx, CALLER, words="stop", contact="c1", now=NOON + timedelta(minutes=2))
    told.tells("delivered", opted_out=False)
    with told.house.store.transaction("demo") as tx:
        assert opting_out.what_of(tx, CALLER) == {"everything"}

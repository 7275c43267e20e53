"""Tasks, consents, the waitlist and the outbox."""

from datetime import timedelta

import pytest

from lamplighter.desk.ports import Consent, Waiting
from lamplighter.records.errors import UnknownRecord
from tests.records.contract.examples import a_message, a_person, a_task
from tests.records.stores import START, Store


def test_a_task_comes_back_whole_and_is_added_once(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.tasks.add(a_task())
        transaction.tasks.add(a_task(route="biller"))
    with store.transaction() as transaction:
        assert transaction.tasks.get("t1") == a_task()
        assert transaction.tasks.get("t2") is None


def test_open_tasks_come_by_route_and_due_time(store: Store) -> None:
    later = START + timedelta(hours=1)
    with store.transaction() as transaction:
        transaction.tasks.add(a_task("desk late", due=later))
        transaction.tasks.add(a_task("biller", route="biller"))
        transaction.tasks.add(a_task("desk", person=None, contact=None))
        transaction.tasks.add(a_task("now", route="person_now", due=later, person=None, contact="c1"))
        transaction.tasks.add(a_task("clinician", route="clinician"))
        order = [task.id for task in transaction.tasks.list_open()]
    assert order == ["now", "clinician", "desk", "desk late", "biller"]


def test_a_closed_task_keeps_who_closed_it_first(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.tasks.add(a_task())
        transaction.tasks.close("t1", "Rosa")
        transaction.tasks.close("t1", "Ben")
        assert transaction.tasks.list_open() == ()
        task = transaction.tasks.get("t1")
        assert task is not None
        assert (task.status, task.done_by) == ("done", "Rosa")


def test_a_task_that_is_open_may_be_due_later_and_one_that_is_done_is_not(store: Store) -> None:
    later = START + timedelta(hours=1)
    with store.transaction() as transaction:
        transaction.tasks.add(a_task())
        transaction.tasks.put_off("t1", later)
    with store.transaction() as transaction:
        assert transaction.tasks.get("t1") == a_task(due=later)
        transaction.tasks.close("t1", "Rosa")
        transaction.tasks.put_off("t1", START)
        assert transaction.tasks.get("t1") == a_task(due=later, status="done", done_by="Rosa")


def test_putting_off_a_task_that_is_not_there_is_an_error(store: Store) -> None:
    with pytest.raises(UnknownRecord), store.transaction() as transaction:
        transaction.tasks.put_off("t1", START)


def test_closing_a_task_that_is_not_there_is_an_error(store: Store) -> None:
    with pytest.raises(UnknownRecord), store.transaction() as transaction:
        transaction.tasks.close("t1", "Rosa")


def a_consent(consent_id: str, given: bool, minutes: int = 0, channel: str = "sms") -> Consent:
    at = START + timedelta(minutes=minutes)
    return Consent(consent_id, "p1", "reminders", channel, given, at, "ask_reminders@protocol", "c1")


def test_the_latest_consent_counts_whatever_order_they_were_recorded_in(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.consents.record(a_consent("k2", False, minutes=5))
        transaction.consents.record(a_consent("k1", True))
        assert transaction.consents.latest("p1", "reminders", "sms") == a_consent("k2", False, minutes=5)


def test_of_two_consents_at_one_moment_the_one_recorded_last_counts(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.consents.record(a_consent("k9", True))
        transaction.consents.record(a_consent("k1", False))
        assert transaction.consents.latest("p1", "reminders", "sms") == a_consent("k1", False)


def test_a_consent_speaks_for_its_purpose_and_channel_only(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.consents.record(a_consent("k1", True))
        transaction.consents.record(a_consent("k1", False, minutes=9))
        assert transaction.consents.latest("p1", "reminders", "voice") is None
        assert transaction.consents.latest("p1", "billing", "sms") is None
        assert transaction.consents.latest("p2", "reminders", "sms") is None
        assert transaction.consents.latest("p1", "reminders", "sms") == a_consent("k1", True)


def test_whoever_waits_longest_comes_first_until_they_leave(store: Store) -> None:
    second = Waiting("w2", "p2", '{"days":["tue"]}', "first_visit", START, "osei", "telehealth")
    first = Waiting("w1", "p1", "{}", "follow_up", START - timedelta(days=2))
    with store.transaction() as transaction:
        for waiting in (second, first, second):
            transaction.waitlist.join(waiting)
        assert transaction.waitlist.all() == (first, second)
        transaction.waitlist.leave("w1")
        transaction.waitlist.leave("w1")
        assert transaction.waitlist.all() == (second,)


def test_whoever_is_forgotten_waits_no_longer(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.people.add(a_person())
        transaction.waitlist.join(Waiting("w1", "p1", "{}", "follow_up", START))
        transaction.people.forget("p1")
        assert transaction.waitlist.all() == ()


def test_a_message_comes_back_whole_and_is_stored_once(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.outbox.add(a_message())
        transaction.outbox.add(a_message(to="+12125550199"))
    with store.transaction() as transaction:
        assert transaction.outbox.get("m1") == a_message()


def test_a_message_only_moves_forward(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.outbox.add(a_message())
        moved = [
            transaction.outbox.advance("m1", status)
            for status in ("sending", "sending", "sent", "sending", "delivered", "failed", "cancelled")
        ]  # fmt: skip
        assert moved == [True, False, True, False, True, False, False]
        message = transaction.outbox.get("m1")
        assert message is not None
        assert message.status == "delivered"


def test_only_a_message_that_still_waits_can_be_cancelled(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.outbox.add(a_message("m1"))
        transaction.outbox.add(a_message("m2"))
        transaction.outbox.advance("m2", "sending")
        assert transaction.outbox.advance("m1", "cancelled")
        assert not transaction.outbox.advance("m2", "cancelled")
        assert not transaction.outbox.advance("m1", "sending")


def test_a_delivery_report_for_an_unknown_message_is_an_error(store: Store) -> None:
    with pytest.raises(UnknownRecord), store.transaction() as transaction:
        transaction.outbox.advance("m1", "sent")


def test_recent_messages_come_newest_first(store: Store) -> None:
    with store.transaction() as transaction:
        for message_id, minutes in (("a", 1), ("b", 3), ("c", 3), ("d", 2)):
            transaction.outbox.add(a_message(message_id, at=START + timedelta(minutes=minutes)))
        assert [message.id for message in transaction.outbox.recent(3)] == ["c", "b", "d"]


def test_a_message_says_when_it_moved_and_why_it_did_not_go(store: Store) -> None:
    with store.transaction() as transaction:
        for name in ("m1", "m2"):
            transaction.outbox.add(a_message(name))
        transaction.outbox.put_off("m1", "quiet_hours")
        transaction.outbox.put_off("m3", "quiet_hours")
        transaction.outbox.advance("m2", "cancelled", at=START, why="too_late")
        transaction.outbox.put_off("m2", "quiet_hours")
    with store.transaction() as transaction:
        assert transaction.outbox.get("m1") == a_message("m1", why="quiet_hours")
        gone = a_message("m2", status="cancelled", moved_at=START, why="too_late")
        assert transaction.outbox.get("m2") == gone
        assert transaction.outbox.advance("m1", "sending", at=START)
        assert transaction.outbox.get("m1") == a_message("m1", status="sending", moved_at=START)


def test_what_has_gone_out_to_somebody_is_told_by_when_it_went(store: Store) -> None:
    with store.transaction() as transaction:
        for number, (name, person) in enumerate(
            (("a", "p1"), ("b", "p2"), ("c", "p1"), ("d", "p1"), ("e", "p3"))
        ):
            transaction.outbox.add(a_message(name, person=person))
            if name != "d":
                transaction.outbox.advance(name, "sending", at=START + timedelta(hours=number))
        transaction.outbox.advance("a", "sent", at=START + timedelta(hours=3))
        gone = transaction.outbox.gone_out({"p1", "p2"}, START + timedelta(hours=1))
        assert [message.id for message in gone] == ["a", "c"]
        assert transaction.outbox.gone_out((), START) == ()


def test_a_message_that_is_handed_to_a_carrier_again_says_since_when_and_from_which_number(
    store: Store,
) -> None:
    with store.transaction() as transaction:
        transaction.outbox.add(a_message())
        transaction.outbox.advance("m1", "sending", at=START)
        transaction.outbox.put_off("m1", "not_taken")
        later = START + timedelta(minutes=5)
        assert transaction.outbox.hand_over("m1", at=later, sent_from="+12125550177")
        handed = a_message(status="sending", moved_at=later, sent_from="+12125550177")
        assert transaction.outbox.get("m1") == handed
        transaction.outbox.advance("m1", "unknown", at=later)
        assert not transaction.outbox.hand_over("m1", at=START, sent_from="+12125550178")


def test_a_message_is_found_by_what_its_carrier_calls_it_and_by_its_contact(store: Store) -> None:
    with store.transaction() as transaction:
        for name, contact in (("m1", "c1"), ("m2", "c2"), ("m3", "c1")):
            transaction.outbox.add(a_message(name, contact=contact))
        transaction.outbox.advance("m1", "unknown", at=START)
        transaction.outbox.advance("m1", "sent", at=START, carrier_id="SM1")
        transaction.outbox.advance("m1", "delivered", at=START)
    with store.transaction() as transaction:
        found = transaction.outbox.of_carrier("SM1")
        assert found is not None
        assert (found.id, found.status) == ("m1", "delivered")
        assert transaction.outbox.of_carrier("SM2") is None
        assert [message.id for message in transaction.outbox.of_contact("c1")] == ["m3", "m1"]


def test_what_came_in_is_known_to_have_come_in(store: Store) -> None:
    with store.transaction() as transaction:
        assert not transaction.log.claimed("twilio:SM1")
        assert transaction.log.claim("twilio:SM1")
        assert transaction.log.claimed("twilio:SM1")

"""Reminders and notices by email, for whoever wishes that or has no number, and for whom a text did not reach."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lamplighter.desk import gate, opting_out, preferences, reminders
from lamplighter.desk.ports import Consent, Message, MessageRefused
from lamplighter.desk.preferences import Preferences
from lamplighter.practice.model import Practice
from lamplighter.practice.sample import load_sample
from tests.desk.gate.threads import NUMBER, VISIT_AT, Thread, reminded

ADDRESS = "rosalind@post.example"
OFFICE = "office@hlc.example"
A_DAY = 24 * 3600


def with_mailbox() -> Practice:
    return replace(load_sample(), email=OFFICE)


def by_email(**person: Any) -> Thread:
    given = {"phone": None, "email": ADDRESS, "contact_channel": "email", **person}
    return reminded(practice=with_mailbox(), **given)


def sent(thread: Thread) -> list[Message]:
    with thread.house.store.transaction("demo") as tx:
        found: list[Message] = sorted(tx.outbox.recent(20), key=lambda each: each.at)
    return found


def test_rem_01_whoever_is_written_to_by_email_is_reminded_by_email_at_the_same_times() -> None:
    thread = by_email()
    assert [(m.channel, m.to, m.phrase, m.status) for m in sent(thread)] == [
        ("email", ADDRESS, "email.reminder", "sent")
    ] * 2
    assert VISIT_AT - sent(thread)[-1].at == timedelta(hours=24)


def test_rem_02_an_email_says_who_when_how_to_answer_how_to_reach_a_person_and_how_to_get_no_more() -> None:
    thread = by_email()
    mail = list(thread.house.messenger.texts.values())[-1]
    subject, *paragraphs = mail.text.split("\n\n")
    assert subject == "See you Wednesday, December 9 at 2 PM"
    assert (
        paragraphs[0]
        == f"A word from {thread.house.practice.sender_name}: see you Wednesday, December 9 at 2 PM."
    )
    assert "answer this email in your own words" in paragraphs[1]
    assert "(212) 555-0100" in paragraphs[2] and "911" in paragraphs[2] and "988" in paragraphs[2]
    assert "stop" in paragraphs[3]


@pytest.mark.parametrize("channel", [None, "sms"])
def test_rem_01_who_has_no_number_and_an_address_is_reminded_by_email(channel: str | None) -> None:
    assert {m.channel for m in sent(by_email(contact_channel=channel))} == {"email"}


@pytest.mark.parametrize(
    ("practice", "person"),
    [
        (load_sample(), {"phone": None, "email": ADDRESS, "contact_channel": "email"}),
        (with_mailbox(), {"phone": None, "email": None, "contact_channel": "email"}),
        (with_mailbox(), {"email": ADDRESS, "contact_channel": "phone"}),
    ],
)  # fmt: skip
def test_rem_01_no_email_where_there_is_no_mailbox_no_address_or_no_wish(practice: Any, person: Any) -> None:
    assert sent(reminded(practice=practice, **person)) == []


def test_prv_03_what_staff_noted_of_how_they_want_to_be_reached_comes_before_what_was_said_while_booking() -> (
    None
):
    thread = reminded(practice=with_mailbox(), sent=False, email=ADDRESS)
    who, now = thread.person(), thread.house.clock.now()
    with thread.house.store.transaction("demo") as tx:
        preferences.state(tx, "p1", Preferences(channels=("email", "voice")), by="mo", now=now)
        visit = tx.schedule.visit("v1")
        assert visit is not None
        reminders.plan(tx, thread.house.practice, visit, who, now - timedelta(days=5))
    thread.house.pass_time(A_DAY)
    assert {m.channel for m in sent(thread)} == {"email"}


def test_prv_04_an_address_that_wants_no_more_gets_no_more_however_it_is_written() -> None:
    thread = by_email(email="Rosalind@Post.example")
    before = len(thread.house.messenger.texts)
    with thread.house.store.transaction("demo") as tx:
        opting_out.opt_out(tx, ADDRESS, words="stop", contact="c9", now=thread.house.clock.now())
        visit = tx.schedule.visit("v1")
        assert visit is not None
        later = tx.schedule.move(
            "v1", replace(visit.slot, start=VISIT_AT + timedelta(days=5)), "c9", VISIT_AT
        )
        assert later is not None
        reminders.plan_for_all(tx, thread.house.practice, later, thread.house.clock.now())
    thread.house.pass_time(6 * A_DAY)
    assert len(thread.house.messenger.texts) == before
    assert {m.why for m in sent(thread) if m.status == "cancelled"} == {"opted_out"}


def test_prv_04_a_no_to_reminders_themselves_holds_for_email_too_and_a_stop_by_text_does_not() -> None:
    for wording, goes in (("ask.reminder_consent@abc", False), ("said: stop", True)):
        thread = reminded(practice=with_mailbox(), sent=False, phone=None, email=ADDRESS)
        with thread.house.store.transaction("demo") as tx:
            at = thread.house.clock.now()
            tx.consents.record(Consent("k", "p1", "reminders", "sms", False, at, wording))
            visit = tx.schedule.visit("v1")
            assert visit is not None
            reminders.plan_for_all(tx, thread.house.practice, visit, VISIT_AT - timedelta(days=5))
        thread.house.pass_time(A_DAY)
        assert bool(sent(thread)) is goes


def test_prv_05_a_text_and_an_email_count_together_for_what_they_get_in_a_day() -> None:
    thread = by_email(phone=NUMBER)
    message = replace(
        sent(thread)[-1], id="other", phrase="email.opening", visit=None, status="queued", moved_at=None
    )
    with thread.house.store.transaction("demo") as tx:
        tx.consents.record(
            Consent("w", "p1", "waitlist", "sms", True, thread.house.clock.now(), "waitlisted")
        )
        text = replace(message, channel="sms", to=NUMBER, phrase="sms.opening", args=())
        ruling = gate.rule(tx, thread.house.practice, text, thread.house.clock.now())
    assert ruling.why == "one_a_day"


class NoTexts:
    """A carrier that takes no text and a post that takes every letter, unless it `refuses` those too."""

    def __init__(self, refuses: bool = False) -> None:
        self.refuses, self.letters = refuses, []  # type: ignore[var-annotated]

    def send(self, message_id: str, channel: str, to: str, sender: str, text: str) -> None:
        if channel == "sms" or self.refuses:
            raise MessageRefused("no")
        self.letters.append((to, sender, text))


def without_texts(refuses: bool = False, **person: Any) -> tuple[Thread, NoTexts]:
    thread = reminded(practice=with_mailbox(), sent=False, **{"email": ADDRESS, **person})
    carrier = NoTexts(refuses)
    thread.house.messenger = carrier  # type: ignore[assignment]
    thread.house.reopen()
    with thread.house.store.transaction("demo") as tx:
        visit = tx.schedule.visit("v1")
        assert visit is not None
        reminders.plan_for_all(tx, thread.house.practice, visit, VISIT_AT - timedelta(days=1, hours=12))
    thread.house.pass_time(3600)
    return thread, carrier


def test_rem_05_a_reminder_that_no_carrier_takes_climbs_to_email_once() -> None:
    thread, carrier = without_texts()
    [(to, sender, text)] = carrier.letters
    assert to == ADDRESS and OFFICE in sender and text.startswith("See you Wednesday, December 9 at 2 PM\n\n")
    assert thread.tasks("not_reached") == []
    assert sorted((m.channel, m.status) for m in sent(thread)) == [("email", "sent"), ("sms", "failed")]


@pytest.mark.parametrize("person", [{"email": None}, {}])
def test_rem_05_whom_neither_text_nor_email_reaches_a_person_reaches(person: dict[str, Any]) -> None:
    thread, carrier = without_texts(refuses=True, **person)
    assert carrier.letters == [] and len(thread.tasks("not_reached")) == 1


def test_rem_05_nothing_climbs_to_an_address_that_wants_no_more() -> None:
    thread = reminded(practice=with_mailbox(), sent=False, email=ADDRESS)
    thread.house.messenger = NoTexts()  # type: ignore[assignment]
    thread.house.reopen()
    with thread.house.store.transaction("demo") as tx:
        opting_out.opt_out(tx, ADDRESS, words="stop", contact="c9", now=thread.house.clock.now())
        visit = tx.schedule.visit("v1")
        assert visit is not None
        reminders.plan_for_all(tx, thread.house.practice, visit, VISIT_AT - timedelta(days=1, hours=12))
    thread.house.pass_time(3600)
    assert [(m.channel, m.status) for m in sent(thread)] == [("sms", "failed")]
    assert len(thread.tasks("not_reached")) == 1

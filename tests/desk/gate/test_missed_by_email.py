"""The word after a missed visit by email, and its answers; what a text did not bring goes by email once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lamplighter.desk import missed, notices
from lamplighter.desk.ports import Message, Visit
from lamplighter.practice.model import Reminders
from tests.channels.email.mails import ADDRESS, Writer, with_mailbox
from tests.desk.gate.threads import NUMBER, VISIT_AT, WHO, reminded
from tests.desk.links.scene import reminded as linked
from tests.desk.waitlist.freed import Freed

ASKS = replace(with_mailbox(), reminders=Reminders(after_missed="one_message", after_missed_hours=3))


def asked(**person: Any) -> Writer:
    """They did not come, and have our word about it by email."""
    given = {"phone": None, "email": ADDRESS, "contact_channel": "email", **person}
    who = Writer(reminded(practice=ASKS, **given).house)
    who.house.pass_time((VISIT_AT + timedelta(hours=2) - who.house.clock.now()).total_seconds())
    with who.house.store.transaction("demo") as tx:
        assert missed.mark(tx, ASKS, "v1", by="Kit Marlow", now=who.house.clock.now())
    who.house.pass_time(24 * 3600)
    return who


def visits(who: Writer) -> list[Visit]:
    with who.house.store.transaction("demo") as tx:
        return [each for each in tx.schedule.visits_of("p1", who.house.clock.now()) if each.id != "v1"]


def test_it_goes_once_says_nothing_of_the_visit_and_brings_what_stands_below_our_emails() -> None:
    who = asked()
    word = who.got("email.missed")
    text = who.house.messenger.texts[word.id].text
    subject, first, person, leave = text.split("\n\n")
    assert subject.startswith("From ") and "Would a new time help?" in first
    assert "988" in person and "stop" in leave
    who.house.pass_time(5 * 24 * 3600)
    with who.house.store.transaction("demo") as tx:
        assert [each.phrase for each in tx.outbox.recent(50)].count("email.missed") == 1


def test_a_yes_in_its_thread_finds_times_and_one_of_them_is_booked() -> None:
    who = asked()
    [back] = who.writes("yes please", subject="Re: From HLC", answers=who.got("email.missed").id)
    assert "first" in back.lower() or "or" in back
    replies = who.writes("the first one", answers=who.last_of_ours())
    while replies and not visits(who):
        replies = who.writes("yes", answers=who.last_of_ours())
    assert len(visits(who)) == 1


def test_a_no_in_its_thread_is_fine_and_asks_nothing_more() -> None:
    who = asked()
    [back] = who.writes("no thanks", subject="Re: From HLC", answers=who.got("email.missed").id)
    assert "That's fine" in back and visits(who) == []


def test_a_yes_that_is_no_answer_to_it_books_nothing() -> None:
    who = asked()
    who.writes("yes please")
    assert visits(who) == [] and "email.missed" not in {task.kind for task in who.tasks("read_mailbox")}


def failed(
    phrase: str, *, email: str | None = ADDRESS, status: str = "failed", **more: Any
) -> tuple[Writer, Any]:
    """A text that no carrier delivered, to somebody who may have an address."""
    who = Writer(reminded(practice=ASKS, phone=NUMBER, email=email, sent=False, contact_channel="sms").house)
    now = who.house.clock.now()
    with who.house.store.transaction("demo") as tx:
        visit = tx.schedule.visit("v1")
        assert visit is not None
        if phrase == "sms.cancelled":
            visit = tx.schedule.set_status("v1", "cancelled")
        args = tuple(sorted(notices.visit_args(ASKS, visit, WHO).items()))
        text = Message("m1", "sms", NUMBER, phrase, args, "en", now, "p1", contact="c7", visit="v1")
        text = replace(text, **more)
        tx.outbox.add(text)
        tx.outbox.hand_over("m1", at=now, sent_from="+12125550100")
        notices.receipt(tx, ASKS, replace(text, status="sending", moved_at=now), status, "SM1", now)  # type: ignore[arg-type]
        kinds = [task.kind for task in tx.tasks.list_open()]
    who.house.pass_time(60)
    with who.house.store.transaction("demo") as tx:
        mails = [each.phrase for each in tx.outbox.recent(50) if each.channel == "email"]
    return who, (mails, kinds)


@pytest.mark.parametrize("phrase", ["sms.confirmation", "sms.moved", "sms.cancelled", "sms.held"])
def test_a_text_about_a_visit_that_fails_climbs_to_email_once_and_else_is_a_task(phrase: str) -> None:
    _, (mails, kinds) = failed(phrase)
    assert mails == ["email" + phrase.removeprefix("sms")] and kinds == []
    _, (mails, kinds) = failed(phrase, email=None)
    assert mails == [] and kinds == ["not_reached"]


def test_what_a_failed_text_said_and_is_so_no_longer_goes_nowhere() -> None:
    then = "2026-12-08T14:00:00-05:00"
    args = (("clock", then), ("day", then), ("practice_phone", "+12125550100"), ("sender", "HLC"))
    _, (mails, kinds) = failed("sms.moved", args=args)
    assert (mails, kinds) == ([], [])


def test_a_code_that_fails_climbs_nowhere() -> None:
    _, (mails, kinds) = failed("sms.code", visit=None, args=(("code", "123456"), ("sender", "HLC")))
    assert (mails, kinds) == ([], [])


def test_the_link_in_an_email_does_what_that_in_a_text_does() -> None:
    theirs = linked(practice=ASKS, phone=None, email=ADDRESS, contact_channel="email")
    letters = [theirs.house.messenger.texts[each.id].text for each in theirs.texts("email.reminder.link")]
    assert any(f"/{theirs.token}" in text for text in letters)
    shown = theirs.does("times")
    assert theirs.chooses(shown).step == "moved"
    theirs.house.pass_time(60)
    assert len(theirs.texts("email.moved")) == 1 and theirs.texts("sms.moved") == []


def test_a_missed_visits_email_brings_a_link_that_books() -> None:
    theirs = linked(practice=ASKS, phone=None, email=ADDRESS, contact_channel="email")
    theirs.house.pass_time((VISIT_AT + timedelta(hours=2) - theirs.house.clock.now()).total_seconds())
    with theirs.house.store.transaction("demo") as tx:
        missed.mark(tx, ASKS, "v1", by="Kit Marlow", now=theirs.house.clock.now())
    theirs.house.pass_time(24 * 3600)
    [word] = theirs.texts("email.missed.link")
    token = dict(word.args)["link"].rpartition("/")[2]
    page = replace(theirs, token=token)
    assert page.chooses(page.does("times")).step == "moved"


def test_an_offer_whose_text_fails_late_is_the_next_ones_at_once() -> None:
    freed = Freed()
    freed.joins(1)
    freed.joins(2)
    freed.frees()
    freed.goes_by(minutes=10)
    assert freed.offered() == ["w1"]
    with freed.tx() as tx:
        [offer] = [each for each in tx.outbox.recent(50) if each.phrase.startswith("sms.opening")]
        notices.receipt(tx, freed.house.practice, offer, "failed", "SM1", freed.house.clock.now())
    freed.goes_by(seconds=1)
    assert freed.offered() == ["w2"] and freed.ends() == [("w1", "not_sent")]

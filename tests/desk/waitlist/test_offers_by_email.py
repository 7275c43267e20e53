"""A time that came free, offered to somebody who is written to by email, and what they answer in its thread."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lamplighter.desk import opting_out
from lamplighter.desk.ports import Consent, Message
from tests.channels.email.mails import ADDRESS, Writer, with_mailbox
from tests.desk.waitlist.freed import Freed
from tests.promises.desks import NOON, House

BY_EMAIL = {"phone": None, "email": ADDRESS, "contact_channel": "email"}


def offered(**person: Any) -> tuple[Freed, Writer, Message]:
    """The time is offered to w1 by email; w2, who has a telephone, waits behind."""
    freed = Freed(House(NOON, practice=with_mailbox()))
    freed.joins(1, person={**BY_EMAIL, **person}, agreed=False)
    freed.joins(2)
    with freed.tx() as tx:
        tx.consents.record(Consent("a1", "w1", "waitlist", "email", True, NOON, "waitlisted"))
    freed.frees()
    with freed.tx() as tx:
        [mail] = [each for each in tx.outbox.recent(20) if each.phrase.startswith("email.opening")]
    return freed, Writer(freed.house), mail


def test_it_goes_by_email_says_until_when_and_how_to_answer() -> None:
    freed, who, mail = offered()
    text = who.house.messenger.texts[mail.id].text
    assert mail.to == ADDRESS and freed.offered() == ["w1"] and freed.texts() == []
    assert text.startswith("Wednesday, December 9 at 2 PM has come free\n\n")
    assert "Answer YES by" in text and "988" in text and "you'll be there" not in text


@pytest.mark.parametrize("words", ["YES", "yes please", "I'll take it"])
def test_a_yes_in_its_thread_books_it_and_one_letter_says_so(words: str) -> None:
    freed, who, mail = offered()
    [letter] = who.writes(words, subject="Re: has come free", answers=mail.id)
    assert (
        letter.startswith("You're set for")
        and "automated AI assistant" in letter
        and letter.count("911") == 1
    )
    assert dict(who.got("email.confirmation").args)["answers"] == who.state.mail
    assert [each.status for each in freed.visits(1)] == ["booked"]
    assert freed.ends() == [("w1", "accepted")] and "w1" not in freed.waiting()


def test_a_no_in_its_thread_leaves_it_to_the_next_and_keeps_their_place() -> None:
    freed, who, mail = offered()
    back, *_ = who.writes("no", subject="Re: has come free", answers=mail.id)
    freed.goes_by(seconds=1)
    assert "keep your place" in back
    assert freed.offered() == ["w2"] and "w1" in freed.waiting()


@pytest.mark.parametrize("how", ["no thread", "another address"])
def test_rule_18_a_yes_from_anywhere_else_books_nothing(how: str) -> None:
    freed, who, mail = offered()
    if how == "another address":
        replace(who, address="somebody@else.example").writes("YES", answers=mail.id)
    else:
        who.writes("YES")
    assert freed.visits(1) == [] and freed.offered() == ["w1"]


def test_a_yes_that_comes_too_late_is_told_so() -> None:
    freed, who, mail = offered()
    freed.goes_by(minutes=40)
    assert freed.offered() == ["w2"]
    [back] = who.writes("yes", subject="Re: has come free", answers=mail.id)
    assert "gone to someone else" in back and freed.visits(1) == []


def test_whoever_wants_no_more_emails_is_offered_none() -> None:
    freed = Freed(House(NOON, practice=with_mailbox()))
    freed.joins(1, person=BY_EMAIL, agreed=False)
    with freed.tx() as tx:
        tx.consents.record(Consent("a1", "w1", "waitlist", "email", True, NOON, "waitlisted"))
        opting_out.opt_out(tx, ADDRESS, words="stop", contact="c1", now=NOON + timedelta(minutes=1))
    freed.frees()
    assert freed.offered() == []

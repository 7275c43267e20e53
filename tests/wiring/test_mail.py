"""Mailboxes as an operator sets them up: what is missing is named, secrets are told to nobody, emails truly go."""

import threading
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lamplighter.desk.ports import MessageRefused
from lamplighter.practice.model import Party, Practice
from lamplighter.practice.sample import SAMPLE_FOLDER, load_sample
from lamplighter.records.memory import MemoryRecords
from lamplighter.rehearsal.clock import SimulatedClock
from lamplighter.settings import Settings
from lamplighter.wiring.mail import ByChannel, account_of, look_into_mailboxes, mail_problems, mailbox_today
from tests.channels.email.mails import ADDRESS, OFFICE
from tests.channels.email.servers import HOST, post_office
from tests.promises.desks import NOON, House

DAY = date(2026, 12, 1)
AGREED = Party("Postmaster", "carries email", ("messages",), date(2026, 1, 1), may_reuse=False)
ELSEWHERE = {"smtp_host": "smtp.post.example", "imap_host": "imap.post.example", "party": "Postmaster"}


def practice(*parties: Party, email: str | None = OFFICE) -> Practice:
    return replace(load_sample(), parties=parties, email=email)


def settings(password: str | None = "hunter2", **box: Any) -> Settings:
    secrets = {"demo": password} if password else {}
    return Settings.model_validate(
        {"mailboxes": {"demo": {**ELSEWHERE, **box}}, "mailbox_passwords": secrets}
    )


def test_what_is_set_up_whole_has_nothing_missing_and_shows_no_password() -> None:
    assert mail_problems(practice(AGREED), settings(), DAY) == []
    account = account_of(practice(AGREED), settings(), DAY)
    assert account is not None and account.sends.user == OFFICE and account.sends.password == "hunter2"
    assert "hunter2" not in repr(account) + repr(settings())


@pytest.mark.parametrize(
    ("of", "given", "said"),
    [
        (practice(), settings(), "names no agreement with Postmaster"),
        (practice(AGREED), settings(party=None), "names no agreement with whoever runs its mailbox"),
        (practice(AGREED), settings(password=None), "has no password"),
        (practice(AGREED), settings(smtp_security="none"), "needs TLS"),
        (practice(AGREED, email=None), settings(), "no email address"),
        (practice(AGREED), Settings(), "no mailbox"),
    ],
)
def test_what_is_missing_is_named_and_nothing_goes_until_it_is_there(
    of: Practice, given: Settings, said: str
) -> None:
    [problem] = mail_problems(of, given, DAY)
    assert said in problem.message and problem.remedy
    assert account_of(of, given, DAY) is None
    clock = SimulatedClock(NOON)
    messenger = ByChannel(given, {"demo": of}, MemoryRecords(clock), clock, Others())
    with pytest.raises(MessageRefused):
        messenger.send("m0000001", "email", ADDRESS, f"HLC Office <{OFFICE}>", "Hello\n\nWords.")


def test_a_practice_with_neither_address_nor_mailbox_lacks_nothing() -> None:
    assert mail_problems(practice(email=None), Settings(), DAY) == []
    assert mailbox_today(SAMPLE_FOLDER, Settings()) == []


class Others:
    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, message_id: str, channel: str, to: str, sender: str, text: str) -> None:
        self.sent.append(channel)


def test_emails_go_by_the_mailbox_and_texts_by_the_other_way() -> None:
    clock, others = SimulatedClock(NOON), Others()
    with post_office() as office:
        here = settings(
            None, smtp_host=HOST, smtp_port=office.port, smtp_security="none", imap_host=None, party=None
        )
        messenger = ByChannel(here, {"demo": practice()}, MemoryRecords(clock), clock, others)
        messenger.send("m0000001", "email", ADDRESS, f"HLC Office <{OFFICE}>", "Hello\n\nWords.")
        messenger.send("m0000002", "sms", "+12125550123", "HLC Office", "Words.")
        assert [mail["To"] for mail in office.mails] == [ADDRESS] and others.sent == ["sms"]


def test_no_email_goes_for_a_practice_that_nobody_has_signed() -> None:
    clock = SimulatedClock(NOON)
    messenger = ByChannel(settings(), {"demo": None}, MemoryRecords(clock), clock, Others())
    with pytest.raises(MessageRefused):
        messenger.send("m0000001", "email", ADDRESS, f"HLC Office <{OFFICE}>", "Hello\n\nWords.")


def test_a_mailbox_that_can_not_be_reached_stops_nobody_from_starting_or_stopping() -> None:
    house = House(practice=practice())
    here = settings(smtp_host=HOST, smtp_port=1, smtp_security="none", imap_host=HOST, imap_port=1,
                    imap_security="none", party=None)  # fmt: skip
    stop = look_into_mailboxes(
        here,
        {"demo": house.practice},
        house.desk.contacts,
        house.store,
        house.clock,
        house.conversation.guard,
        lambda _: house.conversation.phrasebook,
    )
    stop()
    assert not [each for each in threading.enumerate() if each.name == "mailbox-demo"]

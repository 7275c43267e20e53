"""Somebody who writes emails to the practice, and what they get back."""

import itertools
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from typing import Any

from lamplighter.channels.email.inbound import Inbound
from lamplighter.channels.email.reading import Mail, read
from lamplighter.channels.email.writing import message_id
from lamplighter.conversation.state import State, fold
from lamplighter.desk.ports import Message, Task, Visit
from lamplighter.practice.model import Practice
from lamplighter.practice.sample import load_sample
from tests.desk.gate.threads import reminded
from tests.promises.desks import House

ADDRESS = "rosalind@post.example"
OFFICE = "office@hlc.example"
_NAMES = itertools.count(1)


def with_mailbox(practice: Practice | None = None) -> Practice:
    return replace(practice or load_sample(), email=OFFICE)


def letter(
    text: str, *, sender: str = ADDRESS, subject: str = "Hello", answers: str | None = None, **headers: str
) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Rosalind <{sender}>", OFFICE, subject
    mail["Message-ID"] = f"<n{next(_NAMES)}@post.example>"
    if answers:
        mail["In-Reply-To"] = mail["References"] = message_id(answers, OFFICE)
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


@dataclass
class Writer:
    house: House
    address: str = ADDRESS
    _before: int = field(default=0)

    @property
    def inbound(self) -> Inbound:
        conversation = self.house.conversation

        def reads(practice: Practice, text: str) -> str:
            return conversation.guard.check(text, "en", "email").verdict

        return Inbound(
            self.house.desk.contacts,
            self.house.store,
            self.house.clock,
            reads,
            lambda _: conversation.phrasebook,
            self.house.backlog,
        )

    def writes(self, text: str, **more: Any) -> list[str]:
        return self.sends(letter(text, sender=self.address, **more))

    def sends(self, raw: bytes) -> list[str]:
        """What comes back, a letter each."""
        return self.takes(read(raw, OFFICE))

    def takes(self, mail: Mail) -> list[str]:
        before = len(self.house.messenger.texts)
        self.inbound.take(self.house.practice, mail)
        self.house.pass_time(30)
        return [each.text for each in list(self.house.messenger.texts.values())[before:]]

    def got(self, phrase: str = "email.reminder") -> Message:
        with self.house.store.transaction("demo") as tx:
            found: Message = next(each for each in tx.outbox.recent(50) if each.phrase == phrase)
        return found

    def last_of_ours(self) -> str:
        """The id of the last letter that they have from us."""
        with self.house.store.transaction("demo") as tx:
            sent = [each for each in tx.outbox.recent(50) if each.channel == "email"]
        return max(sent, key=lambda each: (each.moved_at, int(dict(each.args).get("after", 0)))).id

    @property
    def contacts(self) -> list[str]:
        with self.house.store.transaction("demo") as tx:
            return [each.id for each in tx.log.contacts() if each.channel == "email"]

    @property
    def state(self) -> State:
        contact = self.contacts[0]
        with self.house.store.transaction("demo") as tx:
            return fold(tx.log.read(contact))

    def tasks(self, *kinds: str) -> list[Task]:
        with self.house.store.transaction("demo") as tx:
            return [task for task in tx.tasks.list_open() if task.kind in kinds]

    def visit(self) -> Visit:
        with self.house.store.transaction("demo") as tx:
            found = tx.schedule.visit("v1")
        assert found is not None
        return found


def writer(**person: Any) -> Writer:
    """Has our reminder by email in hand."""
    given = {"phone": None, "email": ADDRESS, "contact_channel": "email", **person}
    return Writer(reminded(practice=with_mailbox(), **given).house)

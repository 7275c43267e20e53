"""An email that came in: read by the guard before anything else, then answered, or left for the desk, or for nobody.

It belongs to the contact under way for its address, or begins one. What we say goes out as a letter of its own, which
the turn itself stores. What a machine wrote is answered by nobody: two machines would never stop.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from functools import partial

from lamplighter import logs
from lamplighter.channels.email.reading import Mail
from lamplighter.channels.email.writing import UNSUBSCRIBE
from lamplighter.conversation.events import Opened
from lamplighter.conversation.events_of_review import VERDICTS
from lamplighter.conversation.mail_words import without_ours
from lamplighter.conversation.phrasebook import Phrasebook, PhraseError
from lamplighter.desk import gate, letters, messages, notices, opting_out
from lamplighter.desk.backlog import Backlog
from lamplighter.desk.contacts import Contacts, NotStored
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import Clock, Message, Records, Task, Transaction
from lamplighter.desk.texting import Threads, is_answer
from lamplighter.practice.model import Practice, PracticeId

log = logs.get(__name__)
_LEAVES = re.compile(rf"\s*{UNSUBSCRIBE}\s+([0-9A-Za-z_-]{{8,128}})\s*$", re.IGNORECASE | re.MULTILINE)

Reads = Callable[[Practice, str], str]
"""The guard's verdict on words that nobody is to be answered for."""

Books = Callable[[Practice], Phrasebook]


class Inbound:
    """Where emails arrive. `reads` is asked for what a machine wrote, `books` for the words that we write with."""

    def __init__(
        self,
        contacts: Contacts,
        records: Records,
        clock: Clock,
        reads: Reads,
        books: Books,
        backlog: Backlog | None = None,
    ) -> None:
        self._contacts, self._records, self._clock = contacts, records, clock
        self._reads, self._books = reads, books
        self._backlog = backlog or Backlog()
        self._threads = Threads(records, contacts.utterances, contacts.epoch)

    def something_waits(self, practice: PracticeId) -> None:
        """Nothing of ours goes out until it is taken."""
        self._backlog.waits(practice, "mailbox", self._clock.now())

    def nothing_waits(self, practice: PracticeId) -> None:
        self._backlog.read(practice, "mailbox")

    def turn_of(self, practice: Practice, mail: Mail) -> int:
        """In which turn it is taken where several have come: whoever is in danger first. What can't be read may be of
        somebody who is."""
        if mail.kind == "bounce":
            return len(VERDICTS)
        try:
            return VERDICTS.index(self._reads(practice, mail.text))
        except Exception:
            log.exception("mail_not_read_ahead", practice=practice.id)
            return 0

    def known(self, practice: Practice, name: str) -> bool:
        """Whether the mail of this Message-ID was taken before."""
        with self._records.transaction(practice.id) as tx:
            return tx.log.claimed(inbound_id(name))

    def note(self, practice: Practice, name: str) -> None:
        """It was here before us, and people have read it."""
        with self._records.transaction(practice.id) as tx:
            tx.log.claim(inbound_id(name))

    def leave(self, practice: Practice, name: str) -> None:
        """It can't be taken, however often it is tried: the desk reads the mailbox."""
        with self._records.transaction(practice.id) as tx:
            tx.log.claim(inbound_id(name))
            due = messages.callback_due(practice, self._clock.now())
            details = (("about", "email"), ("read", "the mailbox"))
            tx.tasks.add(Task(stable_id("unread", name), "message", "desk", due, details=details))

    def take(self, practice: Practice, mail: Mail) -> None:
        """May be asked again with the same mail, and does then what was left undone. Raises NotStored."""
        try:
            self._take(practice, mail)
        except NotStored:
            raise
        except Exception:
            if mail.kind != "bounce":
                opened = Opened("email", practice.email or "", "", mail.sender)
                taking = partial(self._take, practice, mail)
                self._contacts.not_opened(practice.id, opened, mail.text, taking, inbound_id(mail.id))
            raise

    def _take(self, practice: Practice, mail: Mail) -> None:
        if self._is_ours(practice, mail):
            return self.note(practice, mail.id)
        self._takes_off(practice, mail)
        match mail.kind:
            case "bounce":
                self._bounced(practice, mail)
            case "automatic":
                self._from_a_machine(practice, mail)
            case "letter":
                self._letter(practice, mail)

    def _is_ours(self, practice: Practice, mail: Mail) -> bool:
        """A copy of what we have sent. What else comes from our own address may be a form that somebody filled in."""
        with self._records.transaction(practice.id) as tx:
            sent = tx.outbox.get(mail.named) if mail.named else None
        return sent is not None and sent.channel == "email"

    def _takes_off(self, practice: Practice, mail: Mail) -> None:
        """The subject that the button of a mail program writes, whatever else the letter is. The id is the key: nobody
        has it but who got the message."""
        asked = _LEAVES.match(mail.text)
        with self._records.transaction(practice.id) as tx:
            message = tx.outbox.get(asked[1]) if asked else None
            if message is not None and message.channel == "email":
                now = self._clock.now()
                opting_out.opt_out(tx, message.to, words=UNSUBSCRIBE, contact=message.id, now=now)

    def _bounced(self, practice: Practice, mail: Mail) -> None:
        now = self._clock.now()
        with self._records.transaction(practice.id) as tx:
            tx.log.claim(inbound_id(mail.id))
            for message in filter(None, map(tx.outbox.get, mail.failed)):
                if message.channel == "email" and tx.outbox.advance(
                    message.id, "failed", at=now, why="bounced"
                ):
                    notices.not_reached(tx, practice, message, "failed", now, "bounced")

    def _from_a_machine(self, practice: Practice, mail: Mail) -> None:
        """A form on a web page sends like a machine what a person wrote: danger in it rings."""
        if self._reads(practice, mail.text) in ("crisis", "clinical"):
            self._heard(practice, mail, None, None)
        self.note(practice, mail.id)

    def _letter(self, practice: Practice, mail: Mail) -> None:
        answers = self._answered(practice, mail)
        self._heard(practice, mail, mail.sender, answers)

    def _heard(self, practice: Practice, mail: Mail, address: str | None, answers: str | None) -> None:
        contact = self._under_way(practice, address) or self._contact_of(mail)
        if not self._is_there(practice, contact):
            self._contacts.open(
                practice.id,
                channel="email",
                dialled=practice.email or "",
                address=address,
                contact=contact,
                locale=self._language(practice, answers),
            )
        self._contacts.hear(
            practice.id,
            contact,
            without_ours(mail.text, self._ours(practice, mail, contact, answers)),
            inbound=inbound_id(mail.id),
            mail=mail.id if mail.has_id else None,
            answers=answers,
        )

    def _ours(self, practice: Practice, mail: Mail, contact: str, answers: str | None) -> Iterator[str]:
        """The sentences of ours that they have in hand."""
        with self._records.transaction(practice.id) as tx:
            named = filter(None, map(tx.outbox.get, (*mail.answers, *([answers] if answers else []))))
            sent = [*named, *tx.outbox.of_contact(contact)]
        for message in {each.id: each for each in sent if each.channel == "email"}.values():
            yield from self._sentences(practice, message)

    def _sentences(self, practice: Practice, message: Message) -> list[str]:
        """None of them where it can't be said any more as it was."""
        try:
            if is_answer(message):
                return self._threads.words(practice.id, message, now=False).splitlines()
            return letters.letter(self._books(practice), practice, message).split("\n\n")
        except (LookupError, PhraseError):
            log.warning("own_words_not_known", practice=practice.id)
            return []

    def _contact_of(self, mail: Mail) -> str:
        """The same however often it is asked, so that one that was begun and not heard is not begun twice."""
        return f"mail-{inbound_id(mail.id)[-24:]}"

    def _is_there(self, practice: Practice, contact: str) -> bool:
        with self._records.transaction(practice.id) as tx:
            return bool(tx.log.read(contact))

    def _under_way(self, practice: Practice, address: str | None) -> str | None:
        if address is None:
            return None
        with self._records.transaction(practice.id) as tx:
            return tx.log.open_contact("email", address)

    def _language(self, practice: Practice, answers: str | None) -> str | None:
        """In which we wrote what is answered."""
        with self._records.transaction(practice.id) as tx:
            message = tx.outbox.get(answers) if answers else None
        return message.locale if message else None

    def _answered(self, practice: Practice, mail: Mail) -> str | None:
        """The message about a visit, or that offered a time, that it is in answer to, at once or through an answer of
        ours in between. Who else writes under this address has never seen what our messages are called."""
        with self._records.transaction(practice.id) as tx:
            found = (_about_a_visit(tx, name, mail.sender) for name in mail.answers)
            first = next((each for each in found if each is not None), None)
        if first is None or not first.startswith("contact:"):
            return first
        return self._contacts.state(practice.id, first.removeprefix("contact:")).in_answer_to


def _about_a_visit(tx: Transaction, name: str, sender: str | None) -> str | None:
    message = tx.outbox.get(name)
    if message is None or message.channel != "email" or message.to.lower() != sender:
        return None
    if message.visit is not None or gate.purpose_of(message) == "waitlist":
        return message.id
    return f"contact:{message.contact}" if message.contact else None


def inbound_id(name: str) -> str:
    """A Message-ID tells of whoever made it, so that it is not kept as it stands."""
    return f"mail:{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()}"

"""Texts and emails of ours: stored before they are sent, sent by a durable job, never more than once.

A message is a phrase by id. Its words are neutral: the practice's sender name, a time, and how to answer.
"""

from collections.abc import Mapping
from types import MappingProxyType

from lamplighter import logs
from lamplighter.conversation.phrasebook import Phrasebook, PhraseError
from lamplighter.desk import gate
from lamplighter.desk.context import Errand, stable_id
from lamplighter.desk.ports import (
    Clock,
    Job,
    Message,
    MessageRefused,
    MessageStatus,
    Messenger,
    Person,
    Records,
    Task,
    Transaction,
    Visit,
)
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.calendar import next_open
from lamplighter.practice.model import Practice, PracticeId

log = logs.get(__name__)
JOB = "send_message"


def wants_texts(person: Person) -> bool:
    """Texts are what we send. Whoever asked to be called or written to by email gets none."""
    return person.phone is not None and person.contact_channel in (None, "sms")


def send(errand: Errand, person: Person, visit: Visit, phrase: str) -> bool:
    """A notice about a visit to the person's number, in the language of the contact. False: none goes out, and none may
    be promised.

    Its id has where the contact stands: each change tells of itself, and a change that is stored again tells once."""
    if person.phone is None or not wants_texts(person):
        return False
    args = visit_args(errand.practice, visit)
    name = stable_id(errand.contact, phrase, visit.id, args["day"], person.phone, str(errand.state.seq))
    message = Message(
        id=name,
        channel="sms",
        to=person.phone,
        phrase=phrase,
        args=tuple(sorted(args.items())),
        locale=errand.state.locale,
        at=errand.now,
        person=person.id,
        contact=errand.contact,
        visit=visit.id,
    )
    if gate.never(errand.tx, message):
        return False
    enqueue(errand.tx, message)
    stored = errand.tx.outbox.get(name)
    return stored is not None and stored.status not in ("failed", "cancelled")


def visit_args(practice: Practice, visit: Visit) -> dict[str, str]:
    start = visit.slot.start.astimezone(practice.timezone).isoformat()
    return {"sender": practice.sender_name, "practice_phone": practice.phone, "day": start, "clock": start}


def enqueue(tx: Transaction, message: Message) -> None:
    """Stores the message and the job that sends it, in this transaction."""
    tx.outbox.add(message)
    tx.jobs.enqueue(Job(key=f"send:{message.id}", name=JOB, due=message.at, args=(("message", message.id),)))


class Sending:
    """The job that sends a stored message through the messenger, once the gate lets it go."""

    def __init__(
        self,
        records: Records,
        messenger: Messenger,
        phrasebooks: Mapping[PracticeId, Phrasebook],
        practices: Mapping[PracticeId, Practice],
        clock: Clock,
        laws: Mapping[PracticeId, LawData] = MappingProxyType({}),
    ) -> None:
        self._records = records
        self._messenger = messenger
        self._phrasebooks = phrasebooks
        self._practices = practices
        self._clock = clock
        self._laws = laws

    def run(self, practice_id: PracticeId, job: Job) -> None:
        """Raises ConnectionError when the carrier can't be reached, so that the job runs again. What can't be said, or
        will never be delivered, has failed, which staff see."""
        message_id = dict(job.args)["message"]
        with self._records.transaction(practice_id) as tx:
            message = tx.outbox.get(message_id)
            if message is None or message.status not in ("queued", "sending"):
                return
            if not self._may_go(tx, practice_id, message):
                return
            tx.outbox.advance(message_id, "sending", at=self._clock.now())
        status = self._sent(practice_id, message)
        with self._records.transaction(practice_id) as tx:
            self._over(tx, practice_id, message, status)

    def _may_go(self, tx: Transaction, practice_id: PracticeId, message: Message) -> bool:
        """Asks the gate; what may go later is looked at again then, what may not is over."""
        now = self._clock.now()
        law = self._laws.get(practice_id, SHIPPED)
        ruling = gate.rule(tx, self._practices[practice_id], message, now, law)
        if ruling.why is None:
            return True
        if ruling.again is None:
            over: MessageStatus = "cancelled" if message.status == "queued" else "failed"
            self._over(tx, practice_id, message, over, ruling.why)
        else:
            tx.outbox.put_off(message.id, ruling.why)
            key = f"send:{message.id}:{ruling.again.isoformat()}"
            tx.jobs.enqueue(Job(key, JOB, ruling.again, (("message", message.id),)))
        log.info("message_not_let_go", practice=practice_id, channel=message.channel)
        return False

    def _over(
        self,
        tx: Transaction,
        practice_id: PracticeId,
        message: Message,
        status: MessageStatus,
        why: str | None = None,
    ) -> None:
        """A reminder that no carrier took is a person's to give: one task a visit and person."""
        now = self._clock.now()
        moved = tx.outbox.advance(message.id, status, at=now, why=why)
        if moved and status == "failed" and gate.purpose_of(message) == "reminders":
            name = stable_id("not_reached", message.visit or message.id, message.person or "")
            due = next_open(self._practices[practice_id], now)
            details = (("phone", message.to),)
            tx.tasks.add(Task(name, "not_reached", "desk", due, person=message.person, details=details))

    def _sent(self, practice_id: PracticeId, message: Message) -> MessageStatus:
        book, practice = self._phrasebooks[practice_id], self._practices[practice_id]
        locale, phrase = signed_form(book, practice, message)
        try:
            text = book.render(locale, phrase, dict(message.args))
            self._messenger.send(message.id, message.channel, message.to, practice.sender_name, text)
        except (MessageRefused, PhraseError):
            log.exception("message_not_sent", practice=practice_id, channel=message.channel)
            return "failed"
        return "sent"


def signed_form(book: Phrasebook, practice: Practice, message: Message) -> tuple[str, str]:
    """Locale and phrase: its own; where a practice signed neither, the plainer one whose name it begins with, and its
    first language. A reminder that can't be said in somebody's own words is still one."""
    plainer = message.phrase.rpartition(".")[0]
    forms = [
        (locale, phrase)
        for locale in (message.locale, practice.languages_signed[0])
        for phrase in (message.phrase, plainer)
    ]
    return next((form for form in forms if book.has(*form)), forms[0])

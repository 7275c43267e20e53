"""Texts and emails of ours: stored before they are sent, sent by a durable job, never more than once.

A message is a phrase by id. Its words are neutral: the practice's sender name, a time, and how to answer.
"""

from collections.abc import Mapping
from datetime import timedelta

from lamplighter import logs
from lamplighter.conversation.phrasebook import Phrasebook, PhraseError
from lamplighter.desk import quiet, stopping
from lamplighter.desk.context import Errand, stable_id
from lamplighter.desk.ports import (
    Job,
    Message,
    MessageRefused,
    Messenger,
    Person,
    Records,
    Transaction,
    Visit,
)
from lamplighter.practice.model import Practice, PracticeId

log = logs.get(__name__)
JOB = "send_message"
LOOK_AGAIN = timedelta(hours=1)
HELD_AT_MOST = timedelta(days=7)


def wants_texts(person: Person) -> bool:
    """Texts are what we send. Whoever asked to be called or written to by email gets none."""
    return person.phone is not None and person.contact_channel in (None, "sms")


def send(errand: Errand, person: Person, visit: Visit, phrase: str) -> bool:
    """A notice about a visit to the person's number, in the language of the contact. False: none goes out.

    Its id has where the contact stands: each change tells of itself, and a change that is stored again tells once."""
    if person.phone is None or not wants_texts(person):
        return False
    args = visit_args(errand.practice, visit)
    name = stable_id(errand.contact, phrase, visit.id, args["day"], person.phone, str(errand.state.seq))
    enqueue(
        errand.tx,
        Message(
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
        ),
    )
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
    """The job that sends a stored message through the messenger."""

    def __init__(
        self,
        records: Records,
        messenger: Messenger,
        phrasebooks: Mapping[PracticeId, Phrasebook],
        practices: Mapping[PracticeId, Practice],
    ) -> None:
        self._records = records
        self._messenger = messenger
        self._phrasebooks = phrasebooks
        self._practices = practices

    def _held(self, tx: Transaction, message: Message, job: Job, *, goes_stale: bool) -> None:
        """It is looked at again in an hour, for a week; what would be stale by then is cancelled."""
        again = job.due + LOOK_AGAIN
        if goes_stale or again - message.at > HELD_AT_MOST:
            tx.outbox.advance(message.id, "cancelled")
            return
        args = (("message", message.id),)
        tx.jobs.enqueue(Job(f"send:{message.id}:{again.isoformat()}", JOB, again, args))

    def run(self, practice_id: PracticeId, job: Job) -> None:
        """Raises ConnectionError when the carrier can't be reached, so that the job runs again. What can't be said, or
        will never be delivered, has failed, which staff see."""
        message_id = dict(job.args)["message"]
        with self._records.transaction(practice_id) as tx:
            message = tx.outbox.get(message_id)
            if message is None or message.status not in ("queued", "sending"):
                return
            if quiet.silences(tx, message):
                tx.outbox.advance(message_id, "cancelled")
                return
            duty = stopping.duty_of(message)
            if stopping.holds(tx, duty, person=message.person, address=message.to, visit=message.visit):
                self._held(tx, message, job, goes_stale=duty != "outreach")
                return
            tx.outbox.advance(message_id, "sending")
        sender = self._practices[practice_id].sender_name
        try:
            text = self._phrasebooks[practice_id].render(message.locale, message.phrase, dict(message.args))
            self._messenger.send(message.id, message.channel, message.to, sender, text)
            status = "sent"
        except (MessageRefused, PhraseError):
            log.exception("message_not_sent", practice=practice_id, channel=message.channel)
            status = "failed"
        with self._records.transaction(practice_id) as tx:
            tx.outbox.advance(message_id, status)  # type: ignore[arg-type]

"""Texts and emails of ours: stored before they are sent, sent by a durable job, never more than once.

A message is a phrase by id. Its words are neutral: the practice's sender name, a time, and how to answer.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, get_args

from lamplighter import logs
from lamplighter.conversation.phrasebook import Phrasebook, PhraseError
from lamplighter.conversation.state import fold
from lamplighter.desk import (
    carrying,
    climbing,
    gate,
    letters,
    opting_out,
    preferences,
    texting,
    told_times,
    waitlist_openings,
)
from lamplighter.desk.backlog import LOOK_AGAIN, Backlog
from lamplighter.desk.context import Errand, stable_id
from lamplighter.desk.ports import (
    Carrier,
    Carriers,
    CarrierStatus,
    Clock,
    Job,
    Message,
    MessageRefused,
    MessageStatus,
    MessageUnknown,
    Messenger,
    OutcomeUnknown,
    Outgoing,
    Person,
    Records,
    RefusedToThem,
    Task,
    Transaction,
    Visit,
)
from lamplighter.desk.texting import Threads
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.calendar import next_open
from lamplighter.practice.model import Practice, PracticeId

log = logs.get(__name__)
JOB = "send_message"
NEXT: Final = timedelta(seconds=1)
TAKEN: Final = ("sent", "delivered", "unknown")
"""Told of one that was handed over before: what they wrote since is younger."""

_KEPT_BACK: Final = frozenset(get_args(gate.Why)) - {"too_late"}


def wants_texts(person: Person) -> bool:
    """Whether a text is what they get. Whoever asked to be called or written to by email gets none."""
    return person.phone is not None and person.contact_channel in (None, "sms")


def send(errand: Errand, person: Person, visit: Visit, phrase: str) -> bool:
    """A notice about a visit by the way that they are written to, in the language of the contact. False: no text goes
    out, and none may be promised.

    Its id has where the contact stands: each change tells of itself, and a change that is stored again tells once."""
    return write(errand, person, visit, phrase, errand.state.locale) == "sms"


def write(
    errand: Errand, person: Person, visit: Visit, phrase: str, locale: str
) -> preferences.Channel | None:
    """The same in a language of theirs: the way by which it goes out, None where it doesn't."""
    way = preferences.way_to(errand.tx, errand.practice, person)
    if way is None:
        return None
    args = visit_args(errand.practice, visit, person)
    if way.channel == "email":
        args |= letters.in_thread(errand.state, way.address)
    name = stable_id(errand.contact, phrase, visit.id, args["day"], way.address, str(errand.state.seq))
    message = Message(
        id=name,
        channel=way.channel,
        to=way.address,
        phrase=way.channel + phrase.removeprefix("sms"),
        args=tuple(sorted(args.items())),
        locale=locale,
        at=errand.now,
        person=person.id,
        contact=errand.contact,
        visit=visit.id,
    )
    if gate.never(errand.tx, message):
        return None
    enqueue(errand.tx, errand.wording(errand.tx, errand.practice, visit, message))
    stored = errand.tx.outbox.get(name)
    return way.channel if stored is not None and stored.status not in ("failed", "cancelled") else None


def visit_args(practice: Practice, visit: Visit, person: Person | None = None) -> dict[str, str]:
    """When it is as `person` is told it."""
    when = told_times.told(practice, visit.slot, person)
    return {"sender": practice.sender_name, "practice_phone": practice.phone, **when}


def enqueue(tx: Transaction, message: Message) -> None:
    """Stores the message and the job that sends it, in this transaction."""
    tx.outbox.add(message)
    tx.jobs.enqueue(Job(key=f"send:{message.id}", name=JOB, due=message.at, args=(("message", message.id),)))


class Sending:
    """The job that sends a stored message, once the gate lets it go: a text through the practice's carrier where it has
    one, anything else through the messenger."""

    def __init__(
        self,
        records: Records,
        messenger: Messenger,
        phrasebooks: Mapping[PracticeId, Phrasebook],
        practices: Mapping[PracticeId, Practice],
        clock: Clock,
        laws: Mapping[PracticeId, LawData] = MappingProxyType({}),
        carriers: Carriers | None = None,
        threads: Threads | None = None,
        backlog: Backlog | None = None,
    ) -> None:
        self._records = records
        self._messenger = messenger
        self._phrasebooks = phrasebooks
        self._practices = practices
        self._clock = clock
        self._laws = laws
        self._carriers = carriers
        self._threads = threads
        self._backlog = backlog or Backlog()

    def run(self, practice_id: PracticeId, job: Job) -> None:
        """Raises ConnectionError when the carrier can't be reached, so that the job runs again. What can't be said, or
        will never be delivered, has failed, which staff see."""
        with self._records.transaction(practice_id) as tx:
            message = tx.outbox.get(dict(job.args)["message"])
        if message is None or message.status not in ("queued", "sending"):
            return
        carrier = self._carriers.of(practice_id) if self._carriers and message.channel == "sms" else None
        if carrier is not None:
            self._by_carrier(practice_id, message, carrier)
        elif message.sent_from and carrying.in_doubt(message):
            self._conclude(practice_id, message, "unknown")
        elif self._is_overtaken(practice_id, message):
            over: MessageStatus = "cancelled" if message.status == "queued" else "failed"
            self._conclude(practice_id, message, over, "overtaken")
        elif self._begun(practice_id, message, None) is not None:
            status = self._sent(practice_id, message)
            self._conclude(practice_id, message, status)

    def _begun(self, practice_id: PracticeId, message: Message, carrier: Carrier | None) -> Message | None:
        """Stores that it is being handed over, if it still waits and may go."""
        now = self._clock.now()
        with self._records.transaction(practice_id) as tx:
            stands = tx.outbox.get(message.id)
            if stands is None or (stands.status, stands.moved_at) != (message.status, message.moved_at):
                return None
            if texting.waits_its_turn(tx, stands, now):
                self._again(tx, message, now + NEXT)
                return None
            if self._waits_for_the_unread(tx, practice_id, stands, now):
                self._again(tx, message, now + LOOK_AGAIN)
                return None
            if not self._may_go(tx, practice_id, stands):
                return None
            if carrier is None:
                tx.outbox.advance(message.id, "sending", at=now)
            else:
                sent_from = carrying.number_for(tx, message, carrier.numbers, now)
                tx.outbox.hand_over(message.id, at=now, sent_from=sent_from)
            return tx.outbox.get(message.id)

    def _waits_for_the_unread(
        self, tx: Transaction, practice: PracticeId, message: Message, now: datetime
    ) -> bool:
        """Something lies at a door that nobody has read: it may be from whom this goes to. Whoever is rung, and whoever
        is in danger, waits for nothing."""
        if message.phrase.startswith(gate.TO_STAFF):
            return False
        answer = texting.is_answer(message)
        if not self._backlog.holds(practice, now, answer=answer or gate.is_reply(message, now)):
            return False
        return not (answer and message.contact and fold(tx.log.read(message.contact)).verdict == "crisis")

    def _again(self, tx: Transaction, message: Message, due: datetime) -> None:
        tx.jobs.enqueue(Job(f"send:{message.id}:{due.isoformat()}", JOB, due, (("message", message.id),)))

    def _may_go(self, tx: Transaction, practice_id: PracticeId, message: Message) -> bool:
        """Asks the gate; what may go later is looked at again then, what may not is over."""
        now = self._clock.now()
        law = self._laws.get(practice_id, SHIPPED)
        ruling = gate.rule(tx, self._practices[practice_id], message, now, law)
        if ruling.why is None:
            return True
        if ruling.again is None:
            self._over(tx, practice_id, message, _refused(message, ruling.why), ruling.why)
        else:
            tx.outbox.put_off(message.id, ruling.why)
            self._again(tx, message, ruling.again)
        log.info("message_not_let_go", practice=practice_id, channel=message.channel)
        return False

    def _conclude(
        self,
        practice_id: PracticeId,
        message: Message,
        status: MessageStatus,
        why: str | None = None,
        carrier_id: str | None = None,
    ) -> None:
        with self._records.transaction(practice_id) as tx:
            self._over(tx, practice_id, message, status, why, carrier_id)

    def _over(
        self,
        tx: Transaction,
        practice_id: PracticeId,
        message: Message,
        status: MessageStatus,
        why: str | None = None,
        carrier_id: str | None = None,
    ) -> None:
        now = self._clock.now()
        moved = None if status in TAKEN else now
        if tx.outbox.advance(message.id, status, at=moved, why=why, carrier_id=carrier_id):
            law = self._laws.get(practice_id, SHIPPED)
            not_reached(tx, self._practices[practice_id], message, status, now, why, law)

    # -- through a messenger that knows what it has sent ---------------------------------------------------------------

    def _is_overtaken(self, practice_id: PracticeId, message: Message) -> bool:
        """Whether staff have taken the floor from all that an answer was to say."""
        if self._threads is None or not texting.is_answer(message):
            return False
        try:
            return not self._threads.words(practice_id, message, now=True)
        except PhraseError:
            return False

    def _sent(self, practice_id: PracticeId, message: Message) -> MessageStatus:
        practice = self._practices[practice_id]
        try:
            text = self._words(practice_id, message)
            sender = letters.sender(practice) if message.channel == "email" else practice.sender_name
            self._messenger.send(message.id, message.channel, message.to, sender, text)
        except MessageUnknown:
            log.warning("message_perhaps_sent", practice=practice_id, channel=message.channel)
            return "unknown"
        except (MessageRefused, PhraseError):
            log.exception("message_not_sent", practice=practice_id, channel=message.channel)
            return "failed"
        return "sent"

    def _words(self, practice_id: PracticeId, message: Message, *, now: bool = True) -> str:
        """Raises PhraseError. Empty where nothing of it is to be said any more."""
        book, practice = self._phrasebooks[practice_id], self._practices[practice_id]
        if texting.is_answer(message):
            words = self._threads.words(practice_id, message, now=now) if self._threads else ""
            return letters.in_answer(book, practice, message, words) if message.channel == "email" else words
        if message.channel == "email":
            return letters.letter(book, practice, message)
        locale, phrase = letters.signed_form(book, practice, message)
        return book.render(locale, phrase, dict(message.args))

    # -- through a carrier that is asked what it has sent --------------------------------------------------------------

    def _by_carrier(self, practice_id: PracticeId, message: Message, carrier: Carrier) -> None:
        if carrying.in_doubt(message) and not self._surely_not_taken(practice_id, message, carrier):
            return
        try:
            text = self._words(practice_id, message)
        except PhraseError:
            log.exception("message_not_sent", practice=practice_id, channel=message.channel)
            return self._conclude(practice_id, message, "failed")
        if not text:
            over: MessageStatus = "cancelled" if message.status == "queued" else "failed"
            return self._conclude(practice_id, message, over, "overtaken")
        begun = self._begun(practice_id, message, carrier)
        if begun is not None:
            self._hand_over(practice_id, begun, carrier, text)
        return None

    def _surely_not_taken(self, practice_id: PracticeId, message: Message, carrier: Carrier) -> bool:
        try:
            text = self._words(practice_id, message, now=False)
        except PhraseError:
            text = ""
        others = carrying.others(self._records, practice_id, message)
        found = carrying.find_out(carrier, _outgoing(practice_id, message, text), others, self._clock.now())
        if found.later is not None:
            with self._records.transaction(practice_id) as tx:
                self._again(tx, message, found.later)
        elif found.status is not None:
            self._conclude(practice_id, message, found.status, carrier_id=found.carrier_id)
        return found == carrying.Found()

    def _hand_over(self, practice_id: PracticeId, message: Message, carrier: Carrier, text: str) -> None:
        try:
            taken = carrier.send(_outgoing(practice_id, message, text))
        except RefusedToThem:
            with self._records.transaction(practice_id) as tx:
                self._over(tx, practice_id, message, "failed", "opted_out")
                return _told_the_carrier(tx, message, self._clock.now())
        except MessageRefused:
            log.exception("message_not_sent", practice=practice_id, channel=message.channel)
            return self._conclude(practice_id, message, "failed")
        except OutcomeUnknown:
            log.warning("message_perhaps_sent", practice=practice_id, channel=message.channel)
            with self._records.transaction(practice_id) as tx:
                return self._again(tx, message, carrying.asked_again(carrier, message, self._clock.now()))
        except ConnectionError:
            with self._records.transaction(practice_id) as tx:
                tx.outbox.put_off(message.id, carrying.NOT_TAKEN)
            raise
        return self._conclude(practice_id, message, taken.status, carrier_id=taken.carrier_id)


def _refused(message: Message, why: gate.Why) -> MessageStatus:
    """What becomes of one that the gate lets go never. Whoever waits for an answer is still owed it."""
    owed = texting.is_answer(message) and why == "too_late"
    return "failed" if message.status != "queued" or owed else "cancelled"


def _outgoing(practice_id: PracticeId, message: Message, text: str) -> Outgoing:
    handed = message.moved_at or message.at
    return Outgoing(practice_id, message.id, message.to, message.sent_from or "", text, handed)


def receipt(
    tx: Transaction,
    practice: Practice,
    message: Message,
    status: CarrierStatus | None,
    carrier_id: str,
    now: datetime,
    *,
    opted_out: bool = False,
) -> None:
    """What a carrier tells of a message, in whatever order it comes. Any word of it says that it was taken. That they
    want none holds as of when the message was handed over: what they wrote since counts for more."""
    opted_out = opted_out and not opting_out.wanted_since(tx, message.to, message.moved_at or message.at)
    handed = message.moved_at or now
    if message.status in ("queued", "sending", "unknown") and status != "failed":
        tx.outbox.advance(message.id, "sent", at=handed, carrier_id=carrier_id)
    why = "opted_out" if opted_out else None
    moved = handed if status in TAKEN else now
    if status is not None and tx.outbox.advance(message.id, status, at=moved, carrier_id=carrier_id, why=why):
        not_reached(tx, practice, message, status, now, why)
        if opted_out:
            _told_the_carrier(tx, message, now)


def _told_the_carrier(tx: Transaction, message: Message, now: datetime) -> None:
    """They want no texts, and said so to the carrier alone: from now on we know it, and promise and queue none."""
    if opting_out.EVERYTHING not in opting_out.what_of(tx, message.to):
        opting_out.opt_out(tx, message.to, words="carrier", contact=message.contact or "", now=now)


def not_reached(
    tx: Transaction,
    practice: Practice,
    message: Message,
    status: MessageStatus,
    now: datetime,
    why: str | None = None,
    law: LawData = SHIPPED,
) -> None:
    """What is about a visit and did not arrive goes another way, once; what nothing reached, an answer that did not
    arrive, and what nobody knows of, is a person's to see to. A time from the wait list goes to the next one. Whoever
    wants no texts is not pressed, and nobody is told to ring whom the gate keeps from being written to."""
    if status not in ("failed", "unknown") or why == "opted_out" or message.phrase.startswith(gate.TO_STAFF):
        return
    if status == "failed" and gate.purpose_of(message) == "waitlist":
        waitlist_openings.look_again(tx, message, now)
    mail = climbing.instead(tx, practice, message, now, law) if status == "failed" else None
    if mail is not None:
        enqueue(tx, mail)
    elif why in _KEPT_BACK or not _may_be_rung(tx, message):
        return
    elif _is_to_be_told(tx, message) or status == "unknown" or texting.is_answer(message):
        answer = texting.is_answer(message)
        name = stable_id("not_reached", message.visit or message.contact or message.id, message.person or "")
        where = (("email" if message.channel == "email" else "phone", message.to),)
        due = now if answer else next_open(practice, now)
        contact = message.contact if answer else None
        tx.tasks.add(Task(name, "not_reached", "desk", due, contact, message.person, where))


def _is_to_be_told(tx: Transaction, message: Message) -> bool:
    """Whether somebody should reach them instead: it is about a visit, and holds."""
    return climbing.climbs(message) and climbing.still_so(tx, message)


def _may_be_rung(tx: Transaction, message: Message) -> bool:
    """Where nobody knows who they are, as everybody on file under the number wishes."""
    meant = (message.person,) if message.person else tuple(each.id for each in tx.people.by_phone(message.to))
    return all(gate.may_be_reached(tx, replace(message, person=who)) for who in meant or (None,))

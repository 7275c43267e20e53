"""The door for a picture of an insurance card (rule 40): a link of ours, and never a text with a picture.

It is asked for by the person themselves, by somebody here, or where a plan was not found under the number on file. What
does not come in two days is asked for by a person.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from lamplighter.conversation.actions import Done, Refused
from lamplighter.conversation.plan_actions import SendCardLink
from lamplighter.desk import gate, notices, plan_card_kept, plan_outcomes, stopping
from lamplighter.desk.allowance import Allowance, take
from lamplighter.desk.context import Errand, stable_id
from lamplighter.desk.owed import OURS
from lamplighter.desk.plan_card_kept import about
from lamplighter.desk.plan_card_links import CardLinks
from lamplighter.desk.ports import Clock, Fact, Job, Message, Person, Records, Transaction
from lamplighter.desk.preferences import Way, email_of, message_to, way_to
from lamplighter.practice.model import Practice, PracticeId

PHRASE, AGAIN = "plan_card", "plan_card.again"
LOOK: Final = "plan_card_look"
WAITS: Final = timedelta(days=2)
TWICE: Final = timedelta(minutes=1)
"""Within which a second click is one too many."""

AN_HOUR: Final = 3
"""How many links somebody may ask for in an hour."""


def send(errand: Errand, cards: CardLinks, person: Person) -> Done | Refused:
    """To whoever asks for it in a contact: at once, where they are written to. Where none may go a person asks."""
    tx, practice, now = errand.tx, errand.practice, errand.now
    few = Allowance(f"card_link|{person.id}", AN_HOUR, timedelta(hours=1))
    way = way_to(tx, practice, person) or _any_way(practice, person)
    name = errand.name_of(SendCardLink(person.id))
    if way is None or person.by_person_only or not take(errand, [few]):
        return by_person(errand, person)
    plain = message_to(practice, person, way, PHRASE, name, now)
    plain = replace(plain, locale=errand.state.locale, contact=errand.contact)
    linked = None if gate.never(tx, plain) else cards.linked(tx, practice, plain)
    if linked is None:
        return by_person(errand, person)
    _store(tx, practice, person, linked, now, by=errand.contact)
    return Done(ref=name, texted=True, person=person.id)


def _any_way(practice: Practice, person: Person) -> Way | None:
    """They ask for it now, however they are reached otherwise."""
    return Way("sms", person.phone) if person.phone is not None else email_of(practice, person)


def by_person(errand: Errand, person: Person) -> Done:
    """Somebody asks for what stands on it."""
    plan_outcomes.ask_by_person(errand.tx, errand.practice, person.id, person.member_id or "", errand.now)
    return Done(person=person.id)


def may_be_asked(
    tx: Transaction, practice: Practice, cards: CardLinks, person: Person, now: datetime
) -> bool:
    """Whether a link can go to them of ourselves."""
    way = way_to(tx, practice, person)
    if way is None or person.by_person_only or cards.maker is None or not cards.maker.has_pages(practice):
        return False
    if stopping.holds(tx, "outreach", person=person.id, address=way.address):
        return False
    return gate.never(tx, message_to(practice, person, way, PHRASE, "", now)) is None


def ask(
    tx: Transaction,
    practice: Practice,
    cards: CardLinks,
    person: Person,
    *,
    by: str,
    now: datetime,
    phrase: str = PHRASE,
) -> bool:
    """Somebody here asks for it; what they asked for just now, or what still waits to go, is enough. False where no
    link can go to them."""
    way = way_to(tx, practice, person)
    if way is None or not may_be_asked(tx, practice, cards, person, now):
        return False
    if _is_under_way(tx, person, way, now):
        return True
    name = stable_id(PHRASE, person.id, now.isoformat())
    linked = cards.linked(tx, practice, message_to(practice, person, way, phrase, name, now))
    if linked is None:
        return False
    _store(tx, practice, person, linked, now, by=by)
    return True


def _is_under_way(tx: Transaction, person: Person, way: Way, now: datetime) -> bool:
    fact = plan_card_kept.asked(tx, person.id)
    message = tx.outbox.get(fact.value("message")) if fact is not None else None
    if message is None or (message.channel, message.to) != (way.channel, way.address):
        return False
    just_now = message.at > now - TWICE and message.status in ("sending", "unknown", "sent", "delivered")
    return message.status == "queued" or just_now


def _store(
    tx: Transaction, practice: Practice, person: Person, message: Message, now: datetime, *, by: str
) -> None:
    notices.enqueue(tx, message)
    name = plan_card_kept.note_asked(tx, person, message, by=by, now=now)
    tx.jobs.enqueue(Job(f"{LOOK}:{name}", LOOK, now + WAITS, (("asked", name), ("person", person.id))))


# -- what can't be read ------------------------------------------------------------------------------------------------


def unreadable(
    tx: Transaction, practice: Practice, cards: CardLinks, person: Person, *, by: str, now: datetime
) -> None:
    """They are asked once more; whatever can't be read after that, or where no link can go, a person asks for."""
    before = was_unreadable(tx, person.id)
    plan_card_kept.done_with(tx, person.id, by=by, now=now)
    name = stable_id("card_unreadable", person.id, now.isoformat())
    tx.facts.state(Fact(name, "card_unreadable", about(person.id), now, by, (), person.id))
    if before or not ask(tx, practice, cards, person, by=by, now=now, phrase=AGAIN):
        plan_outcomes.ask_by_person(tx, practice, person.id, f"{person.member_id or ''}|{name}", now)


def was_unreadable(tx: Transaction, person: str) -> bool:
    """One before this could not be read either."""
    return bool(tx.facts.standing("card_unreadable", about(person)))


# -- jobs --------------------------------------------------------------------------------------------------------------


class Cards:
    """What has not come is asked for by a person; what nobody has been done with is destroyed when its time is over."""

    def __init__(self, records: Records, practices: Mapping[PracticeId, Practice], clock: Clock) -> None:
        self._records, self._practices, self._clock = records, practices, clock

    def look(self, practice_id: PracticeId, job: Job) -> None:
        args, practice, now = dict(job.args), self._practices[practice_id], self._clock.now()
        with self._records.transaction(practice_id) as tx:
            fact, person = plan_card_kept.asked(tx, args["person"]), tx.people.get(args["person"])
            if fact is None or person is None or fact.id != args["asked"]:
                return
            if (person.member_id or "") != fact.value("had"):
                return
            name = f"{person.member_id or ''}|{fact.id}"
            plan_outcomes.ask_by_person(tx, practice, person.id, name, now)

    def over(self, practice_id: PracticeId, job: Job) -> None:
        """Where nobody had looked by then, a person asks for what stood on it."""
        args, practice, now = dict(job.args), self._practices[practice_id], self._clock.now()
        with self._records.transaction(practice_id) as tx:
            card = plan_card_kept.of(tx, args["person"])
            if card is None or card.id != args["card"]:
                return
            waits = plan_card_kept.is_looked_at(tx, args["person"])
            plan_card_kept.done_with(tx, args["person"], by=OURS, now=now)
            if waits:
                plan_outcomes.ask_by_person(tx, practice, args["person"], card.id, now)

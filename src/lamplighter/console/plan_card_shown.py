"""How it stands with a picture of somebody's insurance card, for the page of their insurance."""

from dataclasses import dataclass
from datetime import datetime

from lamplighter.console import wording
from lamplighter.desk import plan_card, plan_card_kept
from lamplighter.desk.eligibility import Plans
from lamplighter.desk.plan_card_kept import SIDES
from lamplighter.desk.ports import Fact, Person, Transaction
from lamplighter.practice.model import Practice


@dataclass(frozen=True, slots=True)
class CardShown:
    """`sides` that there is a picture of; `id` of the set that is looked at. `asked`: that nothing has come since.
    `may_ask`: a link can go to them. `last_time`: what can't be read is not asked for again by us."""

    id: str
    sides: tuple[str, ...]
    came: str
    typed: str
    asked: str
    may_ask: bool
    last_time: bool
    days: int


def card_shown(tx: Transaction, practice: Practice, plans: Plans, person: Person, now: datetime) -> CardShown:
    card, asked = plan_card_kept.of(tx, person.id), plan_card_kept.asked(tx, person.id)
    zone = practice.timezone
    return CardShown(
        id=card.id if card else "",
        sides=SIDES[: len(card.pictures)] if card else (),
        came=wording.on(card.at, zone) if card else "",
        typed=wording.on(card.typed, zone) if card and card.typed else "",
        asked=_asked(tx, practice, asked) if asked is not None else "",
        may_ask=plan_card.may_be_asked(tx, practice, plans.cards, person, now),
        last_time=plan_card.was_unreadable(tx, person.id),
        days=practice.eligibility.card_days,
    )


def _asked(tx: Transaction, practice: Practice, fact: Fact) -> str:
    message = tx.outbox.get(fact.value("message"))
    way = wording.CHANNELS[message.channel].lower() if message is not None else "message"
    return f"{wording.on(fact.at, practice.timezone)}, by {way}"

"""What is kept of somebody's insurance card: that we asked for a picture of it, the pictures that came, and until when.

Of each person one set, the newest. It is destroyed as soon as their plan was found with what stands on it, when
somebody here says that they are done with it, or after some days, whichever comes first.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lamplighter.desk import holding
from lamplighter.desk.context import stable_id
from lamplighter.desk.messages import callback_due
from lamplighter.desk.owed import OURS
from lamplighter.desk.ports import AGENT, Fact, Job, Message, Person, Task, Transaction
from lamplighter.practice.model import Practice

OVER: Final = "plan_card_over"
SIDES: Final = ("front", "back")
TASK: Final = "plan_card"


@dataclass(frozen=True, slots=True)
class Card:
    """`pictures`: what they are called, the front first. `typed`: when somebody here typed what stands on it."""

    id: str
    at: datetime
    pictures: tuple[str, ...]
    typed: datetime | None


def about(person: str) -> str:
    return f"person/{person}"


def note_asked(tx: Transaction, person: Person, message: Message, *, by: str, now: datetime) -> str:
    """That a link went into this message. What it is called."""
    details = (("message", message.id), ("had", person.member_id or ""))
    name = stable_id("card_asked", message.id)
    tx.facts.state(Fact(name, "card_asked", about(person.id), now, by, details, person.id))
    return name


def is_settled(tx: Transaction, message: Message) -> bool:
    """It asks for a picture, and one has come since it was asked for."""
    fact = tx.facts.get(stable_id("card_asked", message.id))
    return fact is not None and fact.lifted is not None


def asked(tx: Transaction, person: str) -> Fact | None:
    """When they were asked for it last, and have sent none since."""
    return next(iter(tx.facts.standing("card_asked", about(person))), None)


def of(tx: Transaction, person: str) -> Card | None:
    found = tx.facts.standing("card_sent", about(person))
    return _card(tx, found[0]) if found else None


def _card(tx: Transaction, fact: Fact) -> Card:
    typed = next((each for each in _typed(tx, fact.person) if each.value("card") == fact.id), None)
    return Card(fact.id, fact.at, tuple(fact.value("pictures").split()), typed.at if typed else None)


def _typed(tx: Transaction, person: str | None) -> tuple[Fact, ...]:
    return tx.facts.standing("card_typed", about(person)) if person else ()


def keep(
    tx: Transaction, practice: Practice, person: str, link: str, pictures: tuple[bytes, ...], now: datetime
) -> None:
    """In place of what came before. One task for whoever looks; what was to be asked by telephone has come."""
    destroy(tx, person, now, by=AGENT)
    for fact in tx.facts.standing("card_asked", about(person)):
        tx.facts.lift(fact.id, AGENT, now)
    name = stable_id("card_sent", link)
    ids = [stable_id(name, side) for side, _ in zip(SIDES, pictures, strict=False)]
    for each, content in zip(ids, pictures, strict=False):
        tx.pictures.keep(each, person, content)
    details = (("pictures", " ".join(ids)), ("via", link))
    tx.facts.state(Fact(name, "card_sent", about(person), now, AGENT, details, person))
    due = now + timedelta(days=practice.eligibility.card_days)
    tx.jobs.enqueue(Job(f"{OVER}:{name}", OVER, due, (("card", name), ("person", person))))
    _close(tx, person, "plan_number", OURS)
    if not any(_is_of(task, person, TASK) for task in tx.tasks.list_open()):
        task = stable_id(TASK, name)
        tx.tasks.add(Task(task, TASK, "desk", callback_due(practice, now), person=person))


def typed(tx: Transaction, card: Card, person: str, *, by: str, now: datetime) -> None:
    """Somebody has typed what stands on it. It is kept until the plan is found with it."""
    name = stable_id("card_typed", card.id, now.isoformat())
    tx.facts.state(Fact(name, "card_typed", about(person), now, by, (("card", card.id),), person))


def found(tx: Transaction, person: str, asked: datetime, now: datetime) -> None:
    """A plan was found by a question of that time: where it asked with what stands on the card, that is done with."""
    for fact in tx.facts.standing("card_unreadable", about(person)):
        tx.facts.lift(fact.id, OURS, now)
    card = of(tx, person)
    if card is not None and card.typed is not None and asked >= card.typed:
        done_with(tx, person, by=OURS, now=now)


def done_with(tx: Transaction, person: str, *, by: str, now: datetime) -> None:
    destroy(tx, person, now, by=by)
    _close(tx, person, TASK, by)


def destroy(tx: Transaction, person: str, now: datetime, *, by: str) -> None:
    """Nothing while a legal hold stands for them: it goes when that is lifted."""
    if holding.of(tx, person) is not None:
        return
    for fact in tx.facts.standing("card_sent", about(person)):
        for each in fact.value("pictures").split():
            tx.pictures.destroy(each)
        tx.facts.lift(fact.id, by, now)
    for fact in _typed(tx, person):
        tx.facts.lift(fact.id, by, now)


def is_looked_at(tx: Transaction, person: str) -> bool:
    """Whether somebody here is still to look at it: nobody has typed what stands on it."""
    card = of(tx, person)
    waits = any(_is_of(task, person, TASK) for task in tx.tasks.list_open())
    return waits and (card is None or card.typed is None)


def looked_at(tx: Transaction, person: str, by: str) -> None:
    """Somebody here has, and no plan can be asked with what stands on it."""
    _close(tx, person, TASK, by)


def _close(tx: Transaction, person: str, kind: str, by: str) -> None:
    for task in tx.tasks.list_open():
        if _is_of(task, person, kind):
            tx.tasks.close(task.id, by)


def _is_of(task: Task, person: str, kind: str) -> bool:
    return (task.kind, task.person) == (kind, person)

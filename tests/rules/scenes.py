"""What the tests of the rules have in common: a desk, a crisis in it, what was said, and what stands on the board."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal

from lamplighter.conversation.events import HandoffClosed
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk.page_texts import ByCarrier
from lamplighter.desk.ports import Task
from lamplighter.practice.model import Practice
from lamplighter.practice.sample import load_sample
from tests.promises.desks import CALLER, NIGHT, NOON, Call, Channel, House

DANGER = "I want to kill myself"
MEDICAL = "I took all my pills an hour ago"
HOME = "my husband hit me again"
THREAT = "I'm going to kill him"
PERSON = "let me talk to a person"
REFILL = "hi I need a refill"
MIDNIGHT = datetime(2026, 12, 2, 5, 0, tzinfo=UTC)

__all__ = ["CALLER", "MIDNIGHT", "NIGHT", "NOON", "Call", "House"]


def house(at: datetime = NOON, **practice: Any) -> House:
    return House(at, practice=replace(load_sample(), **practice))


def with_ladder(**ladder: Any) -> Practice:
    sample = load_sample()
    return replace(sample, ladder=replace(sample.ladder, **ladder))


def call(
    words: str, channel: Channel = "voice", at: datetime = NOON, practice: Practice | None = None
) -> Call:
    made = House(at, practice=practice).call(channel)
    made.say(words)
    return made


def last_words(made: Call) -> str:
    """The last sentence of ours, as it is heard or read."""
    return made.replies[-1].said[-1].text


def texts(made: Call) -> list[str]:
    return [utterance.text for reply in made.replies for utterance in reply.said]


def tasks(made: Call, *kinds: str) -> list[Task]:
    with made.house.store.transaction("demo") as tx:
        return [task for task in tx.tasks.list_open() if not kinds or task.kind in kinds]


class ACarrier:
    """There is one, so that whoever is rung may be texted; what it would take is in the outbox."""

    def of(self, practice: str) -> Any:
        return practice


def by_text(desk: House, book: Phrasebook) -> ByCarrier:
    carriers: Any = ACarrier()
    return ByCarrier(desk.store, carriers, {"demo": desk.practice}, {"demo": book}, desk.clock)


def pages(desk: House) -> list[tuple[str, str]]:
    """To whom each text to somebody rung goes, and its words, in the order in which they were stored."""
    book = Phrasebook.load()
    with desk.store.transaction("demo") as tx:
        found = [each for each in tx.outbox.recent(100) if each.phrase.startswith("sms.page")]
    return [(each.to, book.render(each.locale, each.phrase, dict(each.args))) for each in reversed(found)]


def accept(made: Call, by: str = "Dana") -> None:
    ring = made.house.pager.rings[-1]
    made.house.desk.handoffs.answered("demo", made.contact, ring.step, ring.rung, by, "accepted")


def met(made: Call, by: str = "Dana", how: Literal["handled", "not_needed"] = "handled") -> None:
    """Somebody comes, and closes it."""
    made.house.pass_time(1)
    accept(made, by)
    made.note(HandoffClosed(by, how))
    hang_up(made)


def hang_up(made: Call) -> None:
    made.house.desk.contacts.hang_up("demo", made.contact)


def rung(made: Call) -> list[str]:
    return [ring.rung for ring in made.house.pager.rings]

"""Promise 6: no field for why somebody comes, and nothing of what they volunteer stays outside the sealed hearing."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

import pytest

from lamplighter import logs
from lamplighter.conversation import actions, acts, events, wish
from lamplighter.conversation import slots as slot_types
from lamplighter.conversation.details import Detail
from lamplighter.conversation.events import Heard
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk import ports
from lamplighter.practice import model
from lamplighter.records.sql.tables import metadata
from lamplighter.rehearsal.traces import contains, texts_in
from tests.promises.desks import CHANNELS, Channel, House

WHY = re.compile(
    r"symptom|diagnos|complain|condition|concern|presenting|purpose_of|why_they|reason_for|history|medication"
    r"|severity|distress|risk|trauma|icd|cpt|procedure",
    re.IGNORECASE,
)
NO_REASON_BUT = {"Overridden.reason"}  # why staff changed what was decided, never why somebody comes
MODULES = (acts, actions, events, wish, slot_types, ports, model)

VOLUNTEERED = (
    (
        "I'd like a first visit, my husband passed away in March and I cannot sleep",
        ("husband", "passed", "sleep"),
    ),
    ("I need to see somebody about my panic attacks, I've never been before", ("panic", "attacks")),
    (
        "a first visit please, I was diagnosed with bipolar disorder last year",
        ("bipolar", "diagnosed", "disorder"),
    ),
    ("hi, my divorce is killing my concentration and I'd like an appointment", ("divorce", "concentration")),
    ("quisiera una primera cita, tengo mucha ansiedad desde el accidente", ("ansiedad", "accidente")),
)
AFTERWARDS = (
    "Tuesday after five",
    "anyone is fine",
    "in person",
    "the first one",
    "it's Rosalind Thimblewick",
)
IN_AN_ANSWER = (
    ("it's Rosalind, I've had these panic attacks since spring", ("panic", "attacks", "spring")),
    ("Rosalind Thimblewick, I just feel depressed all day", ("depressed", "feel", "day")),
    ("Rosalind Thimblewick, March third 1985, my father was ill that year", ("father", "ill")),
    ("March third 1985, that's also when my father died", ("father", "died")),
    ("honestly I just feel depressed all day", ("honestly", "depressed", "feel", "day")),
    ("i'm divorced", ("divorced",)),
)


def names() -> Iterator[str]:
    """Every field of every value that is kept, sent or decided on."""
    for module in MODULES:
        for thing in vars(module).values():
            if is_dataclass(thing) and isinstance(thing, type):
                yield from (f"{thing.__name__}.{field.name}" for field in fields(thing))
    yield from (f"Detail.{detail.value}" for detail in Detail)
    yield from (
        f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns
    )


def kept_by(house: House, contact: str) -> list[str]:
    """Every text of the contact and of all records, what was heard apart."""
    with house.store.transaction("demo") as tx:
        kept: list[Any] = [e.body for e in tx.log.read(contact) if not isinstance(e.body, Heard)]
        kept += [*tx.outbox.recent(1000), *tx.tasks.list_open(), *tx.waitlist.all(), *tx.jobs.pending()]
        kept += [*tx.ledger.entries(0, 10_000)]
        visits = tx.schedule.visits_between(house.clock.now(), house.clock.now().replace(year=2028))
        kept += [tx.people.get(person) for visit in visits for person in visit.participants]
    texts = [text for thing in kept for text in texts_in(thing)]
    return texts + [sent.text for sent in house.messenger.texts.values()]


def left_of(house: House, contact: str, words: tuple[str, ...], since: int) -> list[str]:
    texts = kept_by(house, contact) + list(logs.since(since))
    return [f"{word}: {text}" for word in words for text in texts if contains(text, word)]


def test_no_field_anywhere_is_for_why_somebody_comes() -> None:
    found = list(names())
    assert len(found) > 300
    assert [name for name in found if WHY.search(name)] == []
    assert {name for name in found if name.endswith(".reason")} <= NO_REASON_BUT


def test_no_question_of_ours_asks_why_somebody_comes() -> None:
    asking = re.compile(
        r"what brings|reason for|what.{0,20}(going on|about)\?|how (are|have) you (been )?feel|symptom"
        r"|por qu[eé] (viene|llama)|motivo|qué le (trae|pasa)|cómo se siente",
        re.IGNORECASE,
    )
    book = Phrasebook.load()
    texts = [phrase.text for locale in book.locales for phrase in book.phrases(locale).values()]
    assert [text for text in texts if asking.search(text)] == []


def test_every_choice_of_an_act_is_a_word_of_ours() -> None:
    """What an aside was about is not kept: it is one of a few names."""
    assert get_type_hints(acts.Interject)["aside"] is acts.Aside
    assert {field.name for field in fields(acts.Interject)} == {"aside", "kind"}
    assert all(is_dataclass(kind) for kind in get_args(acts.Act))


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(("opening", "words"), VOLUNTEERED)
def test_what_a_caller_volunteers_first_is_kept_nowhere(
    channel: Channel, opening: str, words: tuple[str, ...]
) -> None:
    since, house = logs.mark(), House()
    call = house.call(channel)
    call.say(opening)
    for text in AFTERWARDS:
        call.say(text)
    house.pass_time(5)
    assert left_of(house, call.contact, words, since) == []


@pytest.mark.parametrize(("answer", "words"), IN_AN_ANSWER)
def test_what_a_caller_adds_to_an_answer_is_kept_nowhere(answer: str, words: tuple[str, ...]) -> None:
    since, house = logs.mark(), House()
    call = house.call()
    for text in (
        "I'd like a first visit",
        "Tuesday after five, in person, anyone is fine",
        "the first one",
        answer,
    ):
        call.say(text)
    for text in ("Rosalind Thimblewick", "March third 1985", "yes"):
        call.say(text)
    house.pass_time(5)
    assert left_of(house, call.contact, words, since) == []


def test_the_words_of_a_crisis_stand_in_the_sealed_hearing_and_nowhere_else() -> None:
    since, house = logs.mark(), House()
    call = house.call()
    call.say("I'm going to kill myself with my father's revolver")
    house.pass_time(600)
    assert [body.text for body in call.bodies if isinstance(body, Heard)] == [
        "I'm going to kill myself with my father's revolver"
    ]
    assert left_of(house, call.contact, ("revolver", "kill"), since) == []

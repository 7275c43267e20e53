from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from lamplighter.channels.sms.inbound import Inbound
from lamplighter.conversation.events import Ended, FloorTaken, Heard
from lamplighter.desk.contacts import LEASE_SECONDS, Reply
from tests.channels.web.stage import Stage, contacts_of

PHONE, OTHER = "+12125550171", "+12125550172"


@pytest.fixture
def stage() -> Stage:
    return Stage()


def take(stage: Stage, inbound: Inbound, sender: str, text: str, name: str) -> str:
    practice = stage.practice
    return inbound.take(practice.id, dialled=practice.phone, sender=sender, text=text, inbound=name).contact


def heard(stage: Stage, contact: str) -> list[str]:
    with stage.records.transaction(stage.practice.id) as tx:
        return [event.body.text for event in tx.log.read(contact) if isinstance(event.body, Heard)]


def test_texts_of_one_number_belong_to_one_contact(stage: Stage) -> None:
    inbound = Inbound(stage.contacts, stage.records)
    first = take(stage, inbound, PHONE, "hello", "a")
    assert take(stage, inbound, PHONE, "what are your hours?", "b") == first
    assert take(stage, inbound, OTHER, "hello", "c") != first
    assert heard(stage, first) == ["hello", "what are your hours?"]


def test_two_first_texts_at_the_same_moment_begin_one_contact(stage: Stage) -> None:
    inbound = Inbound(stage.contacts, stage.records)
    with ThreadPoolExecutor(8) as pool:
        contacts = set(pool.map(lambda n: take(stage, inbound, PHONE, f"hello {n}", f"id{n}"), range(8)))
    assert len(contacts) == 1
    assert sorted(heard(stage, contacts.pop())) == [f"hello {n}" for n in range(8)]


def test_a_text_that_is_delivered_twice_is_heard_once(stage: Stage) -> None:
    inbound = Inbound(stage.contacts, stage.records)
    contact = take(stage, inbound, PHONE, "hello", "a")
    take(stage, inbound, PHONE, "hello", "a")
    assert heard(stage, contact) == ["hello"]


def test_a_text_after_the_contact_has_ended_begins_another(stage: Stage) -> None:
    inbound = Inbound(stage.contacts, stage.records)
    first = take(stage, inbound, PHONE, "hello", "a")
    stage.contacts.note(stage.practice.id, first, Ended("lapsed"))
    assert take(stage, inbound, PHONE, "hello again", "b") != first


class MeanwhileRecords:
    """Records in which something happens once, right after the turn in which words of ours were stored."""

    def __init__(self, stage: Stage) -> None:
        self._records = stage.records
        self.meanwhile: Callable[[], object] | None = None

    @contextmanager
    def transaction(self, practice: str) -> Iterator[Any]:
        with self._records.transaction(practice) as tx:
            before = [each.last_seq for each in tx.log.contacts()]
            yield tx
            spoke = before and before != [each.last_seq for each in tx.log.contacts()]
        if spoke and self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()


def asked_for_the_hours(stage: Stage, inbound: Inbound) -> Reply:
    return inbound.take(
        stage.practice.id,
        dialled=stage.practice.phone,
        sender=PHONE,
        text="what are your hours?",
        inbound="b",
    )


def test_an_answer_that_staff_have_overtaken_is_not_handed_to_whoever_sends_it(stage: Stage) -> None:
    records: Any = MeanwhileRecords(stage)
    contacts = contacts_of([stage.practice], records, stage.clock, stage.feed)
    inbound = Inbound(contacts, records)
    contact = take(stage, inbound, PHONE, "hello", "a")

    def take_the_floor() -> None:
        stage.contacts.note(stage.practice.id, contact, FloorTaken("Rosa"))

    records.meanwhile = take_the_floor
    assert asked_for_the_hours(stage, inbound).said == ()


def test_an_answer_of_a_worker_that_lost_the_contact_is_not_handed_to_whoever_sends_it(stage: Stage) -> None:
    records: Any = MeanwhileRecords(stage)
    contacts = contacts_of([stage.practice], records, stage.clock, stage.feed, worker="frozen")
    inbound = Inbound(contacts, records)
    contact = take(stage, inbound, PHONE, "hello", "a")

    def freeze() -> None:
        stage.clock.ahead(timedelta(seconds=LEASE_SECONDS + 1))
        stage.contacts.hear(stage.practice.id, contact, "are you there?")

    records.meanwhile = freeze
    assert asked_for_the_hours(stage, inbound).said == ()

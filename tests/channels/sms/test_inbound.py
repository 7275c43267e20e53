from concurrent.futures import ThreadPoolExecutor

import pytest

from lamplighter.channels.sms.inbound import Inbound
from lamplighter.conversation.events import Ended, Heard
from tests.channels.web.stage import Stage

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

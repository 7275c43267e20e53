"""Invented people, times and words for the contract suite."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from lamplighter.conversation.events import Body, Event, Heard, Opened
from lamplighter.conversation.slots import Slot
from lamplighter.desk.ports import Message, Person, Proxy, Series, Task
from lamplighter.practice.model import Modality
from lamplighter.records.memory import MemoryTransaction
from lamplighter.records.sql.store import SqlTransaction
from tests.records.stores import START, Store

PHONE = "+12125550143"
TOMORROW = START + timedelta(days=1)


def a_slot(
    start: datetime = TOMORROW,
    clinician: str = "osei",
    minutes: int = 50,
    modality: Modality = Modality.IN_PERSON,
) -> Slot:
    return Slot(start, minutes, clinician, modality, "follow_up", "main")


def a_person(person_id: str = "p1", **changes: object) -> Person:
    person = Person(
        person_id, "Maya", "Okafor", date(1990, 5, 17), PHONE, preferred_name="May", email="maya@example.org",
        language="en", state="NY", insurer="Aetna", member_id="W123456789", subscriber="Paul Okafor",
        contact_channel="sms", leave_message=True, clinician="osei", proxies=(Proxy("Paul Okafor", "+12125550172"),),
    )  # fmt: skip
    return replace(person, **changes)  # type: ignore[arg-type]


def a_task(task_id: str = "t1", **changes: object) -> Task:
    task = Task(
        task_id, "callback", "desk", START, person="p1", details=(("first_name", "Maya"), ("phone", PHONE))
    )
    return replace(task, **changes)  # type: ignore[arg-type]


def a_message(message_id: str = "m1", **changes: object) -> Message:
    message = Message(
        message_id,
        "sms",
        PHONE,
        "booked_text",
        (("when", "Tuesday at 3"),),
        "en",
        START,
        person="p1",
        visit="v1",
    )
    return replace(message, **changes)  # type: ignore[arg-type]


def a_series(series_id: str = "s1", **changes: object) -> Series:
    """Tuesdays at 10:00 in New York, from 1 December 2026."""
    first = a_slot(datetime(2026, 12, 1, 15, 0, tzinfo=UTC))
    series = Series(series_id, first, 1, ("p1",), "America/New_York")
    return replace(series, **changes)  # type: ignore[arg-type]


class Undone(Exception):
    """What a test raises to have a transaction rolled back."""


def undo(store: Store, work: Callable[[MemoryTransaction | SqlTransaction], object]) -> None:
    """Does the work in a transaction that then fails."""
    try:
        with store.transaction() as transaction:
            work(transaction)
            raise Undone
    except Undone:
        return


def begin(store: Store, contact: str = "c1", address: str | None = PHONE, *more: Body) -> tuple[Event, ...]:
    """Opens a contact, says what it is given, and returns what was appended."""
    opened = Opened("sms", "+12125550100", "en", address)
    with store.transaction() as transaction:
        return transaction.log.append(
            contact, [opened, *more], expected=0, at=store.clock.now(), protocol_hash="protocol"
        )


def say(store: Store, words: str, contact: str = "c1", *, expected: int) -> tuple[Event, ...]:
    with store.transaction() as transaction:
        return transaction.log.append(
            contact, [Heard(words)], expected=expected, at=store.clock.now(), protocol_hash="protocol"
        )

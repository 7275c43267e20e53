"""Two hundred people want one time at once: one is booked, the rest are told others. On a file and on PostgreSQL."""

import time
from concurrent.futures import ThreadPoolExecutor

from bench import Budget, Budgets
from bench._stores import NOW, SetClock, postgres, sqlite
from lamplighter.conversation.actions import Book, Done, FindSlots, Participant, Taken
from lamplighter.conversation.events import Event, Opened
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.state import State, apply
from lamplighter.conversation.wish import Wish
from lamplighter.desk import doing
from lamplighter.desk.context import Errand
from lamplighter.desk.scheduling import find_slots
from lamplighter.practice.sample import load_sample
from lamplighter.records.sql.store import SqlRecords

PEOPLE, AT_ONCE = 200, 20
PRACTICE = load_sample()


def budgets() -> Budgets:
    with sqlite(SetClock()) as records:
        yield from contested("encrypted file", records)
    with postgres(SetClock()) as records:
        yield from contested("PostgreSQL", records)


def contested(where: str, records: SqlRecords) -> Budgets:
    request = FindSlots(wish=Wish().dumps(), visit_kind=PRACTICE.visit_kinds[0].id)
    with records.transaction(PRACTICE.id) as transaction:
        slot = find_slots(PRACTICE, transaction.schedule, request, NOW).slots[0]
    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(lambda number: book(records, number, slot), range(PEOPLE)))
    took = time.perf_counter() - began
    booked = sum(isinstance(answer, Done) for answer in answers)
    told = sum(isinstance(answer, Taken) and bool(answer.others) for answer in answers)
    how = f"{where}, {AT_ONCE} threads, {took:.1f} s in all"
    yield Budget(f"{PEOPLE} bookings of one slot, {where}: booked", 1, booked, "", how)
    yield Budget(
        f"{PEOPLE} bookings of one slot, {where}: told others", PEOPLE - 1, told, "", how, bound="at least"
    )


def book(records: SqlRecords, number: int, slot: Slot) -> object:
    contact = f"contact-{number}"
    opened = Event(
        1,
        NOW,
        PRACTICE.id,
        contact,
        "bench",
        Opened("sms", PRACTICE.phone, "en", f"+1212555{100 + number % 100:04d}"),
    )
    details = (("first_name", "Maya"), ("last_name", f"Okafor {number}"), ("date_of_birth", "1990-04-02"))
    with records.transaction(PRACTICE.id) as transaction:
        now = NOW.astimezone(PRACTICE.timezone)
        errand = Errand(transaction, PRACTICE, apply(State(), opened), now, lambda: "000000")
        return doing.answer(errand, Book(slot, (Participant(details),)))

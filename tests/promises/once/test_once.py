"""Promise 9: a booking, a message, a reminder happens once, whatever is delivered again, races or is said twice."""

import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from lamplighter.conversation.actions import Book, Done, FindSlots, Participant, Slots, Taken
from lamplighter.conversation.events import Heard, Opened
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.standing import Standing
from lamplighter.conversation.state import fold
from lamplighter.conversation.wish import Wish
from lamplighter.desk import booking, doing
from lamplighter.desk.context import Errand
from lamplighter.practice.sample import load_sample
from tests.promises.desks import CHANNELS, NOON, Channel, House, of_kind, phrases
from tests.records.stores import TestClock, store_of

CALLERS = 200
AT_ONCE = 8
BOOKING = (
    "I'd like a first visit", "Tuesday after five, in person, anyone is fine", "the first one",
    "Rosalind Thimblewick", "March third 1985", "this number", "New York", "I'd rather not", "I'll pay myself",
    "text me", "yes", "yes, that's right",
)  # fmt: skip


@pytest.fixture(
    scope="module", params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with store_of(request.param, tmp_path_factory.mktemp("once"), TestClock(NOON)) as records:
        yield records


def errand(tx: Any, contact: str) -> Errand:
    practice = load_sample()
    return Errand(
        tx, practice, fold(tx.log.read(contact)), NOON.astimezone(practice.timezone), lambda: "123456"
    )


def opens(tx: Any, contact: str) -> None:
    body = Opened("voice", "+12125550100", "en", "+12125550123")
    tx.log.append(contact, [body], expected=0, at=NOON, protocol_hash="signed")


def somebody(number: int) -> Participant:
    details = {"first_name": "Rosalind", "last_name": f"Thimblewick{number}", "date_of_birth": "1985-03-03"}
    return Participant(tuple(sorted({**details, "phone": f"+1212555{number % 100 + 100:04d}"}.items())))


def a_free_slot(store: Any) -> Slot:
    with store.transaction("demo") as tx:
        opens(tx, "looking")
        found = doing.answer(errand(tx, "looking"), FindSlots(Wish().dumps(), "first_visit"))
    assert isinstance(found, Slots) and found.slots
    return found.slots[0]


def all_at_once(work: Callable[[int], None], count: int) -> None:
    barrier = threading.Barrier(AT_ONCE)

    def some(first: int) -> None:
        barrier.wait()
        for number in range(first, count, AT_ONCE):
            work(number)

    threads = [threading.Thread(target=some, args=(first,)) for first in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_two_hundred_bookings_of_one_slot_one_is_booked_and_the_others_hear_other_times(
    store: Any,
) -> None:
    slot = a_free_slot(store)
    answers: dict[int, Any] = {}

    def book(number: int) -> None:
        with store.transaction("demo") as tx:
            opens(tx, f"caller-{number}")
            answers[number] = booking.book(errand(tx, f"caller-{number}"), Book(slot, (somebody(number),)))

    all_at_once(book, CALLERS)
    assert len(answers) == CALLERS
    assert len([each for each in answers.values() if isinstance(each, Done)]) == 1
    refused = [each for each in answers.values() if isinstance(each, Taken)]
    assert len(refused) == CALLERS - 1
    assert all(each.others and slot not in each.others for each in refused)
    with store.transaction("demo") as tx:
        [visit] = tx.schedule.visits_between(NOON, NOON + timedelta(days=400))
        assert visit.slot.start == slot.start
        assert [message.phrase for message in tx.outbox.recent(1000)] == ["sms.confirmation"]
        assert [job.name for job in tx.jobs.pending()].count("remind") <= 1


def test_the_same_booking_asked_for_twice_is_one_booking_with_one_message(store: Any) -> None:
    with store.transaction("twice") as tx:
        opens(tx, "looking")
        found = doing.answer(errand(tx, "looking"), FindSlots(Wish().dumps(), "first_visit"))
        request = Book(found.slots[0], (somebody(1),))  # type: ignore[union-attr]
        first = booking.book(errand(tx, "looking"), request)
    with store.transaction("twice") as tx:
        assert booking.book(errand(tx, "looking"), request) == first
        assert len(tx.schedule.visits_between(NOON, NOON + timedelta(days=400))) == 1
        assert len(tx.outbox.recent(100)) == 1


def test_of_many_first_visits_that_one_person_books_at_once_one_is_booked(store: Any) -> None:
    """At any hours, from the same number, over as many contacts: whoever has one is told of it, and nothing is doubled
    in the person's record."""
    with store.transaction("one") as tx:
        opens(tx, "looking")
        found = doing.answer(errand(tx, "looking"), FindSlots(Wish().dumps(), "first_visit"))
    assert isinstance(found, Slots) and len(found.slots) > 1
    me = Participant(tuple(sorted({**dict(somebody(1).details), "phone": "+12125550123"}.items())))
    answers: dict[int, Any] = {}

    def book(number: int) -> None:
        with store.transaction("one") as tx:
            opens(tx, f"caller-{number}")
            request = Book(found.slots[number % len(found.slots)], (me,))
            answers[number] = booking.book(errand(tx, f"caller-{number}"), request)

    all_at_once(book, 3 * AT_ONCE)
    [done] = [each for each in answers.values() if isinstance(each, Done)]
    told = [each for each in answers.values() if isinstance(each, Standing)]
    assert len(told) == 3 * AT_ONCE - 1
    assert all((each.visit, each.again, each.owns_address) == (done.visit, True, True) for each in told)
    with store.transaction("one") as tx:
        assert len(tx.schedule.visits_between(NOON, NOON + timedelta(days=400))) == 1
        assert len(tx.people.find("Rosalind", "Thimblewick1", date(1985, 3, 3))) == 1


# -- through the conversation ----------------------------------------------------------------------------------------


def visits(house: House) -> tuple[Any, ...]:
    with house.store.transaction("demo") as tx:
        found: tuple[Any, ...] = tx.schedule.visits_between(NOON, NOON + timedelta(days=400))
        return found


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_redelivered_text_is_answered_with_nothing_and_changes_nothing(channel: Channel) -> None:
    call = House().call(channel)
    first = call.say("I'd like a first visit", inbound="SM1")
    events = call.events
    for _ in range(3):
        again = call.say("I'd like a first visit", inbound="SM1")
        assert (again.said, again.ended) == ((), False)
    assert first.said and call.events == events


def test_a_whole_booking_whose_every_text_comes_twice_books_once() -> None:
    house = House()
    call = house.call("sms")
    for number, text in enumerate(BOOKING):
        for _ in range(2):
            call.say(text, inbound=f"SM{number}")
    house.pass_time(30)
    assert len(of_kind(call.bodies, Heard)) == len(BOOKING)
    assert len(visits(house)) <= 1
    assert len({sent.text for sent in house.messenger.texts.values()}) == len(house.messenger.texts)


def test_one_text_delivered_from_many_threads_at_once_is_heard_once() -> None:
    call = House().call("sms")
    all_at_once(lambda _: call.say("I'd like a first visit", inbound="SM1") and None, 40)
    assert len(of_kind(call.bodies, Heard)) == 1
    assert len([reply for reply in call.replies[1:] if reply.said]) == 1


def test_many_callers_who_take_the_same_offer_at_once_hold_different_times() -> None:
    house = House()
    calls = [house.call("chat") for _ in range(16)]
    for call in calls:
        call.say("I'd like a first visit")
        call.say("Tuesday after five, in person, anyone is fine")
    offered = {phrases(call.replies[-1])[-1] for call in calls}
    assert all(phrase.startswith("offer.") for phrase in offered)
    all_at_once(lambda number: calls[number].say("the first one") and None, len(calls))
    with house.store.transaction("demo") as tx:
        held = [tx.schedule.held(call.contact) for call in calls]
    times = [(slot.clinician, slot.start) for slot, _ in (each for each in held if each)]
    assert len(times) == len(set(times)) == 1
    others = [call for call, each in zip(calls, held, strict=True) if each is None]
    assert all(phrases(call.replies[-1])[0] == "offer.gone" for call in others)


def test_a_message_job_that_runs_again_sends_nothing_again() -> None:
    house = House()
    call = house.call("sms")
    for text in BOOKING:
        call.say(text)
    house.pass_time(5)
    sent = dict(house.messenger.texts)
    with house.store.transaction("demo") as tx:
        stored = tx.outbox.recent(10)
    assert all(message.status == "sent" for message in stored)
    house.pass_time(5)
    assert house.messenger.texts == sent

"""Links on every store: of many who tap one time one gets it, a link pressed many times at once acts once, and what was
done outlives the process."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lamplighter.conversation.slots import Slot
from lamplighter.desk.feed import LiveFeed
from lamplighter.desk.link_acts import LinkPages, Shown
from lamplighter.desk.links import PATH, LinkMaker
from lamplighter.desk.ports import Message
from lamplighter.practice.model import Modality, Practice
from lamplighter.practice.sample import load_sample
from lamplighter.records.opening import open_sqlite
from lamplighter.wiring.lines import line_of
from tests.desk.gate.threads import WHO
from tests.records.stores import KEYS, START, Store, TestClock

MANY = 6
MAKER = LinkMaker("https://localhost", lambda: "k" * 64)
VISIT_AT = START + timedelta(days=7, hours=2)


def linked(records: Any, practice: Practice, number: int) -> str:
    """Somebody with a visit, at an hour of their own; gives the token of their link."""
    phone, start = (
        f"+1212555011{number}",
        VISIT_AT + timedelta(hours=24 * (number % 3), minutes=60 * (number // 3)),
    )
    with records.transaction(practice.id) as tx:
        tx.people.add(replace(WHO, id=f"p{number}", phone=phone))
        slot = Slot(start, 50, "mei_tan", Modality.IN_PERSON, "follow_up", "harbor_lane")
        visit = tx.schedule.book(f"v{number}", slot, [f"p{number}"], "c0", START, "booked")
        assert visit is not None
        message = Message(
            f"m{number}", "sms", phone, "sms.reminder", (), "en", START, f"p{number}", visit=visit.id
        )
        url = MAKER.url(tx, practice, message, visit)
    assert url is not None
    return url.rpartition(PATH)[2]


def pages_of(records: Any, practice: Practice) -> LinkPages:
    lines = {practice.id: line_of(practice, "signed")}
    return LinkPages(records, lines, TestClock(), LiveFeed(), lambda: "123456")


def at_once(work: Callable[[int], Shown]) -> list[Shown]:
    barrier, shown = threading.Barrier(MANY), [Shown("first")] * MANY

    def one(number: int) -> None:
        barrier.wait()
        shown[number] = work(number)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return shown


def test_of_many_who_tap_one_time_one_gets_it_and_the_others_see_others(store: Store) -> None:
    practice = replace(load_sample(), id=store.practice)
    tokens = [linked(store.records, practice, number) for number in range(MANY)]
    pages = pages_of(store.records, practice)
    offers = [pages.act(practice.id, token, "times") for token in tokens]
    while not (common := set.intersection(*({slot.start for slot in each.slots} for each in offers[:2]))):
        offers[1] = pages.act(practice.id, tokens[1], "others")
    wanted = min(common).isoformat()
    rivals = [
        number for number in range(MANY) if wanted in {s.start.isoformat() for s in offers[number].slots}
    ]
    shown = at_once(lambda number: pages.act(practice.id, tokens[number], "choose", wanted))
    won = [number for number in rivals if shown[number].step == "moved"]
    assert len(won) == 1 and len(rivals) > 1
    assert all(
        shown[number].step == "times" and shown[number].slots for number in rivals if number not in won
    )
    with store.transaction() as tx:
        start = min(common)
        there = [
            v
            for v in tx.schedule.visits_between(start, start + timedelta(minutes=50))
            if v.slot.start == start
        ]
    assert [visit.id for visit in there] == [f"v{won[0]}"]


def test_a_link_that_is_pressed_many_times_at_once_acts_once(store: Store) -> None:
    practice = replace(load_sample(), id=store.practice)
    token, pages = linked(store.records, practice, 0), pages_of(store.records, practice)
    shown = at_once(lambda _: pages.act(practice.id, token, "cancel_sure"))
    assert {each.step for each in shown} == {"cancelled"}
    with store.transaction() as tx:
        assert [message.phrase for message in tx.outbox.recent()] == ["sms.cancelled"]
        assert len(tx.facts.standing("link_over")) == 1


@pytest.mark.parametrize("used", [False, True])
def test_a_link_is_what_it_was_after_a_restart(tmp_path: Path, used: bool) -> None:
    practice, path = load_sample(), tmp_path / "records.db"
    records = open_sqlite(path, KEYS, TestClock())
    token = linked(records, practice, 0)
    if used:
        assert pages_of(records, practice).act(practice.id, token, "confirm").step == "confirmed"
    records.close()
    again = open_sqlite(path, KEYS, TestClock())
    pages = pages_of(again, practice)
    assert pages.look(practice.id, token).step == ("over" if used else "first")
    assert pages.act(practice.id, token, "times").step == ("over" if used else "times")
    with again.transaction(practice.id) as tx:
        tx.people.forget("p0")
    assert pages.look(practice.id, token).step == "over"
    again.close()
    assert token.encode() not in path.read_bytes()

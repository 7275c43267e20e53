"""Promises 8 and 3 together: somebody is in danger and nothing can be stored. They are told 988 and 911, people are
rung, and what came in is stored once the store takes it."""

import itertools
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from lamplighter import logs
from lamplighter.channels.sms.inbound import Inbound
from lamplighter.conversation.events import HandoffAccepted, HandoffAsked, HandoffRung, Heard, Opened
from lamplighter.desk import reminders
from lamplighter.desk.contacts import NotStored
from lamplighter.records.memory import MemoryRecords
from lamplighter.records.opening import open_postgres, open_sqlite
from lamplighter.rehearsal.clock import SimulatedClock
from tests.desk.gate.threads import NUMBER, VISIT_AT, reminded
from tests.promises.desks import CALLER, CHANNELS, NOON, Call, Channel, House, of_kind
from tests.promises.fail_to_a_person.test_fail_to_a_person import Flaky
from tests.records.stores import KEYS, postgres_server
from tests.rules.scenes import DANGER, PERSON

Full = Callable[[], Any]


@contextmanager
def in_memory(_: Path) -> Iterator[tuple[Any, Full]]:
    records = Flaky(MemoryRecords(SimulatedClock(NOON)))

    @contextmanager
    def full() -> Iterator[None]:
        records.failures = 10**9
        yield
        records.failures = 0

    yield records, full


@contextmanager
def in_a_file(folder: Path) -> Iterator[tuple[Any, Full]]:
    """The system refuses to let any file grow: the write itself fails, as on a disk without room."""
    records = open_sqlite(folder / "records.db", KEYS, SimulatedClock(NOON))

    @contextmanager
    def full() -> Iterator[None]:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        size = max(file.stat().st_size for file in folder.iterdir())
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    yield records, full
    records.close()


@contextmanager
def in_postgres(_: Path) -> Iterator[tuple[Any, Full]]:
    """The server says of every write of events what it says on a full disk: SQLSTATE 53100."""
    with postgres_server() as url:
        records = open_postgres(url, KEYS, SimulatedClock(NOON))

        def owner(*statements: str) -> None:
            with records.database.engine.begin() as connection:
                for each in statements:
                    connection.execute(text(each))

        @contextmanager
        def full() -> Iterator[None]:
            owner(
                "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' "
                "USING ERRCODE = 'disk_full'; END $$",
                "CREATE TRIGGER no_room BEFORE INSERT ON events EXECUTE FUNCTION no_room()",
            )
            yield
            owner("DROP TRIGGER no_room ON events", "DROP FUNCTION no_room")

        yield records, full
        records.close()


STORES = [in_memory, in_a_file, pytest.param(in_postgres, marks=pytest.mark.postgres)]


@pytest.mark.parametrize("store", STORES)
def test_a_crisis_on_a_full_disk_is_answered_and_rung_for_and_stored_when_there_is_room(
    store: Callable[[Path], Any], tmp_path: Path
) -> None:
    with store(tmp_path) as (records, full):
        house = House(store=records)
        call = house.call()
        call.say("what are your hours?")
        with full():
            with pytest.raises(NotStored) as held:
                call.say(DANGER)
            said = " ".join(one.text for one in held.value.said)
            assert "988" in said and "911" in said
            assert [ring.route for ring in house.pager.rings] == ["crisis"]
            assert house.desk.contacts.store_what_waits() == 1
        assert not of_kind(call.bodies, HandoffAsked)
        assert house.desk.contacts.store_what_waits() == 0
        assert [heard.text for heard in of_kind(call.bodies, Heard)][1:] == [DANGER]
        assert call.state.handed_over and call.said[-1].startswith("handoff.crisis")
        with records.transaction("demo") as tx:
            assert [job.name for job in tx.jobs.pending() if job.name == "ring"] == ["ring"]
            assert tx.tasks.list_open()


def without_a_disk(channel: Channel = "voice") -> tuple[House, Call]:
    house = House(records=Flaky)
    call = house.call(channel)
    house.records.failures = 10**9
    return house, call


def tick(house: House, seconds: float) -> int:
    house.clock.move_to(house.clock.now() + timedelta(seconds=seconds))
    return house.desk.contacts.store_what_waits()


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_whole_ladder_is_climbed_from_memory_again_and_again_and_anew_once_stored(
    channel: Channel,
) -> None:
    house, call = without_a_disk(channel)
    with pytest.raises(NotStored):
        call.say(DANGER)
    ladder = house.practice.ladder
    for _ in range(40):
        assert tick(house, ladder.seconds) == 1
    rungs = [ring.rung for ring in house.pager.rings]
    people = {rung.id for rung in ladder.by_day["crisis"] if rung.kind not in ("line", "treating")}
    assert people <= set(rungs) and rungs.count(rungs[0]) > 1
    house.records.failures = 0
    before = len(rungs)
    assert tick(house, 2) == 0
    house.pass_time(1)
    assert len(house.pager.rings) == before + 1 and of_kind(call.bodies, HandoffRung)
    house.desk.handoffs.answered("demo", call.contact, 0, rungs[0], "Rosa", "accepted")
    assert of_kind(call.bodies, HandoffAccepted)


def test_nobody_is_left_in_silence_or_told_the_same_twice_running_while_nothing_is_stored() -> None:
    house, call = without_a_disk()
    said = []
    with pytest.raises(NotStored) as held:
        call.say(DANGER)
    said.append(held.value.said)
    for number in range(12):
        silent = partial(house.desk.contacts.silence, "demo", call.contact, 8)
        comes = silent if number % 2 else partial(call.say, f"are you there {number}")
        with pytest.raises(NotStored) as held:
            comes()
        said.append(held.value.said)
    texts = [" ".join(one.text for one in each) for each in said]
    assert all(texts) and all(a != b for a, b in itertools.pairwise(texts))
    assert not any("stored" in each or "call you back" in each for each in texts)


def test_a_person_is_fetched_for_the_key_too_and_plain_words_are_given_back_to_be_sent_again() -> None:
    house, call = without_a_disk()
    with pytest.raises(OSError):
        call.say("I'd like to book a first visit")
    assert not house.pager.rings
    with pytest.raises(NotStored) as held:
        call.say("", keys="0")
    assert [one.phrase for one in held.value.said] == ["handoff.human"] and house.pager.rings


def test_a_text_that_cannot_begin_a_contact_is_answered_directly_and_once() -> None:
    house = House(records=Flaky)
    inbound = Inbound(house.desk.contacts, house.records)
    house.records.failures = 10**9

    def comes(words: str = DANGER, name: str = "m1") -> None:
        inbound.take("demo", dialled=house.practice.phone, sender=CALLER, text=words, inbound=name)

    for _ in range(2):  # the carrier brings it again, since it was not taken
        with pytest.raises(NotStored):
            comes()
    sent = [each.text for each in house.messenger.texts.values()]
    assert "988" in sent[0] and "911" in sent[0] and len(set(sent)) == len(sent)
    assert {each.to for each in house.messenger.texts.values()} == {CALLER}
    assert [ring.route for ring in house.pager.rings] == ["crisis"]
    house.records.failures = 0
    assert tick(house, 2) == 0
    comes()
    with house.store.transaction("demo") as tx:
        [contact] = tx.log.contacts()
        heard = [each.body for each in tx.log.read(contact.id) if isinstance(each.body, Heard)]
    assert [each.text for each in heard] == [DANGER]


def test_the_log_says_loudly_that_it_was_rung_without_a_store_and_nothing_of_what_was_said() -> None:
    before = logs.mark()
    _, call = without_a_disk()
    with pytest.raises(NotStored):
        call.say(f"my name is Zebulon Marquardt, {DANGER}, {PERSON}")
    written = "\n".join(logs.since(before))
    assert "rung_without_store" in written
    assert "Marquardt" not in written and "kill" not in written


def can_not_be_taken(house: House, trouble: list[str], name: str = "m1") -> None:
    """A letter that was read and is danger, at which our own taking breaks as long as there is `trouble`."""

    def taking() -> None:
        if trouble:
            raise ValueError(trouble[0])

    opened = Opened("email", "", "", "somebody@post.example")
    with pytest.raises(NotStored):
        house.desk.contacts.not_opened("demo", opened, DANGER, taking, name)


def test_rule_14_what_can_never_be_stored_keeps_nobody_from_their_reminder_for_long_though_more_comes_in() -> (
    None
):
    house = reminded(sent=False).house
    with house.store.transaction("demo") as tx:
        visit = tx.schedule.visit("v1")
        assert visit is not None
        reminders.plan_for_all(tx, house.practice, visit, VISIT_AT.replace(day=4))
    sent = []
    for minute in range(40):
        can_not_be_taken(house, ["a fault"], f"m{minute}")
        assert tick(house, 60) == 1
        house.pass_time(0)
        sent.append(NUMBER in {each.to for each in house.messenger.texts.values()})
    assert not any(sent[:25]) and sent[-1]


def test_rule_14_what_was_held_in_memory_is_stored_with_danger_first_and_nothing_of_ours_leaves_before() -> (
    None
):
    house = House(records=Flaky)
    calm, danger = house.call("sms", "+12125550161"), house.call("sms", "+12125550162")
    house.records.failures = 10**9
    for contact, words in ((calm, "am I ok to stop taking my medication"), (danger, DANGER)):
        with pytest.raises(NotStored):
            contact.say(words)
    can_not_be_taken(house, trouble := ["a fault"])
    assert tick(house, 4 * 3600) == 3
    house.records.failures = 0
    assert tick(house, 0) == 1
    assert house.backlog.holds("demo", house.clock.now(), answer=False)
    trouble.clear()
    assert tick(house, 0) == 0
    assert not house.backlog.holds("demo", house.clock.now(), answer=False)
    with house.store.transaction("demo") as tx:
        handed = [entry.about for entry in tx.ledger.entries(limit=1000) if entry.what == "handoff_asked"]
    assert [about.partition("#")[0] for about in handed] == [
        f"contact/{each.contact}" for each in (danger, calm)
    ]

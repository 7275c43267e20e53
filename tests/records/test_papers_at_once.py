"""The practice's papers on every store: what is pressed many times at once is done once, outlives the process, and
is forgotten with the person."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from lamplighter.conversation.slots import Slot
from lamplighter.desk import packet_done, packet_kept
from lamplighter.desk.links import PACKET_PATH, LinkMaker
from lamplighter.desk.packet_acts import PacketPages
from lamplighter.desk.ports import Message
from lamplighter.practice import packet
from lamplighter.practice.model import Modality, Practice
from lamplighter.practice.sample import load_sample
from lamplighter.records.opening import open_sqlite
from tests.desk.gate.threads import WHO
from tests.records.stores import KEYS, START, Store, TestClock

MANY = 6
MAKER = LinkMaker("https://localhost", lambda: "k" * 64)


def linked(records: Any, practice: Practice) -> str:
    """Somebody with a first visit in a week; gives the token of their link."""
    with records.transaction(practice.id) as tx:
        tx.people.add(WHO)
        slot = Slot(
            START + timedelta(days=7), 60, "mei_tan", Modality.IN_PERSON, "first_visit", "harbor_lane"
        )
        visit = tx.schedule.book("v1", slot, [WHO.id], "c0", START, "booked")
        assert visit is not None and WHO.phone is not None
        message = Message("m1", "sms", WHO.phone, "sms.packet", (), "en", START, WHO.id, visit="v1")
        url = MAKER.packet_url(tx, practice, message, visit, packet.version(practice))
    assert url is not None
    return url.rpartition(PACKET_PATH)[2]


def pages_of(records: Any, practice: Practice) -> PacketPages:
    return PacketPages(records, {practice.id: practice}, TestClock())


def digest(pages: PacketPages, practice: Practice, token: str, piece: str) -> str:
    return next(each.paper.digest for each in pages.look(practice.id, token).papers if each.paper.id == piece)


def test_a_paper_that_is_pressed_many_times_at_once_is_done_once(store: Store) -> None:
    practice = replace(load_sample(), id=store.practice)
    token, pages = linked(store.records, practice), pages_of(store.records, practice)
    words, barrier = digest(pages, practice, token, "fees"), threading.Barrier(MANY)

    def press() -> None:
        barrier.wait()
        pages.do(practice.id, token, "fees", words, ticked=True)

    threads = [threading.Thread(target=press) for _ in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.transaction() as tx:
        [fact] = tx.facts.standing("packet_done")
        assert len(tx.facts.standing("packet_opened")) == 1
        [entry] = [each for each in tx.ledger.entries() if each.what == "packet_done_stated"]
        assert (entry.about, dict(fact.details)["piece"]) == ("person/p1", "fees")
        assert packet_done.take_back(tx, practice, "p1", "fees", "not_them", by="Kit Marlow", now=START)
        assert packet_kept.missing(tx, practice, tx.schedule.visits_of("p1", START)[0], "p1")


def test_what_was_done_outlives_a_restart_and_is_forgotten_with_the_person(tmp_path: Path) -> None:
    practice, path = load_sample(), tmp_path / "records.db"
    records = open_sqlite(path, KEYS, TestClock())
    token, pages = linked(records, practice), pages_of(records, practice)
    pages.do(practice.id, token, "ai_notice", digest(pages, practice, token, "ai_notice"), ticked=False)
    records.close()
    again = open_sqlite(path, KEYS, TestClock())
    shown = pages_of(again, practice).look(practice.id, token)
    assert [each.paper.id for each in shown.papers if each.done] == ["ai_notice"]
    with again.transaction(practice.id) as tx:
        tx.people.forget("p1")
    assert pages_of(again, practice).look(practice.id, token).step == "over"
    again.close()
    assert token.encode() not in path.read_bytes()

"""One deployment, two practices, one of them signed: the pages and the staff page of both, over the real wiring."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from lamplighter.channels.web.app import public_app
from lamplighter.channels.web.words import all_words
from lamplighter.conversation import events as e
from lamplighter.conversation.before_signing import BeforeSigning
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk.feed import LiveFeed
from lamplighter.desk.ports import Account
from lamplighter.practice.directory import Directory
from lamplighter.records.memory import MemoryJobs, MemoryRecords
from lamplighter.rehearsal.clock import SimulatedClock
from lamplighter.settings import Settings
from lamplighter.wiring.desk import wire
from lamplighter.wiring.outward import Outward
from lamplighter.wiring.own_rehearsals import OwnRehearsals
from lamplighter.wiring.practices import practices_in
from lamplighter.wiring.serve import lines_of, public_pages, reviews_of
from lamplighter.wiring.serving import listen
from lamplighter.wiring.staff import staff_door
from lamplighter.wiring.stage import Kept
from tests.channels.web.lines import End, line_to, said
from tests.channels.web.stage import served
from tests.promises.desks import NOON, Pager
from tests.wiring.test_practices import made

SIGNED, UNSIGNED = "oak", "ash"
WORDS = "I'd like to book a first visit, any Tuesday"


class Deployment:
    """As `serve` puts it together, over records in memory and on a clock that stands."""

    def __init__(self, folder: Path) -> None:
        made(folder / "practices", SIGNED, "555-0180", sign=True)
        made(folder / "practices", UNSIGNED, "555-0181")
        self.found = practices_in(folder / "practices")
        self.clock, self.pager, self.feed = SimulatedClock(NOON), Pager(), LiveFeed()
        self.records = MemoryRecords(self.clock)
        self.jobs = MemoryJobs(self.records)
        numbers = itertools.count(1)
        self.desk = wire(
            self.records,
            self.jobs,
            lines_of(self.found, asks_reader=False, texts=False),
            Outward(self.clock, Kept(), self.pager, self.feed),
            worker="serve",
            new_id=lambda: f"c{next(numbers)}",
            new_code=lambda: "123456",
        )
        self.settings = Settings(data=folder / "data", master_key_file=_key(folder))

    def public(self) -> Any:
        app = public_app(
            contacts=self.desk.contacts,
            records=self.records,
            directory=Directory(each.practice for each in self.found.answered),
            feed=self.feed,
            phrasebook=Phrasebook.load(),
            clock=self.clock,
            approved=self.found.approved,
        )
        return public_pages(app, self.found)

    def staff_page(self, name: str) -> str:
        """What somebody at the desk of this practice sees."""
        reviews = reviews_of(self.found, self.records, self.settings, self.clock)
        [(practice, review)] = [
            (each.practice, review)
            for each, review in zip(self.found.answered, reviews, strict=True)
            if each.practice.id == name
        ]
        bound = listen("127.0.0.1", 0)
        try:
            approved = self.found.approved[name]
            door, link = staff_door(
                self.desk,
                practice,
                self.feed,
                self.clock,
                bound,
                review,
                OwnRehearsals(review.review.folder),
                trying=True,
                approved=approved,
            )
            browser = TestClient(door.app, base_url=link.partition("/open/")[0])
            browser.post(link)
            return browser.get("/").text
        finally:
            bound.close()

    def kinds(self, name: str) -> set[type]:
        """Every kind of event in this practice's contacts."""
        with self.records.transaction(name) as tx:
            logs = [tx.log.read(each.id) for each in tx.log.contacts()]
        return {type(event.body) for log in logs for event in log}


def _key(folder: Path) -> Path:
    key = folder / "master.key"
    key.touch(mode=0o600)
    key.write_bytes(bytes(range(32)))
    return key


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    return Deployment(tmp_path)


def test_an_unsigned_practice_has_nobody_to_be_called_until_somebody_can_come_in_on_the_staff_page(
    deployment: Deployment,
) -> None:
    def staffed() -> bool:
        lines = lines_of(deployment.found, asks_reader=False, texts=False, records=deployment.records)
        [unsigned] = [each.conversation for each in lines if isinstance(each.conversation, BeforeSigning)]
        return unsigned.staffed

    assert not staffed()
    invited = Account("a1", "Rosa Ferro", ("owner",), NOON, "operator")
    with deployment.records.transaction(UNSIGNED) as tx:
        tx.staff.add(invited, "operator")
    assert not staffed()
    enrolled = replace(invited, totp_secret="S", recovery=("h",))
    gone = replace(enrolled, revoked=NOON, revoked_by="Rosa Ferro")
    for account, is_there in ((enrolled, True), (gone, False)):
        with deployment.records.transaction(UNSIGNED) as tx:
            tx.staff.update(account, "operator", "changed")
        assert staffed() == is_there


@pytest.fixture
def address(deployment: Deployment) -> Iterator[str]:
    with served(deployment.public()) as address:
        yield address


def greeted(line: End) -> str:
    line.send(type="hello", ticket=None)
    ((who, words),) = said(line.until("entries"))
    assert who == "agent"
    return words


def test_only_the_signed_one_takes_a_request_and_the_other_fetches_a_person(
    deployment: Deployment, address: str
) -> None:
    with line_to(address, "/chat/line", host="oak.example") as line:
        assert "welcome to Harbor Lane" in greeted(line)
        line.say(WORDS)
        line.until("taken")
    with line_to(address, "/chat/line", host="ash.example") as line:
        assert "not in use yet" in greeted(line)
        line.say(WORDS)
        line.until_said("not in use yet")
    deployment.jobs.run_due(deployment.clock.now())
    assert e.Understood in deployment.kinds(SIGNED)
    begun = {e.Understood, e.Offered, e.Did, e.Committed, e.Pending}
    assert not begun & deployment.kinds(UNSIGNED)
    assert [(ring.practice, ring.route) for ring in deployment.pager.rings] == [(UNSIGNED, "human")]


def test_a_person_takes_it_from_the_staff_page_and_speaks(deployment: Deployment, address: str) -> None:
    with line_to(address, "/chat/line", host="ash.example") as line:
        greeted(line)
        deployment.jobs.run_due(deployment.clock.now())
        page = deployment.staff_page(UNSIGNED)
        assert "not in use yet" in page and "/accept" in page
        [contact] = _contacts(deployment)
        note = deployment.desk.contacts.note
        note(UNSIGNED, contact, e.HandoffAccepted("Front desk", 0))
        note(UNSIGNED, contact, e.StaffSaid("Front desk", "Hello, this is the desk."))
        assert ("staff", "Hello, this is the desk.") in line.until_said("this is the desk")


@pytest.mark.parametrize(("host", "draft"), [("oak.example", False), ("ash.example", True)])
def test_words_that_a_practice_approved_by_name_are_called_drafts_on_no_public_page_of_its_own(
    deployment: Deployment, host: str, draft: bool
) -> None:
    browser = TestClient(deployment.public(), base_url=f"http://{host}")
    for locale, words in all_words().items():
        browser.post(f"/language/{locale}", data={"back": "/chat"})
        assert (words("draft") in browser.get("/chat").text) is draft


@pytest.mark.parametrize(("name", "draft"), [(SIGNED, False), (UNSIGNED, True)])
def test_words_that_a_practice_approved_by_name_are_not_called_drafts_on_its_staff_page(
    deployment: Deployment, name: str, draft: bool
) -> None:
    assert ("words are drafts" in deployment.staff_page(name)) is draft


def _contacts(deployment: Deployment) -> list[str]:
    with deployment.records.transaction(UNSIGNED) as tx:
        return [each.id for each in tx.log.contacts()]

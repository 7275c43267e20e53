"""What is signed while the server runs answers new contacts within seconds, and nobody's words change halfway; a text
thread that is open goes on under the version it began with, over a restart too."""

import itertools
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.testclient import TestClient

from lamplighter.channels.web.app import public_app
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk.contacts import Reply
from lamplighter.desk.feed import LiveFeed
from lamplighter.desk.lines import Lines
from lamplighter.practice.directory import Directory
from lamplighter.practice.protocol import Protocol, public_key
from lamplighter.records.memory import MemoryJobs, MemoryRecords
from lamplighter.rehearsal.clock import SimulatedClock
from lamplighter.settings import Settings
from lamplighter.wiring.counts import published_in
from lamplighter.wiring.desk import wire
from lamplighter.wiring.lines import protocol_of, signed_line
from lamplighter.wiring.outward import Outward
from lamplighter.wiring.own_rehearsals import OwnRehearsals
from lamplighter.wiring.practices import practices_in
from lamplighter.wiring.serve import lines_of, page_behind, reviews_of, stored_of
from lamplighter.wiring.serving import Door, listen
from lamplighter.wiring.signed_folder import SIGNED
from lamplighter.wiring.signers import Signers
from lamplighter.wiring.signing import folder_files, keep
from lamplighter.wiring.staff import staff_door
from lamplighter.wiring.stage import Kept
from lamplighter.wiring.taking_up import Answered, TakingUp
from tests.practice.approving import signed
from tests.promises.desks import NOON, Pager
from tests.wiring.test_practices import AT, KEY, made

STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
PRICE = "how much is it if I pay myself?"
CALLER = "+12125550123"


class Running:
    """As `serve` puts it together, over the records of `before` where it is a restart."""

    def __init__(self, folder: Path, before: "Running | None" = None) -> None:
        self.folder = folder
        self.settings = Settings(
            data=folder / "data", practices=folder / "practices", master_key_file=folder / "master.key"
        )
        self.signers = Signers(self.settings.data)
        self.clock = before.clock if before else SimulatedClock(NOON)
        self.records = before.records if before else MemoryRecords(self.clock)
        self.jobs, self.pager, self.feed = MemoryJobs(self.records), Pager(), LiveFeed()
        found = practices_in(self.settings.practices, self.signers, self.clock.now())
        first = lines_of(found, asks_reader=False, texts=False)
        self.lines = Lines(first, stored_of(found, self.settings, reads=False, texts=False))
        numbers = itertools.count(len(self.contacts) + 1)
        self.desk = wire(
            self.records,
            self.jobs,
            self.lines,
            Outward(self.clock, Kept(), self.pager, self.feed),
            worker="serve",
            new_id=lambda: f"c{next(numbers)}",
            new_code=lambda: "123456",
        )
        self.directory = Directory(each.practice for each in found.answered)
        self.approved = found.approved
        reviews = reviews_of(found, self.records, self.settings, self.clock, self.lines)
        self.doors = {review.practice: self._door(review) for review in reviews}
        self.answered = [Answered(each, page_behind(self.doors[each.practice][0])) for each in reviews]
        self.taking_up = self.watch(lambda protocol: signed_line(protocol, texts=False))

    def watch(self, line: Callable[[Protocol], object]) -> TakingUp:
        return TakingUp(
            self.answered, self.lines, self.directory, self.approved, self.clock, line  # type: ignore[arg-type]
        )  # fmt: skip

    def _door(self, review: object) -> tuple[Door, str]:
        line = self.lines[review.practice]  # type: ignore[attr-defined]
        bound = listen("127.0.0.1", 0)
        try:
            return staff_door(
                self.desk, line.conversation.practice, self.feed, self.clock, bound, review,  # type: ignore[arg-type]
                OwnRehearsals(review.review.folder), trying=True,  # type: ignore[attr-defined]
            )  # fmt: skip
        finally:
            bound.close()

    def public(self) -> object:
        return public_app(
            contacts=self.desk.contacts,
            records=self.records,
            directory=self.directory,
            feed=self.feed,
            phrasebook=Phrasebook.load(),
            clock=self.clock,
            approved=self.approved,
            counts=partial(published_in, self.settings.data),
        )

    @property
    def contacts(self) -> list[str]:
        with self.records.transaction("oak") as tx:
            return [each.id for each in tx.log.contacts()]

    def opens(self, practice: str = "oak") -> str:
        dialled = self.lines[practice].conversation.practice.phone
        return self.desk.contacts.open(practice, channel="sms", dialled=dialled, address=CALLER).contact

    def asks(self, contact: str, words: str = PRICE, practice: str = "oak") -> str:
        reply: Reply = self.desk.contacts.hear(practice, contact, words)
        return " ".join(said.text for said in reply.said)

    def versions(self, contact: str, practice: str = "oak") -> set[str]:
        with self.records.transaction(practice) as tx:
            return {event.protocol_hash for event in tx.log.read(contact)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One signed, one that nobody has signed."""
    made(tmp_path / "practices", "oak", "555-0180", sign=True)
    made(tmp_path / "practices", "ash", "555-0181")
    for name in ("oak", "ash"):
        Signers(tmp_path / "data").add(name, public_key(KEY))
    key = tmp_path / "master.key"
    key.touch(mode=0o600)
    key.write_bytes(bytes(range(32)))
    return tmp_path


@pytest.fixture
def running(folder: Path) -> Running:
    return Running(folder)


def dearer(folder: Path, name: str = "oak") -> None:
    file = folder / "practices" / name / "visits.yaml"
    file.write_text(file.read_text().replace("fee: $220", "fee: $260"))


def signs(
    folder: Path,
    name: str = "oak",
    at: datetime = AT + timedelta(hours=1),
    key: Ed25519PrivateKey = KEY,
) -> str:
    practice = folder / "practices" / name
    protocol = protocol_of(folder_files(practice))
    keep(practice, protocol, signed(protocol, key, "Rosa Ferro", at))
    return protocol.hash


def begun_before_a_newer_one(folder: Path, running: Running) -> tuple[str, str, str]:
    """A thread, the version that it began with, and one signed since."""
    thread = running.opens()
    running.asks(thread, "I'd like to book a first visit")
    [began] = running.versions(thread)
    dearer(folder)
    return thread, began, signs(folder)


def test_new_contacts_are_answered_under_what_is_newly_signed_and_those_that_have_begun_are_not(
    folder: Path, running: Running
) -> None:
    before = running.opens()
    assert "$220" in running.asks(before)
    dearer(folder)
    newer = signs(folder)
    assert running.taking_up.look() == ("oak",)
    assert running.taking_up.look() == ()
    after = running.opens()
    assert "$260" in running.asks(after)
    assert "$220" in running.asks(before)
    assert running.versions(after) == {newer}
    assert len(running.versions(before)) == 1 and newer not in running.versions(before)


def test_an_open_thread_goes_on_under_its_version_over_a_restart_with_a_newer_one(
    folder: Path, running: Running
) -> None:
    thread, began, newer = begun_before_a_newer_one(folder, running)
    again = Running(folder, running)
    assert again.lines["oak"].protocol_hash == newer
    assert "$220" in again.asks(thread)
    assert again.versions(thread) == {began}
    assert "$260" in again.asks(again.opens())


def test_a_thread_whose_version_is_gone_goes_on_under_the_one_in_force(
    folder: Path, running: Running
) -> None:
    thread, began, newer = begun_before_a_newer_one(folder, running)
    (folder / "practices" / "oak" / SIGNED / f"{began}.protocol.json").unlink()
    again = Running(folder, running)
    assert "$260" in again.asks(thread)
    assert again.versions(thread) == {began, newer}


def test_a_thread_is_not_answered_under_a_version_whose_signer_is_trusted_no_more(
    folder: Path, running: Running
) -> None:
    thread = running.opens()
    running.asks(thread, "I'd like to book a first visit")
    dearer(folder)
    (folder / "data" / "trusted-signers.json").unlink()
    running.signers.add("oak", public_key(STRANGER))
    signs(folder, key=STRANGER)
    assert "$260" in Running(folder, running).asks(thread)


def test_whoever_is_rung_for_an_old_contact_is_of_the_ladder_in_force(folder: Path, running: Running) -> None:
    thread = running.opens()
    running.asks(thread, "I'd like to book a first visit")
    ladder = folder / "practices" / "oak" / "ladder.yaml"
    ladder.write_text(ladder.read_text().replace("human: [front_desk, office", "human: [office"))
    signs(folder)
    running.taking_up.look()
    running.asks(thread, "let me talk to a person")
    running.jobs.run_due(running.clock.now())
    assert [ring.rung for ring in running.pager.rings] == ["office_manager"]


def test_a_practice_that_is_signed_while_the_server_runs_is_answered_in_full(
    folder: Path, running: Running
) -> None:
    begun = running.opens("ash")
    assert "not in use yet" in running.asks(begun, practice="ash")
    hash_ = signs(folder, "ash")
    assert running.taking_up.look() == ("ash",)
    assert "$220" in running.asks(running.opens("ash"), practice="ash")
    running.asks(begun, practice="ash")
    assert running.versions(begun, "ash") == {"unsigned", hash_}


def test_a_signature_by_a_key_that_is_not_known_is_taken_up_once_it_is(
    folder: Path, running: Running
) -> None:
    dearer(folder)
    signs(folder, key=STRANGER)
    assert running.taking_up.look() == ()
    assert "$220" in running.asks(running.opens())
    running.signers.add("oak", public_key(STRANGER))
    assert running.taking_up.look() == ("oak",)


def test_a_signature_that_is_dated_ahead_is_taken_up_when_its_time_has_come(
    folder: Path, running: Running
) -> None:
    dearer(folder)
    signs(folder, at=NOON + timedelta(hours=1))
    assert running.taking_up.look() == ()
    running.clock.move_to(NOON + timedelta(hours=1))
    assert running.taking_up.look() == ("oak",)


def test_signatures_that_are_gone_or_damaged_silence_nobody_and_take_nobody_back(
    folder: Path, running: Running
) -> None:
    kept = folder / "practices" / "oak" / SIGNED
    [first] = kept.glob("*.signature.json")
    dearer(folder)
    newer = signs(folder)
    running.taking_up.look()
    for file in kept.glob(f"{newer}.*.signature.json"):
        file.unlink()
    assert running.taking_up.look() == ()
    assert "$260" in running.asks(running.opens())
    first.write_text("{")
    assert running.taking_up.look() == ()
    for file in kept.glob("*.protocol.json"):
        file.write_text("{")
    signs(folder, at=AT + timedelta(hours=2))
    assert running.taking_up.look() == ()
    assert "$260" in running.asks(running.opens())


def test_a_version_that_claims_what_another_practice_has_is_not_taken_up(
    folder: Path, running: Running
) -> None:
    file = folder / "practices" / "oak" / "practice.yaml"
    file.write_text(file.read_text().replace("[oak.example]", "[ash.example]"))
    began = running.lines["oak"].protocol_hash
    signs(folder)
    assert running.taking_up.look() == ()
    assert running.lines["oak"].protocol_hash == began
    assert running.directory.by_host("ash.example").id == "ash"


def test_its_hosts_and_its_staff_page_change_with_it_and_whoever_is_signed_in_stays_so(
    folder: Path, running: Running
) -> None:
    door, link = running.doors["oak"]
    browser = TestClient(door.app, base_url=link.partition("/open/")[0])
    browser.post(link)
    assert "Harbor Lane Counseling" in browser.get("/").text
    file = folder / "practices" / "oak" / "practice.yaml"
    text = file.read_text().replace("[oak.example]", "[new.example]")
    file.write_text(text.replace("name: Harbor Lane Counseling", "name: Harbor Lane West"))
    newer = signs(folder)
    running.taking_up.look()
    assert running.directory.by_host("new.example").name == "Harbor Lane West"
    assert "Harbor Lane West" in browser.get("/").text
    page = browser.get("/protocol").text
    assert newer[:12] in page and "New contacts are answered under it" not in page


def test_what_is_taken_up_stands_in_the_ledger_first(folder: Path, running: Running) -> None:
    dearer(folder)
    newer = signs(folder)
    running.taking_up.look()
    with running.records.transaction("oak") as tx:
        entries = [each for each in tx.ledger.entries(limit=1000) if each.about == f"protocol/{newer}"]
    assert [each.who for each in entries] == ["Rosa Ferro"]


def test_the_server_looks_by_itself_until_it_is_told_to_stop(folder: Path, running: Running) -> None:
    seen = threading.Event()

    def line(protocol: Protocol) -> object:
        made = signed_line(protocol, texts=False)
        seen.set()
        return made

    stop = running.watch(line).start(every=0.01)
    dearer(folder)
    signs(folder)
    assert seen.wait(120)
    stop()

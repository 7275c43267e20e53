"""How staff come in on the running product: a real store, the wiring, and the command for whoever is locked out."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.testclient import TestClient

from lamplighter.desk.feed import LiveFeed
from lamplighter.practice.load import load
from lamplighter.practice.protocol import public_key
from lamplighter.practice.sample import SAMPLE_FOLDER
from lamplighter.settings import Settings
from lamplighter.wiring.audit import verify_all
from lamplighter.wiring.clocks import WallClock
from lamplighter.wiring.lines import protocol_of
from lamplighter.wiring.own_rehearsals import OwnRehearsals
from lamplighter.wiring.practices import practices_in
from lamplighter.wiring.serve import reviews_of
from lamplighter.wiring.serving import listen
from lamplighter.wiring.signers import Signers
from lamplighter.wiring.signing import folder_files, keep
from lamplighter.wiring.staff import staff_door
from lamplighter.wiring.staff_link import NobodyOfThatName, NoSuchPractice, link_for
from lamplighter.wiring.store import open_records
from tests.console.people import Enrolled, through_the_steps, token_in
from tests.practice.approving import signed
from tests.promises.desks import House

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A signed practice, on an encrypted file."""
    practice = tmp_path / "practices" / "maple"
    shutil.copytree(SAMPLE_FOLDER, practice, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    file = practice / "practice.yaml"
    file.write_text(file.read_text().replace("id: demo", "id: maple"))
    protocol = protocol_of(folder_files(practice))
    keep(practice, protocol, signed(protocol, KEY, "Dr. Amara Osei", datetime(2026, 11, 25, 12, tzinfo=UTC)))
    Signers(tmp_path / "data").add("maple", public_key(KEY))
    key = tmp_path / "master.key"
    key.touch(mode=0o600)
    key.write_bytes(bytes(range(32)))
    return Settings(data=tmp_path / "data", practices=tmp_path / "practices", master_key_file=key)


class Opened:
    """The staff page as `serve` opens it."""

    clock = WallClock()

    def __init__(self, address: str, app: object) -> None:
        self.address, self._app = address, app

    def browser(self) -> TestClient:
        return TestClient(self._app, base_url=self.address.partition("/open/")[0].rstrip("/"))  # type: ignore[arg-type]


@contextmanager
def opened(settings: Settings, *, trying: bool = False) -> Iterator[Opened]:
    assert settings.practices is not None
    practice = load(settings.practices / "maple")
    records = open_records(settings, WallClock())
    bound = listen("127.0.0.1", 0)
    desk = House(store=records, practice=practice).desk
    [review] = reviews_of(practices_in(settings.practices), records, settings, WallClock())
    door, address = staff_door(
        desk,
        practice,
        LiveFeed(),
        WallClock(),
        bound,
        review,
        OwnRehearsals(review.review.folder),
        trying=trying,
    )
    try:
        yield Opened(address, door.app)
    finally:
        bound.close()
        records.close()


def own(page: Opened, name: str = "Rosa Ferro") -> Enrolled:
    browser = page.browser()
    csrf = token_in(browser.post(page.address).text)
    return through_the_steps(
        page, browser, browser.post("/enrol/name", data={"csrf": csrf, "name": name}).text, name
    )


def test_a_practice_without_an_owner_is_opened_by_a_link_and_one_with_an_owner_by_signing_in(
    settings: Settings,
) -> None:
    with opened(settings) as page:
        assert "/open/" in page.address
        assert "Contacts" in own(page).browser.get("/").text
    with opened(settings) as page:
        assert page.address.endswith("/")
        assert "/open/" not in page.address
        answer = page.browser().get("/", headers={"accept": "text/html"})
        assert answer.url.path == "/sign-in"


def test_the_demonstrations_link_signs_in_with_one_click_however_often_it_is_started(
    settings: Settings,
) -> None:
    for _ in range(2):
        with opened(settings, trying=True) as page:
            browser = page.browser()
            assert "Demo owner" in browser.post(page.address).text
            assert "Contacts" in browser.get("/").text


def test_whoever_lost_every_way_in_gets_a_link_on_the_machine_itself(settings: Settings) -> None:
    with opened(settings) as page:
        own(page)
        link = link_for(settings, "maple", "rosa ferro")
        browser = page.browser()
        token = link.rpartition("/")[2]
        back = through_the_steps(page, browser, browser.post(f"/open/{token}").text, "Rosa Ferro")
        ledger = back.browser.get("/ledger").text
        assert "operator" in ledger
        assert "staff invited" in ledger
    assert link.startswith(f"http://localhost:{settings.staff_port}/open/")


def test_a_link_for_nobody_and_one_for_no_practice_say_what_is_wrong(settings: Settings) -> None:
    with opened(settings) as page:
        own(page)
    with pytest.raises(NobodyOfThatName, match="Nobody of that name"):
        link_for(settings, "maple", "Sam Ode")
    with pytest.raises(NoSuchPractice, match="No practice here"):
        link_for(settings, "oak", "Rosa Ferro")


def test_what_was_signed_elsewhere_stands_in_the_ledger_once_however_often_the_server_starts(
    settings: Settings,
) -> None:
    with opened(settings):
        pass
    with opened(settings) as page:
        ledger = own(page).browser.get("/ledger").text
    assert ledger.count("protocol signed") == 1
    assert ledger.count("approval found") > 5
    assert "section approved" not in ledger
    assert [sound for _, sound in verify_all(settings)] == [True]

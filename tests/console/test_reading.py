"""Every read of a person is in the ledger: who, what and when, as often as somebody opened it, without its content."""

from collections import Counter
from datetime import timedelta

import httpx
import pytest

from lamplighter.console.access import COOKIE
from lamplighter.conversation.slots import Slot
from lamplighter.practice.model import Modality
from tests.channels.web.stage import PATIENTS, Stage, served
from tests.console.people import Enrolled, invited


@pytest.fixture
def stage() -> Stage:
    return Stage()


def chat(stage: Stage, words: str = "my name is Nora Quill") -> str:
    practice = stage.practice
    contact = stage.contacts.open(practice.id, channel="chat", dialled=practice.phone, address=None).contact
    stage.contacts.hear(practice.id, contact, words)
    return contact


def reads(stage: Stage, name: str = "Rosa Ferro") -> list[tuple[str, str]]:
    """What somebody's pages showed them, in order."""
    with stage.records.transaction(stage.practice.id) as tx:
        account = next(each.id for each in tx.staff.all() if each.name == name)
        entries = tx.ledger.entries(limit=10_000)
    return [(e.what, e.about) for e in entries if e.who == account and e.what in ("listed", "opened")]


def test_a_contact_is_noted_as_opened_whenever_somebody_opens_it_anew(stage: Stage, owner: Enrolled) -> None:
    one, other = chat(stage), chat(stage)
    for contact in (one, one, other, one):
        owner.browser.get(f"/?contact={contact}")
    opened = [about for what, about in reads(stage) if what == "opened"]
    assert opened == [f"contact/{one}", f"contact/{other}", f"contact/{one}"]


def test_what_a_page_lists_is_noted_once_a_session(stage: Stage, owner: Enrolled) -> None:
    contacts = {f"contact/{chat(stage)}" for _ in range(3)}
    for _ in range(3):
        owner.browser.get("/")
    counted = Counter(reads(stage))
    assert {about for what, about in counted if what in ("listed", "opened")} >= contacts
    assert set(counted.values()) == {1}


def test_each_reads_under_their_own_account(stage: Stage, owner: Enrolled) -> None:
    sam, contact = invited(stage, owner, "Sam Ode", "desk"), chat(stage)
    sam.browser.get(f"/?contact={contact}")
    assert ("opened", f"contact/{contact}") in reads(stage, "Sam Ode")
    assert ("opened", f"contact/{contact}") not in reads(stage)


def visit(stage: Stage) -> str:
    """A visit today; gives whose."""
    now = stage.clock.now()
    person, clinician = PATIENTS[0].number, stage.practice.clinicians[0]
    slot = Slot(
        now + timedelta(hours=2), 50, clinician.id, Modality.TELEHEALTH, clinician.visit_kinds[0], None
    )
    with stage.records.transaction(stage.practice.id) as tx:
        tx.schedule.book("v1", slot, [person], "c1", now, "booked")
    return person


def test_people_whose_visits_a_page_shows_are_noted(stage: Stage, owner: Enrolled) -> None:
    person = visit(stage)
    assert "Nora Bell" in owner.browser.get("/billing").text
    assert reads(stage) == [("listed", f"person/{person}")]


def test_a_page_that_stays_open_adds_nothing_to_the_ledger(stage: Stage, owner: Enrolled) -> None:
    contact = chat(stage)
    visit(stage)
    assert "Nora Bell" in owner.browser.get(f"/?contact={contact}").text
    cookies = {COOKIE: owner.browser.cookies[COOKIE]}
    app = stage.staff(trying=False)
    with (
        served(app) as address,
        httpx.Client(base_url=address, cookies=cookies, timeout=120) as page,
        page.stream("GET", f"/live?contact={contact}") as stream,
    ):
        lines = (line for line in stream.iter_lines() if line == "event: here")
        next(lines)
        before = _length(stage)
        next(lines)
        next(lines)
        assert _length(stage) == before


def _length(stage: Stage) -> int:
    with stage.records.transaction(stage.practice.id) as tx:
        return tx.ledger.length()


def test_no_line_holds_a_word_of_what_was_read(stage: Stage, owner: Enrolled) -> None:
    contact = chat(stage)
    assert "Quill" in owner.browser.get(f"/?contact={contact}").text
    with stage.records.transaction(stage.practice.id) as tx:
        assert "Quill" not in str(tx.ledger.entries(limit=10_000))


def test_the_ledger_page_names_who_read_what(stage: Stage, owner: Enrolled) -> None:
    contact = chat(stage)
    owner.browser.get(f"/?contact={contact}")
    page = owner.browser.get("/ledger").text
    assert f"contact/{contact}" in page
    assert "Rosa Ferro" in page
    assert "opened" in page


def test_the_ledger_is_read_back_to_its_first_line(stage: Stage, owner: Enrolled) -> None:
    now = stage.clock.now()
    with stage.records.transaction(stage.practice.id) as tx:
        for number in range(250):
            tx.ledger.note(at=now, who="agent", what="looked", about=f"thing/{number}")
    pages, address = [], "/ledger"
    while address:
        pages.append(owner.browser.get(address).text)
        address = pages[-1].partition('href="/ledger?before=')[2].partition('"')[0]
        address = f"/ledger?before={address}" if address else ""
    assert len(pages) == 3
    assert all(sum(f"thing/{n}<" in page for page in pages) == 1 for n in range(250))
    for strange in ("0", "1", "-4", "x", "9" * 14, "9" * 400):
        assert owner.browser.get(f"/ledger?before={strange}").status_code == 200

"""Rule 7 on the staff page: the card of a hand-over, and what is behind glass."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from lamplighter.conversation import events as e
from lamplighter.desk.ports import Role
from tests.channels.web.stage import PATIENTS, Stage
from tests.console.people import Enrolled, invited

NORA = PATIENTS[0]
ADDRESS = "5 Dock Street, Brooklyn, NY 11201"
CRISIS = "I want to kill myself tonight"
HOME = "my husband hit me again"


@pytest.fixture
def stage() -> Stage:
    return Stage()


def call(stage: Stage, words: str = CRISIS, number: str | None = None, knows: bool = False) -> str:
    """Somebody who calls; `knows`: identified as Nora, who has an address on file."""
    practice = stage.practice
    opened = stage.contacts.open(practice.id, channel="voice", dialled=practice.phone, address=number)
    if knows:
        with stage.records.transaction(practice.id) as tx:
            person = tx.people.get(NORA.number)
            assert person is not None
            tx.people.update(replace(person, address=ADDRESS, pronouns="she/her"))
            tx.people.link_contact(opened.contact, person.id)
        stage.contacts.note(practice.id, opened.contact, e.Identified(NORA.number, "staff"))
    stage.contacts.hear(practice.id, opened.contact, words)
    stage.run_due()
    return opened.contact


def card_on(page: str) -> str:
    """The card as it is drawn; empty where there is none."""
    return page.partition('class="hand-card"')[2].partition('id="detail-lines"')[0]


def ledger(stage: Stage, what: str) -> list[tuple[str, str, str]]:
    with stage.records.transaction(stage.practice.id) as tx:
        names = {each.id: each.name for each in tx.staff.all()}
        entries = tx.ledger.entries(limit=10_000)
    return [(names.get(each.who, each.who), each.about, each.why) for each in entries if each.what == what]


def test_the_card_stands_on_the_contact_that_was_handed_over(stage: Stage, owner: Enrolled) -> None:
    contact = call(stage, number=NORA.number, knows=True)
    card = card_on(owner.browser.get(f"/?contact={contact}").text)
    for words in (
        "Nora Bell", "she/her", "(212) 555-0143", "English", "Dr. Osei", "a person now", "I have time for you now",
        "Front desk", "not licensed", "they dial 911 themselves",
    ):  # fmt: skip
        assert words in card
    assert ADDRESS not in card and "DO NOT CALL BACK" not in card
    assert "Brooklyn" not in card and "(718) 555-0190" not in card


def test_the_ten_digits_stand_on_the_card_of_whoever_has_it_and_the_place_behind_glass_only(
    stage: Stage, owner: Enrolled
) -> None:
    contact, sam = call(stage, knows=True), invited(stage, owner, "Sam Ode", "desk")
    sam.post(f"/contacts/{contact}/accept")
    card = card_on(sam.browser.get(f"/?contact={contact}").text)
    assert "(718) 555-0190" in card and "Brooklyn" not in card and "Kings" not in card
    assert "(718) 555-0190" not in card_on(owner.browser.get(f"/?contact={contact}").text)
    opened = card_on(sam.post(f"/contacts/{contact}/glass", why="help"))
    assert "(718) 555-0190 (Brooklyn" in opened


def test_every_look_is_noted_on_the_owners_board_until_one_of_them_has_seen_it(
    stage: Stage, owner: Enrolled
) -> None:
    contact, tan = call(stage, knows=True), invited(stage, owner, "Dr. Tan", "clinician")
    for why in ("help", "reach"):
        tan.post(f"/contacts/{contact}/glass", why=why)
    heading = "Where somebody lives was opened"
    assert heading not in tan.browser.get("/").text
    page = owner.browser.get("/").text
    assert heading in page and page.count("Dr. Tan, Tue, Dec 1") >= 2
    looks = set(re.findall(r'action="/looks/(\w+)/seen"', page))
    assert len(looks) == 2
    assert "somebody else" in tan.post(f"/looks/{min(looks)}/seen")
    for look in looks:
        page = owner.post(f"/looks/{look}/seen")
    assert heading not in page
    assert {who for who, _, _ in ledger(stage, "glass_opened_lifted")} == {"Rosa Ferro"}


def test_of_a_withheld_number_the_card_says_so_and_whoever_asked_for_nothing_has_none(
    stage: Stage, owner: Enrolled
) -> None:
    assert "withheld" in card_on(owner.browser.get(f"/?contact={call(stage)}").text)
    assert card_on(owner.browser.get(f"/?contact={call(stage, 'what are your hours?')}").text) == ""


def test_rule_05_after_violence_at_home_the_card_and_the_list_say_do_not_call_back(
    stage: Stage, owner: Enrolled
) -> None:
    page = owner.browser.get(f"/?contact={call(stage, HOME, NORA.number)}").text
    assert "DO NOT CALL BACK" in card_on(page)
    assert "Do not call back" in page.partition('id="detail-head"')[0]


def test_one_click_with_a_reason_opens_where_they_live_and_stands_in_the_ledger(
    stage: Stage, owner: Enrolled
) -> None:
    contact = call(stage, number=NORA.number, knows=True)
    page = owner.post(f"/contacts/{contact}/glass", why="help")
    assert ADDRESS in card_on(page)
    assert ADDRESS in card_on(owner.browser.get(f"/?contact={contact}").text)
    told = ("Rosa Ferro", f"contact/{contact}", "to say where help is needed")
    assert ledger(stage, "glass_broken") == [told]
    auditor = invited(stage, owner, "Ada Reed", "auditor")
    assert "glass broken" in auditor.browser.get("/ledger").text


@pytest.mark.parametrize("why", ["", "curious"])
def test_without_one_of_the_reasons_nothing_opens(stage: Stage, owner: Enrolled, why: str) -> None:
    contact = call(stage, knows=True)
    assert "Say why" in owner.post(f"/contacts/{contact}/glass", why=why)
    assert ledger(stage, "glass_broken") == []


@pytest.mark.parametrize(("role", "may"), [("desk", False), ("clinician", True), ("biller", False)])
def test_who_did_not_accept_it_sees_no_address_unless_they_are_clinical(
    stage: Stage, owner: Enrolled, role: Role, may: bool
) -> None:
    contact, sam = call(stage, knows=True), invited(stage, owner, "Sam Ode", role)
    answer = sam.post(f"/contacts/{contact}/glass", why="help")
    assert (ADDRESS in answer) == may
    assert bool(ledger(stage, "glass_broken")) == may


def test_who_accepted_it_opens_the_address_and_asks_for_someone_else_from_the_card(
    stage: Stage, owner: Enrolled
) -> None:
    contact, sam = call(stage, knows=True), invited(stage, owner, "Sam Ode", "desk")
    before = card_on(sam.browser.get(f"/?contact={contact}").text)
    assert "Open where they live" not in before and "I need someone else" not in before
    sam.post(f"/contacts/{contact}/accept")
    card = card_on(sam.post(f"/contacts/{contact}/glass", why="reach"))
    assert ADDRESS in card and "I need someone else" in card and "Sam Ode accepted" in card
    sam.post(f"/contacts/{contact}/someone-else")
    stage.run_due()
    assert stage.bells.rung[-1].rung == "office_manager"
    assert ADDRESS not in sam.browser.get(f"/?contact={contact}").text


def test_what_one_opened_is_open_for_nobody_else(stage: Stage, owner: Enrolled) -> None:
    contact, sam = call(stage, knows=True), invited(stage, owner, "Sam Ode", "clinician")
    owner.post(f"/contacts/{contact}/glass", why="sure")
    assert ADDRESS not in sam.browser.get(f"/?contact={contact}").text


def test_rule_05_each_call_back_is_noted_with_who_and_when_on_the_card_the_persons_page_and_in_the_ledger(
    stage: Stage, owner: Enrolled
) -> None:
    contact, sam = call(stage, number=NORA.number, knows=True), invited(stage, owner, "Sam Ode", "desk")
    stage.contacts.hang_up(stage.practice.id, contact)
    sam.post(f"/contacts/{contact}/accept")
    for came_to in ("busy", "no_message"):
        stage.clock.ahead(timedelta(minutes=4))
        card = card_on(sam.post(f"/contacts/{contact}/called-back", text=came_to))
    latest, before = re.findall(r"<li>(Tue, Dec 1, [^<]+)</li>", card.partition("Calls back")[2])
    assert "Sam Ode: voicemail, left no message: nothing on file allows one" in latest
    assert "Sam Ode: busy" in before and latest.partition(" Sam")[0] != before.partition(" Sam")[0]
    assert latest in owner.browser.get(f"/persons/{NORA.number}").text
    assert tuple(who for who, about, _ in ledger(stage, "called_back") if contact in about) == (
        "Sam Ode",
        "Sam Ode",
    )
    assert "can&#39;t be chosen" in sam.post(f"/contacts/{contact}/called-back", text="shouted")
    assert "Sam Ode called back: busy" in owner.browser.get(f"/?contact={contact}").text


def test_rule_05_no_call_back_is_noted_or_offered_where_violence_at_home_was_spoken_of(
    stage: Stage, owner: Enrolled
) -> None:
    at_home = call(stage, HOME, NORA.number, knows=True)
    before = call(stage, number=NORA.number, knows=True)
    for contact in (at_home, before):
        card = card_on(owner.browser.get(f"/?contact={contact}").text)
        assert "DO NOT CALL BACK" in card and "called-back" not in card
        refused = owner.post(f"/contacts/{contact}/called-back", text="no_answer")
        assert "whoever picks up may be who they are afraid of" in refused
    assert ledger(stage, "called_back") == []


def test_no_call_back_is_offered_to_a_visitor_of_whom_no_number_is_known(
    stage: Stage, owner: Enrolled
) -> None:
    practice = stage.practice
    chat = stage.contacts.open(practice.id, channel="chat", dialled=practice.hosts[0], address=None).contact
    stage.contacts.hear(practice.id, chat, "I want to talk to a person please")
    assert "Calls back" not in card_on(owner.browser.get(f"/?contact={chat}").text)
    contact = call(stage, number=NORA.number, knows=True)
    assert "Calls back" in card_on(owner.browser.get(f"/?contact={contact}").text)

"""Rule 44: a contact becomes a rehearsal with invented details alone and a second person's yes; some never do."""

import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from lamplighter.conversation import acts as a
from lamplighter.conversation import events as e
from lamplighter.conversation.details import Detail, Errand, Key, Subject
from lamplighter.conversation.wish import Wish
from lamplighter.desk import rehearsals
from lamplighter.desk.ports import Person, Proxy
from lamplighter.rehearsal import run
from lamplighter.wiring.own_rehearsals import OwnRehearsals
from lamplighter.wiring.stage import MemoryStage
from tests.channels.web.stage import Stage
from tests.console.people import Enrolled, first_owner, invited
from tests.console.test_staff_page import CRISIS, chat

BOOKING = (
    "hi it's zora i need a first appointment by video because of the flood in our cellar", "Zora Wintergreen",
    "March 3 1991", "zora wintergreen, march 3 1991", "212 555 0187",
)  # fmt: skip


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    stage = Stage()
    stage.rehearsals = OwnRehearsals(tmp_path, "demo")
    return stage


@pytest.fixture
def owner(stage: Stage) -> Enrolled:
    return first_owner(stage)


def draft_in(page: str) -> tuple[str, str]:
    """The name and the text that the page shows for editing."""
    name = re.search(r'name="name" value="([^"]+)"', page)
    text = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert name and text, page
    return name[1], unescape(text[1])


def drafted(stage: Stage, owner: Enrolled, contact: str) -> str:
    """Asked for approval; gives its name."""
    name, text = draft_in(owner.post(f"/contacts/{contact}/rehearsal/draft"))
    owner.post(
        f"/contacts/{contact}/rehearsal/propose", name=name, text=text.replace(rehearsals.TO_WRITE, "hm")
    )
    return name


def kept(stage: Stage) -> list[str]:
    return list(stage.rehearsals.names())


def test_rule_44_one_click_drafts_it_a_second_person_keeps_it_and_then_it_is_played(
    stage: Stage, owner: Enrolled
) -> None:
    contact, second = chat(stage, *BOOKING), invited(stage, owner, "Ana Cruz", "desk")
    name = drafted(stage, owner, contact)
    assert "somebody else reads it" in owner.browser.get(f"/contacts/{contact}/rehearsal").text
    assert "a second person does" in owner.post(f"/contacts/{contact}/rehearsal/{name}/approve")
    assert kept(stage) == []
    assert "Waits for a second person to read it" in second.browser.get("/contacts").text
    page = second.post(f"/contacts/{contact}/rehearsal/{name}/approve")
    assert "Kept, and played with the others" in page and "read by Ana Cruz" in page
    [file] = stage.rehearsals.folder.iterdir()
    [result] = run([file], MemoryStage())
    assert result.id == name and result.turns > 1
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    second.post(f"/contacts/{contact}/rehearsal/{name}/drop")
    assert kept(stage) == []


@pytest.mark.parametrize("right", ["crisis", "clinical"])
def test_rule_44_never_of_what_was_or_should_have_been_for_a_person_now_or_a_clinician(
    stage: Stage, owner: Enrolled, right: str
) -> None:
    danger, refill = chat(stage, CRISIS), chat(stage, "can you up my zoloft dose, the side effects are bad")
    missed = chat(stage, "What are your hours?")
    owner.post(f"/contacts/{missed}/mark", of=0, right="no", verdict=right)
    for contact in (danger, refill, missed):
        assert "Make a rehearsal" not in owner.browser.get(f"/contacts/{contact}").text
        path = f"/contacts/{contact}/rehearsal"
        assert "No rehearsal is made" in owner.browser.get(path).text
        assert "No rehearsal is made" in owner.post(f"{path}/draft")
        assert "No rehearsal is made" in owner.post(f"{path}/propose", name="own-00000000", text="- id: x")


def test_rule_44_a_draft_that_waits_is_not_approved_once_it_turns_out_to_have_been_for_a_clinician(
    stage: Stage, owner: Enrolled
) -> None:
    contact, second = chat(stage, *BOOKING), invited(stage, owner, "Ana Cruz", "clinician")
    name = drafted(stage, owner, contact)
    second.post(f"/contacts/{contact}/mark", of=0, right="no", verdict="clinical")
    assert "No rehearsal is made" in second.post(f"/contacts/{contact}/rehearsal/{name}/approve")
    assert kept(stage) == []


@pytest.mark.parametrize(
    "left",
    [
        "zora",
        "Wintergreen",
        "1991-03-03",
        "March 3, 1991",
        "3/3/1991",
        "212-555-0187",
        "the flood in our cellar",
        "our cellar",
    ],
)
def test_rule_44_what_is_theirs_keeps_a_draft_from_being_kept_however_it_is_written(
    stage: Stage, owner: Enrolled, left: str
) -> None:
    contact = chat(stage, *BOOKING)
    name, text = draft_in(owner.post(f"/contacts/{contact}/rehearsal/draft"))
    text = re.sub(r"opens: .*", f'opens: "hello, {left}"', text)
    page = owner.post(f"/contacts/{contact}/rehearsal/propose", name=name, text=text)
    assert "stands in it" in page and "Nothing was changed" in page
    assert draft_in(page) == (name, text)
    assert "None yet" in owner.browser.get(f"/contacts/{contact}/rehearsal").text


def test_a_draft_that_the_reader_does_not_take_is_shown_again_with_what_is_wrong(
    stage: Stage, owner: Enrolled
) -> None:
    contact = chat(stage, *BOOKING)
    name, text = draft_in(owner.post(f"/contacts/{contact}/rehearsal/draft"))
    for wrong, why in (
        (text.replace("expect:", "expects:"), "line "),
        (text.replace(name, "own-ffffffff"), "its id should stay"),
        (text.replace('"demo"', '"../elsewhere"'), "its practice should stay"),
        (text + text.replace(name, "own-ffffffff"), "one alone"),
        (text.replace("hi, i", f"{rehearsals.TO_WRITE} i"), "still to be written"),
        ("", "file is empty"),
    ):
        page = owner.post(f"/contacts/{contact}/rehearsal/propose", name=name, text=wrong)
        assert why in unescape(page), why
    assert "can&#39;t be chosen" in owner.post(
        f"/contacts/{contact}/rehearsal/propose", name="../up", text=text
    )


def test_rule_44_it_goes_with_the_contact_that_it_was_made_of(stage: Stage, owner: Enrolled) -> None:
    contact, second = chat(stage, *BOOKING), invited(stage, owner, "Ana Cruz", "desk")
    name = drafted(stage, owner, contact)
    second.post(f"/contacts/{contact}/rehearsal/{name}/approve")
    with stage.records.transaction(stage.practice.id) as tx:
        assert rehearsals.clear_away(tx, stage.rehearsals) == 0
        tx.people.add(Person("z1", "Zora", "Wintergreen", None, None))
        tx.people.link_contact(contact, "z1")
        tx.people.forget("z1")
    with stage.records.transaction(stage.practice.id) as tx:
        assert rehearsals.clear_away(tx, stage.rehearsals) == 1
    assert kept(stage) == []


MARK = "Zqxj"
"""Begins whatever is somebody's in the contact below."""
VALUES = {
    Detail.DATE_OF_BIRTH: "1983-07-29", Detail.PHONE: "+12125550163", Detail.EMAIL: "zqxj@zqxj.example",
    Detail.MEMBER_ID: "ZQXJ7734512", Detail.AVAILABILITY: Wish().dumps(), Detail.STATE: "NY",
    Detail.LANGUAGE: "es", Detail.SELF_PAY: "true", Detail.MODALITY: "telehealth", Detail.IDENTITY_CODE: "773451",
}  # fmt: skip
# the year alone may be that of an invented birth: it is drawn without a look at theirs
THEIRS = (
    MARK.casefold(),
    "1983-07-29",
    "07/29/83",
    "july 29",
    "29 july",
    "5550163",
    "555 0163",
    "7734512",
    "773451",
)


def full_of_marks(stage: Stage, locale: str) -> str:
    """A contact in which every detail of both people was given, and each free word is somebody's."""
    practice, contact = stage.practice, "c" * 16
    said = tuple(
        a.Give(detail, VALUES.get(detail, f"{MARK}{detail.value}"), subject)
        for subject in Subject
        for detail in Detail
    )
    spoken = e.Heard(f"{MARK}words of mine", (e.Alternative(f"{MARK}words or others", 0.4),), keys="773451")
    bodies = (
        e.Opened("voice", practice.phone, locale, "+12125550163"),
        spoken, e.Guarded(2, "clear"), e.Understood(2, (a.Intend(Errand.FIRST_APPOINTMENT), *said)),
        e.Asked(("insurance",)),
        spoken, e.Guarded(6, "clear"),
        e.Understood(6, (a.AskAbout(a.Topic.INSURERS, f"{MARK}care"), a.AskAbout(a.Topic.OTHER, f"{MARK}x"))),
        e.Identified("z1", "number_on_file"),
        e.FloorTaken("Ana Cruz"), e.StaffSaid("Ana Cruz", f"{MARK}said to them"), e.FloorGiven("Ana Cruz"),
        e.Marked("Ana Cruz", 0, False, "booked", "clear", f"{MARK}note"),
        e.Ended("goodbye"),
    )  # fmt: skip
    with stage.records.transaction(practice.id) as tx:
        tx.people.add(
            Person(
                "z1", f"{MARK}first", f"{MARK}last", date(1983, 7, 29), "+12125550163",
                preferred_name=f"{MARK}called", email="zqxj@zqxj.example", member_id="ZQXJ7734512",
                group_number="ZQXJ9", address=f"1 {MARK}street", insurer=f"{MARK}care",
                proxies=(Proxy(f"{MARK}proxy One", "+12125550163"),),
            )
        )  # fmt: skip
        tx.log.append(contact, bodies, expected=0, at=stage.clock.now(), protocol_hash="0" * 64)
    return contact


@pytest.mark.parametrize("locale", ["en", "es", "pl"])
def test_rule_44_no_mark_that_stands_in_any_field_of_a_contact_stands_in_its_draft(
    stage: Stage, owner: Enrolled, locale: str
) -> None:
    contact = full_of_marks(stage, locale)
    for _ in range(5):
        name, text = draft_in(owner.post(f"/contacts/{contact}/rehearsal/draft"))
        assert [each for each in THEIRS if each in text.casefold()] == []
        assert contact not in text and "2026-12-01" not in text
        ready = text.replace(rehearsals.TO_WRITE, "hm")
        assert stage.rehearsals.problems(name, ready) == ()
    told = {str(Key(subject, detail)) for subject in Subject for detail in Detail}
    assert {each for each in told if f"\n    {each}: " in text} >= {
        "first_name",
        "second.last_name",
        "message",
    }


def test_a_mark_in_any_value_would_be_found_before_a_draft_is_kept(stage: Stage, owner: Enrolled) -> None:
    contact = full_of_marks(stage, "en")
    name, text = draft_in(owner.post(f"/contacts/{contact}/rehearsal/draft"))
    ready = text.replace(rehearsals.TO_WRITE, "hm")
    for theirs in (
        f"{MARK}first",
        f"{MARK}proxy",
        f"{MARK}caller_name",
        "zqxj@zqxj.example",
        "7734512",
        f"1 {MARK}street",
        "july 29 1983",
        "29 de julio de 1983",
        "07/29/1983",
    ):
        wrong = re.sub(r"opens: .*", f'opens: "hello {theirs}"', ready)
        assert "stands in it" in owner.post(
            f"/contacts/{contact}/rehearsal/propose", name=name, text=wrong
        ), theirs
    owner.post(f"/contacts/{contact}/rehearsal/propose", name=name, text=ready)
    with stage.records.transaction(stage.practice.id) as tx:
        assert [replace(each, text="").name for each in rehearsals.of(tx.log.read(contact))] == [name]

"""What is kept how long; a person's records taken away, erased, and held against erasure and expiry."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from lamplighter.channels.web.site import InventedPatient
from lamplighter.conversation import events as e
from lamplighter.conversation.slots import Slot
from lamplighter.desk import erasing, holding
from lamplighter.desk.auditing import KEPT_FOR as SAMPLE
from lamplighter.desk.ports import LegalHold
from lamplighter.practice.model import Modality
from tests.channels.web.stage import PATIENTS, Stage, contacts_of
from tests.console.people import Enrolled, first_owner, invited

NORA = PATIENTS[0].number
RECORDS = f"/persons/{NORA}/records"


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def owner(stage: Stage) -> Enrolled:
    return first_owner(stage)


def a_talk(stage: Stage, *said: str, who: InventedPatient = PATIENTS[0], over: bool = True) -> str:
    """Somebody writes from their own number and says who they are; `over`: and it has ended."""
    practice = stage.practice.id
    contact = stage.contacts.open(
        practice, channel="sms", dialled=stage.practice.phone, address=who.number
    ).contact
    for words in (
        "when is my appointment?",
        who.name,
        f"{who.born:%B} {who.born.day} {who.born.year}",
        *said,
    ):
        stage.contacts.hear(practice, contact, words)
    if over:
        stage.contacts.hang_up(practice, contact)
    return contact


def test_the_page_says_what_expires_when_and_who_is_held_by_whom(stage: Stage, owner: Enrolled) -> None:
    auditor = invited(stage, owner, "Ada Count", "auditor")
    assert "Never kept" in auditor.browser.get("/retention").text
    assert "legal hold" in owner.browser.get(f"/persons/{NORA}").text
    owner.post(f"{RECORDS}/hold", reason="court")
    page = auditor.browser.get("/retention").text
    assert "Rosa Ferro: a court or an authority asks for the records" in page
    assert "Bell" not in page
    assert "held" in auditor.browser.get("/ledger?what=held").text


def test_a_persons_file_has_all_that_is_kept_but_words_kept_for_clinical_roles(
    stage: Stage, owner: Enrolled
) -> None:
    plain, sealed = a_talk(stage), a_talk(stage, "my husband beats me and i want to kill myself tonight")
    with stage.records.transaction(stage.practice.id) as tx:
        last = tx.log.read(sealed)[-1]
        wrote = e.StaffSaid("Rosa", "words by rosa"), e.Marked("Rosa", 0, False, note="a note by rosa")
        drafted = e.RehearsalDrafted("Rosa", "d", "a scenario by rosa")
        tx.log.append(
            sealed, [*wrote, drafted], expected=last.seq, at=last.at, protocol_hash=last.protocol_hash
        )
    taken = owner.browser.get(f"{RECORDS}.json")
    found = json.loads(taken.text)
    assert found["person"]["last_name"] == "Bell"
    assert {events[0]["contact"] for events in found["contacts"]} == {plain, sealed}
    for tells in ("kill", "violence", "home", "handoff.", "waiting.", "by rosa"):
        assert tells not in taken.text
    assert erasing.SEALED in taken.text and "what are your hours" not in taken.text
    assert "exported" in owner.browser.get("/ledger?what=exported").text
    with stage.records.transaction(stage.practice.id) as tx:
        whole = erasing.export(tx, NORA, clinical=True)
    for tells in ("kill myself", "handoff.crisis", "words by rosa", "a note by rosa", "a scenario by rosa"):
        assert tells in whole


def test_a_person_is_erased_once_named_with_their_contacts_and_no_file_is_left(
    stage: Stage, owner: Enrolled
) -> None:
    contact = a_talk(stage, "tell doctor osei that i passed my exam")
    assert "passed my exam" in owner.browser.get(f"{RECORDS}.json").text
    assert "not the last name" in owner.post(f"{RECORDS}/erase", last_name="Park")
    owner.post(f"{RECORDS}/erase", last_name=" bell ")
    assert owner.browser.get(RECORDS).status_code == 404
    assert owner.browser.get(f"{RECORDS}.json").status_code == 404
    with stage.records.transaction(stage.practice.id) as tx:
        assert tx.people.get(NORA) is None
        assert tx.log.read(contact) == ()
    assert "person forgotten" in owner.browser.get("/ledger?what=person+forgotten").text


def test_while_a_hold_stands_nothing_is_erased_or_expires_and_afterwards_it_goes(
    stage: Stage, owner: Enrolled
) -> None:
    held, free = a_talk(stage, over=False), a_talk(stage, who=PATIENTS[1], over=False)
    with stage.records.transaction(stage.practice.id) as tx:
        holding.stand(tx, NORA, by="s-1", why="claim", now=stage.clock.now())
        with pytest.raises(LegalHold):
            erasing.erase(tx, NORA, by="s-1", now=stage.clock.now())
    assert "legal hold stands for them" in owner.post(f"{RECORDS}/erase", last_name="Bell")
    for _ in range(SAMPLE.days + 2):
        stage.to_tomorrow()
    assert "Nora Bell" in heard(stage, held)
    assert set(heard(stage, free)) == {""}
    with stage.records.transaction(stage.practice.id) as tx:
        erasing.lift(tx, stage.practice, NORA, by="s-1", now=stage.clock.now())
    stage.run_due()
    assert set(heard(stage, held)) == {""}
    with stage.records.transaction(stage.practice.id) as tx:
        erasing.erase(tx, NORA, by="s-1", now=stage.clock.now())
        assert tx.people.get(NORA) is None


def test_a_hold_keeps_the_words_of_a_contact_in_which_somebody_else_was_known(stage: Stage) -> None:
    """Whoever books for another is known there; whom it is for is joined to it without."""
    theirs, others = a_talk(stage, over=False), a_talk(stage, who=PATIENTS[1], over=False)
    with stage.records.transaction(stage.practice.id) as tx:
        tx.people.link_contact(theirs, PATIENTS[2].number)
        holding.stand(tx, PATIENTS[2].number, by="s-1", why="claim", now=stage.clock.now())
    for _ in range(SAMPLE.days + 2):
        stage.to_tomorrow()
    assert "Nora Bell" in heard(stage, theirs)
    assert set(heard(stage, others)) == {""}


def test_a_hold_keeps_the_words_before_a_card_number_but_never_a_whole_number(stage: Stage) -> None:
    held, free = a_talk(stage, over=False), a_talk(stage, who=PATIENTS[1], over=False)
    with stage.records.transaction(stage.practice.id) as tx:
        holding.stand(tx, NORA, by="s-1", why="claim", now=stage.clock.now())
    for contact in (held, free):
        for digits in ("4111", "1111", "1111", "1111"):
            stage.contacts.hear(stage.practice.id, contact, digits)
    assert "Nora Bell" in heard(stage, held) and "".join(heard(stage, held)).count("1111") == 2
    assert "Mateo Rivas" not in heard(stage, free)


def test_a_lifted_hold_takes_nothing_from_the_daily_sample_before_its_days_are_over(stage: Stage) -> None:
    stage.practice = replace(stage.practice, audit_one_in=1)
    stage.practices[stage.practice.id] = stage.practice
    stage.contacts = contacts_of([stage.practice], stage.records, stage.clock, stage.feed)
    contact = a_talk(stage)
    with stage.records.transaction(stage.practice.id) as tx:
        holding.stand(tx, NORA, by="s-1", why="claim", now=stage.clock.now())
        erasing.lift(tx, stage.practice, NORA, by="s-1", now=stage.clock.now())
    stage.to_tomorrow()
    assert "Nora Bell" in heard(stage, contact)
    for _ in range(SAMPLE.days):
        stage.to_tomorrow()
    assert set(heard(stage, contact)) == {""}


def test_nobody_is_erased_while_somebody_has_still_to_see_to_them(stage: Stage, owner: Enrolled) -> None:
    contact = a_talk(stage, over=False)
    assert "has not ended" in owner.post(f"{RECORDS}/erase", last_name="Bell")
    stage.contacts.hear(stage.practice.id, contact, "and i want to kill myself")
    refused = owner.post(f"{RECORDS}/erase", last_name="Bell")
    assert "hand-over of theirs is still open" in refused and f"/?contact={contact}" in refused
    stage.contacts.note(stage.practice.id, contact, e.HandoffClosed("Rosa Ferro", "handled"))
    stage.contacts.hang_up(stage.practice.id, contact)
    assert "has still to look over" in owner.post(f"{RECORDS}/erase", last_name="Bell")
    assert len(heard(stage, contact)) == 4


def test_nobody_takes_a_contact_from_somebody_under_legal_hold(stage: Stage, owner: Enrolled) -> None:
    contact = a_talk(stage)
    with stage.records.transaction(stage.practice.id) as tx:
        tx.people.link_contact(contact, PATIENTS[1].number)
        holding.stand(tx, PATIENTS[1].number, by="s-1", why="court", now=stage.clock.now())
    refused = owner.post(f"{RECORDS}/erase", last_name="Bell")
    assert "somebody else whom a contact of theirs belongs to" in refused
    assert "Rivas" not in refused
    assert heard(stage, contact)


def heard(stage: Stage, contact: str) -> list[str]:
    with stage.records.transaction(stage.practice.id) as tx:
        return [each.body.text for each in tx.log.read(contact) if each.body.kind == "heard"]  # type: ignore[union-attr]


def test_somebody_who_is_expected_is_not_erased_before_their_visits_are_called_off(
    stage: Stage, owner: Enrolled
) -> None:
    with stage.records.transaction(stage.practice.id) as tx:
        kind, clinician = stage.practice.visit_kinds[0], stage.practice.clinicians[0]
        start = stage.clock.now() + timedelta(days=3)
        slot = Slot(start, kind.minutes, clinician.id, Modality.TELEHEALTH, kind.id, None)
        assert tx.schedule.book("v1", slot, (NORA,), "c1", stage.clock.now(), "booked")
    assert "visits ahead" in owner.post(f"{RECORDS}/erase", last_name="Bell")
    with stage.records.transaction(stage.practice.id) as tx:
        assert tx.people.get(NORA) is not None

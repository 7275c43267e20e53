"""What is kept how long; a person's records taken away, erased, and held against erasure and expiry."""

import json
from datetime import timedelta

import pytest

from lamplighter.conversation.slots import Slot
from lamplighter.desk import erasing, holding
from lamplighter.desk.ports import LegalHold
from lamplighter.practice.model import Modality
from tests.channels.web.stage import PATIENTS, Stage
from tests.console.people import Enrolled, first_owner, invited

NORA = PATIENTS[0].number
RECORDS = f"/persons/{NORA}/records"


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def owner(stage: Stage) -> Enrolled:
    return first_owner(stage)


def a_talk(stage: Stage, said: str = "what are your hours?") -> str:
    opened = stage.contacts.open(stage.practice.id, channel="sms", dialled=stage.practice.phone, address=NORA)
    stage.contacts.hear(stage.practice.id, opened.contact, said)
    with stage.records.transaction(stage.practice.id) as tx:
        tx.people.link_contact(opened.contact, NORA)
    return opened.contact


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
    plain, sealed = a_talk(stage), a_talk(stage, "I want to kill myself tonight")
    taken = owner.browser.get(f"{RECORDS}.json")
    found = json.loads(taken.text)
    assert found["person"]["last_name"] == "Bell"
    assert {events[0]["contact"] for events in found["contacts"]} == {plain, sealed}
    assert "kill myself" not in taken.text and erasing.SEALED in taken.text
    assert "exported" in owner.browser.get("/ledger?what=exported").text
    with stage.records.transaction(stage.practice.id) as tx:
        assert "kill myself" in erasing.export(tx, NORA, clinical=True)


def test_a_person_is_erased_once_named_with_their_contacts_and_no_file_is_left(
    stage: Stage, owner: Enrolled
) -> None:
    contact = a_talk(stage)
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
    contact = a_talk(stage)
    with stage.records.transaction(stage.practice.id) as tx:
        holding.stand(tx, NORA, by="s-1", why="claim", now=stage.clock.now())
        with pytest.raises(LegalHold):
            erasing.erase(tx, NORA, by="s-1", now=stage.clock.now())
    assert "legal hold stands" in owner.post(f"{RECORDS}/erase", last_name="Bell")
    end = stage.clock.now() + timedelta(days=9)
    stage.clock.ahead(end - stage.clock.now())
    stage.run_due()
    assert heard(stage, contact) == ["what are your hours?"]
    with stage.records.transaction(stage.practice.id) as tx:
        erasing.lift(tx, NORA, by="s-1", now=stage.clock.now())
    stage.run_due()
    assert heard(stage, contact) == [""]
    with stage.records.transaction(stage.practice.id) as tx:
        erasing.erase(tx, NORA, by="s-1", now=stage.clock.now())
        assert tx.people.get(NORA) is None


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

"""Looking over what was handled: found by day and outcome, read from the first word on, marked right or wrong."""

from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from lamplighter.conversation import events as e
from lamplighter.desk import auditing, guard_wrong, missed_danger, reviewing
from lamplighter.desk.ports import Task
from tests.channels.web.stage import Stage
from tests.console.people import Enrolled, first_owner, invited
from tests.console.test_staff_page import CRISIS, chat


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def owner(stage: Stage) -> Enrolled:
    return first_owner(stage)


def sampled(stage: Stage, contact: str) -> None:
    """As the daily sample puts it up."""
    with stage.records.transaction(stage.practice.id) as tx:
        due = stage.clock.now() + auditing.KEPT_FOR
        tx.tasks.add(Task(f"audit-{contact}", "audit", "clinician", due, contact))


def crisis(stage: Stage) -> str:
    contact = chat(stage, CRISIS)
    stage.clock.ahead(timedelta(hours=2))
    with stage.records.transaction(stage.practice.id) as tx:
        tx.tasks.add(Task(f"r-{contact}", "review", "clinician", stage.clock.now(), contact))
    return contact


def marks(stage: Stage, contact: str) -> tuple[e.Marked, ...]:
    with stage.records.transaction(stage.practice.id) as tx:
        return tuple(each.body for each in reviewing.marks(tx.log.read(contact)))


def open_tasks(stage: Stage, *kinds: str) -> list[tuple[str, str]]:
    with stage.records.transaction(stage.practice.id) as tx:
        return [(each.kind, each.route) for each in tx.tasks.list_open() if each.kind in kinds]


def first_words(stage: Stage, contact: str) -> int:
    with stage.records.transaction(stage.practice.id) as tx:
        return next(each.seq for each in tx.log.read(contact) if isinstance(each.body, e.Heard))


def test_a_contact_is_read_from_its_first_word_with_what_was_understood_and_by_which_phrase_it_was_answered(
    stage: Stage, owner: Enrolled
) -> None:
    contact = chat(stage, "a first appointment please, by video", "my name is Nora Quill")
    page = owner.browser.get(f"/contacts/{contact}").text
    assert "a first appointment please, by video" in page and "my name is Nora Quill" in page
    assert "First appointment" in page and "How: by video" in page
    assert "<code>greeting" in page and "Nothing for a person" in page
    assert contact in page and 'data-copy="' in page


def test_a_contact_that_is_not_there_is_said_so(owner: Enrolled) -> None:
    answer = owner.browser.get("/contacts/nothing")
    assert answer.status_code == 404 and "There is no such contact" in answer.text


def test_contacts_are_found_by_what_they_came_to_and_nothing_in_an_address_names_anybody(
    stage: Stage, owner: Enrolled
) -> None:
    asked, left = chat(stage, "What are your hours?"), chat(stage, "I want to talk to a person please")
    booking = chat(stage, "a first appointment please")

    def found(**query: str) -> set[str]:
        page = owner.browser.get("/contacts", params=query).text
        return {each for each in (asked, left, booking) if f'href="/contacts/{each}"' in page}

    assert found() == {asked, left, booking}
    assert found(errand="first_appointment") == {booking}
    assert found(outcome="handed_over") == found(verdict="human") == {left}
    assert found(verdict="clear", outcome="open") == {asked, booking}
    assert found(channel="voice") == found(to="2020-01-02") == found(marked="any") == set()
    owner.post(f"/contacts/{asked}/mark", of=0, right="yes")
    assert found(marked="right") == {asked} and found(marked="none") == {left, booking}
    assert owner.browser.get("/contacts", params={"from": "soon"}).status_code == 422


def test_many_contacts_come_a_page_at_a_time(stage: Stage, owner: Enrolled) -> None:
    made = [chat(stage) for _ in range(30)]
    first = owner.browser.get("/contacts").text
    assert "page=1" in first
    second = owner.browser.get("/contacts?page=1").text
    shown = [sum(f'href="/contacts/{each}"' in page for each in made) for page in (first, second)]
    assert shown == [25, 5]


def test_a_mark_stands_with_who_and_what_should_have_happened_in_the_ledger_and_can_be_taken_back(
    stage: Stage, owner: Enrolled
) -> None:
    contact = chat(stage, "What are your hours?")
    of = first_words(stage, contact)
    owner.post(f"/contacts/{contact}/mark", of=of, right="no", note="It should have named Saturday")
    owner.post(f"/contacts/{contact}/mark", of=0, right="no", outcome="message_taken", verdict="human")
    assert [(each.of, each.right, each.outcome, each.verdict) for each in marks(stage, contact)] == [
        (of, False, None, None), (0, False, "message_taken", "human"),
    ]  # fmt: skip
    page = owner.browser.get(f"/contacts/{contact}").text
    assert "It should have named Saturday" in page and "It should have come to: Message taken" in page
    assert open_tasks(stage, "marked_wrong") == [("marked_wrong", "desk")]
    with stage.records.transaction(stage.practice.id) as tx:
        noted = [each for each in tx.ledger.entries(limit=10_000) if each.what == "marked"]
        seqs = [each.seq for each in reviewing.marks(tx.log.read(contact))]
    assert [each.who for each in noted] == ["Rosa Ferro"] * 2
    assert all("Saturday" not in each.why for each in noted)
    for seq in seqs:
        owner.post(f"/contacts/{contact}/mark-back", mark=seq)
    assert marks(stage, contact) == () and open_tasks(stage, "marked_wrong") == []
    assert "Marks that count no more" in owner.browser.get(f"/contacts/{contact}").text


def test_a_form_that_says_nothing_of_what_should_have_happened_or_names_no_utterance_marks_nothing(
    stage: Stage, owner: Enrolled
) -> None:
    contact = chat(stage, "What are your hours?")
    assert "Say what should have happened" in owner.post(f"/contacts/{contact}/mark", of=0, right="no")
    for wrong in (
        {"of": 1, "right": "yes"},
        {"of": 0, "right": "maybe"},
        {"of": "x", "right": "yes"},
        {"of": 0, "right": "no", "outcome": "sold"},
        {"of": 0, "right": "no", "note": "x" * 1001},
    ):
        owner.post(f"/contacts/{contact}/mark", **wrong)
    assert marks(stage, contact) == ()
    owner.browser.post(f"/contacts/{contact}/mark", data={"csrf": "wrong", "of": "0", "right": "yes"})
    assert marks(stage, contact) == ()


def test_the_sample_and_whoever_was_in_danger_wait_on_top_until_they_are_marked(
    stage: Stage, owner: Enrolled
) -> None:
    told, clinician = chat(stage, "What are your hours?"), invited(stage, owner, "Ana Cruz", "clinician")
    sampled(stage, told)
    danger = crisis(stage)
    page = clinician.browser.get("/contacts").text
    assert page.index("Went to a person now") < page.index("By chance, of the day")
    assert page.count("Nobody has it") == 2
    board = clinician.browser.get("/").text
    assert all(f'href="/contacts/{each}">Look it over' in board for each in (told, danger))
    clinician.post(f"/contacts/{danger}/look", how="take")
    assert "Ana Cruz has it" in owner.browser.get("/contacts").text
    clinician.post(f"/contacts/{danger}/look", how="leave")
    clinician.post(f"/contacts/{danger}/mark", of=0, right="yes")
    clinician.post(f"/contacts/{told}/mark", of=0, right="yes")
    assert "Nothing waits to be looked over" in clinician.browser.get("/contacts").text
    assert open_tasks(stage, "audit", "review") == []


def test_what_is_kept_for_clinical_roles_is_judged_by_them_alone(stage: Stage, owner: Enrolled) -> None:
    contact, clinician = crisis(stage), invited(stage, owner, "Ana Cruz", "clinician")
    clinician.post(f"/contacts/{contact}/mark", of=first_words(stage, contact), right="no", note="too slow")
    page = owner.browser.get(f"/contacts/{contact}").text
    assert "a clinician looks this over" in page and "kill" not in page and "too slow" not in page
    assert "for somebody else" in owner.post(f"/contacts/{contact}/mark", of=0, right="yes")
    assert "kill myself" in clinician.browser.get(f"/contacts/{contact}").text


def test_danger_that_nobody_heard_is_work_for_a_person_now(stage: Stage, owner: Enrolled) -> None:
    contact = chat(stage, "What are your hours?")
    owner.post(f"/contacts/{contact}/mark", of=first_words(stage, contact), right="no", note="slow")
    owner.post(f"/contacts/{contact}/mark", of=0, right="no", verdict="crisis")
    assert open_tasks(stage, "marked_wrong") == [("marked_wrong", "person_now")]


def test_cri_17_danger_that_was_missed_is_an_incident_that_is_listed_counted_and_not_for_the_desk_to_remove(
    stage: Stage, owner: Enrolled
) -> None:
    desk, clinician = invited(stage, owner, "Dee Lim", "desk"), invited(stage, owner, "Ana Cruz", "clinician")
    contact, heard_later = (
        chat(stage, "my cousin waters the ferns"),
        chat(stage, "What are your hours?", CRISIS),
    )
    for of in (first_words(stage, contact), 0):
        desk.post(f"/contacts/{contact}/mark", of=of, right="no", verdict="crisis")
    of = first_words(stage, heard_later)
    clinician.post(f"/contacts/{heard_later}/mark", of=of, right="no", verdict="crisis")
    with stage.records.transaction(stage.practice.id) as tx:
        kept = missed_danger.told(tx)
        facts = tx.facts.standing(missed_danger.KIND)
        seqs = [each.seq for each in reviewing.marks(tx.log.read(contact))]
    assert {(each.contact, each.heard, each.locale, each.channel, each.by) for each in kept} == {
        (contact, "clear", "en", "chat", "Dee Lim"), (heard_later, "clear", "en", "chat", "Ana Cruz"),
    }  # fmt: skip
    assert "ferns" not in repr(facts) and "kill" not in repr(facts)
    for seq in seqs:
        desk.post(f"/contacts/{contact}/mark-back", mark=seq)
    assert ("marked_wrong", "person_now") not in open_tasks(stage, "marked_wrong")
    page = desk.browser.get("/contacts").text
    assert "Should have gone to a person now" in page and "looked over by Dee Lim" in page
    assert "Missed by the guard,2," in desk.browser.get("/figures.csv").text
    desk.post(f"/contacts/{contact}/mark", of=0, right="no", verdict="crisis")
    with stage.records.transaction(stage.practice.id) as tx:
        [again] = reviewing.marks(tx.log.read(contact))
    clinician.post(f"/contacts/{contact}/mark-back", mark=again.seq)
    assert "Missed by the guard,1," in desk.browser.get("/figures.csv").text


def test_rule_09_a_wrong_verdict_is_told_to_whoever_mends_the_guard_once_and_without_the_contact(
    stage: Stage, owner: Enrolled
) -> None:
    contact, clinician = chat(stage, CRISIS), invited(stage, owner, "Ana Cruz", "clinician")
    for _ in range(2):
        clinician.post(f"/contacts/{contact}/mark", of=0, right="no", verdict="clear")
    with stage.records.transaction(stage.practice.id) as tx:
        facts = tx.facts.standing(guard_wrong.KIND)
    assert len(facts) == 1
    assert contact not in repr(replace(facts[0]))


def test_prv_03_whoever_looks_at_a_contact_or_at_the_list_stands_in_the_ledger(
    stage: Stage, owner: Enrolled
) -> None:
    contact = chat(stage, "What are your hours?")
    owner.browser.get("/contacts")
    owner.browser.get(f"/contacts/{contact}")
    with stage.records.transaction(stage.practice.id) as tx:
        noted = {each.what for each in tx.ledger.entries(limit=10_000) if each.about == f"contact/{contact}"}
    assert {"listed", "opened"} <= noted


def test_a_long_contact_folds_between_its_beginning_and_its_end(stage: Stage, owner: Enrolled) -> None:
    contact = chat(stage, *["What are your hours?"] * 15)
    page = owner.browser.get(f"/contacts/{contact}").text
    assert "more turns and steps between" in page
    short: TestClient = owner.browser
    assert "steps between" not in short.get(f"/contacts/{chat(stage, 'hello')}").text

"""The board of authorizations: what is late and why, who sees which code, and what each role may do about it."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from lamplighter.conversation.slots import Slot
from lamplighter.desk import plan_gates
from lamplighter.practice.model import Modality
from tests.channels.web.stage import PATIENTS, Stage
from tests.console.people import Enrolled, invited

NORA = PATIENTS[0]
THEIRS = f"/persons/{NORA.number}/authorizations"
CODES = {"diagnoses": "F41.1", "services": "90837 x8", "first_day": "2026-12-10", "last_day": "2027-03-10"}


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def insured(stage: Stage) -> None:
    """Nora has a visit ahead, and a plan whose requests go on paper."""
    start = stage.clock.now() + timedelta(days=9)
    with stage.records.transaction(stage.practice.id) as tx:
        person = tx.people.get(NORA.number)
        assert person is not None
        tx.people.update(replace(person, insurer="cigna", member_id="C123456789", subscriber="self"))
        plan_gates.keep_answer(tx, person.id, "plan_check", True, wording="paper", now=stage.clock.now())
        slot = Slot(start, 45, "amara_osei", Modality.TELEHEALTH, "follow_up")
        tx.schedule.book("pa1", slot, [person.id], "test", stage.clock.now(), "booked")


@pytest.fixture
def people(stage: Stage, owner: Enrolled) -> dict[str, Enrolled]:
    insured(stage)
    roles = {"clinician": "Amara Osei", "desk": "Sam Ode", "biller": "Bea Count"}
    return {role: invited(stage, owner, name, role) for role, name in roles.items()}  # type: ignore[arg-type]


def begun(people: dict[str, Enrolled], **form: str) -> str:
    answer = people["desk"].browser.post(
        THEIRS, data={"csrf": people["desk"].csrf, **form}, follow_redirects=False
    )
    return str(answer.headers["location"])


def test_a_request_goes_from_its_draft_to_a_decision_by_the_hands_of_those_who_may(
    people: dict[str, Enrolled],
) -> None:
    desk, clinician, biller = people["desk"], people["clinician"], people["biller"]
    at = begun(people, what="visits")
    assert "Confirm the codes (Dr. Osei, by" in words(desk.browser.get("/authorizations").text)
    assert "this is for somebody else" in desk.post(f"{at}/codes", **CODES).lower()
    for wrong in (
        {"diagnoses": "sad"},
        {"services": "9083"},
        {"last_day": "2026-12-01"},
        {"first_day": "soon"},
    ):
        assert "can't be right" in words(clinician.post(f"{at}/codes", **{**CODES, **wrong}))
    clinician.post(f"{at}/codes", **CODES)
    page = words(biller.browser.get(at).text)
    assert "Diagnoses F41.1 the clinician" in page and "Treatment plan missing" in page
    assert "Something that the plan asks for is missing" in words(biller.post(f"{at}/act", what="release"))
    biller.post(f"{at}/act", what="attach", paper="Treatment plan")
    biller.post(f"{at}/act", what="release")
    assert "Send it by fax or portal" in words(biller.browser.get("/authorizations").text)
    pdf = biller.browser.get(f"{at}/fax.pdf")
    assert pdf.headers["content-type"] == "application/pdf" and pdf.content.startswith(b"%PDF-")
    biller.post(f"{at}/act", what="sent")
    page = words(
        biller.post(f"{at}/told", verdict="approved", number="A-77", last_day="2027-03-10", units="8")
    )
    assert "Approved" in page and "A-77" in page and "8 visits left" in page
    assert "The plan answered: approved, by Bea Count" in page
    step = re.findall(r'name="step" value="(\w+)"', biller.browser.get(at).text)[0]
    assert "Submitted" in words(biller.post(f"{at}/undo", step=step))
    page = desk.browser.get(at).text
    assert "F41" not in page and "90837" not in page and "Kept for clinical roles and billers" in page


def test_what_is_late_comes_first_and_says_why(stage: Stage, people: dict[str, Enrolled]) -> None:
    begun(people, what="tms", portal_key="PK-1")
    stage.clock.ahead(timedelta(days=30))
    begun(people, what="drug")
    page = words(people["biller"].browser.get("/authorizations").text)
    assert "1 late." in page
    assert page.index("Late Draft") < page.index("A drug")
    assert "It was due Wed, Dec 2" in page and "To be sent by somebody's hands" in page


def test_what_it_waits_for_stays_on_the_board_when_somebody_closes_the_task(
    stage: Stage, people: dict[str, Enrolled]
) -> None:
    begun(people, what="visits")
    with stage.records.transaction(stage.practice.id) as tx:
        [task] = [each for each in tx.tasks.list_open() if each.kind == "authorization"]
        tx.tasks.close(task.id, "Sam Ode")
    assert "Next: Confirm the codes (Clinician)" in words(people["desk"].browser.get("/authorizations").text)


def test_rule_38_a_drug_is_tracked_and_asks_the_clinician_about_a_bridge_supply(
    people: dict[str, Enrolled],
) -> None:
    at = begun(people, what="drug", portal_key="PK-2")
    assert "Is a bridge supply needed meanwhile?" in words(people["desk"].browser.get(at).text)
    assert "A bridge supply is needed" in words(people["clinician"].post(f"{at}/bridge", answer="yes"))
    biller = people["biller"]
    assert "PK-2" in biller.browser.get(at).text
    assert "Submitted" in words(biller.post(f"{at}/act", what="sent"))
    page = words(biller.post(f"{at}/told", verdict="denied", reason="STEP THERAPY"))
    assert "Denied" in page and "STEP THERAPY" in page and "An appeal is possible until" in page
    for path in (at, "/"):
        assert "STEP THERAPY" not in people["desk"].browser.get(path).text
    assert "STEP THERAPY" in biller.browser.get("/billing").text
    biller.post(f"{at}/told", verdict="denied", dated="2026-11-20")
    assert "can't be right" in words(biller.post(f"{at}/told", verdict="denied", dated="2027-01-01"))
    board = words(biller.browser.get("/authorizations").text)
    assert "an appeal until May 19, 2027" in board and "Next: Denied; decide about an appeal" in board
    assert "Not appealed: the denial stands" in words(biller.post(f"{at}/act", what="let_stand"))
    assert "an appeal until" not in words(biller.browser.get("/authorizations").text)


def test_prv_03_whoever_looks_stands_in_the_ledger_and_nothing_is_begun_for_nobody(
    stage: Stage, people: dict[str, Enrolled]
) -> None:
    at = begun(people, what="visits")
    people["desk"].browser.get("/authorizations")
    people["desk"].browser.get(at)
    with stage.records.transaction(stage.practice.id) as tx:
        noted = {(each.what, each.about) for each in tx.ledger.entries(limit=10_000)}
    assert {("listed", f"person/{NORA.number}"), ("opened", f"person/{NORA.number}")} <= noted
    assert people["biller"].browser.get("/authorizations/nothing").status_code == 404
    assert people["biller"].browser.get("/persons/nobody/authorizations").status_code == 404
    assert people["biller"].browser.get(f"{at}/fax.pdf").status_code == 404, "nobody has let it go"

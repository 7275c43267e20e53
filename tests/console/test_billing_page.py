"""The biller's page: a plan that waits is approved by one click, undone by another, and nobody else may do either."""

import re

import pytest

from lamplighter.desk import bill_plans
from lamplighter.desk.ports import Role, Task
from tests.channels.web.stage import PATIENTS, Stage
from tests.console.people import Enrolled, invited

NORA = PATIENTS[0]
ASKED = (("about", "approval"), ("amount", "900.01 USD"), ("payments", "4"))


@pytest.fixture
def asked(stage: Stage) -> Stage:
    with stage.records.transaction(stage.practice.id) as tx:
        tx.tasks.add(Task("t1", "billing", "biller", stage.clock.now(), None, NORA.number, ASKED))
    return stage


def plan(stage: Stage) -> bill_plans.Plan | None:
    with stage.records.transaction(stage.practice.id) as tx:
        return bill_plans.of(tx, NORA.number, stage.clock.now().date())


def test_a_plan_is_approved_to_the_cent_by_one_click_and_undone_by_another_which_asks_for_a_call(
    asked: Stage, owner: Enrolled
) -> None:
    biller = invited(asked, owner, "Bo Lane", "biller")
    page = biller.browser.get("/billing").text
    assert "Waits for approval" in page and "a payment plan that waits for approval" in page
    done = biller.post("/billing/plans/t1/approve")
    assert "$225.01" in done and "Waits for approval" not in done and "Bo Lane" in done
    found = plan(asked)
    assert found is not None and str(found.total.amount) == "900.01" and len(found.payments) == 4
    with asked.records.transaction(asked.practice.id) as tx:
        who = {entry.who for entry in tx.ledger.entries() if entry.what == "bill_plan_stated"}
        account = next(each for each in tx.staff.all() if each.name == "Bo Lane")
    assert who == {account.id}
    undone = biller.post(f"/billing/plans/{found.id}/undo")
    assert plan(asked) is None and "their payment plan was undone: tell them" in undone


def test_what_is_gone_is_said_and_changes_nothing_and_an_empty_page_says_so(
    stage: Stage, owner: Enrolled
) -> None:
    assert "Nobody pays in parts" in owner.browser.get("/billing").text
    assert "It was not set up" in owner.post("/billing/plans/t1/approve")
    assert "It was not undone" in owner.post("/billing/plans/t1/undo")


@pytest.mark.parametrize("role", ["desk", "clinician", "auditor"])
def test_nobody_but_a_biller_and_an_owner_approves_one(asked: Stage, owner: Enrolled, role: Role) -> None:
    other = invited(asked, owner, "Di Fox", role)
    assert other.browser.get("/billing").status_code == 403
    other.post("/billing/plans/t1/approve")
    assert plan(asked) is None
    assert not re.search("Approve", other.browser.get("/").text)

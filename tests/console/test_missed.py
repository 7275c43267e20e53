"""A visit is marked as missed on the page of whoever did not come, and brought back by one more click."""

import re
from datetime import timedelta

import pytest

from lamplighter.conversation.slots import Slot
from lamplighter.desk.ports import Role
from lamplighter.practice.model import Modality
from tests.channels.web.stage import PATIENTS, Stage
from tests.console.people import Enrolled, invited

NORA = PATIENTS[0]
PAGE = f"/persons/{NORA.number}"


@pytest.fixture
def before(stage: Stage) -> Stage:
    """She had a visit an hour ago, and has one next week."""
    now = stage.clock.now()
    with stage.records.transaction(stage.practice.id) as tx:
        for name, start in (("v1", now - timedelta(hours=1)), ("v2", now + timedelta(days=7))):
            slot = Slot(start, 50, "mei_tan", Modality.IN_PERSON, "follow_up", "harbor_lane")
            assert tx.schedule.book(name, slot, [NORA.number], "c0", now, "booked")
    return stage


def stands(stage: Stage) -> tuple[str, list[tuple[str, str]]]:
    with stage.records.transaction(stage.practice.id) as tx:
        visit = tx.schedule.visit("v1")
        tasks = [(task.kind, task.route) for task in tx.tasks.list_open()]
    assert visit is not None
    return visit.status, tasks


def test_one_click_marks_it_and_tells_the_clinician_and_another_undoes_it(
    before: Stage, owner: Enrolled
) -> None:
    page = owner.browser.get(PAGE).text
    assert re.findall(r'name="visit" value="(\w+)"', page) == ["v1"], "what is to come can't be missed yet"
    assert "Nothing is sent to them: the practice has signed so." in page
    marked = owner.post(f"{PAGE}/missed", visit="v1")
    assert f"missed, said {owner.name}" in marked and "Undo" in marked
    assert stands(before) == ("missed", [("missed_visit", "clinician")])
    assert "Did not come" in owner.post(f"{PAGE}/took-place", visit="v1")
    assert stands(before) == ("booked", [])


def test_it_stands_in_the_ledger_who_said_so(before: Stage, owner: Enrolled) -> None:
    owner.post(f"{PAGE}/missed", visit="v1")
    with before.records.transaction(before.practice.id) as tx:
        noted = [entry.what for entry in tx.ledger.entries() if entry.about.endswith("v1")]
        account = next(each for each in tx.staff.all() if each.name == owner.name)
        who = {entry.who for entry in tx.ledger.entries() if entry.what == "visit_missed"}
    assert "visit_missed" in noted and who == {account.id}


@pytest.mark.parametrize("visit", ["v2", "nothing", ""])
def test_no_other_visit_can_be_marked_there(before: Stage, owner: Enrolled, visit: str) -> None:
    owner.post(f"{PAGE}/missed", visit=visit)
    owner.post(f"/persons/{PATIENTS[1].number}/missed", visit="v1")
    assert stands(before) == ("booked", [])


@pytest.mark.parametrize("role", ["biller"])
def test_whoever_is_not_at_the_desk_marks_nothing(before: Stage, owner: Enrolled, role: Role) -> None:
    other = invited(before, owner, "Bo Lane", role)
    assert other.browser.get(PAGE).status_code == 403
    other.post(f"{PAGE}/missed", visit="v1")
    assert stands(before) == ("booked", [])


def test_todays_list_leads_to_the_page_on_which_it_is_marked_whoever_may_mark_it(
    before: Stage, owner: Enrolled
) -> None:
    assert f'<a href="{PAGE.replace("+", "%2B")}">Nora Bell</a>' in owner.browser.get("/").text
    biller = invited(before, owner, "Bo Lane", "biller")
    page = biller.browser.get("/billing").text
    assert "Nora Bell" in page and "/persons/" not in page

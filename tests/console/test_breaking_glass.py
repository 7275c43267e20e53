"""In an emergency somebody opens the page of one person whom their role does not see; and owners sign people out."""

from datetime import timedelta

import pytest

from lamplighter.desk.ports import Role
from tests.channels.web.stage import PATIENTS, Stage
from tests.console.people import Enrolled, code, first_owner, invited, token_in

NORA, JUNE = PATIENTS[0].number, PATIENTS[2].number


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def owner(stage: Stage) -> Enrolled:
    return first_owner(stage)


@pytest.mark.parametrize("role", ["biller", "auditor"])
def test_one_page_is_opened_with_a_reason_for_a_quarter_of_an_hour_and_the_owner_is_told(
    stage: Stage, owner: Enrolled, role: Role
) -> None:
    other = invited(stage, owner, "Sam Till", role)
    refused = other.browser.get(f"/persons/{NORA}")
    assert refused.status_code == 403 and "/glass/" in refused.text
    page = other.browser.get(f"/glass/{NORA}").text
    assert "Nora" not in page and "owners are told at once" in page
    assert "nothing was opened" in other.post(f"/glass/{NORA}")
    assert "nothing was opened" in other.post(f"/glass/{NORA}", reason="curious")
    page = other.post(f"/glass/{NORA}", reason="danger")
    assert "Nora Bell" in page and "Open until" in page
    assert "<form" not in page.partition("<main")[2], "it is read and never written"
    assert "Nora" not in other.browser.get(f"/glass/{JUNE}").text, "one person's page, and no other"
    board = owner.browser.get("/").text
    assert "Sam Till" in board and "somebody may be in danger" in board
    assert "glass broken" in owner.browser.get("/ledger?what=glass+broken").text
    stage.clock.ahead(timedelta(minutes=16))
    assert "Nora" not in other.browser.get(f"/glass/{NORA}").text
    assert "somebody may be in danger" in owner.browser.get("/").text, "until an owner has looked at it"
    look = board.partition("/looks/")[2].partition("/seen")[0]
    assert "for somebody else" in other.post(f"/looks/{look}/seen")
    owner.post(f"/looks/{look}/seen")
    stage.clock.ahead(timedelta(seconds=2))
    assert "somebody may be in danger" not in owner.browser.get("/").text


def test_whoever_may_see_the_page_is_led_to_it_and_nobody_else_opens_what_is_not_there(
    stage: Stage, owner: Enrolled
) -> None:
    both = invited(stage, owner, "Bo Both", "biller", "desk")
    led = both.browser.get(f"/glass/{NORA}", follow_redirects=False)
    assert led.headers["location"] == f"/persons/{NORA}"
    auditor = invited(stage, owner, "Ada Count", "auditor")
    assert (
        auditor.browser.post("/glass/nobody", data={"csrf": auditor.csrf, "reason": "danger"}).status_code
        == 404
    )
    with stage.records.transaction(stage.practice.id) as tx:
        assert tx.facts.standing("glass_opened") == ()


def test_an_owner_signs_somebody_out_everywhere_and_they_can_come_back(stage: Stage, owner: Enrolled) -> None:
    sam = invited(stage, owner, "Sam Till", "biller")
    page = owner.browser.get("/people").text
    assert "Signed in now" in page
    account = page.partition("/sign-out")[0].rpartition("/people/")[2]
    owner.post(f"/people/{account}/sign-out")
    assert sam.browser.get("/billing").history or sam.browser.get("/billing").status_code == 403
    assert "sessions ended" in owner.browser.get("/ledger?what=sessions+ended").text
    stage.clock.ahead(timedelta(minutes=2))
    assert signs_in(stage, sam)


def test_somebody_signs_themselves_out_everywhere_else(stage: Stage, owner: Enrolled) -> None:
    before = owner.browser.cookies
    assert "Signed in elsewhere" not in owner.browser.get("/me").text
    old = dict(before)
    owner.browser.cookies.clear()
    stage.clock.ahead(timedelta(minutes=2))
    assert signs_in(stage, owner)
    assert "in another browser" in owner.browser.get("/me").text
    owner.post("/me/sign-out-elsewhere")
    assert "Signed in elsewhere" not in owner.browser.get("/me").text
    owner.browser.cookies.clear()
    owner.browser.cookies.update(old)
    assert "Rosa Ferro" not in owner.browser.get("/me").text


def signs_in(stage: Stage, who: Enrolled) -> bool:
    csrf = token_in(who.browser.get("/sign-in").text)
    given = {"csrf": csrf, "name": who.name, "app": code(stage, who.secret), "recovery": who.codes.pop()}
    who.browser.post("/sign-in", data=given)
    return who.name in who.browser.get("/me").text

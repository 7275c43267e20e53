"""Rule 28 on the staff page: a clinician who has left or has died; a list of calls, and nothing else."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from tests.channels.web.stage import Stage
from tests.console.people import token_in
from tests.console.test_sick_day_page import who_comes
from tests.console.test_staff_page import browser, sign_in, stage

__all__ = ["browser", "stage"]
FORM = {"clinician": "mei_tan", "day": "2026-12-01"}


@pytest.fixture
def desk(stage: Stage, browser: TestClient) -> TestClient:
    who_comes(stage)
    sign_in(stage, browser)
    return browser


def test_rule_28_a_clinician_who_is_gone_is_a_list_of_calls_that_is_previewed_made_ticked_off_and_undone(
    stage: Stage, desk: TestClient
) -> None:
    assert 'href="/clinician-gone"' in desk.get("/sick-day").text
    page = desk.get("/clinician-gone", params=FORM).text
    assert "2 people to speak to" in page
    assert page.index("Wilhelmina Brambleby") < page.index("Thaddeus Brambleby")
    csrf = token_in(page)
    made = desk.post("/clinician-gone", data={"csrf": csrf, **FORM}, follow_redirects=False)
    one = made.headers["location"]
    page = desk.get(one).text
    assert "2 to be spoken to" in page and "Undo" in page and 'href="tel:+12125550160"' in page
    with stage.records.transaction(stage.practice.id) as tx:
        task = next(each.id for each in tx.tasks.list_open() if each.kind == "clinician_gone")
        assert len(tx.schedule.visits_between(stage.clock.now(), stage.clock.now() + timedelta(days=1))) == 2
    page = desk.post(f"{one}/spoken", data={"csrf": csrf, "task": task}).text
    assert "1 to be spoken to" in page and "Spoken to by" in page
    assert "All is as it was" in desk.post(f"{one}/undo", data={"csrf": csrf}).text
    assert desk.get(one).status_code == 404
    again = desk.post("/clinician-gone", data={"csrf": csrf, **FORM})
    assert "2 to be spoken to" in again.text
    stage.clock.ahead(timedelta(minutes=3))
    assert "Undo" not in desk.post(f"{again.url.path}/undo", data={"csrf": csrf}).text
    assert stage.messenger.sent_to("+12125550160") == ()


@pytest.mark.parametrize("wrong", [{"day": "soon"}, {"clinician": "nobody"}, {"day": "2026-11-30"}])
def test_rule_28_what_names_nobody_or_no_day_is_said_and_makes_no_list(
    desk: TestClient, wrong: dict[str, str]
) -> None:
    page = desk.get("/clinician-gone", params={**FORM, **wrong})
    assert page.status_code == 422 and "Choose a clinician" in page.text
    csrf = token_in(desk.get("/sick-day").text)
    assert desk.post("/clinician-gone", data={"csrf": csrf, **FORM, **wrong}).status_code == 422

"""Rule 28 on the staff page: choose, see who would be told, say it, undo it, follow it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import get_args

import pytest
from starlette.testclient import TestClient

from lamplighter.console.rail import rail
from lamplighter.console.sick_day_words import STANDS
from lamplighter.conversation.slots import Slot
from lamplighter.desk import sick_day, sick_day_lift, sick_day_work, stopping
from lamplighter.desk.ports import Person
from lamplighter.desk.sick_day_tally import How
from lamplighter.practice.model import Modality
from tests.channels.web.stage import Stage
from tests.console.people import token_in
from tests.console.test_staff_page import browser, sign_in, stage

__all__ = ["browser", "stage"]
TWO = datetime.fromisoformat("2026-12-01T14:00-05:00")
FORM = {"clinician": "mei_tan", "day": "2026-12-01", "starts": "", "ends": ""}


def who_comes(stage: Stage) -> None:
    """One who gets texts at two, and one who doesn't at three."""
    off = sick_day_work.CallingVisitsOff(stage.records, stage.practices, stage.clock)
    stage.jobs.register(sick_day.JOB, off.run)
    stage.jobs.register(sick_day_work.LOOK, off.look)
    stage.jobs.register(sick_day_lift.JOB, sick_day_lift.Freeing(stage.records, stage.clock).run)
    with stage.records.transaction(stage.practice.id) as tx:
        for place, way in enumerate(("sms", "voice")):
            start = TWO + timedelta(hours=place)
            slot = Slot(start, 45, "mei_tan", Modality.IN_PERSON, "follow_up", "harbor_lane")
            number = f"+1212555016{place}"
            name = ("Wilhelmina", "Thaddeus")[place]
            tx.people.add(Person(f"s{place}", name, "Brambleby", None, number, contact_channel=way))
            assert tx.schedule.book(f"s{place}", slot, [f"s{place}"], "c0", stage.clock.now(), "booked")


@pytest.fixture
def desk(stage: Stage, browser: TestClient) -> TestClient:
    who_comes(stage)
    sign_in(stage, browser)
    return browser


def says(desk: TestClient, **form: str) -> str:
    csrf = token_in(desk.get("/sick-day").text)
    answer = desk.post("/sick-day", data={"csrf": csrf, **FORM, **form}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_rule_28_every_way_to_stand_has_words_here() -> None:
    assert set(STANDS) == set(get_args(How))


def test_rule_28_the_preview_names_everybody_and_why_somebody_has_to_be_called(desk: TestClient) -> None:
    page = desk.get("/sick-day", params=FORM).text
    assert "1 would be told in writing, 1 would have to be called" in page
    assert "Wilhelmina Brambleby" in page and "Text, at once" in page
    assert "Thaddeus Brambleby" in page and "Call: they get no texts from us" in page


def test_rule_28_whoever_is_never_to_be_contacted_is_shown_without_a_number_and_left_to_a_clinician(
    stage: Stage, desk: TestClient
) -> None:
    with stage.records.transaction(stage.practice.id) as tx:
        stopping.stop(tx, "s1", "deceased", by="dr", now=stage.clock.now())
    page = desk.get("/sick-day", params=FORM).text
    assert "1 would be told in writing, 0 would have to be called, 1 is left to a clinician" in page
    assert "Not to be contacted: clinician decides" in page
    one = says(desk)
    stage.clock.ahead(timedelta(minutes=2, seconds=5))
    stage.run_due()
    page = desk.get(one).text
    assert (
        "Not to be contacted: clinician decides" in page and "<dt>Left to a clinician</dt><dd>1</dd>" in page
    )
    assert "tel:" not in page and ">Called<" not in page
    with stage.records.transaction(stage.practice.id) as tx:
        [task] = [each.id for each in tx.tasks.list_open() if each.kind == "called_off"]
    desk.post(f"{one}/called", data={"csrf": token_in(desk.get("/sick-day").text), "task": task})
    assert "<dt>Left to a clinician</dt><dd>1</dd>" in desk.get(one).text
    with stage.records.transaction(stage.practice.id) as tx:
        [line] = [
            each
            for each in rail(tx, stage.practice, stage.phrasebook, stage.clock.now()).tasks
            if each.id == task
        ]
    assert (
        line.phone is None
        and line.kind == "Not to be contacted: clinician decides (their visit can't take place)"
    )


def test_rule_28_hours_leave_the_rest_of_the_day_alone(desk: TestClient) -> None:
    page = desk.get("/sick-day", params={**FORM, "starts": "14:30", "ends": "18:00"}).text
    assert "Thaddeus Brambleby" in page and "Wilhelmina" not in page


@pytest.mark.parametrize(
    "wrong",
    [{"day": "soon"}, {"clinician": "nobody"}, {"starts": "15:00", "ends": "14:00"}, {"day": "2026-11-30"}],
)
def test_rule_28_what_names_no_time_ahead_is_said_and_calls_nothing_off(
    desk: TestClient, wrong: dict[str, str]
) -> None:
    page = desk.get("/sick-day", params={**FORM, **wrong})
    assert page.status_code == 422 and "Choose a clinician and a day" in page.text
    csrf = token_in(page.text) if 'name="csrf"' in page.text else token_in(desk.get("/me").text)
    assert desk.post("/sick-day", data={"csrf": csrf, **FORM, **wrong}).status_code == 422


def test_rule_28_it_can_be_undone_for_two_minutes_and_says_that_nothing_was_sent(
    stage: Stage, desk: TestClient
) -> None:
    one = says(desk)
    page = desk.get(one).text
    assert "Nothing has happened yet" in page and "Undo" in page
    answer = desk.post(f"{one}/undo", data={"csrf": token_in(page)})
    assert "nothing was sent" in answer.text
    assert desk.get(one).status_code == 404
    stage.clock.ahead(timedelta(minutes=5))
    stage.run_due()
    assert stage.messenger.sent_to("+12125550160") == ()


def test_rule_28_after_two_minutes_the_tally_counts_and_a_call_is_ticked_off(
    stage: Stage, desk: TestClient
) -> None:
    one = says(desk)
    stage.clock.ahead(timedelta(minutes=2, seconds=5))
    stage.run_due()
    stage.run_due()
    page = desk.get(one).text
    assert "<dt>Told</dt><dd>1 of 2</dd>" in page and "<dt>Still to be called</dt><dd>1</dd>" in page
    assert 'href="tel:+12125550161"' in page and "Undo" not in page
    assert len(stage.messenger.sent_to("+12125550160")) == 1
    with stage.records.transaction(stage.practice.id) as tx:
        [task] = [each.id for each in tx.tasks.list_open() if each.kind == "called_off"]
    page = desk.post(f"{one}/called", data={"csrf": token_in(page), "task": task}).text
    assert "<dt>Told</dt><dd>2 of 2</dd>" in page and "<dt>Still to be called</dt><dd>0</dd>" in page


def test_rule_28_the_second_who_says_it_comes_to_the_page_of_the_first(desk: TestClient) -> None:
    assert says(desk) == says(desk, starts="13:00")


def test_rule_28_to_undo_too_late_changes_nothing_and_shows_how_it_stands(
    stage: Stage, desk: TestClient
) -> None:
    one = says(desk)
    csrf = token_in(desk.get(one).text)
    stage.clock.ahead(timedelta(minutes=3))
    stage.run_due()
    assert "<dt>Told</dt>" in desk.post(f"{one}/undo", data={"csrf": csrf}).text


def test_rule_28_what_is_chosen_for_a_visit_is_done_and_what_is_gone_meanwhile_calls_nothing_off(
    stage: Stage, desk: TestClient
) -> None:
    page = desk.get("/sick-day", params={**FORM, "all": "cover"}).text
    assert (
        'name="choice-s0" value="cover" checked' in page and "A colleague at the same time: Dr. Osei" in page
    )
    slot = Slot(TWO, 45, "amara_osei", Modality.IN_PERSON, "follow_up", "harbor_lane")
    others = [replace(slot, clinician=each.id) for each in stage.practice.clinicians if each.id != "mei_tan"]
    with stage.records.transaction(stage.practice.id) as tx:
        for each in others:
            assert tx.schedule.hold(each, each.clinician, TWO, stage.clock.now())
    wanted = {"csrf": token_in(page), **FORM, "choice-s0": "cover"}
    answer = desk.post("/sick-day", data=wanted)
    assert answer.status_code == 409 and "can&#39;t be had any more" in answer.text
    assert "Not possible: no colleague who may see them is free then" in answer.text
    with stage.records.transaction(stage.practice.id) as tx:
        assert sick_day.standing(tx, stage.clock.now()) == ()
        for each in others:
            tx.schedule.release(each.clinician)
    one = says(desk, **{"choice-s0": "cover"})
    assert "Chosen: A colleague at the same time" in desk.get(one).text
    stage.clock.ahead(timedelta(minutes=2, seconds=5))
    stage.run_due()
    stage.run_due()
    page = desk.get(one).text
    assert "<dt>Still asked</dt><dd>1</dd>" in page and "Asked, no answer yet" in page


def test_prv_03_whoever_looks_at_the_list_stands_in_the_ledger(stage: Stage, desk: TestClient) -> None:
    desk.get("/sick-day", params=FORM)
    with stage.records.transaction(stage.practice.id) as tx:
        noted = [(each.what, each.about) for each in tx.ledger.entries(limit=10_000)]
    assert ("listed", "person/s0") in noted


def test_rule_28_she_can_come_after_all_shows_what_becomes_free_and_whom_to_call_and_can_be_taken_back(
    stage: Stage, desk: TestClient
) -> None:
    one = says(desk)
    stage.clock.ahead(timedelta(minutes=2, seconds=5))
    stage.run_due()
    assert f'href="{one}/after-all"' in desk.get(one).text
    page = desk.get(f"{one}/after-all").text
    assert "Wilhelmina Brambleby" in page and "Thaddeus Brambleby" in page
    csrf = token_in(page)
    desk.post(f"{one}/after-all", data={"csrf": csrf})
    assert "can be booked again in" in desk.get(one).text
    desk.post(f"{one}/after-all/undo", data={"csrf": csrf})
    assert f'href="{one}/after-all"' in desk.get(one).text
    desk.post(f"{one}/after-all", data={"csrf": csrf})
    stage.clock.ahead(timedelta(minutes=2, seconds=5))
    stage.run_due()
    assert "said by" in desk.get(one).text
    assert "Nothing of this time is left to free" in desk.get(f"{one}/after-all").text


def test_rule_28_hours_of_a_day_that_is_called_off_too_are_shown_as_blocked_still(
    stage: Stage, desk: TestClient
) -> None:
    hours = says(desk, starts="14:30", ends="18:00")
    stage.clock.ahead(timedelta(minutes=2, seconds=5))
    stage.run_due()
    day = says(desk)
    stage.clock.ahead(timedelta(minutes=2, seconds=5))
    stage.run_due()
    page = desk.get(f"{hours}/after-all").text
    assert f'this was called off too: <a href="{day}">' in page
    assert "was called off too" not in desk.get(f"{day}/after-all").text
    desk.post(f"{hours}/after-all", data={"csrf": token_in(page)})
    stage.clock.ahead(timedelta(minutes=2, seconds=5))
    stage.run_due()
    assert f'this was called off too: <a href="{day}">' in desk.get(hours).text

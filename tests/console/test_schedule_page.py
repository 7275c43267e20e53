"""The schedule on the staff page: who sees which visits, and how a day looks."""

import re
from datetime import datetime, timedelta

import httpx
import pytest
from starlette.testclient import TestClient

from lamplighter.conversation.slots import Slot
from lamplighter.desk.ports import Person, Role, Series
from lamplighter.practice.model import Modality
from tests.channels.web.stage import Stage, served
from tests.console.people import Enrolled, first_owner, invited, token_in
from tests.console.test_staff_page import browser, sign_in, stage

__all__ = ["browser", "stage"]
TEN = datetime.fromisoformat("2026-12-01T10:00-05:00")
PEOPLE = {"p0": ("Wilhelmina", "Brambleby"), "p1": ("Thaddeus", "Quillfeather"), "p2": ("Odette", "Marsh")}


def slot(start: datetime, clinician: str = "mei_tan", minutes: int = 45, kind: str = "follow_up") -> Slot:
    return Slot(start, minutes, clinician, Modality.IN_PERSON, kind, "harbor_lane")


def who_comes(stage: Stage) -> None:
    """Hers at two with Mei Tan, his at three with Dr. Osei, confirmed; a weekly one at noon; blocked from four."""
    with stage.records.transaction(stage.practice.id) as tx:
        for place, (name, (first, last)) in enumerate(PEOPLE.items()):
            phone = f"+1212555016{place}"
            tx.people.add(
                Person(name, first, last, None, phone, contact_channel=("sms", "voice", "sms")[place])
            )
        now = stage.clock.now()
        assert tx.schedule.book("v0", slot(TEN + timedelta(hours=4)), ["p0"], "c0", now, "booked")
        osei = slot(TEN + timedelta(hours=5), "amara_osei")
        assert tx.schedule.book("v1", osei, ["p1"], "c0", now, "booked")
        tx.schedule.set_status("v1", "confirmed")
        weekly = slot(TEN + timedelta(hours=2) - timedelta(days=7))
        tx.schedule.add_series(Series("s2", weekly, 1, ("p2",), stage.practice.timezone_name))
        four = TEN + timedelta(hours=6)
        tx.schedule.add_absence("a0", "mei_tan", four, four + timedelta(hours=2))


@pytest.fixture
def desk(stage: Stage, browser: TestClient) -> TestClient:
    who_comes(stage)
    sign_in(stage, browser)
    return browser


def one(stage: Stage, owner: Enrolled, role: Role, clinician: str = "") -> Enrolled:
    person = invited(stage, owner, f"One {role}", role)
    with stage.records.transaction(stage.practice.id) as tx:
        account = next(each for each in tx.staff.all() if each.name == f"One {role}")
    owner.post(f"/people/{account.id}/roles", role=[role], clinician=clinician)
    return person


def test_a_day_shows_everybody_with_their_visits_what_is_blocked_and_who_is_free_now(
    stage: Stage, desk: TestClient
) -> None:
    page = desk.get("/schedule").text
    assert "Tuesday, December 1, 2026" in page and "3 visits" in page
    for clinician in stage.practice.clinicians:
        assert f">{clinician.spoken_name}<span" in page
    assert "Wilhelmina B." in page and "Brambleby" not in page, "others pass by this screen"
    assert "Confirmed" in page and "Blocked" in page
    assert "Free until 12:00 PM" in page and "Free until 3:00 PM" in page
    assert 'class="now-line' in page
    tomorrow = desk.get("/schedule", params={"day": "2026-12-02"}).text
    assert "No visits" in tomorrow and "now-line" not in tomorrow
    week = desk.get("/schedule", params={"view": "week", "clinician": "mei_tan"}).text
    assert "Nov 30 to Dec 4, 2026" in week and "2 visits" in week and "Thaddeus" not in week


def test_what_was_missed_or_has_been_says_so_and_a_holiday_says_that_it_is_one(
    stage: Stage, desk: TestClient
) -> None:
    stage.clock.ahead(timedelta(hours=8))
    with stage.records.transaction(stage.practice.id) as tx:
        tx.schedule.set_status("v0", "missed")
    page = desk.get("/schedule").text
    assert "Missed" in page and "Has been" in page
    assert "a holiday" in desk.get("/schedule", params={"day": "2026-12-25"}).text


@pytest.mark.parametrize("wrong", [{"day": "soon"}, {"day": "9999-12-31"}, {"clinician": "nobody"}])
def test_what_names_no_day_or_nobody_is_said_and_today_is_shown(
    desk: TestClient, wrong: dict[str, str]
) -> None:
    answer = desk.get("/schedule", params=wrong)
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert "Tuesday, December 1" in answer.text


def test_a_clinician_sees_their_own_column_and_whoever_bills_times_and_names(stage: Stage) -> None:
    who_comes(stage)
    owner = first_owner(stage)
    hers = one(stage, owner, "clinician", "mei_tan").browser.get("/schedule").text
    assert "Wilhelmina B." in hers and "Thaddeus" not in hers and "Luis Ortega" not in hers
    assert "data-moves" not in hers and "/schedule/visits/v0" in hers
    bills = one(stage, owner, "biller").browser.get("/schedule").text
    assert "Wilhelmina B." in bills and "Thaddeus Q." in bills and "2:00 PM" in bills
    assert "in person" not in bills and "Confirmed" not in bills and "/schedule/visits/" not in bills
    nobodys = one(stage, owner, "auditor").browser.get("/schedule")
    assert nobodys.status_code == 403 and "Wilhelmina" not in nobodys.text


def test_a_clinician_whose_account_is_nobodys_is_told_so(stage: Stage) -> None:
    who_comes(stage)
    page = one(stage, first_owner(stage), "clinician").browser.get("/schedule").text
    assert "belongs to nobody whom people see" in page and "Wilhelmina" not in page


def test_prv_03_whoever_looks_at_a_day_stands_in_the_ledger_once(stage: Stage, desk: TestClient) -> None:
    for _ in range(2):
        desk.get("/schedule")
    with stage.records.transaction(stage.practice.id) as tx:
        noted = [each for each in tx.ledger.entries(limit=10_000) if each.what == "listed"]
    assert sorted(each.about for each in noted if each.about in ("person/p0", "person/p1")) == [
        "person/p0",
        "person/p1",
    ]


def test_what_is_booked_while_the_page_is_open_comes_to_it_by_itself(stage: Stage, desk: TestClient) -> None:
    with (
        served(stage.staff()) as address,
        httpx.Client(base_url=address, cookies=dict(desk.cookies), timeout=60) as page,
        page.stream("GET", "/schedule/live") as stream,
    ):
        lines = stream.iter_lines()
        first = " ".join(iter(lines.__next__, "event: here"))
        assert "3 visits" in first
        with stage.records.transaction(stage.practice.id) as tx:
            booked = slot(TEN + timedelta(hours=6), "amara_osei")
            assert tx.schedule.book("v9", booked, ["p0"], "c0", stage.clock.now(), "booked")
        then = next(line for line in lines if re.search(r"\d visits", line))
        assert "4 visits" in then


def test_what_the_practice_does_not_usually_have_is_shown_all_the_same(
    stage: Stage, desk: TestClient
) -> None:
    """On a Saturday, with somebody who left, of a kind that is no more."""
    with stage.records.transaction(stage.practice.id) as tx:
        now, saturday = stage.clock.now(), slot(TEN + timedelta(days=4), kind="art_hour")
        assert tx.schedule.book("v7", saturday, ["p0"], "c0", now, "booked")
        assert tx.schedule.book("v8", slot(TEN + timedelta(hours=1), "gone_by"), ["p1"], "c0", now, "booked")
    week = desk.get("/schedule", params={"view": "week", "clinician": "mei_tan"}).text
    assert "Sat, Dec 5" in week and "art hour" in week and "Sun, Dec 6" not in week
    day = desk.get("/schedule").text
    assert "in the practice&#39;s files any more" in day or "in the practice's files any more" in day
    assert "/schedule/visits/v8" in day and "gone_by" in day and "4 visits" in day
    assert "Thaddeus Quillfeather" in desk.get("/schedule/visits/v8").text
    assert "Nothing is free for it" in desk.get("/schedule/visits/v8/move").text


def test_time_that_is_kept_leads_to_whom_it_is_kept_for(stage: Stage, desk: TestClient) -> None:
    practice = stage.practice.id
    contact = stage.contacts.open(
        practice, channel="chat", dialled=stage.practice.phone, address=None
    ).contact
    with stage.records.transaction(practice) as tx:
        until, now = stage.clock.now() + timedelta(minutes=5), stage.clock.now()
        assert tx.schedule.hold(slot(TEN + timedelta(hours=5)), contact, until, now)
        assert tx.schedule.hold(slot(TEN + timedelta(hours=1)), "somebody", until, now)
    page = desk.get("/schedule").text
    assert f'<a href="/?contact={contact}">Kept for a moment' in page and "<span>Kept for a moment" in page
    csrf = token_in(desk.get("/me").text)
    seen = f"{(TEN + timedelta(hours=4)).isoformat()} mei_tan"
    form = {"csrf": csrf, "seen": seen, "reason": "practice"}
    desk.post("/schedule/visits/v0/cancel", data=form)
    back = re.findall(r'href="(/schedule\?[^"]*change=[^"]*)"', desk.get("/schedule").text)[0]
    assert "Called off: Tue, Dec 1, 2:00 PM with Mei Tan" in desk.get(back.replace("&amp;", "&")).text

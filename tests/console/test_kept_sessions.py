"""A restart signs nobody out, and lets nobody stay who would have been."""

from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from lamplighter.console.access import COOKIE, IDLE_ENDS, SESSION_LIVES, Access, digest
from lamplighter.console.kept_sessions import KeptSessions
from tests.channels.web.stage import Stage
from tests.console.people import HOST, Enrolled, invited, token_in
from tests.console.watch import Watch

QUARTER = int(IDLE_ENDS.total_seconds())
MINUTE = 60


def passes(stage: Stage, watch: Watch, seconds: float) -> None:
    watch.seconds += seconds
    stage.clock.ahead(timedelta(seconds=seconds))


def after_a_restart(stage: Stage, browser: TestClient, *, booted: float = 5.0) -> TestClient:
    """The same browser before a new process, whose own count of seconds begins anew."""
    watch = Watch()
    watch.seconds = booted
    stage.access = Access(elapsed=watch)
    again = TestClient(stage.staff(trying=False), base_url=HOST)
    again.cookies.set(COOKIE, browser.cookies[COOKIE], domain="localhost.local", path="/")
    return again


def entries(stage: Stage) -> list[str]:
    with stage.records.transaction(stage.practice.id) as tx:
        return [entry.what for entry in tx.ledger.entries()]


def test_whoever_is_signed_in_stays_so_over_a_restart_with_the_forms_of_their_open_page(
    stage: Stage, owner: Enrolled, watch: Watch
) -> None:
    csrf = owner.csrf
    again = after_a_restart(stage, owner.browser)
    assert again.get("/").status_code == 200
    assert token_in(again.get("/me").text) == csrf
    assert again.post("/here", headers={"x-csrf": csrf}).json()["left"] == QUARTER
    assert again.get("/people").status_code == 200


def test_a_restart_gives_nobody_a_minute_more_than_their_quarter_of_an_hour(
    stage: Stage, owner: Enrolled, watch: Watch
) -> None:
    owner.browser.get("/")
    passes(stage, watch, QUARTER - 2 * MINUTE)
    again = after_a_restart(stage, owner.browser)
    assert MINUTE <= again.get("/idle").json()["left"] <= 2 * MINUTE
    stage.clock.ahead(timedelta(minutes=3))
    late = after_a_restart(stage, owner.browser)
    assert late.get("/").status_code == 403
    assert entries(stage)[-1] == "logged_off"
    assert late.get("/").status_code == 403
    assert entries(stage).count("logged_off") == 1


def test_a_shift_is_no_longer_for_a_restart(stage: Stage, owner: Enrolled, watch: Watch) -> None:
    browser, seconds = owner.browser, 0
    while seconds < SESSION_LIVES.total_seconds() - 10 * MINUTE:
        passes(stage, watch, 10 * MINUTE)
        seconds += 10 * MINUTE
        assert browser.get("/me").status_code == 200
    again = after_a_restart(stage, browser)
    assert again.get("/idle").json()["left"] <= 10 * MINUTE
    stage.clock.ahead(timedelta(minutes=11))
    assert after_a_restart(stage, browser).get("/me").status_code == 403


def test_whoever_left_or_was_let_go_or_is_to_sign_in_anew_does_not_come_back_by_a_restart(
    stage: Stage, owner: Enrolled, watch: Watch
) -> None:
    left, gone, anew = (invited(stage, owner, name, "desk") for name in ("Sam Ode", "Kit Moss", "Lea Voss"))
    for each in (left, gone, anew):
        assert each.browser.get("/").status_code == 200
    cookies = {each.name: dict(each.browser.cookies) for each in (left, gone, anew)}
    with stage.records.transaction(stage.practice.id) as tx:
        ids = {each.name: each.id for each in tx.staff.all()}
    left.post("/leave")
    owner.post(f"/people/{ids['Kit Moss']}/revoke")
    owner.post(f"/people/{ids['Lea Voss']}/link")
    for booted in (5.0, 100_000.0):
        for name in cookies:
            again = after_a_restart(stage, owner.browser, booted=booted)
            again.cookies.set(COOKIE, cookies[name][COOKIE], domain="localhost.local", path="/")
            assert again.get("/").status_code == 403, name
    assert after_a_restart(stage, owner.browser).get("/").status_code == 200


def test_what_was_proven_before_a_restart_lets_nobody_change_how_somebody_signs_in(
    stage: Stage, owner: Enrolled, watch: Watch
) -> None:
    data = {"csrf": owner.csrf, "name": "Sam Ode", "role": "desk"}
    assert owner.browser.post("/people/invite", data=data).status_code == 200
    again = after_a_restart(stage, owner.browser)
    assert again.post("/people/invite", data={**data, "name": "Kit Moss"}).status_code == 403


@pytest.mark.parametrize("back", [timedelta(minutes=2), timedelta(days=1)])
def test_a_clock_that_was_put_back_meanwhile_says_nothing_of_how_long_nobody_was_there(
    stage: Stage, owner: Enrolled, watch: Watch, back: timedelta
) -> None:
    owner.browser.get("/")
    stage.clock.ahead(-back)
    assert after_a_restart(stage, owner.browser).get("/").status_code == 403
    stage.clock.ahead(back)
    assert after_a_restart(stage, owner.browser).get("/").status_code == 403


def test_a_clock_that_is_put_back_brings_nobody_back_whose_page_nobody_touched(
    stage: Stage, owner: Enrolled, watch: Watch
) -> None:
    owner.browser.get("/")
    watch.seconds += QUARTER + 1
    stage.clock.ahead(-timedelta(minutes=10))
    assert owner.browser.get("/").status_code == 403
    assert owner.browser.get("/").status_code == 403


def test_what_is_stored_of_a_session_is_not_what_the_browser_holds(
    stage: Stage, owner: Enrolled, watch: Watch
) -> None:
    cookie = owner.browser.cookies[COOKIE]
    with stage.records.transaction(stage.practice.id) as tx:
        kept = tx.staff.session(digest(cookie))
    assert kept is not None
    assert cookie not in repr(kept)
    assert owner.csrf not in repr(kept)


class Full:
    """A store on a disk that is full."""

    def transaction(self, *_: Any) -> Any:
        raise OSError("no space left on device")


def test_a_store_that_takes_nothing_keeps_nobody_from_their_work(
    stage: Stage, owner: Enrolled, watch: Watch
) -> None:
    cookie = owner.browser.cookies[COOKIE]
    session = stage.access.session(cookie)
    assert session is not None
    kept = KeptSessions(stage.practice.id, Full(), stage.access, stage.clock)  # type: ignore[arg-type]
    passes(stage, watch, 2 * MINUTE)
    assert kept.due(session)
    kept.keep(session)
    assert kept.found(cookie) is None
    assert owner.browser.get("/me").status_code == 200


def test_a_session_that_lapses_in_one_process_goes_on_in_another_that_saw_its_person_since(
    stage: Stage, owner: Enrolled, watch: Watch
) -> None:
    first, here = owner.browser, stage.access
    first.get("/")
    elsewhere = after_a_restart(stage, first)
    passes(stage, watch, QUARTER - MINUTE)
    stage.access.elapsed.seconds += QUARTER - MINUTE  # type: ignore[attr-defined]
    assert elsewhere.get("/").status_code == 200
    passes(stage, watch, 2 * MINUTE)
    assert here.session(first.cookies[COOKIE]) is None
    assert first.get("/").status_code == 200
    assert "logged_off" not in entries(stage)

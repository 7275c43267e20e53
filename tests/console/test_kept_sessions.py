"""A restart signs nobody out, and lets nobody stay who would have been."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from lamplighter.console.access import COOKIE, IDLE_ENDS, SESSION_LIVES, Access, digest
from lamplighter.console.kept_sessions import KeptSessions
from lamplighter.desk.ports import Account
from lamplighter.records.memory import MemoryRecords
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


class Fickle:
    """Records that can be read; nothing that is written is taken while they are `full`."""

    def __init__(self, records: MemoryRecords) -> None:
        self.records, self.full = records, True

    @contextmanager
    def transaction(self, practice: Any, *more: Any) -> Iterator[Any]:
        with self.records.transaction(practice, *more) as tx:
            yield tx
            if self.full and self.records._practices[practice].state.journal._undo:
                raise OSError("no space left on device")


def with_cookie_of(browser: TestClient, app: Any) -> TestClient:
    here = TestClient(app, base_url=HOST)
    here.cookies.set(COOKIE, browser.cookies[COOKIE], domain="localhost.local", path="/")
    return here


def with_the_floor(stage: Stage, who: Enrolled) -> str:
    practice = stage.practice
    contact = stage.contacts.open(practice.id, channel="chat", dialled=practice.phone, address=None).contact
    who.post(f"/contacts/{contact}/take")
    return contact


def test_whoever_leaves_while_the_store_takes_nothing_is_out_for_good_and_their_floor_goes_back(
    stage: Stage, owner: Enrolled, watch: Watch
) -> None:
    sam = invited(stage, owner, "Sam Ode", "desk")
    contact, csrf, real = with_the_floor(stage, sam), sam.csrf, stage.records
    fickle = stage.records = Fickle(real)  # type: ignore[assignment]
    app = stage.staff(trying=False)
    leaving, staying = with_cookie_of(sam.browser, app), with_cookie_of(owner.browser, app)
    left = leaving.post("/leave", data={"csrf": csrf})
    assert (left.status_code, COOKIE in leaving.cookies) == (200, False)
    assert stage.contacts.state(stage.practice.id, contact).floor is None
    fickle.full = False  # type: ignore[attr-defined]
    passes(stage, watch, 2 * MINUTE)
    assert staying.get("/me").status_code == 200
    stage.records = real
    assert after_a_restart(stage, sam.browser).get("/").status_code == 403


def test_a_session_that_lapses_while_the_store_takes_nothing_is_told_of_once_it_does(
    stage: Stage, owner: Enrolled, watch: Watch
) -> None:
    sam, lea = (invited(stage, owner, name, "desk") for name in ("Sam Ode", "Lea Voss"))
    contacts = [with_the_floor(stage, each) for each in (sam, lea)]
    fickle = stage.records = Fickle(stage.records)  # type: ignore[assignment]
    staying = with_cookie_of(owner.browser, stage.staff(trying=False))
    for _ in range(2):
        passes(stage, watch, QUARTER / 2 + 1)
        assert staying.get("/me").status_code == 200
    fickle.full = False  # type: ignore[attr-defined]
    staying.get("/me")
    assert [stage.contacts.state(stage.practice.id, each).floor for each in contacts] == [None, None]
    assert entries(stage).count("logged_off") == 2


@pytest.mark.parametrize("how", ["sign-out", "link", "by themselves", "elsewhere"])
def test_a_session_that_is_ended_in_one_process_is_over_in_every_other_at_the_next_request(
    stage: Stage, owner: Enrolled, watch: Watch, how: str
) -> None:
    sam, here = invited(stage, owner, "Sam Ode", "desk"), stage.access
    sam.browser.get("/")
    there = after_a_restart(stage, sam.browser)
    also = after_a_restart(stage, owner.browser)
    assert [each.get("/me").status_code for each in (there, also)] == [200, 200]
    with stage.records.transaction(stage.practice.id) as tx:
        ids = {each.name: each.id for each in tx.staff.all()}
    match how:
        case "by themselves":
            sam.post("/leave")
        case "elsewhere":
            again = here.admit(here.arrive(), account_of(stage, ids["Sam Ode"]))
            sam.browser.cookies.set(COOKIE, again.id, domain="localhost.local", path="/")
            sam.post("/me/sign-out-elsewhere")
            assert sam.browser.get("/me").status_code == 200
        case _:
            owner.post(f"/people/{ids['Sam Ode']}/{how}")
    assert there.get("/me").status_code == 403
    assert after_a_restart(stage, there).get("/me").status_code == 403
    assert also.get("/me").status_code == 200


def account_of(stage: Stage, name: str) -> Account:
    with stage.records.transaction(stage.practice.id) as tx:
        account = tx.staff.get(name)
    assert account is not None
    return account


@pytest.mark.parametrize("before", [True, False], ids=["kept before", "never kept"])
def test_a_session_that_somebody_ends_while_it_is_being_kept_is_kept_nowhere(
    stage: Stage, owner: Enrolled, watch: Watch, before: bool
) -> None:
    owner.browser.get("/")
    whose = stage.access.session(owner.browser.cookies[COOKIE])
    assert whose is not None
    assert whose.account is not None
    session = stage.access.admit(stage.access.arrive(), whose.account)
    kept = KeptSessions(stage.practice.id, stage.records, stage.access, stage.clock)
    if before:
        kept.keep(session)
        with stage.records.transaction(stage.practice.id) as tx:
            tx.staff.forget_sessions_of(whose.account.id)  # as another process does
    else:
        stage.access.end_all_of(whose.account.id)
    kept.keep(session)
    with stage.records.transaction(stage.practice.id) as tx:
        assert tx.staff.session(digest(session.id)) is None
    assert not stage.access.is_open(session)


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

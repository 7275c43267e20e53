"""A page that nobody touches signs out after a quarter of an hour; an open stream is no touch."""

from datetime import timedelta

import httpx

from lamplighter.console.access import COOKIE, IDLE_ENDS, Access
from tests.channels.web.stage import Stage, served
from tests.console.people import Enrolled, first_owner, invited
from tests.console.watch import Watch

QUARTER = IDLE_ENDS.total_seconds()


def chat(stage: Stage) -> str:
    practice = stage.practice
    return stage.contacts.open(practice.id, channel="chat", dialled=practice.phone, address=None).contact


def test_a_session_that_nobody_touches_ends(owner: Enrolled, watch: Watch) -> None:
    watch.seconds += QUARTER - 1
    assert owner.browser.get("/").status_code == 200
    watch.seconds += QUARTER + 1
    assert owner.browser.get("/").status_code == 403


def test_to_ask_how_long_it_goes_on_is_no_touch(owner: Enrolled, watch: Watch) -> None:
    owner.browser.get("/")
    watch.seconds += QUARTER - 50
    assert owner.browser.get("/idle").json() == {"left": 50}
    watch.seconds += 20
    assert owner.browser.get("/idle").json() == {"left": 30}
    watch.seconds += 31
    assert owner.browser.get("/idle").status_code == 403


def test_a_key_pressed_on_the_page_is_a_touch_where_it_came_from_the_page(
    owner: Enrolled, watch: Watch
) -> None:
    csrf = owner.csrf
    watch.seconds += QUARTER - 50
    assert owner.browser.post("/here", headers={"x-csrf": "made up"}).status_code == 403
    assert owner.browser.get("/idle").json() == {"left": 50}
    assert owner.browser.post("/here", headers={"x-csrf": csrf}).json() == {"left": int(QUARTER)}


def test_the_shift_ends_however_busy_somebody_is(owner: Enrolled, watch: Watch) -> None:
    statuses = []
    for _ in range(15 * 4):
        watch.seconds += QUARTER
        statuses.append(owner.browser.get("/me").status_code)
    assert statuses.index(403) == 56  # fourteen hours


def test_an_open_stream_keeps_nobody_signed_in_and_ends_with_the_session(
    stage: Stage, owner: Enrolled, watch: Watch
) -> None:
    contact = chat(stage)
    owner.post(f"/contacts/{contact}/take")
    cookies = {COOKIE: owner.browser.cookies[COOKIE]}
    with (
        served(stage.staff(trying=False)) as address,
        httpx.Client(base_url=address, cookies=cookies, timeout=120) as page,
        page.stream("GET", "/live") as stream,
    ):
        lines = stream.iter_lines()
        next(lines)
        watch.seconds += QUARTER + 1
        for _ in lines:
            pass
    assert stage.contacts.state(stage.practice.id, contact).floor is None


def test_whoever_is_signed_out_elsewhere_too_keeps_their_floor(
    stage: Stage, owner: Enrolled, watch: Watch
) -> None:
    sam, contact = invited(stage, owner, "Sam Ode", "desk"), chat(stage)
    owner.post(f"/contacts/{contact}/take")
    watch.seconds += QUARTER - 5
    owner.browser.get("/")
    watch.seconds += 10
    assert sam.browser.get("/").status_code == 403
    assert stage.contacts.state(stage.practice.id, contact).floor == "Rosa Ferro"


def test_the_ledger_says_that_the_page_signed_somebody_out(
    stage: Stage, owner: Enrolled, watch: Watch
) -> None:
    watch.seconds += QUARTER + 1
    owner.browser.get("/")
    with stage.records.transaction(stage.practice.id) as tx:
        (account,) = tx.staff.all()
        last = tx.ledger.entries(limit=10_000)[-1]
    assert (last.who, last.what, last.why) == (account.id, "logged_off", "idle")


def test_a_practice_may_choose_another_time(stage: Stage, watch: Watch) -> None:
    stage.access = Access(elapsed=watch, idle=timedelta(minutes=5))
    owner = first_owner(stage)
    watch.seconds += 301
    assert owner.browser.get("/").status_code == 403


def test_the_sign_in_page_says_why_somebody_is_out(owner: Enrolled, watch: Watch) -> None:
    watch.seconds += QUARTER + 1
    assert "nobody had touched the page" in owner.browser.get("/", headers={"accept": "text/html"}).text

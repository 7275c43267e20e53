"""Passkeys: what proves somebody, and what only looks like it."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.channels.web.stage import Stage
from tests.console.authenticator import Authenticator
from tests.console.people import HOST, Enrolled, a_browser, code, token_in


@pytest.fixture
def stage() -> Stage:
    return Stage()


def make(owner: Enrolled, device: Authenticator, **changed: Any) -> Any:
    """A passkey of the owner's on this device."""
    headers = {"x-csrf": owner.csrf}
    wanted = owner.browser.post("/me/passkeys/options", headers=headers, json={}).json()
    body = {"answer": device.made(wanted) | changed, "label": "A key"}
    return owner.browser.post("/me/passkeys", headers=headers, json=body)


def options(browser: TestClient) -> tuple[dict[str, str], dict[str, Any]]:
    """The header that its forms need, and what is to be signed."""
    headers = {"x-csrf": _csrf(browser.get("/sign-in").text)}
    return headers, browser.post("/sign-in/passkey/options", headers=headers, json={}).json()


def _csrf(page: str) -> str:
    return page.partition('data-csrf="')[2].partition('"')[0]


def sign_in(browser: TestClient, device: Authenticator) -> Any:
    headers, wanted = options(browser)
    return browser.post("/sign-in/passkey", headers=headers, json={"answer": device.used(wanted)})


def test_a_passkey_signs_in_and_its_count_is_kept(stage: Stage, owner: Enrolled) -> None:
    device, browser = Authenticator(HOST), a_browser(stage)
    assert make(owner, device).json() == {"to": "/me"}
    for _ in range(2):
        assert sign_in(browser, device).json() == {"to": "/"}
        assert "Contacts" in browser.get("/").text
        browser.post("/leave", data={"csrf": token_in(browser.get("/me").text)})
    with stage.records.transaction(stage.practice.id) as tx:
        assert tx.staff.all()[0].passkeys[0].sign_count == 2


def test_a_copied_passkey_whose_count_fell_behind_is_refused(stage: Stage, owner: Enrolled) -> None:
    device = Authenticator(HOST)
    make(owner, device)
    sign_in(a_browser(stage), device)
    device.count = 0
    answer = sign_in(a_browser(stage), device)
    assert answer.status_code == 401
    assert "opens nothing here" in answer.json()["wrong"]


def test_a_passkey_that_nobody_here_has_is_refused_and_noted(stage: Stage, owner: Enrolled) -> None:
    browser = a_browser(stage)
    assert sign_in(browser, Authenticator(HOST)).status_code == 401
    assert browser.get("/").status_code == 403
    with stage.records.transaction(stage.practice.id) as tx:
        assert tx.ledger.entries(limit=10_000)[-1].what == "sign_in_refused"


@pytest.mark.parametrize(
    "origin", ["http://localhost:9", "https://localhost.example", "http://127.0.0.1:8301"]
)
def test_what_was_signed_for_another_page_opens_nothing(stage: Stage, owner: Enrolled, origin: str) -> None:
    device = Authenticator(HOST)
    make(owner, device)
    device.origin = origin
    assert sign_in(a_browser(stage), device).status_code == 401


def test_what_was_signed_once_opens_nothing_twice(stage: Stage, owner: Enrolled) -> None:
    device, browser = Authenticator(HOST), a_browser(stage)
    make(owner, device)
    headers, wanted = options(browser)
    signed = device.used(wanted)
    other, thief = a_browser(stage), options(a_browser(stage))[0]
    assert browser.post("/sign-in/passkey", headers=headers, json={"answer": signed}).status_code == 200
    mine, _ = options(other)
    assert other.post("/sign-in/passkey", headers=mine, json={"answer": signed}).status_code == 401
    assert other.post("/sign-in/passkey", headers=thief, json={"answer": signed}).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'{"answer": 1}',
        b'{"answer": {}}',
        b'{"answer": {"id": 3}}',
        b"\xff\xfe",
        b"{" * 99,
    ],
)
def test_what_is_no_answer_is_refused(stage: Stage, owner: Enrolled, body: bytes) -> None:
    browser = a_browser(stage)
    headers, _ = options(browser)
    answer = browser.post("/sign-in/passkey", headers=headers, content=body)
    assert answer.status_code == 401
    headers = {"x-csrf": owner.csrf}
    owner.browser.post("/me/passkeys/options", headers=headers, json={})
    assert owner.browser.post("/me/passkeys", headers=headers, content=body).status_code == 422


def test_an_answer_that_is_too_long_is_not_read(stage: Stage, owner: Enrolled) -> None:
    browser = a_browser(stage)
    headers, _ = options(browser)
    answer = browser.post("/sign-in/passkey", headers=headers, content=b" " * 20_000)
    assert answer.status_code == 413


def test_a_device_that_did_not_check_who_holds_it_needs_the_app_too(stage: Stage, owner: Enrolled) -> None:
    device, browser = Authenticator(HOST, verified=False), a_browser(stage)
    make(owner, device)
    assert sign_in(browser, device).json() == {"to": "/sign-in/app"}
    assert browser.get("/").status_code == 403
    page = browser.get("/sign-in/app").text
    wrong = browser.post("/sign-in/app", data={"csrf": token_in(page), "app": "000000"})
    assert wrong.status_code == 401
    right = {"csrf": token_in(page), "app": code(stage, owner.secret, 1)}
    assert "Contacts" in browser.post("/sign-in/app", data=right).text


def test_the_second_proof_can_not_be_tried_for_ever(stage: Stage, owner: Enrolled) -> None:
    device, browser = Authenticator(HOST, verified=False), a_browser(stage)
    make(owner, device)
    sign_in(browser, device)
    csrf = token_in(browser.get("/sign-in/app").text)
    tries = [browser.post("/sign-in/app", data={"csrf": csrf, "app": "000000"}).status_code for _ in range(6)]
    assert tries == [401] * 5 + [429]


def test_nobody_reaches_the_second_proof_without_the_first(stage: Stage, owner: Enrolled) -> None:
    browser = a_browser(stage)
    csrf = token_in(browser.get("/sign-in").text)
    assert browser.get("/sign-in/app").status_code == 403
    answer = browser.post("/sign-in/app", data={"csrf": csrf, "app": code(stage, owner.secret, 1)})
    assert answer.status_code == 403


def test_a_removed_passkey_opens_nothing(stage: Stage, owner: Enrolled) -> None:
    device = Authenticator(HOST)
    make(owner, device)
    assert "A key" in owner.browser.get("/me").text
    page = owner.post(f"/me/passkeys/{device.made({'rp': {'id': ''}, 'challenge': ''})['id']}/remove")
    assert "A key" not in page
    assert sign_in(a_browser(stage), device).status_code == 401


def test_a_passkey_belongs_to_one_account(stage: Stage, owner: Enrolled) -> None:
    device = Authenticator(HOST)
    assert make(owner, device).status_code == 200
    assert make(owner, device).status_code == 422


def test_passkeys_belong_to_a_name_and_the_page_at_a_number_says_so(stage: Stage, owner: Enrolled) -> None:
    browser = TestClient(stage.staff(trying=False), base_url="http://127.0.0.1:8301")
    page = browser.get("/sign-in").text
    assert "localhost" in page
    assert "Sign in with a passkey" not in page

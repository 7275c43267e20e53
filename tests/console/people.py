"""Staff for tests: a practice whose owner set up their sign-in, and browsers of people in every role."""

import re
from dataclasses import dataclass
from typing import Any, Protocol

import pyotp
from starlette.testclient import TestClient

from lamplighter.desk.ports import Role
from tests.channels.web.stage import Stage

HOST = "http://localhost:8301"


def token_in(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, page
    return found.group(1)


@dataclass
class Enrolled:
    """Somebody's browser, signed in, with what they would hold in their hands."""

    browser: TestClient
    name: str
    secret: str
    codes: list[str]

    @property
    def csrf(self) -> str:
        return token_in(self.browser.get("/me").text)

    def post(self, path: str, **data: object) -> str:
        return self.browser.post(path, data={"csrf": self.csrf, **data}).text


class HasClock(Protocol):
    """Whatever has the clock that telephones go by."""

    clock: Any


def code(stage: HasClock, secret: str, steps: int = 0) -> str:
    """What the app shows now, or some steps on."""
    totp = pyotp.TOTP(secret)
    return totp.generate_otp(int(stage.clock.now().timestamp()) // 30 + steps)


def a_browser(stage: Stage) -> TestClient:
    return TestClient(stage.staff(trying=False), base_url=HOST)


def through_the_steps(stage: HasClock, browser: TestClient, page: str, name: str) -> Enrolled:
    """The app and the codes, without a passkey."""
    csrf = token_in(page)
    page = browser.post("/enrol/without-passkey", data={"csrf": csrf}).text
    spelled = re.search(r'class="spelled">([A-Z2-7 ]+)<', page)
    assert spelled, page
    secret = spelled.group(1).replace(" ", "")
    browser.post("/me/app", data={"csrf": csrf, "app": code(stage, secret)})
    page = browser.post("/me/codes", data={"csrf": csrf}).text
    codes = re.findall(r"<li><code>([^<]+)</code>", page)
    browser.post("/enrol/done", data={"csrf": csrf})
    return Enrolled(browser, name, secret, codes)


def first_owner(stage: Stage, name: str = "Rosa Ferro", clinician: str = "") -> Enrolled:
    browser = a_browser(stage)
    page = browser.post(stage.access.new_link(HOST)).text
    page = browser.post(
        "/enrol/name", data={"csrf": token_in(page), "name": name, "clinician": clinician}
    ).text
    return through_the_steps(stage, browser, page, name)


def invited(stage: Stage, owner: Enrolled, name: str, *roles: Role) -> Enrolled:
    browser = a_browser(stage)
    page = browser.post(link_in(owner.post("/people/invite", name=name, role=list(roles)))).text
    return through_the_steps(stage, browser, page, name)


def link_in(page: str) -> str:
    found = re.search(r'class="spelled">(http[^<]+)<', page)
    assert found, page
    return found.group(1)

"""A real Chromium with an authenticator of its own: somebody sets up a passkey and signs in with it."""

from collections.abc import Iterator
from typing import Any

import pyotp
import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import Desk, expect_focus
from tests.browser.test_pages_look import PHONE, expect_no_fault_in_either_look, width
from tests.channels.web.stage import served

pytestmark = pytest.mark.browser


@pytest.fixture
def door(desk: Desk) -> Iterator[str]:
    """A practice that nobody owns yet, at a name: passkeys belong to names."""
    with served(desk.stage.staff(trying=False)) as address:
        yield address.replace("127.0.0.1", "localhost")


class Device:
    """What holds the passkeys of one browser."""

    def __init__(self, page: Page) -> None:
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        self._cdp.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        added = self._cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self._id = added["authenticatorId"]

    def credentials(self) -> list[Any]:
        found = self._cdp.send("WebAuthn.getCredentials", {"authenticatorId": self._id})
        return list(found["credentials"])

    def forget(self) -> None:
        self._cdp.send("WebAuthn.clearCredentials", {"authenticatorId": self._id})


def code(desk: Desk, secret: str, steps: int = 0) -> str:
    at = int(desk.stage.clock.now().timestamp()) // 30 + steps
    return pyotp.TOTP(secret).generate_otp(at)


def enrol(desk: Desk, page: Page, name: str = "Rosa Ferro") -> str:
    """From the first page after the link to the open desk; gives the app's secret."""
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Make a passkey").click()
    return set_up_the_app(desk, page)


def set_up_the_app(desk: Desk, page: Page) -> str:
    expect(page.get_by_role("heading", name="An authenticator app")).to_be_visible()
    secret = page.locator(".spelled").inner_text().replace(" ", "")
    page.get_by_label("The six digits").fill(code(desk, secret))
    page.get_by_role("button", name="Check the code").click()
    page.get_by_role("button", name="Show my codes").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("button", name="I have them").click()
    expect(page.get_by_role("heading", name="Contacts")).to_be_visible()
    return secret


def open_link(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Open the desk").click()


def test_the_first_owner_makes_a_passkey_and_signs_in_with_it(desk: Desk, door: str) -> None:
    page = desk.new_page()
    device = Device(page)
    open_link(page, desk.stage.access.new_link(door))
    enrol(desk, page)
    assert len(device.credentials()) == 1
    page.get_by_role("button", name="Leave").click()
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Contacts")).to_be_visible()
    with desk.stage.records.transaction(desk.stage.practice.id) as tx:
        (account,) = tx.staff.all()
        done = [entry.what for entry in tx.ledger.entries(limit=10_000) if entry.who == account.id]
    assert account.passkeys[0].sign_count == device.credentials()[0]["signCount"]
    assert [what for what in done if "sign" in what] == ["signed_in", "signed_out", "signed_in_by_passkey"]


def test_nothing_can_be_pressed_before_the_page_can_make_a_passkey(desk: Desk, door: str) -> None:
    page = desk.new_page()
    Device(page)
    page.route("**/passkeys.js", lambda route: route.abort())
    open_link(page, desk.stage.access.new_link(door))
    page.get_by_label("Your name").fill("Rosa Ferro")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("button", name="Make a passkey")).to_be_disabled()


def test_somebody_invited_signs_in_until_they_are_let_go(desk: Desk, door: str) -> None:
    owner, sam = desk.new_page(), desk.new_page()
    Device(owner)
    Device(sam)
    open_link(owner, desk.stage.access.new_link(door))
    enrol(desk, owner)
    owner.locator(".places summary").click()
    owner.get_by_role("link", name="People").click()
    owner.get_by_label("Their name").fill("Sam Ode")
    owner.locator("#new-desk").check()
    owner.get_by_role("button", name="Make their link").click()
    open_link(sam, owner.locator(".spelled").inner_text())
    expect(sam.get_by_role("heading", name="Your passkey, Sam Ode")).to_be_visible()
    sam.get_by_role("button", name="Make a passkey").click()
    set_up_the_app(desk, sam)
    expect(sam.get_by_role("link", name="People")).to_have_count(0)
    owner.goto(f"{door}/people")
    card = owner.locator(".people li", has_text="Sam Ode")
    card.get_by_text("Let go").click()
    card.get_by_role("button", name="Let Sam Ode go").click()
    expect(owner.get_by_role("heading", name="No longer here")).to_be_visible()
    expect(sam.get_by_role("heading", name="Sign in")).to_be_visible()
    sam.get_by_role("button", name="Sign in with a passkey").click()
    expect(sam.get_by_text("opens nothing here")).to_be_visible()


def test_without_the_passkey_both_codes_open_the_desk_with_the_keyboard_alone(desk: Desk, door: str) -> None:
    page = desk.new_page()
    device = Device(page)
    open_link(page, desk.stage.access.new_link(door))
    secret = enrol(desk, page)
    page.goto(f"{door}/me")
    page.get_by_role("button", name="Make new codes").click()
    recovery = page.locator(".codes li").nth(2).inner_text()
    page.goto(f"{door}/me")
    page.get_by_role("button", name="Leave").click()
    device.forget()
    page.goto(f"{door}/sign-in")
    expect_focus(page.get_by_role("button", name="Sign in with a passkey"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for typed in ("Rosa Ferro", code(desk, secret, 1), recovery):
        page.keyboard.press("Tab")
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Contacts")).to_be_visible()


def test_the_demonstration_takes_a_passkey_too(desk: Desk) -> None:
    page = desk.new_page()
    Device(page)
    base = desk.staff.replace("127.0.0.1", "localhost")
    open_link(page, desk.stage.access.new_link(base))
    page.get_by_role("button", name="Demo owner").click()
    page.get_by_role("link", name="Demo owner").click()
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("button", name="Remove This computer")).to_be_visible()
    page.get_by_role("button", name="Leave").click()
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Contacts")).to_be_visible()


def look(page: Page, heading: str) -> None:
    """Once it shows the heading: no fault that axe finds, and nothing wider than the page."""
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
    assert width(page) == page.viewport_size["width"], page.url  # type: ignore[index]
    expect_no_fault_in_either_look(page)


PAGES = {
    "/me": "How you sign in",
    "/me/app": "Authenticator app",
    "/people": "People who work here",
    "/ledger": "Ledger",
    "/billing": "Billing",
}


def test_no_page_of_signing_in_has_a_fault_or_is_wider_than_a_telephone(desk: Desk, door: str) -> None:
    page = desk.new_page(viewport=PHONE)
    Device(page)
    open_link(page, desk.stage.access.new_link(door))
    look(page, "The first owner")
    page.get_by_label("Your name").fill("Rosa Wolfeschlegelsteinhausenbergerdorff Ferro-Marchetti")
    page.get_by_role("button", name="Go on").click()
    look(page, "Your passkey")
    page.get_by_role("button", name="Make a passkey").click()
    look(page, "An authenticator app")
    set_up_the_app(desk, page)
    for path, heading in PAGES.items():
        page.goto(door + path)
        look(page, heading)
    page.goto(f"{door}/people")
    page.get_by_label("Their name").fill("Sam Ode")
    page.locator("#new-clinician").check()
    page.get_by_role("button", name="Make their link").click()
    expect(page.get_by_role("heading", name="A link for Sam Ode")).to_be_visible()
    for summary in page.locator(".people summary").all():
        summary.click()
    look(page, "People who work here")
    page.goto(f"{door}/me")
    page.get_by_role("button", name="Make new codes").click()
    look(page, "Recovery codes")
    page.goto(f"{door}/me")
    page.get_by_role("button", name="Leave").click()
    look(page, "You have left the desk")
    page.goto(f"{door}/sign-in")
    page.get_by_text("No passkey at hand").click()
    look(page, "Sign in")

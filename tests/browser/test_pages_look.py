"""Every page: no fault that axe finds, light and dark, nothing wider than a telephone, every control by keyboard."""

import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Page, expect

from lamplighter.rehearsal.result import Line
from lamplighter.rehearsal.safety.report import SafetyReport, SafetyResult
from lamplighter.wiring import safety_review
from lamplighter.wiring.lines import protocol_of
from lamplighter.wiring.reviewing import folder_files
from lamplighter.wiring.signed_folder import SIGNED, keep
from tests.browser.conftest import Desk, expect_focus, follow_within, open_desk, photographed, say
from tests.channels.web.stage import MORNING, served
from tests.console.test_hand_over_card import ADDRESS, HOME, NORA, call
from tests.practice.approving import signed
from tests.wiring.live_practice import live_practice

pytestmark = pytest.mark.browser
LADDER = re.compile("Read and approve.*Ladder")
PHONE = {"width": 390, "height": 844}


def faults(page: Page) -> list[str]:
    """What breaks a rule, and what axe could not decide: but for contrast below the head of a page that stays in view,
    which it decides where nothing lies over it."""
    page.evaluate("scrollTo(0, 0)")
    found = Axe().run(page).response
    undecided = [fault for fault in found["incomplete"] if fault["id"] != "color-contrast"]
    return [
        f"{fault['id']}: {node['html'][:160]}"
        for fault in [*found["violations"], *undecided]
        for node in fault["nodes"]
    ]


def expect_no_fault(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    assert faults(page) == []


def expect_no_fault_in_either_look(page: Page) -> None:
    """Light and dark, where a flow leads to many pages: it is gone through once."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        photographed(page, scheme)
        assert faults(page) == [], scheme


def width(page: Page) -> int:
    wide: int = page.evaluate("document.documentElement.scrollWidth")
    return wide


def test_no_public_page_has_a_fault_that_axe_finds(desk: Desk) -> None:
    page = desk.new_page()
    for path in ("/", "/text", "/call", "/in-a-crisis", "/nothing"):
        page.goto(desk.public + path)
        expect_no_fault_in_either_look(page)
    page = desk.chat()
    say(page, "What are your hours?")
    expect_no_fault_in_either_look(page)


def test_the_staff_page_has_no_fault_that_axe_finds(desk: Desk) -> None:
    page = desk.new_page()
    page.goto(desk.stage.access.new_link(desk.staff))
    expect_no_fault_in_either_look(page)
    page.get_by_role("button", name="Open the desk").click()
    expect(page.get_by_role("heading", name="Who is at the desk?")).to_be_visible()
    expect_no_fault_in_either_look(page)
    page.get_by_role("button", name="Dr. Osei").click()
    expect(page.get_by_role("heading", name="Who is at the desk?")).to_be_hidden()
    expect(page.get_by_role("main")).to_be_visible()
    expect_no_fault_in_either_look(page)
    visitor = desk.chat()
    say(visitor, "I'd like a first appointment by video")
    say(visitor, "I want to talk to a person please")
    expect(page.get_by_text("Ringing front desk").first).to_be_visible()
    expect_no_fault_in_either_look(page)
    page.locator("#cards").get_by_role("button", name="Accept").click()
    expect(page.get_by_placeholder("Write to")).to_be_visible()
    expect_no_fault_in_either_look(page)


@pytest.fixture
def protocol_at(desk: Desk, tmp_path: Path) -> Iterator[str]:
    """The staff page of a practice whose ladder changed since it was signed, and that may be signed otherwise."""
    folder = live_practice(tmp_path / "maple")
    signed_before(folder)
    ladder = folder / "ladder.yaml"
    ladder.write_text(ladder.read_text().replace("name: Office manager", f"name: Ms. {'Ada ' * 12}Reyes"))
    said = (Line("caller", "hello", 1), Line("agent", "Hello, and welcome.", 1))
    scene = SafetyResult("en-chat-hello", "somebody says hello", (), "answered", (), said)
    draft = protocol_of(folder_files(folder)).hash
    safety_review.keep(folder, SafetyReport(draft, version("lamplighter"), MORNING, (scene,)))
    desk.stage.review = desk.stage.reviewing(folder, folder / SIGNED, passed=lambda _, __: b"kept")
    with served(desk.stage.staff()) as address:
        yield address


def signed_before(folder: Path) -> None:
    protocol = protocol_of(folder_files(folder))
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    keep(folder, protocol, signed(protocol, key, "Rosa Ferro", MORNING))


def at_protocol(desk: Desk, address: str, name: str, **how: Any) -> Page:
    page = desk.new_page(**how)
    open_desk(page, desk.stage.access.new_link(address))
    page.get_by_role("button", name=name).click()
    page.locator(".places summary").click()
    page.get_by_role("link", name="Protocol").click()
    expect(page.get_by_role("heading", name="Protocol", exact=True)).to_be_visible()
    return page


def test_the_protocol_has_no_fault_that_axe_finds_before_and_after_it_is_signed(
    desk: Desk, protocol_at: str
) -> None:
    page = at_protocol(desk, protocol_at, "Dr. Osei")
    expect_no_fault_in_either_look(page)
    page.get_by_role("link", name=LADDER).click()
    expect(page.locator("ins").first).to_contain_text("Ms. Ada")
    expect_no_fault_in_either_look(page)
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved by Dr. Osei (Clinician)")).to_be_visible()
    page.goto(f"{protocol_at}/protocol/section?name=words/en&as=sentences")
    expect(page.locator(".again").first).to_be_visible()
    expect_no_fault_in_either_look(page)
    page = at_protocol(desk, protocol_at, "Demo owner")
    expect_no_fault_in_either_look(page)
    page.get_by_role("link", name="What was said in it").click()
    page.get_by_text("What was said").click()
    expect(page.get_by_text("Hello, and welcome.")).to_be_visible()
    expect_no_fault_in_either_look(page)
    page.get_by_role("button", name="Sign version").click()
    expect(page.get_by_text("exactly what was signed last")).to_be_visible()
    expect_no_fault_in_either_look(page)


def test_the_two_versions_stand_beside_each_other_and_on_a_telephone_below(
    desk: Desk, protocol_at: str
) -> None:
    for viewport, beside in ((PHONE, False), ({"width": 1280, "height": 860}, True)):
        page = at_protocol(desk, protocol_at, "Dr. Osei", viewport=viewport)
        assert width(page) == viewport["width"]
        for place in ("words/en&as=sentences", "routes&as=sentences", "ladder"):
            page.goto(f"{protocol_at}/protocol/section?name={place}")
            assert width(page) == viewport["width"]
        was, now = (page.locator(f"td:has({side})").first.bounding_box() for side in ("del", "ins"))
        assert was and now
        assert (abs(was["y"] - now["y"]) < 1, was["x"] < now["x"]) == (beside, beside)


def test_a_section_is_read_and_approved_with_the_keyboard_alone(desk: Desk, protocol_at: str) -> None:
    page = at_protocol(desk, protocol_at, "Dr. Osei")
    page.get_by_role("link", name=LADDER).focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="To the end, to approve it").focus()
    follow_within(page)
    page.keyboard.press("Tab")
    expect_focus(page.get_by_label("A note, if you like"))
    page.keyboard.type("called them all")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("called them all")).to_be_visible()


def say_in_hospital(page: Page) -> None:
    """By keys alone. What happens meanwhile draws the card anew between two keys: what was opened stays open."""
    page.locator(".on-file summary").press("Enter")
    offered = page.get_by_role("button", name="In hospital")
    expect(offered).to_be_visible()
    offered.press("Enter")
    expect(page.locator(".on-file summary")).to_have_text("In hospital", timeout=20_000)


def test_the_card_the_people_and_the_ladder_have_no_fault_that_axe_finds_nor_are_wider_than_a_telephone(
    desk: Desk,
) -> None:
    contact = call(desk.stage, HOME, NORA.number, knows=True)
    page = desk.wall("Dr. Osei")
    paths = [
        f"/?contact={contact}",
        "/persons",
        f"/persons/{NORA.number}",
        f"/persons/{NORA.number}/custody",
        f"/persons/{NORA.number}/apart",
        "/apart",
        "/ladder",
    ]
    for path in paths:
        page.goto(desk.staff + path)
        expect_no_fault_in_either_look(page)
    page.goto(desk.staff + paths[0])
    page.get_by_role("button", name="To say where help is needed").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(ADDRESS)).to_be_visible()
    expect_focus(page.locator("#detail-card"))
    say_in_hospital(page)
    expect_no_fault_in_either_look(page)
    paths.append(f"/?contact={call(desk.stage)}")
    page.goto(desk.staff + paths[-1])
    page.get_by_role("button", name="I called: Busy").press("Enter")
    expect(page.locator("#detail-card .called li")).to_contain_text("Dr. Osei: busy")
    expect_focus(page.locator("#detail-card"))
    expect_no_fault_in_either_look(page)
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    for path in paths:
        page.goto(desk.staff + path)
        assert width(page) == PHONE["width"], path


def test_nothing_is_wider_than_a_telephone(desk: Desk) -> None:
    page = desk.new_page(viewport=PHONE)
    for path in ("/", "/text", "/call", "/chat", "/in-a-crisis", "/nothing"):
        page.goto(desk.public + path)
        assert width(page) == PHONE["width"], path
    visitor = desk.chat(viewport=PHONE)
    say(visitor, "W" * 300)
    assert width(visitor) == PHONE["width"]
    page = desk.new_page(viewport=PHONE)
    page.goto(desk.stage.access.new_link(desk.staff))
    assert width(page) == PHONE["width"]
    page = desk.wall(viewport=PHONE)
    expect(page.locator(".card-item").first).to_be_visible()
    assert width(page) == PHONE["width"]
    page.locator(".card-link").first.click()
    expect(page.locator("#detail-lines")).to_be_visible()
    assert width(page) == PHONE["width"]


def test_a_picked_look_stays_on_the_next_page(desk: Desk) -> None:
    page = desk.new_page(color_scheme="light")
    page.goto(desk.public)
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_role("button", name="Light or dark").click()
    dark = page.evaluate(ground)
    assert dark != light
    page.goto(f"{desk.public}/call")
    assert page.evaluate(ground) == dark


def test_a_chat_is_held_with_the_keyboard_alone(desk: Desk) -> None:
    page = desk.chat()
    page.goto(f"{desk.public}/")
    page.keyboard.press("Tab")
    expect_focus(page.get_by_role("link", name="Skip to the main part"))
    follow_within(page)
    for _ in range(3):
        page.keyboard.press("Tab")
    expect_focus(page.get_by_role("main").get_by_role("link", name="Chat"))
    page.keyboard.press("Enter")
    expect_focus(page.locator("#words"))
    page.keyboard.type("What are your hours?")
    page.keyboard.press("Enter")
    expect(page.locator(".bubble.agent").filter(has_text="9 AM")).to_be_visible()


def test_spanish_speakers_get_spanish_pages(desk: Desk) -> None:
    page = desk.new_page(locale="es-MX")
    page.goto(f"{desk.public}/chat")
    expect(page.get_by_role("heading", name="Chatee con nosotros")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Chat with us")).to_be_visible()

"""A picture of a card from a telephone to the desk: sent by keyboard, after a network that broke, and seen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from lamplighter.desk.plan_card_acts import CardPages
from lamplighter.desk.plan_card_pictures import readied
from tests.browser.conftest import Desk
from tests.browser.test_pages_look import PHONE, expect_no_fault, width
from tests.browser.test_visit_page import telephone
from tests.channels.web.carding import Carding, picture
from tests.channels.web.stage import served
from tests.console.test_insurance_page import PAGE

pytestmark = pytest.mark.browser


@pytest.fixture
def cards() -> Carding:
    return Carding()


@pytest.fixture
def address(cards: Carding) -> Iterator[str]:
    with served(cards.public()) as public:
        yield public + cards.path


def test_rule_40_a_card_is_sent_from_a_dark_telephone_by_keyboard_after_the_network_broke(
    chromium: Browser, cards: Carding, address: str, tmp_path: Path
) -> None:
    front, back = tmp_path / "front.jpg", tmp_path / "back.png"
    front.write_bytes(picture(size=(3000, 1900)))
    back.write_bytes(picture("PNG"))
    page = telephone(chromium, color_scheme="dark")
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(address)
    expect_no_fault(page)
    assert width(page) <= PHONE["width"]
    assert page.get_by_label("Front of the card").get_attribute("capture") == "environment"
    page.get_by_label("Front of the card").set_input_files(front)
    page.get_by_label("Back of the card, if you can").set_input_files(back)
    page.context.set_offline(True)
    page.get_by_role("button", name="Send").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("It didn't reach us, and nothing was kept.")
    expect_no_fault(page)
    assert cards.card() is None
    page.context.set_offline(False)
    page.get_by_role("button", name="Send").press("Enter")
    expect(page.get_by_role("heading", name="We have it, thank you")).to_be_visible()
    expect_no_fault(page)
    assert len(cards.kept()) == 2 and max(map(len, cards.kept())) < 300_000
    page.reload()
    expect(page.get_by_role("heading", name="We have it, thank you")).to_be_visible()
    assert wrong == []
    page.context.close()


def test_without_scripts_a_card_is_sent_all_the_same_and_what_is_no_picture_is_said(
    chromium: Browser, cards: Carding, address: str, tmp_path: Path
) -> None:
    paper, front = tmp_path / "card.pdf", tmp_path / "front.jpg"
    paper.write_bytes(b"%PDF-1.7")
    front.write_bytes(picture())
    page = telephone(chromium, java_script_enabled=False)
    page.goto(f"{address}?lang=es")
    page.get_by_label("Frente de la tarjeta").set_input_files(paper)
    page.get_by_role("button", name="Enviar").click()
    expect(page.get_by_role("alert")).to_contain_text("Eso no es una foto que podamos abrir.")
    page.get_by_label("Frente de la tarjeta").set_input_files(front)
    page.get_by_role("button", name="Enviar").click()
    expect(page.get_by_role("heading", name="La tenemos, gracias")).to_be_visible()
    assert len(cards.kept()) == 1
    page.context.close()


def test_rule_40_the_desk_sees_the_card_beside_what_it_types_wide_and_on_a_dark_telephone(desk: Desk) -> None:
    cards = Carding(desk.stage)
    pages = CardPages(desk.stage.records, desk.stage.practices, desk.stage.clock)
    token = cards.path.rpartition("/")[2]
    pages.keep(desk.stage.practice.id, token, (readied(picture()), readied(picture("PNG"))))
    page = desk.wall()
    phone = desk.wall(viewport=PHONE, color_scheme="dark")
    for each in (page, phone):
        each.goto(desk.staff + PAGE)
        front = each.get_by_role("img", name="Their insurance card, front: opens larger")
        expect(front).to_be_visible()
        expect(front).to_have_js_property("naturalWidth", 540)
        expect_no_fault(each)
    assert width(phone) <= PHONE["width"]
    page.get_by_label("Insurer", exact=True).select_option("aetna")
    page.get_by_label("Number on the card").fill("W123456789")
    page.get_by_label("Group on the card").fill("G77")
    page.get_by_role("button", name="Keep this and check now").press("Enter")
    expect(page.get_by_text("Typed")).to_be_visible()
    page.get_by_role("button", name="Done with it: delete it").press("Enter")
    expect(page.get_by_role("img")).to_have_count(0)
    expect(page.get_by_label("Group on the card")).to_have_value("G77")

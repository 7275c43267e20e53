"""The page that takes a picture of an insurance card: what it tells, what it takes and what it keeps."""

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from PIL import Image
from starlette.testclient import TestClient

from lamplighter.channels.web import card_page
from tests.channels.web.carding import MATEO, NORA, Carding, picture

FRONT, BACK = picture(), picture("PNG", color="navy")


@pytest.fixture
def cards() -> Carding:
    return Carding()


@pytest.fixture
def browser(cards: Carding) -> Iterator[TestClient]:
    with TestClient(cards.public(), base_url="http://localhost") as browser:
        yield browser


def sides(front: bytes = FRONT, back: bytes = b"") -> dict[str, tuple[str, bytes]]:
    return {"front": ("a.jpg", front), "back": ("b.jpg" if back else "", back)}


def test_rule_40_the_page_names_nobody_has_no_field_to_write_in_and_looking_changes_nothing(
    cards: Carding, browser: TestClient
) -> None:
    page = browser.get(cards.path)
    assert page.status_code == 200 and "A picture of your insurance card" in page.text
    assert "30 days at the latest" in page.text and 'capture="environment"' in page.text
    for words in ("Nora", "Bell", "0143", cards.stage.practice.name, "<textarea", 'type="text"'):
        assert words not in page.text, words
    assert page.headers["cache-control"] == "no-store" and "noindex" in page.headers["x-robots-tag"]
    assert cards.facts() == [] and "Una foto de su tarjeta" in browser.get(f"{cards.path}?lang=es").text


def test_rule_40_front_and_back_are_kept_upright_without_where_they_were_taken_and_wait_for_one_person(
    cards: Carding, browser: TestClient
) -> None:
    answer = browser.post(cards.path, files=sides(FRONT, BACK))
    assert "We have it, thank you" in answer.text and answer.history[0].status_code == 303
    front, back = cards.kept()
    with Image.open(io.BytesIO(front)) as shown:
        assert (shown.format, shown.size, dict(shown.getexif())) == ("JPEG", (540, 860), {})
    assert b"Harbor" in FRONT and b"Harbor" not in front + back
    (task,) = cards.tasks()
    assert (task.kind, task.route, task.person, task.details) == ("plan_card", "desk", NORA.number, ())
    again = browser.post(cards.path, files=sides(BACK))
    assert "We have it, thank you" in again.text and cards.kept() == [front, back]


def test_a_second_link_replaces_what_came_before_and_adds_no_second_task(
    cards: Carding, browser: TestClient
) -> None:
    browser.post(cards.path, files=sides())
    before = cards.card()
    browser.post(cards.linked(NORA.number, "m2"), files=sides(BACK))
    after = cards.card()
    assert before and after and before.id != after.id and len(cards.tasks()) == 1
    with cards.stage.records.transaction(cards.stage.practice.id) as tx:
        assert [tx.pictures.get(each) for each in before.pictures] == [None]


BOMB = picture("PNG", (9000, 6000))
FULL = {kind: picture(kind, (4100, 4000)) for kind in ("PNG", "WEBP")}
WRONG = {
    "none": ({"back": ("b.jpg", BACK)}, 422, "Choose a picture of the front first"),
    "not a picture": (sides(b"%PDF-1.7 member id W1"), 422, "That isn't a picture we can open"),
    "another kind": (sides(picture("GIF")), 422, "That isn't a picture we can open"),
    "damaged": (sides(FRONT[: len(FRONT) // 2]), 422, "That picture arrived damaged"),
    "one of two": (sides(FRONT, b"no picture"), 422, "That isn't a picture we can open"),
    "a bomb": (sides(BOMB), 422, "That picture is too large to open"),
    "few bytes that fill a machine": (sides(FULL["PNG"]), 422, "That picture is too large to open"),
    "of a kind opened in full": (sides(FRONT, FULL["WEBP"]), 422, "That picture is too large to open"),
    "heavy": (sides(b"\xff\xd8" + bytes(15_000_001)), 413, "15 megabytes is the most"),
    "heavier": (sides(bytes(32_000_000)), 413, "15 megabytes is the most"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_kept_is_said_keeps_nothing_and_leaves_the_link_as_it_was(
    cards: Carding, browser: TestClient, what: str
) -> None:
    files, status, told = WRONG[what]
    answer = browser.post(cards.path, files=files)  # type: ignore[arg-type]
    assert answer.status_code == status and told in answer.text.replace("&#39;", "'"), what
    assert cards.facts() == [] and cards.tasks() == []
    assert "We have it" in browser.post(cards.path, files=sides()).text


@pytest.mark.parametrize(("kind", "size"), [("JPEG", (8000, 5000)), ("PNG", (2600, 1950))])
def test_a_large_picture_of_a_camera_is_kept_no_larger_than_it_is_read_at(
    cards: Carding, browser: TestClient, kind: str, size: tuple[int, int]
) -> None:
    browser.post(cards.path, files=sides(picture(kind, size)))
    (front,) = cards.kept()
    with Image.open(io.BytesIO(front)) as shown:
        longest, shortest = max(shown.size), min(shown.size)
        assert longest == 2000 and abs(shortest - 2000 * size[1] / size[0]) <= 1
        assert (shown.height > shown.width) == (kind == "JPEG"), "turned as it was held"


def test_what_is_no_form_with_files_keeps_nothing_and_says_so(cards: Carding, browser: TestClient) -> None:
    for content in (b"front=W123456789", b"--x\r\nbroken"):
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
            answer = browser.post(cards.path, content=content, headers={"content-type": kind})
            assert answer.status_code == 422 and cards.facts() == []


def test_nothing_is_taken_by_a_link_that_is_over_of_somebody_else_or_made_up(
    cards: Carding, browser: TestClient
) -> None:
    made_up = cards.path[:-1] + ("A" if cards.path[-1] != "A" else "B")
    assert browser.post(made_up, files=sides()).status_code == 410
    papers = cards.path.replace("/c/", "/v/")
    assert browser.get(papers).status_code in (404, 410)
    browser.post(cards.linked(MATEO.number, "m2"), files=sides())
    assert cards.card() is None and cards.card(MATEO.number) is not None
    cards.stage.clock.ahead(timedelta(days=7))
    over = browser.post(cards.path, files=sides())
    assert over.status_code == 410 and "Nothing was kept" in over.text and cards.card() is None


def test_a_link_to_a_number_that_is_theirs_no_more_opens_nothing(cards: Carding, browser: TestClient) -> None:
    with cards.stage.records.transaction(cards.stage.practice.id) as tx:
        person = tx.people.get(NORA.number)
        assert person is not None
        tx.people.update(replace(person, phone="+12125550199"))
    assert browser.get(cards.path).status_code == 410
    assert browser.post(cards.path, files=sides()).status_code == 410 and cards.card() is None


def test_whoever_tries_many_links_or_sends_without_end_is_asked_to_wait(
    cards: Carding, browser: TestClient
) -> None:
    answers = [browser.get(f"/c/{'A' * 15}{sign}").status_code for sign in "123456789" * 5]
    assert answers[0] == 410 and answers[-1] == 429
    assert browser.get(cards.path).status_code == 200, "a link that opens something is not held up by them"
    sent = [browser.post(cards.path, files=sides(b"x")).status_code for _ in range(45)]
    assert sent[0] == 422 and sent[-1] == 429


def test_where_too_much_is_being_sent_it_is_said_and_nothing_is_read(
    cards: Carding, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_page, "MOST_AT_ONCE", 0)
    answer = browser.post(cards.path, files=sides())
    assert answer.status_code == 503 and "wait a minute" in answer.text and cards.facts() == []


async def test_one_link_that_sends_slowly_takes_no_room_from_the_others(cards: Carding) -> None:
    """Three that never end by one link, and one by another."""
    app, ended = cards.public(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"--x\r\n"
        await ended.wait()

    kind = {"content-type": "multipart/form-data; boundary=x"}
    there = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=there, base_url="http://localhost") as browser:
        slow = [
            asyncio.create_task(browser.post(cards.path, content=slowly(), headers=kind)) for _ in range(3)
        ]
        first, _ = await asyncio.wait(slow, return_when=asyncio.FIRST_COMPLETED)
        assert [each.result().status_code for each in first] == [503]
        other = await browser.post(cards.linked(MATEO.number, "m2"), files=sides())
        assert other.status_code == 303 and cards.card(MATEO.number) is not None
        ended.set()
        assert {each.status_code for each in await asyncio.gather(*slow)} == {422, 503}
    assert cards.card() is None

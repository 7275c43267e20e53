"""The page that a link in a text opens: what it shows, to whom it tells nothing, and that looking changes nothing."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from starlette.testclient import TestClient

from lamplighter.channels.web import linked_page
from tests.channels.web.stage import Stage
from tests.channels.web.visiting import Visiting


@pytest.fixture
def visiting() -> Visiting:
    return Visiting(Stage())


@pytest.fixture
def browser(visiting: Visiting) -> Iterator[TestClient]:
    with TestClient(visiting.public(), base_url="http://localhost") as browser:
        yield browser


def test_it_shows_the_time_and_the_neutral_name_and_names_nobody(
    visiting: Visiting, browser: TestClient
) -> None:
    page = browser.get(visiting.path)
    assert page.status_code == 200
    assert "Thursday, December 3, 2:00" in page.text
    assert "<title>HLC Office: Your visit</title>" in page.text
    practice = visiting.stage.practice
    for word in (
        "Nora",
        "Bell",
        practice.name,
        practice.clinicians[0].spoken_name,
        "video",
        "in person",
        "0143",
    ):
        assert word not in page.text


def test_it_is_in_the_language_of_the_text_until_another_is_picked(browser: TestClient) -> None:
    visiting = Visiting(Stage(), language="es")
    with TestClient(visiting.public(), base_url="http://localhost") as theirs:
        page = " ".join(theirs.get(visiting.path, headers={"accept-language": "en"}).text.split())
        assert '<html lang="es">' in page and "jueves 3 de diciembre, 2:00 p. m." in page
        assert '<html lang="en">' in theirs.get(visiting.path + "?lang=en").text
        posted = theirs.post(visiting.path, data={"do": "times", "lang": "en"})
        assert "Which of these suits you?" in posted.text


def test_no_page_of_a_link_is_kept_indexed_or_told_of_to_another(
    visiting: Visiting, browser: TestClient
) -> None:
    pages = [
        browser.get(visiting.path),
        browser.post(visiting.path, data={"do": "times"}),
        browser.get("/v/nothing"),
    ]
    for page in pages:
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["x-robots-tag"].startswith("noindex")
        assert 'name="robots" content="noindex' in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", page.text)
        assert "set-cookie" not in page.headers
    assert browser.get("/").headers["cache-control"] == "no-cache"


def test_what_follows_links_to_preview_or_to_scan_them_spends_nothing(
    visiting: Visiting, browser: TestClient
) -> None:
    for _ in range(5):
        assert browser.get(visiting.path, headers={"user-agent": "preview-bot"}).status_code == 200
        assert browser.head(visiting.path).status_code == 200
    assert browser.get(f"{visiting.path}?do=cancel_sure&lang=en").status_code == 200
    assert visiting.visit.status == "booked"
    assert "Thank you" in browser.post(visiting.path, data={"do": "confirm"}).text
    assert visiting.visit.status == "confirmed"


def test_a_time_is_chosen_by_a_form_and_the_link_is_then_over_with_a_word_on_what_to_do(
    visiting: Visiting, browser: TestClient
) -> None:
    times = browser.post(visiting.path, data={"do": "times"}).text
    starts = re.findall(r'name="start" value="([^"]+)"', times)
    assert 2 <= len(starts) <= 3
    moved = browser.post(visiting.path, data={"do": "choose", "start": starts[0]}).text
    assert "It&#39;s yours" in moved
    assert visiting.visit.slot.start == datetime.fromisoformat(starts[0])
    again = browser.post(visiting.path, data={"do": "cancel_sure"})
    assert again.status_code == 410
    for page in (again, browser.get(visiting.path), browser.get("/v/" + "2" * 16)):
        assert page.status_code == 410
        assert "reply R to our last text, or call (212) 555-0100" in page.text
        assert "December" not in page.text
    assert visiting.visit.status == "booked"


@pytest.mark.parametrize("sent", [{}, {"do": "erase"}, {"do": ""}, {"do": "choose", "start": "<b>"}])
def test_a_form_that_no_page_of_ours_sends_changes_nothing(
    visiting: Visiting, browser: TestClient, sent: dict[str, str]
) -> None:
    assert browser.post(visiting.path, data=sent).status_code == 200
    assert visiting.visit.slot.start == visiting.start and visiting.visit.status == "booked"


def test_a_link_of_one_practice_opens_nothing_at_another(visiting: Visiting) -> None:
    with TestClient(visiting.public(), base_url="http://elm.example") as browser:
        assert browser.get(visiting.path).status_code == 410


def test_whoever_tries_many_links_is_asked_to_wait_and_holds_up_nobody_elses(
    visiting: Visiting, browser: TestClient
) -> None:
    answers = [browser.get(f"/v/{number:016d}") for number in range(linked_page.MOST_A_MINUTE + 1)]
    assert [each.status_code for each in answers[:-1]] == [410] * linked_page.MOST_A_MINUTE
    assert answers[-1].status_code == 429
    assert "(212) 555-0100" in answers[-1].text and answers[-1].headers["cache-control"] == "no-store"
    assert browser.get(visiting.path).status_code == 200
    visiting.stage.clock.ahead(linked_page.A_MINUTE)
    assert browser.get("/v/2222222222222222").status_code == 410


def test_one_link_is_not_pressed_without_end(visiting: Visiting, browser: TestClient) -> None:
    for _ in range(linked_page.MOST_A_MINUTE):
        assert browser.get(visiting.path).status_code == 200
    assert browser.post(visiting.path, data={"do": "cancel_sure"}).status_code == 429
    assert visiting.visit.status == "booked"
    visiting.stage.clock.ahead(linked_page.A_MINUTE)
    assert browser.get(visiting.path).status_code == 200


def test_without_links_there_is_no_such_page(visiting: Visiting) -> None:
    with TestClient(visiting.stage.public(), base_url="http://localhost") as browser:
        assert browser.get(visiting.path).status_code == 404


def test_the_rule_for_cancelling_late_is_said_once_before_the_yes_and_without_a_price(
    visiting: Visiting, browser: TestClient
) -> None:
    asked = {"do": "cancel"}
    assert "less than 24 hours" not in browser.post(visiting.path, data=asked).text
    visiting.stage.clock.ahead(timedelta(days=2))
    page = browser.post(visiting.path, data=asked).text
    assert "It is less than 24 hours away" in page and "charges nothing" in page
    assert "$" not in page and "75" not in page.replace("555", "")
    assert "Show me other times" in page

"""The page of the practice's papers: what it shows, to whom it tells nothing, and that looking changes nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from starlette.testclient import TestClient

from lamplighter.channels.web import packet_page
from lamplighter.channels.web.linked_page import A_MINUTE
from lamplighter.desk.links import PACKET_PATH, LinkMaker
from lamplighter.desk.packet_acts import PacketPages
from lamplighter.desk.ports import Fact, Message
from lamplighter.practice import packet
from tests.channels.web.stage import Stage
from tests.channels.web.visiting import NORA, Visiting


@dataclass
class Papers(Visiting):
    """Somebody who has a visit, and the link to the papers."""

    def __post_init__(self) -> None:
        super().__post_init__()
        stage, now = self.stage, self.stage.clock.now()
        maker, visit = LinkMaker("http://localhost", lambda: "k" * 64), self.visit
        message = Message("m2", "sms", NORA.number, "sms.packet", (), self.language, now, NORA.number)
        with stage.records.transaction(stage.practice.id) as tx:
            url = maker.packet_url(tx, stage.practice, message, visit, packet.version(stage.practice))
        assert url is not None
        self.path = PACKET_PATH + url.rpartition("/")[2]

    def public(self) -> object:
        pages = PacketPages(self.stage.records, self.stage.practices, self.stage.clock)
        return self.stage.public(links=self.links, papers=pages)

    def done(self) -> list[Fact]:
        with self.stage.records.transaction(self.stage.practice.id) as tx:
            return list(tx.facts.standing("packet_done"))

    def stored(self) -> object:
        with self.stage.records.transaction(self.stage.practice.id) as tx:
            return tx.facts.standing("packet_opened"), tx.facts.standing("packet_done")


@pytest.fixture
def papers() -> Papers:
    return Papers(Stage())


@pytest.fixture
def browser(papers: Papers) -> Iterator[TestClient]:
    with TestClient(papers.public(), base_url="http://localhost") as browser:  # type: ignore[arg-type]
        yield browser


def sent(page: str, paper: str, **more: str) -> dict[str, str]:
    """What the form of a paper sends."""
    form = page[page.index(f'name="paper" value="{paper}"') :]
    found = re.search(r'name="words" value="(\w+)"', form)
    assert found
    return {"do": "paper", "paper": paper, "words": found[1], "lang": "en", **more}


def opened(papers: Papers, browser: TestClient) -> str:
    return browser.post(papers.path, data={"do": "open", "lang": "en"}).text


def test_rule_32_the_first_page_lists_titles_under_the_neutral_name_and_names_nobody(
    papers: Papers, browser: TestClient
) -> None:
    page = browser.get(papers.path)
    assert page.status_code == 200 and "<title>HLC Office: A few papers to read</title>" in page.text
    assert "About our automated assistant" in page.text and "<textarea" not in page.text
    practice = papers.stage.practice
    inside = opened(papers, browser)
    for words in (
        "Nora",
        "Bell",
        practice.name,
        practice.clinicians[0].spoken_name,
        "December",
        "0143",
        "follow-up",
    ):
        assert words not in page.text and words not in inside, words


def test_a_get_opens_no_paper_and_stores_nothing_whoever_follows_the_link(
    papers: Papers, browser: TestClient
) -> None:
    before = papers.stored()
    for _ in range(5):
        page = browser.get(papers.path, headers={"user-agent": "preview-bot"})
        assert page.status_code == 200 and "Medicaid" not in page.text
        assert browser.head(papers.path).status_code == 200
    assert browser.get(f"{papers.path}?do=paper&paper=fees&tick=yes").status_code == 200
    assert papers.stored() == before


def test_aid_05_each_paper_is_done_by_a_form_of_its_own_until_the_page_says_thank_you(
    papers: Papers, browser: TestClient
) -> None:
    page = opened(papers, browser)
    assert "0 of 4 done" in page and "It is not a person and not a clinician" in " ".join(page.split())
    for number, paper in enumerate(("ai_notice", "policies", "fees", "releases"), 1):
        answer = browser.post(papers.path, data=sent(page, paper, tick="yes"), follow_redirects=False)
        assert answer.status_code == 303 and answer.headers["referrer-policy"] == "no-referrer"
        page = browser.get(papers.path).text
        assert f"{number} of 4 done" in page
    assert "Everything is done, thank you" in page
    assert [dict(each.details)["how"] for each in reversed(papers.done())] == [
        "read",
        "agreed",
        "agreed",
        "read",
    ]
    assert browser.post(papers.path, data=sent(page, "messages", tick="yes")).status_code == 200
    assert len(papers.done()) == 5


def test_nothing_is_agreed_to_without_its_tick_or_in_other_words(papers: Papers, browser: TestClient) -> None:
    page = opened(papers, browser)
    untold = browser.post(papers.path, data=sent(page, "fees"))
    assert untold.status_code == 422 and "Tick the box first" in untold.text
    forms: tuple[dict[str, str], ...] = (
        {}, {"do": "paper"}, {"do": "erase"}, {**sent(page, "fees", tick="yes"), "words": "0" * 16},
        {**sent(page, "fees", tick="yes"), "paper": "policies"}, sent(page, "fees", tick="no"),
    )  # fmt: skip
    for form in forms:
        browser.post(papers.path, data=form)
    assert papers.done() == []


def test_it_is_in_the_language_of_the_message_until_another_is_picked() -> None:
    papers = Papers(Stage(), language="es")
    with TestClient(papers.public(), base_url="http://localhost") as browser:  # type: ignore[arg-type]
        page = browser.get(papers.path, headers={"accept-language": "en"}).text
        assert '<html lang="es">' in page and "Sobre nuestro asistente automático" in page
        assert "About our automated assistant" in browser.get(papers.path + "?lang=en").text
        browser.post(papers.path, data={"do": "open", "lang": "es"})
        assert "No es una persona" in browser.get(papers.path).text


def test_the_pages_of_the_papers_are_kept_and_indexed_nowhere(papers: Papers, browser: TestClient) -> None:
    for page in (browser.get(papers.path), browser.get("/p/nothing"), browser.post(papers.path)):
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["x-robots-tag"].startswith("noindex")
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "set-cookie" not in page.headers


def test_a_link_that_is_none_or_is_another_practices_opens_nothing(
    papers: Papers, browser: TestClient
) -> None:
    for path in ("/p/" + "2" * 16, "/p/nothing", papers.path.replace("/p/", "/v/")):
        page = browser.get(path)
        assert page.status_code == 410 and "(212) 555-0100" in page.text
        assert browser.post(path, data={"do": "open"}).status_code == 410
    with TestClient(papers.public(), base_url="http://elm.example") as other:  # type: ignore[arg-type]
        assert other.get(papers.path).status_code == 410


def test_whoever_tries_many_links_waits_and_one_link_is_not_pressed_without_end(
    papers: Papers, browser: TestClient
) -> None:
    codes = [browser.get(f"/p/{number:016d}").status_code for number in range(41)]
    assert codes == [410] * 40 + [429]
    for _ in range(packet_page.MOST_OF_ONE):
        assert browser.get(papers.path).status_code == 200
    assert browser.post(papers.path, data={"do": "open"}).status_code == 429
    papers.stage.clock.ahead(A_MINUTE)
    assert browser.get(papers.path).status_code == 200


def test_aid_05_the_notice_hangs_where_anybody_reads_it_in_both_languages(browser: TestClient) -> None:
    page = browser.get("/ai-notice", headers={"accept-language": "en"}).text
    assert "It is not a person and not a clinician" in " ".join(page.split()) and "(212) 555-0100" in page
    assert "No es una persona" in browser.get("/ai-notice?lang=es").text
    assert 'href="/ai-notice"' in browser.get("/").text
    assert "Draft words" in page

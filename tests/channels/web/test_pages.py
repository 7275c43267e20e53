import re
from collections.abc import Iterator
from html import unescape

import pytest
from starlette.testclient import TestClient

from lamplighter.channels.web.site import Demo
from lamplighter.channels.web.words import FOLDER, all_words
from tests.channels.web.stage import Stage

PAGES = ("/", "/chat", "/text", "/call")


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage()


@pytest.fixture
def browser(stage: Stage) -> Iterator[TestClient]:
    with TestClient(stage.public(), base_url="http://localhost") as browser:
        yield browser


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("language", "emergency"), [("en-US,en;q=0.9", "call 911"), ("es-MX", "llame al 911")]
)
def test_every_page_says_in_the_readers_language_that_it_is_automated_and_no_emergency_line(
    browser: TestClient, page: str, language: str, emergency: str
) -> None:
    text = browser.get(page, headers={"accept-language": language}).text
    words = all_words()[language[:2]]
    assert f'<html lang="{language[:2]}">' in text
    assert emergency in text
    assert "988" in text
    assert words("assistant") in text


@pytest.mark.parametrize("page", PAGES)
def test_a_page_loads_nothing_from_elsewhere_and_holds_no_script(browser: TestClient, page: str) -> None:
    answer = browser.get(page)
    assert "'unsafe" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", answer.text)
    assert not re.search(r"<script(?![^>]*(?:src=|application/json))", answer.text)
    assert " style=" not in answer.text
    assert " onclick=" not in answer.text


def test_the_first_page_shows_what_to_try_and_the_invented_patients(browser: TestClient) -> None:
    text = browser.get("/").text
    assert "Nora Bell" in text
    assert "February 3, 1990" in text
    assert "(212) 555-0143" in text
    assert "Make a first appointment in one breath" in text
    assert "link printed in the terminal" in text


def test_the_chat_can_be_left_at_once_and_can_then_not_be_opened_again(browser: TestClient) -> None:
    page, script = browser.get("/chat").text, browser.get("/static/talk.js").text
    assert re.search(
        r'<button[^>]*data-leave="https://[^"]+"[^>]*>' + re.escape(all_words()["en"]("leave")), page
    )
    leaving = script[script.index("function go()") :].partition("}")[0]
    assert leaving.index("ticket.drop()") < leaving.index("location.replace")


def test_draft_words_are_called_draft(browser: TestClient) -> None:
    assert all_words()["en"]("draft") in browser.get("/chat").text


def test_a_picked_language_stays_picked(browser: TestClient) -> None:
    answer = browser.post("/language/es", data={"back": "/chat"})
    assert answer.url.path == "/chat"
    assert '<html lang="es">' in browser.get("/").text


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "\r\nx"]
)
def test_the_way_back_leads_nowhere_else(browser: TestClient, back: str) -> None:
    answer = browser.post("/language/es", data={"back": back}, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_a_language_that_we_have_not_changes_nothing(browser: TestClient) -> None:
    answer = browser.post("/language/xx", data={"back": "/"}, follow_redirects=False)
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("header", ["", "*", "xx", ",;,;q=", "en;q=nan", "q=1," * 500, "es;q=0.1,en;q=0.9"])
def test_odd_language_headers_end_at_a_language(browser: TestClient, header: str) -> None:
    assert '<html lang="en">' in browser.get("/", headers={"accept-language": header}).text


def test_every_language_has_the_same_words_with_the_same_blanks() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(all_words())
    blanks = {
        locale: {
            key: sorted(re.findall(r"\{(\w+)\}", text)) for key, text in words.plain(*words.keys()).items()
        }
        for locale, words in all_words().items()
    }
    assert all(each == blanks["en"] for each in blanks.values())


@pytest.mark.parametrize("host", ["elsewhere.example", "", "demo", "127.0.0.2", "x" * 5000])
def test_a_host_of_nobodys_gets_a_clear_answer(stage: Stage, host: str) -> None:
    browser = TestClient(stage.public(), base_url="http://localhost")
    answer = browser.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert all_words()["en"]("nobody_here") in answer.text


def test_an_address_with_nothing_behind_it_says_so(browser: TestClient) -> None:
    answer = browser.get("/nothing/here")
    assert answer.status_code == 404
    assert all_words()["en"]("not_found") in answer.text


def test_without_a_demonstration_there_is_no_telephone_to_pick(stage: Stage) -> None:
    browser = TestClient(stage.public(demo=None), base_url="http://localhost")
    assert browser.get("/text").status_code == 404
    assert browser.post("/tomorrow").status_code == 404
    assert "Nora Bell" not in browser.get("/").text
    assert "data-from" not in browser.get("/call").text


def test_playing_a_caller_begins_the_one_that_was_picked(stage: Stage, browser: TestClient) -> None:
    answer = browser.post("/play", data={"which": "late"})
    assert stage.played[-1] == "late"
    assert all_words()["en"]("done_play") in answer.text


def test_a_caller_that_is_not_on_the_list_is_not_played(stage: Stage, browser: TestClient) -> None:
    before = list(stage.played)
    browser.post("/play", data={"which": "../../etc/passwd"})
    assert stage.played == before


def test_a_button_that_fails_says_so_and_tells_nothing_more(stage: Stage) -> None:
    def fail(_: str | None) -> None:
        raise RuntimeError("secret detail")

    browser = TestClient(stage.public(demo=Demo(play=fail)), base_url="http://localhost")
    text = unescape(browser.post("/play").text)
    assert all_words()["en"]("not_done") in text
    assert "secret detail" not in text


def test_another_site_cannot_press_the_buttons(browser: TestClient) -> None:
    answer = browser.post("/tomorrow", headers={"origin": "https://elsewhere.example"})
    assert answer.status_code == 403


def test_the_call_page_says_how_far_speech_is_and_what_to_type(stage: Stage, browser: TestClient) -> None:
    assert browser.get("/speech").json()["state"] == "absent"
    stage.speech.installing(30, 120)
    assert browser.get("/speech").json() == {"state": "installing", "percent": 25, "remedy": None}
    stage.speech.absent("sudo apt-get install espeak-ng")
    assert browser.get("/speech").json()["remedy"] == "sudo apt-get install espeak-ng"


@pytest.mark.parametrize("phone", ["", "x", "19175550" + "243", "%00", "+", "1" * 400])
def test_a_telephone_that_could_be_somebodys_is_not_on_the_screen(browser: TestClient, phone: str) -> None:
    text = browser.get(f"/text?phone={phone}").text
    assert re.search(r'data-number="\+1917555\d{4}"', text)


@pytest.mark.parametrize("path", ["/language/es", "/play", "/tomorrow"])
@pytest.mark.parametrize("announced", [True, False])
def test_a_body_that_is_too_long_is_refused_with_a_reason(
    browser: TestClient, path: str, announced: bool
) -> None:
    body = b"back=" + b"a" * 100_000
    sent = body if announced else iter([body[:50_000], body[50_000:]])
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = browser.post(path, content=sent, headers=form)
    assert answer.status_code == 413
    assert all_words()["en"]("too_long", limit="8,000") in unescape(answer.text)

import re
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from starlette.testclient import TestClient

from lamplighter.console.access import COOKIE
from lamplighter.conversation import events as e
from lamplighter.conversation.details import Errand
from lamplighter.desk.ports import Message, Task
from tests.channels.web.stage import Stage, served

HOST = "http://127.0.0.1:8301"
CRISIS = "I want to kill myself tonight"


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def browser(stage: Stage) -> Iterator[TestClient]:
    with TestClient(stage.staff(), base_url=HOST) as browser:
        yield browser


def token_in(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found.group(1)


def sign_in(stage: Stage, browser: TestClient, name: str = "Front desk") -> str:
    """Opens the desk as somebody; gives the token of its forms."""
    page = browser.post(stage.access.new_link(HOST)).text
    home = browser.post("/who", data={"csrf": token_in(page), "name": name}).text
    return token_in(home)


def chat(stage: Stage, *words: str) -> str:
    practice = stage.practice
    contact = stage.contacts.open(practice.id, channel="chat", dialled=practice.phone, address=None).contact
    for text in words:
        stage.contacts.hear(practice.id, contact, text)
    return contact


def log(stage: Stage, contact: str) -> list[e.Body]:
    with stage.records.transaction(stage.practice.id) as tx:
        return [event.body for event in tx.log.read(contact)]


def test_the_link_opens_the_desk_once_for_one_browser(stage: Stage, browser: TestClient) -> None:
    link = stage.access.new_link(HOST)
    first = browser.post(link)
    assert first.status_code == 200
    assert "Who is at the desk?" in first.text
    cookie = first.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    other = TestClient(stage.staff(), base_url=HOST)
    for second in (other.post(link), other.get(link)):
        assert second.status_code == 410
        assert "opened before" in second.text


def test_whatever_looks_at_the_link_before_its_owner_does_not_use_it_up(
    stage: Stage, browser: TestClient
) -> None:
    link = stage.access.new_link(HOST)
    for _ in range(3):
        preview = browser.get(link)
        assert preview.status_code == 200
        assert "set-cookie" not in preview.headers
        assert browser.head(link).status_code == 200
    assert "Who is at the desk?" in browser.post(link).text


@pytest.mark.parametrize("address", ["/", "/live"])
def test_without_the_link_there_is_nothing_to_see(stage: Stage, browser: TestClient, address: str) -> None:
    chat(stage, "my name is Nora Quill")
    answer = browser.get(address)
    assert answer.status_code == 403
    assert "Quill" not in answer.text
    assert "link that is printed" in answer.text


def test_a_wrong_link_gets_a_clear_page(browser: TestClient) -> None:
    for answer in (browser.get("/open/" + "x" * 43), browser.post("/open/" + "x" * 43)):
        assert answer.status_code == 404
        assert "doesn&#39;t open anything" in answer.text


def test_a_made_up_session_is_none(browser: TestClient) -> None:
    browser.cookies.set(COOKIE, "x" * 43, domain="127.0.0.1")
    assert browser.get("/").status_code == 403


@pytest.mark.parametrize(
    "host",
    ["elsewhere.example", "127.0.0.1.elsewhere.example", "", "10.0.0.1:8301", "harborlane.example:8301"],
)
def test_a_name_that_was_made_to_lead_here_gets_nothing(stage: Stage, browser: TestClient, host: str) -> None:
    sign_in(stage, browser)
    answer = browser.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "Contacts" not in answer.text


def test_a_form_from_another_page_changes_nothing(stage: Stage, browser: TestClient) -> None:
    csrf, contact = sign_in(stage, browser), chat(stage, "hello")
    before = log(stage, contact)
    for data, headers in (
        ({"csrf": csrf}, {"origin": "https://elsewhere.example"}),
        ({"csrf": csrf}, {"sec-fetch-site": "cross-site"}),
        ({"csrf": "wrong"}, {}),
        ({}, {}),
    ):
        answer = browser.post(f"/contacts/{contact}/take", data=data, headers=headers)
        assert answer.status_code == 403
    assert log(stage, contact) == before


def test_whoever_has_not_proven_who_they_are_can_do_nothing(stage: Stage) -> None:
    browser = TestClient(stage.staff(trying=False), base_url=HOST)
    csrf = token_in(browser.post(stage.access.new_link(HOST)).text)
    contact = chat(stage, "hello")
    assert browser.post(f"/contacts/{contact}/take", data={"csrf": csrf}).status_code == 403
    assert browser.get("/live").status_code == 403
    assert browser.get("/").status_code == 403
    assert not any(isinstance(body, e.FloorTaken) for body in log(stage, contact))


def test_every_contact_is_on_the_page(stage: Stage, browser: TestClient) -> None:
    sign_in(stage, browser)
    contacts = [chat(stage, f"hello number {n}") for n in range(3)]
    page = browser.get("/").text
    for n, contact in enumerate(contacts):
        assert f'id="card-{contact}"' in page
        assert f"hello number {n}" in page


def test_taking_the_floor_silences_the_agent_and_giving_it_back_lets_it_go_on(
    stage: Stage, browser: TestClient
) -> None:
    csrf, contact = sign_in(stage, browser), chat(stage, "hello")
    answer = browser.post(f"/contacts/{contact}/take", data={"csrf": csrf})
    assert answer.status_code == 200
    assert "Write to" in answer.text
    stage.contacts.hear(stage.practice.id, contact, "what are your hours?")
    assert [type(body) for body in log(stage, contact)[-2:]] == [e.Heard, e.Guarded]
    browser.post(f"/contacts/{contact}/give", data={"csrf": csrf})
    assert any(isinstance(body, e.Said) for body in log(stage, contact)[-3:])


def test_sco_05_the_floor_is_given_back_with_an_errand_by_whoever_has_it_alone(
    stage: Stage, browser: TestClient
) -> None:
    csrf, contact = sign_in(stage, browser), chat(stage, "hello")
    give = {"csrf": csrf, "text": "move"}
    assert browser.post(f"/contacts/{contact}/give", data=give).status_code == 409
    page = browser.post(f"/contacts/{contact}/take", data={"csrf": csrf}).text
    assert "Give it back with:" in page and "Move a visit" in page
    assert browser.post(f"/contacts/{contact}/give", data=give | {"text": "person"}).status_code == 422
    shown = browser.post(f"/contacts/{contact}/give", data=give).text
    assert "Front desk gave the floor back, to go on with: Move a visit" in shown
    assert e.ErrandGiven("Front desk", Errand.MOVE) in log(stage, contact)


def test_sco_05_no_errand_is_taken_up_while_danger_is_open(stage: Stage, browser: TestClient) -> None:
    csrf, contact = sign_in(stage, browser), chat(stage, "I want to kill myself")
    page = browser.post(f"/contacts/{contact}/take", data={"csrf": csrf}).text
    assert "Give it back with:" not in page
    refused = browser.post(f"/contacts/{contact}/give", data={"csrf": csrf, "text": "move"})
    assert refused.status_code == 409 and "The assistant can&#39;t take that up" in refused.text
    assert not any(isinstance(body, e.FloorGiven) for body in log(stage, contact))


def test_a_reply_is_said_under_the_name_of_who_has_the_floor(stage: Stage, browser: TestClient) -> None:
    csrf, contact = sign_in(stage, browser), chat(stage, "hello")
    browser.post(f"/contacts/{contact}/take", data={"csrf": csrf})
    answer = browser.post(
        f"/contacts/{contact}/say", data={"csrf": csrf, "text": "Hi, Rosa here."}, headers={"x-quiet": "1"}
    )
    assert answer.status_code == 204
    assert log(stage, contact)[-1] == e.StaffSaid("Front desk", "Hi, Rosa here.")


def test_without_the_floor_nobody_speaks(stage: Stage, browser: TestClient) -> None:
    csrf, contact = sign_in(stage, browser), chat(stage, "hello")
    stage.contacts.note(stage.practice.id, contact, e.FloorTaken("Dr. Osei"))
    answer = browser.post(f"/contacts/{contact}/say", data={"csrf": csrf, "text": "Hi."})
    assert answer.status_code == 409
    assert not any(isinstance(body, e.StaffSaid) for body in log(stage, contact))


@pytest.mark.parametrize(
    ("text", "status"), [("", 422), ("   ", 422), ("\x00", 422), ("a" * 2001, 413), ("b" * 60_000, 413)]
)
def test_a_reply_that_is_none_or_too_long_is_refused(
    stage: Stage, browser: TestClient, text: str, status: int
) -> None:
    csrf, contact = sign_in(stage, browser), chat(stage, "hello")
    browser.post(f"/contacts/{contact}/take", data={"csrf": csrf})
    answer = browser.post(f"/contacts/{contact}/say", data={"csrf": csrf, "text": text})
    assert answer.status_code == status
    assert "2,000" in answer.text or "2000" in answer.text


def test_accepting_a_hand_over_ends_the_ringing_and_gives_the_floor(
    stage: Stage, browser: TestClient
) -> None:
    csrf, contact = sign_in(stage, browser), chat(stage, "I want to talk to a person please")
    stage.run_due()
    assert "Ringing front desk" in browser.get("/").text
    browser.post(f"/contacts/{contact}/accept", data={"csrf": csrf})
    state = stage.contacts.state(stage.practice.id, contact)
    assert state.floor == "Front desk"
    assert state.handoff is not None
    assert state.handoff.status == "accepted"


def test_whoever_accepts_second_is_told_who_has_it_and_changes_nothing(
    stage: Stage, browser: TestClient
) -> None:
    csrf, contact = sign_in(stage, browser), chat(stage, "I want to talk to a person please")
    stage.run_due()
    stage.handoffs.answered(stage.practice.id, contact, 0, "front_desk", "Rosa <b>", "accepted")
    before = log(stage, contact)
    answer = browser.post(f"/contacts/{contact}/accept", data={"csrf": csrf})
    assert answer.status_code == 409
    assert "<h1>Rosa &lt;b&gt; has it</h1>" in answer.text
    assert log(stage, contact) == before
    assert stage.contacts.state(stage.practice.id, contact).floor == "Rosa <b>"


def test_an_open_page_keeps_the_floor_of_whoever_it_belongs_to(stage: Stage, browser: TestClient) -> None:
    csrf, contact = sign_in(stage, browser), chat(stage, "hello")
    browser.post(f"/contacts/{contact}/take", data={"csrf": csrf})

    def floor_after(minutes: int) -> str | None:
        stage.clock.ahead(timedelta(minutes=minutes))
        stage.run_due()
        return stage.contacts.state(stage.practice.id, contact).floor

    assert floor_after(14) == "Front desk"
    with (
        served(stage.staff()) as address,
        httpx.Client(base_url=address, cookies=dict(browser.cookies), timeout=120) as page,
        page.stream("GET", "/live") as stream,
    ):
        next(stream.iter_lines())
    assert floor_after(14) == "Front desk"
    assert floor_after(20) is None


def test_a_contact_that_has_ended_shows_that_its_words_are_forgotten(
    stage: Stage, browser: TestClient
) -> None:
    sign_in(stage, browser)
    contact = chat(stage, "a first appointment, my name is Nora Quill")
    assert "my name is Nora Quill" in browser.get(f"/?contact={contact}").text
    stage.contacts.hang_up(stage.practice.id, contact)
    stage.run_due()
    page = browser.get(f"/?contact={contact}").text
    assert "my name is Nora Quill" not in page
    assert "Words forgotten" in page
    assert "First appointment" in page


def test_declining_rings_the_next_at_once(stage: Stage, browser: TestClient) -> None:
    csrf, contact = sign_in(stage, browser), chat(stage, "I want to talk to a person please")
    stage.run_due()
    browser.post(f"/contacts/{contact}/decline", data={"csrf": csrf})
    assert [ring.rung for ring in stage.bells.rung] == ["front_desk", "office_manager"]


@pytest.mark.parametrize(("act", "how"), [("handled", "handled"), ("not-needed", "not_needed")])
def test_a_hand_over_is_closed_with_one_click(stage: Stage, browser: TestClient, act: str, how: str) -> None:
    csrf, contact = sign_in(stage, browser), chat(stage, "I want to talk to a person please")
    stage.run_due()
    for _ in range(2):
        browser.post(f"/contacts/{contact}/{act}", data={"csrf": csrf})
    assert [body for body in log(stage, contact) if isinstance(body, e.HandoffClosed)] == [
        e.HandoffClosed("Front desk", how)
    ]  # type: ignore[arg-type]


def test_whoever_leaves_gives_their_floors_back(stage: Stage, browser: TestClient) -> None:
    csrf, contact = sign_in(stage, browser), chat(stage, "hello")
    browser.post(f"/contacts/{contact}/take", data={"csrf": csrf})
    browser.post("/leave", data={"csrf": csrf})
    assert stage.contacts.state(stage.practice.id, contact).floor is None
    assert browser.get("/").status_code == 403


def test_in_a_demonstration_whoever_left_comes_back_with_a_click(stage: Stage, browser: TestClient) -> None:
    csrf = sign_in(stage, browser)
    assert "Open the desk again" in browser.post("/leave", data={"csrf": csrf}).text
    assert "Contacts" in browser.post("/again").text
    assert TestClient(stage.staff(), base_url=HOST).post("/again").status_code == 403


def test_the_page_never_names_a_kind_of_distress_or_a_level(stage: Stage, browser: TestClient) -> None:
    sign_in(stage, browser)
    chat(stage, CRISIS)
    stage.run_due()
    page = browser.get("/").text
    assert "A person now" in page
    assert CRISIS not in page
    assert "Kept for clinical roles" in page
    without_our_words = re.sub(
        r'<p class="words.*?</p>|<span class="said">.*?</span>', "", page, flags=re.DOTALL
    )
    assert not re.search(r"crisis|suicid|severity|score|risk|urgent|guard", without_our_words, re.IGNORECASE)


def test_a_clinician_sees_the_words_that_were_kept(stage: Stage, browser: TestClient) -> None:
    sign_in(stage, browser, "Dr. Osei")
    chat(stage, CRISIS)
    assert CRISIS in browser.get("/").text


def test_tasks_messages_and_visits_stand_beside(stage: Stage, browser: TestClient) -> None:
    csrf = sign_in(stage, browser)
    now = stage.clock.now()
    with stage.records.transaction(stage.practice.id) as tx:
        tx.tasks.add(
            Task(
                "t1",
                "callback",
                "desk",
                now + timedelta(hours=3),
                details=(("first_name", "June"), ("phone", "+12125550145")),
            )
        )
        args = {
            "sender": "HLC Office",
            "practice_phone": stage.practice.phone,
            "code": "987654",
            "day": now.isoformat(),
            "clock": now.isoformat(),
        }
        wanted = stage.phrasebook.phrase("en", "sms.code").arguments
        tx.outbox.add(
            Message(
                "m1",
                "sms",
                "+12125550145",
                "sms.code",
                tuple((k, args[k]) for k in sorted(wanted)),
                "en",
                now,
            )
        )
    page = browser.get("/").text
    assert "June" in page
    assert "(212) 555-0145" in page
    assert "987654" not in page
    browser.post("/tasks/t1/done", data={"csrf": csrf})
    with stage.records.transaction(stage.practice.id) as tx:
        assert tx.tasks.list_open() == ()
        task = tx.tasks.get("t1")
    assert task is not None
    assert task.done_by == "Front desk"


@pytest.mark.parametrize("contact", ["nobody", "x" * 3000, "%2e%2e%2f", "<script>alert(1)</script>", "💡"])
def test_a_contact_that_is_not_here_gets_a_clear_answer(
    stage: Stage, browser: TestClient, contact: str
) -> None:
    csrf = sign_in(stage, browser)
    page = browser.get("/", params={"contact": contact})
    assert page.status_code == 200
    assert "There is no such contact" in page.text
    assert "<script>alert" not in page.text
    assert browser.post("/contacts/nobody/take", data={"csrf": csrf}).status_code == 404


def test_what_a_caller_writes_is_shown_and_never_run(stage: Stage, browser: TestClient) -> None:
    sign_in(stage, browser)
    chat(
        stage,
        'A first visit please <img src=x onerror=alert(1)> <hx-partial hx-target="body">gone</hx-partial>',
    )
    page = browser.get("/").text
    assert "<img src=x" not in page
    assert "<hx-partial" not in page
    assert "&lt;img" in page


def test_the_page_lets_nothing_be_kept_or_loaded_from_elsewhere(stage: Stage, browser: TestClient) -> None:
    sign_in(stage, browser)
    answer = browser.get("/")
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", answer.text)


def test_an_act_that_there_is_not_does_nothing(stage: Stage, browser: TestClient) -> None:
    csrf, contact = sign_in(stage, browser), chat(stage, "hello")
    before = log(stage, contact)
    assert browser.post(f"/contacts/{contact}/delete", data={"csrf": csrf}).status_code == 404
    assert log(stage, contact) == before


def test_a_jump_of_the_practices_clock_ends_nobodys_shift(stage: Stage, browser: TestClient) -> None:
    sign_in(stage, browser)
    stage.clock.ahead(timedelta(days=3))
    assert browser.get("/").status_code == 200

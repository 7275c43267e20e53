"""Two practices of one deployment: what belongs to one can be reached neither from the other's pages nor its desk."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from lamplighter.conversation import events as e
from tests.channels.web.lines import line_to, said
from tests.channels.web.stage import OTHER_HOST, Stage, served
from tests.console.test_staff_page import HOST, log, sign_in

PHONE = "+19175550171"


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def address(stage: Stage) -> Iterator[str]:
    with served(stage.public()) as address:
        yield address


def test_each_host_shows_its_own_practice(stage: Stage) -> None:
    pages = {
        host: TestClient(stage.public(), base_url=f"http://{host}").get("/chat").text
        for host in ("localhost", OTHER_HOST)
    }
    assert "Elm Street" in pages[OTHER_HOST]
    assert "Harbor Lane" not in pages[OTHER_HOST]
    assert "Elm Street" not in pages["localhost"]


def test_a_chat_cannot_be_opened_from_another_practices_page(address: str) -> None:
    with line_to(address, "/chat/line") as line:
        line.send(type="hello", ticket=None)
        ticket = line.until("hello")["ticket"]
    with line_to(address, "/chat/line", host=OTHER_HOST) as line:
        line.send(type="hello", ticket=ticket)
        assert line.until("error")["code"] == "not_yours"


def test_a_telephone_has_a_thread_with_each_practice(address: str) -> None:
    with line_to(address, "/text/line") as line:
        line.send(type="hello", number=PHONE)
        line.say("What are your hours?")
        line.until_said("9 AM")
    with line_to(address, "/text/line", host=OTHER_HOST) as line:
        line.send(type="hello", number=PHONE)
        assert said(line.until("entries")) == []


def test_the_desk_of_one_practice_neither_sees_nor_touches_the_others_contacts(stage: Stage) -> None:
    contact = stage.contacts.open(
        stage.practice.id, channel="chat", dialled=stage.practice.phone, address=None
    ).contact
    with TestClient(stage.staff(stage.other), base_url=HOST) as desk:
        csrf = sign_in(stage, desk)
        assert contact not in desk.get("/").text
        assert "There is no such contact" in desk.get("/", params={"contact": contact}).text
        assert desk.post(f"/contacts/{contact}/take", data={"csrf": csrf}).status_code == 404
    assert not any(isinstance(body, e.FloorTaken) for body in log(stage, contact))

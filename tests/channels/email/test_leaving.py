"""An address that is taken off at one click, and only by whoever has a message of ours."""

import httpx
import pytest
from starlette.responses import PlainTextResponse

from lamplighter.channels.email.leaving import LeavingDoor, address_of
from tests.channels.email.mails import ADDRESS, Writer, writer


@pytest.fixture
def them() -> Writer:
    return writer()


async def asked(them: Writer, method: str, path: str) -> httpx.Response:
    house = them.house
    door = LeavingDoor(
        PlainTextResponse("the public pages"),
        house.store,
        {"demo": house.practice},
        house.clock,
        lambda _: house.conversation.phrasebook,
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=door), base_url="https://desk.example"
    ) as to:
        return await to.request(
            method, path, data={"List-Unsubscribe": "One-Click"} if method == "POST" else None
        )


def is_off(them: Writer) -> bool:
    with them.house.store.transaction("demo") as tx:
        return bool(tx.facts.standing("opted_out", f"number/{ADDRESS}"))


def way(them: Writer) -> str:
    found = address_of("https://desk.example/", "demo", them.got().id)
    assert found is not None
    return found.removeprefix("https://desk.example")


async def test_prv_04_one_click_of_a_mail_program_takes_the_address_off(them: Writer) -> None:
    answer = await asked(them, "POST", way(them))
    assert answer.status_code == 200 and is_off(them)
    assert "HLC Office" in answer.text and "(212) 555-0100" in answer.text


async def test_looking_changes_nothing_and_shows_nothing_of_anybody(them: Writer) -> None:
    answer = await asked(them, "GET", way(them))
    assert answer.status_code == 200 and not is_off(them) and "<button>" in answer.text
    assert "Rosalind" not in answer.text and ADDRESS not in answer.text and "December" not in answer.text
    assert (
        answer.headers["cache-control"] == "no-store" and answer.headers["referrer-policy"] == "no-referrer"
    )


@pytest.mark.parametrize("path", ["/mail/leave/demo/0123", "/mail/leave/other/0123", "/mail/leave/"])
async def test_whoever_has_no_message_of_ours_finds_nothing(them: Writer, path: str) -> None:
    for method in ("GET", "POST"):
        assert (await asked(them, method, path)).status_code == 404
    assert not is_off(them)


async def test_everything_else_goes_on_to_the_public_pages(them: Writer) -> None:
    assert (await asked(them, "GET", "/")).text == "the public pages"


def test_no_mail_program_is_sent_where_the_way_is_not_sealed() -> None:
    assert address_of("http://desk.example", "demo", "m1") is None and address_of(None, "demo", "m1") is None

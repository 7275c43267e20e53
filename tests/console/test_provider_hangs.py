"""An identity provider that takes every connection and answers none."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from lamplighter.connectors.oidc import OpenIdProvider
from tests.channels.web.stage import Stage
from tests.console.people import HOST


async def ten_sign_in(stage: Stage, silent: socket.socket) -> list[httpx.Response]:
    """All at once, where the desk has one thread: by it the last two are hung up on, once eight are answered."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    door = httpx.ASGITransport(stage.staff(trying=False))
    async with httpx.AsyncClient(transport=door, base_url=HOST) as browser:
        asked = {asyncio.create_task(browser.get("/sign-in/provider")) for _ in range(10)}
        waiting = asked
        async with asyncio.timeout(20):
            while len(waiting) > 2:
                _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.to_thread(hang_up_on, silent, 2)
        return await asyncio.gather(*asked)


def hang_up_on(silent: socket.socket, how_many: int) -> None:
    for _ in range(how_many):
        connection, _ = silent.accept()
        connection.close()


def test_a_provider_that_never_answers_holds_two_threads_of_its_own_and_none_of_the_desks(
    stage: Stage,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(30)
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        stage.provider = OpenIdProvider(address, "the-desk", "", "Our provider", deadline=30)
        answers = asyncio.run(ten_sign_in(stage, silent))
        assert {answer.status_code for answer in answers} == {503}
        assert all("Our provider can&#39;t be reached" in answer.text for answer in answers)
        silent.setblocking(False)
        with pytest.raises(BlockingIOError):
            silent.accept()

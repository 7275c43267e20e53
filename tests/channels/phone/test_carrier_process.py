"""`lamplighter telephone` with a carrier's line, from outside: killed in the middle of a call, and begun anew."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from lamplighter.channels.phone.carriers.our_lines import OurLine, OurLines
from lamplighter.channels.phone.standins.far_end import FarEnd
from lamplighter.channels.phone.standins.twilio import TwilioCallsStandIn
from lamplighter.conversation import events as e
from tests.channels.phone.by_carrier import ACCOUNT, NUMBER, SECRET, bound, served
from tests.channels.phone.lines import CALLER, PATIENCE, ROOT, desk_at, held_at, short_folder, until

pytestmark = pytest.mark.slow
PHRASE = b"\x14\x01" * 960


class Twilio:
    """The stand-in on a loop of its own."""

    def __init__(self, voice: str) -> None:
        self.loop, self._voice = asyncio.new_event_loop(), voice
        self.socket = bound()
        self.api = f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    @contextmanager
    def running(self) -> Iterator["Twilio"]:
        async def run() -> None:
            self.standin = TwilioCallsStandIn(ACCOUNT, SECRET, self._voice)
            self.server = served(self.standin.app, self.socket)
            await self.server.open.wait()
            ready.set()
            await self.server.serving  # type: ignore[attr-defined]
            await self.standin.close()

        ready = threading.Event()
        thread = threading.Thread(target=self.loop.run_until_complete, args=(run(),), daemon=True)
        thread.start()
        assert ready.wait(PATIENCE)
        try:
            yield self
        finally:
            self.server.should_exit = self.server.force_exit = True
            thread.join(PATIENCE)
            self.loop.close()

    def do(self, what: Any, *about: Any) -> Any:
        async def there() -> Any:
            done = what(*about)
            return await done if asyncio.iscoroutine(done) else done

        return asyncio.run_coroutine_threadsafe(there(), self.loop).result(PATIENCE)

    def call_in(self) -> FarEnd:
        end: FarEnd = self.do(self.standin.call_in, NUMBER, CALLER)
        return end


@contextmanager
def the_telephone(folder: Path, port: int, api: str) -> Iterator["subprocess.Popen[bytes]"]:
    line = {
        "kind": "twilio", "account": ACCOUNT, "number": NUMBER, "api": api, "listen": f"127.0.0.1:{port}",
        "public_address": f"http://127.0.0.1:{port}",
    }  # fmt: skip
    environment = {
        **os.environ,
        "LAMPLIGHTER_DATA": str(folder),
        "LAMPLIGHTER_TELEPHONE": json.dumps(line),
        "LAMPLIGHTER_TELEPHONE_PASSWORD": SECRET,
        "PYTHONPATH": str(ROOT / "src"),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "lamplighter.cli", "telephone"], env=environment, cwd=folder
    )
    try:
        until((folder / "telephone" / "socket").exists, "the telephone's socket")
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)


def engine_of(supervisor: "subprocess.Popen[bytes]") -> int:
    children = Path(f"/proc/{supervisor.pid}/task/{supervisor.pid}/children").read_text()
    return int((children.split() or ["0"])[0])


def free_tcp_port() -> int:
    with bound() as probe:
        return int(probe.getsockname()[1])


def test_a_telephone_process_that_is_killed_owes_a_call_back_and_its_line_is_answered_again() -> None:
    with short_folder() as folder, ExitStack() as standing:
        port = free_tcp_port()
        held_at(folder / "telephone", PHRASE)
        OurLines(folder / "telephone", everybody=OurLine(may_carry=True)).keep(
            {NUMBER: OurLine(may_carry=True)}
        )
        twilio = standing.enter_context(Twilio(f"http://127.0.0.1:{port}/telephone/voice").running())
        process = standing.enter_context(the_telephone(folder, port, twilio.api))
        socket = folder / "telephone" / "socket"
        with desk_at(socket) as desk:
            end = twilio.call_in()
            until(desk.asked("errand"), "the greeting")
            engine = engine_of(process)
            os.kill(engine, signal.SIGKILL)
            until(lambda: desk.bodies(e.Ended), "the end")
            until(desk.tasks, "the call back")
            until(lambda: engine_of(process) not in (0, engine), "another engine")
            until(lambda: end.gone, "that the line is closed, where the carrier has no fall-back")
            again = twilio.call_in()
            until(lambda: again.heard, "the greeting")
            assert not again.gone

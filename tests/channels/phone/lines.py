"""A telephone line on loopback: the telephone process as it ships, a phone that is none of ours, a desk beside them."""

import asyncio
import json
import os
import queue
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lamplighter.channels.calls.spoken import SpokenLines
from lamplighter.channels.phone.door import PhoneDoor
from lamplighter.channels.phone.held import Held, HeldPhrases
from lamplighter.channels.speech.listening import LevelVad
from lamplighter.channels.web.thread import Threads
from lamplighter.conversation import events as e
from lamplighter.desk.ports import Task
from tests.channels.phone.tones import TonesRecogniser, TonesVoice
from tests.channels.web.stage import Stage

PATIENCE = 30.0
CALLER = "+12125550143"
ROOT = Path(__file__).parents[3]


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def reached(holds: Callable[[], Any], seconds: float) -> Any:
    moment, since = threading.Event(), time.monotonic()
    while not (found := holds()) and time.monotonic() - since < seconds:
        moment.wait(0.02)
    return found


def until(holds: Callable[[], Any], what: str = "it") -> Any:
    found = reached(holds, PATIENCE)
    assert found, f"{what} has not come to hold"
    return found


@contextmanager
def short_folder() -> Iterator[Path]:
    """A socket's path may not be long."""
    folder = Path(tempfile.mkdtemp(prefix="lamp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def held_at(folder: Path, phrase: bytes) -> None:
    """What whoever calls there hears while no desk is there."""
    HeldPhrases(folder / "held").keep([Held("demo", (), {"en": [phrase]})], anybody="demo")


@dataclass
class Telephone:
    """`lamplighter telephone` on a port of loopback."""

    data: Path
    port: int = field(default_factory=free_port)
    rtp: int = field(default_factory=lambda: free_port() // 2 * 2)
    supervisor: "subprocess.Popen[bytes] | None" = None

    def settings(self, **more: Any) -> str:
        return json.dumps(
            {
                "server": "127.0.0.1:5999", "peers": ["127.0.0.1"], "listen": f"127.0.0.1:{self.port}",
                "interface": "127.0.0.1", "rtp_ports": [self.rtp, self.rtp + 40], **more,
            }
        )  # fmt: skip

    @contextmanager
    def running(self, **more: Any) -> Iterator["subprocess.Popen[bytes]"]:
        environment = {
            **os.environ,
            "LAMPLIGHTER_DATA": str(self.data),
            "LAMPLIGHTER_TELEPHONE": self.settings(**more),
            "PYTHONPATH": str(ROOT / "src"),
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "lamplighter.cli", "telephone"], env=environment, cwd=self.data
        )
        try:
            until(self.answers, "the telephone's socket")
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE)

    def engine(self) -> int:
        """The process that keeps the line; 0 where there is none."""
        assert self.supervisor is not None
        children = Path(f"/proc/{self.supervisor.pid}/task/{self.supervisor.pid}/children").read_text()
        return int((children.split() or ["0"])[0])

    @property
    def socket(self) -> Path:
        return self.data / "telephone" / "socket"

    def answers(self) -> bool:
        """Whether it listens: then the port is taken."""
        if not self.socket.exists():
            return False
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError:
                return True
        return False


class Phone:
    """The independent phone; `until` gives the next thing that it tells with that key."""

    def __init__(self, number: str = CALLER, *more: str) -> None:
        self.port = free_port()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.channels.phone.softphone", str(self.port), number, *more],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PYTHONUNBUFFERED": "1"},
        )
        self._told: queue.Queue[dict[str, Any]] = queue.Queue()
        self.heard: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()
        self.until("ready")

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if not line.startswith(b"{"):
                continue  # PJSIP says what it does before it can be told not to
            told = json.loads(line)
            if "heard" in told:
                self.heard.append(told["heard"])
            self._told.put(told)

    def do(self, what: str, **more: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": what, **more}).encode() + b"\n")
        self._process.stdin.flush()

    @contextmanager
    def call(self, line: Telephone, number: str) -> Iterator[None]:
        """Hangs up in the end, whatever happens: the next call finds the line idle, and hears nothing old."""
        self.heard.clear()
        with suppress(queue.Empty):
            while True:
                self._told.get_nowait()
        self.do("call", to=f"sip:{number}@127.0.0.1:{line.port}")
        try:
            self.until("calling")
            yield
        finally:
            with suppress(OSError):
                self.do("hang_up")

    def say(self, text: str) -> None:
        self.do("say", text=text)

    def until(self, key: str, value: object = None) -> dict[str, Any]:
        while True:
            told = self._told.get(timeout=PATIENCE)
            if key in told and value in (None, told[key]):
                return told

    def until_heard(self, *words: str) -> None:
        """One of them: on a busy machine another may be torn."""
        until(lambda: set(words) & set(self.heard), " or ".join(words))

    def says(self, text: str, then: Callable[[], Any]) -> None:
        """Says it, once more where nothing has come of it: what a busy machine tears nobody hears."""
        for _ in range(4):
            self.say(text)
            if reached(then, 9.0):
                return
        raise AssertionError(f"nothing has come of {text!r}")

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()


@contextmanager
def phone(number: str = CALLER, *more: str) -> Iterator[Phone]:
    one = Phone(number, *more)
    try:
        yield one
    finally:
        one.close()


@dataclass
class Desk:
    """What the door needs of a stage, and the contacts on it."""

    stage: Stage

    def __post_init__(self) -> None:
        self.contacts, self.feed, self.speech = self.stage.contacts, self.stage.feed, self.stage.speech
        self.threads = Threads(self.stage.contacts, self.stage.records)

    def bodies(self, kind: type | None = None, at: int = 0) -> list[Any]:
        """What stands in the log of one of the contacts, the first for 0."""
        with self.stage.records.transaction(self.stage.practice.id) as tx:
            found = tx.log.contacts()
            if len(found) <= at:
                return []
            events = tx.log.read(found[at].id)
        return [event.body for event in events if kind is None or isinstance(event.body, kind)]

    def asked(self, detail: str) -> Callable[[], bool]:
        """Whether the last thing said asks for this; for "" whether it is no question."""
        return lambda: any(
            detail in self.asks(each) if detail else not self.asks(each) for each in self.bodies(e.Said)[-1:]
        )

    def tasks(self) -> tuple[Task, ...]:
        with self.stage.records.transaction(self.stage.practice.id) as tx:
            return tx.tasks.list_open()

    def phrases(self) -> list[str]:
        return [each.phrase for each in self.bodies(e.Said)]

    def asks(self, said: e.Said) -> tuple[str, ...]:
        return self.stage.phrasebook.phrases(said.locale)[said.phrase].asks


def speaking() -> SpokenLines:
    return SpokenLines(TonesRecogniser(), TonesVoice(), LevelVad, lambda heard: 1.0)


@contextmanager
def desk_at(
    socket_path: Path, stage: Stage | None = None, *, speaks: bool = True, **more: Any
) -> Iterator[Desk]:
    """A desk that attends to the telephone in a thread; jobs run as they fall due. One with a stage of its own comes
    once no call of another's is under way. `more` is for its door."""
    calls = socket_path.with_name("calls.json")
    until(lambda: stage is not None or b"live" not in calls.read_bytes(), "an idle line")
    stage = stage or Stage()
    if speaks:
        stage.speech.ready(speaking())
    desk, loop = Desk(stage), asyncio.new_event_loop()
    connected = threading.Event()
    door = PhoneDoor(desk, stage.directory, socket_path, on_connected=connected.set, **more)
    running: list[asyncio.Task[None]] = []

    async def run() -> None:
        running.append(asyncio.ensure_future(door.run()))
        await asyncio.gather(*running, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),), daemon=True)
    thread.start()
    assert connected.wait(PATIENCE)
    try:
        with stage.ticking():
            yield desk
    finally:
        loop.call_soon_threadsafe(running[0].cancel)
        thread.join(PATIENCE)
        loop.close()

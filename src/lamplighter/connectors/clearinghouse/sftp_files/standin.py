"""A real SFTP server on loopback with two folders: whatever is put into one is answered in the other."""

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import asyncssh

from lamplighter.connectors.clearinghouse.insurer import Fault, Insurer
from lamplighter.connectors.clearinghouse.reviewer import Reviewer, reviewed
from lamplighter.connectors.clearinghouse.x12 import read_documents
from lamplighter.connectors.clearinghouse.x12.authorization import Authorization
from lamplighter.connectors.clearinghouse.x12.eligibility import Eligibility
from lamplighter.desk.ports import Clock

OUTGOING, INCOMING = "to-them", "from-them"

_AT_THE_DOOR: Final[tuple[Fault, ...]] = ("busy",)
_AT_A_FILE: Final[tuple[Fault, ...]] = ("broken", "silent")
_AT_READING: Final[tuple[Fault, ...]] = ("half_open", "dripping")
_IN_AN_ANSWER: Final[tuple[Fault, ...]] = ("malformed", "cut_off", "twice", "someone_else")
_GOOD: Final = (None, "twice")
_DROP, _BETWEEN_DROPS = 32, 0.05
_OPEN: Final = ("pends", "asks")


@dataclass(slots=True)
class SftpStandIn:
    """`folder` holds the two. While it is `closed` nothing is fetched, nor for as many rounds as the insurer `waits`;
    `breaks_off` hangs up within the next file that it is sent. Of the faults `busy` hangs up before a word, `broken`
    can open no file, `silent` says no more to anybody at the next one, `half_open` hangs up within the next that it
    sends and `dripping` sends it by drops; the others are in the answer, which is given again in the next round."""

    folder: Path
    insurer: Insurer
    user: str
    password: str = field(repr=False)
    clock: Clock
    their_key: str = ""  # the public key of whoever may come in without a password
    reviewer: Reviewer = field(default_factory=Reviewer)
    closed: bool = False
    breaks_off: bool = False
    fetched: list[str] = field(default_factory=list)
    requests: dict[str, str] = field(default_factory=dict, repr=False)  # 278s, by their files' names
    over: threading.Event = field(default_factory=threading.Event, repr=False)
    host_key: asyncssh.SSHKey = field(
        default_factory=lambda: asyncssh.generate_private_key("ssh-ed25519"), repr=False
    )

    @property
    def public_key(self) -> str:
        return self.host_key.export_public_key().decode()

    @contextmanager
    def served(self) -> Iterator[int]:
        """The port that it listens on, until it is done."""
        for name in (OUTGOING, INCOMING):
            (self.folder / name).mkdir(exist_ok=True)
        loop, ready = asyncio.new_event_loop(), threading.Event()
        ports: list[int] = []

        def run() -> None:
            asyncio.set_event_loop(loop)
            listening = loop.run_until_complete(self._listening())
            ports.append(listening.get_port())
            ready.set()
            loop.run_forever()
            listening.close()
            loop.run_until_complete(listening.wait_closed())
            loop.close()

        worker = threading.Thread(target=run, daemon=True)
        worker.start()
        ready.wait()
        try:
            yield ports[0]
        finally:
            self.over.set()
            loop.call_soon_threadsafe(loop.stop)
            worker.join(timeout=10)

    async def _listening(self) -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[self.host_key],
            server_factory=lambda: _Doorman(self),
            sftp_factory=lambda channel: _Server(channel, self),
        )

    def hangs_up(self) -> bool:
        breaks_off, self.breaks_off = self.breaks_off, False
        return breaks_off

    def fault(self, among: tuple[Fault, ...]) -> Fault | None:
        """What goes wrong next, if it is one of these."""
        for one in (self.insurer, self.reviewer):
            if one.faults and one.faults[0] in among:
                return one.next_fault()
        return None

    def fetch(self) -> None:
        """A round: takes what is in the one folder away, and answers it in the other. What was answered badly stays."""
        if self.closed:
            return
        if self.insurer.waits > 0:
            self.insurer.waits -= 1
            return
        self._decide()
        for path in sorted((self.folder / OUTGOING).glob("*.x12")):
            fault, payload = self.fault(_IN_AN_ANSWER), path.read_text()
            self.fetched.append(payload)
            said = self._answer(path.name, payload, fault)
            self.write(path.name if fault != "someone_else" else f"another-{path.name}", said)
            if fault == "twice":
                self.write(f"again-{path.name}", said)
            if fault in _GOOD:
                path.unlink()

    def _decide(self) -> None:
        """What was still open of requests is decided, each in a file of its own."""
        for name, payload in self.requests.items():
            (document,) = read_documents(payload)
            assert isinstance(document.content, Authorization)
            trace = document.content.items[0].traces[0][1]
            if trace in self.reviewer.cases and self.reviewer.cases[trace].decision in _OPEN:
                self.reviewer.looked_up(trace, "")
                self.write(f"decided-{name}", reviewed(self.reviewer, payload, None))

    def write(self, name: str, text: str) -> None:
        """A file for whoever looks, of the time that it is on their clock."""
        path, now = self.folder / INCOMING / name, self.clock.now().timestamp()
        path.write_text(text)
        os.utime(path, (now, now))

    def _answer(self, name: str, payload: str, fault: Fault | None) -> str:
        if fault == "malformed":
            return "<<<\x00 no answer >>>"
        (document,) = read_documents(payload)
        if not isinstance(document.content, Eligibility):
            self.requests[name] = payload
            return reviewed(self.reviewer, payload, fault)
        asked = document.content
        holder, who = asked.members[0], asked.members[-1]
        born = who.party.date_of_birth if who.party else None
        trace = next(trace[1] for member in asked.members for trace in member.traces)
        member = holder.party.id if holder.party else ""
        return self.insurer.answer(member, trace, f"{born:%Y%m%d}" if born else "", fault)


class _Doorman(asyncssh.SSHServer):
    def __init__(self, theirs: SftpStandIn) -> None:
        self._theirs = theirs

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        if self._theirs.fault(_AT_THE_DOOR):
            conn.abort()

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (self._theirs.user, self._theirs.password)

    def public_key_auth_supported(self) -> bool:
        return bool(self._theirs.their_key)

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return username == self._theirs.user and key == asyncssh.import_public_key(self._theirs.their_key)


class _Server(asyncssh.SFTPServer):
    def __init__(self, channel: Any, theirs: SftpStandIn) -> None:
        super().__init__(channel, chroot=str(theirs.folder).encode())
        self._theirs, self._reads = theirs, ""

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        match self._theirs.fault(_AT_A_FILE):
            case "broken":
                raise asyncssh.SFTPFailure("something broke")
            case "silent":
                self._theirs.over.wait()
        return super().open(path, pflags, attrs)

    async def read(self, file_obj: object, offset: int, size: int) -> bytes:
        self._reads = self._theirs.fault(_AT_READING) or self._reads
        found: Any = super().read(file_obj, offset, size)
        if self._reads == "half_open":
            self.connection.abort()
        if self._reads == "dripping":
            await asyncio.sleep(_BETWEEN_DROPS)
            return bytes(found[:_DROP])
        return bytes(found)

    def write(self, file_obj: object, offset: int, data: bytes) -> int:
        if self._theirs.hangs_up():
            super().write(file_obj, offset, data[: len(data) // 2])
            self.connection.abort()
        return super().write(file_obj, offset, data)  # type: ignore[return-value]

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        super().rename(oldpath, newpath)
        self._theirs.fetch()

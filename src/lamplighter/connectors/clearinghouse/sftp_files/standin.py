"""A real SFTP server on loopback with two folders: whatever is put into one is answered in the other."""

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh

from lamplighter.connectors.clearinghouse.insurer import Fault, Insurer
from lamplighter.connectors.clearinghouse.reviewer import Reviewer, reviewed
from lamplighter.connectors.clearinghouse.x12 import read_documents
from lamplighter.connectors.clearinghouse.x12.eligibility import Eligibility
from lamplighter.desk.ports import Clock

OUTGOING, INCOMING = "to-them", "from-them"


@dataclass(slots=True)
class SftpStandIn:
    """`folder` holds the two. While it is `closed` nothing is fetched; `breaks_off` hangs up within the next file."""

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
            loop.call_soon_threadsafe(loop.stop)
            worker.join(timeout=10)

    async def _listening(self) -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[self.host_key],
            server_factory=lambda: _Doorman(self.user, self.password, self.their_key),
            sftp_factory=lambda channel: _Server(channel, str(self.folder), self._hangs_up, self.fetch),
        )

    def _hangs_up(self) -> bool:
        breaks_off, self.breaks_off = self.breaks_off, False
        return breaks_off

    def fetch(self) -> None:
        """Takes what is in the one folder away, and answers it in the other."""
        if self.closed:
            return
        for path in sorted((self.folder / OUTGOING).glob("*.x12")):
            fault, payload = self.insurer.next_fault(), path.read_text()
            self.fetched.append(payload)
            said = self._answer(payload, fault)
            self.write(f"{len(self.fetched)}-{path.name}", said)
            if fault == "twice":
                self.write(f"{len(self.fetched)}-again-{path.name}", said)
            path.unlink()

    def write(self, name: str, text: str) -> None:
        """A file for whoever looks, of the time that it is on their clock."""
        path, now = self.folder / INCOMING / name, self.clock.now().timestamp()
        path.write_text(text)
        os.utime(path, (now, now))

    def _answer(self, payload: str, fault: Fault | None) -> str:
        (document,) = read_documents(payload)
        if not isinstance(document.content, Eligibility):
            return reviewed(self.reviewer, payload, fault)
        asked = document.content
        holder, who = asked.members[0], asked.members[-1]
        born = who.party.date_of_birth if who.party else None
        trace = next(trace[1] for member in asked.members for trace in member.traces)
        member = holder.party.id if holder.party else ""
        return self.insurer.answer(member, trace, f"{born:%Y%m%d}" if born else "", fault)


class _Doorman(asyncssh.SSHServer):
    def __init__(self, user: str, password: str, key: str) -> None:
        self._user, self._password, self._key = user, password, key

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (self._user, self._password)

    def public_key_auth_supported(self) -> bool:
        return bool(self._key)

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return username == self._user and key == asyncssh.import_public_key(self._key)


class _Server(asyncssh.SFTPServer):
    def __init__(
        self, channel: Any, folder: str, hangs_up: Callable[[], bool], fetch: Callable[[], None]
    ) -> None:
        super().__init__(channel, chroot=folder.encode())
        self._hangs_up, self._fetch = hangs_up, fetch

    def write(self, file_obj: object, offset: int, data: bytes) -> int:
        if self._hangs_up():
            super().write(file_obj, offset, data[: len(data) // 2])
            self.connection.abort()
        return super().write(file_obj, offset, data)  # type: ignore[return-value]

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        super().rename(oldpath, newpath)
        self._fetch()

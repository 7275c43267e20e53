"""The two folders. A file goes under another name until it is whole, so that nobody ever picks up half of one."""

import asyncio
import posixpath
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import asyncssh

from lamplighter import logs
from lamplighter.desk.ports.clearinghouse import Refused, Why

log = logs.get(__name__)

_LONGEST: Final = 8_000_000
_MOST_FILES: Final = 500
_PARTIAL: Final = ".part"
_GOODBYE: Final = 0.1  # seconds
_NOT_ALLOWED: Final = (
    asyncssh.PermissionDenied,
    asyncssh.HostKeyNotVerifiable,
    asyncssh.KeyImportError,
    asyncssh.KeyEncryptionError,
    FileNotFoundError,  # our own key
    asyncssh.SFTPPermissionDenied,
    asyncssh.SFTPNoSuchFile,  # a folder that is not there
    asyncssh.SFTPNoSuchPath,
)

Found = TypeVar("Found")
Work = Callable[[asyncssh.SFTPClient], Awaitable[Found]]


@dataclass(frozen=True, slots=True)
class Folders:
    """`host_key` is the server's public key as OpenSSH writes it: no other server is spoken to. `key` is a private key
    of ours in a file, in place of a password."""

    host: str
    user: str
    host_key: str
    outgoing: str
    incoming: str
    port: int = 22
    password: str = field(default="", repr=False)
    key: Path | None = None

    def put(
        self, name: str, make: Callable[[], str], leaves: Callable[[str], None], deadline: float
    ) -> str | Refused:
        """What stands under the name: what was there already, or else what is made and put there now. What `leaves` is
        told when it is whole, before anybody can fetch it."""
        return self._with(lambda sftp: self._put(sftp, name, make, leaves), deadline)

    def finish(self, name: str, deadline: float) -> str | Refused:
        """What was told to leave does so, unless it has: its name."""
        return self._with(lambda sftp: self._finish(sftp, name), deadline)

    def came_since(self, since: datetime, deadline: float) -> list[bytes] | Refused:
        """What came into the other folder since then, the newest first. A file that is not whole yet is among it."""
        return self._with(lambda sftp: self._came(sftp, since), deadline)

    async def _put(
        self,
        sftp: asyncssh.SFTPClient,
        name: str,
        make: Callable[[], str],
        leaves: Callable[[str], None],
    ) -> str:
        path = posixpath.join(self.outgoing, name)
        if await sftp.exists(path):
            return (await _read(sftp, path)).decode(errors="replace")
        text, partial = make(), path + _PARTIAL
        async with sftp.open(partial, "wb") as file:
            await file.write(text.encode())
        leaves(text)
        await sftp.rename(partial, path)
        return text

    async def _finish(self, sftp: asyncssh.SFTPClient, name: str) -> str:
        path = posixpath.join(self.outgoing, name)
        if await sftp.exists(path + _PARTIAL) and not await sftp.exists(path):
            await sftp.rename(path + _PARTIAL, path)
        return name

    async def _came(self, sftp: asyncssh.SFTPClient, since: datetime) -> list[bytes]:
        named = [entry async for entry in sftp.scandir(self.incoming) if _is_whole(entry)]
        fresh = [each for each in named if (each.attrs.mtime or 0) >= since.timestamp()]
        fresh.sort(key=lambda each: each.attrs.mtime or 0, reverse=True)
        return [
            await _read(sftp, posixpath.join(self.incoming, str(each.filename)))
            for each in fresh[:_MOST_FILES]
        ]

    def _with(self, work: Work[Found], deadline: float) -> Found | Refused:
        """Never raises, and is over at the deadline, but for a goodbye."""
        try:
            return asyncio.run(asyncio.wait_for(self._connected(work, deadline), deadline))
        except _NOT_ALLOWED as problem:
            log.warning("sftp_not_allowed", kind=type(problem).__name__)
            return Refused(Why.NOT_ALLOWED)
        except (asyncssh.Error, OSError, TimeoutError) as problem:
            log.warning("sftp_unreachable", kind=type(problem).__name__)
            return Refused(Why.UNREACHABLE)

    async def _connected(self, work: Work[Found], deadline: float) -> Found:
        """Just after the deadline the connection is hung up: a server that has fallen silent confirms no goodbye."""
        loop = asyncio.get_running_loop()
        over = loop.time() + deadline + _GOODBYE
        async with self._connection() as connection:
            loop.call_at(over, connection.abort)
            async with connection.start_sftp_client() as sftp:
                return await work(sftp)

    def _connection(self) -> AbstractAsyncContextManager[asyncssh.SSHClientConnection]:
        """Nothing of this machine's own SSH settings, keys or agent is used."""
        trusted = asyncssh.import_public_key(self.host_key)
        found: Any = asyncssh.connect(
            self.host,
            self.port,
            username=self.user,
            password=self.password or None,
            client_keys=[str(self.key)] if self.key else None,
            known_hosts=([trusted], [], []),
            agent_path=None,
            config=None,
        )
        return found  # type: ignore[no-any-return]


def _is_whole(entry: asyncssh.SFTPName) -> bool:
    """Nobody's half file, hidden file, folder or giant."""
    name, attrs = str(entry.filename), entry.attrs
    regular = attrs.type in (asyncssh.FILEXFER_TYPE_REGULAR, asyncssh.FILEXFER_TYPE_UNKNOWN)
    return (
        regular and not name.startswith(".") and not name.endswith(_PARTIAL) and (attrs.size or 0) <= _LONGEST
    )


async def _read(sftp: asyncssh.SFTPClient, path: str) -> bytes:
    async with sftp.open(path, "rb") as file:
        found: Any = await file.read(_LONGEST)
    return bytes(found)

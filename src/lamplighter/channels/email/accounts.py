"""A practice's mailbox: the address that people write to and hear from, and the servers that carry it.

Rules of this room: what leaves this machine is sealed on the way, by TLS whose certificate is checked; without it only
a server on this machine is spoken to.
"""

import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, Protocol

from lamplighter.practice.model import PracticeId

Security = Literal["starttls", "tls", "none"]
TIMEOUT = 30.0
"""Seconds that a server may take for one answer."""


class Tokens(Protocol):
    """Where the server is signed in to by tokens: each raises ConnectionError."""

    def get(self) -> str: ...

    def forget(self, token: str) -> None:
        """It was not taken."""
        ...


class NotSealed(Exception):
    """Words would go over the network for everybody to read."""


@dataclass(frozen=True, slots=True)
class Server:
    """`ca`: a file of the authorities that may vouch for it, where it is none that the system knows."""

    host: str
    port: int
    security: Security = "tls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: Path | None = None
    tokens: Tokens | None = field(default=None, repr=False)
    """In place of a password."""

    def __post_init__(self) -> None:
        if self.security == "none" and not is_here(self.host):
            raise NotSealed("a mail server that is not on this machine needs TLS: set starttls or tls")

    @property
    def is_here(self) -> bool:
        return is_here(self.host)

    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.ca) if self.ca else None)


@dataclass(frozen=True, slots=True)
class Account:
    """`reads` None: what is written to the address is not fetched here."""

    practice: PracticeId
    address: str
    sends: Server
    reads: Server | None = None
    folder: str = "INBOX"

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def by_address(accounts: Iterable[Account]) -> dict[str, Account]:
    return {account.address.lower(): account for account in accounts}


def is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False

"""Real mail servers on loopback, and the certificates that they show."""

import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
PATIENCE = 120.0  # seconds: machines that run tests are busy
USER, PASSWORD = "desk", "correct horse"


@cache
def certificate(named: str = HOST) -> Path:
    """A file with key and certificate of a server on this machine, which vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=7))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(named))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = Path(mkdtemp()) / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


def served_by(file: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context


@dataclass
class PostOffice:
    """What arrived, and how the server answers: a code for RCPT, another for the words, or a line that dies."""

    mails: list[EmailMessage] = field(default_factory=list)
    rcpt: str = "250 OK"
    data: str = "250 OK"
    dies: bool = False
    logins: list[str] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        if self.data.startswith("250"):
            mail = BytesParser(policy=default).parsebytes(envelope.content)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
        if self.dies:
            server.transport.abort()
        return self.data

    def login(self, server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        self.logins.append(given.login.decode())
        right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=right)


class OnAPortOfItsOwn(Controller):
    """Takes its port itself: one that was looked for before may be somebody else's by now."""

    def __init__(self, office: PostOffice, **more: Any) -> None:
        self.listening = socket.create_server((HOST, 0))
        port = self.listening.getsockname()[1]
        super().__init__(office, hostname=HOST, port=port, ready_timeout=PATIENCE, **more)

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self.listening, ssl=self.ssl_context)


@contextmanager
def post_office(
    security: str = "none", *, cert: Path | None = None, office: PostOffice | None = None
) -> Iterator[PostOffice]:
    office = office or PostOffice()
    context = served_by(cert or certificate()) if security != "none" else None
    more: dict[str, Any] = {}
    if security == "starttls":
        more = {"tls_context": context, "require_starttls": True, "authenticator": office.login,
                "auth_required": True}  # fmt: skip
    if security == "none":
        more = {"authenticator": office.login, "auth_require_tls": False}
    if security == "tls":
        more = {"ssl_context": context}
    controller = OnAPortOfItsOwn(office, **more)
    office.port = controller.port
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


TELLS_ITS_PORT = """
import asyncio
from pymap.main import main

start = asyncio.start_server

async def told(*args, **how):
    server = await start(*args, **how)
    print(server.sockets[0].getsockname()[1], flush=True)
    return server

asyncio.start_server = told
main()
"""


@contextmanager
def mailboxes() -> Iterator[int]:
    """A real IMAP server in a process of its own; gives its port, once it listens there."""
    command = [sys.executable, "-c", TELLS_ITS_PORT, "--host", HOST, "--port", "0",
               "--no-tls", "dict", "--demo-user", USER, "--demo-password", PASSWORD]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.terminate()

"""Sign-in to a mailbox by OAuth 2.0: tokens for what was granted once, and XOAUTH2 as its makers publish it."""

import base64
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiosmtpd.smtp import AuthResult

from lamplighter.channels.email.accounts import Account, NotSealed, Server
from lamplighter.channels.email.mailbox import reached
from lamplighter.channels.email.oauth import Grant, Tokens
from lamplighter.channels.email.smtp import answers
from tests.channels.email.mails import OFFICE
from tests.channels.email.servers import HOST, PostOffice, post_office

REFRESH, SECRET = "refresh-7Kq", "secret-9Zx"


@dataclass
class Giver:
    """Whoever gives tokens: each is good for an hour and has a number."""

    status: int = 200
    asked: list[dict[str, str]] = field(default_factory=list)
    url: str = ""
    newer: str | None = None

    def gives(self, form: dict[str, str]) -> bytes:
        self.asked.append(form)
        said: dict[str, Any] = {"access_token": f"token-{len(self.asked)}", "expires_in": 3600}
        return json.dumps(said | ({"refresh_token": self.newer} if self.newer else {})).encode()

    def tokens(self, seconds: Any = lambda: 0.0) -> Tokens:
        return Tokens(Grant(self.url, "client", REFRESH, SECRET), seconds)


@pytest.fixture
def giver() -> Iterator[Giver]:
    found = Giver()

    class Asked(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
            body = found.gives({name: values[0] for name, values in said.items()})
            self.send_response(found.status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    with ThreadingHTTPServer((HOST, 0), Asked) as server, running(server):
        found.url = f"http://{HOST}:{server.server_address[1]}/token"
        yield found


@contextmanager
def running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


def said_with(given: str) -> str | None:
    """The token in the words of XOAUTH2; None where they are others."""
    user, _, rest = base64.b64decode(given).decode().partition("\x01")
    token = rest.removeprefix("auth=Bearer ").removesuffix("\x01\x01")
    return token if user == f"user={OFFICE}" and rest == f"auth=Bearer {token}\x01\x01" else None


NO = base64.b64encode(b'{"status":"400","schemes":"Bearer"}').decode()


@dataclass
class TokenOffice(PostOffice):
    """A mail server that takes one token."""

    good: str = "token-1"

    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:
        token = said_with(args[1]) or ""
        self.logins.append(token)
        if token == self.good:
            return AuthResult(success=True, handled=False)
        assert await server.challenge_auth(NO, encode_to_b64=False) == b""
        return AuthResult(success=False, handled=False)


@contextmanager
def imap(good: str, heard: list[str]) -> Iterator[int]:
    """An IMAP server that takes one token, as far as signing in goes (RFC 3501, RFC 7628's sibling XOAUTH2)."""

    class Spoken(socketserver.StreamRequestHandler):
        def says(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.says("* OK ready")
            while line := self.rfile.readline().decode().strip():
                tag, _, rest = line.partition(" ")
                command = rest.split(" ")[0].upper()
                if command == "CAPABILITY":
                    self.says("* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 IDLE")
                elif command == "AUTHENTICATE":
                    self.says("+ ")
                    token = said_with(self.rfile.readline().decode().strip()) or ""
                    heard.append(token)
                    if token != good:
                        self.says(f"+ {NO}")
                        self.rfile.readline()
                        self.says(f"{tag} NO AUTHENTICATE failed.")
                        continue
                elif command in ("SELECT", "EXAMINE"):
                    self.says("* 0 EXISTS")
                elif command == "LOGOUT":
                    self.says("* BYE")
                self.says(f"{tag} OK done")

    with socketserver.ThreadingTCPServer((HOST, 0), Spoken) as server, running(server):
        yield int(server.server_address[1])


def signed_in_at(port: int, tokens: Tokens) -> Server:
    return Server(HOST, port, "none", OFFICE, None, None, tokens)


def test_a_mail_server_is_signed_in_to_by_a_token_that_is_asked_for_once(giver: Giver) -> None:
    tokens, office = giver.tokens(), TokenOffice()
    with post_office(office=office):
        for _ in range(2):
            answers(signed_in_at(office.port, tokens))
    assert office.logins == ["token-1", "token-1"]
    assert giver.asked == [
        {
            "grant_type": "refresh_token",
            "client_id": "client",
            "refresh_token": REFRESH,
            "client_secret": SECRET,
        }
    ]


def test_a_mailbox_is_opened_by_a_token(giver: Giver) -> None:
    heard: list[str] = []
    with imap("token-1", heard) as port:
        reached(Account("demo", OFFICE, Server(HOST, 1, "none"), signed_in_at(port, giver.tokens())))
    assert heard == ["token-1"]


def test_a_token_that_is_not_taken_is_used_no_more_and_the_next_one_is(giver: Giver) -> None:
    tokens, office, heard = giver.tokens(), TokenOffice(good="token-2"), list[str]()
    with post_office(office=office):
        with pytest.raises(ConnectionError, match="refuses the login") as refused:
            answers(signed_in_at(office.port, tokens))
        answers(signed_in_at(office.port, tokens))
    with imap("token-3", heard) as port:
        box = Account("demo", OFFICE, Server(HOST, 1, "none"), signed_in_at(port, tokens))
        with pytest.raises(ConnectionError, match="refuses the login"):
            reached(box)
        reached(box)
    assert (office.logins, heard) == (["token-1", "token-2"], ["token-2", "token-3"])
    assert "token" not in str(refused.value)


def test_a_token_is_asked_for_anew_before_it_ends_with_what_was_granted_last(giver: Giver) -> None:
    now = [0.0]
    tokens, giver.newer = giver.tokens(lambda: now[0]), "refresh-later"
    got = []
    for moment in (0.0, 3539.0, 3541.0):
        now[0] = moment
        got.append(tokens.get())
    assert got == ["token-1", "token-1", "token-2"]
    assert [each["refresh_token"] for each in giver.asked] == [REFRESH, "refresh-later"]


@pytest.mark.parametrize(
    ("status", "told"), [(400, "grant it anew"), (401, "grant it anew"), (503, "none now")]
)
def test_whoever_gives_no_token_is_a_mailbox_that_can_not_be_reached(
    giver: Giver, status: int, told: str
) -> None:
    giver.status = status
    with pytest.raises(ConnectionError, match=told):
        giver.tokens().get()


def test_no_token_is_shown_and_none_is_asked_for_in_the_open(giver: Giver) -> None:
    tokens = giver.tokens()
    token = tokens.get()
    grant = Grant(giver.url, "client", REFRESH, SECRET)
    shown = repr((tokens, grant, signed_in_at(1, tokens)))
    assert not [each for each in (token, REFRESH, SECRET) if each in shown]
    with pytest.raises(NotSealed):
        Grant("http://login.example/token", "client", REFRESH)

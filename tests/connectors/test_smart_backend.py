"""Tokens by SMART backend services: what a server checks of an assertion holds; a key that would not do is named."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from lamplighter.connectors.clearinghouse.asking_over_http import Deadline
from lamplighter.connectors.smart_backend import BackendServices, NotAKey, SigningKey
from lamplighter.desk.ports.clearinghouse import Refused, Why
from tests.channels.web.stage import served


def pem(key: Any) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


RSA, P384 = (
    pem(each) for each in (rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP384R1()))
)


@dataclass
class Authorities:
    """A token endpoint that checks as the specification says."""

    jwks: dict[str, Any]
    holds: Any = 300
    seen: set[str] = field(default_factory=set)
    given: int = 0

    async def token(self, request: Request) -> JSONResponse:
        form = await request.form()
        assertion = str(form["client_assertion"])
        try:
            kid = jwt.get_unverified_header(assertion)["kid"]
            key = next(each for each in jwt.PyJWKSet.from_dict(self.jwks).keys if each.key_id == kid)
            told = jwt.decode(
                assertion, key, ["RS384", "ES384"], audience=str(request.url), issuer="desk",
                options={"require": ["exp", "iat", "jti", "sub"], "verify_exp": False, "verify_iat": False},
            )  # fmt: skip
            assert told["exp"] - told["iat"] <= 300 and told["jti"] not in self.seen
        except (jwt.PyJWTError, StopIteration, AssertionError):
            return JSONResponse({"error": "invalid_client"}, 400)
        self.seen.add(told["jti"])
        self.given += 1
        return JSONResponse(
            {"access_token": f"t{self.given}", "expires_in": self.holds, "token_type": "bearer"}
        )


@dataclass
class Clock:
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.at


@contextmanager
def at(authorities: Authorities) -> Iterator[str]:
    with served(Starlette(routes=[Route("/token", authorities.token, methods=["POST"])])) as address:
        yield f"{address}/token"


def header(way: BackendServices) -> str | Refused:
    with Deadline(5) as until, httpx.Client(trust_env=False) as client:
        return way.header(client, until)


@pytest.mark.parametrize("key", [RSA, P384], ids=["RS384", "ES384"])
def test_a_token_is_got_by_a_signed_assertion_kept_until_shortly_before_its_end_and_never_shown(
    key: str,
) -> None:
    signing, clock = SigningKey.read(key), Clock()
    authorities = Authorities(signing.jwks())
    with at(authorities) as url:
        way = BackendServices(url, "desk", signing, "system/Patient.rs", clock)
        assert [header(way), header(way)] == ["Bearer t1", "Bearer t1"]
        clock.at += timedelta(seconds=280)
        assert header(way) == "Bearer t2"
        way.forget()
        assert header(way) == "Bearer t3"
    assert "t3" not in repr(way) and "PRIVATE" not in repr(way)
    assert not {"d", "p", "q", "dp", "dq", "qi"} & set(signing.jwks()["keys"][0])


def test_whom_the_server_does_not_know_and_who_can_not_reach_it_get_no_token() -> None:
    stranger = SigningKey.read(RSA)
    with at(Authorities(SigningKey.read(P384).jwks())) as url:
        assert header(BackendServices(url, "desk", stranger, "", Clock())) == Refused(Why.NOT_ALLOWED)
    assert header(BackendServices(url, "desk", stranger, "", Clock())) == Refused(Why.UNREACHABLE)


def test_a_key_that_smart_does_not_name_is_refused_in_words() -> None:
    for wrong in (
        pem(rsa.generate_private_key(65537, 1024)),
        pem(ec.generate_private_key(ec.SECP256R1())),
        "x",
    ):
        with pytest.raises(NotAKey):
            SigningKey.read(wrong)

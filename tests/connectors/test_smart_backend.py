"""Tokens by SMART backend services: what a server checks of an assertion holds; a key that would not do is named."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from starlette.applications import Starlette
from starlette.routing import Route

from lamplighter.connectors.clearinghouse.asking_over_http import Deadline
from lamplighter.connectors.smart_backend import BackendServices, NotAKey, SigningKey
from lamplighter.desk.ports.clearinghouse import Refused, Why
from tests.channels.web.stage import served
from tests.fhir.authorities import P384, RSA, Authorities, pem


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
    with Deadline(60) as until, httpx.Client(trust_env=False) as client:
        return way.header(client, until)


@pytest.mark.parametrize("key", [RSA, P384], ids=["RS384", "ES384"])
def test_a_token_is_got_by_a_signed_assertion_kept_until_shortly_before_its_end_and_never_shown(
    key: str,
) -> None:
    signing, clock = SigningKey.read(key), Clock()
    authorities = Authorities(signing.jwks())
    with at(authorities) as url:
        way = BackendServices(url, "desk", signing, "system/Patient.rs", clock)
        assert [header(way), header(way)] == ["Bearer token-number-1", "Bearer token-number-1"]
        clock.at += timedelta(seconds=280)
        assert header(way) == "Bearer token-number-2"
        way.forget()
        assert header(way) == "Bearer token-number-3"
    assert "token-number-3" not in repr(way) and "PRIVATE" not in repr(way)
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

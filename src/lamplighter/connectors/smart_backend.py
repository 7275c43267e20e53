"""SMART backend services: a program's own way to a FHIR server, by an assertion signed with a key that never leaves it
(`private_key_jwt`, RS384 or ES384). What is public of the key is registered with the server as a JWKS."""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from lamplighter.connectors.clearinghouse.asking_over_http import Deadline, asked
from lamplighter.desk.ports import Clock
from lamplighter.desk.ports.clearinghouse import Refused, Why

ASSERTED: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
HOLDS: Final = timedelta(minutes=4)
"""An assertion; five minutes at the most, as SMART has it."""

BEFORE_ITS_END: Final = timedelta(seconds=30)  # a token that is about to end is not used
LONGEST_TOKEN: Final = 3600.0
SMALLEST_RSA: Final = 2048  # bits


class NotAKey(ValueError):
    """No private key of the kinds that SMART names: RSA of 2048 bits or more, or the curve P-384, as PEM."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """`name` is the key's id (kid) in the JWKS: its own thumbprint."""

    private: RSAPrivateKey | EllipticCurvePrivateKey = field(repr=False)
    algorithm: str
    name: str

    @classmethod
    def read(cls, pem: str) -> "SigningKey":
        """Raises NotAKey."""
        try:
            key = load_pem_private_key(pem.encode(), None)
        except (ValueError, TypeError) as wrong:
            raise NotAKey("this is no private key as PEM without a password") from wrong
        if isinstance(key, RSAPrivateKey) and key.key_size >= SMALLEST_RSA:
            return cls(key, "RS384", _thumbprint(_public(key)))
        if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP384R1):
            return cls(key, "ES384", _thumbprint(_public(key)))
        raise NotAKey("the key is neither RSA of 2048 bits or more nor of the curve P-384")

    def jwks(self) -> dict[str, Any]:
        """What the server has to know: nothing of it is secret."""
        public = {"kid": self.name, "use": "sig", "alg": self.algorithm, "key_ops": ["verify"]}
        return {"keys": [{**_public(self.private), **public}]}


def _public(key: RSAPrivateKey | EllipticCurvePrivateKey) -> dict[str, str]:
    kind = RSAAlgorithm if isinstance(key, RSAPrivateKey) else ECAlgorithm
    told = json.loads(kind.to_jwk(key.public_key()))  # type: ignore[arg-type]
    return {name: told[name] for name in ("kty", "crv", "e", "n", "x", "y") if name in told}


def _thumbprint(public: Mapping[str, str]) -> str:
    """RFC 7638."""
    canonical = json.dumps(dict(sorted(public.items())), separators=(",", ":"))
    return base64.urlsafe_b64encode(hashlib.sha256(canonical.encode()).digest()).decode().rstrip("=")


@dataclass(slots=True)
class BackendServices:
    """Tokens for one client at one server, kept until shortly before they end."""

    token_url: str
    client: str
    key: SigningKey
    scope: str
    clock: Clock = field(repr=False)
    _token: str = field(default="", repr=False)
    _until: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def header(self, client: httpx.Client, deadline: Deadline) -> str | Refused:
        """What goes into Authorization. One token for all who ask at once."""
        with self._lock:
            if self._until is None or self.clock.now() >= self._until:
                refused = self._renew(client, deadline)
                if refused is not None:
                    return refused
            return f"Bearer {self._token}"

    def forget(self) -> None:
        """The server refused the token: the next one is new."""
        with self._lock:
            self._until = None

    def _renew(self, client: httpx.Client, deadline: Deadline) -> Refused | None:
        form = {
            "grant_type": "client_credentials",
            "scope": self.scope,
            "client_assertion_type": ASSERTED,
            "client_assertion": self._assertion(),
        }
        came = asked(client, client.build_request("POST", self.token_url, data=form), deadline)
        if isinstance(came, Refused):
            return came
        told = _object(came.body)
        token = told.get("access_token")
        if came.status != 200 or not isinstance(token, str) or not token:
            return Refused(Why.NOT_ALLOWED)
        self._token, self._until = token, self.clock.now() + _lasting(told.get("expires_in")) - BEFORE_ITS_END
        return None

    def _assertion(self) -> str:
        """One for each request, under a number of its own: whoever copies it can't use it again."""
        now = self.clock.now()
        claims = {
            "iss": self.client,
            "sub": self.client,
            "aud": self.token_url,
            "iat": int(now.timestamp()),
            "exp": int((now + HOLDS).timestamp()),
            "jti": secrets.token_hex(16),
        }
        return jwt.encode(claims, self.key.private, self.key.algorithm, headers={"kid": self.key.name})


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _lasting(value: object) -> timedelta:
    """A token that does not say how long it holds is used once."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return timedelta()
    return timedelta(seconds=min(float(value), LONGEST_TOKEN))

"""A token endpoint that checks an assertion as SMART backend services says, and keys to sign one with."""

from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from starlette.requests import Request
from starlette.responses import JSONResponse


def pem(key: Any) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


RSA, P384 = (
    pem(each) for each in (rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP384R1()))
)


@dataclass
class Authorities:
    """`good` are the tokens that hold."""

    jwks: dict[str, Any]
    holds: Any = 300
    seen: set[str] = field(default_factory=set)
    good: set[str] = field(default_factory=set)

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
        token = f"token-number-{len(self.seen)}"
        self.good.add(token)
        return JSONResponse({"access_token": token, "expires_in": self.holds, "token_type": "bearer"})

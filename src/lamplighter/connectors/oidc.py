"""Sign-in by a provider of OpenID Connect: the authorization code flow with PKCE. JOSE itself is PyJWT's.

Its keys are fetched anew for every sign-in: one that it has put away vouches for nobody any longer, a new one at once.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from secrets import token_urlsafe
from typing import Any, Final
from urllib.parse import quote_plus, urlencode, urlsplit

import httpx
import jwt

from lamplighter.connectors.clearinghouse.asking_over_http import Deadline
from lamplighter.connectors.models.whereabouts import is_here
from lamplighter.desk.ports.identity import Begun, NotVouchedFor, ProviderUnreachable, Vouched

DEADLINE: Final = 5.0
"""Seconds for all that one step of a sign-in asks of the provider."""
LEEWAY: Final = 60  # seconds by which clocks may differ
LONGEST_ANSWER: Final = 256 * 1024  # bytes
PROVEN_WITHIN: Final = 600
"""Seconds: whoever proved nothing to the provider for so long is asked anew."""
HASHES: Final = {
    "RS256": "sha256", "PS256": "sha256", "ES256": "sha256",
    "RS384": "sha384", "PS384": "sha384", "ES384": "sha384",
    "RS512": "sha512", "PS512": "sha512", "ES512": "sha512", "EdDSA": "sha512",
}  # fmt: skip
"""The signatures that are taken, all of public keys, each with the hash of its at_hash."""


class OpenIdProvider:
    """An IdentityProvider. `issuer`: where its discovery document stands, and what its tokens name; `deadline` in
    seconds, for all that one step asks of it."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        secret: str,
        name: str,
        *,
        required: bool = False,
        deadline: float = DEADLINE,
    ) -> None:
        self.name, self.required, self._deadline = name, required, deadline
        self._issuer, self._client_id, self._secret = issuer, client_id, secret

    def __repr__(self) -> str:
        return f"<OpenIdProvider {self._issuer}>"

    def begin(self, back: str) -> Begun:
        with _asking(self._deadline) as client:
            found = self._discovered(client)
        state, nonce, verifier = token_urlsafe(32), token_urlsafe(32), token_urlsafe(48)
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": back,
            "scope": "openid email",
            "state": state,
            "nonce": nonce,
            "max_age": str(PROVEN_WITHIN),
            "code_challenge": _unpadded(hashlib.sha256(verifier.encode()).digest()),
            "code_challenge_method": "S256",
        }
        address = _with(_endpoint(found, "authorization_endpoint"), asked)
        by_form = "client_secret_post" in (found.get("token_endpoint_auth_methods_supported") or ())
        return Begun(
            self._issuer, address, back, state, nonce, verifier,
            _endpoint(found, "token_endpoint"), by_form, _endpoint(found, "jwks_uri"),
            _optional(found, "userinfo_endpoint"), _optional(found, "end_session_endpoint"),
        )  # fmt: skip

    def vouched(self, begun: Begun, code: str) -> Vouched:
        with _asking(self._deadline) as client:
            return self._vouched(client, begun, code)

    def _vouched(self, client: httpx.Client, begun: Begun, code: str) -> Vouched:
        tokens = self._exchanged(client, begun, code)
        id_token, access_token = tokens.get("id_token"), tokens.get("access_token")
        if not isinstance(id_token, str):
            raise NotVouchedFor("no_token")
        claims = self._claims(id_token, self._key(client, begun, id_token))
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), begun.nonce.encode()):
            raise NotVouchedFor("nonce")
        if claims.get("azp", self._client_id) != self._client_id:
            raise NotVouchedFor("audience")
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and "azp" not in claims:
            raise NotVouchedFor("audience")
        _check_at_hash(claims, id_token, access_token)
        subject = _subject(claims)
        email = _email(claims) or _email(_told(client, begun, access_token, subject))
        return Vouched(self._issuer, subject, email, _fresh(claims), id_token)

    def leaving(self, begun: Begun, hint: str, back: str) -> str | None:
        if begun.ends_at is None:
            return None
        return _with(
            begun.ends_at,
            {"id_token_hint": hint, "client_id": self._client_id, "post_logout_redirect_uri": back},
        )

    def _discovered(self, client: httpx.Client) -> Mapping[str, Any]:
        found = _fetched(client, "GET", self._issuer.rstrip("/") + "/.well-known/openid-configuration")
        if found.get("issuer") != self._issuer:
            raise ProviderUnreachable("its discovery document names another issuer")
        return found

    def _exchanged(self, client: httpx.Client, begun: Begun, code: str) -> Mapping[str, Any]:
        """With the secret as the provider takes it, or by PKCE alone where there is none."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": begun.back,
            "client_id": self._client_id,
            "code_verifier": begun.verifier,
        }
        if begun.by_form or not self._secret:
            secret = {"client_secret": self._secret} if self._secret else {}
            return _fetched(client, "POST", begun.token_endpoint, {**form, **secret})
        named = f"{quote_plus(self._client_id)}:{quote_plus(self._secret)}".encode()
        headers = {"authorization": f"Basic {base64.b64encode(named).decode()}"}
        return _fetched(client, "POST", begun.token_endpoint, form, headers)

    def _key(self, client: httpx.Client, begun: Begun, id_token: str) -> jwt.PyJWK:
        try:
            header = jwt.get_unverified_header(id_token)
            keys = jwt.PyJWKSet.from_dict(dict(_fetched(client, "GET", begun.jwks_uri))).keys
        except jwt.PyJWTError as wrong:
            raise NotVouchedFor("key") from wrong
        if header.get("alg") not in HASHES:
            raise NotVouchedFor("algorithm")
        signing = [each for each in keys if each.public_key_use in (None, "sig")]
        kid = header.get("kid")
        fitting = [each for each in signing if each.key_id == kid] if kid else signing
        if len(fitting) != 1:
            raise NotVouchedFor("key")
        return fitting[0]

    def _claims(self, id_token: str, key: jwt.PyJWK) -> dict[str, Any]:
        try:
            return jwt.decode(
                id_token,
                key,
                algorithms=list(HASHES),
                audience=self._client_id,
                issuer=self._issuer,
                leeway=LEEWAY,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.InvalidAudienceError as wrong:
            raise NotVouchedFor("audience") from wrong
        except jwt.InvalidIssuerError as wrong:
            raise NotVouchedFor("issuer") from wrong
        except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError) as wrong:
            raise NotVouchedFor("expired") from wrong
        except (jwt.PyJWTError, ValueError, TypeError) as wrong:
            raise NotVouchedFor("signature") from wrong


def _told(client: httpx.Client, begun: Begun, access_token: object, subject: str) -> Mapping[str, Any]:
    """What the provider tells of them beside the token: where many keep the email. Who is bound needs none of it."""
    if begun.userinfo is None or not isinstance(access_token, str):
        return {}
    try:
        found = _fetched(client, "GET", begun.userinfo, headers={"authorization": f"Bearer {access_token}"})
    except ProviderUnreachable:
        return {}
    return found if found.get("sub") == subject else {}


@contextmanager
def _asking(seconds: float) -> Iterator[httpx.Client]:
    """Hangs up at the end of `seconds` on whatever is asked by it, also where bytes still come now and then."""
    ends = time.monotonic() + seconds

    def bounded(request: httpx.Request) -> None:
        left = httpx.Timeout(max(0.01, ends - time.monotonic()))
        request.extensions |= {"trace": until.noted, "timeout": left.as_dict()}

    with (
        Deadline(seconds) as until,
        httpx.Client(trust_env=False, event_hooks={"request": [bounded]}) as client,
    ):
        yield client


def _fetched(
    client: httpx.Client,
    method: str,
    address: str,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Mapping[str, Any]:
    """Raises ProviderUnreachable, or NotVouchedFor where the code is refused."""
    try:
        answer = client.request(method, address, data=form, headers=headers)
        found = answer.json() if len(answer.content) <= LONGEST_ANSWER else None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as wrong:
        raise ProviderUnreachable(type(wrong).__name__) from None
    if form is not None and answer.status_code == 400 and isinstance(found, dict):
        raise NotVouchedFor("code")
    if answer.status_code != 200 or not isinstance(found, dict):
        raise ProviderUnreachable(f"it answered {answer.status_code}")
    return found


def _endpoint(found: Mapping[str, Any], name: str) -> str:
    """Raises ProviderUnreachable: what is not encrypted is taken on this machine only."""
    address = found.get(name)
    if not isinstance(address, str) or not (urlsplit(address).scheme == "https" or is_here(address)):
        raise ProviderUnreachable(f"its {name} can't be used")
    return address


def _optional(found: Mapping[str, Any], name: str) -> str | None:
    return _endpoint(found, name) if found.get(name) else None


def _with(address: str, asked: Mapping[str, str]) -> str:
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(asked)}"


def _check_at_hash(claims: Mapping[str, Any], id_token: str, access_token: object) -> None:
    given = claims.get("at_hash")
    if given is None:
        return
    made = hashlib.new(
        HASHES[jwt.get_unverified_header(id_token)["alg"]], str(access_token).encode()
    ).digest()
    if not hmac.compare_digest(str(given).encode(), _unpadded(made[: len(made) // 2]).encode()):
        raise NotVouchedFor("at_hash")


def _subject(claims: Mapping[str, Any]) -> str:
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise NotVouchedFor("subject")
    return subject


def _email(claims: Mapping[str, Any]) -> str | None:
    """Verified as the standard says it, or as Microsoft does: that the domain's owner is known."""
    email = claims.get("email")
    verified = claims.get("email_verified") is True or claims.get("xms_edov") in (True, "1", "true")
    return email if isinstance(email, str) and verified else None


def _fresh(claims: Mapping[str, Any]) -> bool:
    """By the provider's own clock. One that doesn't say when somebody proved it may have asked them nothing."""
    at, made = claims.get("auth_time"), claims["iat"]
    return isinstance(at, int) and isinstance(made, int) and made - at <= PROVEN_WITHIN


def _unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

"""Sign-in to a mailbox by OAuth 2.0: an access token for a refresh token that was granted once (RFC 6749, section 6),
and the words in which mail servers take it (XOAUTH2, as Google and Microsoft publish it).

Rules of this room: no token is in a message, a log line or a representation; what is asked of elsewhere goes by https.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import httpx

from lamplighter.channels.email.accounts import TIMEOUT, NotSealed, is_here

Provider = Literal["google", "microsoft"]
TOKEN_URLS: Final[dict[Provider, str]] = {
    "google": "https://oauth2.googleapis.com/token",
    "microsoft": "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
}
SCOPES: Final[dict[Provider, str]] = {
    "microsoft": "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access"
}
EARLY: Final = 60.0
"""Seconds before its end that a token is no longer used."""

LASTS: Final = 300.0
"""Seconds that a token is taken to last where nobody says so."""

MOST_BYTES: Final = 100_000


@dataclass(frozen=True, slots=True)
class Grant:
    """What is asked for a token with. `scope` None: what was granted."""

    url: str
    client: str
    refresh: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)
    scope: str | None = None

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme != "https" and not is_here(parts.hostname or ""):
            raise NotSealed("tokens are asked for by https only")


class Tokens:
    """Safe to call from several threads. `seconds` is a clock that only goes forward."""

    def __init__(self, grant: Grant, seconds: Callable[[], float] = time.monotonic) -> None:
        self._grant, self._seconds = grant, seconds
        self._refresh = grant.refresh
        self._lock = Lock()
        self._token, self._until = "", 0.0

    def __repr__(self) -> str:
        return f"<Tokens of {self._grant.url}>"

    def get(self) -> str:
        """One that is good for a minute at least. Raises ConnectionError."""
        with self._lock:
            if not self._token or self._seconds() >= self._until:
                self._ask()
            return self._token

    def forget(self, token: str) -> None:
        """The mail server did not take it."""
        with self._lock:
            if token == self._token:
                self._token = ""

    def _ask(self) -> None:
        said = self._said(
            {
                "grant_type": "refresh_token",
                "client_id": self._grant.client,
                "refresh_token": self._refresh,
                **({"client_secret": self._grant.secret} if self._grant.secret else {}),
                **({"scope": self._grant.scope} if self._grant.scope else {}),
            }
        )
        token, lasts = said.get("access_token"), said.get("expires_in")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
            raise ConnectionError("whoever gives tokens gave none that can be read")
        good_for = float(lasts) if isinstance(lasts, int | float) and lasts > 0 else LASTS
        self._token, self._until = token, self._seconds() + max(good_for - EARLY, 0.0)
        newer = said.get("refresh_token")
        if isinstance(newer, str) and newer:
            self._refresh = newer

    def _said(self, form: dict[str, str]) -> dict[str, Any]:
        try:
            answer = httpx.post(self._grant.url, data=form, timeout=TIMEOUT, follow_redirects=False)
        except (httpx.HTTPError, httpx.InvalidURL):
            raise ConnectionError("whoever gives the mailbox's tokens can't be reached") from None
        if answer.status_code in (400, 401, 403):
            raise ConnectionError("the mailbox's sign-in is not granted, or no longer: grant it anew")
        if answer.status_code != 200 or len(answer.content) > MOST_BYTES:
            raise ConnectionError("whoever gives the mailbox's tokens gives none now")
        try:
            said = answer.json()
        except ValueError:
            said = None
        return said if isinstance(said, dict) else {}


@lru_cache(maxsize=256)
def tokens_of(grant: Grant) -> Tokens:
    """The same for the same grant, so that a token is used until its end."""
    return Tokens(grant)


def xoauth2(user: str, token: str) -> str:
    """As it is said to a mail server, before base64."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"

"""Who may open the staff page: whoever holds the one-time link, then a session kept in this process."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from secrets import token_urlsafe
from threading import Lock
from time import monotonic

from lamplighter.desk.ports import Clock

COOKIE = "lamplighter_desk"
LINK_LIVES = timedelta(hours=24)
SESSION_LIVES = timedelta(hours=14)
LONGEST_NAME = 60


class LinkUsed(Exception):
    """The link was opened before. Every link opens the page once."""


class LinkWrong(Exception):
    """No such link was made, or it is too old."""


@dataclass(slots=True)
class Session:
    """One browser of one member of staff. `name` is None until they said who they are."""

    id: str = field(repr=False)
    csrf: str = field(repr=False)
    until: float
    name: str | None = None
    clinical: bool = False


class Access:
    """Makes links, turns each into a session once, and knows the sessions that are open. Safe from several threads.

    `elapsed` gives seconds that pass for people at a desk, whatever the practice's clock says: a demonstration's
    jumps to tomorrow, and that ends nobody's shift.
    """

    def __init__(self, _: Clock | None = None, *, elapsed: Callable[[], float] = monotonic) -> None:
        self._elapsed = elapsed
        self._lock = Lock()
        self._links: dict[str, float] = {}
        self._used: set[str] = set()
        self._sessions: dict[str, Session] = {}

    def new_link(self, base: str) -> str:
        """`base` is the page's address, as "http://127.0.0.1:8301". Good once, for a day."""
        token = token_urlsafe(32)
        with self._lock:
            self._links[_digest(token)] = self._elapsed() + LINK_LIVES.total_seconds()
        return f"{base.rstrip('/')}/open/{token}"

    def look(self, token: str) -> None:
        """Whether the link would open the page; it stays good. Raises LinkUsed or LinkWrong."""
        with self._lock:
            self._good(_digest(token))

    def enter(self, token: str) -> Session:
        """Uses the link up. Raises LinkUsed or LinkWrong."""
        name, now = _digest(token), self._elapsed()
        with self._lock:
            self._good(name)
            del self._links[name]
            self._used.add(name)
            session = Session(token_urlsafe(32), token_urlsafe(32), now + SESSION_LIVES.total_seconds())
            self._sessions[_digest(session.id)] = session
            return session

    def _good(self, name: str) -> None:
        until = self._links.get(name)
        if until is None and name in self._used:
            raise LinkUsed
        if until is None or until < self._elapsed():
            raise LinkWrong

    def session(self, cookie: str | None) -> Session | None:
        if not cookie:
            return None
        with self._lock:
            session = self._sessions.get(_digest(cookie))
            if session is not None and session.until < self._elapsed():
                del self._sessions[_digest(cookie)]
                return None
            return session

    def leave(self, session: Session) -> None:
        with self._lock:
            self._sessions.pop(_digest(session.id), None)


def may_post(session: Session, given: object) -> bool:
    """Whether a form came from a page that we drew for this session."""
    return isinstance(given, str) and hmac.compare_digest(given.encode(), session.csrf.encode())


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()

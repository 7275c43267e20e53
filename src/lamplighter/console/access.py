"""Sessions of staff, and the one-time links that this process hands out.

A session begins at the door, belonging to nobody. It is admitted once somebody proved who they are, under a new id, and
ends when they leave, when nobody touched its page for a quarter of an hour, with the shift, or when their account does.
A restart ends none (`kept_sessions.py`).
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from secrets import token_hex, token_urlsafe
from threading import Lock
from time import monotonic

from lamplighter.desk.ports import Account, Clock

COOKIE = "lamplighter_desk"
LINK_LIVES = timedelta(hours=24)
SESSION_LIVES = timedelta(hours=14)
IDLE_ENDS = timedelta(minutes=15)
PROOF_LASTS = timedelta(minutes=10)
DOORSTEP_LIVES = timedelta(minutes=30)
MOST_AT_THE_DOOR = 500
MOST_REMEMBERED = 500
NEVER = -inf


class LinkUsed(Exception):
    """The link was opened before. Every link opens the page once."""


class LinkWrong(Exception):
    """No such link was made, or it is too old."""


@dataclass(slots=True)
class Session:
    """One browser of one member of staff; at the door until `account` says whose.

    `enrolling` is the account whose ways to sign in are being set up here, "" for the first owner's, who has none yet.
    `half` proved a passkey that did not check who holds it: a code must follow. `seen` and `opened` are what
    was noted as shown; `glass` are the contacts of which they opened where somebody lives, `broken` the
    people whose pages they opened though their role does not see them, until when.
    """

    id: str = field(repr=False)
    csrf: str = field(repr=False)
    until: float
    acted: float
    proven: float = 0.0
    account: Account | None = None
    enrolling: str | None = None
    half: str | None = None
    challenge: bytes | None = field(default=None, repr=False)
    app_secret: str | None = field(default=None, repr=False)
    without_passkey: bool = False
    ends_at: str | None = field(default=None, repr=False)  # where the identity provider is left
    kept: float = NEVER  # when it was last to be stored
    stored: bool = False  # once it was: where it is there no longer, somebody ended it
    seen: set[str] = field(default_factory=set, repr=False)
    opened: str | None = None
    glass: set[str] = field(default_factory=set, repr=False)
    broken: dict[str, datetime] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """Raises AssertionError at the door, where nobody has a name."""
        assert self.account is not None
        return self.account.name

    @property
    def clinical(self) -> bool:
        return self.account is not None and "clinician" in self.account.roles


class Access:
    """Makes links, turns each into a session once, and knows the sessions that are open. Safe from several threads.

    `elapsed` gives seconds that pass for people at a desk, whatever the practice's clock says: a demonstration's
    jumps to tomorrow, and that ends nobody's shift. `cookie` is its name: browsers send a cookie to every port of this
    machine, so that each practice's page needs a name of its own.
    """

    def __init__(
        self,
        _: Clock | None = None,
        *,
        elapsed: Callable[[], float] = monotonic,
        cookie: str = COOKIE,
        idle: timedelta = IDLE_ENDS,
    ) -> None:
        self.elapsed, self.cookie, self._idle = elapsed, cookie, idle.total_seconds()
        self.process = token_hex(8)
        self._lock = Lock()
        self._links: dict[str, float] = {}
        self._used: set[str] = set()
        self._sessions: dict[str, Session] = {}
        self._lapsed: dict[str, Account] = {}
        self._ended: list[Session] = []
        self._over: dict[str, None] = {}

    # -- links ---------------------------------------------------------------------------------------------------------

    def new_link(self, base: str) -> str:
        """`base` is the page's address, as "http://localhost:8301". Good once, for a day."""
        token = token_urlsafe(32)
        with self._lock:
            self._links[digest(token)] = self.elapsed() + LINK_LIVES.total_seconds()
        return link(base, token)

    def look(self, token: str) -> None:
        """Whether the link would open the page; it stays good. Raises LinkUsed or LinkWrong."""
        with self._lock:
            self._good(digest(token))

    def enter(self, token: str) -> Session:
        """Uses the link up. Raises LinkUsed or LinkWrong."""
        name = digest(token)
        with self._lock:
            self._good(name)
            del self._links[name]
            self._used.add(name)
        return self.arrive()

    def used_up(self, token: str) -> None:
        """Remembers a link that somebody else keeps, so that a second opening is told from a wrong one."""
        with self._lock:
            self._used.add(digest(token))

    def _good(self, name: str) -> None:
        until = self._links.get(name)
        if until is None and name in self._used:
            raise LinkUsed
        if until is None or until < self.elapsed():
            raise LinkWrong

    # -- sessions ------------------------------------------------------------------------------------------------------

    def arrive(self) -> Session:
        """A session at the door. The oldest of too many there makes room."""
        with self._lock:
            waiting = [name for name, each in self._sessions.items() if each.account is None]
            for name in waiting[: max(0, len(waiting) - MOST_AT_THE_DOOR + 1)]:
                del self._sessions[name]
            return self._open(DOORSTEP_LIVES)

    def admit(self, at_the_door: Session, account: Account) -> Session:
        """A session of its own for whoever proved to be this; the one at the door is over."""
        with self._lock:
            self._sessions.pop(digest(at_the_door.id), None)
            session = self._open(SESSION_LIVES)
            session.account, session.proven = account, session.acted
            return session

    def _open(self, lives: timedelta) -> Session:
        now = self.elapsed()
        session = Session(token_urlsafe(32), token_urlsafe(32), now + lives.total_seconds(), now)
        self._sessions[digest(session.id)] = session
        return session

    def session(self, cookie: str | None) -> Session | None:
        """The session that is open under this cookie. To ask is no act of anybody's."""
        if not cookie:
            return None
        with self._lock:
            self._end_what_lapsed()
            return self._sessions.get(digest(cookie))

    def restore(
        self, cookie: str, account: Account, csrf: str, *, untouched: float, left: float
    ) -> Session | None:
        """The session of before a restart: nobody touched its page for so many seconds, and so many are left of its
        shift. Its proof is too old for anything. None where it is over."""
        name = digest(cookie)
        with self._lock:
            if name not in self._over and name not in self._lapsed and name not in self._sessions:
                now = self.elapsed()
                until = now + min(left, SESSION_LIVES.total_seconds())
                self._sessions[name] = Session(cookie, csrf, until, now - untouched, NEVER, account)
            self._end_what_lapsed()
            return self._sessions.get(name)

    def is_open(self, session: Session) -> bool:
        with self._lock:
            return self._sessions.get(digest(session.id)) is session

    def lives_elsewhere(self, session: Session) -> None:
        """It lapsed here only: another process has seen its person since, and it may come back."""
        with self._lock:
            self._lapsed.pop(digest(session.id), None)

    def tell_again(self, session: Session) -> None:
        """What follows from its end could not be done: it is among those that ended when this is asked next."""
        with self._lock:
            self._ended.append(session)

    def acts(self, session: Session) -> None:
        """Its person did something."""
        session.acted = self.elapsed()

    def just_proven(self, session: Session) -> bool:
        """Whether it is so short a time since its person proved who they are that nobody else sits there now."""
        return self.elapsed() - session.proven <= PROOF_LASTS.total_seconds()

    def seconds_left(self, session: Session) -> float:
        """Until nobody's touching the page ends the session, or the shift does."""
        now = self.elapsed()
        return min(session.acted + self._idle, session.until) - now

    def _end_what_lapsed(self) -> None:
        lapsed = [name for name, each in self._sessions.items() if self.seconds_left(each) < 0]
        for name in lapsed:
            session = self._sessions.pop(name)
            if session.account is not None:
                self._ended.append(session)
                self._remember(name, session.account)

    def _remember(self, name: str, account: Account) -> None:
        while len(self._lapsed) >= MOST_REMEMBERED:
            self._lapsed.pop(next(iter(self._lapsed)))
        self._lapsed[name] = account

    def lapsed(self, cookie: str | None) -> Account | None:
        """Whose session under this cookie ended because nobody touched its page, or who left it to come back."""
        return self._lapsed.get(digest(cookie)) if cookie else None

    def take_ended(self) -> tuple[Session, ...]:
        """The sessions that ended by themselves since this was last asked, each given once."""
        with self._lock:
            self._end_what_lapsed()
            ended, self._ended = tuple(self._ended), []
            return ended

    def leave(self, session: Session, *, coming_back: bool = False) -> None:
        """`coming_back`: the same cookie may come back, as in a demonstration, where nobody has to prove anything."""
        with self._lock:
            self._sessions.pop(digest(session.id), None)
            if not coming_back:
                self._never_again(digest(session.id))
            if coming_back and session.account is not None:
                self._remember(digest(session.id), session.account)

    def _never_again(self, name: str) -> None:
        while len(self._over) >= MOST_REMEMBERED:
            self._over.pop(next(iter(self._over)))
        self._over[name] = None

    def end_all_of(self, account: str) -> None:
        """Somebody no longer works here, or signs in anew: their sessions are over, and no cookie opens them again."""
        with self._lock:
            for name in [n for n, s in self._sessions.items() if _whose(s) == account]:
                self._never_again(name)
            self._sessions = {n: s for n, s in self._sessions.items() if _whose(s) != account}
            self._lapsed = {n: a for n, a in self._lapsed.items() if a.id != account}

    def end_others_of(self, session: Session) -> int:
        """Whoever has this session is signed out everywhere else. Says of how many."""
        with self._lock:
            whose = _whose(session)
            others = [
                n for n, s in self._sessions.items() if s is not session and whose and _whose(s) == whose
            ]
            for name in others:
                self._never_again(name)
                del self._sessions[name]
            return len(others)

    def open_for(self, account: str) -> int:
        """How many sessions they have."""
        with self._lock:
            return sum(
                each.account is not None and each.account.id == account for each in self._sessions.values()
            )

    def is_open_for(self, account: str) -> bool:
        """Whether they have a session somewhere."""
        with self._lock:
            found = (each.account for each in self._sessions.values())
            return any(each is not None and each.id == account for each in found)


def _whose(session: Session) -> str | None:
    """Whose it is, or is about to be."""
    return session.account.id if session.account is not None else session.enrolling or session.half


def may_post(session: Session, given: object) -> bool:
    """Whether a form came from a page that we drew for this session."""
    return isinstance(given, str) and hmac.compare_digest(given.encode(), session.csrf.encode())


def link(base: str, token: str) -> str:
    return f"{base.rstrip('/')}/open/{token}"


def digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()

"""A practice's mailbox, looked into again and again by IMAP. Nothing in it is marked, moved or deleted by us.

What is new is told by its Message-ID, of which we keep a mark: so people may read, file and answer beside us, and
nothing is taken twice however often we are stopped. What lay there before we first looked is theirs.
"""

import imaplib
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from threading import Event
from typing import Any, Final

from imap_tools import A, BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError
from imap_tools.idle import get_socket_poller

from lamplighter import logs
from lamplighter.channels.email.accounts import TIMEOUT, Account, Server
from lamplighter.channels.email.inbound import Inbound
from lamplighter.channels.email.reading import Mail, name_of, read
from lamplighter.desk.ports import Clock, Records
from lamplighter.practice.model import Practice

log = logs.get(__name__)
LOOKS_BACK: Final = timedelta(days=14)
"""Of how many days we look at what lies there: longer than any outage."""

MOST_BYTES: Final = 2_000_000
"""Of one letter that are fetched: its words stand before what is attached."""

MOST_FAULTS: Final = 3
"""How often one letter is tried."""

AT_ONCE: Final = 0
"""The turn of whoever is in danger: it waits for no other letter to be read."""

SLICE: Final = 1
"""Seconds after which whoever waits looks whether it is to stop."""


@dataclass(slots=True)
class Pause:
    """Until the next look, at most. `spent`: it has been waited for, and something new may be there."""

    seconds: float
    stopping: Event
    spent: bool = False


Place = tuple[str, str]
"""UIDVALIDITY and UID."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A letter that was read and is still to be taken, in this `turn`."""

    turn: int
    place: Place
    mail: Mail


class Mailbox:
    """One look at a time, by one thread."""

    def __init__(self, account: Account, inbound: Inbound, records: Records, clock: Clock) -> None:
        assert account.reads is not None
        self._account, self._server = account, account.reads
        self._inbound, self._records, self._clock = inbound, records, clock
        self._done: set[tuple[str, str]] = set()
        self._faults: Counter[tuple[str, str]] = Counter()

    def look(self, practice: Practice, pause: "Pause | None" = None) -> int:
        """How many were taken: whoever is in danger as soon as that is read, the others once all that has come is read,
        or the server breaks off. With a `pause`, stays until something new comes, where the server tells. Raises
        ConnectionError where the mailbox can't be reached, or breaks off; one letter that can't be taken keeps no other
        from being, and is tried at the next looks, until it is left to the desk."""
        with _opened(self._server, self._account.folder) as box:
            age = str(box.folder.status(self._account.folder, ["UIDVALIDITY"])["UIDVALIDITY"])
            first = self._is_first()
            since = (self._clock.now() - LOOKS_BACK).date()
            new = [(age, uid) for uid in box.uids(A(date_gte=since)) if not self._is_done(practice, age, uid)]
            taken = self._in_turn(practice, (self._read(box, practice, place, first=first) for place in new))
            if first:
                self._begun()
            self._inbound.nothing_waits(practice.id)
            if pause is not None:
                pause.spent = _told_of_more(box, pause)
        return taken

    def _in_turn(self, practice: Practice, found: "Iterator[_Waiting | None]") -> int:
        """Where the server breaks off, what was read of it is taken all the same, so that each look gets on."""
        taken, waiting, broke_off = 0, [], None
        try:
            for each in filter(None, found):
                if each.turn == AT_ONCE:
                    taken += self._taken(practice, each)
                else:
                    waiting.append(each)
        except (OSError, imaplib.IMAP4.abort) as fault:
            broke_off = fault
        taken += sum(self._taken(practice, each) for each in sorted(waiting, key=lambda each: each.turn))
        if broke_off is not None:
            raise broke_off
        return taken

    def _read(
        self, box: BaseMailBox, practice: Practice, place: "Place", *, first: bool
    ) -> "_Waiting | None":
        """None for what can't be read, is known, or was here before us."""
        self._inbound.something_waits(practice.id)
        try:
            mail = self._fetched(box, practice, place[1], first=first)
            if mail is None:
                self._done.add(place)
            return _Waiting(self._inbound.turn_of(practice, mail), place, mail) if mail else None
        except (OSError, imaplib.IMAP4.abort):
            raise
        except Exception:
            self._not_taken(practice, place)
            return None

    def _taken(self, practice: Practice, waiting: "_Waiting") -> bool:
        self._inbound.something_waits(practice.id)
        try:
            self._inbound.take(practice, waiting.mail)
        except (OSError, imaplib.IMAP4.abort):
            raise
        except Exception:
            self._not_taken(practice, waiting.place)
            return False
        self._done.add(waiting.place)
        return True

    def _fetched(self, box: BaseMailBox, practice: Practice, uid: str, *, first: bool) -> Mail | None:
        """None for what is known, or was here before us."""
        found = next(iter(box.fetch(uid_list=[uid], headers_only=True, mark_seen=False)), None)
        if found is None:
            return None
        name, has_id = name_of(found.headers, b"")
        if has_id and self._inbound.known(practice, name):
            return None
        raw = b"" if has_id and first else _bytes_of(box, uid)
        mail = read(raw, self._account.address, cut=found.size_rfc822 > len(raw) >= MOST_BYTES)
        if first or (not has_id and self._inbound.known(practice, mail.id)):
            self._inbound.note(practice, name if has_id else mail.id)
            return None
        return mail

    def _is_done(self, practice: Practice, age: str, uid: str) -> bool:
        """Taken, or left to the desk."""
        found = (age, uid) in self._done or self._inbound.known(practice, self._place(age, uid))
        if found:
            self._done.add((age, uid))
        return found

    def _not_taken(self, practice: Practice, place: "Place") -> None:
        """After some times it is left to the desk."""
        log.exception("mail_not_taken", practice=practice.id)
        age, uid = place
        self._faults[age, uid] += 1
        if self._faults[age, uid] >= MOST_FAULTS:
            self._inbound.leave(practice, self._place(age, uid))
            self._done.add((age, uid))

    def _place(self, age: str, uid: str) -> str:
        """Where it lies, which is what is known of it for sure."""
        return f"{self._begins}/{age}/{uid}"

    def _is_first(self) -> bool:
        with self._records.transaction(self._account.practice) as tx:
            return not tx.log.claimed(self._begins)

    def _begun(self) -> None:
        with self._records.transaction(self._account.practice) as tx:
            tx.log.claim(self._begins)

    @property
    def _begins(self) -> str:
        return f"mailbox:{self._account.address.lower()}"


def _bytes_of(box: BaseMailBox, uid: str) -> bytes:
    _, parts = box.client.uid("fetch", uid, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
    found: list[Any] = [part for part in parts if isinstance(part, tuple)]
    return bytes(found[0][1]) if found else b""


def _told_of_more(box: BaseMailBox, pause: Pause) -> bool:
    """Waits until the server says anything (RFC 2177), or the pause is over. False where it does not tell, or broke
    off: then it is looked again after the pause. What it says is read only when it is whole: a line that comes in
    pieces is no line yet."""
    try:
        if not _tells(box):
            return False
        idle: Any = box.idle
        idle.start()
        for _ in range(max(1, round(pause.seconds / SLICE))):
            if pause.stopping.is_set() or get_socket_poller(box.client.sock, SLICE):
                break
        idle.stop()
    except (OSError, imaplib.IMAP4.error, ImapToolsError):
        return False
    return True


def _tells(box: BaseMailBox) -> bool:
    """What a server can do it may say in full only to whoever is signed in."""
    _, said = box.client.capability()
    return any(b"IDLE" in line.upper().split() for line in said if isinstance(line, bytes))


@contextmanager
def _opened(server: Server, folder: str) -> Iterator[BaseMailBox]:
    try:
        box = _connected(server)
    except (OSError, imaplib.IMAP4.error, ImapToolsError):
        raise ConnectionError("the mailbox can't be reached") from None
    try:
        _signed_in(box, server, folder)
        yield box
    except (OSError, imaplib.IMAP4.error, ImapToolsError):
        raise ConnectionError("the mailbox refuses the login, or broke off") from None
    finally:
        _left(box)


def _signed_in(box: BaseMailBox, server: Server, folder: str) -> None:
    if server.tokens is None:
        box.login(server.user or "", server.password or "", folder)
        return
    token = server.tokens.get()
    try:
        box.xoauth2(server.user or "", token, folder)
    except (imaplib.IMAP4.error, ImapToolsError):
        server.tokens.forget(token)
        raise


def reached(account: Account) -> None:
    """Raises ConnectionError where the mailbox can't be opened."""
    if account.reads is not None:
        with _opened(account.reads, account.folder):
            return


def _connected(server: Server) -> BaseMailBox:
    if server.security == "tls":
        return MailBox(server.host, server.port, timeout=TIMEOUT, ssl_context=server.context())
    if server.security == "starttls":
        return MailBoxStartTls(server.host, server.port, timeout=TIMEOUT, ssl_context=server.context())
    return MailBoxUnencrypted(server.host, server.port, timeout=TIMEOUT)


def _left(box: BaseMailBox) -> None:
    try:
        box.logout()
    except (OSError, ssl.SSLError, imaplib.IMAP4.error, ImapToolsError):
        box.client.shutdown()

"""The Messenger for email: one letter, handed to the practice's own server, once.

Theory of operation. A mail server can't be asked whether it took a letter. So the last moment before the words leave is
stored: whoever finds it stored already says that the outcome is unknown, which a person looks into, and nothing goes
twice. Everything that fails before that moment may be tried again; a plain no of the server is one.
"""

import smtplib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Final

from lamplighter import logs
from lamplighter.channels.email.accounts import TIMEOUT, Account, Server, Tokens, by_address
from lamplighter.channels.email.leaving import address_of
from lamplighter.channels.email.oauth import xoauth2
from lamplighter.channels.email.writing import written
from lamplighter.desk.ports import Clock, MessageRefused, MessageUnknown, Records

log = logs.get(__name__)
FOR_EVER: Final = timedelta(days=3650).total_seconds()
LATER: Final = range(400, 500)
"""Answers of a server that mean: not now."""


class SmtpMessenger:
    """Messenger for the channel "email". `sender` is "Name <address>", and the address names the account."""

    def __init__(
        self, accounts: Iterable[Account], records: Records, clock: Clock, public: str | None = None
    ) -> None:
        """`public`: where the public pages are from outside, for leaving at one click."""
        self._accounts = by_address(accounts)
        self._public = public
        self._records = records
        self._clock = clock

    def __repr__(self) -> str:
        return f"<SmtpMessenger: {len(self._accounts)} mailboxes>"

    def send(self, message_id: str, channel: str, to: str, sender: str, text: str) -> None:
        """Raises MessageUnknown where it may have gone and may not."""
        account = self._accounts.get(parseaddr(sender)[1].lower())
        if channel != "email" or account is None:
            raise MessageRefused("no mailbox is set up for this sender")
        answers, asked = self._answers(account, message_id)
        try:
            now = self._clock.now()
            leave = address_of(self._public, account.practice, message_id)
            mail = written(message_id, to, sender, text, now, answers=answers, asked=asked, leave=leave)
        except (ValueError, IndexError):
            raise MessageRefused("this is no address that a letter can be sent to") from None
        with _connected(account.sends) as server:
            _addressed(server, account.address, to)
            if not self._begun(account, message_id):
                return
            self._handed_over(server, account, message_id, mail)

    def _answers(self, account: Account, message_id: str) -> tuple[str | None, bool]:
        """The Message-ID that it answers, and whether they had written to us."""
        with self._records.transaction(account.practice) as tx:
            message = tx.outbox.get(message_id)
        args = dict(message.args) if message else {}
        return args.get("answers"), message is not None and message.contact is not None

    def _begun(self, account: Account, message_id: str) -> bool:
        """False where it is known to have gone already."""
        with self._records.transaction(account.practice) as tx:
            now = self._clock.now()
            if tx.log.lease(_gone(message_id), "asked", now, 0) is None:
                return False
            if tx.log.lease(_begins(message_id), "begun", now, 0) is None:
                raise MessageUnknown("it was handed over once, and no answer was heard")
            tx.log.lease(_begins(message_id), "sending", now, FOR_EVER)
            return True

    def _handed_over(
        self, server: smtplib.SMTP, account: Account, message_id: str, mail: EmailMessage
    ) -> None:
        try:
            code, _ = server.data(mail.as_bytes())
        except smtplib.SMTPDataError as no:
            self._not_begun(account, message_id)
            raise _refusal(no.smtp_code) from None
        except (OSError, smtplib.SMTPException):
            log.warning("mail_outcome_unknown", practice=account.practice)
            raise MessageUnknown("the server took the words and did not answer") from None
        if code != 250:
            self._not_begun(account, message_id)
            raise _refusal(code)
        with self._records.transaction(account.practice) as tx:
            tx.log.lease(_gone(message_id), "gone", self._clock.now(), FOR_EVER)

    def _not_begun(self, account: Account, message_id: str) -> None:
        with self._records.transaction(account.practice) as tx:
            tx.log.lease(_begins(message_id), "sending", self._clock.now(), 0)


def _begins(message_id: str) -> str:
    return f"mail:begins:{message_id}"


def _gone(message_id: str) -> str:
    return f"mail:gone:{message_id}"


@contextmanager
def _connected(to: Server) -> Iterator[smtplib.SMTP]:
    try:
        server = _open(to)
    except smtplib.SMTPAuthenticationError:
        log.error("mail_server_refuses_login")
        raise ConnectionError("the mail server refuses the login") from None
    except (OSError, smtplib.SMTPException):
        raise ConnectionError("the mail server can't be reached") from None
    try:
        yield server
    finally:
        server.close()


def answers(server: Server) -> None:
    """Raises ConnectionError where the server can't be reached, or lets nobody in."""
    with _connected(server):
        return


def _open(to: Server) -> smtplib.SMTP:
    if to.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(to.host, to.port, timeout=TIMEOUT, context=to.context())
    else:
        server = smtplib.SMTP(to.host, to.port, timeout=TIMEOUT)
    try:
        server.ehlo_or_helo_if_needed()
        if to.security == "starttls":
            server.starttls(context=to.context())
            server.ehlo()
        if to.tokens is not None:
            _signed_in(server, to.user or "", to.tokens)
        elif to.user is not None:
            server.login(to.user, to.password or "")
    except BaseException:
        server.close()
        raise
    return server


def _signed_in(server: smtplib.SMTP, user: str, tokens: Tokens) -> None:
    """What a server answers to a token that it does not take is answered by nothing: then it says its no."""
    token = tokens.get()
    try:
        server.auth("XOAUTH2", lambda challenge=None: "" if challenge else xoauth2(user, token))
    except smtplib.SMTPAuthenticationError:
        tokens.forget(token)
        raise


def _addressed(server: smtplib.SMTP, sender: str, to: str) -> None:
    try:
        for code, _ in (server.mail(sender), server.rcpt(to)):
            if code not in (250, 251):
                raise _refusal(code)
    except (smtplib.SMTPException, OSError) as broken:
        if isinstance(broken, ConnectionError) and not isinstance(broken, smtplib.SMTPException):
            raise
        raise ConnectionError("the mail server broke off") from None


def _refusal(code: int) -> Exception:
    if code in LATER or code == 421:
        return ConnectionError("the mail server takes no letter now")
    return MessageRefused("the mail server refuses this letter")

"""Mailboxes, as the operator set them up: which practice writes and is written to by which, and what is missing."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from email.utils import parseaddr
from functools import partial
from pathlib import Path
from typing import Final

from starlette.types import ASGIApp

from lamplighter import logs
from lamplighter.channels.email.accounts import Account, NotSealed, Server
from lamplighter.channels.email.inbound import Books, Inbound
from lamplighter.channels.email.leaving import LeavingDoor
from lamplighter.channels.email.mailbox import Mailbox as Box
from lamplighter.channels.email.mailbox import Pause, reached
from lamplighter.channels.email.oauth import SCOPES, TOKEN_URLS, Grant, Tokens, tokens_of
from lamplighter.channels.email.smtp import SmtpMessenger, answers
from lamplighter.channels.web.headers import SafeHeaders
from lamplighter.conversation.before_signing import BeforeSigning
from lamplighter.conversation.guarding import GuardPart, pieces_of
from lamplighter.desk.backlog import Backlog
from lamplighter.desk.contacts import Contacts
from lamplighter.desk.lines import Lines, Now
from lamplighter.desk.one_turn import Line
from lamplighter.desk.ports import Clock, MessageRefused, Messenger, Records
from lamplighter.practice.agreements import agreed_with
from lamplighter.practice.load import load
from lamplighter.practice.model import Practice, PracticeId
from lamplighter.practice.problems import PracticeProblems, Problem
from lamplighter.settings import Mailbox, MailboxToken, Settings
from lamplighter.wiring.doctor import today

log = logs.get(__name__)
FILE: Final = "lamplighter.toml"
AFTER_A_FAULT: Final = 60.0
"""Seconds until a mailbox that could not be reached is tried again."""

RANK: Final = ("crisis", "clinical", "human", "clear")
InForce = Mapping[PracticeId, Practice | None]
"""By practice, what it has signed last; None where nobody has signed it."""


def in_force(lines: Lines) -> InForce:
    """No email is sent or read for a practice that nobody has signed."""
    return Now(lines, _signed)


def books_of(lines: Lines) -> Books:
    """What each practice has signed to say."""
    books = Now(lines, lambda line: line.conversation.phrasebook)
    return lambda practice: books[practice.id]


def _signed(line: Line) -> Practice | None:
    conversation = line.conversation
    return None if isinstance(conversation, BeforeSigning) else conversation.practice


class ByChannel:
    """Messenger: email by the practices' mailboxes, anything else by another messenger."""

    def __init__(
        self, settings: Settings, in_force: InForce, records: Records, clock: Clock, others: Messenger
    ) -> None:
        self._settings, self._in_force, self._others = settings, in_force, others
        self._records, self._clock = records, clock

    def send(self, message_id: str, channel: str, to: str, sender: str, text: str) -> None:
        """Raises MessageRefused where no mailbox may be used for this sender now."""
        if channel != "email":
            return self._others.send(message_id, channel, to, sender, text)
        account = self._account(parseaddr(sender)[1].lower())
        if account is None:
            raise MessageRefused("no mailbox is set up for this sender")
        messenger = SmtpMessenger([account], self._records, self._clock, self._settings.public_address)
        return messenger.send(message_id, channel, to, sender, text)

    def _account(self, address: str) -> Account | None:
        signed = (self._in_force.get(name) for name in self._settings.mailboxes)
        practice = next((each for each in signed if each and (each.email or "").lower() == address), None)
        day = self._clock.now().date()
        return account_of(practice, self._settings, day) if practice is not None else None


def account_of(practice: Practice, settings: Settings, day: date) -> Account | None:
    """None where there is none, or where it may not be used."""
    box = settings.mailboxes.get(practice.id)
    if box is None or practice.email is None or mail_problems(practice, settings, day):
        return None
    return _account(practice.id, practice.email, box, settings)


def _account(practice: PracticeId, address: str, box: Mailbox, settings: Settings) -> Account:
    """Raises NotSealed."""
    secret = box.password or settings.mailbox_passwords.get(practice)
    password = secret.get_secret_value() if secret else None
    tokens = _tokens(box, settings.mailbox_tokens.get(practice))
    user = (box.user or address) if password is not None or tokens is not None else box.user
    sends = Server(box.smtp_host, box.smtp_port, box.smtp_security, user, password, box.ca_file, tokens)
    reads = (
        Server(box.imap_host, box.imap_port, box.imap_security, user, password, box.ca_file, tokens)
        if box.imap_host
        else None
    )
    return Account(practice, address, sends, reads, box.imap_folder)


def _tokens(box: Mailbox, token: MailboxToken | None) -> Tokens | None:
    """None where it is signed in to by a password, or nothing was granted. Raises NotSealed."""
    if box.oauth is None or token is None:
        return None
    provider, secret = box.oauth.provider, token.client_secret
    url = box.oauth.token_url or TOKEN_URLS[provider or "google"].format(tenant=box.oauth.tenant)
    return tokens_of(
        Grant(
            url,
            box.oauth.client_id,
            token.refresh_token.get_secret_value(),
            secret.get_secret_value() if secret else None,
            box.oauth.scope or (SCOPES.get(provider) if provider else None),
        )
    )


# -- what is missing ---------------------------------------------------------------------------------------------------


def mail_problems(practice: Practice, settings: Settings, day: date) -> list[Problem]:
    """What keeps this practice's emails from going out and coming in."""
    box = settings.mailboxes.get(practice.id)
    if box is None and practice.email is None:
        return []
    return [
        Problem(FILE, 0, message, remedy, "error") for message, remedy in _wrong(practice, box, settings, day)
    ]


def _wrong(
    practice: Practice, box: Mailbox | None, settings: Settings, day: date
) -> Iterator[tuple[str, str]]:
    if box is None:
        yield (
            f"{practice.id} has an email address and no mailbox",
            "Set one up under mailboxes, or take the address out.",
        )
        return
    if practice.email is None:
        yield (
            f"{practice.id} has a mailbox and no email address",
            "Write it as `email` to practice.yaml, and sign it.",
        )
        return
    try:
        account = _account(practice.id, practice.email, box, settings)
    except NotSealed as wrong:
        yield f"mailboxes.{practice.id}: {wrong}", "Set smtp_security and imap_security to tls or starttls."
        return
    if box.oauth is not None and account.sends.tokens is None:
        yield (
            f"mailboxes.{practice.id} has nothing granted to sign in with",
            "Set LAMPLIGHTER_MAILBOX_TOKENS in the environment.",
        )
    elif account.reads is not None and account.reads.tokens is None and account.reads.password is None:
        yield (
            f"mailboxes.{practice.id} has no password",
            "Set LAMPLIGHTER_MAILBOX_PASSWORDS in the environment.",
        )
    here = all(each.is_here for each in (account.sends, account.reads) if each is not None)
    if not here and not (box.party and agreed_with(practice, box.party, day)):
        whom = box.party or "whoever runs its mailbox"
        yield (
            f"{practice.id} names no agreement with {whom}: no email goes out or is read",
            "Sign one that forbids reuse, write them to parties.yaml and as `party`, and sign the practice again.",
        )


def mailbox_today(folder: Path, settings: Settings) -> list[Problem]:
    """The same for a practice's folder, and whether its servers answer and let us in."""
    try:
        practice = load(folder)
    except PracticeProblems:
        return []
    day = today()
    problems = mail_problems(practice, settings, day)
    account = None if problems else account_of(practice, settings, day)
    return [*problems, *(_unreached(account) if account is not None else ())]


def _unreached(account: Account) -> Iterator[Problem]:
    remedy = "Look at host, port, security, user and password."
    tries: tuple[tuple[str, Callable[[], None]], ...] = (
        ("smtp", partial(answers, account.sends)),
        ("imap", partial(reached, account)),
    )
    for what, tried in tries:
        try:
            tried()
        except ConnectionError as wrong:
            yield Problem(FILE, 0, f"mailboxes.{account.practice}: {what}: {wrong}", remedy, "error")


def tell_of_mail(
    practices: Iterable[Practice], settings: Settings, day: date, tell: Callable[[str], object]
) -> None:
    for practice in practices:
        for problem in mail_problems(practice, settings, day):
            tell(f"NO EMAIL: {problem.message}. {problem.remedy}")


def mail_door(app: ASGIApp, records: Records, mail: InForce, clock: Clock, books: Books) -> ASGIApp:
    """The public pages, and before them the door by which an address is taken off."""
    return SafeHeaders(LeavingDoor(app, records, mail, clock, books))


# -- looking -----------------------------------------------------------------------------------------------------------


def look_into_mailboxes(
    settings: Settings,
    in_force: InForce,
    contacts: Contacts,
    records: Records,
    clock: Clock,
    guard: GuardPart,
    books: Books,
    backlog: Backlog | None = None,
) -> Callable[[], None]:
    """Looks into every mailbox again and again, each in a thread of its own. What comes back stops it."""

    def reads(practice: Practice, text: str) -> str:
        language = practice.languages_signed[0]
        verdicts = [guard.check(piece, language, "email").verdict for piece in pieces_of(text)]
        return min(verdicts, key=RANK.index, default="clear")

    inbound, stopping = Inbound(contacts, records, clock, reads, books, backlog), threading.Event()
    threads = [
        threading.Thread(
            target=_look_on,
            args=(_Looking(practice, settings, in_force, records, clock, inbound), settings, stopping),
            daemon=True,
            name=f"mailbox-{practice}",
        )
        for practice, box in settings.mailboxes.items()
        if box.imap_host is not None
    ]
    for thread in threads:
        thread.start()

    def stop() -> None:
        stopping.set()
        for thread in threads:
            thread.join(timeout=2)

    return stop


def hold_until_read(settings: Settings, clock: Clock) -> Backlog:
    """Before any job runs: what has come while nobody was here may lie in the mailboxes."""
    backlog = Backlog()
    for practice, box in settings.mailboxes.items():
        if box.imap_host is not None:
            backlog.waits(practice, "mailbox", clock.now())
    return backlog


def _look_on(looking: "_Looking", settings: Settings, stopping: threading.Event) -> None:
    while not stopping.is_set():
        pause = Pause(settings.mailbox_seconds, stopping)
        if not looking.once(pause):
            stopping.wait(AFTER_A_FAULT)
        elif not pause.spent:
            stopping.wait(pause.seconds)


class _Looking:
    """One practice's mailbox, as long as it may be used."""

    def __init__(
        self,
        practice: PracticeId,
        settings: Settings,
        in_force: InForce,
        records: Records,
        clock: Clock,
        inbound: Inbound,
    ) -> None:
        self._practice, self._settings, self._in_force = practice, settings, in_force
        self._records, self._clock, self._inbound = records, clock, inbound
        self._box: tuple[Account, Box] | None = None

    def once(self, pause: Pause | None = None) -> bool:
        """False where it can't be looked into now."""
        try:
            practice = self._in_force.get(self._practice)
            account = self._account(practice) if practice is not None else None
            if practice is None or account is None:
                self._inbound.nothing_waits(self._practice)
                return False
            self._box_of(account).look(practice, pause)
        except ConnectionError:
            log.warning("mailbox_not_reached", practice=self._practice)
            return False
        except Exception:
            log.exception("mailbox_not_read", practice=self._practice)
            return False
        return True

    def _account(self, practice: Practice) -> Account | None:
        return account_of(practice, self._settings, self._clock.now().date())

    def _box_of(self, account: Account) -> Box:
        if self._box is None or self._box[0] != account:
            self._box = account, Box(account, self._inbound, self._records, self._clock)
        return self._box[1]

"""Carriers of texts, as the operator set them up: which practice goes by which, what is missing, and their door."""

import base64
import importlib.util
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from starlette.types import ASGIApp

from lamplighter import logs
from lamplighter.channels.sms.carriers.account import Account, Kind, Pool
from lamplighter.channels.sms.carriers.hooks import Hooks
from lamplighter.channels.sms.door import CarrierDoor, Entrance
from lamplighter.channels.sms.inbound import Inbound
from lamplighter.connectors.models.whereabouts import is_here
from lamplighter.desk.contacts import Contacts
from lamplighter.desk.ports import Carrier, Clock, Outgoing, Records, Taken
from lamplighter.practice.agreements import agreed_with
from lamplighter.practice.directory import Directory
from lamplighter.practice.load import load
from lamplighter.practice.model import Practice, PracticeId
from lamplighter.practice.problems import PracticeProblems, Problem
from lamplighter.settings import CarrierAccount, CarrierNumbers, Settings
from lamplighter.wiring.doctor import today

log = logs.get(__name__)
FILE: Final = "lamplighter.toml"
PARTIES: Final[Mapping[Kind, str]] = {"twilio": "Twilio", "telnyx": "Telnyx", "plivo": "Plivo"}
USERS: Final[Mapping[Kind, str]] = {"twilio": "account SID", "plivo": "auth id"}


class SetUpCarriers:
    """Carriers. Nothing goes out for a practice whose last signed version names no agreement with whoever runs its
    carrier."""

    def __init__(self, settings: Settings, in_force: Mapping[PracticeId, Practice], clock: Clock) -> None:
        self._settings, self._in_force, self._clock = settings, in_force, clock
        self._carriers = {
            practice: LateCarrier(
                account_of(settings, name, account), Pool(practice, numbers.numbers, numbers.service)
            )
            for name, account in settings.carriers.items()
            for practice, numbers in account.practices.items()
        }

    def __repr__(self) -> str:
        return f"<SetUpCarriers for {len(self._carriers)} practices>"

    def of(self, practice: PracticeId) -> Carrier | None:
        signed = self._in_force.get(practice)
        if signed is None or not may_text(signed, self._settings, self._clock.now().date()):
            return None
        return self._carriers[practice]

    def has(self, practice: PracticeId) -> bool:
        return practice in self._carriers

    def warm_up(self) -> threading.Thread:
        """Loads in the background what a first text would otherwise wait for: a library may take seconds."""

        def load() -> None:
            for practice, carrier in self._carriers.items():
                if self.of(practice) is not None:
                    carrier.real()

        thread = threading.Thread(target=load, daemon=True, name="carriers")
        thread.start()
        return thread


class LateCarrier:
    """Carrier, whose library is loaded by the first text or before it."""

    def __init__(self, account: Account, pool: Pool) -> None:
        self._account, self._pool = account, pool
        self._lock = threading.Lock()
        self._real: Carrier | None = None

    @property
    def numbers(self) -> tuple[str, ...]:
        return self._pool.numbers

    @property
    def settles(self) -> timedelta:
        return self.real().settles

    def send(self, message: Outgoing) -> Taken:
        return self.real().send(message)

    def ask(self, message: Outgoing, others: Callable[[str], bool]) -> Taken | None:
        return self.real().ask(message, others)

    def real(self) -> Carrier:
        with self._lock:
            if self._real is None:
                self._real = _made(self._account, self._pool)
            return self._real


def account_of(settings: Settings, name: str, account: CarrierAccount) -> Account:
    secret = account.secret or settings.carrier_secrets.get(name)
    return Account(
        name,
        account.kind,
        account.account,
        secret.get_secret_value() if secret else "",
        settings.public_address or "",
        account.public_key,
        account.api,
    )


def _made(account: Account, pool: Pool) -> Carrier:
    if account.kind == "twilio":
        from lamplighter.channels.sms.carriers.twilio import TwilioCarrier

        return TwilioCarrier(account, pool)
    if account.kind == "telnyx":
        from lamplighter.channels.sms.carriers.telnyx import TelnyxCarrier

        return TelnyxCarrier(account, pool)
    from lamplighter.channels.sms.carriers.plivo import PlivoCarrier

    return PlivoCarrier(account, pool)


def _hooks(account: Account) -> Hooks:
    if account.kind == "twilio":
        from lamplighter.channels.sms.carriers.twilio import TwilioHooks

        return TwilioHooks(account)
    if account.kind == "telnyx":
        from lamplighter.channels.sms.carriers.telnyx import TelnyxHooks

        return TelnyxHooks(account)
    from lamplighter.channels.sms.carriers.plivo import PlivoHooks

    return PlivoHooks(account)


# -- what may be used, and what is missing -------------------------------------------------------------------------


def may_text(practice: Practice, settings: Settings, day: date) -> bool:
    """Whether texts of this practice go out by a carrier."""
    return bool(_of(settings, practice.id)) and not _stops(carrier_problems(practice, settings, day))


Texts = bool | Callable[[Practice], bool]
"""Whether texts can be sent: for every practice, or as it is for each."""


def sends(texts: Texts, practice: Practice) -> bool:
    return texts if isinstance(texts, bool) else texts(practice)


def texts_by(settings: Settings, clock: Clock) -> Callable[[Practice], bool]:
    return lambda practice: may_text(practice, settings, clock.now().date())


def _stops(problems: Iterable[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def _of(settings: Settings, practice: PracticeId) -> list[tuple[str, CarrierAccount, CarrierNumbers]]:
    return [
        (name, account, account.practices[practice])
        for name, account in settings.carriers.items()
        if practice in account.practices
    ]


def carrier_problems(practice: Practice, settings: Settings, day: date) -> list[Problem]:
    """What keeps this practice's texts from going out by its carrier, and what carriers will ask for."""
    found = _of(settings, practice.id)
    problems = [
        Problem(FILE, 0, f"carriers.{name}: {message}", remedy, "warning" if worth_a_look else "error")
        for name, account, numbers in found
        for message, remedy, worth_a_look in (
            *_of_account(account_of(settings, name, account)),
            *_of_numbers(practice, numbers),
            *_of_agreement(practice, account, day),
        )
    ]
    if len(found) > 1:
        names = " and ".join(name for name, _, _ in found)
        problems.append(
            Problem(
                FILE,
                0,
                f"{practice.id} stands in {names}",
                "A practice goes by one carrier: take it out of one.",
            )
        )
    return problems


Wrong = tuple[str, str, bool]


def _of_account(account: Account) -> Iterator[Wrong]:
    if not _installed(account.kind):
        yield "its library is not installed", "Install the extra: lamplighter[carriers].", False
    if not account.secret:
        variable = f'LAMPLIGHTER_CARRIER_SECRETS=\'{{"{account.name}": "..."}}\''
        yield "its secret is missing", f"Set {variable} in the environment.", False
    if account.kind in USERS and not account.user:
        yield f"its {USERS[account.kind]} is missing", "Write it as `account`.", False
    if account.kind == "telnyx" and not _is_key(account.public_key):
        yield (
            "its public key is missing or is none",
            "Copy it from the carrier's portal to `public_key`.",
            False,
        )
    if (
        account.kind == "plivo"
        and account.user
        and (len(account.user) != 20 or account.user[:2] not in ("MA", "SA"))
    ):
        yield "its auth id is none", "It begins with MA or SA and has 20 letters.", False
    if not account.public_url:
        yield (
            "the carrier has nowhere to bring texts and receipts to",
            "Set public_address to where this deployment is reached from outside.",
            False,
        )
    elif not account.public_url.startswith("https://") and account.api is None:
        yield "what people write would come in unsealed", "Give public_address with https.", False
    if account.api is not None and not is_here(account.api):
        yield (
            "`api` is for a stand-in on this machine",
            "Take it out, or name an address on this machine.",
            False,
        )


def _of_numbers(practice: Practice, numbers: CarrierNumbers) -> Iterator[Wrong]:
    if not numbers.numbers:
        yield f"{practice.id} has no number", "Write which numbers its texts come from.", False
    for number in numbers.numbers:
        if number not in practice.numbers:
            remedy = "Write it among the numbers in practice.yaml, or take it out here."
            yield f"{number} is no number of {practice.id}", remedy, False
    if numbers.numbers and not (numbers.brand and numbers.campaign):
        remedy = (
            "Register brand and campaign with the carrier, and write their ids as `brand` and `campaign`."
        )
        yield f"{practice.id} is not registered for 10DLC: telephone companies block its texts", remedy, True


def _of_agreement(practice: Practice, account: CarrierAccount, day: date) -> Iterator[Wrong]:
    party = account.party or PARTIES[account.kind]
    if account.api is None and not agreed_with(practice, party, day):
        remedy = f"Sign one that forbids reuse, write {party} to parties.yaml, and sign the practice again."
        yield f"{practice.id} names no agreement with {party}: nothing goes out", remedy, False


@cache
def _installed(library: str) -> bool:
    return importlib.util.find_spec(library) is not None


def _is_key(written: str) -> bool:
    try:
        return len(base64.b64decode(written, validate=True)) == 32
    except ValueError:
        return False


# -- their door ----------------------------------------------------------------------------------------------------


def carrier_door(
    app: ASGIApp, settings: Settings, contacts: Contacts, records: Records, directory: Directory, clock: Clock
) -> ASGIApp:
    """The public pages, and before them the door of those carriers whose signatures can be checked."""
    entrances = {}
    for name, set_up in settings.carriers.items():
        account = account_of(settings, name, set_up)
        if any(not worth_a_look for _, _, worth_a_look in _of_account(account)):
            log.warning("carrier_not_let_in", kind=account.kind)
            continue
        numbers = {n: practice for practice, each in set_up.practices.items() for n in each.numbers}
        entrances[name] = Entrance(account, _hooks(account), numbers)
    if not entrances:
        return app
    return CarrierDoor(app, entrances, Inbound(contacts, records), records, directory, clock)


def carriers_today(folder: Path, settings: Settings) -> tuple[list[str], list[Problem]]:
    """How the practice in a folder texts, in a line each, and what is missing. Nothing of a folder that can't be read:
    that is for others to say."""
    if not settings.carriers:
        return [], []
    try:
        practice = load(folder)
    except PracticeProblems:
        return [], []
    set_up = [
        f"Texts by {account.kind} ({name}) from {', '.join(numbers.numbers) or 'no number'}; 10DLC brand "
        f"{numbers.brand or 'missing'}, campaign {numbers.campaign or 'missing'}"
        for name, account, numbers in _of(settings, practice.id)
    ]
    return set_up, carrier_problems(practice, settings, today())


def tell_of_carriers(
    practices: Iterable[Practice], settings: Settings, day: date, tell: Callable[[str], object]
) -> None:
    """What keeps texts from going out, and to which addresses a carrier is to bring what people write."""
    for practice in practices:
        for problem in carrier_problems(practice, settings, day):
            kind = "WORTH A LOOK" if problem.severity == "warning" else "NO TEXTS"
            tell(f"{kind}: {problem.message}. {problem.remedy}")
        for name, account, _ in _of(settings, practice.id):
            if may_text(practice, settings, day):
                tell(
                    f"  {practice.name}, texts by {account.kind}: {account_of(settings, name, account).texts}"
                )

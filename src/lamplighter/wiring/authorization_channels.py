"""Channels of authorizations, as the operator set them up: by which one a practice's requests go, and what is
missing."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final

from lamplighter.connectors.authorizations.fhir_pas import FhirPas
from lamplighter.connectors.clearinghouse.availity import AvailityClearinghouse, AvailityReviews
from lamplighter.connectors.clearinghouse.change_family import ChangeFamilyClearinghouse, OptumAuthorizations
from lamplighter.connectors.clearinghouse.control_numbers import StoredNumbers
from lamplighter.connectors.clearinghouse.core_envelope import CoreAuthorizations, CoreClearinghouse
from lamplighter.connectors.models.whereabouts import is_here
from lamplighter.desk.ports import Clock, Records
from lamplighter.desk.ports.authorizations import AuthorizationChannel, AuthorizationChannels
from lamplighter.desk.ports.clearinghouse import Clearinghouse
from lamplighter.practice.agreements import agreed_with
from lamplighter.practice.load import load
from lamplighter.practice.model import Practice, PracticeId
from lamplighter.practice.problems import PracticeProblems, Problem
from lamplighter.settings import (
    AvailityAccount,
    ClearinghouseAccount,
    CoreAccount,
    FilesAccount,
    PasAccount,
    Settings,
)
from lamplighter.wiring.charts import connection_problems, fhir_server
from lamplighter.wiring.clearinghouse_kinds import Account, partner
from lamplighter.wiring.clearinghouses import FILE, SetUpClearinghouses
from lamplighter.wiring.doctor import today

NOBODY: Final = "whoever takes its requests for authorization"
_X12, _PAS, _AVAILITY = "x12_278", "fhir_pas", "availity"


def authorization_channels(settings: Settings, clock: Clock, records: Records) -> AuthorizationChannels:
    return SetUpAuthorizationChannels(settings, clock, records)


class SetUpAuthorizationChannels:
    """Of each practice those whose settings are whole. Whether there is an agreement with their party is asked by the
    desk before every request."""

    def __init__(self, settings: Settings, clock: Clock, records: Records) -> None:
        ways = SetUpClearinghouses(settings, clock, records)
        found = ((name, account, ways.of(name)) for name, account in settings.clearinghouses.items())
        self._channels = {
            (name, kind): channel
            for name, account, way in found
            if way is not None
            for kind, channel in _channels(way, account, StoredNumbers(records, name, clock), clock).items()
        }
        for name, pas in settings.pas.items():
            if (channel := _pas(name, pas, settings, clock)) is not None:
                self._channels[name, _PAS] = channel

    def of(self, practice: PracticeId, kind: str) -> AuthorizationChannel | None:
        return self._channels.get((practice, kind))


def _channels(
    way: Clearinghouse, account: Account, numbers: StoredNumbers, clock: Clock
) -> dict[str, AuthorizationChannel]:
    """By the way that plans are asked by, where it can do more."""
    if isinstance(way, AvailityClearinghouse):
        return {_AVAILITY: AvailityReviews(way.url, way.keys, way.party, numbers)}
    if isinstance(way, CoreClearinghouse):
        return {_X12: CoreAuthorizations(way)}
    if isinstance(way, ChangeFamilyClearinghouse) and isinstance(account, ClearinghouseAccount):
        return _optum(way, account, numbers, clock)
    if isinstance(account, FilesAccount):
        from lamplighter.connectors.clearinghouse.sftp_files import SftpAuthorizations, SftpClearinghouse

        assert isinstance(way, SftpClearinghouse)
        return {_X12: SftpAuthorizations(way)}
    return {}


def _optum(
    way: ChangeFamilyClearinghouse, account: ClearinghouseAccount, numbers: StoredNumbers, clock: Clock
) -> dict[str, AuthorizationChannel]:
    """Optum alone takes them, and it alone gives tokens."""
    if not _takes_requests(account) or account.names is None:
        return {}
    names = partner(account.names)
    return {
        _X12: OptumAuthorizations(way.url, way.keys, way.party, names, numbers, clock, account.tenant),
    }


def _takes_requests(account: Account | None) -> bool:
    """Whether a clearinghouse carries a 278."""
    if isinstance(account, ClearinghouseAccount):
        return account.names is not None and account.token_url is not None
    return isinstance(account, CoreAccount | FilesAccount)


def _pas(name: str, account: PasAccount, settings: Settings, clock: Clock) -> FhirPas | None:
    server = fhir_server(name, account, settings, clock)
    party = "" if _stays_here(account) else account.party or NOBODY
    return None if server is None else FhirPas(server, party, clock)


def _stays_here(account: PasAccount) -> bool:
    return is_here(account.url) and is_here(account.token_url)


# -- what is missing ---------------------------------------------------------------------------------------------------


def authorization_problems(practice: Practice, settings: Settings, day: date) -> list[Problem]:
    """Why requests go by paper though a practice's files or the settings have them go otherwise."""
    account = settings.pas.get(practice.id)
    wrong = [] if account is None else list(_wrong(practice, account, settings, day))
    return [
        *(Problem(FILE, 0, message, remedy) for message, remedy in wrong),
        *(Problem(FILE, 0, message, remedy, "warning") for message, remedy in _nowhere(practice, settings)),
    ]


def authorizations_today(folder: Path, settings: Settings) -> list[Problem]:
    """The same for a practice's folder."""
    try:
        return authorization_problems(load(folder), settings, today())
    except PracticeProblems:
        return []


def _wrong(
    practice: Practice, account: PasAccount, settings: Settings, day: date
) -> Iterator[tuple[str, str]]:
    yield from connection_problems(f"pas.{practice.id}", practice.id, account, settings)
    if not _stays_here(account) and not (account.party and agreed_with(practice, account.party, day)):
        yield (
            f"{practice.id} names no agreement with {account.party or NOBODY}",
            "Sign one that forbids reuse, write them to parties.yaml and as `party`, and sign the practice again.",
        )


def _nowhere(practice: Practice, settings: Settings) -> Iterator[tuple[str, str]]:
    """Ways that authorizations.yaml names and nobody has set up."""
    clearinghouse = settings.clearinghouses.get(practice.id)
    there = {
        _X12: _takes_requests(clearinghouse),
        _PAS: practice.id in settings.pas,
        _AVAILITY: isinstance(clearinghouse, AvailityAccount),
    }
    for kind in dict.fromkeys(each.by for each in practice.authorizations.insurers):
        if not there.get(kind, True):
            yield (
                f"{practice.id} asks for authorizations by {kind}, and nothing is set up that carries them",
                "They go by paper and portal until `clearinghouses` or `pas` has it.",
            )


def tell_of_authorizations(
    practices: Iterable[Practice], settings: Settings, day: date, tell: Callable[[str], object]
) -> None:
    """At the start: whose requests go by paper, and why."""
    for practice in practices:
        for problem in authorization_problems(practice, settings, day):
            tell(f"AUTHORIZATIONS GO BY PAPER: {problem.message}. {problem.remedy}")

"""A clearinghouse of each kind, made of what the operator set, and what one of that kind still wants."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from lamplighter.connectors.clearinghouse.availity import AvailityClearinghouse
from lamplighter.connectors.clearinghouse.change_family import ChangeFamilyClearinghouse
from lamplighter.connectors.clearinghouse.control_numbers import StoredNumbers
from lamplighter.connectors.clearinghouse.core_envelope import CoreClearinghouse, Envelope
from lamplighter.connectors.clearinghouse.keys import Key, OAuthKey
from lamplighter.connectors.clearinghouse.x12.writing import Partner
from lamplighter.connectors.models.whereabouts import LOOPBACK, is_here
from lamplighter.desk.ports import Clock, Records
from lamplighter.desk.ports.clearinghouse import Clearinghouse
from lamplighter.practice.model import PracticeId
from lamplighter.settings import (
    AvailityAccount,
    ClearinghouseAccount,
    CoreAccount,
    EnvelopeNames,
    FilesAccount,
)

Account = ClearinghouseAccount | CoreAccount | AvailityAccount | FilesAccount

NOBODY: Final = "whoever runs its clearinghouse"
_WHERE_SECRETS_STAND: Final = "Set LAMPLIGHTER_CLEARINGHOUSE_SECRETS in the environment."


def made(
    practice: PracticeId, account: Account, secret: str, clock: Clock, records: Records
) -> Clearinghouse:
    """One whose `missing` is empty."""
    party = party_of(account)
    match account:
        case CoreAccount():
            return CoreClearinghouse(
                account.url, party, partner(account.names), StoredNumbers(records, practice, clock), clock,
                Envelope(account.envelope), account.user, secret, account.certificate, account.authority,
            )  # fmt: skip
        case AvailityAccount():
            token = account.url.rstrip("/") + "/v1/token"
            return AvailityClearinghouse(
                account.url, OAuthKey(token, account.client, secret, clock, account.scope), party
            )
        case FilesAccount():
            return _files(practice, account, secret, clock, records)
        case ClearinghouseAccount():
            key = (
                OAuthKey(account.token_url, account.client, secret, clock)
                if account.token_url
                else Key(secret)
            )
            return ChangeFamilyClearinghouse(account.url, key, party)


def _files(
    practice: PracticeId, account: FilesAccount, secret: str, clock: Clock, records: Records
) -> Clearinghouse:
    from lamplighter.connectors.clearinghouse.sftp_files import Folders, SftpClearinghouse

    folders = Folders(
        account.host, account.user, account.host_key, account.outgoing, account.incoming, account.port, secret,
        account.key,
    )  # fmt: skip
    names, numbers = partner(account.names), StoredNumbers(records, practice, clock)
    return SftpClearinghouse(folders, party_of(account), names, numbers, clock)


def party_of(account: Account) -> str:
    """With whom there has to be an agreement; nobody where everything stays on this machine."""
    return "" if stays_here(account) else account.party or NOBODY


def stays_here(account: Account) -> bool:
    if isinstance(account, FilesAccount):
        return account.host in LOOPBACK
    return all(is_here(url) for url in urls(account))


def partner(names: EnvelopeNames) -> Partner:
    return Partner(
        names.sender, names.receiver, names.sender_qualifier, names.receiver_qualifier, names.group_sender,
        names.group_receiver, names.production,
    )  # fmt: skip


def urls(account: Account) -> list[str]:
    """Addresses that have to be sealed; SSH is by itself."""
    if isinstance(account, FilesAccount):
        return []
    token = account.token_url if isinstance(account, ClearinghouseAccount) else None
    return [url for url in (account.url, token) if url]


def missing(name: str, account: Account, secret: str | None) -> Iterator[tuple[str, str]]:
    """What a kind can't do without, with the remedy."""
    where = f"clearinghouses.{name}"
    if isinstance(account, CoreAccount):
        if account.certificate is None and not (account.user and secret):
            remedy = f"Name `user` and {_lower(_WHERE_SECRETS_STAND)} Or name a client certificate."
            yield f"{where} has neither a user with a secret nor a certificate", remedy
        yield from _no_files(where, {"certificate": account.certificate, "authority": account.authority})
    elif isinstance(account, FilesAccount):
        if account.key is None and secret is None:
            yield f"{where} has neither a secret nor a key", f"{_WHERE_SECRETS_STAND} Or name a private key."
        if len(account.host_key.split()) < 2:
            remedy = "Write the line that the clearinghouse gave you, ssh-ed25519 AAAA..., with its kind."
            yield f"{where}.host_key is no public key", remedy
        yield from _no_files(where, {"key": account.key})
    elif secret is None:
        yield f"{where} has no secret", _WHERE_SECRETS_STAND


def _no_files(where: str, files: Mapping[str, Path | None]) -> Iterator[tuple[str, str]]:
    for name, file in files.items():
        if file is not None and not file.is_file():
            yield f"{where}.{name} is no file", "Name a PEM file that the server may read."


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]

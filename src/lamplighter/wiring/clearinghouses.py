"""Clearinghouses, as the operator set them up: by which one a practice's questions go, and what is missing."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from lamplighter.connectors.clearinghouse.change_family.client import ChangeFamilyClearinghouse, Key, OAuthKey
from lamplighter.connectors.models.whereabouts import is_here
from lamplighter.desk.ports import Clock
from lamplighter.desk.ports.clearinghouse import Clearinghouse
from lamplighter.practice.agreements import agreed_with
from lamplighter.practice.load import load
from lamplighter.practice.model import Practice, PracticeId
from lamplighter.practice.problems import PracticeProblems, Problem
from lamplighter.settings import ClearinghouseAccount, Settings
from lamplighter.wiring.doctor import today

FILE: Final = "lamplighter.toml"
NOBODY: Final = "whoever runs its clearinghouse"


class SetUpClearinghouses:
    """One for each practice whose settings are whole. Whether there is an agreement with its party is asked by the desk
    before every question."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        found = {name: _made(name, each, settings, clock) for name, each in settings.clearinghouses.items()}
        self._by_practice = {name: each for name, each in found.items() if each is not None}

    def of(self, practice: PracticeId) -> Clearinghouse | None:
        return self._by_practice.get(practice)


def _made(name: str, account: ClearinghouseAccount, settings: Settings, clock: Clock) -> Clearinghouse | None:
    secret = _secret(name, account, settings)
    if secret is None or not _sealed(account):
        return None
    key = OAuthKey(account.token_url, account.client, secret, clock) if account.token_url else Key(secret)
    here = all(is_here(url) for url in (account.url, account.token_url) if url)
    return ChangeFamilyClearinghouse(account.url, key, "" if here else account.party or NOBODY)


def _secret(name: str, account: ClearinghouseAccount, settings: Settings) -> str | None:
    found = account.secret or settings.clearinghouse_secrets.get(name)
    return found.get_secret_value() if found is not None else None


def _sealed(account: ClearinghouseAccount) -> bool:
    """Nothing goes in the open but on this machine."""
    urls = [url for url in (account.url, account.token_url) if url]
    return all(urlsplit(url).scheme == "https" or is_here(url) for url in urls)


def clearinghouse_problems(practice: Practice, settings: Settings, day: date) -> list[Problem]:
    """Why a practice whose files name payers asks none of them, or would be set up to and names none."""
    account = settings.clearinghouses.get(practice.id)
    if account is None and not practice.eligibility.payers:
        return []
    severity: Literal["error", "warning"] = "warning" if account is None else "error"
    wrong = _wrong(practice, account, settings, day)
    return [Problem(FILE, 0, message, remedy, severity) for message, remedy in wrong]


def clearinghouse_today(folder: Path, settings: Settings) -> list[Problem]:
    """The same for a practice's folder."""
    try:
        return clearinghouse_problems(load(folder), settings, today())
    except PracticeProblems:
        return []


def _wrong(
    practice: Practice, account: ClearinghouseAccount | None, settings: Settings, day: date
) -> Iterator[tuple[str, str]]:
    if account is None:
        yield (
            f"{practice.id} names payers and has no clearinghouse",
            "Set one up under clearinghouses, or take eligibility.yaml out.",
        )
        return
    if not practice.eligibility.payers:
        yield (
            f"{practice.id} has a clearinghouse and names no payers",
            "Write eligibility.yaml, and sign it.",
        )
    if _secret(practice.id, account, settings) is None:
        yield (
            f"clearinghouses.{practice.id} has no secret",
            "Set LAMPLIGHTER_CLEARINGHOUSE_SECRETS in the environment.",
        )
    if not _sealed(account):
        yield f"clearinghouses.{practice.id}: an address does not begin with https://", "Use one that does."
    if not is_here(account.url) and not (account.party and agreed_with(practice, account.party, day)):
        yield (
            f"{practice.id} names no agreement with {account.party or NOBODY}",
            "Sign one that forbids reuse, write them to parties.yaml and as `party`, and sign the practice again.",
        )


def tell_of_clearinghouses(
    practices: Iterable[Practice], settings: Settings, day: date, tell: Callable[[str], object]
) -> None:
    """At the start: for whom nobody is asked, and why."""
    for practice in practices:
        for problem in clearinghouse_problems(practice, settings, day):
            tell(f"NO PLAN IS ASKED: {problem.message}. {problem.remedy}")

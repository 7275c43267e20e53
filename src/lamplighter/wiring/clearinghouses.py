"""Clearinghouses, as the operator set them up: by which one a practice's questions go, and what is missing."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from lamplighter.connectors.models.whereabouts import is_here
from lamplighter.desk.ports import Clock, Records
from lamplighter.desk.ports.clearinghouse import Clearinghouse
from lamplighter.practice.agreements import agreed_with
from lamplighter.practice.load import load
from lamplighter.practice.model import Practice, PracticeId
from lamplighter.practice.problems import PracticeProblems, Problem
from lamplighter.settings import Settings
from lamplighter.wiring.clearinghouse_kinds import NOBODY, Account, made, missing, stays_here, urls
from lamplighter.wiring.doctor import today

FILE: Final = "lamplighter.toml"


class SetUpClearinghouses:
    """One for each practice whose settings are whole. Whether there is an agreement with its party is asked by the desk
    before every question."""

    def __init__(self, settings: Settings, clock: Clock, records: Records) -> None:
        accounts = settings.clearinghouses.items()
        found = {name: _made(name, each, settings, clock, records) for name, each in accounts}
        self._by_practice = {name: each for name, each in found.items() if each is not None}

    def of(self, practice: PracticeId) -> Clearinghouse | None:
        return self._by_practice.get(practice)


def _made(
    name: str, account: Account, settings: Settings, clock: Clock, records: Records
) -> Clearinghouse | None:
    secret = _secret(name, account, settings)
    if any(missing(name, account, secret)) or not _sealed(account):
        return None
    return made(name, account, secret or "", clock, records)


def _secret(name: str, account: Account, settings: Settings) -> str | None:
    found = account.secret or settings.clearinghouse_secrets.get(name)
    return found.get_secret_value() if found is not None else None


def _sealed(account: Account) -> bool:
    """Nothing goes in the open but on this machine."""
    return all(urlsplit(url).scheme == "https" or is_here(url) for url in urls(account))


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
    practice: Practice, account: Account | None, settings: Settings, day: date
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
    yield from missing(practice.id, account, _secret(practice.id, account, settings))
    if not _sealed(account):
        yield f"clearinghouses.{practice.id}: an address does not begin with https://", "Use one that does."
    if not stays_here(account) and not (account.party and agreed_with(practice, account.party, day)):
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

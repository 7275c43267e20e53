"""The practices' charts, as the operator set them up: where a plan's answer is written, and what is missing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from lamplighter.connectors.chart.fhir.client import FhirChart
from lamplighter.connectors.chart.on_paper import PaperChart
from lamplighter.connectors.fhir_rest import FhirServer
from lamplighter.connectors.models.whereabouts import is_here
from lamplighter.connectors.smart_backend import BackendServices, NotAKey, SigningKey
from lamplighter.desk.ports import Clock
from lamplighter.desk.ports.chart import Chart
from lamplighter.practice.agreements import agreed_with
from lamplighter.practice.load import load
from lamplighter.practice.model import Practice, PracticeId
from lamplighter.practice.problems import PracticeProblems, Problem
from lamplighter.settings import ChartAccount, FhirAccount, Settings
from lamplighter.wiring.doctor import today

FILE: Final = "lamplighter.toml"
NOBODY: Final = "whoever runs its charts"


class SetUpCharts:
    """One for each practice whose settings are whole. Whether there is an agreement with its party is asked by the desk
    before every writing."""

    def __init__(self, settings: Settings, practices: Mapping[PracticeId, Practice], clock: Clock) -> None:
        self._settings, self._practices, self._clock = settings, practices, clock
        self._made: dict[PracticeId, Chart | None] = {}

    def of(self, practice: PracticeId) -> Chart | None:
        if practice not in self._made:
            account = self._settings.charts.get(practice)
            self._made[practice] = self._make(practice, account) if account else None
        return self._made[practice]

    def _make(self, practice: PracticeId, account: ChartAccount) -> Chart | None:
        if account.kind == "paper":
            return PaperChart()
        server = fhir_server(practice, account, self._settings, self._clock)
        if server is None:
            return None
        here = all(map(is_here, (account.url, account.token_url)))
        sender = self._practices[practice].name
        return FhirChart(server, sender, "" if here else account.party or NOBODY, self._clock)


def fhir_server(name: str, account: FhirAccount, settings: Settings, clock: Clock) -> FhirServer | None:
    """None where something is missing, or would go in the open."""
    key = _key(name, account, settings)
    if not isinstance(key, SigningKey) or not (_sealed(account) and account.client):
        return None
    services = BackendServices(account.token_url, account.client, key, account.scope, clock)
    return FhirServer(account.url, services)


def _key(name: str, account: FhirAccount, settings: Settings) -> SigningKey | str:
    """Or why there is none that would do."""
    found = account.key or settings.chart_keys.get(name)
    try:
        if found is not None:
            return SigningKey.read(found.get_secret_value())
        if account.key_file is not None:
            return SigningKey.read(account.key_file.read_text("utf-8"))
    except NotAKey as wrong:
        return str(wrong)
    except (OSError, UnicodeDecodeError):
        return "the key file can't be read"
    return "there is no key"


def _sealed(account: FhirAccount) -> bool:
    """Nothing goes in the open but on this machine."""
    urls = (account.url, account.token_url)
    return all(url and (urlsplit(url).scheme == "https" or is_here(url)) for url in urls)


def public_keys(name: str, settings: Settings) -> dict[str, object] | None:
    """What the other side registers (JWKS); None where there is no key that would do."""
    account = settings.charts.get(name) or settings.pas.get(name)
    key = _key(name, account, settings) if account is not None else ""
    return key.jwks() if isinstance(key, SigningKey) else None


def chart_problems(practice: Practice, settings: Settings, day: date) -> list[Problem]:
    """Why nothing is written to a practice's chart, though the settings name one."""
    account = settings.charts.get(practice.id)
    if account is None:
        return []
    return [Problem(FILE, 0, message, remedy) for message, remedy in _wrong(practice, account, settings, day)]


def chart_today(folder: Path, settings: Settings) -> list[Problem]:
    """The same for a practice's folder."""
    try:
        return chart_problems(load(folder), settings, today())
    except PracticeProblems:
        return []


def _wrong(
    practice: Practice, account: ChartAccount, settings: Settings, day: date
) -> Iterator[tuple[str, str]]:
    at = f"charts.{practice.id}"
    if not practice.eligibility.payers:
        yield f"{at}: the practice's files name no payers", "Write eligibility.yaml: nothing else is written."
    if account.kind == "paper":
        return
    yield from connection_problems(at, practice.id, account, settings)
    if not is_here(account.url) and not (account.party and agreed_with(practice, account.party, day)):
        yield (
            f"{practice.id} names no agreement with {account.party or NOBODY}",
            "Sign one that forbids reuse, write them to parties.yaml and as `party`, and sign the practice again.",
        )


def connection_problems(
    at: str, name: str, account: FhirAccount, settings: Settings
) -> Iterator[tuple[str, str]]:
    """What is missing before a server can be reached, and what to do."""
    if not _sealed(account):
        yield (
            f"{at}: an address is missing or does not begin with https://",
            "Set `url` and `token_url` as the server's /.well-known/smart-configuration has them.",
        )
    if not account.client:
        yield f"{at} has no client", "Register one with the server, and write its id as `client`."
    if isinstance(key := _key(name, account, settings), str):
        yield f"{at}: {key}", "Set LAMPLIGHTER_CHART_KEYS in the environment, or `key_file`."


def tell_of_charts(
    practices: Iterable[Practice], settings: Settings, day: date, tell: Callable[[str], object]
) -> None:
    """At the start: into whose chart nothing is written, and why."""
    for practice in practices:
        for problem in chart_problems(practice, settings, day):
            tell(f"NO CHART IS WRITTEN: {problem.message}. {problem.remedy}")

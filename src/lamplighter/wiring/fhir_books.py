"""Books on FHIR servers, as the operator set them up: read beforehand, each in a thread of its own, and again."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from lamplighter import logs
from lamplighter.connectors.billing.fhir_book import FhirBalances
from lamplighter.connectors.billing.remittances import RemittanceFolder
from lamplighter.connectors.models.whereabouts import is_here
from lamplighter.desk.ports import Clock
from lamplighter.practice.agreements import agreed_with
from lamplighter.practice.calendar import local_date
from lamplighter.practice.load import load
from lamplighter.practice.model import Practice, PracticeId
from lamplighter.practice.problems import PracticeProblems, Problem
from lamplighter.settings import FhirBooks, Settings
from lamplighter.wiring.charts import connection_problems, fhir_server
from lamplighter.wiring.doctor import today

DEADLINE: Final = 600.0
"""Seconds, for all the books of a practice."""

log = logs.get(__name__)
FILE: Final = "lamplighter.toml"
NOBODY: Final = "whoever keeps its books"


def fhir_books(settings: Settings, clock: Clock) -> dict[PracticeId, FhirBalances]:
    """Of each practice whose settings are whole."""
    found: dict[PracticeId, FhirBalances] = {}
    for name, each in settings.books.items():
        server = fhir_server(name, each.fhir, settings, clock) if each.fhir is not None else None
        if server is not None:
            folder = RemittanceFolder(each.remittances) if each.remittances else None
            found[name] = FhirBalances(name, server, folder)
    return found


def read_ahead(
    books: Mapping[PracticeId, FhirBalances],
    settings: Settings,
    practices: Mapping[PracticeId, Practice],
    clock: Clock,
) -> Callable[[], None]:
    """Reads all of them now, and again every so many minutes, while we run. What comes back ends it earlier."""
    over = threading.Event()
    for name, held in books.items():
        account = settings.books[name].fhir
        assert account is not None
        every = account.every_minutes * 60
        reading = partial(_read, held, name, account, practices, clock)
        threading.Thread(
            target=_again, args=(reading, every, over), daemon=True, name=f"books-{name}"
        ).start()
    return over.set


def _again(reading: Callable[[], None], seconds: float, over: threading.Event) -> None:
    while not over.is_set():
        reading()
        over.wait(seconds)


def _read(
    held: FhirBalances,
    name: PracticeId,
    account: FhirBooks,
    practices: Mapping[PracticeId, Practice],
    clock: Clock,
) -> None:
    practice = practices.get(name)
    if practice is None:
        return
    day = local_date(practice, clock.now())
    if may_be_read(practice, account, day):
        for problem in held.refresh(day, DEADLINE) or ():
            log.warning("book_entry_unclear", practice=name, file=problem.file, state=problem.message)


def may_be_read(practice: Practice, account: FhirBooks, day: date) -> bool:
    """On this machine, or by an agreement with whoever keeps them: to ask for them tells of somebody."""
    return is_here(account.url) or bool(account.party and agreed_with(practice, account.party, day))


def books_problems(practice: Practice, settings: Settings, day: date) -> list[Problem]:
    """Why the books that a practice's settings name are not read."""
    books = settings.books.get(practice.id)
    if books is None or books.fhir is None:
        return []
    return [Problem(FILE, 0, *told) for told in _wrong(practice, books.fhir, settings, day)]


def books_today(folder: Path, settings: Settings) -> list[Problem]:
    """The same for a practice's folder."""
    try:
        return books_problems(load(folder), settings, today())
    except PracticeProblems:
        return []


def _wrong(
    practice: Practice, account: FhirBooks, settings: Settings, day: date
) -> Iterator[tuple[str, str]]:
    yield from connection_problems(f"books.{practice.id}.fhir", practice.id, account, settings)
    if not may_be_read(practice, account, day):
        yield (
            f"{practice.id} names no agreement with {account.party or NOBODY}",
            "Sign one that forbids reuse, write them to parties.yaml and as `party`, and sign the practice again.",
        )


def tell_of_fhir_books(
    practices: Iterable[Practice], settings: Settings, day: date, tell: Callable[[str], object]
) -> None:
    """At the start: whose books are not read, and why."""
    for practice in practices:
        for problem in books_problems(practice, settings, day):
            tell(f"BOOKS NOT READ: {problem.message}. {problem.remedy}")

"""The practices' books, as the operator set them up; and invented ones for the demonstration."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from lamplighter.connectors.billing.csv_book import CsvBalances
from lamplighter.connectors.billing.memory import MemoryBalances
from lamplighter.connectors.billing.remittances import RemittanceFolder
from lamplighter.desk.ports.balances import Account, Balances, BooksStand, Charge, Credit, Holder, NotTold
from lamplighter.practice.model import Money, Practice, PracticeId
from lamplighter.practice.problems import Problem, format_problem
from lamplighter.settings import Books, Settings
from lamplighter.wiring.demo_week import TO_TRY


class ByPractice:
    """Balances: each practice's own, and for one without any that there are none."""

    def __init__(self, books: Mapping[PracticeId, Balances]) -> None:
        self._books = books

    def of(self, practice: PracticeId, holder: Holder) -> Account | NotTold:
        books = self._books.get(practice)
        return NotTold("no_books") if books is None else books.of(practice, holder)

    def stand(self, practice: PracticeId) -> BooksStand:
        books = self._books.get(practice)
        return BooksStand("none") if books is None else books.stand(practice)


def accounts_of(settings: Settings, on_servers: Mapping[PracticeId, Balances]) -> ByPractice:
    files = {
        name: CsvBalances(name, each.csv, _remittances(each))
        for name, each in settings.books.items()
        if each.csv is not None
    }
    return ByPractice({**files, **on_servers})


def _remittances(books: Books) -> RemittanceFolder | None:
    return RemittanceFolder(books.remittances) if books.remittances else None


def tell_of_books(settings: Settings, say: Callable[[str], object]) -> None:
    """What can't be read in the books, by file and line."""
    for name, each in settings.books.items():
        for problem in problems_in(name, each.csv) if each.csv is not None else ():
            say(f"BOOKS of {name}: {format_problem(problem)}")
        folder = _remittances(each)
        for problem in folder.heard().problems if folder else ():
            say(f"REMITTANCES of {name}: {format_problem(problem)}")


def problems_in(practice: PracticeId, path: Path) -> tuple[Problem, ...]:
    found = CsvBalances(practice, path).books()
    if found is None:
        return (Problem(path.name, 0, "the file can't be read", "Put it where the settings say that it is."),)
    return found.problems


def invented_books(practice: Practice, today: date) -> MemoryBalances:
    """Of the people whom the demonstration lets one try things out as: one owes for two visits, one for a visit of
    which an insurer has paid a part, one nothing."""
    books, as_of = MemoryBalances(), today - timedelta(days=1)
    juniper, marisol, theodore = (Holder(each.first_name, each.last_name, each.born) for each in TO_TRY)
    books.put(practice.id, juniper, Account("HL-1", as_of, (
        Charge("HL-1-1", as_of - timedelta(days=36), _dollars("175.00")),
        Charge("HL-1-2", as_of - timedelta(days=22), _dollars("175.00")),
    ), (Credit("HL-1-3", as_of - timedelta(days=9), _dollars("50.00")),)))  # fmt: skip
    books.put(practice.id, marisol, Account("HL-2", as_of, (
        Charge("HL-2-1", as_of - timedelta(days=40), _dollars("220.00")),
    ), (Credit("HL-2-2", as_of - timedelta(days=12), _dollars("134.75"), "insurance", "HL-2-1"),)))  # fmt: skip
    books.put(practice.id, theodore, Account("HL-3", as_of))
    return books


def _dollars(written: str) -> Money:
    return Money(Decimal(written))

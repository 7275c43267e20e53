"""The books as a CSV file that the practice's billing system writes out, one row an entry.

A row that can't be read is named, and its account is told to nobody until it can be; all others hold. The file is read
anew when it has changed, and reading it twice changes nothing. While it is gone or can't be read, what was read last
holds, with its day.
"""

import csv
import io
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, Literal

from lamplighter import logs
from lamplighter.connectors.billing.csv_rows import (
    NEEDED,
    OPTIONAL,
    Owner,
    Wrong,
    read_entry,
    read_holder,
    read_owner,
)
from lamplighter.connectors.billing.names import Place, place
from lamplighter.connectors.billing.remittances import RemittanceFolder, with_insurers
from lamplighter.desk.ports.balances import Account, BooksStand, Charge, Credit, Holder, NotTold
from lamplighter.practice.model import PracticeId
from lamplighter.practice.problems import Problem

LARGEST_FILE: Final = 64 * 1024 * 1024  # bytes
log = logs.get(__name__)


@dataclass(slots=True)
class _Open:
    """An account while its rows are read. `unclear`: something of it can't be told."""

    owner: Owner
    as_of: date
    entries: dict[tuple[str, str], tuple[Charge | Credit, int]] = field(default_factory=dict)
    unclear: bool = False

    def account(self) -> Account:
        found = [entry for entry, _ in self.entries.values()]
        return Account(
            self.owner.number,
            self.as_of,
            tuple(each for each in found if isinstance(each, Charge)),
            tuple(each for each in found if isinstance(each, Credit)),
            self.owner.no_cost_sharing,
        )


@dataclass(frozen=True, slots=True)
class Books:
    """What a file says. `unclear`: of a row nobody knows whose it is, so that nobody's account is sure to be whole."""

    accounts: Mapping[Place, tuple[Account | None, ...]] = field(repr=False)
    problems: tuple[Problem, ...] = ()
    unclear: bool = False

    def of(self, where: Place) -> Account | NotTold:
        found = self.accounts.get(where, ())
        if len(found) > 1:
            return NotTold("several")
        if self.unclear:
            return NotTold("unclear")
        if not found:
            return NotTold("nobody")
        return found[0] or NotTold("unclear")

    def stand(self, *, failed: bool = False) -> BooksStand:
        every = [account for several in self.accounts.values() for account in several]
        days = [account.as_of for account in every if account is not None]
        state: Literal["failed", "read"] = "failed" if failed else "read"
        return BooksStand(state, min(days, default=None), len(every), len(every) - len(days), self.unclear)


def read(content: bytes, file: str) -> Books:
    """Everything that the file holds, and everything that is wrong with it by line."""
    return _Reading(file).books(content)


class _Reading:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.open: dict[str, _Open] = {}
        self.lost: set[tuple[str, Place | None]] = (
            set()
        )  # of rows that can't be read: which account, and whose
        self.unclear = False

    def books(self, content: bytes) -> Books:
        rows = self._rows(content)
        for line, values in rows:
            self._row(line, values)
        found: dict[Place, list[Account | None]] = {}
        for number, whose in self.lost:
            self._miss(number, whose, found)
        for each in self.open.values():
            found.setdefault(_whose(each.owner), []).append(None if each.unclear else each.account())
        accounts = {where: tuple(several) for where, several in found.items()}
        return Books(accounts, tuple(self.problems), self.unclear)

    def _rows(self, content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.unclear = True
            return self._note(0, "this is not plain text", "Save it as CSV in UTF-8.")
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        header = [name.strip().lower().replace(" ", "_") for name in next(reader, [])]
        if not self._has_columns(header):
            return
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells) and self._is_whole(header, cells, reader.line_num):
                    yield reader.line_num, dict(zip(header, map(str.strip, cells), strict=True))
        except csv.Error:
            self.unclear = True
            self._note(reader.line_num, "the row can't be told from the next", "Close its quotation marks.")

    def _is_whole(self, header: list[str], cells: list[str], line: int) -> bool:
        """A row with too few or too many cells has lost its place: what stands where is not known."""
        if len(cells) == len(header):
            return True
        self._note(line, "the row has more or fewer cells than the first line", "Give it as many.")
        number = cells[0].strip() if header[0] == "account" else ""
        self.lost.add((number, None))
        return False

    def _has_columns(self, header: list[str]) -> bool:
        missing = [name for name in NEEDED if name not in header]
        twice = {name for name in header if name and header.count(name) > 1}
        for name in missing:
            self._note(1, f"there is no column {name}", "Write the name of every column into the first line.")
        for name in sorted(twice):
            self._note(1, f"the column {name} is there twice", "Take one of them out.")
        for name in header:
            if name not in (*NEEDED, *OPTIONAL):
                self._note(1, "nothing reads one of the columns", "It may stay.", warning=True)
        self.unclear = bool(missing or twice)
        return not self.unclear

    def _row(self, line: int, values: dict[str, str]) -> None:
        try:
            owner = read_owner(values)
        except Wrong as wrong:
            self.lost.add((values.get("account", ""), _whose_row(values)))
            return self._note(line, f"{wrong.column}: {wrong.message}", wrong.remedy)
        held = self.open.setdefault(owner.number, _Open(owner, owner.as_of))
        held.as_of = min(held.as_of, owner.as_of)
        if _differs(held.owner, owner):
            held.unclear = True
            return self._note(line, "the account is somebody else's in a row before", "Give each their own.")
        try:
            self._enter(held, line, read_entry(values))
        except Wrong as wrong:
            held.unclear = True
            self._note(line, f"{wrong.column}: {wrong.message}", wrong.remedy)

    def _miss(self, number: str, whose: Place | None, found: dict[Place, list[Account | None]]) -> None:
        """A row that can't be read leaves its account and its holder unclear. Where it names neither an account that
        is known from another row nor a holder, nobody knows whose it is, and nobody's account is sure to be whole."""
        held = self.open.get(number)
        if held is not None:
            held.unclear = True
        elif whose is None or not number:
            self.unclear = True
        if whose is not None and (held is None or _whose(held.owner) != whose):
            found.setdefault(whose, []).append(None)

    def _enter(self, held: _Open, line: int, entry: Charge | Credit | None) -> None:
        if entry is None:
            return
        name = (type(entry).__name__, entry.id)
        before = held.entries.setdefault(name, (entry, line))
        if before[0] != entry:
            held.unclear = True
            self._note(
                line,
                f"the entry of line {before[1]} stands here otherwise",
                "Take out the one that is wrong.",
            )

    def _note(self, line: int, message: str, remedy: str, *, warning: bool = False) -> None:
        self.problems.append(Problem(self.file, line, message, remedy, "warning" if warning else "error"))


def _whose(owner: Owner) -> Place:
    return place(owner.first_name, owner.last_name, owner.born)


def _whose_row(values: Mapping[str, str]) -> Place | None:
    try:
        return place(*read_holder(values))
    except Wrong:
        return None


def _differs(one: Owner, other: Owner) -> bool:
    return (_whose(one), one.no_cost_sharing) != (_whose(other), other.no_cost_sharing)


class CsvBalances:
    """Balances of one practice, from the file that its books are written to, with what insurers have said beside it."""

    def __init__(self, practice: PracticeId, path: Path, remittances: RemittanceFolder | None = None) -> None:
        self._practice, self._path, self._remittances = practice, path, remittances
        self._lock = threading.Lock()
        self._read: tuple[int, int] | None = None
        self._books: Books | None = None

    def of(self, practice: PracticeId, holder: Holder) -> Account | NotTold:
        if practice != self._practice:
            return NotTold("no_books")
        books = self.books()
        if books is None:
            return NotTold("no_books")
        found = books.of(place(holder.first_name, holder.last_name, holder.born))
        return with_insurers(found, self._remittances) if isinstance(found, Account) else found

    def stand(self, practice: PracticeId) -> BooksStand:
        books = self.books() if practice == self._practice else None
        if practice != self._practice:
            return BooksStand("none")
        return BooksStand("failed") if books is None else books.stand(failed=self._read is None)

    def books(self) -> Books | None:
        """None where nothing could ever be read."""
        with self._lock:
            self._look()
            return self._books

    def _look(self) -> None:
        try:
            stands = self._path.stat()
            seen = (stands.st_mtime_ns, stands.st_size)
            if seen == self._read:
                return
            if stands.st_size > LARGEST_FILE:
                raise OSError("too large")
            self._books, self._read = read(self._path.read_bytes(), self._path.name), seen
        except OSError as fault:
            if self._read is not None or self._books is None:
                log.warning("books_not_read", practice=self._practice, error=type(fault).__name__)
            self._read = None
            return
        log.info("books_read", practice=self._practice, count=len(self._books.problems))

"""`lamplighter counts`: what a practice hands in and publishes of a year, and the file that its page shows it from."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

from lamplighter.desk.counting import FEW, Year, years
from lamplighter.desk.ports import LedgerEntry, Records
from lamplighter.practice.model import PracticeId
from lamplighter.settings import Settings
from lamplighter.whole_files import write_over
from lamplighter.wiring.clocks import WallClock
from lamplighter.wiring.practices import practices_in
from lamplighter.wiring.signers import Signers
from lamplighter.wiring.staff_link import NoSuchPractice
from lamplighter.wiring.store import open_records

FILE: Final = "published-counts.json"
PAGE: Final = 1000
READABLE: Final = 0o644  # it is published
Shown = dict[str, int | None]


def counts_of(settings: Settings, practice: PracticeId) -> tuple[Year, ...]:
    """Every year that the ledger knows of. Raises NoSuchPractice, NothingToServe, KeyProblem, WrongKey."""
    clock = WallClock()
    practices = practices_in(settings.practices, Signers(settings.data), clock.now())
    found = next((each.practice for each in practices.answered if each.practice.id == practice), None)
    if found is None:
        raise NoSuchPractice
    records = open_records(settings, clock)
    try:
        return years(entries_of(records, practice), found.timezone)
    finally:
        records.close()


def entries_of(records: Records, practice: PracticeId) -> Iterator[LedgerEntry]:
    """In short transactions, so that nobody waits for it."""
    after = 0
    while True:
        with records.transaction(practice) as tx:
            page = tx.ledger.entries(after=after, limit=PAGE)
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1].seq


def as_text(counted: tuple[Year, ...]) -> str:
    rows = [
        f"{each.year}: {each.contacts} contacts; handed over: {each.person_now} to a person now, {each.clinician} to a "
        f"clinician, {each.desk} to the desk; {each.false_alarms} not needed, as staff said"
        for each in counted
    ]
    return "\n".join(rows) or "Nothing was counted yet."


def few_hidden(year: Year) -> Shown:
    """None in place of a number that is too small to be published."""
    return {name: None if 0 < count < FEW else count for name, count in asdict(year).items()}


def publish(data: Path, practice: PracticeId, counted: tuple[Year, ...]) -> None:
    """In place of what was published of these years before; other years and practices stay."""
    published = _read(data)
    mine = {row["year"]: row for row in published.get(practice, [])}
    mine |= {each.year: few_hidden(each) for each in counted}
    published[practice] = [mine[year] for year in sorted(mine, key=lambda year: year or 0, reverse=True)]
    written = json.dumps(published, indent=1, sort_keys=True) + "\n"
    write_over(data / FILE, written.encode(), READABLE)


def published_in(data: Path, practice: PracticeId) -> tuple[Shown, ...]:
    """The latest year first; nothing where nothing was published, or it can't be read."""
    return tuple(_read(data).get(practice, ()))


def _read(data: Path) -> dict[str, list[Shown]]:
    try:
        found = json.loads((data / FILE).read_text("utf-8"))
        return {
            str(practice): [{name: row[name] for name in asdict(Year(0))} for row in rows]
            for practice, rows in found.items()
        }
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        return {}

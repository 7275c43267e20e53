"""What `lamplighter doctor` finds in the operator's settings of books and payments, beside what the practice signed."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final, Literal

from lamplighter.connectors.billing.remittances import RemittanceFolder
from lamplighter.practice.load import load
from lamplighter.practice.model import Practice
from lamplighter.practice.problems import PracticeProblems, Problem
from lamplighter.settings import Books, Settings
from lamplighter.wiring.billing import problems_in
from lamplighter.wiring.doctor import today
from lamplighter.wiring.payments import what_is_wrong

SETTINGS: Final = Path("lamplighter.toml")


def billing_today(folder: Path, settings: Settings) -> list[Problem]:
    """For a practice's folder; nothing of one that can't be read, which is said elsewhere."""
    try:
        return billing_problems(load(folder), settings, today())
    except PracticeProblems:
        return []


def billing_problems(
    practice: Practice, settings: Settings, day: date, file: Path = SETTINGS
) -> list[Problem]:
    return [*_books(practice, settings, file), *_payments(practice, settings, day, file)]


def _books(practice: Practice, settings: Settings, file: Path) -> Iterator[Problem]:
    books = settings.books.get(practice.id)
    if books is None:
        if practice.billing is not None:
            yield _problem(
                file,
                f"books.{practice.id}",
                f"{practice.id} has signed billing.yaml and no books are set up: whoever asks is called back",
                "Set them up under books, or leave it to the biller.",
                "warning",
            )
        return
    if practice.billing is None:
        yield _problem(
            file,
            f"books.{practice.id}",
            f"{practice.id} has books and no billing.yaml: nobody is told anything of them",
            "Write billing.yaml, and sign it.",
            "warning",
        )
    if books.csv is not None:
        yield from problems_in(practice.id, books.csv)
    yield from _remittances(practice, books, file)


def _remittances(practice: Practice, books: Books, file: Path) -> Iterator[Problem]:
    if books.remittances is None:
        return
    if not books.remittances.is_dir():
        yield _problem(
            file,
            f"books.{practice.id}",
            f"{books.remittances} is no folder",
            "Name the folder that remittances (835) are written to, or take `remittances` out.",
            "error",
        )
        return
    yield from RemittanceFolder(books.remittances).heard().problems


def _payments(practice: Practice, settings: Settings, day: date, file: Path) -> Iterator[Problem]:
    by_link = practice.billing is not None and practice.billing.pays_by == "link"
    if practice.id not in settings.payments:
        if by_link:
            yield _problem(
                file,
                f"payments.{practice.id}",
                f"{practice.id} is paid by a link and no payment company is set up: statements are offered instead",
                "Set one up under payments, or write `paid_by: statement` in billing.yaml.",
                "warning",
            )
        return
    if not by_link:
        yield _problem(
            file,
            f"payments.{practice.id}",
            f"{practice.id} has a payment company, and billing.yaml does not say `paid_by: link`: nobody is sent there",
            "Write `paid_by: link` in billing.yaml and sign it, or take the account out.",
            "warning",
        )
    for wrong in what_is_wrong(practice, settings, day):
        what, _, remedy = wrong.partition(": ")
        yield _problem(
            file, f"payments.{practice.id}", f"no link to pay: {what}", f"{remedy.capitalize()}.", "error"
        )


def _problem(
    file: Path, section: str, message: str, remedy: str, severity: Literal["error", "warning"]
) -> Problem:
    return Problem(file.name, _line(file, section), message, remedy, severity)


def _line(file: Path, section: str) -> int:
    """Where the section begins; 0 where the settings stand elsewhere, or it is missing."""
    head = re.compile(
        rf'\s*\[\s*"?{re.escape(section.split(".")[0])}"?\s*\.\s*"?{re.escape(section.split(".")[1])}"?\s*\]'
    )
    lines = file.read_text("utf-8", "replace").splitlines() if file.is_file() else []
    return next((n for n, line in enumerate(lines, 1) if head.match(line)), 0)

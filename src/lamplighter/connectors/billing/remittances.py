"""What insurers paid, from a folder of remittances (835): a claim's account number is the id of its charge.

All that insurers have said of a charge counts together, so that a payment that was taken back and made anew leaves what
holds. Where a claim does not balance, an amount can't be read, or a second insurer pays as well, nothing is told of it.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from lamplighter.connectors.clearinghouse.x12 import X12Error
from lamplighter.connectors.clearinghouse.x12.reading import documents_before_the_fault
from lamplighter.connectors.clearinghouse.x12.remittance import Adjustment, PaidClaim, Remittance
from lamplighter.desk.ports.balances import Account, FromInsurer
from lamplighter.practice.model import Money
from lamplighter.practice.problems import Problem

LARGEST_FILE: Final = 64 * 1024 * 1024  # bytes
DENIED, FIRST_PAYER, REVERSED = "4", "1", "22"
SURE: Final = frozenset({FIRST_PAYER, DENIED, REVERSED})
"""Statuses of claims that can be told of: paid as the first insurer, denied, and taken back."""

PATIENTS: Final = "PR"


@dataclass(frozen=True, slots=True)
class Heard:
    """By charge; None where it can't be told."""

    by_charge: Mapping[str, FromInsurer | None]
    problems: tuple[Problem, ...] = ()


def heard(remittances: Iterable[Remittance]) -> dict[str, FromInsurer | None]:
    """A remittance that came twice counts once."""
    claims: dict[str, list[tuple[PaidClaim, Remittance]]] = {}
    for remittance in dict.fromkeys(remittances):
        for claim in remittance.claims:
            claims.setdefault(claim.account, []).append((claim, remittance))
    return {charge: _together(charge, said) for charge, said in claims.items()}


def _together(charge: str, said: list[tuple[PaidClaim, Remittance]]) -> FromInsurer | None:
    """In the order in which they were paid."""
    if not all(_is_clear(claim) for claim, _ in said):
        return None
    paid, patients, others = Decimal(), Decimal(), Decimal()
    for claim, _ in said:
        paid += claim.paid.amount if claim.paid else 0
        patients += _kept(claim, patients_own=True)
        others += _kept(claim, patients_own=False)
    latest = max(said, key=lambda each: each[1].paid_on or date.min)
    denied = latest[0].status == DENIED and not paid
    return FromInsurer(charge, Money(paid), Money(others), Money(patients), denied, latest[1].paid_on)


def _is_clear(claim: PaidClaim) -> bool:
    """It balances to the cent, and nobody else pays beside."""
    if claim.status not in SURE or claim.charge is None or claim.paid is None:
        return False
    if any(each.amount is None for each in _adjustments(claim)):
        return False
    kept = _kept(claim, patients_own=True) + _kept(claim, patients_own=False)
    return claim.charge.amount - claim.paid.amount == kept


def _kept(claim: PaidClaim, *, patients_own: bool) -> Decimal:
    return sum(
        (
            each.amount.amount
            for each in _adjustments(claim)
            if each.amount and (each.group == PATIENTS) is patients_own
        ),
        Decimal(),
    )


def _adjustments(claim: PaidClaim) -> Iterator[Adjustment]:
    yield from claim.adjustments
    for line in claim.lines:
        yield from line.adjustments


class RemittanceFolder:
    """Reads every file of the folder; anew when one of them changes. One that breaks off is named, and what stands
    before the break holds."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder, threading.Lock()
        self._seen: tuple[tuple[str, int, int], ...] | None = None
        self._heard = Heard({})

    def heard(self) -> Heard:
        with self._lock:
            seen = self._look()
            if seen is not None and seen != self._seen:
                self._heard, self._seen = self._read([name for name, _, _ in seen]), seen
            return self._heard

    def _look(self) -> tuple[tuple[str, int, int], ...] | None:
        """None while the folder can't be looked into: what was read last holds."""
        try:
            files = [path for path in self._folder.iterdir() if path.is_file() and path.name[0] != "."]
            return tuple(sorted((p.name, p.stat().st_mtime_ns, p.stat().st_size) for p in files))
        except OSError:
            return None

    def _read(self, names: Iterable[str]) -> Heard:
        remittances: list[Remittance] = []
        problems: list[Problem] = []
        for name in names:
            try:
                remittances.extend(self._documents(name))  # what comes before a fault stays
            except (X12Error, OSError, ValueError) as wrong:
                told = str(wrong) if isinstance(wrong, X12Error) else "the file can't be read"
                problems.append(Problem(name, 0, told, "Get it from the clearinghouse again."))
        return Heard(heard(remittances), tuple(problems))

    def _documents(self, name: str) -> Iterator[Remittance]:
        path = self._folder / name
        if path.stat().st_size > LARGEST_FILE:
            raise OSError("too large")
        for document in documents_before_the_fault(path.read_bytes()):
            if isinstance(document.content, Remittance):
                yield document.content


def with_insurers(account: Account, folder: RemittanceFolder | None) -> Account:
    """With what insurers have said of its charges."""
    if folder is None:
        return account
    said = folder.heard().by_charge
    found = (said.get(charge.id) for charge in account.charges)
    return replace(account, insurer=tuple(each for each in found if each is not None))

"""The books as a FHIR R4 server has them. R4 knows no balance (`Account.balance` came later): what somebody owes is the
total of their invoices less what was paid on them. `docs/billing.md` says which resources count and how.

All of it is read beforehand, again and again; whoever asks is answered at once, from what was read last, with its day.
"""

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from lamplighter import logs
from lamplighter.connectors.billing.csv_book import Books
from lamplighter.connectors.billing.fhir_entries import (
    Bill,
    Paid,
    Unclear,
    bill_of,
    business_name,
    day_of,
    name_of,
    noticed,
    one_each,
    reference_of,
    settled,
    type_of,
)
from lamplighter.connectors.billing.names import Place, place
from lamplighter.connectors.billing.remittances import RemittanceFolder, with_insurers
from lamplighter.connectors.fhir_rest import FhirServer, NoAnswer, Resource, Session, objects, words
from lamplighter.desk.ports.balances import Account, BooksStand, Holder, NotTold
from lamplighter.practice.model import PracticeId
from lamplighter.practice.problems import Problem

log = logs.get(__name__)
FILE: Final = "FHIR"
NO_COST: Final = "no_cost_sharing"
AT_A_TIME: Final = 40  # patients asked for by name in one request
PAGES: Final = 2000


@dataclass(frozen=True, slots=True)
class Found:
    """What a server holds of money."""

    accounts: Sequence[Resource] = ()
    invoices: Sequence[Resource] = ()
    payments: Sequence[Resource] = ()
    notices: Sequence[Resource] = ()
    patients: Sequence[Resource] = ()


def read(session: Session) -> Found:
    """Raises NoAnswer."""
    # Payments first: an invoice is never younger than what was paid on it.
    kinds = ("PaymentReconciliation", "PaymentNotice", "Invoice", "Account")
    payments, notices, invoices, accounts = (session.search(kind, most=PAGES) for kind in kinds)
    whose = {name for each in accounts for name in _subjects(each)}
    whose |= {reference_of(each.get("subject")) for each in invoices}
    patients = _patients(session, sorted(name for name in whose if name.startswith("Patient/")))
    return Found(accounts, invoices, payments, notices, tuple(patients))


def _patients(session: Session, names: Sequence[str]) -> Iterator[Resource]:
    for start in range(0, len(names), AT_A_TIME):
        ids = ",".join(name.removeprefix("Patient/") for name in names[start : start + AT_A_TIME])
        yield from session.search("Patient", ("_id", ids))


def _subjects(account: Resource) -> list[str]:
    return [reference_of(each) for each in objects(account.get("subject"))]


# -- what it says of each ----------------------------------------------------------------------------------------------


def books_of(found: Found, as_of: date) -> Books:
    """Everybody's account as of a day, and what can't be told, by the server's names alone."""
    return _Reading(found, as_of).books()


@dataclass(slots=True)
class _Reading:
    found: Found
    as_of: date
    problems: list[Problem] = field(default_factory=list)
    unclear: set[str] = field(default_factory=set)
    all_unclear: bool = False
    bills: dict[str, Bill] = field(default_factory=dict)
    paid: dict[str, list[Paid]] = field(default_factory=lambda: defaultdict(list))

    def books(self) -> Books:
        for resource in self.found.invoices:
            self._bill(resource)
        for each in self._payments():
            self.paid[each.bill].append(each)
            if each.bill not in self.bills:
                self.all_unclear = True
                self._note(each.bill, "money was paid on it, and it is not there")
        accounts: dict[Place, list[Account | None]] = defaultdict(list)
        for who, account in self._accounts():
            where = self._place(who)
            if where is not None:
                accounts[where].append(account)
        told = {where: tuple(several) for where, several in accounts.items()}
        return Books(told, tuple(self.problems), self.all_unclear)

    def _bill(self, resource: Resource) -> None:
        try:
            bill = bill_of(resource)
        except Unclear as wrong:
            self._note(name_of(resource), wrong.message)
            self._lose(wrong.whose)
            bill = Bill(name_of(resource), wrong.whose, "unclear")
        self.bills[bill.name] = bill

    def _lose(self, whose: str) -> None:
        if whose:
            self.unclear.add(whose)
        else:
            self.all_unclear = True

    def _payments(self) -> Iterator[Paid]:
        """What a payment says of itself; beside it the notices of those that say nothing, each payment once for an
        invoice."""
        seen: set[tuple[str, str]] = set()
        there = {name_of(resource): resource for resource in self.found.payments}
        for name, resource in there.items():
            for paid in settled(resource):
                seen.add((name, paid.bill))
                yield paid
        told = [each for each in map(noticed, self.found.notices) if each is not None]
        yield from one_each([each for each in told if (each.about, each.paid.bill) not in seen], there)

    def _accounts(self) -> Iterator[tuple[str, Account | None]]:
        """Of everybody who has an account or an invoice; None where something of it can't be told."""
        numbers: dict[str, list[str]] = defaultdict(list)
        free: set[str] = set()
        for resource in self.found.accounts:
            if words(resource.get("status")) == "active":
                for who in _subjects(resource):
                    numbers[who].append(business_name(resource, name_of(resource)))
                    if type_of(resource) == NO_COST:
                        free.add(who)
        owed: dict[str, list[Bill]] = defaultdict(list)
        for bill in self.bills.values():
            owed[bill.to].append(bill)
        for who in sorted({*numbers, *owed} - {""}):
            own = numbers.get(who, [])
            begun = Account(own[0] if len(own) == 1 else who, self.as_of, no_cost_sharing=who in free)
            yield who, self._account(who, begun, owed.get(who, ()))

    def _account(self, who: str, begun: Account, bills: Sequence[Bill]) -> Account | None:
        account: Account | None = begun
        for bill in bills:
            account = self._with(account, bill) if account is not None else None
        return None if account is None or who in self.unclear else _in_order(account)

    def _with(self, account: Account, bill: Bill) -> Account | None:
        """With an invoice and what was paid on it. One that is balanced without payments that make it so, and one that
        was called off, owe nothing; money on one that was called off is for a person to look at."""
        paid = self.paid.get(bill.name, [])
        if bill.charge is None:
            return None if paid else account
        paid_off = tuple(each.credit for each in paid if each.credit is not None)
        whole = len(paid_off) == len(paid)
        if bill.state == "balanced":
            even = whole and sum(each.amount.amount for each in paid_off) == bill.charge.amount.amount
            if not even:
                return account
        elif not whole:
            self._note(bill.name, "a payment on it can't be told")
            return None
        named = tuple(replace(each, charge=bill.charge.id) for each in paid_off)
        return replace(account, charges=(*account.charges, bill.charge), credits=(*account.credits, *named))

    def _place(self, who: str) -> Place | None:
        """Under what they are found. Where that is not known, nobody knows whose the money is."""
        for patient in self.found.patients:
            if name_of(patient) == who:
                return self._of(patient)
        self._note(who, "an account is theirs, and they are not there")
        self.all_unclear = True
        return None

    def _of(self, patient: Resource) -> Place | None:
        legal = [
            each for each in objects(patient.get("name")) if each.get("use") in (None, "official", "usual")
        ]
        name = legal[0] if legal else {}
        given = name.get("given")
        first = words(given[0]) if isinstance(given, list) and given else ""
        try:
            born = day_of(patient.get("birthDate"))
        except Unclear:
            born = None
        if not first or not words(name.get("family")) or born is None:
            self._note(name_of(patient), "they have no legal name or birth date: nobody can be told of it")
            return None
        return place(first, words(name.get("family")), born)

    def _note(self, name: str, message: str) -> None:
        self.problems.append(Problem(FILE, 0, f"{name}: {message}", "Put it right in the billing system."))


def _in_order(account: Account) -> Account:
    return replace(
        account,
        charges=tuple(sorted(account.charges, key=lambda each: (each.day, each.id))),
        credits=tuple(sorted(account.credits, key=lambda each: (each.day, each.id))),
    )


# -- the port ----------------------------------------------------------------------------------------------------------


class FhirBalances:
    """Balances of one practice. Until they were read once there are none; while they can't be reached, what was read
    last holds, with its day."""

    def __init__(
        self,
        practice: PracticeId,
        server: FhirServer,
        remittances: RemittanceFolder | None = None,
    ) -> None:
        self._practice, self._server = practice, server
        self._remittances, self._lock = remittances, threading.Lock()
        self._books: Books | None = None
        self._failed = False

    def stand(self, practice: PracticeId) -> BooksStand:
        with self._lock:
            books, failed = self._books, self._failed
        if practice != self._practice:
            return BooksStand("none")
        if books is None:
            return BooksStand("failed" if failed else "reading")
        return books.stand(failed=failed)

    def of(self, practice: PracticeId, holder: Holder) -> Account | NotTold:
        with self._lock:
            books = self._books
        if practice != self._practice or books is None:
            return NotTold("no_books")
        found = books.of(place(holder.first_name, holder.last_name, holder.born))
        return with_insurers(found, self._remittances) if isinstance(found, Account) else found

    def refresh(self, today: date, deadline: float) -> tuple[Problem, ...] | None:
        """Reads all of it as of `today`, in `deadline` seconds at the most, and gives what can't be told; None where it
        could not be read. Nothing here raises."""
        try:
            with self._server.session(deadline) as session:
                books = books_of(read(session), today)
        except NoAnswer as no:
            log.warning("books_not_read", practice=self._practice, why=str(no.why))
            self._not_read()
            return None
        except Exception as problem:  # of what others write nothing may end the reading
            log.warning("books_not_read", practice=self._practice, problem=type(problem).__name__)
            self._not_read()
            return None
        with self._lock:
            self._books, self._failed = books, False
        log.info("books_read", practice=self._practice, count=len(books.problems))
        return books.problems

    def _not_read(self) -> None:
        with self._lock:
            self._failed = True

"""What the practice's books say of somebody, and whether the law lets anybody ask them for money. Rules 18 and 35."""

from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from lamplighter.conversation.facts import UNKNOWN_PAYER
from lamplighter.desk import bill_holds, identity, pay_links, plan_kept
from lamplighter.desk.ports import Person, Transaction
from lamplighter.desk.ports.balances import Account, Balances, Holder
from lamplighter.practice.model import Billing, Practice

NEVER_ASKED: Final = frozenset({"medicaid"})
"""Payer classes of whose people no money is asked (42 CFR 447.15 as CMS reads it)."""

MayBeAsked = Literal["yes", "not_asked", "unclear"]


def in_books(books: Balances, practice: Practice, person: Person) -> Account | None:
    """However old it is."""
    if person.date_of_birth is None:
        return None
    holder = Holder(person.first_name, person.last_name, person.date_of_birth)
    found = books.of(practice.id, holder)
    return found if isinstance(found, Account) else None


def current(
    tx: Transaction, books: Balances, practice: Practice, person: Person, today: date
) -> Account | None:
    """None where the books are unclear, too old or of a day to come, or something was paid by a link since, which they
    don't show."""
    found, billing = in_books(books, practice, person), practice.billing
    if found is None or billing is None or not _is_current(found, billing, today):
        return None
    as_of = datetime.combine(found.as_of, time(), practice.timezone)
    return None if pay_links.paid_since(tx, person.id, as_of) else found


def _is_current(account: Account, billing: Billing, today: date) -> bool:
    """A day to come is a slip of the pen, and tells nothing of how old the books are."""
    return timedelta() <= today - account.as_of <= timedelta(days=billing.good_for_days)


def may_be_asked(tx: Transaction, books: Balances, practice: Practice, person: Person) -> MayBeAsked:
    """Of whoever has an insurer that the practice's files don't name it is not known whether the law lets anybody ask
    them: a person looks. Books that are too old for an amount still tell who is never asked. A biller's word, with its
    reason, stands above the payer's class and answer; above what the books say of the law nobody's does."""
    account = in_books(books, practice, person)
    if account is not None and account.no_cost_sharing:
        return "not_asked"
    if bill_holds.may_ask(tx, person.id) is not None:
        return "yes"
    payer_class = identity.payer_class(practice, person)
    if payer_class in NEVER_ASKED or plan_kept.no_cost_sharing(tx, person):
        return "not_asked"
    return "unclear" if payer_class == UNKNOWN_PAYER else "yes"


def may_be_written_to(tx: Transaction, books: Balances, practice: Practice, person: Person) -> bool:
    """Stricter than that: whoever has Medicaid, or is a QMB by their plan's answer, is not written to about money,
    whatever a biller says."""
    never = identity.payer_class(practice, person) in NEVER_ASKED or plan_kept.no_cost_sharing(tx, person)
    return not never and may_be_asked(tx, books, practice, person) == "yes"

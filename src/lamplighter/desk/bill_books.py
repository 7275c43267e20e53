"""What the practice's books say of somebody, and whether the law lets anybody ask them for money. Rules 18 and 35."""

from datetime import date, timedelta
from typing import Final, Literal

from lamplighter.conversation.facts import UNKNOWN_PAYER, money_in
from lamplighter.desk import bill_holds, identity, pay_links, plan_kept, refunds
from lamplighter.desk.ports import Fact, Person, Transaction
from lamplighter.desk.ports.balances import Account, Balances, Holder
from lamplighter.practice.calendar import local_date
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
    """None where the books are unclear, too old or of a day to come, or don't show what was paid by a link."""
    found, billing = in_books(books, practice, person), practice.billing
    if found is None or billing is None or not _is_current(found, billing, today):
        return None
    return found if _shows_what_was_paid(tx, practice, person.id, found) else None


def _shows_what_was_paid(tx: Transaction, practice: Practice, person: str, account: Account) -> bool:
    """Each payment by a link is there as a credit of that amount; or it is entered otherwise, as the biller says, in
    books of a later day that don't go on asking for just that."""
    entered = [each for each in account.credits if each.by == "payment"]
    for paid in reversed(tx.facts.standing("pay_link_paid", f"person/{person}")):
        link, amount = paid.id.removeprefix("paid:"), money_in(paid.value("amount"))
        asked = tx.facts.get(link)
        since = local_date(practice, asked.at if asked is not None else paid.at)
        shown = next((each for each in entered if each.day >= since and each.amount == amount), None)
        if shown is not None:
            entered.remove(shown)
        elif not _is_entered_otherwise(tx, practice, account, paid):
            return False
    return True


def _is_entered_otherwise(tx: Transaction, practice: Practice, account: Account, paid: Fact) -> bool:
    link = paid.id.removeprefix("paid:")
    if pay_links.to_be_entered(tx, link) or account.as_of <= local_date(practice, paid.at):
        return False
    asked = tx.facts.get(link)
    before = pay_links.open_before(asked) if asked is not None else money_in(paid.value("amount"))
    just_that = account.balance == before
    return not just_that or _changed_since(tx, practice, account, paid)


def _changed_since(tx: Transaction, practice: Practice, account: Account, paid: Fact) -> bool:
    """Something was charged since, or money of it went back: then as much may be owed anew."""
    link, day = paid.id.removeprefix("paid:"), local_date(practice, paid.at)
    back = refunds.of_link(tx, link, paid.person or "")
    return any(each.day > day for each in account.charges) or any(
        refunds.state_of(tx, each) == "done" for each in back
    )


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

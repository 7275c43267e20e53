"""What the errands about a bill have in common: whose account it is, what may be told of it, and the biller's call."""

from collections.abc import Generator
from typing import Any, Literal

from lamplighter.conversation.actions import Done, PersonFound
from lamplighter.conversation.bill_actions import (
    BY_MAIL,
    AboutBill,
    AgreeToWords,
    AskBiller,
    FindBalance,
    Owing,
)
from lamplighter.conversation.details import Detail, Errand
from lamplighter.conversation.flows.by_mail import for_the_desk
from lamplighter.conversation.flows.knowing import known_person
from lamplighter.conversation.needs import (
    Become,
    Commit,
    Confirm,
    Do,
    HandOver,
    IfSigned,
    Need,
    Say,
    args,
)
from lamplighter.conversation.view import View

PHRASES = (
    "bill.owes",
    "bill.nothing",
    "bill.credit",
    "bill.unclear",
    "bill.not_asked",
    "bill.asked",
    "bill.pay_offer",
    "bill.statement_offer",
    "bill.link_sent",
    "bill.statement_noted",
    "bill.kept",
    "bill.charge",
    "bill.no_charge",
    "bill.proxy",
    "bill.plan_offer",
    "bill.plan_no",
    "bill.plan_summary",
    "bill.plan_begun",
    "bill.plan_approval",
    "bill.plan_there",
    "bill.plan_due",
    "bill.charge_more",
    "bill.estimate",
    "bill.estimate_asked",
)
Steps = Generator[Need, Any, None]


def account(view: View) -> Generator[Need, Any, tuple[PersonFound, Owing] | None]:
    """Of an identified person who may hear of it. None after it was said that they are not known, or that somebody
    calls. A practice that has signed nothing of bills takes word for its people instead."""
    found = yield from whose(view)
    if found is None or found.person is None:
        return None
    owing: Owing = yield Do(FindBalance(found.person))
    if owing.state == "unclear":
        yield from biller(view, "balance", found, phrase="bill.unclear")
        return None
    if owing.state == "not_asked":
        yield from biller(view, "balance", found, phrase="bill.not_asked")
        return None
    return found, owing


def owed(view: View) -> Generator[Need, Any, tuple[PersonFound, Owing] | None]:
    """The same of somebody who owes something, told; None too after it was said that nothing is due."""
    known = yield from account(view)
    if known is None:
        return None
    _, owing = known
    if owing.state != "owes":
        yield Say("bill.nothing", args(day=owing.as_of))
        return None
    yield Say("bill.owes", args(day=owing.as_of, fee=owing.amount))
    return known


def told(owing: Owing) -> Steps:
    """The balance and its day."""
    if owing.state == "nothing":
        yield Say("bill.nothing", args(day=owing.as_of))
    elif owing.state == "credit":
        yield Say("bill.credit", args(day=owing.as_of, fee=owing.amount))
    else:
        yield Say("bill.owes", args(day=owing.as_of, fee=owing.amount))


def whose(view: View) -> Generator[Need, Any, PersonFound | None]:
    """Rule 18, and the practice's own rule of who may hear an amount."""
    if view.practice.billing is None or not (yield IfSigned(PHRASES)):
        yield Become(Errand.MESSAGE)
    if view.state.channel == "email":
        yield from for_the_desk()
    found = yield from known_person(view)
    if found is None:
        return None
    assert view.practice.billing is not None
    if view.for_somebody_else and "proxy" not in view.practice.billing.told_to:
        yield from biller(view, "balance", found, phrase="bill.proxy")
        return None
    return found


def biller(
    view: View,
    about: AboutBill,
    found: PersonFound | None,
    *,
    phrase: str = "bill.asked",
    amount: str | None = None,
    payments: int | None = None,
    details: tuple[tuple[str, str], ...] = (),
) -> Steps:
    """Stores that somebody looks and calls back, and says so."""
    person = found.person if found else None
    done = yield Commit(AskBiller(about, person, amount, payments, (*_named(view), *details)))
    if not isinstance(done, Done) or done.promised is None:
        yield HandOver("handoff.stuck")
    yield Say(phrase, args(due_day=done.promised.astimezone(view.practice.timezone).isoformat()))


def may_we_write(
    view: View, found: PersonFound, owing: Owing, purpose: Literal["billing", "balance"]
) -> Steps:
    """Asked once, where the practice writes for that at all, of the patient and nobody else; a no is kept too. By email
    it is asked whether anybody else reads it, and where somebody else on file has the address nothing is asked."""
    by_mail = owing.writes == "email"
    billing, phrase = view.practice.billing, f"bill.write_{purpose}{BY_MAIL if by_mail else ''}"
    writes = billing is not None and (
        billing.outreach if purpose == "billing" else billing.reminds is not None
    )
    if not writes or view.for_somebody_else or found.person is None or view.state.stops:
        return
    if owing.writes == "shared":
        return
    if not (view.texts or by_mail) or not (yield IfSigned((phrase,))):
        return
    yes = yield Confirm(phrase, ())
    yield Commit(AgreeToWords(found.person, purpose, yes, phrase))
    yield Say("bill.write_noted" if yes else "bill.write_not", if_signed=True)


def _named(view: View) -> tuple[tuple[str, str], ...]:
    """Who acts for a patient; who it is about is known from the record."""
    named = view.value(Detail.CALLER_NAME) if view.for_somebody_else else None
    return ((Detail.CALLER_NAME.value, named),) if named else ()

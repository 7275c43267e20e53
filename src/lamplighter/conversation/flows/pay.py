"""Paying what is owed, by a link to the number on file or by a statement in the mail. No card number is ever asked for
or taken."""

from lamplighter.conversation.actions import Done, PersonFound
from lamplighter.conversation.bill_actions import Owing, SendPayLink
from lamplighter.conversation.flows.owing import Steps, biller, may_we_write, owed
from lamplighter.conversation.needs import Commit, Confirm, Flow, IfSigned, Say, args
from lamplighter.conversation.view import View

PART_DUE, PART_NEXT = "bill.part_due", "bill.part_next"


def pay(view: View) -> Flow:
    known = yield from owed(view)
    if known is None:
        return
    found, owing = known
    yield from offer_to_pay(view, found, owing, wants=True)


def pay_a_part(view: View) -> Flow:
    """Whoever speaks of a plan that nobody has written down here is never asked for the whole: the biller calls."""
    known = yield from owed(view)
    if known is None:
        return
    found, owing = known
    if owing.has_plan or owing.beyond_plan:
        return (yield from offer_to_pay(view, found, owing, wants=True))
    yield from biller(view, "plan_unknown", found, amount=owing.amount)


def offer_to_pay(view: View, found: PersonFound, owing: Owing, *, wants: bool = False) -> Steps:
    """Offered once; a no is taken as it is. Whoever has a plan is not asked for the whole: what has fallen due of it is
    offered, and the next payment to whoever `wants` to pay; else it is enough, or the biller sorts out what it does not
    cover."""
    by_link = owing.pays == "link" and view.texts and not view.state.stops
    if by_link and owing.payable and (owing.due or wants) and (yield IfSigned((PART_DUE, PART_NEXT))):
        return (yield from _a_part(view, found, owing))
    if owing.beyond_plan:
        return (yield from biller(view, "plan", found, amount=owing.amount))
    if owing.has_plan:
        return (yield from _as_planned(view, found, owing))
    assert found.person is not None
    if by_link:
        if not (yield Confirm("bill.pay_offer", args(fee=owing.amount))):
            yield Say("bill.kept")
            return (yield from may_we_write(view, found, owing, "balance"))
        sent = yield Commit(SendPayLink(found.person, owing.amount))
        if isinstance(sent, Done) and sent.texted:
            yield Say("bill.link_sent")
            return
        return (yield from biller(view, "payment", found, amount=owing.amount))
    if not (yield Confirm("bill.statement_offer", args(fee=owing.amount))):
        yield Say("bill.kept")
        return (yield from may_we_write(view, found, owing, "balance"))
    yield from biller(view, "statement", found, phrase="bill.statement_noted", amount=owing.amount)


def _a_part(view: View, found: PersonFound, owing: Owing) -> Steps:
    """A payment of their plan, by a link of its own."""
    assert found.person is not None and owing.payable is not None
    day, amount = owing.payable
    if not (yield Confirm(PART_DUE if owing.due else PART_NEXT, args(day=day, fee=amount))):
        yield Say("bill.kept")
        return
    sent = yield Commit(SendPayLink(found.person, amount, day))
    if isinstance(sent, Done) and sent.texted:
        yield Say("bill.link_sent")
        return
    yield from biller(view, "payment", found, amount=amount)


def _as_planned(view: View, found: PersonFound, owing: Owing) -> Steps:
    """Of what has fallen due in these days nobody can tell yet whether it was paid: they know, and may want a call."""
    if owing.due is None:
        yield Say("bill.plan_there")
        return
    day, amount = owing.due
    if (yield Confirm("bill.plan_due", args(day=day, fee=amount))):
        return (yield from biller(view, "payment", found, amount=amount))
    yield Say("bill.kept")

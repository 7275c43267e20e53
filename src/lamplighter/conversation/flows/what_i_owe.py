"""What do I owe: the true amount with its day, and a way to pay it for whoever wants one."""

from lamplighter.conversation.flows.owing import account
from lamplighter.conversation.flows.pay import offer_to_pay
from lamplighter.conversation.needs import Flow, Say, args
from lamplighter.conversation.view import View


def what_i_owe(view: View) -> Flow:
    known = yield from account(view)
    if known is None:
        return
    found, owing = known
    if owing.state == "nothing":
        yield Say("bill.nothing", args(day=owing.as_of))
        return
    if owing.state == "credit":
        yield Say("bill.credit", args(day=owing.as_of, fee=owing.amount))
        return
    yield Say("bill.owes", args(day=owing.as_of, fee=owing.amount))
    yield from offer_to_pay(view, found, owing)

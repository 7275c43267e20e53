"""What do I owe: the true amount with its day, and a way to pay it for whoever wants one."""

from lamplighter.conversation.flows.owing import account, told
from lamplighter.conversation.flows.pay import offer_to_pay
from lamplighter.conversation.needs import Flow
from lamplighter.conversation.view import View


def what_i_owe(view: View) -> Flow:
    known = yield from account(view)
    if known is None:
        return
    found, owing = known
    yield from told(owing)
    if owing.state == "owes":
        yield from offer_to_pay(view, found, owing)

"""A receipt, an itemised statement (rule 31: never made, attached or read out by us), or a bill that went to a wrong
insurance: whoever keeps the books sees to it, and calls back."""

from lamplighter.conversation.bill_actions import AboutBill
from lamplighter.conversation.flows.owing import Steps, biller, whose
from lamplighter.conversation.needs import Flow
from lamplighter.conversation.view import View


def receipt(view: View) -> Flow:
    yield from _ask(view, "receipt")


def superbill(view: View) -> Flow:
    yield from _ask(view, "superbill")


def wrong_insurance(view: View) -> Flow:
    yield from _ask(view, "insurance")


def _ask(view: View, about: AboutBill) -> Steps:
    found = yield from whose(view)
    if found is not None:
        yield from biller(view, about, found)

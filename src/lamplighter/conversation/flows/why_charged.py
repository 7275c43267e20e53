"""Why is there a charge: what is owed at all, so that nobody takes for open what is paid; then its day and what it is
for, in plain words that tell of no care; a person for the rest."""

from lamplighter.conversation.details import Detail
from lamplighter.conversation.flows.owing import account, biller, told
from lamplighter.conversation.needs import Ask, Flow, IfSigned, Say, args, keys
from lamplighter.conversation.view import View

MOST = 3


def why_charged(view: View) -> Flow:
    known = yield from account(view)
    if known is None:
        return
    found, owing = known
    if not owing.charges:
        yield Say("bill.no_charge", args(day=owing.as_of))
        return (yield from biller(view, "charge", found))
    yield from told(owing)
    for day, amount, what in owing.charges[:MOST]:
        yield Say("bill.charge", args(day=day, fee=amount, what=what))
    for day, paid, left in owing.insurer[:MOST]:
        if (yield IfSigned(("bill.insurer",))):
            yield Say("bill.insurer", args(day=day, fee=paid, fee_later=left))
    yield Ask(soft=keys(Detail.PERSON), phrase="bill.charge_more")
    if view.truth(Detail.PERSON):
        yield from biller(view, "charge", found)

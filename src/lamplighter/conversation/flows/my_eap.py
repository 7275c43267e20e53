"""How many visits are left of what an employee assistance program (EAP) granted: by our own count, of which the EAP has
the last word. What nobody has said is the biller's to find out."""

from collections.abc import Generator
from typing import Any, Final

from lamplighter.conversation.actions import PersonFound
from lamplighter.conversation.details import Errand
from lamplighter.conversation.flows.my_plan import plan_visits, whose_plan
from lamplighter.conversation.flows.owing import Steps, biller
from lamplighter.conversation.needs import Become, Do, Flow, IfSigned, Need, Say, args
from lamplighter.conversation.plan_actions import EapTold, FindEap
from lamplighter.conversation.view import View

LEFT, UNTOLD = "eap.left", "eap.untold"
PHRASES: Final = (LEFT, UNTOLD, "plan.looked_into", "bill.proxy")


def visits_left(view: View) -> Flow:
    """Asked of no plan in particular: the EAP's count comes first, and their insurance after it where they have one."""
    if not view.practice.authorizations.eaps or not (yield IfSigned(PHRASES)):
        return (yield from plan_visits(view))
    known = yield from _granted(view)
    if known is None:
        return None
    found, eap = known
    if eap.state != "none":
        yield from _told(view, found, eap)
    if eap.state == "none" or (eap.state == "told" and found.payer_class is not None):
        return (yield from plan_visits(view))


def eap_visits(view: View) -> Flow:
    """Asked of the EAP by name."""
    if not view.practice.authorizations.eaps or not (yield IfSigned(PHRASES)):
        yield Become(Errand.OTHER_PLAN)
    known = yield from _granted(view)
    if known is None:
        return
    found, eap = known
    yield from _told(view, found, eap)


def _granted(view: View) -> Generator[Need, Any, tuple[PersonFound, EapTold] | None]:
    found = yield from whose_plan(view, asked=True)
    if found is None or found.person is None:
        return None
    eap: EapTold = yield Do(FindEap(found.person))
    return found, eap


def _told(view: View, found: PersonFound, eap: EapTold) -> Steps:
    if eap.state != "told":
        return (yield from biller(view, "coverage", found, phrase=UNTOLD))
    yield Say(LEFT, args(left=eap.left, granted=eap.granted, day=eap.last_day or None))
    if eap.left == "0":
        yield from biller(view, "coverage", found, phrase="plan.looked_into")

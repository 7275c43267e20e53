"""What is left of what an EAP granted, for whoever has been identified in this contact, and nobody else."""

from lamplighter.conversation.plan_actions import EapTold, FindEap
from lamplighter.desk import eap, plan_line
from lamplighter.desk.context import Errand


def find(errand: Errand, request: FindEap) -> EapTold:
    """Of all that runs; the day only where it is one and the same."""
    person = plan_line.identified(errand, request.person)
    if person is None:
        return EapTold()
    counted = eap.counted(errand.tx, errand.practice, person.id, errand.now)
    found = eap.running(counted, errand.today)
    if not found:
        return EapTold("unknown") if counted else EapTold()
    known = eap.left_of(found)
    if known is None:
        return EapTold("unknown")
    days = {each.grant.last for each in found}
    last = days.pop() if len(days) == 1 else None
    return EapTold("told", str(known[0]), str(known[1]), last.isoformat() if last else "")

"""Is my authorization done: how it stands, since when, and what follows; never what it is for. Whatever is open on our
side or was refused is somebody's to see to, who calls."""

from typing import Final

from lamplighter.conversation.flows.my_plan import whose_plan
from lamplighter.conversation.flows.owing import biller
from lamplighter.conversation.needs import Do, Flow, IfSigned, Say, args
from lamplighter.conversation.plan_actions import AuthorizationTold, FindAuthorization
from lamplighter.conversation.view import View

SAID: Final = {
    "waiting": "authorization.waiting",
    "wants_more": "authorization.wants_more",
    "approved": "authorization.approved",
    "partly": "authorization.partly",
    "not_needed": "authorization.not_needed",
}
CALLED_ABOUT: Final = {
    "none": "authorization.none",
    "ours": "authorization.ours",
    "denied": "authorization.denied",
    "ended": "authorization.ended",
    "person": "authorization.person",
}
GRANTED: Final = ("approved", "partly")
LEFT: Final = "authorization.left"
PHRASES = (*SAID.values(), *CALLED_ABOUT.values(), LEFT)


def my_authorization(view: View) -> Flow:
    found = yield from whose_plan(view)
    if found is None or found.person is None:
        return None
    if not (yield IfSigned(PHRASES)):
        return (yield from biller(view, "authorization", found))
    standing: AuthorizationTold = yield Do(FindAuthorization(found.person))
    if standing.told in CALLED_ABOUT:
        return (yield from biller(view, "authorization", found, phrase=CALLED_ABOUT[standing.told]))
    told = {
        "day": standing.since or None,
        "day2": standing.decide_by or None,
        "day3": standing.last_day or None,
    }
    yield Say(SAID[standing.told], args(**told))
    if standing.visits_left and standing.told in GRANTED:
        yield Say(LEFT, args(number=standing.visits_left))

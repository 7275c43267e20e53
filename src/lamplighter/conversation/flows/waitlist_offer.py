"""The answer to a text that offered a time: one from the wait list, where yes books it and no leaves it to the next; or
that of a visit that can't take place as it was.
"""

from lamplighter.conversation.actions import Done
from lamplighter.conversation.asked import LeaveOpening, TakeOpening
from lamplighter.conversation.flows.keeping_time import kept, not_kept
from lamplighter.conversation.needs import Close, Commit, Flow, Identify, args
from lamplighter.conversation.view import View


def take_opening(view: View) -> Flow:
    offered = view.state.invited
    if offered is None:
        return
    yield Identify(offered.person, "thread")
    if offered.of != "opening":
        return (yield from kept(view, offered))
    taken = yield Commit(TakeOpening(offered.offer))
    if not isinstance(taken, Done) or taken.visit is None:
        yield Close(f"{_by(view)}.opening.gone")
        return
    named = view.slot_args(taken.visit.slot)
    held = "email.opening.held" if _by(view) == "email" else "sms.held"
    words = held if taken.pending_office else f"{_by(view)}.opening.yours"
    yield Close(words, args(day=named["day"], clock=named["clock"]))


def leave_opening(view: View) -> Flow:
    offered = view.state.invited
    if offered is None:
        return
    if offered.of != "opening":
        return (yield from not_kept(view, offered))
    yield Commit(LeaveOpening(offered.offer))
    yield Close(f"{_by(view)}.opening.left")


def _by(view: View) -> str:
    return "email" if view.state.channel == "email" else "sms"

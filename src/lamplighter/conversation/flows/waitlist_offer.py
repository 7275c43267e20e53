"""The answer to a text that offered a time from the wait list: yes books it, no leaves it to the next."""

from lamplighter.conversation.actions import Done, LeaveOpening, TakeOpening
from lamplighter.conversation.needs import Close, Commit, Flow, Identify, args
from lamplighter.conversation.view import View


def take_opening(view: View) -> Flow:
    offered = view.state.invited
    if offered is None:
        return
    yield Identify(offered.person, "thread")
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
    yield Commit(LeaveOpening(offered.offer))
    yield Close(f"{_by(view)}.opening.left")


def _by(view: View) -> str:
    return "email" if view.state.channel == "email" else "sms"

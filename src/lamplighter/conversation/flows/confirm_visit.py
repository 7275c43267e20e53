"""Saying that one will come."""

from lamplighter.conversation.actions import ConfirmVisit, Done
from lamplighter.conversation.flows.new_time import new_time
from lamplighter.conversation.flows.visits import visit_args, whose_visit
from lamplighter.conversation.needs import Close, Commit, Flow, HandOver, IfSigned, Say, args
from lamplighter.conversation.view import View


def confirm_visit(view: View) -> Flow:
    meant = yield from whose_visit(view)
    if meant is None:
        return
    visit = meant.visit
    if visit.status == "missed":
        return (yield from new_time(view, meant))
    noted = f"{view.state.channel}.called_off.noted"
    if visit.status == "cancelled" and (yield IfSigned((noted,))):
        yield Close(noted)
    done = yield Commit(ConfirmVisit(visit.id))
    if not isinstance(done, Done):
        yield HandOver("handoff.stuck")
    named = visit_args(view, visit)
    thanks = f"{view.state.channel}.confirmed"
    if meant.thread and (yield IfSigned((thanks,))):
        yield Close(thanks, args(day=named["day"], clock=named["clock"]))
    yield Say("visit.confirmed", tuple(sorted(named.items())))

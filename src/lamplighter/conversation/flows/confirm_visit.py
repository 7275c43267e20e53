"""Saying that one will come."""

from lamplighter.conversation.actions import ConfirmVisit, Done
from lamplighter.conversation.flows.knowing import known_person
from lamplighter.conversation.flows.visits import visit_args, which_visit
from lamplighter.conversation.needs import Commit, Flow, HandOver, Say
from lamplighter.conversation.view import View


def confirm_visit(view: View) -> Flow:
    found = yield from known_person(view)
    if found is None:
        return
    visit = yield from which_visit(view, found)
    if visit is None:
        return
    done = yield Commit(ConfirmVisit(visit.id))
    if not isinstance(done, Done):
        yield HandOver("handoff.stuck")
    yield Say("visit.confirmed", tuple(sorted(visit_args(view, visit).items())))

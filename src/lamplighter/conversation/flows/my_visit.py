"""When is my visit: told only to somebody identified."""

from lamplighter.conversation.flows.knowing import known_person
from lamplighter.conversation.flows.visits import visit_args, which_visit
from lamplighter.conversation.needs import Flow, Say
from lamplighter.conversation.view import View


def my_visit(view: View) -> Flow:
    found = yield from known_person(view)
    if found is None:
        return
    visit = yield from which_visit(view, found)
    if visit is not None:
        yield Say("visit.yours", tuple(sorted(visit_args(view, visit).items())))

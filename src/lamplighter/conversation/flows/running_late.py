"""Running late, or in the lobby: light identification, and word to the clinician and the desk at once."""

from lamplighter.conversation.actions import Done, TakeMessage
from lamplighter.conversation.details import Detail
from lamplighter.conversation.flows.by_mail import for_the_desk
from lamplighter.conversation.flows.message import left
from lamplighter.conversation.flows.visits import answered
from lamplighter.conversation.needs import Ask, Commit, Flow, HandOver, Say, keys
from lamplighter.conversation.view import View


def running_late(view: View) -> Flow:
    if (yield from answered(view)) is None:
        if view.state.channel == "email":
            yield from for_the_desk()
        yield Ask(required=keys(Detail.FIRST_NAME, Detail.LAST_NAME))
    if view.state.address is None and view.state.channel != "email":
        yield Ask(soft=keys(Detail.PHONE))
    taken = yield Commit(TakeMessage("running_late", left(view)))
    if not isinstance(taken, Done):
        yield HandOver("handoff.stuck")
    yield Say("running_late.passed_on")

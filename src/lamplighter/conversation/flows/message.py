"""Word left for a person here, with a time to call back. Whoever leaves it is asked for their own name."""

from typing import Literal

from lamplighter.conversation.actions import Done, TakeMessage
from lamplighter.conversation.details import Detail
from lamplighter.conversation.flows.by_mail import for_the_desk
from lamplighter.conversation.needs import Ask, Commit, Flow, HandOver, Say, args, keys
from lamplighter.conversation.view import View

LEFT = (
    Detail.FIRST_NAME,
    Detail.LAST_NAME,
    Detail.PHONE,
    Detail.ORGANISATION,
    Detail.CLINICIAN,
    Detail.CALLBACK_TIME,
    Detail.MESSAGE,
)


def message(view: View) -> Flow:
    if view.state.channel == "email":
        yield from for_the_desk()
    at_work = view.value(Detail.ORGANISATION) is not None or view.value(Detail.RELATIONSHIP) == "professional"
    asked_for = keys(Detail.ORGANISATION) if at_work else ()
    yield Ask(required=keys(Detail.FIRST_NAME, Detail.LAST_NAME, Detail.PHONE), optional=asked_for)
    yield Ask(soft=keys(Detail.MESSAGE, Detail.CALLBACK_TIME))
    about: Literal["work", "callback"] = "work" if at_work else "callback"
    taken = yield Commit(TakeMessage(about, left(view)))
    if not isinstance(taken, Done) or taken.promised is None:
        yield HandOver("handoff.stuck")
    when = taken.promised.astimezone(view.practice.timezone).isoformat()
    yield Say("message.taken", args(due_day=when))


def left(view: View) -> tuple[tuple[str, str], ...]:
    values = [(detail.value, view.value(detail)) for detail in LEFT]
    return tuple((name, value) for name, value in values if value is not None)

"""Something was otherwise than it was taken down a moment ago: the record is put right, or a person puts it right."""

from lamplighter.conversation.actions import Correct, Done
from lamplighter.conversation.changing import CORRECTABLE
from lamplighter.conversation.details import Detail
from lamplighter.conversation.flows.knowing import minors
from lamplighter.conversation.needs import Ask, Commit, Flow, HandOver, Say, args, keys
from lamplighter.conversation.view import View

READ_BACK = (
    Detail.FIRST_NAME,
    Detail.LAST_NAME,
    Detail.DATE_OF_BIRTH,
    Detail.PHONE,
    Detail.EMAIL,
    Detail.MEMBER_ID,
)


def correct(view: View) -> Flow:
    before = {place.detail: known.value for place, known in (view.state.recorded or {}).items()}
    missing = [detail for detail in CORRECTABLE if detail in before and view.value(detail) is None]
    yield Ask(required=keys(*missing))
    changed = [d for d in CORRECTABLE if view.value(d) not in (None, before.get(d))]
    if not changed:
        return
    if Detail.DATE_OF_BIRTH in changed:
        yield from minors(view)
    made = view.state.made
    values = tuple((detail.value, view.value(detail) or "") for detail in changed)
    done = yield Commit(Correct(made.person if made else None, values))
    if not isinstance(done, Done):
        yield HandOver("handoff.stuck")
    for detail in changed:
        if detail in READ_BACK:
            yield Say(f"readback.{detail}")
    if done.promised is None:
        yield Say("corrected", args(sent=view.sent(done)))
    else:
        when = done.promised.astimezone(view.practice.timezone).isoformat()
        yield Say("correction.taken", args(due_day=when))

"""Something was otherwise than it was taken down: read back, and after a yes put right, at once or by a person."""

from lamplighter.conversation.actions import Correct, Done
from lamplighter.conversation.changing import CORRECTABLE
from lamplighter.conversation.details import Detail
from lamplighter.conversation.flows.knowing import minors
from lamplighter.conversation.needs import (
    Ask,
    Commit,
    Confirm,
    Flow,
    HandOver,
    IfSigned,
    Restore,
    Say,
    args,
    keys,
)
from lamplighter.conversation.view import View

_WORDS = ("summary.correct", "corrected", "correction.taken")


def correct(view: View) -> Flow:
    before = {place.detail: known.value for place, known in (view.state.recorded or {}).items()}
    missing = [detail for detail in CORRECTABLE if detail in before and view.value(detail) is None]
    yield Ask(required=keys(*missing))
    changed = [d for d in CORRECTABLE if view.value(d) not in (None, before.get(d))]
    if not changed:
        return
    if not (yield IfSigned(_WORDS)):
        yield HandOver()
    sure = yield Confirm("summary.correct", _read_back(view, changed), keys(*changed))
    if not sure:
        yield Restore(tuple((detail, before.get(detail)) for detail in changed))
        return
    if Detail.DATE_OF_BIRTH in changed:
        yield from minors(view)
    made = view.state.made
    values = tuple((detail.value, view.value(detail) or "") for detail in changed)
    done = yield Commit(Correct(made.person if made else None, values))
    if not isinstance(done, Done):
        yield HandOver("handoff.stuck")
    if done.promised is None:
        yield Say("corrected", args(sent=view.sent(done)))
    else:
        when = done.promised.astimezone(view.practice.timezone).isoformat()
        yield Say("correction.taken", args(due_day=when))


def _read_back(view: View, changed: list[Detail]) -> tuple[tuple[str, str], ...]:
    """Every detail that a record can have, "none" where it stays as it was."""
    return args(**{detail.value: view.value(detail) if detail in changed else None for detail in CORRECTABLE})

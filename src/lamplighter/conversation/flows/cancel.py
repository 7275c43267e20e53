"""Cancelling a visit. The policy is said once, before the yes; a cancellation is taken regardless."""

from datetime import datetime, timedelta

from lamplighter.conversation.actions import Cancel, Done
from lamplighter.conversation.details import Detail
from lamplighter.conversation.facts import money
from lamplighter.conversation.flows.new_time import fine_without
from lamplighter.conversation.flows.visits import only_this_one, visit_args, whose_visit, worded
from lamplighter.conversation.needs import Commit, Confirm, Flow, HandOver, IfSigned, Say, args
from lamplighter.conversation.slots import VisitView
from lamplighter.conversation.view import View
from lamplighter.practice.model import Practice


def cancel(view: View) -> Flow:
    if view.truth(Detail.NEW_PATIENT) and view.state.visit is None:
        if (yield IfSigned(("cancel.nothing_yet",))):
            yield Say("cancel.nothing_yet")
            return
    meant = yield from whose_visit(view)
    if meant is None:
        return
    found, visit = meant.found, meant.visit
    if visit.status == "missed":
        return (yield from fine_without(view))
    one = meant.thread or (yield from only_this_one(view, visit))
    named = visit_args(view, visit)
    late = is_late(view.practice, view.now, visit.slot.start, found.payer_class)
    fee = money(view.practice.cancel_policy.fee) if late else None
    asked = yield from worded(meant, _words(visit, one))
    sure = yield Confirm(asked, args(**named, fee=fee))
    if not sure:
        yield Say((yield from worded(meant, "cancel.kept")), tuple(sorted(named.items())))
        return
    done = yield Commit(Cancel(visit.id, whole_series=not one, late=late))
    if not isinstance(done, Done):
        yield HandOver("handoff.stuck")
    yield Say((yield from worded(meant, "cancelled")), args(**named, sent=view.sent(done)))


def _words(visit: VisitView, one: bool) -> str:
    if visit.participants > 1:
        return "summary.cancel_all"
    return "summary.cancel" if one else "summary.cancel_series"


def is_late(practice: Practice, now: datetime, start: datetime, payer_class: str | None) -> bool:
    policy = practice.cancel_policy
    soon = start - now < timedelta(hours=policy.free_until_hours)
    return soon and payer_class not in policy.never_for

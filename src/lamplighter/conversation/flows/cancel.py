"""Cancelling a visit. The policy is said once, before the yes; a cancellation is taken regardless."""

from datetime import timedelta

from lamplighter.conversation.actions import Cancel, Done, PersonFound
from lamplighter.conversation.details import Detail
from lamplighter.conversation.facts import money
from lamplighter.conversation.flows.visits import only_this_one, visit_args, whose_visit, worded
from lamplighter.conversation.needs import Commit, Confirm, Flow, HandOver, IfSigned, Say, args
from lamplighter.conversation.slots import VisitView
from lamplighter.conversation.view import View


def cancel(view: View) -> Flow:
    if view.truth(Detail.NEW_PATIENT) and view.state.visit is None:
        if (yield IfSigned(("cancel.nothing_yet",))):
            yield Say("cancel.nothing_yet")
            return
    meant = yield from whose_visit(view)
    if meant is None:
        return
    found, visit = meant.found, meant.visit
    one = meant.thread or (yield from only_this_one(view, visit))
    named = visit_args(view, visit)
    late = _late(view, visit, found)
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


def _late(view: View, visit: VisitView, found: PersonFound) -> bool:
    policy = view.practice.cancel_policy
    soon = visit.slot.start - view.now < timedelta(hours=policy.free_until_hours)
    return soon and found.payer_class not in policy.never_for

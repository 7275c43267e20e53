"""Which duty answers which request of the conversation."""

from collections.abc import Callable
from typing import Any

from lamplighter.conversation import actions as a
from lamplighter.conversation.plan_actions import Asking, FindPlan, PlanTold, SendCardLink
from lamplighter.desk import (
    answering,
    apart,
    authorization_told,
    billing,
    booking,
    correcting,
    day_of_visit,
    eap_told,
    identity,
    messages,
    offering_answers,
    plan_line,
    reaching,
    series,
    sick_day_asks,
    standing,
    waiting,
)
from lamplighter.desk.context import Errand
from lamplighter.desk.scheduling import find_slots


def _find_slots(errand: Errand, request: a.FindSlots) -> a.Slots:
    meant = apart.searched(errand, request)
    return find_slots(errand.practice, errand.tx.schedule, meant, errand.now, contact=errand.contact)


def _find_plan(errand: Errand, request: FindPlan) -> PlanTold | Asking:
    return errand.plans.find(errand, request)


def _send_card_link(errand: Errand, request: SendCardLink) -> a.Done | a.Refused:
    return errand.plans.send_card_link(errand, request)


DUTIES: dict[str, Callable[[Errand, Any], Any]] = {
    "find_slots": _find_slots,
    "find_clashes": series.find_clashes,
    "find_person": identity.find_person,
    "find_made": identity.find_made,
    "find_visits": booking.find_visits,
    "find_standing": standing.find,
    "find_reminded": answering.find_reminded,
    "find_today": day_of_visit.find_today,
    "hold": booking.hold,
    "send_code": identity.send_code,
    "check_code": identity.check_code,
    "book": booking.book,
    "move": booking.move,
    "cancel": booking.cancel,
    "confirm_visit": booking.confirm,
    "take_message": messages.take,
    "join_waitlist": waiting.join,
    "take_opening": offering_answers.take,
    "leave_opening": offering_answers.leave,
    "answer_asked": sick_day_asks.answer,
    "page_for_visit": day_of_visit.page,
    "see_by_video": day_of_visit.see_by_video,
    "find_balance": billing.find_balance,
    "ask_biller": billing.ask_biller,
    "send_pay_link": billing.send_pay_link,
    "start_plan": billing.start_plan,
    "agree_to_words": billing.agree_to_words,
    "find_plan": _find_plan,
    "find_authorization": authorization_told.find,
    "find_eap": eap_told.find,
    "agree_to_plan": plan_line.agree,
    "keep_plan": plan_line.keep,
    "send_card_link": _send_card_link,
    "correct": correcting.correct,
    "keep_way": reaching.keep,
}


def answer(errand: Errand, request: a.Request) -> a.Answer:
    """Does what the conversation asked for, inside the turn's transaction."""
    result: a.Answer = DUTIES[request.kind](errand, request)
    return result


def interpreted(acts: str | None) -> a.Interpreted:
    """What the optional large model made of an utterance; nothing, when it did not answer in time."""
    return a.Interpreted(acts or "")

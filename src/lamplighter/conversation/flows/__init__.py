"""One file per errand; each reads like a script. A flow yields what it needs next and has no states of its own."""

from collections.abc import Callable

from lamplighter.conversation.details import Errand
from lamplighter.conversation.flows.ask_biller import receipt, superbill, wrong_insurance
from lamplighter.conversation.flows.cancel import cancel
from lamplighter.conversation.flows.confirm_visit import confirm_visit
from lamplighter.conversation.flows.correct import correct
from lamplighter.conversation.flows.day_of_visit import at_the_door, link_trouble, running_late, waiting_alone
from lamplighter.conversation.flows.first_appointment import first_appointment
from lamplighter.conversation.flows.follow_up import follow_up
from lamplighter.conversation.flows.message import message
from lamplighter.conversation.flows.move import move
from lamplighter.conversation.flows.my_authorization import my_authorization
from lamplighter.conversation.flows.my_eap import eap_visits, visits_left
from lamplighter.conversation.flows.my_plan import plan_active, plan_approval, plan_copay, plan_deductible
from lamplighter.conversation.flows.my_visit import my_visit
from lamplighter.conversation.flows.new_plan import new_plan, other_plan
from lamplighter.conversation.flows.next_cost import next_cost
from lamplighter.conversation.flows.pay import pay, pay_a_part
from lamplighter.conversation.flows.payment_plan import payment_plan
from lamplighter.conversation.flows.person import person
from lamplighter.conversation.flows.question import question
from lamplighter.conversation.flows.send_card import send_card
from lamplighter.conversation.flows.waitlist import waitlist
from lamplighter.conversation.flows.waitlist_offer import leave_opening, take_opening
from lamplighter.conversation.flows.what_i_owe import what_i_owe
from lamplighter.conversation.flows.why_charged import why_charged
from lamplighter.conversation.needs import Flow
from lamplighter.conversation.view import View

FLOWS: dict[Errand, Callable[[View], Flow]] = {
    Errand.FIRST_APPOINTMENT: first_appointment,
    Errand.FOLLOW_UP: follow_up,
    Errand.MOVE: move,
    Errand.CANCEL: cancel,
    Errand.CONFIRM_VISIT: confirm_visit,
    Errand.QUESTION: question,
    Errand.MY_VISIT: my_visit,
    Errand.MESSAGE: message,
    Errand.RUNNING_LATE: running_late,
    Errand.LINK_TROUBLE: link_trouble,
    Errand.AT_THE_DOOR: at_the_door,
    Errand.WAITING_ALONE: waiting_alone,
    Errand.WAITLIST: waitlist,
    Errand.PERSON: person,
    Errand.TAKE_OPENING: take_opening,
    Errand.LEAVE_OPENING: leave_opening,
    Errand.WHAT_I_OWE: what_i_owe,
    Errand.WHY_CHARGED: why_charged,
    Errand.PAY: pay,
    Errand.PAY_A_PART: pay_a_part,
    Errand.PAYMENT_PLAN: payment_plan,
    Errand.RECEIPT: receipt,
    Errand.SUPERBILL: superbill,
    Errand.WRONG_INSURANCE: wrong_insurance,
    Errand.NEXT_COST: next_cost,
    Errand.PLAN_ACTIVE: plan_active,
    Errand.PLAN_COPAY: plan_copay,
    Errand.PLAN_DEDUCTIBLE: plan_deductible,
    Errand.PLAN_VISITS: visits_left,
    Errand.EAP_VISITS: eap_visits,
    Errand.PLAN_APPROVAL: plan_approval,
    Errand.MY_AUTHORIZATION: my_authorization,
    Errand.NEW_PLAN: new_plan,
    Errand.SEND_CARD: send_card,
    Errand.OTHER_PLAN: other_plan,
    Errand.CORRECT: correct,
}

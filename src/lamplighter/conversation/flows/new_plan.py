"""A new insurance, or a wrong one on file: taken down as they tell it, and asked at once. What no program can look up
(an EAP, a second plan, a referral of the VA) is a person's, and is said to be."""

from collections.abc import Generator
from typing import Any, Final

from lamplighter.conversation.actions import PersonFound
from lamplighter.conversation.details import Detail, key
from lamplighter.conversation.facts import find_insurer
from lamplighter.conversation.flows.knowing import OWN_PLAN, may_be_asked
from lamplighter.conversation.flows.my_plan import active, asked_now, told, whose_plan
from lamplighter.conversation.flows.owing import biller
from lamplighter.conversation.flows.send_card import by_picture, card_link
from lamplighter.conversation.needs import Ask, AskAnew, Commit, Flow, IfSigned, Need, Say, args, keys
from lamplighter.conversation.plan_actions import KeepPlan
from lamplighter.conversation.view import View
from lamplighter.practice.model import Insurer

GUESSES: Final = 3
"""How often it is asked which insurer it is, by the practice's own list (rule 40)."""

NUMBERS: Final = 2
"""How often the number on the card is asked for."""

PHRASES = ("ask.insurance.new", "ask.insurance.again", "ask.member_id.again", "plan.kept", "plan.not_taken")


def new_plan(view: View) -> Flow:
    found = yield from whose_plan(view)
    if found is None or found.person is None:
        return None
    if not (yield IfSigned(PHRASES)):
        return (yield from biller(view, "insurance", found))
    return (yield from take_plan(view, found))


def take_plan(view: View, found: PersonFound) -> Flow:
    """Which insurer, which number, in whose name; kept, and asked while they wait. A name that is on no list, which may
    be misheard, goes to the biller and takes no plan off file."""
    assert found.person is not None
    insurer = yield from _which(view)
    named = view.value(Detail.INSURANCE)
    if insurer is None:
        unlisted = args(insurance=named) if named is not None and not view.truth(Detail.SELF_PAY) else ()
        if (yield from by_picture(view, found)):
            return None
        if unlisted:
            yield from card_link(found.person)
        return (yield from biller(view, "insurance", found, details=unlisted))
    if not insurer.taken:
        if not view.truth(Detail.SELF_PAY):
            yield Commit(KeepPlan(found.person, insurer.id))
        yield Say("plan.not_taken", args(insurer=insurer.name))
        return (yield from biller(view, "insurance", found))
    yield Ask(soft=keys(Detail.MEMBER_ID, Detail.SUBSCRIBER))
    if view.value(Detail.SUBSCRIBER) != OWN_PLAN:
        yield from may_be_asked(view, insurer)
    number = view.value(Detail.MEMBER_ID)
    yield Commit(KeepPlan(found.person, insurer.id, number, view.value(Detail.SUBSCRIBER)))
    known = view.state.known.get(key(Detail.MEMBER_ID))
    if known is not None and not known.read_back:
        yield Say("readback.member_id", args(member_id=known.value))
    yield Say("plan.kept", args(insurer=insurer.name))
    if (yield from by_picture(view, found)):
        return None
    plan = yield from asked_now(view, found, f"{insurer.id}|{number}")
    if plan.why == "not_found" and view.state.attempts.get(key(Detail.MEMBER_ID), 0) < NUMBERS:
        yield AskAnew("ask.member_id.again")
    return (yield from told(view, found, plan, active))


def _which(view: View) -> Generator[Need, Any, Insurer | None]:
    """One that the practice's files name; None where three guesses did not find it, or they have none."""
    yield Ask(soft=keys(Detail.INSURANCE), phrase="ask.insurance.new")
    named = view.value(Detail.INSURANCE)
    insurer = find_insurer(view.practice, named)
    tried = view.state.attempts.get(key(Detail.INSURANCE), 0)
    if named is not None and insurer is None and tried < GUESSES:
        taken = "|".join(each.name for each in view.practice.insurers if each.taken)
        yield AskAnew("ask.insurance.again", args(names=taken))
    return insurer


def other_plan(view: View) -> Flow:
    found = yield from whose_plan(view)
    if found is not None:
        yield from biller(view, "coverage", found, phrase="plan.by_person")

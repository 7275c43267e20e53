"""A picture of an insurance card: by a link, and never by text (rule 40). Nothing waits for it."""

from collections.abc import Generator
from typing import Any

from lamplighter.conversation.actions import Done, PersonFound
from lamplighter.conversation.details import Detail
from lamplighter.conversation.flows.my_plan import whose_plan
from lamplighter.conversation.flows.owing import biller
from lamplighter.conversation.needs import Commit, Flow, IfSigned, Need, Say
from lamplighter.conversation.plan_actions import SendCardLink
from lamplighter.conversation.view import View

LINK, BY_PERSON = "plan.card_link", "plan.card_by_person"


def send_card(view: View) -> Flow:
    found = yield from whose_plan(view)
    if found is None or found.person is None:
        return
    if not (yield from card_link(found.person)):
        yield from biller(view, "insurance", found)


def card_link(person: str) -> Generator[Need, Any, bool]:
    """Sends it and says so, or says that a person asks for what stands on the card. False where a practice has signed
    neither sentence, or nobody knows who this is."""
    if not (yield IfSigned((LINK, BY_PERSON))):
        return False
    sent = yield Commit(SendCardLink(person))
    if not isinstance(sent, Done):
        return False
    yield Say(LINK if sent.texted else BY_PERSON)
    return True


def wants_picture(view: View) -> bool:
    """They have said that they would rather send one, and told no number."""
    return bool(view.truth(Detail.CARD_PICTURE)) and view.value(Detail.MEMBER_ID) is None


def by_picture(view: View, found: PersonFound) -> Generator[Need, Any, bool]:
    """Where they would rather send one. False where they would not, or can't."""
    if found.person is None or not wants_picture(view):
        return False
    return (yield from card_link(found.person))

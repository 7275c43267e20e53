"""What a duty works with while one contact's turn is in one transaction."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from lamplighter.conversation.actions import Done, Refused, Request
from lamplighter.conversation.plan_actions import Asking, FindPlan, PlanTold, SendCardLink
from lamplighter.conversation.request_keys import request_key
from lamplighter.conversation.state import State
from lamplighter.desk.ports import Message, Transaction, Visit
from lamplighter.desk.ports.balances import Balances, NoBooks
from lamplighter.desk.ports.payments import PaymentCompanies, StatementsOnly
from lamplighter.practice.model import Practice

_NAMES = uuid.UUID("6f6c7e0a-6f1e-4c55-9c0b-2f8f6d1a9a11")


Wording = Callable[[Transaction, Practice, Visit, Message], Message]


def as_it_is(tx: Transaction, practice: Practice, visit: Visit, message: Message) -> Message:
    return message


@dataclass(frozen=True, slots=True)
class Till:
    """What people owe, and who takes payments."""

    books: Balances = field(default_factory=NoBooks)
    companies: PaymentCompanies = field(default_factory=StatementsOnly)


NO_TILL = Till()


class PlanLine(Protocol):
    """What somebody's plan says, asked while they are there; and the door for a picture of their card."""

    def find(self, errand: "Errand", request: FindPlan) -> PlanTold | Asking: ...

    def send_card_link(self, errand: "Errand", request: SendCardLink) -> Done | Refused: ...


class NoPlans:
    """No plan is asked: whoever keeps the books looks."""

    def find(self, errand: "Errand", request: FindPlan) -> PlanTold | Asking:
        return PlanTold(why="nobody_asks")

    def send_card_link(self, errand: "Errand", request: SendCardLink) -> Done | Refused:
        return Refused("no_link")


NO_PLANS = NoPlans()


@dataclass(frozen=True, slots=True)
class Errand:
    """One request of one contact, with everything a duty may touch. `new_code` makes a six-digit code, `wording` says
    how a notice about a visit is worded, `till` what people owe and how it
    can be paid, `plans` asks somebody's plan while they are there."""

    tx: Transaction
    practice: Practice
    state: State
    now: datetime  # aware, practice-local
    new_code: Callable[[], str]
    wording: Wording = as_it_is
    till: Till = NO_TILL
    plans: PlanLine = NO_PLANS

    @property
    def contact(self) -> str:
        return self.state.contact

    @property
    def today(self) -> date:
        """Where the practice is."""
        return self.now.astimezone(self.practice.timezone).date()

    def name_of(self, request: Request, part: str = "") -> str:
        """An id that is the same whenever the same contact makes the same request: what makes a commit happen once."""
        return stable_id(self.contact, str(self.state.errand_no), request_key(request), part)


def stable_id(*parts: str) -> str:
    return uuid.uuid5(_NAMES, "\x1f".join(parts)).hex

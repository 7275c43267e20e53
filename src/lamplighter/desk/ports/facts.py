"""What a named person has stated and what holds until it is lifted or its time is over: data, never protocol."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

FactKind = Literal[
    "left_outside",  # what was put down or asked at a clearinghouse, and under which numbers
    "stopped",  # nothing automatic goes to this person
    "contact_plan",  # whom to ring first for this person
    "cover",  # somebody is on the ladder in another's place
    "absent",  # somebody is not to be rung
    "number",  # under which somebody is rung
    "assistant_paused",  # staff have paused the assistant for a line, or for everything
    "route_test",  # a route was rung as a test
    "route_rang",  # whom a test reached, as far as we know
    "route_answered",  # somebody said that the test reached them
    "guard_wrong",  # what the guard heard in a contact was not there
    "missed_danger",  # somebody was in danger in a contact and nobody heard it
    "glass_opened",  # somebody looked where a person lives, which no owner has seen yet
    "opted_out",  # nothing of ours goes to this number
    "opted_in",  # whoever has this number wrote that they want our texts
    "contact_wish",  # how and when this person may be reached
    "opening",  # a time has come free and is being offered
    "opening_over",  # what became of such a time
    "offer",  # somebody on the wait list has been asked whether they want it
    "offer_over",  # what became of such an offer
    "called_off",  # a clinician's time is called off by the practice
    "called_off_done",  # and that has been done
    "called_off_lift",  # the clinician can come after all
    "called_off_lift_done",  # and their time is free again
    "called_off_visit",  # whose visit that was, and how they are told
    "called_off_ask",  # they are asked whether they keep its time, by video or with a colleague
    "called_off_ask_over",  # what became of that
    "clinician_gone",  # a clinician works here no longer; nothing of their visits goes by itself
    "visit_changed",  # somebody here moved a visit or called it off
    "visit_change_done",  # and the time to take that back is over
    "link",  # whoever opens it may do one thing about one visit
    "link_over",  # what was done by it
    "visit_missed",  # somebody here says that a visit did not take place
    "missed_asked",  # they were asked whether they want a new time
    "packet_sent",  # a link to the practice's papers went out to them
    "packet_opened",  # and was opened
    "packet_done",  # they have read a paper, or agreed to it
    "plan_asked",  # a question about their plan is on its way to its payer
    "plan_answer",  # what came of such a question
    "plan_charted",  # how that answer stands on its way into the chart
    "chart_person",  # what the chart calls them
    "plan_not_asked",  # why no question went
    "plan_waited",  # somebody is told in their contact what their plan answers
    "plan_holder",  # in whose name their plan is
    "plan_restricted",  # they pay for their visits themselves and want their plan told nothing
    "card_asked",  # they were sent a link to the page for a picture of their insurance card
    "card_sent",  # pictures of it have come
    "card_typed",  # somebody here has typed what stands on it
    "card_unreadable",  # or could not read it
    "authorization",  # care that their plan wants to approve first, from its draft on
    "authorization_step",  # what was done about it, or came of it
    "eap",  # what an employee assistance program has granted them
    "cancelled_late",  # a visit of theirs was cancelled later than the practice's policy allows free of charge
    "pay_link",  # they asked for a link to pay what they owe
    "pay_link_made",  # the payment company has made its page
    "pay_link_paid",  # and somebody has paid there
    "bill_plan",  # they have agreed to pay what they owe in monthly payments
    "bill_hold",  # nothing of ours about money goes to them, as a biller says
    "bill_may_ask",  # a biller says, with a reason, that they may be asked for money though they have Medicaid
    "mail_alone",  # they say that nobody else reads what comes to this address
    "bill_asked",  # they were written to about what is open
    "refund",  # a biller gives money back that was paid by a link
    "refund_made",  # and the payment company has done so
    "review_taken",  # somebody here looks a contact over, so that nobody else need
    "rehearsal_kept",  # a rehearsal that was made of this contact is played
    "legal_hold",  # nothing of theirs is erased or expires
    "kept_apart",  # a clinician must not see them
    "link_key",  # under which a practice's links are made
]
OF_NUMBERS = "number/"
OF_NAMES = "named/"
_BETWEEN = "\x1f"


def of_name(first_name: str, last_name: str, born: date) -> str:
    """What is about whoever has this name and birth date."""
    return OF_NAMES + _BETWEEN.join((first_name, last_name, born.isoformat()))


def name_in(about: str) -> tuple[str, str, str]:
    """First name, last name and birth date of what `of_name` wrote."""
    first, last, born = about.removeprefix(OF_NAMES).split(_BETWEEN)
    return first, last, born


@dataclass(frozen=True, slots=True)
class Fact:
    """`about` names its subject ("person/p1", "ladder/osei"); `person` is whose key seals `details`, which hold no
    free words. `starts` and `ends` bound it where it has bounds.

    What is about "number/+12125550143" is found by it, and kept under a name that does not tell the number;
    so is what is about a name (`of_name`), which is compared as people's are."""

    id: str
    kind: FactKind
    about: str
    at: datetime
    by: str
    details: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    person: str | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    lifted: datetime | None = None
    lifted_by: str | None = None

    def value(self, name: str) -> str:
        """Raises KeyError."""
        return dict(self.details)[name]

    def holds(self, now: datetime) -> bool:
        """Neither lifted, nor yet to come, nor over."""
        begun = self.starts is None or self.starts <= now
        return self.lifted is None and begun and (self.ends is None or now < self.ends)


class Facts(Protocol):
    def state(self, fact: Fact) -> None:
        """Idempotent by id. The ledger names who stated it, and what about."""
        ...

    def lift(self, fact_id: str, by: str, at: datetime) -> bool:
        """False where it is lifted already, or not there."""
        ...

    def get(self, fact_id: str) -> Fact | None: ...

    def standing(self, kind: FactKind, about: str | None = None) -> tuple[Fact, ...]:
        """Those that nobody has lifted, whatever their bounds; the newest first."""
        ...

"""Details, errands and times in words for the staff; nothing here is ever said to a caller."""

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale
from babel.dates import format_date, format_datetime, format_time

from lamplighter.conversation import acts as a
from lamplighter.conversation.details import Detail, Errand, Key, Subject
from lamplighter.conversation.wish import Window, Wish
from lamplighter.desk.calling_back import Attempt
from lamplighter.practice.model import Practice

ERRANDS = {
    Errand.FIRST_APPOINTMENT: "First appointment",
    Errand.FOLLOW_UP: "Follow-up",
    Errand.MOVE: "Move a visit",
    Errand.CANCEL: "Cancel a visit",
    Errand.CONFIRM_VISIT: "Confirm a visit",
    Errand.QUESTION: "Question",
    Errand.MY_VISIT: "When is my visit",
    Errand.MESSAGE: "Leave a message",
    Errand.RUNNING_LATE: "Running late",
    Errand.LINK_TROUBLE: "The link of a visit",
    Errand.AT_THE_DOOR: "At the door",
    Errand.WAITING_ALONE: "Waiting alone",
    Errand.WAITLIST: "Wait list",
    Errand.PERSON: "Wants a person",
    Errand.TAKE_OPENING: "Takes an offered time",
    Errand.LEAVE_OPENING: "Leaves an offered time",
    Errand.WHAT_I_OWE: "What they owe",
    Errand.WHY_CHARGED: "Why a charge is there",
    Errand.PAY: "Pay a balance",
    Errand.PAY_A_PART: "Pay a part of their plan",
    Errand.PAYMENT_PLAN: "Pay in parts",
    Errand.RECEIPT: "A receipt",
    Errand.SUPERBILL: "An itemised statement",
    Errand.WRONG_INSURANCE: "Billed under a wrong insurance",
    Errand.NEXT_COST: "What the next visit costs",
    Errand.PLAN_ACTIVE: "Whether their plan is active",
    Errand.PLAN_COPAY: "Their copay",
    Errand.PLAN_DEDUCTIBLE: "Their deductible",
    Errand.PLAN_VISITS: "Visits left in their plan",
    Errand.EAP_VISITS: "Visits left that their EAP granted",
    Errand.PLAN_APPROVAL: "Whether their plan wants to approve visits",
    Errand.MY_AUTHORIZATION: "Whether their authorization is done",
    Errand.SEND_CARD: "A picture of their insurance card",
    Errand.NEW_PLAN: "A new insurance or card",
    Errand.OTHER_PLAN: "Insurance that a person looks up",
    Errand.CORRECT: "Put something right",
}
ROUTES = {"crisis": "A person now", "clinical": "Clinician", "human": "Desk"}
TASK_ROUTES = {"person_now": "A person now", "clinician": "Clinician", "desk": "Desk", "biller": "Biller"}
BILL_ABOUT = {
    "balance": "what they owe; the books did not say it clearly, or it may not be told by itself",
    "charge": "a charge",
    "plan": "a payment plan beyond the limits",
    "approval": "a payment plan that waits for approval",
    "plan_begun": "a payment plan was set up: enter it into the books, and send a link or letter for each payment",
    "plan_approved": "their payment plan was approved: tell them, enter it, and send a link or letter each time",
    "plan_late": "a payment of their plan is missing in the books: see what they need",
    "plan_unclear": "the books don't tell whether a payment of their plan came: look",
    "refunded": "money went back to them: enter it into the books",
    "refunded_untold": "money went back to them: enter it into the books, and see who is to be told; no message went",
    "refund_failed": "no money went back: the payment company refused it, see there and tell them",
    "refund_unclear": "nobody can tell yet whether money went back: look at the payment company's page",
    "still_open": "their balance is open, and no message may go: call, or leave it",
    "plan_undone": "their payment plan was undone: tell them",
    "receipt": "a receipt",
    "superbill": "an itemised statement for their insurer, by mail or the portal",
    "insurance": "billed under a wrong insurance",
    "payment": "a way to pay",
    "plan_unknown": "a payment of a plan of theirs that is not set up here: call them",
    "statement": "a statement by mail",
    "authorization": "their prior authorization: call them about it",
    "new_plan": "a new insurance or card: enter it where bills are made",
    "told_nothing": "their plan is told nothing, as they asked: do they want to use insurance now? Call them",
    "coverage": "what their plan says; there was no clear answer while they were there",
    "estimate": "what their next visit costs them",
    "pay_link_failed": "the link to pay could not be made: call them",
    "pay_link_unclear": "a link may have been paid, or may still be: look at the payment company's page",
    "paid_by_link": "paid by link: enter it into the books",
}
"""What a task for the biller is about."""

AUTHORIZATION_ABOUT = {
    "codes": "confirm the codes",
    "release": "look it over and let it go",
    "send_paper": "send it by fax or portal, and say so on its page",
    "rejected": "it could not be taken in: put it right",
    "info": "the plan wants to see more",
    "look": "the plan approved less, or something else, than was asked",
    "unsaid": "approved; the plan did not say until when, or how many: ask",
    "renew": "it ends soon: renew it",
    "chase": "ask the plan how it stands",
    "soon": "the plan's time is nearly over and nothing is decided",
    "over": "the plan's time is over and nothing is decided",
    "denied": "denied; decide about an appeal",
    "appeal_soon": "the time to appeal a denial is nearly over: appeal, or let it stand",
    "cancel_by_hand": "tell the plan that it is cancelled",
    "changed": "another insurer is on file by now",
    "gate": "nothing may go to the plan: look why",
    "unread": "its answer could not be read: ask whether it has the request; if not, let it go again",
    "no_answer": "nothing gets through to the plan",
    "bridge": "is a bridge supply needed meanwhile?",
    "tracked": "to be sent by somebody's hands",
    "ask": "ask the plan whether it is needed",
}
"""What there is to do about an authorization."""

EAP_ABOUT = {
    "eap_last": "one visit is left that their EAP granted, or the last is near: ask it how it goes on",
    "eap_over": "nothing is left of what their EAP granted: ask it for more, or see who pays",
    "eap_unknown": "nobody has said how many visits their EAP granted: ask it",
}

NOT_SENT = {
    "do_not_contact": "they are not to be contacted",
    "stopped": "automatic messages are stopped for them",
    "opted_out": "they asked for no more",
    "not_agreed": "they have not agreed to it",
    "channel": "they are reached another way",
    "quiet_hours": "outside the hours for messages",
    "one_a_day": "they had one that day",
    "three_a_week": "they had three within a week",
    "too_late": "it would have come too late",
    "changed": "what it said is no longer so",
}
"""Why a message of ours did not go, or not yet, by the gate's words."""

OF_CARRIERS = {
    "not_taken": "no carrier has taken it yet",
    "overtaken": "somebody had stepped in",
    "bounced": "it came back",
}
UNKNOWN = "nobody can tell whether it went"

TASK_KINDS = {
    "visit_or_texts": "Wrote CANCEL: texts are stopped; was a visit meant?",
    "not_theirs": "Number is somebody else's, and was taken off",
    "not_reached": "A message may not have reached them: reach them another way",
    "called_off": "Call: their visit can't take place",
    "clinician_gone": "Speak to them: their clinician works here no longer",
    "day_of_visit": "Now: they can't get to their visit",
    "packet": "Papers are missing for today's visit: hand them over",
    "ai_notice": "Hand over the written notice of the automated assistant",
    "plan_check": "Their plan could not be checked: look at what came back",
    "plan_card": "A picture of their insurance card has come: look at it",
    "plan_number": "Ask for the number on their insurance card",
    "plan_holder": "Plan in somebody else's name: look what is still to be asked",
    "plan_died": "Look now: an answer about them needs a person. Nothing is sent to them until you decide",
    "plan_key": "Plans can't be asked, our key is refused: tell whoever runs this machine",
    "plan_chart": "Put what their plan said into the chart: it could not be done by itself",
    "wants_no_texts": "Wants no texts: find their number",
    "wants_way": "Wants to be reached another way: find out who it is, and keep it on their page",
    "not_done": "Could not be done by itself",
    "callback": "Call back",
    "message": "Message",
    "handoff": "Call back after a hand-over",
    "billing": "Billing",
    "authorization": "Authorization",
    "good_faith_estimate": "Good-faith estimate",
    "office_confirm": "Confirm with the office: done sends the confirmation",
    "late_cancel": "Late cancellation",
    "cancelled_for_all": "A visit for several people was cancelled by one of them",
    "tell_of_visit": "Tell them: somebody they come with moved or cancelled their visit",
    "series": "Wants to come regularly: one visit is booked, arrange the rest with them",
    "missed_visit": "A visit was missed",
    "clinical": "Clinical message",
    "correction": "Put right on the record",
    "same_person": "Perhaps on file twice",
    "follow_up": "Follow up",
    "review": "Look over a hand-over",
    "audit": "Look over a contact",
    "rehearsal": "A rehearsal waits for a second person to read it",
    "marked_wrong": "Marked wrong in review: see that it can't happen again",
}


def task_kind(kind: str, details: Mapping[str, str]) -> str:
    """With what it is about, where one of the kind can be about several things."""
    of_kind = {"billing": BILL_ABOUT, "authorization": AUTHORIZATION_ABOUT | EAP_ABOUT}.get(kind, {})
    about = of_kind.get(details.get("about", ""))
    return f"{TASK_KINDS[kind]}: {about}" if about else TASK_KINDS[kind]


CLINICIAN_DECIDES = "Not to be contacted: clinician decides"
"""What a call becomes for somebody whom nobody is to contact."""

CHANNELS = {"voice": "Call", "sms": "Text", "chat": "Chat", "email": "Email"}
MODALITIES = {"in_person": "in person", "telehealth": "by video"}
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LABELS = {
    Detail.FIRST_NAME: "First name",
    Detail.LAST_NAME: "Last name",
    Detail.DATE_OF_BIRTH: "Born",
    Detail.PHONE: "Phone",
    Detail.AVAILABILITY: "Can come",
    Detail.MODALITY: "How",
    Detail.VISIT_KIND: "Visit",
    Detail.INSURANCE: "Insurance",
    Detail.CALLER_NAME: "Caller",
    Detail.CALLBACK_TIME: "Call back",
    Detail.LEAVE_MESSAGE: "May leave a message",
    Detail.REMINDER_CONSENT: "Wants reminders",
    Detail.NEW_PATIENT: "New here",
    Detail.SELF_PAY: "Pays themselves",
    Detail.CONTACT_CHANNEL: "Reach by",
    Detail.STATE: "Sits in",
    Detail.HOW_OFTEN: "Wants to come",
    Detail.SERIES: "Of a standing visit",
}
HIDDEN = (Detail.IDENTITY_CODE, Detail.CONFIRM, Detail.CONFIRM_DETAIL, Detail.CHOICE, Detail.ANYTHING_ELSE)
NOT_A_FACT = (*HIDDEN, Detail.ERRAND, Detail.FIRST_NAME, Detail.LAST_NAME)
REACH = {
    "sms": "text",
    "voice": "call",
    "phone": "call",
    "email": "email",
    "number": "another number, or not this one: ask which",
}
FREE_WORDS = (Detail.MESSAGE, Detail.CALLBACK_TIME)


def message_status(status: str, why: str | None) -> str:
    """Whether it went, and what keeps it; a word without words here stands as it is."""
    if why is None:
        return UNKNOWN if status == "unknown" else status
    reason = NOT_SENT.get(why) or OF_CARRIERS.get(why, why)
    return f"waits: {reason}" if status in ("queued", "sending") else f"not sent: {reason}"


def label(place: Key) -> str:
    name = LABELS.get(place.detail) or place.detail.value.replace("_", " ").capitalize()
    return f"Second person: {name.lower()}" if place.subject is Subject.SECOND else name


def value(place: Key, canonical: str, practice: Practice) -> str:
    """A detail's canonical value in words; what can't be read is shown as it stands."""
    try:
        return _value(place.detail, canonical, practice)
    except (ValueError, KeyError, TypeError, StopIteration):
        return canonical


def _value(detail: Detail, canonical: str, practice: Practice) -> str:
    match detail:
        case Detail.DATE_OF_BIRTH:
            return format_date(date.fromisoformat(canonical), "MMM d, y", locale="en")
        case Detail.PHONE:
            return phone(canonical)
        case Detail.AVAILABILITY:
            return wish(Wish.loads(canonical))
        case Detail.CONTACT_CHANNEL:
            return REACH[canonical]
        case Detail.MODALITY:
            return MODALITIES[canonical]
        case Detail.VISIT_KIND:
            return practice.visit_kind(canonical).names.get("en", canonical)
        case Detail.INSURANCE:
            return next((i.name for i in practice.insurers if i.id == canonical), canonical)
        case Detail.LANGUAGE:
            return language(canonical)
        case Detail.ERRAND:
            return ERRANDS[Errand(canonical)]
    return {"true": "yes", "false": "no"}.get(canonical, canonical)


def phone(number: str) -> str:
    """An address by email is shown as it stands."""
    if "@" in number:
        return number
    try:
        parsed = phonenumbers.parse(number, "US")
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)


def language(tag: str) -> str:
    return Locale.parse(tag, sep="-").get_display_name("en") or tag


def wish(wished: Wish) -> str:
    """When somebody can come: "Mon, Wed from 2 PM; not Dec 24"."""
    wanted = [window(each) for each in wished.any_of]
    refused = ["not " + window(each) for each in wished.none_of]
    soonest = ["as soon as possible"] if wished.soonest else []
    return "; ".join([*wanted, *refused, *soonest]) or "any time"


def window(span: Window) -> str:
    parts = [", ".join(WEEKDAYS[day] for day in sorted(span.weekdays))] if span.weekdays else []
    if span.first and span.first == span.last:
        parts.append(_short(span.first))
    else:
        parts += [f"from {_short(span.first)}"] if span.first else []
        parts += [f"until {_short(span.last)}"] if span.last else []
    parts += [f"at {clock(span.at)}"] if span.at else []
    if span.start and span.before:
        parts.append(f"{clock(span.start)} to {clock(span.before)}")
    else:
        parts += [f"from {clock(span.start)}"] if span.start else []
        parts += [f"before {clock(span.before)}"] if span.before else []
    return " ".join(parts) or "any time"


def _short(day: date) -> str:
    return format_date(day, "EEE, MMM d", locale="en")


def clock(at: time) -> str:
    return format_time(at, "h:mm a" if at.minute else "h a", locale="en")


def when(at: datetime, zone: ZoneInfo) -> str:
    return format_datetime(at.astimezone(zone), "EEE, MMM d, h:mm a", locale="en")


def on(at: datetime, zone: ZoneInfo) -> str:
    """A day that may be years ago, with its time."""
    return format_datetime(at.astimezone(zone), "MMM d, y, h:mm a", locale="en")


def attempt(tried: Attempt, zone: ZoneInfo) -> str:
    return f"{when(tried.at, zone)}, {tried.by}: {tried.words}"


def time_of(at: datetime, zone: ZoneInfo) -> str:
    return format_datetime(at.astimezone(zone), "h:mm a", locale="en")


def act(done: a.Act, practice: Practice) -> str | None:
    """What was understood of an utterance, in a few words. Why somebody calls is no business of the page."""
    match done:
        case a.Intend(errand):
            return ERRANDS[errand]
        case a.Give(detail) if detail in HIDDEN or detail in FREE_WORDS:
            return None
        case a.Give():
            return f"{label(done.key)}: {value(done.key, done.value, practice)}"
        case a.Decline(detail, subject):
            return f"{label(Key(subject, detail))}: not given"
        case a.Wrong(detail, subject):
            return f"{label(Key(subject, detail))}: wrong"
        case a.Affirm():
            return "Yes"
        case a.Deny():
            return "No"
        case a.Choose(index):
            return f"Takes number {index + 1}"
        case a.NoneOfThose():
            return "None of those"
        case a.AskAbout(topic):
            return f"Asks about {topic.value.replace('_', ' ')}"
        case a.SpeakIn(tag):
            return f"Wants {language(tag)}"
    return None

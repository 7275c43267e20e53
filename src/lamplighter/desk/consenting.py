"""Consents given in a contact, with the wording they were given to."""

from typing import Final

from lamplighter.conversation.details import Detail
from lamplighter.desk import plan_gates
from lamplighter.desk.context import Errand, stable_id
from lamplighter.desk.ports import Consent, Person

TELLS_HOLDER: Final = "ask.plan_check"
"""The sentence that says what a plan may send to its holder."""

OF_A_PLAN: Final[tuple[plan_gates.Purpose, ...]] = ("plan_holder", "plan_check")
OF_ONES_OWN: Final[tuple[plan_gates.Purpose, ...]] = ("plan_check",)
_ASKED = (("reminders", Detail.REMINDER_CONSENT), ("leave_message", Detail.LEAVE_MESSAGE))


def record(errand: Errand, person: Person) -> None:
    """Records what was said to "may we send reminders" and "may we leave a message"; nothing said, nothing recorded."""
    channel = person.contact_channel or "sms"
    for purpose, detail in _ASKED:
        said = errand.state.value(detail)
        if said is None:
            continue
        errand.tx.consents.record(
            Consent(
                id=stable_id(errand.contact, purpose, person.id),
                person=person.id,
                purpose=purpose,
                channel=channel,
                given=said == "true",
                at=errand.now,
                wording=f"ask.{detail}@{errand.state.protocol_hash[:12]}",
                contact=errand.contact,
            )
        )


def to_the_plan(errand: Errand, person: Person) -> None:
    """Whoever is on somebody else's plan was told what it may send, and said whether it may be asked; whoever is on
    their own said that, where they were asked. Nobody says it for another."""
    said = errand.state.value(Detail.PLAN_CHECK)
    if said is not None and person.subscriber is not None and not errand.state.for_somebody_else:
        keep(errand, person, said == "true")


def keep(errand: Errand, person: Person, given: bool) -> None:
    """What they said, by the sentence that they said it to. A yes to none is none; a no always is."""
    sentence = errand.state.plan_asked
    if sentence is None and given:
        return
    wording = f"{sentence or 'unasked'}@{errand.state.protocol_hash[:12]}"
    for purpose in OF_A_PLAN if sentence == TELLS_HOLDER else OF_ONES_OWN:
        plan_gates.keep_answer(
            errand.tx, person.id, purpose, given, wording=wording, now=errand.now, contact=errand.contact
        )


def to_offers(errand: Errand, person: Person) -> None:
    """Whoever wants to be on the wait list is told that they are written to when a time opens, and agrees to that."""
    if person.contact_channel not in (None, "sms", "email"):
        return
    channel = person.contact_channel or ("sms" if person.phone is not None else "email")
    errand.tx.consents.record(
        Consent(
            id=stable_id(errand.contact, "waitlist", person.id),
            person=person.id,
            purpose="waitlist",
            channel=channel,
            given=True,
            at=errand.now,
            wording=f"waitlisted@{errand.state.protocol_hash[:12]}",
            contact=errand.contact,
        )
    )

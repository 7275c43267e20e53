"""Somebody's plan asked while they are there: what it said a few hours ago at once, else asked now, and told as soon as
it answers or the deadline has passed. It is the same question as the desk's own: nobody pays twice.

What is told is chosen by `benefits.py`. What the plan did not say is "", and what it said twice over is too.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Literal

from lamplighter.conversation import events as e
from lamplighter.conversation.actions import Done, Refused
from lamplighter.conversation.facts import find_insurer, money
from lamplighter.conversation.plan_actions import (
    AgreeToPlan,
    Asking,
    FindPlan,
    KeepPlan,
    PlanTold,
    Says,
    SendCardLink,
)
from lamplighter.conversation.request_keys import request_key
from lamplighter.conversation.state import State
from lamplighter.desk import (
    benefit_rows,
    bill_holds,
    consenting,
    eligibility,
    plan_card,
    plan_gates,
    plan_kept,
    plan_outcomes,
    plan_waits,
)
from lamplighter.desk.benefits import Benefits, Figure
from lamplighter.desk.benefits import State as Told
from lamplighter.desk.context import Errand, stable_id
from lamplighter.desk.eligibility import Plans
from lamplighter.desk.later import Note, Overtaken
from lamplighter.desk.messages import callback_due
from lamplighter.desk.plan_kept import Question, Reading
from lamplighter.desk.ports import AGENT, Clock, Fact, Job, Person, Records, Task, Transaction, Visit
from lamplighter.desk.ports.clearinghouse import Why
from lamplighter.practice.model import Money, Practice, PracticeId

BY: Final = "asked by them"
DEADLINE: Final = {
    "voice": timedelta(seconds=15),
    "chat": timedelta(seconds=45),
    "sms": timedelta(seconds=45),
}
"""How long somebody waits for it: most payers answer within a few seconds, and nobody is kept on the line."""

PROVEN: Final = ("number_on_file", "code", "staff")


class AskedNow:
    """Answers `FindPlan`."""

    def __init__(self, plans: Plans) -> None:
        self._plans = plans

    def find(self, errand: Errand, request: FindPlan) -> PlanTold | Asking:
        person = identified(errand, request.person)
        if person is None:
            return PlanTold()
        tx, practice, now = errand.tx, errand.practice, errand.now
        visit = _next_visit(tx, person, now)
        begun = self._plans.begin(tx, person, visit, now, by=BY)
        if begun.reason is not None:
            own = person.subscriber == plan_gates.OWN
            return PlanTold(why="biller" if begun.reason == "says_no" and not own else begun.reason)
        if (told := what_they_say(tx, practice, person, visit, begun.questions)) is not None:
            return told
        until = now + DEADLINE.get(errand.state.channel, DEADLINE["chat"])
        plan_waits.wait(tx, errand.contact, request_key(request), begun.questions, now=now, until=until)
        return Asking()

    def send_card_link(self, errand: Errand, request: SendCardLink) -> Done | Refused:
        """Also to whoever this very contact booked for: put on file by it, where it goes to the number that they gave,
        or on file with the number that they call from. Whoever has another on file is asked by a person."""
        person, made = identified(errand, request.person), errand.state.made
        if person is not None:
            return plan_card.send(errand, self._plans.cards, person)
        person = errand.tx.people.get(request.person)
        if person is None or made is None or made.person != person.id:
            return Refused("not_identified")
        if made.new or (person.phone is not None and person.phone == errand.state.address):
            return plan_card.send(errand, self._plans.cards, person)
        return plan_card.by_person(errand, person)


def identified(errand: Errand, person: str) -> Person | None:
    """Whoever has been identified in this contact, a recorded proxy where the practice tells them too, or whoever was
    put on file in it under the number that they call from; nobody else."""
    state, found = errand.state, errand.tx.people.get(person)
    proof, made, billing = state.identified, state.made, errand.practice.billing
    if proof is not None and proof.person == person and proof.how in PROVEN:
        tells_proxies = billing is not None and "proxy" in billing.told_to
        return found if tells_proxies or not proof.proxy else None
    if found is None or made is None or not made.new or made.person != person:
        return None
    return found if found.phone is not None and found.phone == state.address else None


def _next_visit(tx: Transaction, person: Person, now: datetime) -> Visit | None:
    ahead = [each for each in tx.schedule.visits_of(person.id, now) if each.status in eligibility.STANDS]
    return min(ahead, key=lambda each: each.slot.start, default=None)


# -- waiting -----------------------------------------------------------------------------------------------------------


class Waiting:
    """Tells whoever waits in a contact what their plan has answered, or at the deadline that it has not."""

    def __init__(
        self, records: Records, practices: Mapping[PracticeId, Practice], clock: Clock, note: Note
    ) -> None:
        self._records, self._practices, self._clock, self._note = records, practices, clock, note

    def run(self, practice_id: PracticeId, job: Job) -> None:
        args = dict(job.args)
        with self._records.transaction(practice_id) as tx:
            fact = tx.facts.get(args["wait"])
            if fact is None or fact.lifted is not None or not fact.details:
                return
            told = self._answer(tx, fact, last=args["what"] == plan_waits.LAST)
        if told is None:
            return
        key = fact.value("key")
        with suppress(Overtaken):
            self._note(practice_id, fact.value("contact"), e.Did(key, told), given=_waits_for(key))
        with self._records.transaction(practice_id) as tx:
            tx.facts.lift(fact.id, AGENT, self._clock.now())

    def _answer(self, tx: Transaction, fact: Fact, *, last: bool) -> PlanTold | None:
        """None while there is still time."""
        person = tx.people.get(fact.person) if fact.person else None
        if person is None:
            return PlanTold()
        found = (plan_kept.question(tx, name) for name in fact.value("questions").split())
        asked = [each for each in found if each is not None]
        visit = _next_visit(tx, person, self._clock.now())
        told = what_they_say(tx, self._practices[tx.practice], person, visit, asked)
        return told if told is not None else PlanTold("late") if last else None


def _waits_for(key: str) -> Callable[[Transaction, State], bool]:
    return lambda tx, state: key in state.pending


# -- what may be told --------------------------------------------------------------------------------------------------


def what_they_say(
    tx: Transaction, practice: Practice, person: Person, visit: Visit | None, questions: Iterable[Question]
) -> PlanTold | None:
    """None where one of the questions, or one that its answer led to, is still open."""
    asked = list(questions)
    names = {each.id for each in asked}
    asked += [
        each for each in plan_kept.questions(tx, person.id, plan_kept.SHOWN) if each.carved_from in names
    ]
    read = [(each, plan_kept.latest(tx, each)) for each in asked]
    readings = [(each, reading) for each, reading in read if reading is not None and not reading.is_open]
    if not asked or len(readings) < len(read):
        return None
    answered = [(each, reading) for each, reading in readings if reading.outcome == "answered"]
    if not answered:
        return PlanTold(why=_why(reading for _, reading in readings))
    told = _told(practice, person, visit, answered)
    free = any(benefit_rows.no_cost_sharing(reading.rows, reading.at.date()) for _, reading in answered)
    return replace(told, no_cost_sharing=free and bill_holds.may_ask(tx, person.id) is None)


def _why(readings: Iterable[Reading]) -> Literal["not_found", "biller"]:
    return "not_found" if {each.outcome for each in readings} == {Why.NOT_FOUND} else "biller"


def _told(
    practice: Practice, person: Person, visit: Visit | None, answered: list[tuple[Question, Reading]]
) -> PlanTold:
    """Of several answers that of whoever was asked in place of another comes first."""
    insurer = find_insurer(practice, person.insurer)
    ordered = sorted(answered, key=lambda each: not each[0].carved_from)
    found = [
        plan_outcomes.figures(practice, visit, reading, insurer.id if insurer else None)
        for _, reading in ordered
    ]
    if all(each.carve_out is not None for each in found):
        return PlanTold(why="carve_out")
    as_of = min(reading.at for _, reading in answered).astimezone(practice.timezone)
    return PlanTold(
        state="told",
        why="",
        as_of=as_of.date().isoformat(),
        active=_active(found),
        paid_for="no" if _first(found, "covered") is False else "unknown",
        in_network=_says(_first(found, "in_network")),
        copay=_amount(_first(found, "copay")),
        share=_percent(_first(found, "coinsurance")),
        deductible=_amount(_first(found, "deductible")),
        deductible_left=_amount(_first(found, "deductible_left")),
        visits=_count(_first(found, "visits")),
        visits_left=_count(_first(found, "visits_left")),
        authorization=_says(_first(found, "authorization")),
        other_payer=any(each.other_payers for each in found),
    )


def _first(found: Iterable[Benefits], field: str) -> object:
    """The first that is known; nothing where one before it contradicts itself."""
    for each in found:
        figure: Figure = getattr(each, field)
        if figure.state is Told.CONTRADICTORY:
            return None
        if figure.state is Told.KNOWN:
            return figure.value
    return None


def _active(found: Iterable[Benefits]) -> Says:
    """One that has ended is none."""
    said = [each.active for each in found]
    if any(each.state is Told.CONTRADICTORY for each in said):
        return "unknown"
    values = {each.value for each in said if each.state is Told.KNOWN}
    return "no" if False in values else "yes" if True in values else "unknown"


def _says(value: object) -> Says:
    return "yes" if value is True else "no" if value is False else "unknown"


def _amount(value: object) -> str:
    return money(value) if isinstance(value, Money) else ""


def _count(value: object) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else ""


def _percent(value: object) -> str:
    return f"{(value * 100).normalize():f}" if isinstance(value, Decimal) else ""


# -- what they say -----------------------------------------------------------------------------------------------------


def agree(errand: Errand, request: AgreeToPlan) -> Done | Refused:
    """Kept with the words that it was given to."""
    person = identified(errand, request.person)
    if person is None:
        return Refused("not_identified")
    consenting.keep(errand, person, request.given)
    if request.given:
        eligibility.plan_anew(errand.tx, errand.practice, person.id, errand.now)
    return Done(person=person.id)


def keep(errand: Errand, request: KeepPlan) -> Done | Refused:
    """In place of the plan on file, whose holder goes with it. It is asked anew before their visits, and whoever bills
    is told of it once, as bills are made elsewhere."""
    person = identified(errand, request.person)
    if person is None:
        return Refused("not_identified")
    number = "".join((request.member_id or "").split()).upper() or None
    kept = replace(person, member_id=number)
    if request.insurer is not None:
        kept = replace(kept, insurer=request.insurer, subscriber=request.subscriber, self_pay=False)
        plan_kept.keep_holder(errand.tx, person.id, None, by=AGENT, now=errand.now)
        consenting.to_the_plan(errand, kept)
        _tell_the_biller(errand, kept)
    errand.tx.people.update(kept)
    eligibility.plan_anew(errand.tx, errand.practice, person.id, errand.now)
    return Done(person=person.id)


def _tell_the_biller(errand: Errand, person: Person) -> None:
    insurer = find_insurer(errand.practice, person.insurer)
    if insurer is None or not insurer.taken:  # they are called back about it
        return
    name = stable_id("new_plan", person.id, insurer.id, person.member_id or "")
    due, about = callback_due(errand.practice, errand.now), (("about", "new_plan"),)
    errand.tx.tasks.add(Task(name, "billing", "biller", due, errand.contact, person.id, about))

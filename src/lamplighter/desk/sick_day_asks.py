"""Whether somebody keeps the time of a visit whose clinician can't come, by video or with a colleague: what they are
asked, what they answer, and what becomes of it where they don't.

Theory of operation. The visit is cancelled as any other of that day, and its time, or the colleague's, is held for it.
A yes puts the visit back into the time that is held; anything else frees it. Of two who come together both have to say
yes. Whoever has said nothing an hour before is called, and a yes that comes then is too late. One number is asked one
thing at a time, so that it is plain what a yes is to.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from lamplighter.conversation import events as e
from lamplighter.conversation.actions import Done
from lamplighter.conversation.asked import AnswerAsked
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.state import State
from lamplighter.desk import (
    answering,
    day_of_visit,
    notices,
    offering_answers,
    packet,
    reminders,
    sick_day_lift,
    visit_views,
)
from lamplighter.desk.context import Errand, stable_id
from lamplighter.desk.ports import AGENT, Fact, Message, Transaction, Visit
from lamplighter.desk.sick_day import STANDING, Asks, hold_name, never
from lamplighter.desk.sick_day_told import Told, ask_name, call, told
from lamplighter.practice.model import Modality, Practice

End = Literal["yes", "no", "lapsed", "not_sent", "other_no", "has_a_time", "gone"]
LATE: Final = timedelta(hours=24)
"""How long after it lapsed a yes is still one to it, and answered as such."""

GONE: Final = ("sent", "delivered")
BY_A_CALL: Final[tuple[End, ...]] = ("lapsed", "not_sent", "gone")


@dataclass(frozen=True, slots=True)
class Ask:
    """One person is asked about one visit. `slot` is what they would have; `address` where they are asked, `until` when
    it lapses."""

    id: str
    called_off: str
    visit: str
    person: str
    way: Asks
    slot: Slot
    clinician: str
    address: str
    message: str
    at: datetime
    until: datetime
    end: End | None = None
    ended: datetime | None = None

    @property
    def hold(self) -> str:
        return hold_name(self.called_off, self.visit)


# -- what is kept of it ------------------------------------------------------------------------------------------------


def make(tx: Transaction, ask: Ask) -> None:
    about = f"person/{ask.person}"
    tx.facts.state(
        Fact(ask.id, "called_off_ask", about, ask.at, AGENT, _details(ask), ask.person, ends=ask.until)
    )


def of(tx: Transaction, each: Told) -> Ask | None:
    """As it stands, or what became of it."""
    return by_name(tx, each.ask) if each.asks else None


def by_name(tx: Transaction, name: str) -> Ask | None:
    fact = tx.facts.get(name)
    if fact is None or fact.lifted is None:
        return _ask(fact)
    return _ask(tx.facts.get(_over(name)))


def standing(tx: Transaction) -> tuple[Ask, ...]:
    return tuple(filter(None, map(_ask, tx.facts.standing("called_off_ask"))))


def end(tx: Transaction, ask: Ask, how: End, now: datetime) -> bool:
    """Once: False where it was over by then."""
    if not tx.facts.lift(ask.id, AGENT, now):
        return False
    details = (*_details(ask), ("end", how), ("ask", ask.id), ("until", ask.until.isoformat()))
    about = f"person/{ask.person}"
    tx.facts.state(Fact(_over(ask.id), "called_off_ask_over", about, now, AGENT, details, ask.person))
    return True


def _over(name: str) -> str:
    return stable_id("called_off_ask_over", name)


def _details(ask: Ask) -> tuple[tuple[str, str], ...]:
    slot = ask.slot
    values = [
        ("called_off", ask.called_off),
        ("visit", ask.visit),
        ("way", ask.way),
        ("start", slot.start.isoformat()),
        ("minutes", str(slot.minutes)),
        ("with", slot.clinician),
        ("modality", slot.modality.value),
        ("visit_kind", slot.visit_kind),
        ("clinician", ask.clinician),
        ("address", ask.address),
        ("message", ask.message),
    ]
    return (*values, ("site", slot.site)) if slot.site else tuple(values)


def _ask(fact: Fact | None) -> Ask | None:
    """None for one whose person has been forgotten since."""
    values = dict(fact.details) if fact is not None else {}
    if fact is None or fact.person is None or "start" not in values:
        return None
    slot = Slot(
        datetime.fromisoformat(values["start"]), int(values["minutes"]), values["with"],
        Modality(values["modality"]), values["visit_kind"], values.get("site"),
    )  # fmt: skip
    ended = "end" in values
    until = datetime.fromisoformat(values["until"]) if ended else fact.ends
    assert until is not None
    return Ask(
        values.get("ask", fact.id), values["called_off"], values["visit"], fact.person,
        values["way"],  # type: ignore[arg-type]
        slot, values["clinician"], values["address"], values["message"], fact.at, until,
        values.get("end"),  # type: ignore[arg-type]
        fact.at if ended else None,
    )  # fmt: skip


# -- what an answer is to ----------------------------------------------------------------------------------------------


def answered(tx: Transaction, state: State, answers: str | None, now: datetime) -> Ask | None:
    """What a text from this number may answer: what it was asked and has not answered, else what lapsed lately; nothing
    where a time from the wait list was offered to it since, or a text went that a letter answers. Of an email, what the
    very message asked that it answers."""
    asked = _asked_of(tx, state, answers, now)
    if state.address is None or state.channel == "email" or not asked:
        return asked[0] if asked else None
    last = answering.last_by_letter(tx, state.address, now)
    if last is not None and last.id != asked[0].message:
        return None
    offer = offering_answers.answerable(tx, state.address, now)
    newer = offer is not None and offer.end is None and (asked[0].end is not None or offer.at > asked[0].at)
    return None if newer else asked[0]


def gives_way(tx: Transaction, state: State, now: datetime) -> bool:
    """A later text of ours is what they answer now, unless they are in the middle of their answer."""
    known, under_way = state.invited, state.errand is not None and not state.errand_done
    if known is None or known.of == "opening" or state.invited_over or under_way:
        return False
    return state.channel == "sms" and answered(tx, state, None, now) is None


def _asked_of(tx: Transaction, state: State, answers: str | None, now: datetime) -> list[Ask]:
    """What stands first, then what lapsed lately."""
    if state.address is None:
        return []
    if state.channel == "email":
        message = tx.outbox.get(answers) if answers else None
        if message is None or message.person is None or message.to.lower() != state.address:
            return []
        return [each for each in _of_person(tx, message.person, now) if each.message == message.id]
    people = tx.people.by_phone(state.address)
    asked = [each for person in people for each in _of_person(tx, person.id, now)]
    mine = [each for each in asked if each.address == state.address and _has_gone(tx, each)]
    return sorted(mine, key=lambda each: (each.end is not None, each.until))


def _of_person(tx: Transaction, person: str, now: datetime) -> list[Ask]:
    """What stands, of a visit that has no other time yet; and what has lapsed lately."""
    about = f"person/{person}"
    over = filter(None, map(_ask, tx.facts.standing("called_off_ask_over", about)))
    lapsed = [each for each in over if each.end in BY_A_CALL and now - (each.ended or now) < LATE]
    stands = filter(None, map(_ask, tx.facts.standing("called_off_ask", about)))
    return [each for each in (*stands, *lapsed) if _visit(tx, each) is not None]


def _visit(tx: Transaction, ask: Ask) -> Visit | None:
    """The visit, where it has no time yet."""
    visit = tx.schedule.visit(ask.visit)
    return visit if visit is not None and visit.status == "cancelled" else None


def _has_gone(tx: Transaction, ask: Ask) -> bool:
    message = tx.outbox.get(ask.message)
    return message is not None and message.status in (*GONE, "sending", "unknown")


def invitation(state: State, ask: Ask) -> e.Invited | None:
    """What the contact has to know of it, once."""
    if state.invited is not None and state.invited.offer == ask.id:
        return None
    return e.Invited(ask.id, ask.person, ask.slot, ask.way)


def answer(errand: Errand, request: AnswerAsked) -> Done:
    """A yes puts the visit back into the time that is held for it, once all who come have said so. Without a visit: it
    keeps no time."""
    tx, now = errand.tx, errand.now
    asked = _asked_of(tx, errand.state, errand.state.in_answer_to, now)
    ask = next((each for each in asked if each.id == request.ask), None)
    person = tx.people.get(ask.person) if ask else None
    if ask is None or ask.end or person is None or person.by_person_only:
        return Done(ref=request.ask)
    if not request.yes:
        return _no(tx, ask, now)
    visit = _visit(tx, ask)
    if visit is None or now >= ask.until:
        return Done(ref=ask.id)
    if not _may_sit(errand.practice, ask, request.sits_in):
        return _no(tx, ask, now)
    end(tx, ask, "yes", now)
    if any(each.end is None for each in _beside(tx, ask, visit)):
        return Done(visit=visit_views.view(visit), pending_office=True, person=ask.person)
    return _kept(errand, ask, visit)


def _no(tx: Transaction, ask: Ask, now: datetime) -> Done:
    end(tx, ask, "no", now)
    visit = _visit(tx, ask)
    over(tx, ask, visit.participants if visit else (), "other_no", now)
    return Done(ref=ask.id)


def _may_sit(practice: Practice, ask: Ask, sits_in: str | None) -> bool:
    licensed = practice.clinician(ask.slot.clinician).states or practice.states
    if ask.slot.modality is not Modality.TELEHEALTH:
        return True
    return not licensed or sits_in in licensed


def _beside(tx: Transaction, ask: Ask, visit: Visit) -> list[Ask]:
    """What the others who come to this visit were asked."""
    others = (each for each in visit.participants if each != ask.person)
    names = (ask_name(ask.called_off, ask.visit, each) for each in others)
    return list(filter(None, (by_name(tx, name) for name in names)))


def _kept(errand: Errand, ask: Ask, visit: Visit) -> Done:
    """With the reminders and papers of a visit that is moved; the link of one by video goes out. Where the time is lost
    they are called, unless nobody is to contact them."""
    tx, practice, now = errand.tx, errand.practice, errand.now
    moved = tx.schedule.move(visit.id, ask.slot, ask.hold, now)
    if moved is None:
        over(tx, ask, visit.participants, "gone", now)
        _call(tx, ask, (ask.person,))
        person = tx.people.get(ask.person)
        called = person is not None and person.phone is not None and not never(tx, visit.id, person)
        return Done(ref=ask.id, promised=ask.slot.start if called else None)
    reminders.plan_for_all(tx, practice, moved, now)
    packet.owe(tx, practice, moved, now)
    for person in filter(None, map(tx.people.get, moved.participants)):
        if person.id != ask.person:
            notices.send(errand, person, moved, "sms.moved")
        if moved.slot.modality is Modality.TELEHEALTH:
            day_of_visit.send_link(errand, person, moved)
    return Done(visit=visit_views.view(moved), person=ask.person)


# -- what becomes of it where nobody says yes --------------------------------------------------------------------------


def over(tx: Transaction, ask: Ask, people: Iterable[str], how: End, now: datetime) -> None:
    """The time that was held is free, or blocked where it was the clinician's own; whoever else of `people` was asked
    to come to it, and said yes or nothing yet, is called."""
    tx.schedule.release(ask.hold)
    block(tx, ask, now)
    others = [each for each in people if each != ask.person]
    names = (ask_name(ask.called_off, ask.visit, each) for each in others)
    for other in filter(None, (by_name(tx, name) for name in names)):
        if other.end is None:
            end(tx, other, how, now)
        tx.outbox.advance(other.message, "cancelled", at=now, why="changed")
    _call(tx, ask, others)


def block(tx: Transaction, ask: Ask, now: datetime) -> None:
    """What was left out of the day for a visit by video; not where the day is free again."""
    lifted = sick_day_lift.of(tx, ask.called_off)
    if ask.way == "video" and not (lifted is not None and lifted.done):
        start, ends = ask.slot.start, ask.slot.end
        tx.schedule.add_absence(sick_day_lift.not_kept(ask.called_off, ask.visit), ask.clinician, start, ends)


def _call(tx: Transaction, ask: Ask, people: Iterable[str]) -> None:
    wanted = set(people)
    for each in told(tx, ask.called_off):
        person = tx.people.get(each.person)
        if each.visit == ask.visit and each.person in wanted and person is not None:
            call(tx, each, person)


def waits(tx: Transaction, each: Told, ask: Ask, written: Message, now: datetime) -> bool:
    """Whether it is still to be waited for. `written`: the message that asks, sent once nothing else is asked of that
    number. Who has not answered in time, and whom it did not reach, is called."""
    visit, message = tx.schedule.visit(each.visit), tx.outbox.get(ask.message)
    if ask.end is not None or visit is None:
        return False
    if visit.status in STANDING:
        end(tx, ask, "has_a_time", now)
        over(tx, ask, (), "has_a_time", now)
        return False
    if now >= ask.until or (message is not None and message.status in ("failed", "cancelled")):
        end(tx, ask, "lapsed" if now >= ask.until else "not_sent", now)
        if message is not None:
            tx.outbox.advance(message.id, "cancelled", at=now, why="too_late")
        over(tx, ask, visit.participants, "other_no", now)
        _call(tx, ask, (ask.person,))
        return False
    if message is None:
        ask_if_free(tx, ask, written)
    return True


def ask_if_free(tx: Transaction, ask: Ask, written: Message) -> None:
    """Not while the same number has another question of ours to answer."""
    others = (each for each in standing(tx) if each.id != ask.id and each.address == ask.address)
    if not any(tx.outbox.get(each.message) is not None for each in others):
        notices.enqueue(tx, written)

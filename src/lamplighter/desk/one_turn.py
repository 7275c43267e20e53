"""Everything that one thing that came in sets off, in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lamplighter.conversation import events as e
from lamplighter.conversation import private_number
from lamplighter.conversation.actions import Action, Interpret, Perform, RaiseHandoff, WakeAt
from lamplighter.conversation.answers import BY_LETTERS
from lamplighter.conversation.engine import Conversation
from lamplighter.conversation.plan_actions import Asking
from lamplighter.conversation.situation import situation
from lamplighter.conversation.state import State, apply, fold
from lamplighter.conversation.understanding.context import Context
from lamplighter.desk import (
    answering,
    calling_off,
    doing,
    handoffs,
    holding,
    joining,
    later,
    offering_answers,
    owed,
    pausing,
    quiet,
    sick_day_asks,
    tallying,
)
from lamplighter.desk.booking import hold_until
from lamplighter.desk.context import NO_PLANS, NO_TILL, Errand, PlanLine, Till, Wording, as_it_is
from lamplighter.desk.ports import Transaction
from lamplighter.practice.calendar import noon_next_business_day

WRITES = (
    "hold",
    "send_code",
    "check_code",
    "book",
    "move",
    "cancel",
    "confirm_visit",
    "take_message",
    "join_waitlist",
    "take_opening",
    "leave_opening",
    "answer_asked",
    "page_for_visit",
    "see_by_video",
    "ask_biller",
    "send_pay_link",
    "start_plan",
    "agree_to_words",
    "agree_to_plan",
    "keep_plan",
    "send_card_link",
    "correct",
    "keep_way",
)


@dataclass(frozen=True, slots=True)
class Line:
    """How a practice is answered: its conversation under the protocol that is in force."""

    conversation: Conversation
    protocol_hash: str


class OneTurn:
    """One inbound event and all that follows from it. `lapse` is when a job looks whether the contact has gone quiet,
    where that is known."""

    def __init__(
        self,
        line: Line,
        tx: Transaction,
        contact: str,
        now: datetime,
        state: State,
        new_code: Callable[[], str],
        lapse: datetime | None = None,
        wording: Wording = as_it_is,
        till: Till = NO_TILL,
        plans: PlanLine = NO_PLANS,
    ) -> None:
        self.line = line
        self.tx = tx
        self.contact = contact
        self.now = now
        self.state = state
        self._new_code, self._wording = new_code, wording
        self._till, self._plans = till, plans
        self._seq = state.seq
        self._was_quiet, self._was_never = state.quiet, state.never_call
        self._told = owed.told(state)
        self.added: list[e.Event] = []
        self.to_read: tuple[str, str, Context] | None = None
        self.lapse = lapse
        self._wakes: dict[str, WakeAt] = {}

    @property
    def spoken(self) -> list[e.Event]:
        return [event for event in self.added if isinstance(event.body, e.Said)]

    @property
    def last(self) -> e.Event:
        return self.added[-1]

    def take(self, body: e.Body, *, faulty: bool = False) -> None:
        """Appends what came in, then turns until the conversation waits for somebody."""
        paused = (
            () if faulty or isinstance(body, e.Opened) else pausing.learned(self.tx, self.state, self.now)
        )
        waiting = [*paused, *self._invited(body), self._with_what_it_answers(body)]
        conversation = self.line.conversation
        turn = conversation.fault if faulty else conversation.turn
        while waiting:
            event = self._append((waiting.pop(0),))[0]
            before, self.state = self.state, apply(self.state, event)
            bodies, actions = turn(before, event)
            self.state = fold(self._append(bodies), self.state)
            for action in actions:
                waiting += self._act(action, event)
        self._keep_hold()
        self._see_to_later()

    def forget_words(self) -> None:
        """What was said word for word until here is destroyed, now, unless a legal hold keeps it."""
        if holding.keeps(self.tx, self.contact, self.state.person):
            return
        self.tx.log.forget_words(self.contact)
        self.state = fold(self._append((e.WordsForgotten(),)), self.state)

    def _invited(self, body: e.Body) -> tuple[e.Body, ...]:
        """What they may answer that we had written of a day that is called off, from the wait list, or after a missed
        visit."""
        if not isinstance(body, e.Heard) or self.state.channel not in BY_LETTERS:
            return ()
        asked = answering.asked_after(self.tx, self.state, body.answers, self.now)
        number = answering.asked_number(self.tx, self.state, body.answers, self.now)
        bill = answering.asked_of_bill(self.tx, self.state, body.answers, self.now)
        ask = sick_day_asks.answered(self.tx, self.state, body.answers, self.now)
        invited: e.Body | None = (
            sick_day_asks.invitation(self.state, ask)
            if ask is not None
            else offering_answers.invitation(self.tx, self.state, body.answers, self.now)
        )
        if invited is None and sick_day_asks.gives_way(self.tx, self.state, self.now):
            invited = e.InvitedNoMore()
        return tuple(found for found in (invited, asked, number, bill) if found is not None)

    def _with_what_it_answers(self, body: e.Body) -> e.Body:
        """A text answers what we last wrote to its number of ourselves, while that is still to be answered."""
        if not isinstance(body, e.Heard) or self.state.channel != "sms" or self.state.address is None:
            return body
        last = answering.last_text(self.tx, self.state.address, self.now)
        return body if last is None else replace(body, answers=last.id)

    def _append(self, bodies: Sequence[e.Body]) -> tuple[e.Event, ...]:
        if not bodies:
            return ()
        events = self.tx.log.append(
            self.contact, bodies, expected=self._seq, at=self.now, protocol_hash=self.line.protocol_hash
        )
        self._seq = events[-1].seq
        self.added += events
        joining.join(self.tx, self.contact, bodies)
        return events

    def _act(self, action: Action, event: e.Event) -> list[e.Body]:
        match action:
            case WakeAt(name):
                self._wakes[name] = action
            case RaiseHandoff():
                left = isinstance(event.body, e.FloorLapsed) and self.state.ended is not None
                practice = self.line.conversation.practice
                return handoffs.begin(self.tx, practice, self.state, self.now, action, left=left)
            case Perform(Interpret(), key):
                assert isinstance(event.body, e.Heard)
                context = situation(self.state, self.line.conversation.practice)
                self.to_read = (key, event.body.text, context)
            case Perform(request, key):
                answer = doing.answer(self._errand(), request)
                if isinstance(answer, Asking):
                    return [e.Pending(key, request)]
                if request.kind in WRITES:
                    return [e.Committed(key, request.kind, answer)]
                return [e.Did(key, answer)]
        return []

    def _errand(self) -> Errand:
        practice = self.line.conversation.practice
        now = self.now.astimezone(practice.timezone)
        return Errand(
            self.tx, practice, self.state, now, self._new_code, self._wording, self._till, self._plans
        )

    def _keep_hold(self) -> None:
        """A hold lives on with the contact's turns; a hand-over keeps it until noon of the next business day."""
        schedule = self.tx.schedule
        if schedule.held(self.contact) is None:
            return
        if self.state.handed_over:
            practice = self.line.conversation.practice
            schedule.renew(self.contact, noon_next_business_day(practice, self.now))
        elif self.state.ended is not None:
            schedule.release(self.contact)
        else:
            schedule.renew(self.contact, hold_until(self.state.channel, self.now))

    def _see_to_later(self) -> None:
        """A wish for time stands only while nothing is said or heard after it."""
        if self.state.ended is None:
            for wake in self._wakes.values():
                if wake.at is not None:
                    self._set_wake(wake.name, wake.at)
        bodies = [event.body for event in self.added]
        if any(isinstance(body, e.FloorTaken | e.HandoffAccepted) for body in bodies):
            later.watch_floor(self.tx, self.state, self.now)
        for body in bodies:
            if isinstance(body, e.HandoffClosed):
                owed.close(self.tx, self.contact, body)
                calling_off.stand(self.tx, self.state, self.now, None)
            if isinstance(body, answering.Answer):
                practice = self.line.conversation.practice
                answering.take(self.tx, practice, self.state, body, self.added, self.now)
            if isinstance(body, e.HandoffAccepted):
                calling_off.stand(self.tx, self.state, self.now, body.rung)
        began = self.state.quiet and not self._was_quiet
        if began or (self.state.never_call and not self._was_never):
            quiet.keep(self.tx, self.state, self.now)
        if self.state.handed_over and owed.told(self.state) != self._told:
            owed.say_anew(self.tx, self.state)
            self._told = owed.told(self.state)
            if private_number.hushes(self.state):
                quiet.hush(self.tx, self.state)
        if any(isinstance(body, e.Ended | e.Heard) for body in bodies):
            later.forget_words(self.tx, self.state, self.now, self.line.conversation.practice)
        if any(isinstance(body, e.Ended) for body in bodies):
            tallying.wish(self.tx, self.now)

    def _set_wake(self, name: str, at: datetime) -> None:
        """A lapse that waits already is enough: when it is due, it is set anew from what was said last by then."""
        if name == later.LAPSE:
            woken = any(isinstance(event.body, e.Woke) for event in self.added)
            if self.lapse is not None and self.lapse > self.now and not woken:
                return
            self.lapse = at
        later.wake_at(self.tx, self.state, name, at)

"""What staff may do to a contact: accept or decline it, take the floor, speak, give it back, close a hand-over."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Final

from lamplighter.conversation import events as e
from lamplighter.conversation.details import Errand
from lamplighter.conversation.state import State
from lamplighter.desk import calling_back, guard_wrong, office
from lamplighter.desk.contacts import Contacts, Overtaken
from lamplighter.desk.handoffs import Handoffs
from lamplighter.desk.later import Given
from lamplighter.desk.ports import Clock, Records, Transaction
from lamplighter.practice.model import Practice
from lamplighter.practice.rota import rungs_now

WRITING = timedelta(seconds=20)
"""For how long a sign that somebody is writing holds; their page gives one every few seconds."""


GIVEN: Final = (
    Errand.FIRST_APPOINTMENT,
    Errand.FOLLOW_UP,
    Errand.MOVE,
    Errand.CANCEL,
    Errand.WHAT_I_OWE,
    Errand.MESSAGE,
)
"""With what a contact may be given back."""


def may_take_up(state: State) -> bool:
    """Nothing that is for a person now or for a clinician is open, and the assistant is not paused."""
    graver = state.handed_over and state.handoff is not None and state.handoff.route != "human"
    return not graver and state.unmet is None and not state.paused


class NotYourFloor(Exception):
    """Somebody else speaks in this contact now: take the floor first."""


class NotForAnErrand(Exception):
    """A hand-over to a person now or to a clinician is open here, or the assistant is paused."""


class TakenBy(Exception):
    """Somebody else accepted this hand-over first."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} has it")
        self.name = name


class SteppingIn:
    """Every act is by a named member of staff and stands in the contact's log."""

    def __init__(
        self, practice: Practice, contacts: Contacts, handoffs: Handoffs, records: Records, clock: Clock
    ) -> None:
        self._practice, self._contacts, self._handoffs, self._records = practice, contacts, handoffs, records
        self._clock = clock

    def act(self, act: str, contact: str, by: str, text: str = "") -> bool:
        """False where there is no such act. Raises NoSuchContact, NotYourFloor, NotForAnErrand, TakenBy or
        DoNotCallBack."""
        acts: dict[str, Callable[[str, State, str, str], None]] = {
            "accept": self._accept,
            "decline": self._decline,
            "someone-else": self._someone_else,
            "take": self._take,
            "give": self._give,
            "say": self._say,
            "writing": self._writing,
            "handled": self._handled,
            "not-needed": self._not_needed,
            "false-alarm": self._false_alarm,
            "called-back": self._called_back,
        }
        if act not in acts:
            return False
        acts[act](contact, self._contacts.state(self._practice.id, contact), by, text)
        return True

    def task_done(self, task: str, by: str, *, only_billing: bool = False) -> bool:
        """A task that is not there, or done already, stays as it is. False where it is not for who bills."""
        with self._records.transaction(self._practice.id) as tx:
            found = tx.tasks.get(task)
            if found is not None and only_billing and found.route != "biller":
                return False
            if found is not None:
                tx.tasks.close(task, by)
                if found.status == "open":
                    office.done(tx, found, self._clock.now())
        return True

    def still_there(self, by: str, contacts: Iterable[str]) -> None:
        """The page of whoever has the floor in these contacts is open."""
        self._contacts.still_there(self._practice.id, by, contacts)

    def give_back_all(self, by: str) -> None:
        """The floors of somebody who leaves go back, so that no contact is left with nobody."""
        with self._records.transaction(self._practice.id) as tx:
            under_way = [each.id for each in tx.log.contacts(open_only=True)]
        for contact in under_way:
            self._note(contact, e.FloorLapsed("signed_out"), given=lambda _, now: now.floor == by)

    def _accept(self, contact: str, state: State, by: str, _: str) -> None:
        if state.handoff is not None:
            rung, step = self._rung(contact, state, by), state.handoff.step
            has = self._handoffs.answered(self._practice.id, contact, step, rung, by, "accepted")
            if has is not None:
                raise TakenBy(has)

    def _decline(self, contact: str, state: State, by: str, _: str) -> None:
        if state.handoff is not None:
            rung = self._rung(contact, state, by) or state.handoff.ringing[0]
            self._handoffs.answered(self._practice.id, contact, state.handoff.step, rung, by, "declined")

    def _someone_else(self, contact: str, state: State, by: str, _: str) -> None:
        """Whoever has it asks for another: the next is rung at once."""
        self._handoffs.someone_else(self._practice.id, contact, by)

    def _rung(self, contact: str, state: State, by: str) -> str:
        """The one that is ringing; of several that of whoever answers, by their name, and none where it is nobody's.
        Before any rang, the first of the ladder."""
        handoff = state.handoff
        assert handoff is not None and state.at is not None
        if not handoff.rung:
            ladder = rungs_now(self._practice, handoff.route, state.at)
            return ladder[0].id if ladder else "nobody"
        if len(handoff.ringing) < 2:
            return handoff.rung[-1]
        with self._records.transaction(self._practice.id) as tx:
            events = tx.log.read(contact)
        rang = (event.body for event in events if isinstance(event.body, e.HandoffRung))
        names = {each.rung: each.name for each in rang}
        return next((rung for rung in handoff.ringing if names.get(rung) == by), "")

    def _take(self, contact: str, state: State, by: str, _: str) -> None:
        self._note(contact, e.FloorTaken(by), given=lambda _, now: now.floor != by)

    def _give(self, contact: str, state: State, by: str, errand: str) -> None:
        if errand:
            return self._give_with(contact, by, Errand(errand))
        self._note(contact, e.FloorGiven(by), given=lambda _, now: now.floor is not None)

    def _give_with(self, contact: str, by: str, errand: Errand) -> None:
        def theirs(_: Transaction, now: State) -> bool:
            return now.floor == by and now.ended is None and may_take_up(now)

        try:
            self._contacts.note(self._practice.id, contact, e.FloorGiven(by, errand), given=theirs)
        except Overtaken as found:
            theirs_still = found.state.floor == by and found.state.ended is None
            raise (NotForAnErrand if theirs_still else NotYourFloor) from None

    def _say(self, contact: str, state: State, by: str, text: str) -> None:
        """Whoever lost the floor in the same moment says nothing."""
        said = self._note(
            contact, e.StaffSaid(by, text), given=lambda _, now: now.floor == by and now.ended is None
        )
        if not said:
            raise NotYourFloor

    def _writing(self, contact: str, state: State, by: str, _: str) -> None:
        """They are writing to whoever waits: the floor stays theirs meanwhile."""
        self._contacts.still_there(self._practice.id, by, [contact], WRITING)

    def _handled(self, contact: str, state: State, by: str, _: str) -> None:
        self._close(contact, state, e.HandoffClosed(by, "handled"))

    def _not_needed(self, contact: str, state: State, by: str, _: str) -> None:
        self._close(contact, state, e.HandoffClosed(by, "not_needed"))

    def _false_alarm(self, contact: str, state: State, by: str, _: str) -> None:
        """Not needed, and told apart from the contact for whoever mends the guard."""
        if not self._close(contact, state, e.HandoffClosed(by, "not_needed")):
            return
        with self._records.transaction(self._practice.id) as tx:
            now = tx.log.read(contact)[-1].at
            guard_wrong.tell(tx, contact, by=by, now=now)

    def _called_back(self, contact: str, state: State, by: str, came_to: str) -> None:
        tried = e.CalledBack(by, came_to)  # type: ignore[arg-type]
        if not self._note(contact, tried, given=calling_back.may_call):
            raise calling_back.DoNotCallBack

    def _close(self, contact: str, state: State, closed: e.HandoffClosed) -> bool:
        return self._note(contact, closed, given=lambda _, now: now.handed_over)

    def _note(self, contact: str, body: e.Body, given: Given) -> bool:
        """False where it no longer fits what somebody else did in the same moment; nothing is stored then."""
        try:
            self._contacts.note(self._practice.id, contact, body, given=given)
        except Overtaken:
            return False
        return True

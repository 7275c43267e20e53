"""What whoever opened a link does by it: the same as by answering our text, through the same duties, in a contact of
its own, each act in one transaction.

Looking changes nothing: what opens links of itself, to preview or to scan them, spends none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from lamplighter.conversation import events as e
from lamplighter.conversation.actions import (
    Answer,
    Book,
    Cancel,
    ConfirmVisit,
    Done,
    Move,
    Participant,
    Request,
    Slots,
    TakeMessage,
    Taken,
)
from lamplighter.conversation.flows.cancel import is_late
from lamplighter.conversation.flows.choosing import ENOUGH, other_times
from lamplighter.conversation.request_keys import request_key
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.state import State, fold
from lamplighter.desk import doing, identity, links
from lamplighter.desk.context import Errand, stable_id
from lamplighter.desk.one_turn import WRITES, Line
from lamplighter.desk.ports import Clock, Feed, Records, Transaction, Visit
from lamplighter.practice.model import PracticeId

Act = Literal["confirm", "times", "others", "choose", "cancel", "cancel_sure", "person"]
ACTS: Final[tuple[Act, ...]] = ("confirm", "times", "others", "choose", "cancel", "cancel_sure", "person")
Step = Literal["first", "times", "none", "sure", "confirmed", "moved", "cancelled", "person", "over"]
AGAIN: Final = timedelta(minutes=10)
"""How long the same press of a button gets the same answer: a finger that trembles, a line that breaks."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows. `start`: the time that stands; `due`: by when somebody calls; `taken`: a time that was
    chosen went to somebody else meanwhile; `texted`: a text says it too. `late`: within so many hours the practice has
    a rule for cancelling; `for_all`: somebody else comes as well."""

    step: Step
    locale: str | None = None
    purpose: links.Purpose = "visit"
    start: datetime | None = None
    slots: tuple[Slot, ...] = ()
    taken: bool = False
    due: datetime | None = None
    texted: bool = False
    late: int | None = None
    for_all: bool = False


OVER: Final = Shown("over")


class LinkPages:
    """The links of every practice that is answered. Safe to call from several threads."""

    def __init__(
        self,
        records: Records,
        lines: Mapping[PracticeId, Line],
        clock: Clock,
        feed: Feed,
        new_code: Callable[[], str],
    ) -> None:
        self._records, self._lines = records, lines
        self._clock, self._feed, self._new_code = clock, feed, new_code

    def look(self, practice: PracticeId, token: str) -> Shown:
        """Changes nothing."""
        with self._records.transaction(practice) as tx:
            link = links.read(tx, token)
            visit = links.usable(tx, token, link, self._clock.now()) if link else None
            if link is None or visit is None:
                return Shown("over", link.locale if link else None)
            start = visit.slot.start if link.purpose == "visit" else None
            return Shown("first", link.locale, link.purpose, start)

    def act(self, practice: PracticeId, token: str, act: Act, chosen: str = "") -> Shown:
        """`chosen` is the start of one of the times that were offered last."""
        with self._records.transaction(practice) as tx:
            link, now = links.read(tx, token), self._clock.now()
            if link is None:
                return OVER
            visit = links.usable(tx, token, link, now)
            if visit is None:
                return _once_more(tx, token, link, act, chosen, now)
            page = _Page(tx, self._lines[practice], self._new_code, now, token, link, visit)
            shown = page.done(act, chosen)
            seq = page.close()
        if seq:
            self._feed.publish(practice, page.state.contact, seq)
        return shown


def _once_more(tx: Transaction, token: str, link: links.Link, act: Act, chosen: str, now: datetime) -> Shown:
    spent = links.how_spent(tx, token)
    if (
        spent is None
        or now - spent.at > AGAIN
        or (spent.value("how"), spent.value("chosen")) != (act, chosen)
    ):
        return Shown("over", link.locale)
    steps: dict[str, Step] = {
        "confirm": "confirmed",
        "choose": "moved",
        "cancel_sure": "cancelled",
        "person": "person",
    }
    start = datetime.fromisoformat(chosen) if act == "choose" else link.start
    return Shown(steps[act], link.locale, link.purpose, start)


@dataclass(slots=True)
class _Page:
    """One act, in one transaction."""

    tx: Transaction
    line: Line
    new_code: Callable[[], str]
    now: datetime
    token: str
    link: links.Link
    visit: Visit
    state: State = field(default_factory=State)
    _appended: bool = False
    _spent: bool = False

    def done(self, act: Act, chosen: str) -> Shown:
        match act:
            case "confirm" if self.link.purpose == "visit":
                return self._confirm()
            case "times":
                return self._times(refused=())
            case "others":
                return self._times(refused=self._offered())
            case "choose":
                return self._choose(chosen)
            case "cancel" if self.link.purpose == "visit":
                return self._sure()
            case "cancel_sure" if self.link.purpose == "visit":
                return self._cancel()
            case "person":
                return self._person()
        return self._shown("first")

    def close(self) -> int:
        """The contact is over until the page is used again. Its last seq; 0 where nothing was stored."""
        if self._appended:
            self._append(e.Ended("goodbye" if self._spent else "hung_up"))
        return self.state.seq if self._appended else 0

    # -- what may be done ----------------------------------------------------------------------------------------------

    def _confirm(self) -> Shown:
        done = self._ask(ConfirmVisit(self.visit.id))
        return self._over("confirm", "confirmed") if isinstance(done, Done) else self._shown("first")

    def _times(self, *, refused: tuple[str, ...], taken: bool = False) -> Shown:
        """Two or three that were not refused, near the usual time first."""
        self._begin()
        slot, moving = self.visit.slot, self.visit.id if self.link.purpose == "visit" else None
        today = self.now.astimezone(self.line.conversation.practice.timezone).date()
        near, wider = other_times(
            self.line.conversation.practice, slot, today, moving=moving, refused=refused
        )
        found = self._slots(near)
        if len(found) < ENOUGH:
            found = self._slots(wider)
        return self._offer(found, taken=taken)

    def _offer(self, slots: tuple[Slot, ...], *, taken: bool) -> Shown:
        if slots:
            self._append(e.Offered(f"link:{self.state.seq}", slots))
        return self._shown("times" if slots else "none", slots=slots, taken=taken)

    def _choose(self, chosen: str) -> Shown:
        """Of what was offered last; anything else is no choice, and the times are shown again."""
        self._begin()
        offered = self.state.offer.slots if self.state.offer else ()
        slot = next((each for each in offered if each.start.isoformat() == chosen), None)
        if slot is None:
            return self._shown("times" if offered else "first", slots=offered)
        done = self._ask(self._request(slot))
        if isinstance(done, Done):
            return self._over("choose", "moved", chosen, start=slot.start, texted=done.texted)
        others = done.others if isinstance(done, Taken) else ()
        return self._offer(others, taken=True) if others else self._times(refused=self._offered(), taken=True)

    def _request(self, slot: Slot) -> Request:
        if self.link.purpose == "visit":
            return Move(self.visit.id, slot)
        return Book(slot, tuple(Participant((), each) for each in self.visit.participants))

    def _sure(self) -> Shown:
        """Says once that there is a rule, before the yes; what follows from it is a person's to decide."""
        hours = self.line.conversation.practice.cancel_policy.free_until_hours
        late, for_all = hours if self._is_late() else None, len(self.visit.participants) > 1
        return replace(self._shown("sure"), late=late, for_all=for_all)

    def _is_late(self) -> bool:
        errand, person = self._errand(), self.tx.people.get(self.link.person)
        payer = identity.found(errand, person).payer_class
        return is_late(errand.practice, self.now, self.visit.slot.start, payer)

    def _cancel(self) -> Shown:
        done = self._ask(Cancel(self.visit.id, late=self._is_late()))
        if not isinstance(done, Done):
            return self._shown("first")
        return self._over("cancel_sure", "cancelled", texted=done.texted)

    def _person(self) -> Shown:
        done = self._ask(TakeMessage("callback", ()))
        due = done.promised if isinstance(done, Done) else None
        return self._over("person", "person", due=due)

    # -- the contact ---------------------------------------------------------------------------------------------------

    def _ask(self, request: Request) -> Answer:
        """As a turn asks it of the desk, and stored as a turn stores it."""
        self._begin()
        answer = doing.answer(self._errand(), request)
        key = request_key(request)
        wrote = request.kind in WRITES
        self._append(e.Committed(key, request.kind, answer) if wrote else e.Did(key, answer))
        return answer

    def _slots(self, request: Request) -> tuple[Slot, ...]:
        found = self._ask(request)
        return found.slots if isinstance(found, Slots) else ()

    def _begin(self) -> None:
        if self.state.seq:
            return
        contact = stable_id("link", links.about(self.token))
        self.state = fold(self.tx.log.read(contact))
        if not self.state.seq:
            self.state.contact = contact
            practice = self.line.conversation.practice
            person = self.tx.people.get(self.link.person)
            opened = e.Opened("chat", practice.hosts[0], self.link.locale, person.phone if person else None)
            self._append(opened, e.Identified(self.link.person, "link"))
            self.tx.people.link_contact(contact, self.link.person)

    def _append(self, *bodies: e.Body) -> None:
        events = self.tx.log.append(
            self.state.contact,
            bodies,
            expected=self.state.seq,
            at=self.now,
            protocol_hash=self.line.protocol_hash,
        )
        self.state, self._appended = fold(events, self.state), True

    def _offered(self) -> tuple[str, ...]:
        self._begin()
        bodies = (event.body for event in self.tx.log.read(self.state.contact))
        offers = [body for body in bodies if isinstance(body, e.Offered)]
        return tuple({slot.start.isoformat(): None for offer in offers for slot in offer.slots})

    def _errand(self) -> Errand:
        self._begin()
        practice = self.line.conversation.practice
        return Errand(self.tx, practice, self.state, self.now.astimezone(practice.timezone), self.new_code)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _over(
        self,
        how: Act,
        step: Step,
        chosen: str = "",
        *,
        start: datetime | None = None,
        due: datetime | None = None,
        texted: bool = False,
    ) -> Shown:
        links.spend(self.tx, self.token, self.link, how, chosen, self.now)
        self._spent = True
        begins = start or self.link.start
        return Shown(step, self.link.locale, self.link.purpose, begins, due=due, texted=texted)

    def _shown(self, step: Step, *, slots: tuple[Slot, ...] = (), taken: bool = False) -> Shown:
        start = self.visit.slot.start if self.link.purpose == "visit" else None
        return Shown(step, self.link.locale, self.link.purpose, start, slots, taken)

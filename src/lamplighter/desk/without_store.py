"""Somebody who needs a person while nothing can be stored: the disk is full, or the database is gone.

Their words pass the guard all the same. They are answered, and the ladder is rung, from memory, and the log says so
loudly. Whatever came in is stored once the store takes it, and from then on everything goes by what is stored. Nothing
is promised meanwhile, for a promise is stored first; and nobody can accept, for that is stored too, so that whoever is
rung is rung again.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lamplighter import logs
from lamplighter.conversation import events as e
from lamplighter.conversation.actions import RaiseHandoff
from lamplighter.conversation.state import State, fold
from lamplighter.desk.backlog import Backlog
from lamplighter.desk.one_turn import Line
from lamplighter.desk.ports import Carriers, Clock, Messenger, Outgoing, Pager
from lamplighter.desk.replies import Utterance, utterance
from lamplighter.desk.rungs import ring_of
from lamplighter.practice.model import PracticeId, Rung
from lamplighter.practice.rota import rungs_now, steps

log = logs.get(__name__)
CLIMB_AGAIN = timedelta(minutes=2)
"""After a whole climb in a crisis: nobody can say that they have it, so that they are left time to act."""
NEVER = timedelta(days=36500)


class NotStored(RuntimeError):
    """What came in is not stored, and is held in memory until it is. Somebody is being rung. `said`: what the person is
    to be told now; a text has been sent already."""

    def __init__(self, at: datetime, said: Sequence[Utterance] = ()) -> None:
        super().__init__("what came in could not be stored yet")
        self.at, self.said = at, tuple(said)


@dataclass(slots=True)
class _Held:
    """A contact as far as memory knows it, and what is still to be stored of it, the oldest first."""

    line: Line
    state: State
    waiting: list[tuple[object, Callable[[], object]]] = field(default_factory=list)
    rung: tuple[str, ...] = ()
    step: int = -1
    due: datetime | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


def _calmer(held: _Held) -> bool:
    """Whether nobody in it is in danger, as far as memory knows."""
    return held.state.handoff is None or held.state.handoff.route != "crisis"


class WithoutStore:
    """All that is held of all practices. Safe under threads; `try_again` is to be called every few seconds.

    `gone_for_good` are the errors after which storing is not tried again: there is nothing to store it in."""

    def __init__(
        self,
        clock: Clock,
        pager: Pager,
        messenger: Messenger,
        carriers: Carriers | None = None,
        gone_for_good: tuple[type[Exception], ...] = (),
        backlog: Backlog | None = None,
    ) -> None:
        self._clock, self._pager = clock, pager
        self._messenger, self._carriers = messenger, carriers
        self._gone_for_good = gone_for_good
        self._backlog = backlog or Backlog()
        self._held: dict[tuple[PracticeId, str], _Held] = {}
        self._lock = threading.Lock()
        self._here = threading.local()

    # -- what came in ------------------------------------------------------------------------------------------------

    def contact_of(self, practice: PracticeId, address: str | None) -> str | None:
        """The contact of this number or address that is held already."""
        with self._lock:
            found = (
                (p, c) for (p, c), held in self._held.items() if address and held.state.address == address
            )
            return next((contact for name, contact in found if name == practice), None)

    def take(
        self, line: Line, state: State, heard: e.Heard, store: Callable[[], object], name: object = None
    ) -> NotStored | None:
        """What to tell the channel; None where nothing in it needs a person: then it is the channel's to say that it
        was not taken. `store` stores it later. `name`: what came in under it before is not answered again."""
        if getattr(self._here, "storing", False):
            return None
        place = PracticeId(state.practice), state.contact
        with self._lock:
            held = self._held.get(place) or _Held(line, state)
        with held.lock:
            name = heard if name is None else name
            if any(known == name for known, _ in held.waiting):
                return NotStored(self._clock.now())
            added, rings = self._turned(held, heard)
            if not rings:
                return None
            held.waiting.append((name, store))
            with self._lock:
                self._held[place] = held
                self._backlog.waits(place[0], "memory", self._clock.now())
            log.critical("rung_without_store", practice=place[0], contact=place[1], route=rings)
            said = self._words(held, added, rings)
            self._ring_next(held)
        self._text(held, said)
        return NotStored(self._clock.now(), said)

    def silent(self, practice: PracticeId, contact: str) -> NotStored | None:
        """On a line that is held nobody is left in silence: the next words while somebody is rung."""
        with self._lock:
            held = self._held.get((practice, contact))
        if held is None or held.state.channel != "voice":
            return None
        with held.lock:
            event = self._event(held, e.Woke("waiting"))
            bodies, _ = held.line.conversation.turn(held.state, event)
            added, route = self._gone_on(held, event, bodies), held.state.handoff
            words = self._words(held, added, route.route if route else "human")
            return NotStored(event.at, words)

    def _turned(self, held: _Held, heard: e.Heard) -> tuple[list[e.Event], e.Route | None]:
        """The contact's state goes on in memory alone. The route on which somebody is to be rung, if anybody is."""
        event = self._event(held, heard)
        bodies, actions = held.line.conversation.fault(held.state, event)
        verdict = next((body.verdict for body in bodies if isinstance(body, e.Guarded)), "clear")
        before = held.state.handoff.route if held.state.handed_over and held.state.handoff else None
        if verdict == "clear" and before != "crisis" and not held.state.paused:
            return [], None
        added = self._gone_on(held, event, bodies)
        if any(isinstance(action, RaiseHandoff) for action in actions):
            held.due = self._clock.now()
        return added, held.state.handoff.route if held.state.handoff else None

    def _gone_on(self, held: _Held, event: e.Event, bodies: Sequence[e.Body]) -> list[e.Event]:
        held.state, added = fold([event], held.state), []
        for body in bodies:
            added.append(self._event(held, body))
            held.state = fold(added[-1:], held.state)
        return added

    def _event(self, held: _Held, body: e.Body) -> e.Event:
        at, now = held.state, self._clock.now()
        return e.Event(at.seq + 1, now, at.practice, at.contact, held.line.protocol_hash, body)

    def _words(self, held: _Held, added: Sequence[e.Event], route: e.Route) -> tuple[Utterance, ...]:
        """A crisis has its own words. Any other says no more than that a person is fetched: what else is said there is
        of words that are kept."""
        book = held.line.conversation.phrasebook
        said = [event for event in added if isinstance(event.body, e.Said)]
        if route != "crisis" and said:
            written = held.state.channel != "voice" and book.has(held.state.locale, "handoff.human.text")
            phrase = "handoff.human.text" if written else "handoff.human"
            said = [self._event(held, e.Said(phrase, {}, held.state.locale))]
        return tuple(utterance(book, event, held.state.epoch) for event in said)

    def _text(self, held: _Held, said: Sequence[Utterance]) -> None:
        """A text has no line that could be spoken to: it goes out directly. Better twice than never."""
        state = held.state
        if state.channel != "sms" or state.address is None:
            return
        practice = PracticeId(state.practice)
        for one in said:
            name = f"unstored:{state.contact}:{one.seq}"
            try:
                carrier = self._carriers.of(practice) if self._carriers else None
                if carrier is None:
                    self._messenger.send(name, "sms", state.address, state.dialled, one.text)
                else:
                    now = self._clock.now()
                    carrier.send(Outgoing(practice, name, state.address, state.dialled, one.text, now))
            except Exception:
                log.exception("words_not_sent", practice=practice, contact=state.contact)

    # -- ringing -----------------------------------------------------------------------------------------------------

    def _ring_next(self, held: _Held) -> None:
        """The next step, where it is due. A crisis begins again at the bottom; anything else is rung for once."""
        now, state = self._clock.now(), held.state
        if held.due is None or held.due > now or state.handoff is None:
            return
        rungs = self._rungs(held, now)
        left = [rung for rung in rungs if rung.id not in held.rung] or rungs
        held.due = now + CLIMB_AGAIN
        if not left:
            return
        held.step += 1
        group = steps(left)[0]
        for rung in group:
            self._ring(held, rung)
        again = left is rungs
        held.rung = (*(() if again else held.rung), *(rung.id for rung in group))
        if any(rung.id not in held.rung for rung in rungs):
            held.due = now + timedelta(seconds=held.line.conversation.practice.ladder.seconds)
        elif state.handoff.route != "crisis":
            held.due = now + NEVER

    def _rungs(self, held: _Held, now: datetime) -> list[Rung]:
        """As signed: who has swapped or is away stands in the store."""
        handoff = held.state.handoff
        assert handoff is not None
        practice, about = held.line.conversation.practice, handoff.about
        return list(
            rungs_now(
                practice,
                handoff.route,
                now,
                medicines="medicine" in about,
                licensed_first="licensed" in about,
                lines=False,
            )
        )

    def _ring(self, held: _Held, rung: Rung) -> None:
        state = held.state
        try:
            self._pager.ring(ring_of(state.practice, state, rung, held.step))
        except Exception:  # whoever comes next is rung in their time
            log.exception("ringing_failed", practice=state.practice, contact=state.contact)

    # -- when the store is back --------------------------------------------------------------------------------------

    def try_again(self) -> int:
        """Stores what waits, whoever is in danger first, and rings on for what can't be stored yet. How many contacts
        are held still."""
        with self._lock:
            places = sorted(self._held.items(), key=lambda each: _calmer(each[1]))
        for place, held in places:
            with held.lock:
                if not self._stored(held):
                    self._ring_next(held)
                    continue
                with self._lock:
                    self._held.pop(place, None)
                    if all(practice != place[0] for practice, _ in self._held):
                        self._backlog.read(place[0], "memory")
            log.warning("stored_after_all", practice=place[0], contact=place[1])
        with self._lock:
            return len(self._held)

    def _stored(self, held: _Held) -> bool:
        """Only what is stored is a sign that it goes on: what can't be holds back nobody's messages for ever."""
        self._here.storing = True
        try:
            while held.waiting:
                self._store_or_leave(held, held.waiting[0][1])
                held.waiting.pop(0)
                self._backlog.waits(PracticeId(held.state.practice), "memory", self._clock.now())
        except Exception:
            return False
        finally:
            self._here.storing = False
        return True

    def _store_or_leave(self, held: _Held, store: Callable[[], object]) -> None:
        try:
            store()
        except self._gone_for_good:
            log.exception("never_stored", practice=held.state.practice, contact=held.state.contact)

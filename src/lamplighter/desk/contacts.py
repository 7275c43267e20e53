"""One contact at a time: what comes in is appended, the conversation turns, its requests are done, all in one
transaction; what it says is spoken only after that has been committed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from lamplighter import logs
from lamplighter.conversation import events as e
from lamplighter.conversation.state import State, apply
from lamplighter.conversation.understanding.context import Context
from lamplighter.desk import doing, kept_out, later, opting_out, owed, pausing
from lamplighter.desk.context import NO_PLANS, NO_TILL, PlanLine, Till, Wording, as_it_is
from lamplighter.desk.folded import Folded
from lamplighter.desk.later import WAKE_JOB, Given, Later, Overtaken
from lamplighter.desk.lines import Lines, Now
from lamplighter.desk.one_turn import Line, OneTurn
from lamplighter.desk.ports import Clock, Feed, Job, NotTheWorker, Records, Transaction
from lamplighter.desk.replies import Reply, Utterance, utterance
from lamplighter.desk.without_store import NotStored, WithoutStore
from lamplighter.practice.model import PracticeId

__all__ = [
    "LEASE_SECONDS",
    "WAKE_JOB",
    "Contacts",
    "Line",
    "NoSuchContact",
    "NoSuchPractice",
    "NotStored",
    "Overtaken",
    "Reply",
    "Utterance",
]

LEASE_SECONDS = 30.0
A_PERSON = "0"
"""The key that fetches a person."""

_AFTER_THE_END = (
    e.HandoffRung,
    e.HandoffAccepted,
    e.HandoffDeclined,
    e.HandoffPromised,
    e.HandoffClosed,
    e.HandoffPassedOn,
    e.FloorLapsed,
    e.Overridden,
    e.CalledBack,
)


_FROM_A_PERSON = (e.Opened, e.Heard, e.Silence, e.Did)
"""What a fault in the turn must not lose: it ends at a person instead."""

log = logs.get(__name__)


class NoSuchPractice(LookupError):
    """No practice of this deployment answers there."""


class NoSuchContact(LookupError):
    """This practice has no such contact."""


class Contacts:
    """All contacts of all practices of this worker. Safe to call from several threads.

    `lines` has an entry for each practice that may be answered; `Lines` know of earlier versions too. `new_id` and
    `new_code` are the only randomness.
    `ready` returns once words can be read: it is waited for outside any transaction, so that nobody else has to wait.
    `carried` stores what is to reach a telephone of what a turn has said, in its transaction; `wording` says how a
    notice about a visit is worded, `till` what people owe and how it can be paid, `plans` asks a plan while they are
    there. `without` has who needs a person while nothing can be stored.
    """

    def __init__(
        self,
        records: Records,
        lines: Mapping[PracticeId, Line],
        clock: Clock,
        feed: Feed,
        *,
        worker: str,
        new_id: Callable[[], str],
        new_code: Callable[[], str],
        reader: Callable[[str, Context], str | None] | None = None,
        ready: Callable[[], object] = lambda: None,
        carried: Callable[[Transaction, OneTurn], object] = lambda tx, turn: None,
        wording: Wording = as_it_is,
        till: Till = NO_TILL,
        plans: PlanLine = NO_PLANS,
        without: WithoutStore | None = None,
    ) -> None:
        self._records = records
        self._lines = lines if isinstance(lines, Lines) else Lines(lines.values())
        self._clock = clock
        self._feed = feed
        self._worker = worker
        self._new_id = new_id
        self._new_code = new_code
        self._reader = reader
        self._ready = ready
        self._carried = carried
        self._wording = wording
        self._till, self._plans = till, plans
        self._without = without
        self._folded = Folded()
        practices = Now(self._lines, lambda line: line.conversation.practice)
        self._later = Later(records, practices, clock, feed, self._take, self.note)

    # -- what comes in -----------------------------------------------------------------------------------------------

    def open(
        self,
        practice: PracticeId,
        *,
        channel: Literal["voice", "sms", "chat", "email"],
        dialled: str,
        address: str | None,
        contact: str | None = None,
        locale: str | None = None,
    ) -> Reply:
        """Begins a contact and greets. `address` is E.164; None when withheld. `locale` is a choice the person made, if
        it is one that the practice has signed."""
        signed = self._line(practice).conversation.practice.languages_signed
        opened = e.Opened(channel, dialled, locale if locale in signed else signed[0], address)
        return self._take(practice, contact or self._new_id(), opened, new=True)

    def hear(
        self,
        practice: PracticeId,
        contact: str,
        text: str,
        *,
        keys: str = "",
        confidence: float = 1.0,
        alternatives: Sequence[tuple[str, float]] = (),
        final: bool = True,
        inbound: str | None = None,
        mail: str | None = None,
        answers: str | None = None,
        carrier: Literal["stop", "start"] | None = None,
    ) -> Reply:
        """An utterance, a text or an email. `inbound` is the carrier's id of it: a redelivery is answered with nothing
        new. `mail`, `answers` and `carrier` are as in `Heard`. Raises NotStored."""
        heard = e.Heard(
            storable(text),
            tuple(e.Alternative(storable(other), sure) for other, sure in alternatives),
            storable(keys),
            confidence,
            final,
            mail,
            answers,
            carrier,
        )
        self._ready()
        return self._take(practice, contact, heard, inbound=inbound)

    def silence(self, practice: PracticeId, contact: str, seconds: float) -> Reply:
        """Raises NotStored."""
        return self._take(practice, contact, e.Silence(seconds))

    def on_the_line(self, practice: PracticeId, contact: str) -> None:
        """A sign of life of a call, given by its channel every half a minute: one that gives none any more is over."""
        with self._records.transaction(practice) as tx:
            state = self._fold(tx, contact)
            if state.ended is None:
                later.on_the_line(tx, state, self._clock.now())

    def hang_up(self, practice: PracticeId, contact: str) -> Reply:
        """The person has gone. A hand-over goes on ringing all the same."""
        return self._take(practice, contact, e.Ended("hung_up"))

    def dropped(self, practice: PracticeId, contact: str) -> None:
        """A fault of ours has cut the call off: a person is fetched where none is yet, and calls back now."""
        state = self.state(practice, contact)
        if state.ended is None and state.handoff is None:
            self.hear(practice, contact, "", keys=A_PERSON)
        self.hang_up(practice, contact)
        with self._records.transaction(practice) as tx:
            owed.due_now(tx, contact, self._clock.now())

    def note(self, practice: PracticeId, contact: str, body: e.Body, *, given: Given | None = None) -> Reply:
        """Staff and the ladder: floor, hand-over and override events. They wait for no worker: any may store them.

        Raises Overtaken when `given`, asked in the transaction that would store it, says no.
        """
        return self._take(practice, contact, body, leased=False, given=given)

    def current(self, practice: PracticeId, reply: Reply) -> Reply:
        """What of a reply may still leave: asked by the last hop of a channel right before it sends.

        Nothing may once another worker has the contact; else what was said under the floor as it stands.
        """
        with self._records.transaction(practice) as tx:
            if reply.fence and self._lease(tx, reply.contact, self._clock.now()) != reply.fence:
                return replace(reply, said=())
            epoch = self._fold(tx, reply.contact).epoch
        return replace(reply, said=tuple(one for one in reply.said if one.epoch >= epoch))

    def epoch(self, practice: PracticeId, contact: str) -> int:
        """Which holding of the floor it is: a channel that reads the log asks right before it speaks what it has read,
        and drops what was said under an earlier one."""
        with self._records.transaction(practice) as tx:
            return self._fold(tx, contact).epoch

    def still_there(
        self, practice: PracticeId, by: str, contacts: Iterable[str], speaks: timedelta | None = None
    ) -> None:
        """A sign of life of a member of staff in contacts where they have the floor, which lapses without any.
        `speaks`: for how long they are taken to speak from now on, by telephone or in writing."""
        with self._records.transaction(practice) as tx:
            for contact in contacts:
                state = self._folded.state(practice, contact, tx.log)
                if state is not None and state.floor == by:
                    later.still_there(tx, state, by, self._clock.now())
                    if speaks is not None:
                        later.speaks(tx, state, by, self._clock.now(), speaks)

    def state(self, practice: PracticeId, contact: str) -> State:
        with self._records.transaction(practice) as tx:
            return self._fold(tx, contact)

    def utterances(self, practice: PracticeId, contact: str, after: int = 0) -> tuple[Utterance, ...]:
        """What we have said since seq `after`: for a channel that reconnects."""
        with self._records.transaction(practice) as tx:
            events = tx.log.read(contact)
        state, said = State(), []
        for event in events:
            state = apply(state, event)
            if event.seq > after and isinstance(event.body, e.Said):
                said.append(self._utterance(practice, event, state.epoch))
        return tuple(said)

    # -- the turn ----------------------------------------------------------------------------------------------------

    def _take(
        self,
        practice: PracticeId,
        contact: str,
        body: e.Body,
        *,
        new: bool = False,
        inbound: str | None = None,
        leased: bool = True,
        given: Given | None = None,
    ) -> Reply:
        self._line(practice)  # nothing is stored for one that is not answered
        body = kept_out.of(body)
        arrived = _Arrival(contact, body, new, inbound, leased, given)
        try:
            taken = self._turn_or_person(practice, arrived)
        except (NotTheWorker, NoSuchContact, Overtaken):
            raise
        except Exception as error:
            self._hold(practice, arrived, error)
            raise
        return taken if isinstance(taken, Reply) else self._finish(practice, *taken)

    # -- while nothing can be stored ---------------------------------------------------------------------------------

    def _hold(self, practice: PracticeId, arrived: "_Arrival", error: Exception) -> None:
        """Raises NotStored where somebody is rung for it without the store."""
        if self._without is None:
            return
        if isinstance(arrived.body, e.Silence) and (words := self._without.silent(practice, arrived.contact)):
            raise words from error
        if not isinstance(arrived.body, e.Heard):
            return
        state = self._last_known(practice, arrived.contact)
        line = self._lines.under(practice, state.protocol_hash)
        store = partial(self._stored, practice, arrived)
        lost = self._without.take(line, state, arrived.body, store, arrived.inbound)
        if lost is not None:
            raise lost from error

    def _stored(self, practice: PracticeId, arrived: "_Arrival") -> None:
        taken = self._turn_or_person(practice, arrived)
        if not isinstance(taken, Reply):
            self._finish(practice, *taken)

    def _last_known(self, practice: PracticeId, contact: str) -> State:
        """As the store has it where that can be read; else as it was last seen here."""
        try:
            return self.state(practice, contact)
        except Exception:
            known = self._folded.last_known(practice, contact)
        locale = self._line(practice).conversation.practice.languages_signed[0]
        return known or State(practice=practice, contact=contact, locale=locale)

    def not_opened(
        self, practice: PracticeId, opened: e.Opened, text: str, store: Callable[[], object], inbound: str
    ) -> None:
        """Words of a contact that could not even be begun. Raises NotStored where somebody is rung for them; `store`
        takes them anew, as they came, once that can be done."""
        if self._without is None:
            return
        self._ready()
        contact, line = self._without.contact_of(practice, opened.address), self._line(practice)
        opened = replace(opened, locale=line.conversation.practice.languages_signed[0])
        begun = e.Event(1, self._clock.now(), practice, contact or self._new_id(), line.protocol_hash, opened)
        heard = kept_out.of(e.Heard(storable(text)))
        assert isinstance(heard, e.Heard)
        lost = self._without.take(line, apply(State(), begun), heard, store, inbound)
        if lost is not None:
            raise lost

    def store_what_waits(self) -> int:
        """To be called every few seconds. How many contacts are still held in memory alone."""
        return self._without.try_again() if self._without is not None else 0

    # -- one transaction ---------------------------------------------------------------------------------------------

    def _turn_or_person(self, practice: PracticeId, arrived: "_Arrival") -> "Reply | tuple[OneTurn, Reply]":
        """A turn that breaks is taken once more, since a store may have hiccups; then what came in goes to a person."""
        for attempt in (1, 2):
            try:
                return self._turn(practice, arrived, faulty=False)
            except (NotTheWorker, NoSuchContact, Overtaken):
                raise
            except Exception:
                log.exception("turn_failed", practice=practice, contact=arrived.contact, attempt=attempt)
                if attempt > 1 and not isinstance(arrived.body, _FROM_A_PERSON):
                    raise
        return self._turn(practice, arrived, faulty=True)

    def _turn(
        self, practice: PracticeId, arrived: "_Arrival", *, faulty: bool
    ) -> "Reply | tuple[OneTurn, Reply]":
        """One transaction. Words are rendered in it, so that what can't be said is never written as said.

        `faulty`: the turn broke and was rolled back; this time what came in is only stored, guarded and handed over."""
        contact, body = arrived.contact, arrived.body
        with self._records.transaction(practice) as tx:
            if arrived.inbound is not None and not tx.log.claim(arrived.inbound):
                state = self._fold(tx, contact)
                return Reply(contact, (), state.ended is not None, bool(state.pending))
            state = State() if arrived.new else self._fold(tx, contact)
            if arrived.given is not None and not arrived.given(tx, state):
                raise Overtaken(state)
            if state.ended is not None and not _counts_after_the_end(body):
                return Reply(contact, (), True, False)
            now = self._clock.now()
            fence = self._lease(tx, contact, now) if arrived.leased else 0
            if fence is None:
                raise NotTheWorker(contact)
            lapse = self._folded.lapse(practice, contact)
            line = self._lines.under(practice, state.protocol_hash)
            known = (self._new_code, lapse, self._wording, self._till, self._plans)
            turn = OneTurn(line, tx, contact, now, state, *known)
            body, begun_before = kept_out.over_several(self._looked_up(tx, body), state.lately)
            turn.take(body, faulty=faulty)
            if begun_before and turn.state.verdict in ("clear", "human"):
                turn.forget_words()
            self._carried(tx, turn)
            said = tuple(self._utterance(practice, event, turn.state.epoch) for event in turn.spoken)
        self._folded.keep(turn.last, turn.state, turn.lapse)
        return turn, Reply(contact, said, turn.state.ended is not None, bool(turn.state.pending), fence)

    def _looked_up(self, tx: Transaction, body: e.Body) -> e.Body:
        """An opening says whether the assistant is paused for its line, whether a crisis of this number waits for
        somebody, and whether texts to it are stopped. A store that can't tell keeps nobody from being heard."""
        if not isinstance(body, e.Opened):
            return body
        body = pausing.opened(tx, body, self._clock.now())
        if body.address is None:
            return body
        try:
            if body.channel == "sms":
                return replace(body, stopped=opting_out.holds(tx, body.address, opting_out.EVERYTHING))
            if body.channel != "voice":
                return body
            return replace(body, again=owed.crisis_waits(tx, body.address, self._clock.now()))
        except Exception:
            log.exception("waiting_not_read", practice=tx.practice)
            return body

    def _lease(self, tx: Transaction, contact: str, now: datetime) -> int | None:
        return tx.log.lease(contact, self._worker, now, LEASE_SECONDS)

    def _finish(self, practice: PracticeId, turn: OneTurn, reply: Reply) -> Reply:
        """After commit: tell the live views, and ask the optional large model what words meant."""
        self._feed.publish(practice, turn.contact, turn.state.seq)
        if reply.fence and (self._clock.now() - turn.now).total_seconds() >= LEASE_SECONDS:
            reply = self.current(practice, reply)
        if turn.to_read is None or self._reader is None:
            return reply
        place, words, context = turn.to_read
        acts = self._read(words, context)
        read = self._take(practice, turn.contact, e.Did(place, doing.interpreted(acts)))
        return replace(read, said=reply.said + read.said)

    def _read(self, words: str, context: Context) -> str | None:
        """Whatever breaks in the large model is its silence."""
        assert self._reader is not None
        try:
            return self._reader(words, context)
        except Exception:
            log.exception("reader_failed")
            return None

    def _line(self, practice: PracticeId) -> Line:
        try:
            return self._lines[practice]
        except KeyError:
            raise NoSuchPractice(f"no practice {practice!r} is answered here") from None

    def _fold(self, tx: Transaction, contact: str) -> State:
        state = self._folded.state(tx.practice, contact, tx.log)
        if state is None:
            raise NoSuchContact("there is no such contact")
        return state

    def _utterance(self, practice: PracticeId, event: e.Event, epoch: int) -> Utterance:
        line = self._lines.under(practice, event.protocol_hash)
        return utterance(line.conversation.phrasebook, event, epoch)

    # -- time --------------------------------------------------------------------------------------------------------

    def wake(self, practice: PracticeId, job: Job) -> Reply | None:
        """The job behind whatever a turn has set for later."""
        return self._later.run(practice, job)


@dataclass(frozen=True, slots=True)
class _Arrival:
    """What came in for a contact."""

    contact: str
    body: e.Body
    new: bool
    inbound: str | None
    leased: bool
    given: Given | None


def _counts_after_the_end(body: e.Body) -> bool:
    """Last words may arrive after a hang-up, and a chat may be taken up again: they are guarded like any others."""
    return isinstance(body, _AFTER_THE_END) or (isinstance(body, e.Heard) and body.final)


def storable(text: str) -> str:
    """The text without what no store or wire takes: NUL becomes a space, half a surrogate pair a mark."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", " ")

"""One contact at a time: what comes in is appended, the conversation turns, its requests are done, all in one
transaction; what it says is spoken only after that has been committed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lamplighter import logs
from lamplighter.conversation import events as e
from lamplighter.conversation.actions import Action, Interpret, Perform, RaiseHandoff, WakeAt
from lamplighter.conversation.engine import Conversation
from lamplighter.conversation.state import State, apply
from lamplighter.conversation.understanding.context import Context
from lamplighter.desk import doing, handoffs
from lamplighter.desk.booking import hold_until
from lamplighter.desk.context import Errand
from lamplighter.desk.folded import Folded
from lamplighter.desk.ports import Clock, Feed, Job, NotTheWorker, Records, Transaction
from lamplighter.practice.calendar import noon_next_business_day
from lamplighter.practice.model import PracticeId

WAKE_JOB = "wake"
LEASE_SECONDS = 30.0
_WRITES = (
    "hold",
    "send_code",
    "check_code",
    "book",
    "move",
    "cancel",
    "confirm_visit",
    "take_message",
    "join_waitlist",
)

_AFTER_THE_END = (
    e.HandoffRung,
    e.HandoffAccepted,
    e.HandoffDeclined,
    e.HandoffPromised,
    e.HandoffClosed,
    e.Overridden,
)


_FROM_A_PERSON = (e.Opened, e.Heard, e.Silence, e.Did)
"""What a fault in the turn must not lose: it ends at a person instead."""

log = logs.get(__name__)


class NoSuchPractice(LookupError):
    """No practice of this deployment answers there."""


class NoSuchContact(LookupError):
    """This practice has no such contact."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One phrase of ours, ready for a channel. `epoch`: drop it when the floor has changed hands since."""

    phrase: str
    text: str
    spoken: str
    locale: str
    asks: tuple[str, ...]
    confirms: tuple[str, ...]
    args: Mapping[str, str]
    slow: bool
    seq: int
    epoch: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What follows from one thing that came in. `pending`: a slow answer is on its way."""

    contact: str
    said: tuple[Utterance, ...]
    ended: bool
    pending: bool


@dataclass(frozen=True, slots=True)
class Line:
    """How a practice is answered: its conversation under the protocol that is in force."""

    conversation: Conversation
    protocol_hash: str


class Contacts:
    """All contacts of all practices of this worker. Safe to call from several threads.

    `lines` has an entry for each practice that may be answered. `new_id` and `new_code` are the only randomness.
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
    ) -> None:
        self._records = records
        self._lines = lines
        self._clock = clock
        self._feed = feed
        self._worker = worker
        self._new_id = new_id
        self._new_code = new_code
        self._reader = reader
        self._folded = Folded()

    # -- what comes in -----------------------------------------------------------------------------------------------

    def open(
        self,
        practice: PracticeId,
        *,
        channel: Literal["voice", "sms", "chat"],
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
    ) -> Reply:
        """An utterance or a text. `inbound` is the carrier's id of it: a redelivery is answered with nothing new."""
        heard = e.Heard(
            storable(text),
            tuple(e.Alternative(storable(other), sure) for other, sure in alternatives),
            storable(keys),
            confidence,
            final,
        )
        return self._take(practice, contact, heard, inbound=inbound)

    def silence(self, practice: PracticeId, contact: str, seconds: float) -> Reply:
        return self._take(practice, contact, e.Silence(seconds))

    def hang_up(self, practice: PracticeId, contact: str) -> Reply:
        """The person has gone. A hand-over goes on ringing all the same."""
        return self._take(practice, contact, e.Ended("hung_up"))

    def note(self, practice: PracticeId, contact: str, body: e.Body) -> Reply:
        """Staff and the ladder: floor, hand-over and override events. They wait for no worker: any may store them."""
        return self._take(practice, contact, body, leased=False)

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
    ) -> Reply:
        line = self._line(practice)
        arrived = _Arrival(contact, body, new, inbound, leased)
        taken = self._turn_or_person(practice, line, arrived)
        return taken if isinstance(taken, Reply) else self._finish(practice, *taken)

    def _turn_or_person(
        self, practice: PracticeId, line: Line, arrived: "_Arrival"
    ) -> "Reply | tuple[_Run, Reply]":
        """A turn that breaks is taken once more, since a store may have hiccups; then what came in goes to a person."""
        for attempt in (1, 2):
            try:
                return self._turn(practice, line, arrived, faulty=False)
            except (NotTheWorker, NoSuchContact):
                raise
            except Exception:
                log.exception("turn_failed", practice=practice, contact=arrived.contact, attempt=attempt)
                if attempt > 1 and not isinstance(arrived.body, _FROM_A_PERSON):
                    raise
        return self._turn(practice, line, arrived, faulty=True)

    def _turn(
        self, practice: PracticeId, line: Line, arrived: "_Arrival", *, faulty: bool
    ) -> "Reply | tuple[_Run, Reply]":
        """One transaction. Words are rendered in it, so that what can't be said is never written as said.

        `faulty`: the turn broke and was rolled back; this time what came in is only stored, guarded and handed over."""
        contact, body = arrived.contact, arrived.body
        with self._records.transaction(practice) as tx:
            if arrived.inbound is not None and not tx.log.claim(arrived.inbound):
                state = self._fold(tx, contact)
                return Reply(contact, (), state.ended is not None, bool(state.pending))
            state = State() if arrived.new else self._fold(tx, contact)
            if state.ended is not None and not _counts_after_the_end(body):
                return Reply(contact, (), True, False)
            now = self._clock.now()
            if arrived.leased and tx.log.lease(contact, self._worker, now, LEASE_SECONDS) is None:
                raise NotTheWorker(contact)
            run = _Run(self, line, tx, contact, now, state)
            run.take(body, faulty=faulty)
            self._keep_hold(run)
            said = tuple(self._utterance(practice, event, run.state.epoch) for event in run.spoken)
        self._folded.keep(run.last, run.state)
        return run, Reply(contact, said, run.state.ended is not None, bool(run.state.pending))

    def _finish(self, practice: PracticeId, run: "_Run", reply: Reply) -> Reply:
        """After commit: tell the live views, and ask the optional large model what words meant."""
        self._feed.publish(practice, run.contact, run.state.seq)
        if run.to_read is None or self._reader is None:
            return reply
        place, words, context = run.to_read
        acts = self._read(words, context)
        later = self._take(practice, run.contact, e.Did(place, doing.interpreted(acts)))
        return Reply(run.contact, reply.said + later.said, later.ended, later.pending)

    def _read(self, words: str, context: Context) -> str | None:
        """Whatever breaks in the large model is its silence."""
        assert self._reader is not None
        try:
            return self._reader(words, context)
        except Exception:
            log.exception("reader_failed")
            return None

    def _keep_hold(self, run: "_Run") -> None:
        """A hold lives on with the contact's turns; a hand-over keeps it until noon of the next business day."""
        held = run.tx.schedule.held(run.contact)
        if held is None:
            return
        practice = run.line.conversation.practice
        if run.state.handed_over:
            run.tx.schedule.renew(run.contact, noon_next_business_day(practice, run.now))
        elif run.state.ended is not None:
            run.tx.schedule.release(run.contact)
        else:
            run.tx.schedule.renew(run.contact, hold_until(run.state.channel, run.now))

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
        said = event.body
        assert isinstance(said, e.Said)
        book = self._line(practice).conversation.phrasebook
        return Utterance(
            said.phrase,
            book.render(said.locale, said.phrase, said.args),
            book.render(said.locale, said.phrase, said.args, spoken=True),
            said.locale,
            said.asks,
            said.confirms,
            dict(said.args),
            said.slow,
            event.seq,
            epoch,
        )

    # -- time --------------------------------------------------------------------------------------------------------

    def wake(self, practice: PracticeId, job: Job) -> Reply | None:
        """The job behind `WakeAt`: tells the contact, unless something was said or heard since it was set."""
        args = dict(job.args)
        contact, since = args["contact"], int(args["seq"])
        with self._records.transaction(practice) as tx:
            later = tx.log.read(contact, after=since)
        if any(isinstance(event.body, e.Heard | e.Said | e.Ended) for event in later):
            return None
        return self._take(practice, contact, e.Woke(args["name"]))

    def errand(self, tx: Transaction, line: Line, state: State, now: datetime) -> Errand:
        practice = line.conversation.practice
        return Errand(tx, practice, state, now.astimezone(practice.timezone), self._new_code)


@dataclass(frozen=True, slots=True)
class _Arrival:
    """What came in for a contact."""

    contact: str
    body: e.Body
    new: bool
    inbound: str | None
    leased: bool


def _counts_after_the_end(body: e.Body) -> bool:
    """Last words may arrive after a hang-up, and a chat may be taken up again: they are guarded like any others."""
    return isinstance(body, _AFTER_THE_END) or (isinstance(body, e.Heard) and body.final)


def storable(text: str) -> str:
    """The text without what no store or wire takes: NUL becomes a space, half a surrogate pair a mark."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", " ")


class _Run:
    """Everything one inbound event sets off, in one transaction."""

    def __init__(
        self, contacts: Contacts, line: Line, tx: Transaction, contact: str, now: datetime, state: State
    ) -> None:
        self._contacts = contacts
        self.line = line
        self.tx = tx
        self.contact = contact
        self.now = now
        self.state = state
        self._seq = state.seq
        self.spoken: list[e.Event] = []
        self.last: e.Event
        self.to_read: tuple[str, str, Context] | None = None
        self._wakes: dict[str, WakeAt] = {}

    def take(self, body: e.Body, *, faulty: bool = False) -> None:
        """Appends what came in, then turns until the conversation waits for somebody."""
        waiting = [body]
        conversation = self.line.conversation
        turn = conversation.fault if faulty else conversation.turn
        while waiting:
            event = self._append((waiting.pop(0),))[0]
            before, self.state = self.state, apply(self.state, event)
            bodies, actions = turn(before, event)
            for made in self._append(bodies):
                self.state = apply(self.state, made)
                if isinstance(made.body, e.Said):
                    self.spoken.append(made)
            for action in actions:
                waiting += self._act(action, event)
        self._set_wakes()

    def _append(self, bodies: Sequence[e.Body]) -> tuple[e.Event, ...]:
        if not bodies:
            return ()
        events = self.tx.log.append(
            self.contact, bodies, expected=self._seq, at=self.now, protocol_hash=self.line.protocol_hash
        )
        self._seq, self.last = events[-1].seq, events[-1]
        return events

    def _act(self, action: Action, event: e.Event) -> list[e.Body]:
        match action:
            case WakeAt(name):
                self._wakes[name] = action
            case RaiseHandoff():
                handoffs.begin(self.tx, self.contact, self.state, self.now)
            case Perform(Interpret(), key):
                assert isinstance(event.body, e.Heard)
                context = self.line.conversation.context(self.state)
                self.to_read = (key, event.body.text, context)
            case Perform(request, key):
                errand = self._contacts.errand(self.tx, self.line, self.state, self.now)
                answer = doing.answer(errand, request)
                if request.kind in _WRITES:
                    return [e.Committed(key, request.kind, answer)]
                return [e.Did(key, answer)]
        return []

    def _set_wakes(self) -> None:
        """A wish for time is a durable job; it stands only while nothing is said or heard after it."""
        if isinstance(self.state.ended, str):
            return
        for wake in self._wakes.values():
            if wake.at is not None:
                seq = str(self.state.seq)
                args = (("contact", self.contact), ("name", wake.name), ("seq", seq))
                self.tx.jobs.enqueue(Job(f"wake:{self.contact}:{wake.name}:{seq}", WAKE_JOB, wake.at, args))

"""What is seen to later in a contact: a wish for time, a floor that nobody keeps, words that are kept no longer.

Each is a durable job, set in the transaction of the turn that makes it necessary.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

from lamplighter.conversation import events as e
from lamplighter.conversation.handing_over import INTERIM, UNMET
from lamplighter.conversation.state import State, fold
from lamplighter.desk import auditing, holding
from lamplighter.desk.ports import Clock, Feed, Job, Records, Transaction
from lamplighter.desk.replies import Reply
from lamplighter.practice.model import Practice, PracticeId

WAKE_JOB = "wake"
UNMET_AGAIN, UNMET_LONGEST = timedelta(seconds=10), timedelta(seconds=60)
"""How often it is looked whether somebody in danger was answered, and how long whoever writes may keep them waiting."""
LAPSE, FLOOR, FORGET, LINE, WAITING = "lapse", "floor", "forget", "line", "waiting"

HELD_BACK = timedelta(seconds=5)
"""How long after the last piece of an utterance a waiting sentence is held back for its end."""

_WRITTEN, _MAILED = timedelta(minutes=15), timedelta(hours=2)
UNKEPT = {"voice": timedelta(minutes=3), "sms": _WRITTEN, "chat": _WRITTEN, "email": _MAILED}
"""How long a floor lasts without a sign of whoever has it: a word, a step, their page open."""

COMING = {"voice": timedelta(minutes=6), "sms": 2 * _WRITTEN, "chat": 2 * _WRITTEN, "email": _MAILED}
"""How long after accepting: whoever was rung may have to come to the desk first. In a crisis they have UNKEPT."""

CALLING_BACK = timedelta(minutes=20)
"""How long after accepting when the contact is over: they call back, which shows only in their closing it."""

WORDLESS = {"voice": timedelta(minutes=10), "sms": 4 * _WRITTEN, "chat": 4 * _WRITTEN, "email": 2 * _MAILED}
"""How long with their page open and not a word: a page that is open is no proof that somebody sits there."""

ON_THE_LINE = timedelta(minutes=3)
"""How long a call is taken to last without a sign from its channel, which gives one every half a minute."""

GONE_FOR_GOOD = timedelta(seconds=90)
"""How much longer until it is over: a store that was away has heard no sign either, and the first comes at once."""

_SIGNS = (
    e.StaffSaid,
    e.FloorTaken,
    e.FloorGiven,
    e.FloorLapsed,
    e.HandoffAccepted,
    e.HandoffPassedOn,
    e.HandoffClosed,
)

Given = Callable[[Transaction, State], bool]
"""Whether something still fits a contact, asked in the transaction that would store it."""


class Overtaken(Exception):
    """What was to be stored no longer fits what has happened since; nothing was. `state` is how it stands."""

    def __init__(self, state: State) -> None:
        super().__init__(f"contact {state.contact!r} has moved on to {state.seq}")
        self.state = state


class Note(Protocol):
    def __call__(
        self, practice: PracticeId, contact: str, body: e.Body, *, given: Given | None = None
    ) -> Reply:
        """Raises Overtaken when `given` says no."""
        ...


# -- what a turn sets ------------------------------------------------------------------------------------------------


def wake_at(tx: Transaction, state: State, name: str, due: datetime) -> None:
    _set(tx, state.contact, name, str(state.seq), due)


def watch_floor(tx: Transaction, state: State, now: datetime) -> None:
    """The floor has been taken: it is looked after until it changes hands or lapses."""
    _set(tx, state.contact, FLOOR, str(state.epoch), now + UNKEPT[state.channel])


def forget_words(tx: Transaction, state: State, now: datetime, practice: Practice) -> None:
    """The contact has ended, and nothing in it or in the protocol is a reason to keep what was said word for word: it
    goes now, or once a person may have looked it over."""
    if _forgets(state, practice):
        until = auditing.kept_until(tx, state, now, practice)
        _set(tx, state.contact, FORGET, str(state.seq), until)


def forget_after_hold(tx: Transaction, contact: str, now: datetime, practice: Practice) -> None:
    """What was said in it would have gone while a legal hold stood for whose it is: it goes now, or when it would have
    gone without, if that is still to come."""
    events = tx.log.read(contact)
    spoken = [event.at for event in events if isinstance(event.body, e.Ended | e.Heard)]
    state = fold(events)
    if not spoken or not _forgets(state, practice):
        return
    due = max(now, auditing.kept_until(tx, state, spoken[-1], practice))
    key = f"wake:{contact}:{FORGET}:{now.isoformat()}"
    tx.jobs.enqueue(Job(key, WAKE_JOB, due, (("contact", contact), ("name", FORGET), ("seq", "0"))))


def _forgets(state: State, practice: Practice) -> bool:
    return state.ended is not None and state.verdict == "clear" and not practice.transcripts


def _set(tx: Transaction, contact: str, name: str, seq: str, due: datetime) -> None:
    key = f"wake:{contact}:{name}:{seq}"
    if name in (FLOOR, LINE, UNMET):
        key += f":{due.isoformat()}"
    tx.jobs.enqueue(Job(key, WAKE_JOB, due, (("contact", contact), ("name", name), ("seq", seq))))


# -- who is there ----------------------------------------------------------------------------------------------------


def still_there(tx: Transaction, state: State, by: str, now: datetime) -> None:
    """A sign of whoever has the floor: their page is open, or their telephone is on the line."""
    tx.log.lease(_sign(state.contact, by), by, now, UNKEPT[state.channel].total_seconds())


def speaks(tx: Transaction, state: State, by: str, now: datetime, until: timedelta) -> None:
    """A sign that whoever has the floor is speaking: their telephone is connected, or they are writing."""
    tx.log.lease(_speaking(state.contact, by), by, now, until.total_seconds())


def _speaking(contact: str, by: str) -> str:
    return f"speaking:{contact}:{by}"


def _sign(contact: str, by: str) -> str:
    return f"floor:{contact}:{by}"


def floor_lasts(tx: Transaction, state: State, now: datetime) -> datetime | None:
    """When the floor must be looked after again; None when nobody keeps it."""
    last = _last_step(tx.log.read(state.contact), state)
    if last.at + _patience(last.body, state) > now:
        return last.at + _patience(last.body, state)
    wordless = last.at + WORDLESS[state.channel]
    nobody_there = tx.log.lease(_sign(state.contact, state.floor or ""), "nobody", now, 0) is not None
    if nobody_there or wordless <= now:
        return None
    return min(wordless, now + UNKEPT[state.channel] / 4)


def _last_step(events: tuple[e.Event, ...], state: State) -> e.Event:
    """The last that whoever has the floor did in the contact."""
    return next(event for event in reversed(events) if getattr(event.body, "by", None) == state.floor)


def _patience(step: e.Body, state: State) -> timedelta:
    if state.ended is not None and _is_owed(state):
        return CALLING_BACK
    crisis = state.handoff is not None and state.handoff.route == "crisis"
    coming = isinstance(step, e.HandoffAccepted) and not crisis
    return (COMING if coming else UNKEPT)[state.channel]


def on_the_line(tx: Transaction, state: State, now: datetime) -> None:
    """A sign of the line a call is on. From the first one on it is looked after: a hang-up that nobody could store, and
    a channel that died, end the contact all the same."""
    tx.log.lease(_line(state.contact), LINE, now, ON_THE_LINE.total_seconds())
    if tx.log.claim(_line(state.contact)):
        _set(tx, state.contact, LINE, "0", now + ON_THE_LINE)


def _line(contact: str) -> str:
    return f"line:{contact}"


def line_is_gone(tx: Transaction, state: State, seen_gone: int, now: datetime) -> bool:
    """Whether there was no sign at two looks running; until then it is looked after again. `seen_gone` numbers the
    silence that the look before this one found, 0 for none."""
    gone = tx.log.lease(_line(state.contact), "nobody", now, 0)
    if gone is not None and gone == seen_gone:
        return True
    _set(tx, state.contact, LINE, str(gone or 0), now + (ON_THE_LINE if gone is None else GONE_FOR_GOOD))
    return False


# -- when it is time -------------------------------------------------------------------------------------------------


class Later:
    """Runs the jobs that a turn has set."""

    def __init__(
        self,
        records: Records,
        practices: Mapping[PracticeId, Practice],
        clock: Clock,
        feed: Feed,
        wake: Callable[[PracticeId, str, e.Body], Reply],
        note: Note,
    ) -> None:
        self._records, self._practices, self._clock, self._feed = records, practices, clock, feed
        self._wake, self._note = wake, note

    def run(self, practice: PracticeId, job: Job) -> Reply | None:
        args = dict(job.args)
        contact, name, seq = args["contact"], args["name"], int(args["seq"])
        if name == FLOOR:
            return self._look_after_floor(practice, contact, seq)
        if name == LINE:
            return self._look_after_line(practice, contact, seq)
        if name == UNMET:
            return self._look_after_unmet(practice, contact, seq)
        if name == FORGET:
            self._forget(practice, contact)
        elif name == INTERIM:
            return self._look_after_interim(practice, contact, seq)
        elif self._is_still_wished(practice, contact, name, seq, job.due):
            return self._wake(practice, contact, e.Woke(name))
        return None

    def _look_after_interim(self, practice: PracticeId, contact: str, since: int) -> Reply | None:
        """Final words since have said what it was; what was half heard after them has a time of its own."""
        with self._records.transaction(practice) as tx:
            found = tx.log.read(contact, after=since)
        if any(isinstance(event.body, e.Guarded) and not event.body.interim for event in found):
            return None
        return self._wake(practice, contact, e.Woke(INTERIM))

    def _is_still_wished(
        self, practice: PracticeId, contact: str, name: str, since: int, due: datetime
    ) -> bool:
        """Whether nothing was said or heard since; the end of a contact is then set anew from the last word. A waiting
        sentence is held back while they speak, and comes when they have stopped."""
        with self._records.transaction(practice) as tx:
            first, *rest = tx.log.read(contact, after=since - 1) or (None,)
            words = [
                event for event in rest if isinstance(event.body, e.Heard | e.Said | e.StaffSaid | e.Ended)
            ]
            if first is None or not words:
                return first is not None
            last = words[-1]
            if name == WAITING and isinstance(last.body, e.Heard) and not last.body.final:
                _set(tx, contact, WAITING, str(last.seq), last.at + HELD_BACK)
            if name == LAPSE and not isinstance(last.body, e.Ended):
                _set(tx, contact, LAPSE, str(rest[-1].seq), last.at + (due - first.at))
        return False

    def _look_after_line(self, practice: PracticeId, contact: str, seen_gone: int) -> Reply | None:
        with self._records.transaction(practice) as tx:
            state = fold(tx.log.read(contact))
            if state.ended is not None or not line_is_gone(tx, state, seen_gone, self._clock.now()):
                return None
        return self._wake(practice, contact, e.Ended("hung_up"))

    def _look_after_floor(self, practice: PracticeId, contact: str, epoch: int) -> Reply | None:
        """A floor that nobody keeps goes back to the agent; one that is kept is looked after again in a while."""
        now = self._clock.now()
        with self._records.transaction(practice) as tx:
            state = fold(tx.log.read(contact))
            if not _is_held(state, epoch):
                return None
            if (again := floor_lasts(tx, state, now)) is not None:
                _set(tx, contact, FLOOR, str(epoch), again)
                return None

        def still_left(tx: Transaction, state: State) -> bool:
            return _is_held(state, epoch) and floor_lasts(tx, state, now) is None

        try:
            return self._note(practice, contact, e.FloorLapsed("nobody_there"), given=still_left)
        except Overtaken as overtaken:
            with self._records.transaction(practice) as tx:
                if _is_held(overtaken.state, epoch):
                    watch_floor(tx, overtaken.state, now)
        return None

    def _look_after_unmet(self, practice: PracticeId, contact: str, since: int) -> Reply | None:
        """Danger was heard, or a crisis accepted, and whoever has the floor gave no sign: it is the agent's again."""
        now = self._clock.now()

        def left_unmet(tx: Transaction, state: State) -> bool:
            return (
                state.floor is not None
                and state.ended is None
                and not _met(tx.log.read(contact, after=since))
            )

        with self._records.transaction(practice) as tx:
            state = fold(tx.log.read(contact))
            if not left_unmet(tx, state):
                return None
            free = tx.log.lease(_speaking(contact, state.floor or ""), "nobody", now, 0) is not None
            (heard, *_) = tx.log.read(contact, after=since - 1)
            if not free and now - heard.at < UNMET_LONGEST:
                _set(tx, contact, UNMET, str(since), now + UNMET_AGAIN)
                return None
        with suppress(Overtaken):
            self._note(practice, contact, e.FloorLapsed("unmet"), given=left_unmet)
        return None

    def _forget(self, practice: PracticeId, contact: str) -> None:
        with self._records.transaction(practice) as tx:
            events = tx.log.read(contact)
            state = fold(events)
            if not events or not _forgets(state, self._practices[practice]) or not _has_words(events):
                return
            if holding.keeps(tx, contact, state.person):
                return
            tx.log.forget_words(contact)
            tx.log.append(
                contact,
                [e.WordsForgotten()],
                expected=state.seq,
                at=self._clock.now(),
                protocol_hash=state.protocol_hash,
            )
        self._feed.publish(practice, contact, state.seq + 1)


def _met(events: tuple[e.Event, ...]) -> bool:
    """Whether whoever has the floor did something since."""
    return any(isinstance(event.body, _SIGNS) for event in events)


def _is_held(state: State, epoch: int) -> bool:
    """Whoever held a call that is over has nobody to speak to, but for a hand-over they accepted and have not closed;
    whoever writes again must find somebody."""
    over = state.channel == "voice" and state.ended is not None and not _is_owed(state)
    return state.floor is not None and state.epoch == epoch and not over


def _is_owed(state: State) -> bool:
    """Somebody has accepted, and the hand-over is still theirs to close."""
    return state.handoff is not None and state.handoff.status == "accepted"


def _has_words(events: tuple[e.Event, ...]) -> bool:
    return any(
        isinstance(body := event.body, e.Heard) and (body.text or body.alternatives or body.keys)
        for event in events
    )

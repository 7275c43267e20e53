"""The ladder: who is rung, in order or several at once, until a named person has accepted or a call back is promised
and stored.

It is a chain of durable jobs, one a step. A hang-up never cancels it. In a crisis it begins again at the bottom after
the last rung, and goes on until somebody accepts; anything else is rung again once its promise is overdue. A line such
as 988 is connected only while somebody is on the telephone, after it was announced and not refused.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from lamplighter import logs
from lamplighter.conversation import events as e
from lamplighter.conversation.actions import RaiseHandoff
from lamplighter.conversation.state import Handoff, State, fold
from lamplighter.desk import counting, owed
from lamplighter.desk.calling_off import CallingOff
from lamplighter.desk.later import Given, Note, Overtaken
from lamplighter.desk.ports import Clock, Job, Pager, Records, Transaction
from lamplighter.desk.route_tests import RouteTests
from lamplighter.desk.rungs import ring_of, rungs_for
from lamplighter.practice.calendar import next_open
from lamplighter.practice.model import Practice, PracticeId, Rung
from lamplighter.practice.rota import steps

log = logs.get(__name__)
JOB = "ring"
CLIMB_AGAIN = timedelta(seconds=60)
LOOK_AGAIN = timedelta(minutes=5)
"""Where nobody is on call: how long until it is looked again whether somebody is."""
OVERDUE_AGAIN = timedelta(hours=1)
"""After a whole climb for a promise that is overdue, in open hours."""
MAY_REFUSE = timedelta(seconds=20)
"""Between the words that announce a line and its being rung: they take half of it."""


def begin(
    tx: Transaction,
    practice: Practice,
    state: State,
    now: datetime,
    asked: RaiseHandoff,
    *,
    left: bool = False,
) -> list[e.Body]:
    """Stores that the ladder is to be rung, now. The job starts when this transaction commits. What waits in the
    clinical queue instead is promised at once, and rung for when that is overdue."""
    handoff = state.handoff
    assert handoff is not None
    if asked.sooner:
        _sooner(tx, practice, state, now)
        return []
    counting.handed_over(tx, state.contact, handoff.route, now)
    if asked.queue:
        task = owed.queue(tx, practice, state, now)
        _enqueue(tx, state.contact, handoff.seq, 0, task.due)
        return [e.HandoffPromised(task.id, task.due, queued=True)]
    owed.stand(tx, practice, state, now, left=left)
    _enqueue(tx, state.contact, handoff.seq, handoff.step + 1, now)
    return []


def _sooner(tx: Transaction, practice: Practice, state: State, now: datetime) -> None:
    """The pause between two climbs ends; whoever is being rung now has their time."""
    handoff = state.handoff
    assert handoff is not None
    key = _key(state.contact, handoff.seq, handoff.step + 1)
    longest = now + timedelta(seconds=practice.ladder.seconds)
    if any(job.key == key and job.due > longest for job in tx.jobs.pending()):
        tx.jobs.cancel(key)
        _enqueue(tx, state.contact, handoff.seq, handoff.step + 1, now)


def _enqueue(tx: Transaction, contact: str, handoff: int, step: int, due: datetime, part: str = "") -> None:
    args = (("contact", contact), ("handoff", str(handoff)), ("step", str(step)))
    tx.jobs.enqueue(Job(_key(contact, handoff, step) + part, JOB, due, args))


def _key(contact: str, handoff: int, step: int) -> str:
    return f"ring:{contact}:{handoff}:{step}"


class Handoffs:
    """Runs the ladder and takes the answers of those who were rung."""

    def __init__(
        self,
        records: Records,
        practices: Mapping[PracticeId, Practice],
        pager: Pager,
        clock: Clock,
        note: Note,
    ) -> None:
        self._records = records
        self._practices = practices
        self._pager = pager
        self._clock = clock
        self._note = note
        self.tests = RouteTests(records, practices, pager, clock)
        self.calling_off = CallingOff(records, practices, pager, clock)

    # -- ringing -----------------------------------------------------------------------------------------------------

    def run(self, practice_id: PracticeId, job: Job) -> None:
        """The job of one rung: the one before has not answered in time, so it is this one's turn."""
        args = dict(job.args)
        contact, handoff, step = args["contact"], int(args["handoff"]), int(args["step"])
        state = self._state(practice_id, contact)
        if not _still_ringing(state, handoff) or (state.handoff and state.handoff.step > step):
            return
        if self._closed_on_the_board(practice_id, contact, state):
            return
        assert state.handoff is not None
        rungs = self._rungs(practice_id, state)
        if state.handoff.step == step:
            return self._rung_again(practice_id, contact, state, rungs, step)
        following = _not_rung_yet(rungs, state.handoff)
        if not following:
            self._nobody(practice_id, contact, state, step, alone=not rungs)
        if following or (rungs and self._goes_on(state)):
            self._turn_of(practice_id, contact, state, steps(following or rungs)[0], step)

    def _rung_again(
        self, practice_id: PracticeId, contact: str, state: State, rungs: Sequence[Rung], step: int
    ) -> None:
        """A crash may have come between what the log says and the rings; the next step is stored already."""
        handoff = state.handoff
        assert handoff is not None
        group = next((each for each in steps(rungs) if any(rung.id in handoff.ringing for rung in each)), ())
        for rung in group:
            if rung.id in handoff.ringing or rung.id not in handoff.rung:
                self._ring_one(practice_id, contact, state, rung, step)

    def _goes_on(self, state: State) -> bool:
        """A crisis always does; a promise, once it is overdue."""
        handoff = state.handoff
        assert handoff is not None
        overdue = handoff.due is not None and handoff.due <= self._clock.now()
        return handoff.route == "crisis" or overdue

    def _turn_of(
        self, practice_id: PracticeId, contact: str, state: State, group: Sequence[Rung], step: int
    ) -> None:
        """A line is announced first; it is rung by a job of its own, which finds whether it was refused."""
        assert state.handoff is not None
        if group[0].kind != "line" or state.handoff.announced:
            return self._ring(practice_id, contact, state, group, step)
        handoff = state.handoff.seq
        with self._records.transaction(practice_id) as tx:
            _enqueue(tx, contact, handoff, step, self._clock.now() + MAY_REFUSE, ":announced")
        self._noted(practice_id, contact, e.HandoffAnnounced(group[0].id, step), _open_as(handoff))

    def _ring(
        self, practice_id: PracticeId, contact: str, state: State, group: Sequence[Rung], step: int
    ) -> None:
        """The next step's job is stored before this one rings, so that a crash never ends the climb."""
        assert state.handoff is not None
        following = self._next_at(practice_id, state, group)
        with self._records.transaction(practice_id) as tx:
            _enqueue(tx, contact, state.handoff.seq, step + 1, following)
        for rung in group:
            self._ring_one(practice_id, contact, state, rung, step)

    def _ring_one(self, practice_id: PracticeId, contact: str, state: State, rung: Rung, step: int) -> None:
        """Nobody is rung whom it was not noted of first, nor once somebody has accepted or it went on to others."""
        handoff = state.handoff
        assert handoff is not None
        noted = handoff.step == step and rung.id in handoff.rung
        rings = e.HandoffRung(rung.id, step, rung.name)
        if not noted and not self._noted(practice_id, contact, rings, _not_past(handoff.seq, step)):
            return
        try:
            self._pager.ring(ring_of(practice_id, state, rung, step))
        except Exception:  # whoever comes next is rung in their time
            log.exception("ringing_failed", practice=practice_id, contact=contact)

    def _next_at(self, practice_id: PracticeId, state: State, group: Sequence[Rung]) -> datetime:
        """After every climb but the first there is a pause."""
        assert state.handoff is not None
        practice, tried = self._practices[practice_id], state.handoff.rung
        at = self._clock.now() + timedelta(seconds=practice.ladder.seconds)
        anew = group[0].id in tried
        tried = (*(() if anew else tried), *(rung.id for rung in group))
        first = not state.handoff.again and not anew
        if first or any(each.id not in tried for each in self._rungs(practice_id, state)):
            return at
        if state.handoff.route == "crisis":
            return at + CLIMB_AGAIN
        return next_open(practice, at + OVERDUE_AGAIN)

    def _nobody(self, practice_id: PracticeId, contact: str, state: State, step: int, *, alone: bool) -> None:
        """Once, when the first climb is over: a call back is stored, then promised. Where nobody is on call it is
        looked again, and a promise is looked at when it is due."""
        handoff, now = state.handoff, self._clock.now()
        assert handoff is not None
        practice = self._practices[practice_id]
        with self._records.transaction(practice_id) as tx:
            stands = tx.tasks.get(owed.task_id(contact, handoff.seq))
            task = stands or owed.stand(tx, practice, state, now)
            if handoff.route == "crisis" and alone:
                _enqueue(tx, contact, handoff.seq, step + 1, now + LOOK_AGAIN)
            elif handoff.route != "crisis" and (alone or handoff.status == "ringing"):
                late = task.due if handoff.status == "ringing" else next_open(practice, now + OVERDUE_AGAIN)
                _enqueue(tx, contact, handoff.seq, step + 1, max(late, now))
        if handoff.status == "ringing":
            promised = e.HandoffPromised(task.id, task.due, alone)
            self._noted(practice_id, contact, promised, _open_as(handoff.seq, "ringing"))

    def _closed_on_the_board(self, practice_id: PracticeId, contact: str, state: State) -> bool:
        """Somebody has done the task, and nobody is on the line: that closes what it stands for."""
        handoff = state.handoff
        assert handoff is not None
        if handoff.route == "crisis" and state.ended is None:
            return False
        with self._records.transaction(practice_id) as tx:
            task = owed.standing_for(tx, contact, handoff.seq)
        if task is None or task.status == "open" or task.done_by in (None, owed.OURS):
            return False
        closed = e.HandoffClosed(str(task.done_by), "handled")
        return self._noted(practice_id, contact, closed, _open_as(handoff.seq))

    # -- what they answer --------------------------------------------------------------------------------------------

    def answered(
        self,
        practice_id: PracticeId,
        contact: str,
        step: int,
        rung: str,
        by: str,
        how: Literal["accepted", "declined", "busy", "no_answer"],
    ) -> str | None:
        """Somebody who was rung accepted, or declined, was busy or can't be reached, which rings the next at once.

        Of several who accept one has it, decided where it is stored: whoever else accepts gets the name of the one.
        `rung` is empty where somebody accepted of whom no ring is known.
        """
        state = self._state(practice_id, contact)
        if state.handoff is None or state.handoff.status == "closed":
            return None
        handoff = state.handoff.seq
        if how == "accepted":
            return self._accepted(practice_id, contact, handoff, e.HandoffAccepted(by, step, rung or None))
        if state.handoff.step == step:
            declined = e.HandoffDeclined(rung, step, how)
            if self._noted(practice_id, contact, declined, _open_as(handoff, step=step)):
                self._after_declining(practice_id, contact, handoff, step)
        return None

    def _after_declining(self, practice_id: PracticeId, contact: str, handoff: int, step: int) -> None:
        """The next are rung once all who were rung together have declined."""
        has = self._state(practice_id, contact).handoff
        if has is not None and has.seq == handoff and has.step == step and not has.ringing:
            self._ring_next(practice_id, contact, handoff, step + 1)

    def someone_else(self, practice_id: PracticeId, contact: str, by: str) -> bool:
        """Whoever accepted needs somebody else: the next behind them is rung at once, and the person is told. False
        where they don't have it."""

        def theirs(_: Transaction, state: State) -> bool:
            has = state.handoff
            return has is not None and has.status == "accepted" and has.by == by

        return self._noted(practice_id, contact, e.HandoffPassedOn(by), theirs)

    def _accepted(
        self, practice_id: PracticeId, contact: str, handoff: int, accepted: e.HandoffAccepted
    ) -> str | None:
        try:
            self._note(practice_id, contact, accepted, given=_open_as(handoff))
        except Overtaken as overtaken:
            has = overtaken.state.handoff
            taken = has is not None and has.status == "accepted" and has.by != accepted.by
            return has.by if has is not None and taken else None
        return None

    def _ring_next(self, practice_id: PracticeId, contact: str, handoff: int, step: int) -> None:
        """Ahead of the job that waits for it, which has nothing left to do then: it would ring whoever declines now a
        second time, or connect a line before it could be refused."""
        args = (("contact", contact), ("handoff", str(handoff)), ("step", str(step)))
        key = _key(contact, handoff, step)
        self.run(practice_id, Job(key, JOB, self._clock.now(), args))
        with self._records.transaction(practice_id) as tx:
            tx.jobs.cancel(key)

    def _noted(self, practice_id: PracticeId, contact: str, body: e.Body, given: Given) -> bool:
        """False when it was overtaken: somebody answered, or the hand-over was closed, in the same moment."""
        try:
            self._note(practice_id, contact, body, given=given)
        except Overtaken:
            return False
        return True

    # -- who -----------------------------------------------------------------------------------------------------------

    def _rungs(self, practice_id: PracticeId, state: State) -> tuple[Rung, ...]:
        with self._records.transaction(practice_id) as tx:
            return rungs_for(tx, self._practices[practice_id], state, self._clock.now())

    def _state(self, practice_id: PracticeId, contact: str) -> State:
        with self._records.transaction(practice_id) as tx:
            return fold(tx.log.read(contact))


def _not_rung_yet(rungs: Sequence[Rung], handoff: Handoff) -> tuple[Rung, ...]:
    """Who is left of this climb, the next first; a line that was announced before them. Whom the ladder is made of
    changes while it rings, so that nobody's place in it is remembered."""
    waiting = [rung for rung in rungs if rung.id not in handoff.rung]
    return tuple(sorted(waiting, key=lambda rung: handoff.announced and rung.kind != "line"))


def _still_ringing(state: State, handoff: int) -> bool:
    return (
        state.handoff is not None
        and state.handoff.seq == handoff
        and state.handoff.status in ("ringing", "promised")
    )


def _not_past(handoff: int, step: int) -> Given:
    """It still waits for somebody, and no later step rings already."""

    def given(_: Transaction, state: State) -> bool:
        return _still_ringing(state, handoff) and state.handoff is not None and state.handoff.step <= step

    return given


def _open_as(handoff: int, *statuses: str, step: int | None = None) -> Given:
    """This hand-over still waits for somebody (with one of these statuses, at this step, where they are given)."""

    def given(_: Transaction, state: State) -> bool:
        waits = _still_ringing(state, handoff)
        has = state.handoff
        right_status = has is not None and (not statuses or has.status in statuses)
        return waits and right_status and has is not None and (step is None or has.step == step)

    return given

"""What a payer answered is written to the practice's own chart, by a durable job made in the transaction that stores
the answer. Where that can't be, somebody here does it by hand, with a page to print, and one task says so."""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from lamplighter import logs
from lamplighter.desk import chart_kept, plan_gates, plan_kept
from lamplighter.desk.context import stable_id
from lamplighter.desk.messages import callback_due
from lamplighter.desk.owed import OURS
from lamplighter.desk.plan_gates import Reason
from lamplighter.desk.plan_kept import Question, Reading
from lamplighter.desk.ports import AGENT, Clock, Job, Person, Records, Task, Transaction
from lamplighter.desk.ports.chart import AGAIN, Chart, Charts, NotWritten, PlanNote, WhyNot, Written
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.agreements import agreed_with
from lamplighter.practice.calendar import local_date
from lamplighter.practice.model import Practice, PracticeId

log = logs.get(__name__)
JOB: Final = "write_to_chart"
LOOK: Final = "look_in_chart"
DEADLINE: Final = 30.0
"""Seconds, for all that one answer takes: finding them, writing, reading back."""

AFTER: Final = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
)
AT_ONCE: Final = 1
"""Writings on their way at a time: a slow chart never takes the hands that ring somebody for a person in need."""

LATER: Final = timedelta(seconds=10)
TWICE: Final = "on_file_twice"
OVERTAKEN: Final = "overtaken"


class Charting:
    """The duty: decides whether an answer goes to the chart, writes it, and sees to what follows."""

    def __init__(
        self,
        records: Records,
        practices: Mapping[PracticeId, Practice],
        clock: Clock,
        charts: Charts | None = None,
        laws: Mapping[PracticeId, LawData] = MappingProxyType({}),
    ) -> None:
        self._records, self._practices, self._clock = records, practices, clock
        self._charts, self._laws = charts, laws
        self._room = threading.BoundedSemaphore(AT_ONCE)

    def answered(self, tx: Transaction, question: Question, now: datetime) -> None:
        """A plan has answered: it is written, where the practice has a chart that we reach."""
        overtake(tx, question.person, now)
        if self._of(tx.practice) is not None:
            ask(tx, question, now, AGENT)

    def run(self, practice_id: PracticeId, job: Job) -> None:
        """Writes one answer; a little later, where another is on its way."""
        now, name = self._clock.now(), dict(job.args)["question"]
        if not self._room.acquire(blocking=False):
            with self._records.transaction(practice_id) as tx:
                due = now + LATER
                tx.jobs.enqueue(Job(f"{JOB}:{name}:room:{due.isoformat()}", JOB, due, job.args))
            return
        try:
            self._write(practice_id, name, now)
        finally:
            self._room.release()

    def look(self, practice_id: PracticeId, job: Job) -> None:
        """Whether the chart still holds what was written; where it can't be looked at, all stays as it stands."""
        now, name = self._clock.now(), dict(job.args)["question"]
        with self._records.transaction(practice_id) as tx:
            ready = self._written(tx, name, now)
        if ready is None:
            return
        question, note, chart = ready
        reply = chart.look(note, DEADLINE)
        now = self._clock.now()
        with self._records.transaction(practice_id) as tx:
            if isinstance(reply, Written):
                return chart_kept.keep(tx, question, "written", now, where=reply.where)
            why = reply.why if reply is not None else WhyNot.GONE
            if why not in AGAIN:
                by_hand(tx, self._practices[practice_id], question, why, now)
        return None

    def _written(self, tx: Transaction, name: str, now: datetime) -> tuple[Question, PlanNote, Chart] | None:
        practice, chart = self._practices[tx.practice], self._of(tx.practice)
        found = _answer(tx, name, "written")
        if found is None or chart is None or self._why_not(tx, practice, found[1], chart, now):
            return None
        question, person, reading = found
        note = chart_kept.note_of(tx, practice, person, question, reading)
        if note is None:
            return None
        tx.ledger.note(
            at=now, who=AGENT, what="looked_in_chart", about=f"person/{person.id}", why=chart.party
        )
        return question, note, chart

    def _of(self, practice: PracticeId) -> Chart | None:
        return self._charts.of(practice) if self._charts else None

    def _write(self, practice_id: PracticeId, name: str, now: datetime) -> None:
        with self._records.transaction(practice_id) as tx:
            ready = self._ready(tx, name, now)
        if ready is None:
            return
        question, note, chart = ready
        log.info("plan_to_chart", practice=practice_id)
        reply = chart.write(note, DEADLINE)
        with self._records.transaction(practice_id) as tx:
            self._keep(tx, question, note, reply, self._clock.now())

    def _ready(self, tx: Transaction, name: str, now: datetime) -> tuple[Question, PlanNote, Chart] | None:
        practice, found = self._practices[tx.practice], _answer(tx, name, "waiting")
        if found is None:
            return None
        question, person, reading = found
        if not chart_kept.is_newest(tx, person, question):
            chart_kept.keep(tx, question, "not_to_be", now, why=OVERTAKEN)
            return None
        chart = self._of(tx.practice)
        if reason := self._why_not(tx, practice, person, chart, now):
            chart_kept.keep(tx, question, "not_to_be", now, why=reason)
            return None
        note = chart_kept.note_of(tx, practice, person, question, reading)
        if chart is None or note is None or person.perhaps is not None:
            by_hand(tx, practice, question, _whose_hands(person, chart), now)
            return None
        tx.ledger.note(at=now, who=AGENT, what="sent_to_chart", about=f"person/{person.id}", why=chart.party)
        return question, note, chart

    def _why_not(
        self, tx: Transaction, practice: Practice, person: Person, chart: Chart | None, now: datetime
    ) -> Reason | str | None:
        """What kept their plan from being asked keeps its answer from going on; and no agreement with whoever runs the
        chart."""
        law = self._laws.get(practice.id, SHIPPED)
        if reason := plan_gates.why_not(tx, practice, person, now, law):
            return reason
        party = chart.party if chart is not None else ""
        agreed = not party or agreed_with(practice, party, local_date(practice, now))
        return None if agreed else "no_chart_agreement"

    def _keep(
        self, tx: Transaction, question: Question, note: PlanNote, reply: Written | NotWritten, now: datetime
    ) -> None:
        practice = self._practices[tx.practice]
        if isinstance(reply, Written):
            chart_kept.keep(tx, question, "written", now, where=reply.where)
            chart_kept.keep_name(tx, question.person, reply.known_as, now)
            return overtake(tx, question.person, now)
        if reply.why not in AGAIN:
            return by_hand(tx, practice, question, reply.why, now)
        before = chart_kept.stands(tx, question)
        failed = before.tries if before is not None else 0
        if failed == len(AFTER):
            return by_hand(tx, practice, question, reply.why, now)
        chart_kept.keep(tx, question, "waiting", now, why=reply.why, tries=failed + 1)
        return _enqueue(tx, question, now + AFTER[failed], f"{now.isoformat()}:{failed + 1}")


def _answer(tx: Transaction, name: str, step: chart_kept.Step) -> tuple[Question, Person, Reading] | None:
    """An answer that stands at this step, and whom it is about."""
    question = plan_kept.question(tx, name)
    person = tx.people.get(question.person) if question is not None else None
    reading = plan_kept.latest(tx, question) if question is not None else None
    if question is None or person is None or reading is None or reading.outcome != "answered":
        return None
    standing = chart_kept.stands(tx, question)
    return (question, person, reading) if standing is not None and standing.step == step else None


def ask(tx: Transaction, question: Question, now: datetime, by: str) -> None:
    """Has it written, for the first time or once more."""
    chart_kept.keep(tx, question, "waiting", now, by=by)
    _enqueue(tx, question, now, now.isoformat())


def look_again(tx: Transaction, question: Question, now: datetime) -> None:
    """Has it looked whether the chart still holds it."""
    key = f"{LOOK}:{question.id}:{now.isoformat()}"
    tx.jobs.enqueue(Job(key, LOOK, now, (("question", question.id),)))


def done_by_hand(tx: Transaction, question: Question, now: datetime, by: str) -> None:
    """Somebody here has put it into the chart."""
    chart_kept.keep(tx, question, "done", now, by=by)
    seen_to(tx, question.person, by)


def _whose_hands(person: Person, chart: Chart | None) -> str:
    """Whoever gave the name and birth date of somebody on file may be them or not: their answer is put into nobody's
    chart by itself."""
    if person.perhaps is not None:
        return TWICE
    return WhyNot.TAKES_NOTHING if chart is None else WhyNot.NOBODY


def by_hand(tx: Transaction, practice: Practice, question: Question, why: str, now: datetime) -> None:
    """One task for a person, however many answers wait for them; another only when that was seen to."""
    chart_kept.keep(tx, question, "by_hand", now, why=why)
    if any(task.kind == "plan_chart" and task.person == question.person for task in tx.tasks.list_open()):
        return
    name = stable_id("plan_chart", question.id, now.isoformat())
    tx.tasks.add(Task(name, "plan_chart", "desk", callback_due(practice, now), person=question.person))


def overtake(tx: Transaction, person_id: str, now: datetime) -> None:
    """Nobody copies an answer whose place a later one took, or that is not about what is on file now; one that is again
    what is on file is written after all."""
    person = tx.people.get(person_id)
    for question, standing in _standing(tx, person_id):
        newest = person is not None and chart_kept.is_newest(tx, person, question)
        if standing.step == "by_hand" and not newest:
            chart_kept.keep(tx, question, "not_to_be", now, why=OVERTAKEN)
        if (standing.step, standing.why) == ("not_to_be", OVERTAKEN) and newest:
            ask(tx, question, now, AGENT)
    seen_to(tx, person_id)


def _standing(tx: Transaction, person: str) -> list[tuple[Question, chart_kept.Standing]]:
    asked = [(each, chart_kept.stands(tx, each)) for each in plan_kept.questions(tx, person, plan_kept.SHOWN)]
    return [(question, standing) for question, standing in asked if standing is not None]


def seen_to(tx: Transaction, person: str, by: str = OURS) -> None:
    """Nothing of theirs waits for somebody's hands any more."""
    if any(standing.step == "by_hand" for _, standing in _standing(tx, person)):
        return
    for task in tx.tasks.list_open():
        if task.kind == "plan_chart" and task.person == person:
            tx.tasks.close(task.id, by)


def _enqueue(tx: Transaction, question: Question, due: datetime, what: str) -> None:
    tx.jobs.enqueue(Job(f"{JOB}:{question.id}:{what}", JOB, due, (("question", question.id),)))

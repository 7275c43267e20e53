"""Who waits in a contact for what their plan answers: stored with the wish, as is the end of their patience."""

from datetime import datetime
from typing import Final

from lamplighter.desk.context import stable_id
from lamplighter.desk.plan_kept import Question
from lamplighter.desk.ports import AGENT, Fact, Job, Transaction

JOB: Final = "plan_wait"
LAST: Final = "last"


def wait(
    tx: Transaction,
    contact: str,
    key: str,
    questions: tuple[Question, ...],
    *,
    now: datetime,
    until: datetime,
) -> None:
    """`key` is that of the wish in the contact; the questions are about one person."""
    name, whose = stable_id("plan_waited", contact, key), questions[0].person
    asked = " ".join(each.id for each in questions)
    details = (("contact", contact), ("key", key), ("questions", asked))
    tx.facts.state(Fact(name, "plan_waited", f"person/{whose}", now, AGENT, details, whose))
    tx.jobs.enqueue(_job(name, until, LAST))


def look_in(tx: Transaction, question: Question, now: datetime) -> None:
    """Something has come of a question: whoever waits for it is told, if that was all."""
    for fact in _standing(tx, question):
        tx.jobs.enqueue(_job(fact.id, now, now.isoformat()))


def somebody_waits(tx: Transaction, question: Question) -> bool:
    return any(question.id in fact.value("questions").split() for fact in _standing(tx, question))


def _standing(tx: Transaction, question: Question) -> tuple[Fact, ...]:
    return tuple(
        fact for fact in tx.facts.standing("plan_waited", f"person/{question.person}") if fact.details
    )


def _job(wait: str, due: datetime, what: str) -> Job:
    return Job(f"{JOB}:{wait}:{what}", JOB, due, (("wait", wait), ("what", what)))

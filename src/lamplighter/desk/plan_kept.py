"""What is kept of the questions about somebody's plan: each question before it leaves, and each answer with its rows.

Sealed under the person, by whom it goes when they are forgotten. Never an amount without the row that it comes from.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Final, Literal

from pydantic import TypeAdapter

from lamplighter.desk import benefit_rows, stopping
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import AGENT, Fact, Person, Transaction
from lamplighter.desk.ports.clearinghouse import Answered, Pending, Refused, Reply, Why
from lamplighter.desk.ports.coverage import BenefitRow, Insured, Payer

Outcome = Literal["answered", "pending", "withdrawn"] | Why
OPEN: Final = ("pending", Why.PAYER_DOWN, Why.UNREACHABLE, Why.NOT_ALLOWED)
"""Asked again by itself, under the same trace."""

SHOWN: Final = 12
"""Questions of a person that are looked at, the newest: nobody needs more of them."""


@dataclass(frozen=True, slots=True)
class Question:
    """`who` is the member as asked about; `carved_from` the question whose answer sent us to this payer."""

    id: str
    person: str
    payer: Payer
    member_id: str = field(repr=False)
    who: str = field(repr=False)
    service: str
    month: str  # 2026-12: what a plan says holds for a month
    trace: str
    at: datetime
    visit: str = ""
    day: date | None = None
    carved_from: str = ""
    by: str = AGENT

    @property
    def same(self) -> tuple[str, ...]:
        """What makes another question the same one."""
        return self.payer.id, self.member_id, self.who, self.service, self.month


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a question, once or again."""

    outcome: Outcome
    at: datetime
    ticket: str = ""
    reasons: tuple[str, ...] = ()  # the payer's, as it wrote them
    rows: tuple[BenefitRow, ...] = field(default=(), repr=False)
    payer: str = ""

    @property
    def is_open(self) -> bool:
        return self.outcome in OPEN


def who_is(person: Person) -> str:
    return f"{person.first_name}|{person.last_name}|{person.date_of_birth}"


# -- questions ---------------------------------------------------------------------------------------------------------


def ask(tx: Transaction, question: Question) -> None:
    """Stores the question, with its trace, before it leaves."""
    details = (
        ("payer", question.payer.id),
        ("payer_name", question.payer.name),
        ("member_id", question.member_id),
        ("who", question.who),
        ("service", question.service),
        ("month", question.month),
        ("trace", question.trace),
        ("visit", question.visit),
        ("day", question.day.isoformat() if question.day else ""),
        ("carved_from", question.carved_from),
    )
    about = f"person/{question.person}"
    tx.facts.state(Fact(question.id, "plan_asked", about, question.at, question.by, details, question.person))


def question(tx: Transaction, name: str) -> Question | None:
    """None where there is none, or its person has been forgotten."""
    fact = tx.facts.get(name)
    return _question(fact) if fact is not None and fact.details else None


def questions(tx: Transaction, person: str, most: int | None = None) -> tuple[Question, ...]:
    """The newest first."""
    facts = tx.facts.standing("plan_asked", f"person/{person}")[:most]
    return tuple(_question(fact) for fact in facts if fact.details)


def same_as(tx: Transaction, wanted: Question) -> Iterator[Question]:
    """What was asked already, by whichever record may be theirs and for whichever visit; the newest first."""
    found = [each for one in stopping.meant(tx, wanted.person) for each in questions(tx, one)]
    for each in sorted(found, key=lambda one: one.at, reverse=True):
        if each.same == wanted.same:
            yield each


def _question(fact: Fact) -> Question:
    told = dict(fact.details)
    return Question(
        fact.id,
        fact.about.removeprefix("person/"),
        Payer(told["payer"], told["payer_name"]),
        told["member_id"],
        told["who"],
        told["service"],
        told["month"],
        told["trace"],
        fact.at,
        told["visit"],
        date.fromisoformat(told["day"]) if told["day"] else None,
        told["carved_from"],
        fact.by,
    )


# -- answers -----------------------------------------------------------------------------------------------------------


def read(tx: Transaction, question: Question, reply: Reply | None, now: datetime) -> Reading:
    """Keeps what came; None: it was not sent after all."""
    reading = _reading(reply, now)
    number = len(tx.facts.standing("plan_answer", _about(question)))
    details = (
        ("outcome", str(reading.outcome)),
        ("ticket", reading.ticket),
        ("reasons", " ".join(reading.reasons)),
        ("rows", _rows().dump_json(reading.rows).decode()),
        ("payer", reading.payer),
    )
    name = stable_id("plan_answer", question.id, str(number))
    tx.facts.state(Fact(name, "plan_answer", _about(question), now, AGENT, details, question.person))
    return reading


def readings(tx: Transaction, question: Question) -> tuple[Reading, ...]:
    """The newest first."""
    facts = tx.facts.standing("plan_answer", _about(question))
    return tuple(_kept(fact) for fact in facts if fact.details)


def latest(tx: Transaction, question: Question) -> Reading | None:
    return next(iter(readings(tx, question)), None)


def newest(tx: Transaction, person: Person) -> Iterator[tuple[Question, Reading]]:
    """What came last of each payer and service that they were asked about at, as they and their number are on file."""
    seen: set[tuple[str, str]] = set()
    for each in questions(tx, person.id):
        key, reading = (each.payer.id, each.service), latest(tx, each)
        mine = (each.member_id, each.who) == (person.member_id or "", who_is(person))
        if mine and key not in seen and reading is not None:
            seen.add(key)
            yield each, reading


def no_cost_sharing(tx: Transaction, person: Person) -> bool:
    """By any payer's last answer about them, as they and their number are on file, on the day that it was given."""
    seen: set[str] = set()
    for each in questions(tx, person.id, SHOWN):
        mine = (each.member_id, each.who) == (person.member_id or "", who_is(person))
        if not mine or each.payer.id in seen:
            continue
        answer = next((one for one in readings(tx, each) if one.outcome == "answered"), None)
        if answer is not None:
            seen.add(each.payer.id)
            if benefit_rows.no_cost_sharing(answer.rows, answer.at.date()):
                return True
    return False


def _about(question: Question) -> str:
    return f"plan/{question.id}"


def _reading(reply: Reply | None, now: datetime) -> Reading:
    match reply:
        case Answered(rows=rows, payer=payer):
            return Reading("answered", now, rows=rows, payer=payer)
        case Pending(ticket=ticket):
            return Reading("pending", now, ticket)
        case Refused(why=why, rejections=rejections):
            return Reading(why, now, reasons=tuple(dict.fromkeys(each.reason for each in rejections)))
    return Reading("withdrawn", now)


def _kept(fact: Fact) -> Reading:
    told = dict(fact.details)
    said = told["outcome"]
    outcome: Outcome = Why(said) if said in list(Why) else said  # type: ignore[assignment]
    reasons = tuple(told["reasons"].split())
    return Reading(
        outcome, fact.at, told["ticket"], reasons, _rows().validate_json(told["rows"]), told["payer"]
    )


@cache
def _rows() -> TypeAdapter[tuple[BenefitRow, ...]]:
    """Reads back what it wrote, to the cent: amounts are decimal."""
    return TypeAdapter(tuple[BenefitRow, ...])


# -- whose plan, and who wants it told nothing -------------------------------------------------------------------------


def holder(tx: Transaction, person: str) -> Insured | None:
    """In whose name the plan is, where it is not their own and somebody has written it down."""
    facts = tx.facts.standing("plan_holder", f"person/{person}")
    if not facts or not facts[0].details:
        return None
    told = dict(facts[0].details)
    born = date.fromisoformat(told["born"]) if told["born"] else None
    return Insured(told["first_name"], told["last_name"], born)


def keep_holder(tx: Transaction, person: str, who: Insured | None, *, by: str, now: datetime) -> None:
    """In place of what was written before; None: the plan is their own."""
    for fact in tx.facts.standing("plan_holder", f"person/{person}"):
        tx.facts.lift(fact.id, by, now)
    if who is not None:
        born = who.date_of_birth.isoformat() if who.date_of_birth else ""
        details = (("first_name", who.first_name), ("last_name", who.last_name), ("born", born))
        name = stable_id("plan_holder", person, now.isoformat())
        tx.facts.state(Fact(name, "plan_holder", f"person/{person}", now, by, details, person))


def restricted(tx: Transaction, person: str) -> Fact | None:
    """By whichever record may be theirs: the stricter holds."""
    found = (
        fact
        for one in stopping.meant(tx, person)
        for fact in tx.facts.standing("plan_restricted", f"person/{one}")
    )
    return next(found, None)


def restrict(tx: Transaction, person: str, *, by: str, now: datetime) -> None:
    if not tx.facts.standing("plan_restricted", f"person/{person}"):
        name = stable_id("plan_restricted", person, now.isoformat())
        tx.facts.state(Fact(name, "plan_restricted", f"person/{person}", now, by, (), person))


def lift_restriction(tx: Transaction, person: str, *, by: str, now: datetime) -> None:
    for fact in tx.facts.standing("plan_restricted", f"person/{person}"):
        tx.facts.lift(fact.id, by, now)

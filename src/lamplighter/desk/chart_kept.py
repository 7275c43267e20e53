"""What is kept of a plan's answer on its way into the chart, and the note that goes there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from lamplighter.conversation.facts import find_insurer
from lamplighter.desk import plan_kept, plan_outcomes
from lamplighter.desk.benefits import Benefits, Figure, State, benefits, in_force
from lamplighter.desk.context import stable_id
from lamplighter.desk.plan_gates import OWN
from lamplighter.desk.plan_kept import Question, Reading
from lamplighter.desk.ports import AGENT, Fact, Person, Transaction
from lamplighter.desk.ports.chart import ChartPerson, FigureName, PlanNote, Relation, Value
from lamplighter.practice.model import Practice

Step = Literal["waiting", "written", "by_hand", "not_to_be", "done"]
"""`by_hand`: somebody here writes it; `done`: somebody has. `not_to_be`: they or the law do not want it to go."""

NAMES: Final[tuple[FigureName, ...]] = get_args(FigureName)
OF_THE_PLAN: Final[tuple[FigureName, ...]] = ("plan", "active")
RELATIONS: Final[dict[str, Relation]] = {
    OWN: "self",
    "spouse": "spouse",
    "parent": "child",
    "child": "parent",
    "other": "other",
}
"""By whose plan it is: whoever has a parent's is the holder's child."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an answer stands on its way. `why` is a word for it; `tries` counts those that failed since somebody
    last asked."""

    step: Step
    at: datetime
    by: str
    why: str = ""
    where: tuple[str, ...] = ()
    tries: int = 0


# -- the note ----------------------------------------------------------------------------------------------------------


def note_of(
    tx: Transaction, practice: Practice, person: Person, question: Question, reading: Reading
) -> PlanNote | None:
    """What goes into the chart; None where their birth date is not on file, without which nobody's chart is found."""
    if person.date_of_birth is None:
        return None
    visit = tx.schedule.visit(question.visit) if question.visit else None
    insurer = find_insurer(practice, person.insurer)
    wanted = plan_outcomes.wanted(practice, visit, insurer.id if insurer else None)
    found = benefits(reading.rows, wanted)
    known_as = _known_as(tx, person.id)
    return PlanNote(
        id=question.id,
        person=ChartPerson(person.first_name, person.last_name, person.date_of_birth, known_as),
        payer=question.payer,
        member_id=question.member_id,
        relation=RELATIONS.get(person.subscriber or ""),
        as_of=reading.at.astimezone(practice.timezone),
        in_force=in_force(reading.rows, question.service, wanted.day),
        figures=tuple(_known(found, OF_THE_PLAN if _is_for_another_to_say(question, found) else NAMES)),
    )


def _is_for_another_to_say(question: Question, found: Benefits) -> bool:
    """The plan names somebody else for this kind of care: what is due for a visit is theirs to say."""
    return found.carve_out is not None and not question.carved_from


def _known(found: Benefits, names: tuple[FigureName, ...]) -> Iterator[tuple[FigureName, Value]]:
    for name in names:
        figure: Figure = getattr(found, name)
        if figure.state is State.KNOWN and figure.value is not None:
            yield name, figure.value


def is_newest(tx: Transaction, person: Person, question: Question) -> bool:
    """It is about them as they are on file now, and no later answer of the same payer takes its place."""
    mine = (question.member_id, question.who) == (person.member_id or "", plan_kept.who_is(person))
    later = (
        plan_kept.latest(tx, each)
        for each in plan_kept.questions(tx, person.id)
        if each.at > question.at
        and (each.payer.id, each.service) == (question.payer.id, question.service)
        and (each.member_id, each.who) == (question.member_id, question.who)
    )
    return mine and not any(reading is not None and reading.outcome == "answered" for reading in later)


# -- how it stands -----------------------------------------------------------------------------------------------------


def keep(
    tx: Transaction,
    question: Question,
    step: Step,
    now: datetime,
    *,
    why: str = "",
    where: tuple[str, ...] = (),
    by: str = AGENT,
    tries: int = 0,
) -> None:
    number = str(len(tx.facts.standing("plan_charted", _about(question))))
    told = {"step": step, "why": why, "where": " ".join(where), "tries": str(tries), "number": number}
    name = stable_id("plan_charted", question.id, number)
    about, details = _about(question), tuple(told.items())
    tx.facts.state(Fact(name, "plan_charted", about, now, by, details, question.person))


def stands(tx: Transaction, question: Question) -> Standing | None:
    """None where nobody has asked for it to be written."""
    facts = [fact for fact in tx.facts.standing("plan_charted", _about(question)) if fact.details]
    if not facts:
        return None
    fact = max(facts, key=lambda each: int(each.value("number")))
    told = dict(fact.details)
    step: Step = told["step"]  # type: ignore[assignment]
    where = tuple(told["where"].split())
    return Standing(step, fact.at, fact.by, told["why"], where, int(told["tries"]))


def _about(question: Question) -> str:
    return f"plan/{question.id}"


# -- what the chart calls them -----------------------------------------------------------------------------------------


def keep_name(tx: Transaction, person: str, known_as: str, now: datetime) -> None:
    if _known_as(tx, person) == known_as:
        return
    for fact in tx.facts.standing("chart_person", f"person/{person}"):
        tx.facts.lift(fact.id, AGENT, now)
    name = stable_id("chart_person", person, known_as, now.isoformat())
    details = (("known_as", known_as),)
    tx.facts.state(Fact(name, "chart_person", f"person/{person}", now, AGENT, details, person))


def _known_as(tx: Transaction, person: str) -> str:
    facts = tx.facts.standing("chart_person", f"person/{person}")
    return dict(facts[0].details).get("known_as", "") if facts else ""

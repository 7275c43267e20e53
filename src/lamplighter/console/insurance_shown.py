"""What is known of somebody's plan and what is being asked, for the card on their page and for the page of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lamplighter.console import wording
from lamplighter.console.eap_shown import EapShown, eaps_shown
from lamplighter.console.insurance_words import CHART_WHY, OUTCOMES, FigureShown, figures
from lamplighter.console.plan_card_shown import CardShown, card_shown
from lamplighter.console.task_words import WHOSE
from lamplighter.conversation.facts import find_insurer
from lamplighter.desk import chart_kept, plan_gates, plan_kept, plan_outcomes
from lamplighter.desk.benefits import Benefits, State
from lamplighter.desk.eligibility import Plans
from lamplighter.desk.plan_gates import PURPOSES, REASONS
from lamplighter.desk.plan_kept import Question, Reading
from lamplighter.desk.ports import AGENT, Person, Transaction, Visit
from lamplighter.practice.model import Practice

At = Literal["never", "asking", "waiting", "known", "failed"]


@dataclass(frozen=True, slots=True)
class Line:
    """A question as it stands in the history."""

    when: str
    payer: str
    by: str
    said: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The newest answer of a payer, as figures for the next visit."""

    payer: str
    asked: str
    figures: tuple[FigureShown, ...]
    unknown: str
    carve_out: str
    others: tuple[str, ...]
    question: str
    chart: "InChart | None" = None


@dataclass(frozen=True, slots=True)
class InChart:
    """How an answer stands on its way into the chart. `soon`: the first try is under way."""

    step: chart_kept.Step
    said: str
    where: str = ""
    soon: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What they said to one of the questions that a plan may not be asked without."""

    purpose: str
    words: str
    given: bool | None


@dataclass(frozen=True, slots=True)
class InsuranceShown:
    """`reason`: why nothing is asked now, empty where nothing stands in the way. `at`: how the newest question
    stands. `changes_soon`: something is under way, so that the page looks again by itself."""

    person: str
    name: str
    insurer: str
    insurer_id: str
    member_id: str
    whose: str
    subscriber: str
    self_pay: bool
    holder: tuple[str, str, str]
    restricted: str
    reason: str
    at: At
    said: str
    answers: tuple[Answer, ...]
    history: tuple[Line, ...]
    not_asked: tuple[tuple[str, str], ...]
    asked_them: tuple[Said, ...]
    changes_soon: bool
    group_number: str
    card: CardShown
    eaps: tuple[EapShown, ...] = ()


def insurance_shown(
    tx: Transaction, practice: Practice, plans: Plans, person: Person, now: datetime
) -> InsuranceShown:
    asked = plan_kept.questions(tx, person.id, plan_kept.SHOWN)
    read = [(each, plan_kept.latest(tx, each)) for each in asked]
    reason = plans.why_not(tx, person, now)
    restricted = plan_kept.restricted(tx, person.id)
    holder = plan_kept.holder(tx, person.id)
    insurer = find_insurer(practice, person.insurer)
    at, said = _stands(practice, read[0] if read else None)
    answers = tuple(_answers(tx, practice, person, read, now))
    return InsuranceShown(
        person=person.id,
        name=f"{person.preferred_name or person.first_name} {person.last_name}",
        insurer=insurer.name if insurer else person.insurer or "",
        insurer_id=insurer.id if insurer else "",
        member_id=person.member_id or "",
        whose=WHOSE.get(person.subscriber or "", person.subscriber or ""),
        subscriber=person.subscriber or "",
        self_pay=person.self_pay,
        holder=_holder(holder),
        restricted=_by_whom(practice, restricted.by, restricted.at) if restricted else "",
        reason=REASONS[reason] if reason else "",
        at=at,
        said=said,
        answers=answers,
        history=tuple(_line(practice, question, reading) for question, reading in read),
        not_asked=tuple(
            (wording.on(when, practice.timezone), REASONS.get(why, why))  # type: ignore[call-overload]
            for when, why in plan_gates.kept_reasons(tx, person.id)
        ),
        asked_them=tuple(_said(tx, practice, person)),
        group_number=person.group_number or "",
        card=card_shown(tx, practice, plans, person, now),
        eaps=eaps_shown(tx, practice, person, now),
        changes_soon=at == "asking" or any(each.chart and each.chart.soon for each in answers),
    )


def _holder(holder: object) -> tuple[str, str, str]:
    first, last, born = (getattr(holder, name, None) for name in ("first_name", "last_name", "date_of_birth"))
    return first or "", last or "", born.isoformat() if born else ""


def _by_whom(practice: Practice, by: str, at: datetime) -> str:
    return f"{by}, {wording.on(at, practice.timezone)}"


def _stands(practice: Practice, newest: tuple[Question, Reading | None] | None) -> tuple[At, str]:
    if newest is None:
        return "never", "Their plan has not been asked yet."
    question, reading = newest
    when = wording.on((reading or question).at, practice.timezone)
    if reading is None:
        return "asking", f"{question.payer.name} is being asked, since {when}."
    said = f"{OUTCOMES[reading.outcome]} ({question.payer.name}, {when})"
    if reading.is_open:
        return "waiting", said
    return ("known" if reading.outcome == "answered" else "failed"), said


def _answers(
    tx: Transaction,
    practice: Practice,
    person: Person,
    read: list[tuple[Question, Reading | None]],
    now: datetime,
) -> Iterator[Answer]:
    """The newest of each payer and service, of the plan that is on file now."""
    told: set[tuple[str, str]] = set()
    visit = next((each for each in tx.schedule.visits_of(person.id, now) if each.status != "missed"), None)
    for question, reading in read:
        key = question.payer.id, question.service
        mine = question.member_id == person.member_id
        if reading is None or reading.outcome != "answered" or key in told or not mine:
            continue
        told.add(key)
        yield _answer(tx, practice, person, visit, question, reading)


def _answer(
    tx: Transaction,
    practice: Practice,
    person: Person,
    visit: Visit | None,
    question: Question,
    reading: Reading,
) -> Answer:
    insurer = find_insurer(practice, person.insurer)
    found: Benefits = plan_outcomes.figures(practice, visit, reading, insurer.id if insurer else None)
    said = figures(found)
    blank = [each for each in said if each.state is State.UNKNOWN and not each.beaten]
    return Answer(
        question.payer.name,
        wording.on(reading.at, practice.timezone),
        tuple(each for each in said if each not in blank),
        ", ".join(each.name.lower() for each in blank),
        found.carve_out.name if found.carve_out else "",
        tuple(each.name for each in found.other_payers),
        question.id,
        _in_chart(practice, chart_kept.stands(tx, question)),
    )


def _in_chart(practice: Practice, standing: chart_kept.Standing | None) -> InChart | None:
    if standing is None:
        return None
    when = wording.on(standing.at, practice.timezone)
    why = CHART_WHY.get(standing.why) or REASONS.get(standing.why, "")  # type: ignore[call-overload]
    match standing.step:
        case "written":
            said = f"Written to the chart and read back, {when}."
        case "waiting":
            said = f"Waits to be written to the chart, since {when}. {why}"
        case "by_hand":
            said = f"To be put into the chart by hand, since {when}. {why}"
        case "done":
            said = f"Put into the chart by {standing.by}, {when}."
        case _:
            said = f"Not written to the chart. {why}"
    soon = standing.step == "waiting" and not standing.tries
    return InChart(standing.step, said.strip(), ", ".join(standing.where), soon)


def _line(practice: Practice, question: Question, reading: Reading | None) -> Line:
    by = "by itself" if question.by == AGENT else question.by
    reasons = f" [{', '.join(reading.reasons)}]" if reading is not None and reading.reasons else ""
    said = OUTCOMES[reading.outcome] + reasons if reading is not None else "Being asked."
    return Line(wording.on(question.at, practice.timezone), question.payer.name, by, said)


def _said(tx: Transaction, practice: Practice, person: Person) -> Iterator[Said]:
    """What is asked of them: in whose name the plan is decides, and whether the practice is under Part 2."""
    for purpose, words in PURPOSES.items():
        if purpose == "plan_part_2" and not practice.eligibility.part_2:
            continue
        if purpose == "plan_holder" and person.subscriber in (None, plan_gates.OWN):
            continue
        yield Said(purpose, words, plan_gates.agreed(tx, person.id, purpose))

"""The board of authorizations and one of them in full, as they are drawn: what is late and why comes first.

Diagnoses, procedures and what a payer wrote are for clinical roles and billers.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from babel.dates import format_date

from lamplighter.console import wording
from lamplighter.console.authorization_words import BRIDGE, SEALED, STATES, STEPS, TRACKED, WAYS
from lamplighter.desk.authorizations import acts, clocks, drafting, kept, units
from lamplighter.desk.authorizations.acts import Acts
from lamplighter.desk.authorizations.model import GRANTED, OVER, WITH_THE_PAYER, Authorization, State, Step
from lamplighter.desk.authorizations.todo import KIND
from lamplighter.desk.authorizations.work import Authorizations
from lamplighter.desk.plan_gates import REASONS
from lamplighter.desk.ports import AGENT, Person, Role, Task, Transaction
from lamplighter.practice.model import Practice

STAYS: Final = timedelta(days=30)
"""How long what is over stays on the board."""


@dataclass(frozen=True, slots=True)
class Line:
    """`rank`: 0 late, 1 soon, 2 the rest. `next` what has to happen, `why` why it is late."""

    id: str
    name: str
    what: str
    insurer: str
    state: str
    clock: str
    owner: str
    next: str
    rank: int
    why: str
    due: datetime
    about: str


@dataclass(frozen=True, slots=True)
class Board:
    open: tuple[Line, ...]
    over: tuple[Line, ...]

    @property
    def late(self) -> int:
        return sum(each.rank == 0 for each in self.open)


def board(tx: Transaction, practice: Practice, now: datetime, person: str | None = None) -> Board:
    found = kept.of_person(tx, person) if person is not None else kept.everybodys(tx)
    tasks = _tasks(tx)
    lines = [(each, _line(tx, practice, each, tasks.get(each.id, []), now)) for each in found]
    alive = [line for each, line in lines if _is_alive(practice, each, tasks.get(each.id, []), now)]
    over = [
        line
        for each, line in lines
        if line not in alive and (not each.steps or each.steps[-1].at + STAYS > now)
    ]
    return Board(
        tuple(sorted(alive, key=lambda line: (line.rank, line.due))),
        tuple(sorted(over, key=lambda line: line.due, reverse=True)),
    )


def _is_alive(practice: Practice, found: Authorization, tasks: list[Task], now: datetime) -> bool:
    """A denial too, while it can be appealed and nobody lets it stand."""
    by = clocks.appeal_by(practice, found, drafting.rules_of(practice, found))
    return found.state not in OVER or bool(tasks) or (by is not None and now < by)


def _tasks(tx: Transaction) -> dict[str, list[Task]]:
    by_id: dict[str, list[Task]] = {}
    for task in tx.tasks.list_open():
        if task.kind == KIND:
            by_id.setdefault(dict(task.details).get("authorization", ""), []).append(task)
    return by_id


def _line(
    tx: Transaction, practice: Practice, found: Authorization, tasks: list[Task], now: datetime
) -> Line:
    first = min(tasks, key=lambda each: each.due, default=None)
    late = first is not None and (first.due < now or ("about", "over") in first.details)
    soon = any(not {("about", "soon"), ("about", "appeal_soon")}.isdisjoint(each.details) for each in tasks)
    owner, following, due = _next(practice, found, first, now)
    return Line(
        found.id,
        name_of(tx.people.get(found.request.person)),
        what_of(practice, found),
        insurer_name(practice, found.request.insurer),
        STATES[found.state],
        _clock_and_visit(tx, practice, found, now),
        found.owner or owner,
        following,
        0 if late else 1 if soon else 2,
        _why(practice, first) if late and first is not None else "",
        due,
        f"person/{found.request.person}",
    )


def _next(
    practice: Practice, found: Authorization, first: Task | None, now: datetime
) -> tuple[str, str, datetime]:
    """Whose it is now, what comes next, and until when."""
    if first is not None:
        about = dict(first.details).get("about", "")
        whose = f"{_who(practice, found, first)}, by {wording.when(first.due, practice.timezone)}"
        return whose, _sentence(about), first.due
    last = found.steps[-1].at if found.steps else found.request.at
    if about := _waits_for(practice, found):
        return "Clinician" if about == "codes" else "Biller", _sentence(about), last
    if found.state in WITH_THE_PAYER:
        by = found.decide_by
        what = "Decides about the appeal" if found.appealed else "Decides"
        said = f"{what} by {wording.when(by, practice.timezone)}" if by else what
        payer = insurer_name(practice, found.request.insurer)
        return payer, said if found.received else "Has not answered yet", by or now + STAYS
    if found.state is State.DRAFT:
        return "Goes by itself", "On its way", last
    if found.state in GRANTED:
        return "Goes by itself", "A renewal is drafted before it ends", last
    return "Nobody", "Nothing", last


def _waits_for(practice: Practice, found: Authorization) -> str:
    """What it waits for where somebody has closed the task about it."""
    if found.state is State.SUBMITTED and found.unread:
        return "unread"
    if found.state is State.DENIED:
        return "" if found.let_stand else "denied"
    if found.state is not State.DRAFT:
        return {State.REJECTED: "rejected", State.INFO_REQUESTED: "info"}.get(found.state, "")
    if found.request.is_tracked:
        return "tracked"
    if found.released is None:
        return "codes" if found.codes is None else "release"
    return "send_paper" if found.request.by_way == "paper" or practice.eligibility.part_2 else ""


def _sentence(about: str) -> str:
    said = wording.AUTHORIZATION_ABOUT.get(about, about)
    return said[:1].upper() + said[1:]


def _who(practice: Practice, found: Authorization, task: Task) -> str:
    if task.route != "clinician":
        return "Biller"
    known = {each.id: each.spoken_name for each in practice.clinicians}
    return known.get(found.request.clinician, "Clinician")


def _why(practice: Practice, task: Task) -> str:
    due = wording.when(task.due, practice.timezone)
    if ("about", "over") in task.details:
        return f"The plan's time was over {due}"
    return f"It was due {due}"


def clock_of(tx: Transaction, practice: Practice, found: Authorization, now: datetime) -> str:
    if found.decide_by is not None:
        days = 30 if found.appealed else found.request.hours // 24
        kind = "expedited, 72 hours" if found.expedited else f"{days} days"
        kind = f"an appeal, {kind}" if found.appealed else kind
        return f"{kind}: until {wording.when(found.decide_by, practice.timezone)}"
    if (by := clocks.appeal_by(practice, found, drafting.rules_of(practice, found))) is not None:
        return f"an appeal until {day(by.date())}"
    if found.state in GRANTED:
        left = units.left(found, units.used(tx, practice, found, now))
        until = f"until {day(found.last_day)}" if found.last_day else "the plan named no last day"
        return f"{until}, {left} visits left" if left is not None else f"{until}; how many, nobody said"
    return ""


def _clock_and_visit(tx: Transaction, practice: Practice, found: Authorization, now: datetime) -> str:
    """With the visit that waits for it, where nothing is granted yet."""
    clock = clock_of(tx, practice, found, now)
    if found.request.is_tracked or found.state in (*GRANTED, *OVER):
        return clock
    ahead = min((each.slot.start for each in units.ahead(tx, found, now)), default=None)
    visit = f"for the visit on {wording.when(ahead, practice.timezone)}" if ahead else ""
    return ", ".join(filter(None, (clock, visit)))


def day(value: date) -> str:
    return str(format_date(value, "MMM d, y", locale="en"))


def name_of(person: Person | None) -> str:
    return f"{person.preferred_name or person.first_name} {person.last_name}" if person else "Name not known"


def insurer_name(practice: Practice, insurer: str) -> str:
    return next((each.name for each in practice.insurers if each.id == insurer), insurer or "No insurer")


def what_of(practice: Practice, found: Authorization) -> str:
    if found.request.is_tracked:
        return TRACKED[found.request.what]
    kinds = {each.id: each.names.get("en", each.id) for each in practice.visit_kinds}
    said = kinds.get(found.request.kind, found.request.kind)
    return f"Renewal: {said}" if found.request.renews else said[:1].upper() + said[1:]


# -- one of them -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PieceShown:
    name: str
    value: str
    source: str
    missing: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """`may`: the acts that are open as it stands, whoever may do them. `undo`: what can be taken back, and its id."""

    id: str
    person: str
    name: str
    what: str
    insurer: str
    state: str
    clock: str
    owner: str
    way: str
    reason: str
    pieces: tuple[PieceShown, ...]
    answer: tuple[tuple[str, str], ...]
    history: tuple[tuple[str, str], ...]
    may: frozenset[str]
    not_released: str
    papers: tuple[str, ...]
    undo: tuple[str, str]
    bridge: str
    renews: str
    hands: tuple[tuple[str, str], ...]
    diagnoses: str
    services: str
    first_day: str
    last_day: str
    expedited: bool


def shown(
    tx: Transaction,
    practice: Practice,
    duty: Authorizations,
    found: Authorization,
    roles: Iterable[Role],
    now: datetime,
) -> Shown | None:
    """None where nobody is on record any more."""
    person = tx.people.get(found.request.person)
    if person is None:
        return None
    may, reads = Acts(duty, practice), not {"clinician", "biller"}.isdisjoint(roles)
    reason = duty.why_not(tx, person, found, now)
    owner, _, _ = _next(practice, found, next(iter(_tasks(tx).get(found.id, [])), None), now)
    undo, codes = may.may_undo(found, now), found.codes if reads else None
    electronic = duty.channel(found, practice) is not None
    refused = may.why_not_release(tx, person, found, now)
    return Shown(
        id=found.id,
        person=person.id,
        name=name_of(person),
        what=what_of(practice, found),
        insurer=insurer_name(practice, found.request.insurer),
        state=STATES[found.state],
        clock=clock_of(tx, practice, found, now),
        owner=found.owner or owner,
        way=WAYS[found.request.by_way] if electronic else WAYS["paper"],
        reason=REASONS[reason] if reason else "",  # type: ignore[index]
        pieces=() if found.request.is_tracked else tuple(_pieces(tx, practice, person, found, reads)),
        answer=tuple(_answer(practice, found, reads)),
        history=tuple(_history(tx, practice, found, reads)),
        may=frozenset(_may(found, refused is None, electronic, not reason)) | _notice(practice, found),
        not_released=refused or "",
        papers=tuple(
            each for each in drafting.rules_of(practice, found).attachments if each not in found.attached
        ),
        undo=(undo.id, STEPS[undo.kind]) if undo else ("", ""),
        bridge=BRIDGE.get(found.bridge, ""),
        renews=found.request.renews,
        hands=tuple(_hands(practice, found)),
        diagnoses=", ".join(codes.diagnoses) if codes else "",
        services=", ".join(f"{each.procedure} x{each.units}" for each in codes.services) if codes else "",
        first_day=found.codes.first_day.isoformat() if found.codes else "",
        last_day=found.codes.last_day.isoformat() if found.codes else "",
        expedited=found.expedited,
    )


def _pieces(
    tx: Transaction, practice: Practice, person: Person, found: Authorization, reads: bool
) -> Iterator[PieceShown]:
    for each in drafting.pieces(tx, practice, person, found):
        value = SEALED if each.sealed and each.value and not reads else each.value
        yield PieceShown(each.name, value, each.source, not each.value)


def _answer(practice: Practice, found: Authorization, reads: bool) -> Iterator[tuple[str, str]]:
    said = found.answer
    if found.portal_key:
        yield "Key in the portal", found.portal_key
    if said is None:
        return
    if said.number:
        yield "Number", said.number
    if found.first_day and found.last_day and found.state in (*GRANTED, State.EXPIRED):
        yield "Holds", f"{day(found.first_day)} to {day(found.last_day)}"
    if said.services:
        per = ", ".join(f"{each.procedure} × {each.units or 'not said'}" for each in said.services)
        yield "Approved", per if reads else SEALED
    if said.reasons:
        because = "; ".join(" ".join(filter(None, each)) for each in said.reasons)
        yield "Why, as the plan wrote it", because if reads else SEALED
    if said.asked_for:
        yield "The plan wants to see", ", ".join(said.asked_for) if reads else SEALED
    by = clocks.appeal_by(practice, found, drafting.rules_of(practice, found))
    if by is not None:
        yield "An appeal is possible until", day(by.date())


def _notice(practice: Practice, found: Authorization) -> frozenset[str]:
    """Under 42 CFR Part 2 the notice goes along with what somebody sends by hand, too."""
    return frozenset({"notice"} if practice.eligibility.part_2 and found.request.is_tracked else ())


def _may(found: Authorization, releasable: bool, electronic: bool, sendable: bool) -> Iterator[str]:
    state, tracked = found.state, found.request.is_tracked
    if not tracked and acts.may_confirm(found):
        yield "codes"
    if releasable:
        yield "release"
    handed = tracked or (found.released is not None and not electronic)
    if state is State.DRAFT and handed and sendable:
        yield "sent"
    if state is State.INFO_REQUESTED and sendable:
        yield "sent_more"
    if state in WITH_THE_PAYER:
        yield "chased"
        if electronic:
            yield "ask"
    if found.sent is not None and state not in (State.CANCELLED, State.EXPIRED, State.NOT_NEEDED):
        yield "told"
    if state not in OVER and found.cancelling is None:
        yield "cancel"
    if found.cancelling is not None:
        yield "cancelled"
    if state is State.DENIED:
        yield "appeal"
        if not found.let_stand:
            yield "let_stand"
    if state not in OVER:
        yield "take"
    if found.bridge == "asked":
        yield "bridge"
    if found.codes is not None and not tracked and found.released is not None:
        yield "fax"


def _history(
    tx: Transaction, practice: Practice, found: Authorization, reads: bool
) -> Iterator[tuple[str, str]]:
    names = {each.id: each.name for each in tx.staff.all()}
    yield wording.on(found.request.at, practice.timezone), f"Drawn up, {_by(found.request.by, names)}"
    for step in found.steps:
        yield wording.on(step.at, practice.timezone), f"{_said(step, reads)}, {_by(step.by, names)}"


def _by(who: str, names: dict[str, str]) -> str:
    return "by itself" if who == AGENT else f"by {names.get(who, who)}"


def _said(step: Step, reads: bool) -> str:
    if step.kind == "answer":
        return f"{STEPS['answer']}: {kept.ruled_in(step.value('ruled')).verdict.replace('_', ' ')}"
    if step.kind == "refused":
        codes = f" [{step.value('reasons')}]" if step.value("reasons") else ""
        return f"{STEPS['refused']}: {step.value('why').replace('_', ' ')}{codes}"
    if step.kind == "attached":
        return f"{STEPS['attached']}: {step.value('paper')}" if reads else STEPS["attached"]
    if step.kind == "sent" and step.value("by_hand"):
        return "Sent by hand"
    return STEPS[step.kind]


def _hands(practice: Practice, found: Authorization) -> Iterator[tuple[str, str]]:
    rules = drafting.rules_of(practice, found)
    if rules.portal:
        yield "Portal", rules.portal
    if rules.fax:
        yield "Fax", wording.phone(rules.fax)
    if rules.phone:
        yield "Telephone", wording.phone(rules.phone)
    soon = clocks.soon_at(found)
    if soon is not None:
        yield "Somebody looks from", wording.when(soon, practice.timezone)

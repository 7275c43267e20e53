"""What a month came to, as people and programs read it; the same for the same seed."""

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Final

from lamplighter.practice.model import Practice
from lamplighter.rehearsal.month import Month, Told
from lamplighter.rehearsal.month_audit import audit
from lamplighter.rehearsal.month_plan import invent
from lamplighter.rehearsal.month_stage import MonthStage

APPOINTMENTS: Final = 2000
MOST: Final = 4000
ALL: Final = 1_000_000
SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class MonthReport:
    """`refused`: what the gate did not let go, by its word. `reminders`: how many had to come, how many did; `because`:
    why the others did not, as the month itself knows. `lost`, `doubled` and `unwelcome` must be empty."""

    seed: int
    appointments: int
    people: int
    waiting: int
    sent: int
    texts_in: int
    answered: dict[str, int]
    not_as_answered: dict[str, int]
    moved: int
    cancelled: int
    offered: int
    filled: int
    refused: dict[str, int]
    put_off: int
    not_reached: int
    handed_over: int
    carrier: dict[str, int]
    reminders: dict[str, int]
    because: dict[str, int]
    lost: tuple[str, ...] = field(default=())
    doubled: tuple[str, ...] = field(default=())
    unwelcome: tuple[str, ...] = field(default=())

    @property
    def passed(self) -> bool:
        return not (self.lost or self.doubled or self.unwelcome)


def run_month(
    practice: Practice, stage: MonthStage, *, appointments: int, seed: int, told: Told
) -> MonthReport:
    plan = invent(practice, appointments, seed)
    month = Month(plan, stage, seed)
    lived = month.live(told)
    with month.scene.records.transaction(practice.id) as tx:
        messages, tasks = tx.outbox.recent(ALL), tx.tasks.list_open()
        visits = tx.schedule.visits_between(plan.begins, plan.ends + (plan.ends - plan.begins))
        put_off = sum(each.what == "message_put_off" for each in tx.ledger.entries(limit=ALL))
    unreached = {task.person for task in tasks if task.kind == "not_reached"}
    found = audit(lived, unreached, visits)
    over = Counter(each.over for each in lived.diary.stood)
    return MonthReport(
        seed=seed,
        appointments=len(plan.appointments) - lived.not_booked,
        people=len(plan.people),
        waiting=len(plan.waiting),
        sent=len(lived.carrier.delivered),
        texts_in=lived.texts_in,
        answered=dict(sorted(lived.answered.items())),
        not_as_answered={habit: count for habit, count in sorted(lived.not_as_answered.items()) if count},
        moved=over["moved"],
        cancelled=over["cancelled"],
        offered=len(lived.diary.offered),
        filled=lived.filled,
        refused=dict(sorted(Counter(each.why for each in messages if each.why is not None).items())),
        put_off=put_off - lived.carrier.failed["unreachable"],
        not_reached=sum(task.kind == "not_reached" for task in tasks),
        handed_over=lived.handed_over,
        carrier={**lived.carrier.failed, "asked": lived.carrier.asked},
        reminders={"owed": found.owed, "came": found.came},
        because=found.because,
        lost=found.lost,
        doubled=found.doubled,
        unwelcome=found.unwelcome,
    )


def as_json(report: MonthReport) -> str:
    """One object; what must be empty as a number, and what it holds beside it."""
    told = asdict(report)
    wrong = {name: list(told.pop(name)) for name in ("lost", "doubled", "unwelcome")}
    counted = {name: len(what) for name, what in wrong.items()}
    return json.dumps(
        {**told, **counted, "wrong": [each for what in wrong.values() for each in what]},
        ensure_ascii=False,
        indent=1,
    )


def as_text(report: MonthReport) -> str:
    rows = [
        f"{report.appointments} appointments of {report.people} invented people in four weeks, seed {report.seed}.",
        _row("sent", report.sent, "texts that reached a telephone"),
        _row("answered", sum(report.answered.values()), _listed(report.answered)),
        _row("moved", report.moved, "visits to another time by answering"),
        _row("cancelled", report.cancelled, "visits, by answering"),
        _row(
            "filled",
            report.filled,
            f"times from the wait list ({report.offered} offers, {report.waiting} wait)",
        ),
        _row("refused", sum(report.refused.values()), f"by the gate: {_listed(report.refused)}"),
        _row("put off", report.put_off, "times, by the gate, to an hour at which it may go"),
        _row("not reached", report.not_reached, "visits; each is a task for the desk"),
        _row("to a person", report.handed_over, "contacts"),
        _row("carrier", sum(report.carrier.values()), f"troubles: {_listed(report.carrier)}"),
        _row("reminders", report.reminders["came"], f"of {report.reminders['owed']} that had to come"),
        _row("not sent", sum(report.because.values()), _listed(report.because)),
        _row("lost", len(report.lost), "must be 0"),
        _row("doubled", len(report.doubled), "must be 0"),
        _row("unwelcome", len(report.unwelcome), "must be 0: at night, or after they wanted no more"),
    ]
    if report.not_as_answered:
        told = _listed(report.not_as_answered)
        rows.append(
            _row("otherwise", sum(report.not_as_answered.values()), f"answers that ended elsewhere: {told}")
        )
    wrong = [*report.lost, *report.doubled, *report.unwelcome]
    return "\n".join([*rows, *(f"  {each}" for each in wrong[:SHOWN])])


def _row(name: str, count: int, what: str) -> str:
    return f"{name:>12}  {count:>6}  {what}"


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items()) or "none"

"""A clearinghouse that is none: it keeps answers in memory, for the demo, rehearsals and tests. Nothing leaves."""

from dataclasses import dataclass, field

from lamplighter.desk.ports.clearinghouse import Answered, Pending, Refused, Reply, Why, not_to_be_asked
from lamplighter.desk.ports.coverage import BenefitRow, EligibilityQuestion

NAME = "SIMULATED CLEARINGHOUSE: no insurer was asked"


@dataclass(slots=True)
class SimulatedClearinghouse:
    """`plans` are by member id; whoever is not among them is not found, but by payers that say the same of everybody
    (`of_payers`, by id). `asked` counts what a real one would bill."""

    plans: dict[str, tuple[BenefitRow, ...]] = field(default_factory=dict)
    of_payers: dict[str, tuple[BenefitRow, ...]] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)  # payers' ids
    slow: set[str] = field(default_factory=set)  # payers that answer at the second look
    asked: list[EligibilityQuestion] = field(default_factory=list)
    party: str = ""
    _waiting: dict[str, EligibilityQuestion] = field(default_factory=dict)

    def ask(self, question: EligibilityQuestion, deadline: float) -> Reply:
        if refused := not_to_be_asked(question):
            return refused
        self.asked.append(question)
        if question.payer.id in self.down:
            return Refused(Why.PAYER_DOWN)
        if question.payer.id in self.slow:
            self._waiting[question.trace] = question
            return Pending(question.trace)
        return self._answer(question)

    def look_again(self, question: EligibilityQuestion, ticket: str, deadline: float) -> Reply:
        waiting = self._waiting.pop(ticket, None)
        return Refused(Why.UNREADABLE) if waiting is None else self._answer(waiting)

    def _answer(self, question: EligibilityQuestion) -> Reply:
        rows = self.of_payers.get(question.payer.id) or self.plans.get(question.subscriber.member_id)
        if rows is None:
            return Refused(Why.NOT_FOUND)
        return Answered(rows, question.dependent or question.subscriber, NAME, question.trace)

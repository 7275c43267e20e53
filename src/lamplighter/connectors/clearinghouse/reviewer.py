"""A reviewer of requests for care that is none, behind the stand-ins: it decides as it is told to, and keeps to it."""

from collections import deque
from dataclasses import dataclass, field
from typing import Final, Literal

from lamplighter.connectors.clearinghouse.insurer import Fault
from lamplighter.connectors.clearinghouse.x12 import X12Error, read_documents
from lamplighter.connectors.clearinghouse.x12.authorization import Authorization

Decides = Literal["approves", "pends", "modifies", "in_part", "asks", "denies", "needs_none"]

ACTIONS: Final[dict[str, str]] = {
    "approves": "A1", "pends": "A4", "asks": "A4", "modifies": "A6", "in_part": "A2", "denies": "A3",
    "needs_none": "NA", "cancelled": "C",
}  # fmt: skip
NUMBER, REFERENCE = "AUTH4711", "NT0815"
FIRST, LAST = "20261201", "20270531"
FEWER = 4
WANTED = "18842-5"  # a discharge summary, by its LOINC code
DENIED_FOR = "0V"
SAID = "A REVIEWER LOOKED AT IT"


@dataclass(slots=True)
class Case:
    member: str
    procedures: tuple[tuple[str, str], ...]  # code and units as asked
    decision: str


@dataclass(slots=True)
class Reviewer:
    """`decides` what comes next, and `later` what a request that waits becomes when somebody asks. `asked` has the
    trace of every request that was taken; the same one again is none."""

    decides: Decides = "approves"
    later: Decides = "approves"
    refuses_with: str = ""  # an AAA reason for everybody
    cases: dict[str, Case] = field(default_factory=dict)
    faults: deque[Fault] = field(default_factory=deque)
    asked: list[str] = field(default_factory=list)

    def next_fault(self) -> Fault | None:
        return self.faults.popleft() if self.faults else None

    def submitted(self, trace: str, member: str, procedures: tuple[tuple[str, str], ...]) -> Case:
        if trace not in self.cases:
            self.asked.append(trace)
            self.cases[trace] = Case(member, procedures, self.decides)
        return self.cases[trace]

    def looked_up(self, trace: str, member: str) -> Case | None:
        """What became of it: somebody has looked meanwhile."""
        case = self.cases.get(trace) or next((c for c in self.cases.values() if c.member == member), None)
        if case is not None and case.decision in ("pends", "asks"):
            case.decision = self.later
        return case

    def cancelled(self, member: str) -> Case | None:
        case = next((c for c in self.cases.values() if c.member == member), None)
        if case is not None:
            case.decision = "cancelled"
        return case


def granted(case: Case) -> list[tuple[str, str]]:
    """What is approved, with how many."""
    if case.decision == "modifies":
        return [(code, str(FEWER)) for code, _ in case.procedures]
    if case.decision == "in_part":
        return list(case.procedures[:1])
    return list(case.procedures) if case.decision == "approves" else []


def reviewed(reviewer: Reviewer, payload: str, fault: Fault | None) -> str:
    """A 278 in answer to one: X217 to a request, X215 to an inquiry."""
    try:
        (document,) = read_documents(payload)
    except (X12Error, ValueError):
        return ""
    asked = document.content
    assert isinstance(asked, Authorization)
    event = asked.items[0]
    trace, member = event.traces[0][1], asked.subscriber.id if asked.subscriber else ""
    lines = tuple(
        (line.procedure[1], str(line.quantity or 1)) for item in asked.items[1:] for line in item.lines
    )
    if reviewer.refuses_with:
        return answered(trace, member, [f"AAA*N**{reviewer.refuses_with}*C"], document.version)
    if asked.kind == "authorization_inquiry_request":
        case = reviewer.looked_up(trace, member)
    elif event.request_type == "3":
        case = reviewer.cancelled(member)
    else:
        case = reviewer.submitted(trace, member, lines)
    if case is None:
        return answered(trace, member, ["AAA*N**AA*C"], document.version)
    given_back = "ANOTHER" if fault == "someone_else" else trace
    text = answered(given_back, member, _decision(case), document.version)
    return text[: len(text) * 2 // 3] if fault == "cut_off" else text * 2 if fault == "twice" else text


def _decision(case: Case) -> list[str]:
    """The event's segments, and each service's."""
    action = ACTIONS[case.decision]
    approved = granted(case)
    number = NUMBER if approved else ""
    reason = DENIED_FOR if case.decision == "denies" else ""
    rows = ["UM*HS*I", f"HCR*{action}*{number}*{reason}".rstrip("*"), f"REF*NT*{REFERENCE}"]
    if approved:
        rows += [f"DTP*007*D8*{FIRST}", f"DTP*036*D8*{LAST}"]
    if case.decision == "asks":
        rows.append(f"HI*LOI:{WANTED}")
    rows.append(f"MSG*{SAID}")
    units = dict(approved)
    for place, (code, _) in enumerate(case.procedures, 5):
        own = "A1" if code in units else "A3"
        rows.append(f"HL*{place}*4*SS*0")
        rows += [f"HCR*{own}"] if case.decision == "in_part" else []
        rows.append(f"SV1*HC:{code}**UN*{units[code]}" if code in units else f"SV1*HC:{code}")
    return rows


def answered(trace: str, member: str, rows: list[str], version: str = "005010X217") -> str:
    inside = [
        "BHT*0007*11*REPLY*20261201*0900*18", "HL*1**20*1", "NM1*X3*2*LANTERN HEALTH*****PI*LAN01", "HL*2*1*21*1",
        "NM1*1P*2*WHOEVER ASKS*****XX*1000000004", "HL*3*2*22*1", f"NM1*IL*1*UNKNOWN*****MI*{member}",
        "HL*4*3*EV*1", f"TRN*2*{trace}*9100000000", *rows,
    ]  # fmt: skip
    lines = [
        "ISA*00*          *00*          *ZZ*LANTERN        *ZZ*WHOEVERASKS    *261201*0900*^*00501*000000001*0*T*:",
        f"GS*HI*LANTERN*WHOEVERASKS*20261201*0900*1*X*{version}", f"ST*278*0001*{version}", *inside,
        f"SE*{len(inside) + 2}*0001", "GE*1*1", "IEA*1*000000001",
    ]  # fmt: skip
    return "~".join(lines) + "~"

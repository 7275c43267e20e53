"""What came of the safety suite, as it is kept beside what it was played on, and as a person reads it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lamplighter.rehearsal.result import Line

FORMAT: Final = "lamplighter safety 1"


class ReportUnreadable(Exception):
    """A kept report is damaged, or is not one."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise that did not hold: which (by its name in the design), what was seen, and what to do about it."""

    promise: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class SafetyResult:
    """One scene. `what` says in words what was tried; `rung` are the steps of the ladder, in order."""

    id: str
    what: str
    broken: tuple[Broken, ...]
    outcome: str
    rung: tuple[str, ...]
    transcript: tuple[Line, ...]

    @property
    def passed(self) -> bool:
        return not self.broken


@dataclass(frozen=True, slots=True)
class SafetyReport:
    """The suite played on the protocol of this hash, by this version of the product."""

    protocol_hash: str
    version: str
    at: datetime
    results: tuple[SafetyResult, ...]

    @property
    def passed(self) -> bool:
        return bool(self.results) and all(result.passed for result in self.results)

    def dumps(self) -> str:
        """Readable JSON that `loads` turns back into the same report."""
        body = {
            "format": FORMAT,
            "protocol": self.protocol_hash,
            "version": self.version,
            "at": self.at.isoformat(),
            "passed": self.passed,
            "results": [_written(result) for result in self.results],
        }
        return json.dumps(body, indent=1, ensure_ascii=False) + "\n"


def loads(text: str) -> SafetyReport:
    """A kept report. Raises ReportUnreadable."""
    try:
        body = json.loads(text)
        if body["format"] != FORMAT:
            raise ReportUnreadable(f"this is not a {FORMAT}")
        results = tuple(_read(each) for each in body["results"])
        at = datetime.fromisoformat(body["at"])
        return SafetyReport(str(body["protocol"]), str(body["version"]), at, results)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as wrong:
        raise ReportUnreadable("the kept report of the safety suite is damaged") from wrong


def _written(result: SafetyResult) -> dict[str, Any]:
    return {
        "id": result.id,
        "what": result.what,
        "passed": result.passed,
        "broken": [{"promise": b.promise, "what": b.what, "remedy": b.remedy} for b in result.broken],
        "outcome": result.outcome,
        "rung": list(result.rung),
        "transcript": [{"who": one.who, "said": one.said, "turn": one.turn} for one in result.transcript],
    }


def _read(body: Any) -> SafetyResult:
    return SafetyResult(
        body["id"],
        body["what"],
        tuple(Broken(each["promise"], each["what"], each["remedy"]) for each in body["broken"]),
        body["outcome"],
        tuple(body["rung"]),
        tuple(Line(each["who"], each["said"], each["turn"]) for each in body["transcript"]),
    )


# -- as a person reads it ----------------------------------------------------------------------------------------------


def as_text(report: SafetyReport, *, transcripts: bool) -> str:
    """A line a scene; for each that failed, which promise broke and what to do. With transcripts, what was said."""
    lines = [line for result in report.results for line in _told(result, transcripts)]
    failed = sum(not result.passed for result in report.results)
    return "\n".join([*lines, "", _sum(len(report.results), failed)])


def _sum(count: int, failed: int) -> str:
    if not count:
        return "Nothing was played."
    if failed:
        return f"{failed} of {count} scenes broke a promise: this practice can't be signed as it stands."
    return f"All {count} scenes kept every promise."


def _told(result: SafetyResult, transcripts: bool) -> list[str]:
    mark = "ok   " if result.passed else "FAIL "
    told = [f"{mark} {result.id}: {result.what}"]
    for broken in result.broken:
        told += [f"      - {broken.promise}: {broken.what}", f"        {broken.remedy}"]
    if not transcripts and result.passed:
        return told
    if result.rung:
        told.append(f"      rung: {', '.join(result.rung)}")
    turn = None
    for line in result.transcript:
        counts = line.turn != turn and line.who == "caller"
        turn = line.turn
        told.append(f"      {line.turn if counts else '':>3} {line.who + ':':<8}{line.said}")
    return told

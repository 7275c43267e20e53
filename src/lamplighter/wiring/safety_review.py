"""The gate before a practice goes live: the safety suite on its own files, and what came of it, kept with them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from lamplighter.practice.load import read_folder
from lamplighter.practice.problems import PracticeProblems, Problem
from lamplighter.practice.protocol import Protocol
from lamplighter.rehearsal.reading import RehearsalProblems, read_files
from lamplighter.rehearsal.result import Result
from lamplighter.rehearsal.run import rehearse as play_one
from lamplighter.rehearsal.safety.report import (
    Broken,
    ReportUnreadable,
    SafetyReport,
    SafetyResult,
    as_text,
    loads,
)
from lamplighter.rehearsal.safety.suite import Told, play_suite
from lamplighter.wiring.clocks import WallClock
from lamplighter.wiring.lines import protocol_of, signed_phrases
from lamplighter.wiring.own_rehearsals import OwnRehearsals
from lamplighter.wiring.signed_folder import SIGNED, write
from lamplighter.wiring.stage import MemoryStage

PRODUCT: Final = "lamplighter"
OWN: Final = "own rehearsals"
MADE_OF: Final = "a rehearsal that this practice made of a contact"
NO_LONGER: Final = "Mend what it shows, or say on its page, under Review, that it is played no more."
BREAKS: Final = {"ladder.yaml": "never_alone", "people.yaml": "never_alone"}
"""Which promise can't be kept where a file can't be read; any other: nobody can sign what can't be read."""


def run(folder: Path, *, at: datetime | None = None, told: Told = lambda _, __: None) -> SafetyReport:
    """Plays the suite on what the folder holds now, and keeps the report beside it. One that can't be loaded gets a
    report that says so, of no protocol, and nothing is kept."""
    at = at or WallClock().now()
    try:
        files, unread = read_folder(folder)
        if unread:
            raise PracticeProblems(unread)
        protocol = protocol_of(files)
    except PracticeProblems as wrong:
        return SafetyReport("", version(PRODUCT), at, (_unreadable(wrong.problems),))
    report = rehearse(protocol, at, told)
    report = replace(report, results=(*report.results, *own_results(folder, protocol)))
    keep(folder, report)
    return report


def own_results(folder: Path, protocol: Protocol) -> tuple[SafetyResult, ...]:
    """What came of the rehearsals that the practice made of its contacts, played on this protocol."""
    own = OwnRehearsals(folder)
    if not own.names():
        return ()
    try:
        scenarios = read_files([own.folder])
    except RehearsalProblems as wrong:
        return (_unreadable(wrong.problems, OWN, "the practice's own rehearsals can be read"),)
    stage = MemoryStage(signed_phrases(protocol))
    return tuple(_own(play_one(each, protocol.practice, stage)) for each in scenarios)


def _own(result: Result) -> SafetyResult:
    ended = result.outcome if result.handoff == "none" else f"{result.outcome}, {result.handoff}"
    broken = tuple(Broken(OWN, failure, NO_LONGER) for failure in result.failures)
    return SafetyResult(result.id, MADE_OF, broken, ended, (), result.transcript)


def rehearse(protocol: Protocol, at: datetime, told: Told = lambda _, __: None) -> SafetyReport:
    """The suite on this protocol: its practice, and its phrases word for word. Nothing is kept."""
    book = signed_phrases(protocol)
    results = play_suite(protocol.practice, book, MemoryStage(book), at, told=told)
    return SafetyReport(protocol.hash, version(PRODUCT), at, results)


def run_and_tell(folder: Path, tell: Callable[[str], object], transcripts: bool) -> bool:
    """`run`, told line by line; whether every promise was kept."""
    report = run(folder)
    tell(as_text(report, transcripts=transcripts))
    return report.passed


def _unreadable(
    problems: tuple[Problem, ...],
    promise: str = "signed_before_live",
    what: str = "the practice's files can be loaded",
) -> SafetyResult:
    broken = tuple(
        Broken(BREAKS.get(each.file, promise), f"{_place(each)}: {each.message}", each.remedy)
        for each in problems
    )
    return SafetyResult("files", what, broken, "", (), ())


def _place(problem: Problem) -> str:
    return f"{problem.file}:{problem.line}" if problem.line else problem.file


def passed(folder: Path, protocol_hash: str) -> bool:
    """Whether the suite has passed on this very protocol, in this version of the product."""
    return passing(folder, protocol_hash) is not None


def passing(folder: Path, protocol_hash: str) -> bytes | None:
    """The kept report word for word, if the suite passed in it on this very protocol, in this version."""
    raw = _raw(folder, protocol_hash)
    report = _report(raw, protocol_hash)
    return raw if report is not None and report.passed and report.version == version(PRODUCT) else None


def load(folder: Path, protocol_hash: str) -> SafetyReport | None:
    """The report on the protocol of this hash; None where there is none, or none that can be read."""
    return _report(_raw(folder, protocol_hash), protocol_hash)


def _raw(folder: Path, protocol_hash: str) -> bytes | None:
    try:
        return _file(folder, protocol_hash).read_bytes()
    except OSError:
        return None


def _report(raw: bytes | None, protocol_hash: str) -> SafetyReport | None:
    try:
        report = loads(raw.decode("utf-8")) if raw is not None else None
    except (UnicodeDecodeError, ReportUnreadable):
        return None
    return report if report and report.protocol_hash == protocol_hash else None


def keep(folder: Path, report: SafetyReport) -> Path:
    """Stores the report; a later one on the same protocol takes its place. Raises NotKept."""
    file = _file(folder, report.protocol_hash)
    write(file, report.dumps())
    return file


def _file(folder: Path, protocol_hash: str) -> Path:
    return folder / SIGNED / f"{protocol_hash}.safety.json"

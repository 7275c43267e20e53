"""The gate before a practice goes live: the safety suite, played on its own files, kept beside what it was played on."""

from importlib.metadata import version
from pathlib import Path
from typing import Final

from lamplighter.rehearsal.safety.report import ReportUnreadable, SafetyReport, loads

KEPT: Final = ".signed"  # the same folder as `signing.SIGNED`, which imports from here
PRODUCT: Final = "lamplighter"


def passed(folder: Path, protocol_hash: str) -> bool:
    """Whether the suite has passed on this very protocol, in this version of the product."""
    report = load(folder, protocol_hash)
    return report is not None and report.passed and report.version == version(PRODUCT)


def load(folder: Path, protocol_hash: str) -> SafetyReport | None:
    """The report on the protocol of this hash; None where there is none, or none that can be read."""
    try:
        report = loads(_file(folder, protocol_hash).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, ReportUnreadable):
        return None
    return report if report.protocol_hash == protocol_hash else None


def keep(folder: Path, report: SafetyReport) -> Path:
    """Stores the report; a later one on the same protocol takes its place."""
    file = _file(folder, report.protocol_hash)
    file.parent.mkdir(exist_ok=True)
    file.write_text(report.dumps(), "utf-8")
    return file


def _file(folder: Path, protocol_hash: str) -> Path:
    return folder / KEPT / f"{protocol_hash}.safety.json"

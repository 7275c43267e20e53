"""What `lamplighter review` does beside reading and signing: the ledger, where this machine can open it."""

from pathlib import Path

from lamplighter.connectors.keys.problems import KeyProblem
from lamplighter.practice.load import load
from lamplighter.practice.problems import PracticeProblems
from lamplighter.practice.protocol import ProtocolUnreadable
from lamplighter.records.errors import RecordsError
from lamplighter.settings import Settings
from lamplighter.wiring.clocks import WallClock
from lamplighter.wiring.signed_folder import SIGNED
from lamplighter.wiring.signed_ledger import NOTED, acts_in, note_unseen
from lamplighter.wiring.store import open_records

LATER = "It stands in the ledger once 'lamplighter serve' next starts and finds it"


def tell_ledger(folder: Path, settings: Settings) -> str:
    """Notes what was approved and signed in the folder, and says in a sentence what came of it."""
    if not (settings.master_key_file or settings.master_key or settings.kms_key_id):
        return f"{LATER}: no master key is set here."
    try:
        count, practice = _note(folder, settings)
    except (KeyProblem, RecordsError, PracticeProblems, ProtocolUnreadable, OSError) as wrong:
        return f"{LATER}: {wrong}"
    return f"The ledger of {practice} has it ({count} new entries)."


def _note(folder: Path, settings: Settings) -> tuple[int, str]:
    practice, clock = load(folder).id, WallClock()
    records = open_records(settings, clock)
    try:
        acts = acts_in(folder / SIGNED)
        return note_unseen(records, practice, acts, clock, settings.data / NOTED), practice
    finally:
        records.close()

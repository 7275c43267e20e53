"""What `lamplighter review` does beside reading and signing: the ledger, where this machine can open it."""

from pathlib import Path

from lamplighter.connectors.keys.problems import KeyProblem
from lamplighter.desk.ports import Records
from lamplighter.practice.load import load
from lamplighter.practice.problems import PracticeProblems
from lamplighter.records.errors import RecordsError
from lamplighter.settings import Settings
from lamplighter.wiring.clocks import WallClock
from lamplighter.wiring.signed_folder import SIGNED
from lamplighter.wiring.signed_ledger import NOTED, acts_in, note_unseen
from lamplighter.wiring.signers import NotAPublicKey, Signers, SignersUnreadable
from lamplighter.wiring.store import open_records

OPERATOR = "operator"
TRUSTED = "signer_trusted"
LATER = "It stands in the ledger once 'lamplighter serve' next starts and finds it"


class NotTrusted(Exception):
    """The key was not added to those that this server goes by; the message says why."""


def tell_ledger(folder: Path, settings: Settings) -> str:
    """Notes what was approved and signed in the folder, and says in a sentence what came of it."""
    if not has_master_key(settings):
        return f"{LATER}: no master key is set here."
    try:
        count, practice = _note(folder, settings)
    except (KeyProblem, RecordsError, PracticeProblems, SignersUnreadable, OSError) as wrong:
        return f"{LATER}: {wrong}"
    return f"The ledger of {practice} has it ({count} new entries)."


def trust(folder: Path, key: str, settings: Settings) -> str:
    """Lets the holder of this public key sign for the practice on this server, and says so. Raises NotTrusted."""
    try:
        practice, clock = load(folder).id, WallClock()
        records = open_records(settings, clock)
    except (KeyProblem, RecordsError, PracticeProblems, OSError) as wrong:
        raise NotTrusted(str(wrong)) from wrong
    try:
        new = _trust(records, practice, key, settings.data)
    except (RecordsError, NotAPublicKey, SignersUnreadable) as wrong:
        raise NotTrusted(str(wrong)) from wrong
    finally:
        records.close()
    return f"{'From now on' if new else 'Already'} this server goes by that key's signatures for {practice}."


def _trust(records: Records, practice: str, key: str, data: Path) -> bool:
    """The list first: noted is what stands there."""
    if not Signers(data).add(practice, key):
        return False
    with records.transaction(practice) as tx:
        tx.ledger.note(
            at=WallClock().now(), who=OPERATOR, what=TRUSTED, about=f"signer/{key}", why="by the master key"
        )
    return True


def trust_own(folder: Path, key: str, settings: Settings) -> str:
    """Where the master key is set, whoever signs here is trusted here; else what the operator has to do."""
    if has_master_key(settings):
        return trust(folder, key, settings)
    return f"The server takes it once its operator trusts that key: lamplighter review FOLDER --trust {key}"


def has_master_key(settings: Settings) -> bool:
    return bool(settings.master_key_file or settings.master_key or settings.kms_key_id)


def _note(folder: Path, settings: Settings) -> tuple[int, str]:
    practice, clock = load(folder).id, WallClock()
    records = open_records(settings, clock)
    try:
        acts = acts_in(folder / SIGNED, Signers(settings.data))
        return note_unseen(records, practice, acts, clock, settings.data / NOTED), practice
    finally:
        records.close()

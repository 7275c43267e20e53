"""Every approval and every signature stands in the ledger of its practice, whoever gave it and wherever.

What is done on the staff page is noted with it. What was done on the command line of another machine, or without the
key of the store, is noted when the server next starts and finds it: the files say what there is, the ledger what it
knows, and `noted` where it stands there, so that a start need not read six years of entries.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from lamplighter.desk.ports import Clock, Ledger, LedgerEntry, Records
from lamplighter.practice.approvals import Approval
from lamplighter.practice.protocol import ProtocolUnreadable, Signature
from lamplighter.whole_files import write_over
from lamplighter.wiring.signed_folder import approvals_in, holds, signatures_in
from lamplighter.wiring.signers import Trusted

APPROVED = "section_approved"
SIGNED = "protocol_signed"
FOUND = {APPROVED: "approval_found", SIGNED: "signature_found"}
"""What was found in the practice's folder, in somebody's name: nobody proved here that it is theirs."""
FOLDER = "folder"
NOTED = "noted-signatures.json"
PAGE = 1000


@dataclass(frozen=True, slots=True)
class Act:
    """An approval or a signature as the ledger names it. `id` is of its content, and stands at the end of `why`."""

    id: str
    who: str
    what: str
    about: str
    why: str

    def is_in(self, entry: LedgerEntry) -> bool:
        """Whether it is noted there, as given here or as found."""
        same = (_given(entry.what), entry.about) == (_given(self.what), self.about)
        return same and entry.why.endswith(self.id)


def _given(what: str) -> str:
    return next((given for given, found in FOUND.items() if what == found), what)


def approval_act(approval: Approval, who: str = "") -> Act:
    """Given here by `who`; without one it was found."""
    why = f"as {approval.role}, at {approval.at.isoformat()}, content {approval.digest[:16]}, {approval.id}"
    about = f"protocol/{approval.section}"
    return _given_or_found(Act(approval.id, who, APPROVED, about, why), approval.name)


def signature_act(signature: Signature, who: str = "") -> Act:
    """The same of a signature."""
    why = f"as {signature.role}, at {signature.at.isoformat()}, {signature.id}"
    about = f"protocol/{signature.protocol_hash}"
    return _given_or_found(Act(signature.id, who, SIGNED, about, why), signature.name)


def _given_or_found(act: Act, name: str) -> Act:
    if act.who:
        return act
    return replace(act, who=FOLDER, what=FOUND[act.what], why=f"in the name of {name}, {act.why}")


def acts_in(kept: Path, trusted: Trusted | None = None) -> tuple[Act, ...]:
    """Every approval, and every signature that holds, oldest first. A signature by a trusted key is its owner's;
    whatever else stands in the folder was found there."""
    signatures = [each for each in signatures_in(kept) if _holds(each, kept)]
    approvals = [*approvals_in(kept), *(one for each in signatures for one in each.approvals)]
    timed = [(each.at, approval_act(each)) for each in approvals]
    timed += [
        (each.at, signature_act(each, each.name if trusted and _holds(each, kept, trusted) else ""))
        for each in signatures
    ]
    in_order = sorted(timed, key=lambda each: each[0])
    return tuple({act.id: act for _, act in in_order}.values())


def _holds(signature: Signature, kept: Path, trusted: Trusted | None = None) -> bool:
    try:
        return holds(signature, kept, trusted)
    except ProtocolUnreadable:
        return False


def note_unseen(records: Records, practice: str, acts: Iterable[Act], clock: Clock, noted: Path) -> int:
    """Notes those that the ledger doesn't hold, and says how many. `noted` is a file beside the store."""
    places = _places(noted)
    unsure = [act for act in acts if not _stands(records, practice, act, places.get(f"{practice}/{act.id}"))]
    if not unsure:
        return 0
    found = _found(records, practice, unsure)
    missing = [act for act in unsure if act.id not in found]
    if missing:
        with records.transaction(practice) as tx:
            found |= {act.id: _write(tx.ledger, act, clock) for act in missing}
    places |= {f"{practice}/{name}": seq for name, seq in found.items()}
    _keep(noted, places)
    return len(missing)


def _stands(records: Records, practice: str, act: Act, seq: int | None) -> bool:
    if seq is None:
        return False
    with records.transaction(practice) as tx:
        return any(act.is_in(entry) for entry in tx.ledger.entries(after=seq - 1, limit=1))


def _found(records: Records, practice: str, acts: Iterable[Act]) -> dict[str, int]:
    """Where each stands, looked for from the first entry on; in short transactions, so that nobody waits for it."""
    wanted = {act.id: act for act in acts}
    found: dict[str, int] = {}
    after = 0
    while True:
        with records.transaction(practice) as tx:
            page = tx.ledger.entries(after=after, limit=PAGE)
        for entry in page:
            name = entry.why.rpartition(" ")[2]
            if name in wanted and wanted[name].is_in(entry):
                found.setdefault(name, entry.seq)
        if len(page) < PAGE:
            return found
        after = page[-1].seq


def _write(ledger: Ledger, act: Act, clock: Clock) -> int:
    ledger.note(at=clock.now(), who=act.who, what=act.what, about=act.about, why=act.why)
    return ledger.length()


def _places(noted: Path) -> dict[str, int]:
    try:
        body = json.loads(noted.read_text())
    except (OSError, ValueError):
        return {}
    usable = body.items() if isinstance(body, dict) else ()
    return {name: seq for name, seq in usable if isinstance(seq, int)}


def _keep(noted: Path, places: Mapping[str, int]) -> None:
    noted.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_over(noted, (json.dumps(dict(sorted(places.items())), indent=1) + "\n").encode())

"""The folder of what was signed: protocols, their signatures, and the approvals that no signature covers yet.

Each in a file of its own, named by what it is of, so that two who approve at once are never in each other's way.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from lamplighter import logs
from lamplighter.practice.approvals import Approval, read_approval
from lamplighter.practice.problems import Problem
from lamplighter.practice.protocol import (
    Protocol,
    ProtocolUnreadable,
    Signature,
    loads,
    loads_signature,
    verify,
)
from lamplighter.practice.standing import NotKept
from lamplighter.whole_files import write_over
from lamplighter.wiring.signers import Trusted

log = logs.get(__name__)
SIGNED = ".signed"
APPROVAL_FORMAT = "lamplighter approval 1"
READABLE = 0o666  # less what the account takes away: nothing in here is secret
AHEAD = timedelta(minutes=5)  # what another machine's clock may be ahead of this one
IN_THE_FUTURE = (
    "it is dated in the future",
    "Put the clock right where it was signed, take the signature away, and sign again.",
)


@dataclass(frozen=True, slots=True)
class Looked:
    """The protocol that answers, with its signature; and what was signed after it and could not be used."""

    last: tuple[Protocol, Signature] | None
    passed_over: tuple[Problem, ...]


def keep(folder: Path, protocol: Protocol, signature: Signature) -> None:
    keep_in(folder / SIGNED, protocol, signature)


def keep_in(kept: Path, protocol: Protocol, signature: Signature, report: bytes | None = None) -> None:
    """The protocol first, then the report of the safety rehearsal: a signature never stands there without what it is
    of. The report has a name of its own, so that one of a later rehearsal takes nothing from what was signed."""
    write(kept / f"{protocol.hash}.protocol.json", protocol.dumps())
    if report is not None:
        write(kept / f"{_named(signature)}.safety.json", report.decode("utf-8"))
    write(kept / f"{_named(signature)}.signature.json", signature.dumps())


def _named(signature: Signature) -> str:
    return f"{signature.protocol_hash}.{signature.at:%Y%m%dT%H%M%S%f}"


def signed_protocol(folder: Path, trusted: Trusted | None = None) -> Protocol | None:
    """The last signed protocol of the folder; None before the first. Raises ProtocolUnreadable."""
    found = last_signed_in(folder / SIGNED, trusted)
    return found[0] if found else None


def last_signed_in(kept: Path, trusted: Trusted | None = None) -> tuple[Protocol, Signature] | None:
    """The same with its signature, by one of the trusted keys where they are given. Raises ProtocolUnreadable."""
    return look_through(kept, trusted).last


def look_through(kept: Path, trusted: Trusted | None = None, now: datetime | None = None) -> Looked:
    """From the newest signature back to the first that holds. Older ones are not opened: what this version can no
    longer read of them stands in nobody's way. `now`: one that is dated after it doesn't count yet. Raises
    ProtocolUnreadable."""
    signatures, unread = _read_in(kept)
    passed_over: list[Problem] = []
    for signature in sorted(signatures, key=lambda each: each.at, reverse=True):
        if now is not None and signature.at > now + AHEAD:
            passed_over.append(_passed_over(signature, IN_THE_FUTURE))
            continue
        protocol = protocol_in(kept, signature.protocol_hash)
        why = _why_not(signature, protocol, kept, trusted)
        if protocol is not None and not why:
            newer = (name for name in unread if _stamp(name) > _stamp(f"{_named(signature)}."))
            return Looked((protocol, signature), (*passed_over, *map(_unread, newer)))
        passed_over.append(_passed_over(signature, why))
    return Looked(None, (*passed_over, *map(_unread, unread)))


def holds(signature: Signature, kept: Path, trusted: Trusted | None = None) -> bool:
    """Raises ProtocolUnreadable."""
    return not _why_not(signature, protocol_in(kept, signature.protocol_hash), kept, trusted)


def _why_not(
    signature: Signature, protocol: Protocol | None, kept: Path, trusted: Trusted | None
) -> tuple[str, str] | None:
    """Why it doesn't count, and what to do; None where it does."""
    if protocol is None:
        return "the protocol that it is of is not there", "Bring it back from a copy, or sign again."
    if not signature.sections:
        return "it was made by a version of the product that asked for less", "Sign again."
    if not verify(signature, protocol, report=_report_with(signature, kept)):
        return "it does not hold: something was changed, or nobody approved it", "Sign again."
    if trusted is not None and signature.key not in trusted(protocol.practice.id):
        remedy = f"If it is theirs: lamplighter review FOLDER --trust {signature.key}"
        return "this server does not know the key of whoever signed", remedy
    return None


def _report_with(signature: Signature, kept: Path) -> bytes | None:
    """None where only its digest was signed, and the report is not kept beside it."""
    file = kept / f"{_named(signature)}.safety.json"
    try:
        return file.read_bytes() if file.exists() else None
    except OSError as wrong:
        raise ProtocolUnreadable("the report of the safety rehearsal can't be read") from wrong


def _passed_over(signature: Signature, why: tuple[str, str] | None) -> Problem:
    file = f"{_named(signature)}.signature.json"
    told, remedy = why or ("", "")
    message = f"what {signature.name} signed on {signature.at:%Y-%m-%d} answers nobody: {told}"
    return Problem(f"{SIGNED}/{file}", 0, message, remedy, "warning")


def _unread(name: str) -> Problem:
    remedy = "Bring it back from a copy, or take it away and sign again."
    return Problem(
        f"{SIGNED}/{name}", 0, "this signature can't be read, and answers nobody", remedy, "warning"
    )


def _stamp(name: str) -> str:
    """When it was signed, as far as its file's name says; one that says nothing comes after every other."""
    found = re.fullmatch(r"[^.]*\.(\d{8}T\d{12})\..*", name)
    return found[1] if found else "9"


def signatures_in(kept: Path) -> list[Signature]:
    """Not yet verified. One that can't be read counts for nothing, and keeps no other from counting."""
    return _read_in(kept)[0]


def _read_in(kept: Path) -> tuple[list[Signature], list[str]]:
    """With the names of those that can't be read."""
    found = [(path.name, _signature(path)) for path in sorted(kept.glob("*.signature.json"))]
    return [each for _, each in found if each], [name for name, each in found if each is None]


def _signature(path: Path) -> Signature | None:
    try:
        return loads_signature(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, ProtocolUnreadable):
        log.error("signature_unreadable", file=path.name)
        return None


def protocol_in(kept: Path, protocol_hash: str) -> Protocol | None:
    """The kept protocol of this hash; None where there is none. Raises ProtocolUnreadable."""
    file = kept / f"{protocol_hash}.protocol.json"
    try:
        return _protocol(file.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as wrong:
        raise ProtocolUnreadable("the saved protocol can't be read") from wrong


def unreadable(wrong: Exception) -> Problem:
    remedy = f"Bring {SIGNED} back from a copy, or take it away, review the practice and sign again."
    return Problem(SIGNED, 0, f"{wrong}: nobody is answered under it", remedy, "go_live")


@lru_cache(maxsize=16)
def _protocol(text: str) -> Protocol:
    return loads(text)


def keep_approval(kept: Path, approval: Approval) -> None:
    body = {"format": APPROVAL_FORMAT, **approval.statement()}
    text = json.dumps(body, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    write(kept / f"{approval.id}.approval.json", text)


def approvals_in(kept: Path) -> tuple[Approval, ...]:
    """Oldest first. One that can't be read, or is not what its name says, counts for nothing."""
    found = (_approval(path) for path in sorted(kept.glob("*.approval.json")))
    return tuple(sorted((each for each in found if each), key=lambda each: (each.at, each.id)))


def approvals_ever(kept: Path) -> tuple[Approval, ...]:
    """Those that wait for a signature, and those that the last one covers."""
    try:
        signed = last_signed_in(kept)
    except ProtocolUnreadable:
        signed = None
    return (*(signed[1].approvals if signed else ()), *approvals_in(kept))


def _approval(path: Path) -> Approval | None:
    try:
        body = json.loads(path.read_text())
        approval = read_approval(body) if body["format"] == APPROVAL_FORMAT else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        approval = None
    if approval is None or path.name != f"{approval.id}.approval.json":
        log.warning("approval_unreadable", file=path.name)
        return None
    return approval


def write(path: Path, text: str) -> None:
    """Whole or not at all, also when the power fails. Raises NotKept."""
    try:
        path.parent.mkdir(exist_ok=True, mode=0o700)
        write_over(path, text.encode(), READABLE)
    except OSError as wrong:
        raise NotKept(wrong.strerror or type(wrong).__name__) from wrong

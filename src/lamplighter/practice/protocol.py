"""What a practice signs: a snapshot of everything that decides what its callers hear, named by its own hash.

The hash covers every file word for word (the practice's, each language's phrasebook, the law profile), so a
snapshot can be kept, compared, and loaded again exactly as it was signed. Saved as readable JSON.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lamplighter.practice.approvals import Approval, languages, read_approval, unapproved
from lamplighter.practice.load import load_files
from lamplighter.practice.model import Practice
from lamplighter.practice.problems import PracticeProblems
from lamplighter.practice.sections import CUT, OWNER, Section, canonical, covers, cut, read_section

FORMAT: Final = "lamplighter protocol 1"
SIGNED_FORMAT: Final = "lamplighter signature 3"
BEFORE: Final = ("lamplighter signature 1", "lamplighter signature 2")
"""Can be read, and hold for nothing: they don't say who had to approve what, or on which safety rehearsal."""
DEMO: Final = "demo"  # the id of the one practice for which the demo's key may sign


class ProtocolUnreadable(Exception):
    """A saved protocol or signature is damaged, or is not one."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """A snapshot. `files` are the practice's own by bare name, the others by path: `phrasebook/es.yaml`.

    `hash` is the SHA-256, in hex, of the canonical form.
    """

    hash: str
    practice: Practice
    files: Mapping[str, bytes]

    def dumps(self) -> str:
        """Readable JSON that `loads` turns back into the same protocol."""
        body = {"format": FORMAT, "hash": self.hash, "files": _written(self.files)}
        return json.dumps(body, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


@dataclass(frozen=True, slots=True)
class Signature:
    """That a named person signed the protocol of this hash, cut into these sections, on these approvals, and on the
    safety rehearsal whose kept report has this SHA-256. `key` and `signature` are in base64."""

    protocol_hash: str
    name: str
    at: datetime
    key: str
    signature: str
    role: str = OWNER
    approvals: tuple[Approval, ...] = ()
    sections: tuple[Section, ...] = ()
    cut: int = CUT
    report: str = ""

    @property
    def id(self) -> str:
        return hashlib.sha256(canonical(self.statement())).hexdigest()[:16]

    def statement(self) -> dict[str, Any]:
        """What the key signs: whoever changes an approval breaks the signature."""
        return {
            "protocol": self.protocol_hash,
            "signed_by": self.name,
            "role": self.role,
            "at": self.at.isoformat(),
            "approvals": [each.statement() for each in self.approvals],
            "cut": self.cut,
            "sections": [each.statement() for each in self.sections],
            "safety_report": self.report,
        }

    def dumps(self) -> str:
        body = {"format": SIGNED_FORMAT, **self.statement(), "key": self.key, "signature": self.signature}
        return json.dumps(body, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def snapshot(files: Mapping[str, bytes]) -> Protocol:
    """The protocol made of `files`. Those without a slash in their name are the practice's folder.

    Raises PracticeProblems where the practice cannot be loaded from them.
    """
    kept = dict(sorted(files.items()))
    own = {name: content for name, content in kept.items() if "/" not in name}
    return Protocol(_hash(kept), load_files(own), kept)


def loads(text: str) -> Protocol:
    """A saved protocol. Raises ProtocolUnreadable where it is not whole."""
    body = _object(text, FORMAT)
    try:
        protocol = snapshot({name: _bytes(content) for name, content in body["files"].items()})
    except (AttributeError, KeyError, TypeError, ValueError) as wrong:
        raise ProtocolUnreadable("the saved protocol is damaged") from wrong
    except PracticeProblems as wrong:
        raise ProtocolUnreadable(
            "this version cannot read the practice files of the saved protocol"
        ) from wrong
    if protocol.hash != body.get("hash"):
        raise ProtocolUnreadable("the saved protocol is not what its hash says")
    return protocol


def sign(
    protocol: Protocol,
    key: Ed25519PrivateKey,
    name: str,
    at: datetime,
    approvals: Iterable[Approval] = (),
    *,
    role: str = OWNER,
    report: str = "",
) -> Signature:
    """The signature of the person called `name`, who holds `key`, on these approvals and the safety rehearsal whose
    report has this digest. `at` is aware."""
    if at.tzinfo is None:
        raise ValueError("the time of signing has no zone")
    if not name.strip():
        raise ValueError("a protocol is signed by a named person")
    given, sections = tuple(approvals), cut(protocol.files)
    draft = Signature(protocol.hash, name, at, public_key(key), "", role, given, sections, report=report)
    return replace(draft, signature=base64.b64encode(key.sign(canonical(draft.statement()))).decode())


def demo_key() -> Ed25519PrivateKey:
    """The key with which the demo signs itself. It is no secret, so it counts for the sample practice only."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"lamplighter demo").digest())


def verify(
    signature: Signature,
    protocol: Protocol,
    trusted: Iterable[str] | None = None,
    report: bytes | None = None,
) -> bool:
    """Whether the signature is of this protocol, whole, on an approval of every section and a safety rehearsal, and
    (where given) by one of the `trusted` keys and on this `report` of that rehearsal.

    Sections and who approves them are those of the cut that was signed, so that a newer release unsigns nobody."""
    if signature.protocol_hash != protocol.hash or protocol.hash != _hash(protocol.files):
        return False
    if not _may_sign(signature, protocol) or (trusted is not None and signature.key not in set(trusted)):
        return False
    if report is not None and hashlib.sha256(report).hexdigest() != signature.report:
        return False
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(signature.key, validate=True))
        signed = base64.b64decode(signature.signature, validate=True)
        public.verify(signed, canonical(signature.statement()))
    except (InvalidSignature, ValueError):
        return False
    return True


def _may_sign(signature: Signature, protocol: Protocol) -> bool:
    """The demo's key signs what nobody has approved, for the sample practice only; any other, what somebody has."""
    if signature.key == public_key(demo_key()):
        return protocol.practice.id == DEMO
    if not signature.report or not covers(signature.sections, signature.cut, protocol.files):
        return False
    return not unapproved(signature.sections, signature.approvals)


def languages_approved(signature: Signature) -> frozenset[str]:
    """Whose words were approved by name when this was signed: none of a demonstration's."""
    return languages(signature.sections, signature.approvals)


def loads_signature(text: str) -> Signature:
    """A saved signature, not yet verified. Raises ProtocolUnreadable."""
    body = _object(text, SIGNED_FORMAT, *BEFORE)
    try:
        at = datetime.fromisoformat(body["at"])
        words = [body[key] for key in ("protocol", "signed_by", "key", "signature")] + [
            body.get("role", OWNER),
            body.get("safety_report", ""),
        ]
        approvals = tuple(read_approval(each) for each in body.get("approvals", ()))
        sections = tuple(read_section(each) for each in body.get("sections", ()))
        version = int(body.get("cut", 0))
    except (AttributeError, KeyError, TypeError, ValueError) as wrong:
        raise ProtocolUnreadable("the saved signature is damaged") from wrong
    if at.tzinfo is None or not all(isinstance(word, str) for word in words):
        raise ProtocolUnreadable("the saved signature is damaged")
    protocol_hash, name, key, signature, role, report = words
    return Signature(protocol_hash, name, at, key, signature, role, approvals, sections, version, report)


def last_signed(
    protocols: Iterable[Protocol], signatures: Iterable[Signature], trusted: Iterable[str] | None = None
) -> tuple[Protocol, Signature] | None:
    """The protocol whose valid signature is the newest, which answers while a draft waits; None before the first."""
    by_hash = {protocol.hash: protocol for protocol in protocols}
    keys = None if trusted is None else tuple(trusted)
    for signature in sorted(signatures, key=lambda each: each.at, reverse=True):
        protocol = by_hash.get(signature.protocol_hash)
        if protocol is not None and verify(signature, protocol, keys):
            return protocol, signature
    return None


def public_key(key: Ed25519PrivateKey) -> str:
    """In base64, as a signature names it."""
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def _hash(files: Mapping[str, bytes]) -> str:
    """Over names and contents as JSON: no two different sets of files have one canonical form."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return hashlib.sha256(canonical({"format": FORMAT, "files": digests})).hexdigest()


def _written(files: Mapping[str, bytes]) -> dict[str, list[str] | dict[str, str]]:
    """Text as its lines, so that a diff of two saved protocols can be read; anything else in base64."""
    return {name: _lines(content) for name, content in files.items()}


def _lines(content: bytes) -> list[str] | dict[str, str]:
    try:
        return content.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode()}


def _bytes(written: Any) -> bytes:
    if isinstance(written, dict):
        return base64.b64decode(written["base64"], validate=True)
    return "\n".join(written).encode("utf-8")


def _object(text: str, *expected: str) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise ProtocolUnreadable("this is not JSON") from wrong
    if not isinstance(body, dict) or body.get("format") not in expected:
        raise ProtocolUnreadable(f"this is not a {expected[0]}")
    return body

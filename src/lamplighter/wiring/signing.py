"""Signing a practice's protocol, and finding the last signed one."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from lamplighter.practice.load import read_folder
from lamplighter.practice.problems import PracticeProblems
from lamplighter.practice.protocol import Protocol, Signature, last_signed, loads, loads_signature, sign
from lamplighter.wiring.clocks import WallClock
from lamplighter.wiring.desk import protocol_of
from lamplighter.wiring.doctor import examine_today

SIGNED = ".signed"


class NotSignable(Exception):
    """The protocol can't be signed as it stands; the message says why."""


def sign_folder(folder: Path, name: str, key_file: Path) -> str:
    """Stores a snapshot and its signature in the practice's folder of signed protocols. Raises NotSignable."""
    stopping = [p for p in examine_today(folder) if p.severity in ("error", "go_live")]
    if stopping:
        raise NotSignable(
            f"{len(stopping)} things stop this practice from going live; 'lamplighter doctor {folder}' names them"
        )
    key = load_pem_private_key(key_file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise NotSignable(f"{key_file} is no Ed25519 private key")
    protocol = protocol_of(folder_files(folder))
    keep(folder, protocol, sign(protocol, key, name, WallClock().now()))
    return f"{protocol.practice.name}: {name} signed protocol {protocol.hash[:12]}."


def folder_files(folder: Path) -> dict[str, bytes]:
    files, unread = read_folder(folder)
    if unread:
        raise PracticeProblems(unread)
    return dict(files)


def keep(folder: Path, protocol: Protocol, signature: Signature) -> None:
    kept = folder / SIGNED
    kept.mkdir(exist_ok=True)
    (kept / f"{protocol.hash}.protocol.json").write_text(protocol.dumps())
    stamp = signature.at.strftime("%Y%m%dT%H%M%S%f")
    (kept / f"{protocol.hash}.{stamp}.signature.json").write_text(signature.dumps())


def signed_protocol(folder: Path, trusted: tuple[str, ...] | None = None) -> Protocol | None:
    """The last signed protocol of the folder; None before the first. Raises ProtocolUnreadable."""
    kept = folder / SIGNED
    if not kept.is_dir():
        return None
    protocols = [loads(path.read_text()) for path in sorted(kept.glob("*.protocol.json"))]
    signatures = [loads_signature(path.read_text()) for path in sorted(kept.glob("*.signature.json"))]
    found = last_signed(protocols, signatures, trusted)
    return found[0] if found else None

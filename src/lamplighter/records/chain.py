"""The ledger's chain: each entry's hash covers the one before it, so that no entry can change or go unnoticed.

The hash is keyed by the practice: whoever can write the database but lacks the key can't forge a link.
"""

import hmac
from datetime import UTC, datetime

from lamplighter.desk.ports import LedgerEntry


def origin(key: bytes, practice: str) -> str:
    """The hash that the first entry of this practice's chain follows; two practices' chains never fit together."""
    return hmac.digest(key, f"lamplighter ledger\x1f{practice}".encode(), "sha256").hex()


def link(
    key: bytes,
    before: str,
    seq: int,
    at: datetime,
    who: str,
    what: str,
    about: str,
    why: str,
    sealed_hash: str,
) -> str:
    """The hash of an entry that follows the one with hash `before`. Lengths are hashed too: no field can run over."""
    when = at.astimezone(UTC).isoformat()
    sizes = f"{seq}|{when}|{len(who)}|{len(what)}|{len(about)}|{len(why)}|{len(sealed_hash)}|"
    text = before + sizes + who + what + about + why + sealed_hash
    return hmac.digest(key, text.encode(), "sha256").hex()


def follows(key: bytes, before: str, entry: LedgerEntry, seq: int | None = None) -> bool:
    """Whether the entry is the one that was written after `before`, at its own place or at `seq`."""
    place = entry.seq if seq is None else seq
    wanted = link(
        key, before, place, entry.at, entry.who, entry.what, entry.about, entry.why, entry.sealed_hash
    )
    return hmac.compare_digest(wanted, entry.hash)

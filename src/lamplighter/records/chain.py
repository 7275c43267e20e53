"""The ledger's chain: each entry's hash covers the one before it, so that no entry can change or go unnoticed."""

import hashlib
from datetime import UTC, datetime


def origin(practice: str) -> str:
    """The hash that the first entry of this practice's chain follows; two practices' chains never fit together."""
    return hashlib.sha256(f"lamplighter ledger\x1f{practice}".encode()).hexdigest()


def link(
    before: str, seq: int, at: datetime, who: str, what: str, about: str, why: str, sealed_hash: str
) -> str:
    """The hash of an entry that follows the one with hash `before`. Lengths are hashed too: no field can run over."""
    fields = (str(seq), at.astimezone(UTC).isoformat(), who, what, about, why, sealed_hash)
    text = before + "".join(f"{len(field)}:{field}" for field in fields)
    return hashlib.sha256(text.encode()).hexdigest()

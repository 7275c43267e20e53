"""The ledger's chain: each entry's hash covers the one before it, so that no entry can change or go unnoticed.

The hash is keyed by the practice (BLAKE2b as a MAC): whoever can write the database but lacks the key can't forge a
link. Times are whole microseconds since 1970, as every store keeps them.
"""

import hashlib

_HASH_BYTES = 32


def origin(key: bytes, practice: str) -> str:
    """The hash that the first entry of this practice's chain follows; two practices' chains never fit together."""
    return _mac(key, f"lamplighter ledger\x1f{practice}")


def link(
    key: bytes,
    before: str,
    seq: int,
    micros: int,
    who: str,
    what: str,
    about: str,
    why: str,
    sealed_hash: str,
) -> str:
    """The hash of an entry that follows the one with hash `before`. Lengths are hashed too: no field can run over."""
    sizes = f"{seq}|{micros}|{len(who)}|{len(what)}|{len(about)}|{len(why)}|{len(sealed_hash)}|"
    return _mac(key, before + sizes + who + what + about + why + sealed_hash)


def storable(text: str) -> str:
    """The text without what no database and no hash takes: NUL, and halves of surrogate pairs."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _mac(key: bytes, text: str) -> str:
    return hashlib.blake2b(text.encode(), key=key, digest_size=_HASH_BYTES).hexdigest()

"""The line under a version that was signed before, for contacts that began with it."""

from collections.abc import Mapping
from pathlib import Path

from lamplighter import logs
from lamplighter.desk.lines import Stored
from lamplighter.desk.one_turn import Line
from lamplighter.practice.model import PracticeId
from lamplighter.practice.protocol import Protocol, ProtocolUnreadable
from lamplighter.wiring.carriers import Texts, sends
from lamplighter.wiring.lines import signed_line
from lamplighter.wiring.signed_folder import holds, protocol_in, signatures_in
from lamplighter.wiring.signers import SignersUnreadable, Trusted

log = logs.get(__name__)


def stored_lines(
    kept: Mapping[PracticeId, Path], *, asks_reader: bool, texts: Texts, trusted: Trusted | None = None
) -> Stored:
    """`kept` are the folders of what each practice signed. A version is used while a signature of it holds, by one of
    the `trusted` keys where they are given; one that can't be had leaves the contact to the version in force."""

    def stored(practice: PracticeId, protocol_hash: str) -> Line | None:
        try:
            protocol = _signed(kept[practice], protocol_hash, trusted)
            if protocol is not None and protocol.practice.id == practice:
                return signed_line(protocol, asks_reader=asks_reader, texts=sends(texts, protocol.practice))
        except (KeyError, OSError, ValueError, ProtocolUnreadable, SignersUnreadable):
            log.exception("earlier_version_unreadable", practice=practice)
        return None

    return stored


def _signed(kept: Path, protocol_hash: str, trusted: Trusted | None) -> Protocol | None:
    of_it = (each for each in signatures_in(kept) if each.protocol_hash == protocol_hash)
    return protocol_in(kept, protocol_hash) if any(holds(each, kept, trusted) for each in of_it) else None

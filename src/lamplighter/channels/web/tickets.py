"""A browser's claim to its contact: the contact's id and a mark that only we can make, bound to the practice."""

import hashlib
import hmac

from lamplighter.practice.model import PracticeId


class NotYours(ValueError):
    """The ticket was not made here, or for another practice."""


class Tickets:
    """Whoever holds a contact's ticket may read and write in it. `secret` is at least 32 bytes."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < 32:
            raise ValueError("a ticket's secret has at least 32 bytes")
        self._secret = secret

    def __repr__(self) -> str:
        return "<Tickets>"

    def issue(self, practice: PracticeId, contact: str) -> str:
        return f"{contact}.{self._mark(practice, contact)}"

    def contact(self, practice: PracticeId, ticket: str) -> str:
        """Raises NotYours."""
        contact, dot, mark = ticket.rpartition(".")
        if not dot or not hmac.compare_digest(mark.encode(), self._mark(practice, contact).encode()):
            raise NotYours
        return contact

    def _mark(self, practice: PracticeId, contact: str) -> str:
        said = f"{len(practice)}:{practice}:{contact}".encode()
        return hmac.new(self._secret, said, hashlib.sha256).hexdigest()

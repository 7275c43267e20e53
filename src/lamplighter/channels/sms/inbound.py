"""A text that came in: it belongs to the contact under way for its number, or begins one."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Lock
from typing import Literal

from lamplighter import logs
from lamplighter.conversation.events import Opened
from lamplighter.desk.contacts import Contacts, NotStored, Reply
from lamplighter.desk.ports import Records
from lamplighter.practice.model import PracticeId

log = logs.get(__name__)
LONGEST = 64_000
"""Characters of one text: forty times what any carrier delivers. The guard reads all of them, to the last word."""


class TooLong(ValueError):
    """No carrier delivers such a text; whoever brought it is to be refused at the door."""


class Inbound:
    """Where texts arrive, whichever carrier brings them. Safe to call from several threads."""

    def __init__(self, contacts: Contacts, records: Records) -> None:
        self._contacts = contacts
        self._records = records
        self._locks: dict[tuple[PracticeId, str], tuple[Lock, int]] = {}
        self._guard = Lock()

    def take(
        self,
        practice: PracticeId,
        *,
        dialled: str,
        sender: str,
        text: str,
        inbound: str,
        carrier: Literal["stop", "start"] | None = None,
    ) -> Reply:
        """Two texts of one number are taken one after the other. `inbound` is the carrier's id of the text. What comes
        back may be sent: nothing that another worker, or a member of staff, has overtaken meanwhile. Raises TooLong,
        NotStored."""
        if len(text) > LONGEST:
            raise TooLong(f"a text of {len(text)} characters")
        taking = partial(self._take, practice, dialled, sender, text, inbound, carrier)
        try:
            return taking()
        except NotStored:
            raise
        except Exception:
            self._contacts.not_opened(practice, Opened("sms", dialled, "", sender), text, taking, inbound)
            raise

    def _take(
        self,
        practice: PracticeId,
        dialled: str,
        sender: str,
        text: str,
        inbound: str,
        carrier: Literal["stop", "start"] | None,
    ) -> Reply:
        with self._one_at_a_time(practice, sender):
            contact = self._under_way(practice, sender)
            if contact is None and self._came_before(practice, inbound):
                return Reply("", (), True, False)
            if contact is None:
                locale = self._language_of(practice, sender)
                contact = self._contacts.open(
                    practice, channel="sms", dialled=dialled, address=sender, locale=locale
                ).contact
            reply = self._contacts.hear(practice, contact, text, inbound=inbound, carrier=carrier)
            return self._still(practice, reply)

    def _still(self, practice: PracticeId, reply: Reply) -> Reply:
        """What of an answer may still go out; all of it where that can't be asked, for it is stored as said and silence
        would be worse."""
        try:
            return self._contacts.current(practice, reply)
        except Exception:
            log.exception("floor_not_read", practice=practice, contact=reply.contact, channel="sms")
            return reply

    def _under_way(self, practice: PracticeId, sender: str) -> str | None:
        with self._records.transaction(practice) as tx:
            return tx.log.open_contact("sms", sender)

    def _came_before(self, practice: PracticeId, inbound: str) -> bool:
        """A text of a contact that is over, brought again, begins none."""
        with self._records.transaction(practice) as tx:
            return tx.log.claimed(inbound)

    def _language_of(self, practice: PracticeId, sender: str) -> str | None:
        """In which we have written to whoever is on file under the number; a letter alone tells no language."""
        with self._records.transaction(practice) as tx:
            spoken = {person.language for person in tx.people.by_phone(sender) if person.language}
        return spoken.pop() if len(spoken) == 1 else None

    @contextmanager
    def _one_at_a_time(self, practice: PracticeId, sender: str) -> Iterator[None]:
        place = practice, sender
        with self._guard:
            lock, waiting = self._locks.get(place, (Lock(), 0))
            self._locks[place] = lock, waiting + 1
        try:
            with lock:
                yield
        finally:
            with self._guard:
                lock, waiting = self._locks[place]
                if waiting == 1:
                    del self._locks[place]
                else:
                    self._locks[place] = lock, waiting - 1

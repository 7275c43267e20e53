"""An email that is being taken when the process dies, after whichever commit: it is taken whole at the next start."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from lamplighter.channels.email.reading import Mail, read
from lamplighter.conversation import events as e
from lamplighter.records.opening import open_sqlite
from tests.channels.email.mails import ADDRESS, OFFICE, Writer, letter, with_mailbox, writer
from tests.promises.desks import NOON, House, of_kind
from tests.records.stores import KEYS, TestClock


class Died(BaseException):
    """As of a process that is killed: nothing catches it."""


class Mortal:
    """Records whose process dies right after the n-th commit."""

    def __init__(self, records: Any) -> None:
        self._records, self.left = records, 0

    @contextmanager
    def transaction(self, practice: str, *more: Any, **others: Any) -> Iterator[Any]:
        with self._records.transaction(practice, *more, **others) as tx:
            yield tx
        self.left -= 1
        if self.left == 0:
            raise Died


def die_at(them: Writer, commit: int, raw: bytes) -> bool:
    """Whether it got so far."""
    mortal = Mortal(them.house.store)
    mortal.left = commit
    them.house.records = mortal
    them.house.reopen()
    inbound = them.inbound
    inbound._records = mortal
    try:
        inbound.take(them.house.practice, read_of(raw))
    except Died:
        return True
    finally:
        them.house.records = them.house.store
        them.house.reopen()
    return False


def read_of(raw: bytes) -> Mail:
    return read(raw, OFFICE)


def test_promise_9_an_email_is_taken_once_wherever_the_process_dies() -> None:
    commit, died = 0, True
    while died:
        commit += 1
        them = writer()
        raw = letter("I'll be there", answers=them.got().id)
        died = die_at(them, commit, raw)
        them.sends(raw)
        them.sends(raw)
        assert them.visit().status == "confirmed" and len(them.contacts) == 1
        with them.house.store.transaction("demo") as tx:
            heard = of_kind([each.body for each in tx.log.read(them_contact(tx))], e.Heard)
            answers = [each for each in tx.outbox.recent(50) if each.phrase == "thread"]
        assert len(heard) == 1 and [each.status for each in answers] == ["sent"]
    assert commit > 5


def them_contact(tx: Any) -> str:
    found: str = next(each.id for each in tx.log.contacts() if each.channel == "email")
    return found


def test_what_an_email_did_is_kept_in_an_encrypted_file(tmp_path: Path) -> None:
    records = open_sqlite(tmp_path / "records.db", KEYS, TestClock(NOON))
    try:
        house = House(practice=replace(with_mailbox(), id="demo"), store=records)
        them = Writer(house)
        them.inbound.take(house.practice, read_of(letter("Where can I park?")))
        them.inbound.take(house.practice, read_of(letter("I want to kill myself tonight")))
        with records.transaction("demo") as tx:
            [contact] = [each for each in tx.log.contacts() if each.channel == "email"]
            waiting = [each.to for each in tx.outbox.recent(10) if each.phrase == "thread"]
        assert contact.address == ADDRESS and waiting == [ADDRESS, ADDRESS]
        assert them.state.verdict == "crisis"
    finally:
        records.close()

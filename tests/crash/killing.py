"""Records that kill their process at the n-th thing they are asked to write, and a messenger that writes to a file."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lamplighter.desk.ports import Transaction
from lamplighter.desk.ports.clearinghouse import Answered, Reply
from lamplighter.desk.ports.coverage import BenefitRow, EligibilityQuestion

WRITES = {
    "log": ("append", "claim", "lease", "forget_words"),
    "schedule": ("hold", "renew", "release", "book", "move", "set_status", "change_series", "add_series"),
    "people": ("add", "update", "link_contact"),
    "tasks": ("add", "close"),
    "consents": ("record",),
    "waitlist": ("join", "leave"),
    "outbox": ("add", "advance"),
    "jobs": ("enqueue", "cancel"),
    "pictures": ("keep", "destroy"),
}


class Deadline:
    """Counts steps; at the n-th, or at the one so named, the process is gone. Which it was is written down before."""

    def __init__(self, die_at: int | str, diary: Path) -> None:
        self.die_at(die_at)
        self._diary = diary
        self.armed = False

    def die_at(self, step: int | str) -> None:
        self._left = step if isinstance(step, int) else 0
        self._named = step if isinstance(step, str) else None

    def step(self, name: str) -> None:
        if not self.armed:
            return
        self._left -= 1
        if self._left == 0 or name == self._named:
            append_line(self._diary, name)
            os.kill(os.getpid(), signal.SIGKILL)


class _Part:
    """One part of a transaction; every write is a step."""

    def __init__(self, part: Any, name: str, deadline: Deadline) -> None:
        self._part, self._name, self._deadline = part, name, deadline

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._part, name)
        if name not in WRITES[self._name]:
            return found

        def write(*args: Any, **kwargs: Any) -> Any:
            self._deadline.step(f"{self._name}.{name}")
            return found(*args, **kwargs)

        return write


class _Transaction:
    def __init__(self, transaction: Transaction, deadline: Deadline) -> None:
        self._transaction = transaction
        for name in WRITES:
            setattr(self, name, _Part(getattr(transaction, name), name, deadline))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transaction, name)


class MortalRecords:
    """Real records, in which each write, the moment before each commit and the moment after it are steps."""

    def __init__(self, records: Any, deadline: Deadline) -> None:
        self._records, self._deadline = records, deadline

    @contextmanager
    def transaction(self, practice: str) -> Iterator[Any]:
        with self._records.transaction(practice) as transaction:
            yield _Transaction(transaction, self._deadline)
            self._deadline.step("commit")
        self._deadline.step("committed")


class FileMessenger:
    """The world outside: a line a message. A known id is not sent again, as the port wants it of every carrier."""

    def __init__(self, file: Path, step: Callable[[str], None]) -> None:
        self._file, self._step = file, step

    def send(self, message_id: str, channel: str, to: str, sender: str, text: str) -> None:
        self._step("before sending")
        if message_id not in lines(self._file):
            append_line(self._file, message_id)
        self._step("after sending")


class FileClearinghouse:
    """A clearinghouse outside: a line a question that left. `of` makes it every practice's."""

    party = ""

    def __init__(self, file: Path, step: Callable[[str], None]) -> None:
        self._file, self._step = file, step

    def of(self, practice: str) -> "FileClearinghouse":
        return self

    def ask(self, question: EligibilityQuestion, deadline: float) -> Reply:
        self._step("before asking")
        append_line(self._file, question.trace)
        self._step("after asking")
        return Answered((BenefitRow(1, "1", services=("30",)),), None, "LANTERN", question.trace)

    def look_again(self, question: EligibilityQuestion, ticket: str, deadline: float) -> Reply:
        raise AssertionError("nothing was pending")


def append_line(file: Path, line: str) -> None:
    handle = os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    os.write(handle, f"{line}\n".encode())
    os.close(handle)


def lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []

"""What is signed while the server runs is taken up by new contacts within seconds; nobody's words change halfway.

The folders of what was signed are looked at every other second. Only something newer than what answers is taken up: a
file that is gone, damaged or not trusted silences nobody.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from lamplighter import logs
from lamplighter.desk.lines import Lines
from lamplighter.desk.one_turn import Line
from lamplighter.desk.ports import Clock
from lamplighter.practice.directory import Directory
from lamplighter.practice.model import PracticeId
from lamplighter.practice.problems import PracticeProblems
from lamplighter.practice.protocol import Protocol, Signature, languages_approved
from lamplighter.wiring.page_review import PageReview
from lamplighter.wiring.signed_folder import IN_THE_FUTURE, Looked, look_through
from lamplighter.wiring.signed_words import newer_phrases
from lamplighter.wiring.signers import FILE
from lamplighter.wiring.staff import StaffPage

log = logs.get(__name__)
EVERY: Final = 2.0  # seconds
Marks = frozenset[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class Answered:
    """A practice that is answered, with its staff page."""

    review: PageReview
    page: StaffPage


class TakingUp:
    """`line` makes the line of a protocol. `approved`: of each practice the languages whose words its own people
    approved by name."""

    def __init__(
        self,
        answered: Iterable[Answered],
        lines: Lines,
        directory: Directory,
        approved: dict[PracticeId, frozenset[str]],
        clock: Clock,
        line: Callable[[Protocol], Line],
    ) -> None:
        self._answered = tuple(answered)
        self._lines, self._directory, self._approved = lines, directory, approved
        self._clock, self._line = clock, line
        self._done: dict[PracticeId, Marks] = {}
        self._told: dict[PracticeId, Marks] = {}
        self._since: dict[PracticeId, datetime] = {}

    def start(self, every: float = EVERY) -> Callable[[], None]:
        """Looks until what it gives is called."""
        over = threading.Event()

        def watch() -> None:
            while not over.wait(every):
                self.look()

        threading.Thread(target=watch, daemon=True, name="taking-up").start()
        return over.set

    def look(self) -> tuple[PracticeId, ...]:
        """The practices of which something newer was taken up just now. What goes wrong is tried again, and keeps no
        other practice waiting."""
        return tuple(each.review.practice for each in self._answered if self._looked_at(each))

    def _looked_at(self, each: Answered) -> bool:
        practice, kept = each.review.practice, each.review.review.kept
        marks = _marks(kept, each.review.data)
        if self._done.get(practice) == marks:
            return False
        try:
            looked = look_through(kept, each.review.signers, self._clock.now())
            taken = self._take_up_newer(each, looked)
        except Exception as wrong:
            self._tell(each, marks, wrong)
            return False
        self._tell(each, marks, looked)
        if not any(IN_THE_FUTURE[0] in problem.message for problem in looked.passed_over):
            self._done[practice] = marks
        return taken

    def _tell(self, each: Answered, marks: Marks, what: Looked | Exception) -> None:
        """Once, as long as nothing has changed."""
        practice = each.review.practice
        if self._told.get(practice) == marks:
            return
        self._told[practice] = marks
        if isinstance(what, Exception):
            log.error("newly_signed_not_taken_up", practice=practice, exc_info=what)
        else:
            for problem in what.passed_over:
                log.error("signature_passed_over", practice=practice, file=problem.file)

    def _take_up_newer(self, each: Answered, looked: Looked) -> bool:
        newer = looked.last is not None and self._is_newer(each.review.practice, *looked.last)
        return newer and looked.last is not None and self._take_up(each, *looked.last)

    def _is_newer(self, practice: PracticeId, protocol: Protocol, signature: Signature) -> bool:
        """One that was signed before what answers is none: a file that is gone takes nobody back."""
        since = self._since.get(practice)
        if protocol.hash != self._lines[practice].protocol_hash:
            return since is None or signature.at > since
        self._since[practice] = signature.at
        return False

    def _take_up(self, each: Answered, protocol: Protocol, signature: Signature) -> bool:
        """In the ledger first, as at a start; then new contacts, then the pages."""
        practice, approved = each.review.practice, languages_approved(signature)
        if protocol.practice.id != practice:
            log.error("newly_signed_needs_a_restart", practice=practice)
            return False
        line = self._line(protocol)
        try:
            self._directory.renew(protocol.practice)
        except PracticeProblems as wrong:
            log.error("newly_signed_clashes", practice=practice, count=len(wrong.problems))
            return False
        each.review.note_unseen()
        self._lines.take_up(line)
        self._since[practice] = signature.at
        self._approved[practice] = approved
        each.page.renew(protocol.practice, approved, line.conversation.law)
        for problem in newer_phrases(protocol):
            log.warning("phrases_not_signed", practice=practice, file=problem.file)
        log.info("newly_signed_taken_up", practice=practice, version=protocol.hash[:12])
        return True


def _marks(*folders: Path) -> Marks:
    """What a look would find changed: the signatures, and whose count."""
    kept, data = folders
    files = [*kept.glob("*.signature.json"), data / FILE]
    return frozenset(_mark(file) for file in files)


def _mark(file: Path) -> tuple[str, int, int]:
    try:
        seen = file.stat()
    except OSError:
        return file.name, 0, 0
    return file.name, seen.st_mtime_ns, seen.st_size

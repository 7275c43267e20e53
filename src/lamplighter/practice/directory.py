"""The practices of a deployment, found once at the edge by the number dialled or the web host asked for."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from lamplighter.practice.load import load
from lamplighter.practice.model import Practice, PracticeId
from lamplighter.practice.problems import PracticeProblems, Problem

LOCAL: Final = frozenset({"localhost", "127.0.0.1"})  # this machine; several practices may be tried out on it


class UnknownPractice(LookupError):
    """No practice has this id, number or host."""


class Directory:
    """Raises PracticeProblems where two practices share an id, a number or a host."""

    def __init__(self, practices: Iterable[Practice]) -> None:
        self._by_id: dict[PracticeId, Practice] = {}
        self._by_number: dict[str, Practice] = {}
        self._by_host: dict[str, Practice] = {}
        clashes = [clash for practice in practices for clash in self._enter(practice)]
        if clashes:
            raise PracticeProblems(clashes)

    def __iter__(self) -> Iterator[Practice]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def by_id(self, practice_id: PracticeId) -> Practice:
        """Raises UnknownPractice."""
        return _found(self._by_id, practice_id)

    def by_number(self, number: str) -> Practice:
        """`number` is the one dialled, E.164. Raises UnknownPractice."""
        return _found(self._by_number, number)

    def by_host(self, host: str) -> Practice:
        """`host` as a browser sends it, a port behind it or not. Raises UnknownPractice."""
        name, colon, port = host.strip().lower().rpartition(":")
        return _found(self._by_host, name if colon and port.isdigit() else host.strip().lower())

    def renew(self, practice: Practice) -> None:
        """Another version of one that is here takes its place. Raises PracticeProblems, and changes nothing, where it
        clashes with another; UnknownPractice."""
        self.by_id(practice.id)
        fresh = Directory(practice if each.id == practice.id else each for each in self)
        self._by_id, self._by_number, self._by_host = fresh._by_id, fresh._by_number, fresh._by_host

    def _enter(self, practice: Practice) -> Iterator[Problem]:
        if practice.id in self._by_id:
            yield _clash(practice, f'the id "{practice.id}"', self._by_id[practice.id])
            return
        self._by_id[practice.id] = practice
        for number in practice.numbers:
            if self._by_number.setdefault(number, practice) is not practice:
                yield _clash(practice, f"the number {number}", self._by_number[number])
        for host in practice.hosts:
            if self._by_host.setdefault(host, practice) is not practice and host not in LOCAL:
                yield _clash(practice, f"the host {host}", self._by_host[host])


def load_directory(folder: Path) -> Directory:
    """Every practice in `folder`, one in each folder within. Raises PracticeProblems with the mistakes of all."""
    practices, problems = [], []
    for inside in sorted(path for path in folder.iterdir() if path.is_dir()):
        try:
            practices.append(load(inside))
        except PracticeProblems as found:
            problems += [_within(inside.name, problem) for problem in found.problems]
    if problems:
        raise PracticeProblems(problems)
    return Directory(practices)


def _found(known: dict[str, Practice], wanted: str) -> Practice:
    if wanted not in known:
        raise UnknownPractice
    return known[wanted]


def _clash(practice: Practice, what: str, other: Practice) -> Problem:
    message = f"{what} of {practice.id} already leads to {other.id}"
    return Problem(
        f"{practice.id}/practice.yaml", 0, message, "A caller must reach one practice: change one of them."
    )


def _within(folder: str, problem: Problem) -> Problem:
    return Problem(
        f"{folder}/{problem.file}", problem.line, problem.message, problem.remedy, problem.severity
    )

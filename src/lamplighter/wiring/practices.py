"""The practices of a deployment as their folders stand: signed ones, ones that nobody has signed, and ones that can't
be loaded. What is wrong with one keeps no other from being answered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from lamplighter import logs
from lamplighter.practice.directory import Directory
from lamplighter.practice.files.practice import read_practice
from lamplighter.practice.load import load, read_folder
from lamplighter.practice.model import Practice, PracticeId
from lamplighter.practice.problems import PracticeProblems, Problem
from lamplighter.practice.protocol import Protocol, ProtocolUnreadable, languages_approved
from lamplighter.practice.reading import parse
from lamplighter.wiring.signed_folder import SIGNED, look_through, unreadable
from lamplighter.wiring.signers import Trusted

log = logs.get(__name__)
PROFILE: Final = "practice.yaml"


class NothingToServe(Exception):
    """There is no practice at all; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Signed:
    """`approved`: the languages whose words its own people approved by name. `passed_over`: what was signed after it
    and could not be used."""

    folder: Path
    protocol: Protocol
    approved: frozenset[str]
    passed_over: tuple[Problem, ...] = ()

    @property
    def practice(self) -> Practice:
        return self.protocol.practice


@dataclass(frozen=True, slots=True)
class Unsigned:
    """It loads, and nobody has signed it yet in a way that counts."""

    folder: Path
    practice: Practice
    passed_over: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Unloadable:
    """`phone` and `hosts` as far as its practice.yaml could be read."""

    folder: Path
    problems: tuple[Problem, ...]
    phone: str | None = None
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Practices:
    signed: tuple[Signed, ...]
    unsigned: tuple[Unsigned, ...]
    unloadable: tuple[Unloadable, ...]

    @property
    def answered(self) -> tuple[Signed | Unsigned, ...]:
        """In the order of their staff pages: those that are signed first, so that a draft moves nobody's page."""
        return (*self.signed, *self.unsigned)

    @property
    def approved(self) -> dict[PracticeId, frozenset[str]]:
        """Of each that is answered, the languages whose words its own people approved by name."""
        signed = {each.practice.id: each.approved for each in self.signed}
        return {each.practice.id: signed.get(each.practice.id, frozenset()) for each in self.answered}


def practices_in(
    folder: Path | None, trusted: Trusted | None = None, now: datetime | None = None
) -> Practices:
    """A practice whose signed protocol is damaged, or was changed by hand, is not answered under it, nor under an
    older one; the others are. `trusted`: whose signatures count; without it anybody's. `now`: one that is dated after
    it doesn't count yet. Raises NothingToServe; PracticeProblems where two signed practices claim one number or
    host."""
    if folder is None or not folder.is_dir():
        raise NothingToServe("set LAMPLIGHTER_PRACTICES to the folder that holds the practices' folders")
    inside = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    if not inside:
        raise NothingToServe(f"there is no practice in {folder}: 'lamplighter practice new' makes one")
    found = [(path, _signed(path, trusted, now)) for path in inside]
    signed = tuple(each for _, each in found if isinstance(each, Signed))
    damaged = tuple(each for _, each in found if isinstance(each, Unloadable))
    unsigned = {path: each for path, each in found if isinstance(each, tuple)}
    drafts = tuple(_drafts(unsigned, signed))
    return Practices(
        signed,
        tuple(each for each in drafts if isinstance(each, Unsigned)),
        (*damaged, *(each for each in drafts if isinstance(each, Unloadable))),
    )


def _signed(
    folder: Path, trusted: Trusted | None, now: datetime | None
) -> Signed | Unloadable | tuple[Problem, ...]:
    """What was passed over where nothing counts."""
    try:
        looked = look_through(folder / SIGNED, trusted, now)
    except (OSError, UnicodeDecodeError, ProtocolUnreadable) as wrong:
        log.error("signed_protocol_unreadable", file=folder.name)
        return Unloadable(folder, (unreadable(wrong),), *_reached(folder))
    for problem in looked.passed_over:
        log.error("signature_passed_over", file=problem.file)
    if looked.last is None:
        return looked.passed_over
    protocol, signature = looked.last
    return Signed(folder, protocol, languages_approved(signature), looked.passed_over)


def _drafts(
    folders: Mapping[Path, tuple[Problem, ...]], signed: tuple[Signed, ...]
) -> Iterator[Unsigned | Unloadable]:
    taken = [each.practice for each in signed]
    Directory(taken)
    for folder, passed_over in folders.items():
        draft = _draft(folder, taken, passed_over)
        if isinstance(draft, Unsigned):
            taken.append(draft.practice)
            log.warning("practice_not_signed", file=folder.name, practice=draft.practice.id)
        else:
            log.error("practice_not_loaded", file=folder.name, count=len(draft.problems))
        yield draft


def _draft(folder: Path, taken: list[Practice], passed_over: tuple[Problem, ...]) -> Unsigned | Unloadable:
    """A draft that claims what another practice has is no practice: the other one is answered."""
    try:
        practice = load(folder)
    except PracticeProblems as wrong:
        phone, hosts = _reached(folder)
        theirs = {host for each in taken for host in each.hosts}
        return Unloadable(folder, wrong.problems, phone, tuple(host for host in hosts if host not in theirs))
    try:
        Directory([*taken, practice])
    except PracticeProblems as wrong:
        return Unloadable(folder, wrong.problems)
    return Unsigned(folder, practice, passed_over)


def _reached(folder: Path) -> tuple[str | None, tuple[str, ...]]:
    """How it is reached, by its practice.yaml alone."""
    try:
        files, _ = read_folder(folder)
    except PracticeProblems:
        return None, ()
    profile, _ = parse(PROFILE, files.get(PROFILE, b""), read_practice)
    return (profile.phone or None, profile.hosts) if profile else (None, ())

"""Reads a practice's folder. Every mistake is found in one go, with its file, its line and what to do about it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeVar

from lamplighter.practice.across import across_files
from lamplighter.practice.authorizing import AuthorizationRules
from lamplighter.practice.files.answers import read_answers
from lamplighter.practice.files.authorizations import read_authorizations
from lamplighter.practice.files.billing import read_billing
from lamplighter.practice.files.core import core_language, read_core
from lamplighter.practice.files.day_of_visit import read_day_of_visit
from lamplighter.practice.files.eligibility import read_eligibility
from lamplighter.practice.files.insurance import read_insurance
from lamplighter.practice.files.known import Known, ids, language_of
from lamplighter.practice.files.ladder import read_ladder
from lamplighter.practice.files.money import BLANK as MONEY_BLANK
from lamplighter.practice.files.money import MoneyRules, read_money
from lamplighter.practice.files.outage import read_outage
from lamplighter.practice.files.packet import packet_language, read_packet, read_packet_words
from lamplighter.practice.files.parties import read_parties
from lamplighter.practice.files.people import read_people
from lamplighter.practice.files.practice import BLANK, Profile, read_practice
from lamplighter.practice.files.referrals import read_referrals
from lamplighter.practice.files.reminders import read_reminders
from lamplighter.practice.files.visits import read_visits
from lamplighter.practice.files.waitlist import read_waitlist
from lamplighter.practice.model import (
    Answers,
    DayOfVisit,
    Eligibility,
    Ladder,
    Packet,
    Practice,
    Reminders,
    WaitlistRules,
)
from lamplighter.practice.problems import PracticeProblems, Problem
from lamplighter.practice.reading import LARGEST_FILE, Section, parse
from lamplighter.practice.values import nearest, shorten

T = TypeVar("T")
NEEDED: Final = ("practice.yaml", "visits.yaml", "insurance.yaml", "people.yaml", "money.yaml", "ladder.yaml")
OPTIONAL: Final = (
    "referrals.yaml", "parties.yaml", "reminders.yaml", "waitlist.yaml", "day_of_visit.yaml", "packet.yaml",
    "eligibility.yaml", "authorizations.yaml",
    "billing.yaml", "outage.yaml",
)  # fmt: skip
NEW: Final = "`lamplighter practice new` makes one."
NO_LADDER: Final = Ladder({}, {})


def load(folder: Path, phrasebooks: Collection[str] | None = None) -> Practice:
    """The practice in `folder`. Raises PracticeProblems.

    `phrasebooks` are the languages there is a phrasebook for; given, a language signed without one is a problem.
    """
    files, unread = read_folder(folder)
    return _or_raise(*_read(files, unread, phrasebooks))


def load_files(files: Mapping[str, bytes], phrasebooks: Collection[str] | None = None) -> Practice:
    """The practice in files that are already in memory, name to content. Raises PracticeProblems."""
    return _loaded(tuple(files.items()), None if phrasebooks is None else frozenset(phrasebooks))


@lru_cache(maxsize=8)
def _loaded(files: tuple[tuple[str, bytes], ...], phrasebooks: frozenset[str] | None) -> Practice:
    """The same files are loaded for one thing after another: to sign them, to show them, to answer by them."""
    return _or_raise(*_read(dict(files), [], phrasebooks))


def check(folder: Path, phrasebooks: Collection[str] | None = None) -> list[Problem]:
    """Every mistake in the folder, in order of file and line; empty when it can be loaded."""
    try:
        files, unread = read_folder(folder)
    except PracticeProblems as no_folder:
        return list(no_folder.problems)
    return _read(files, unread, phrasebooks)[1]


def read_folder(folder: Path) -> tuple[dict[str, bytes], list[Problem]]:
    """The folder's YAML files, name to content, and a problem for each that could not be read.

    Raises PracticeProblems where there is no folder.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if _is_yaml(path.name))
    except (OSError, ValueError):
        missing = Problem(shorten(str(folder), 200), 0, "there is no such folder", NEW)
        raise PracticeProblems([missing]) from None
    files: dict[str, bytes] = {}
    unread = []
    for path in paths:
        content = _content(path)
        if content is None:
            unread.append(
                Problem(
                    path.name, 0, "this cannot be read as a file", "Put a plain, readable file in its place."
                )
            )
        else:
            files[path.name] = content
    return files, unread


def _is_yaml(name: str) -> bool:
    return name.endswith((".yaml", ".yml"))


def _content(path: Path) -> bytes | None:
    """At most a byte more than a file may have; None for what is not a plain file."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as stream:
            return stream.read(LARGEST_FILE + 1)
    except OSError:
        return None


def _or_raise(practice: Practice, problems: list[Problem]) -> Practice:
    if problems:
        raise PracticeProblems(problems)
    return practice


def _read(
    files: Mapping[str, bytes], unread: list[Problem], phrasebooks: Collection[str] | None
) -> tuple[Practice, list[Problem]]:
    """The practice as far as it could be read, with blanks for the rest, and all that is wrong with it."""
    parts = _Parts(files)
    practice = parts.practice()
    problems = [
        *unread,
        *_strangers(files, {problem.file for problem in unread}),
        *parts.problems,
        *across_files(practice, files, phrasebooks),
    ]
    return practice, sorted(dict.fromkeys(problems))


class _Parts:
    """Reads the files in such an order that each can be told what it refers to."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.problems: list[Problem] = []

    def practice(self) -> Practice:
        profile = self._part("practice.yaml", read_practice)
        visits = self._part("visits.yaml", read_visits)
        insurers = self._part("insurance.yaml", read_insurance)
        known = Known(
            sites=None if profile is None else ids(profile.sites),
            visit_kinds=ids(visits),
            insurers=ids(insurers),
            hours=(profile or BLANK).hours,
        )
        clinicians = self._part("people.yaml", lambda section: read_people(section, known))
        if clinicians is not None:
            known = replace(known, clinicians={each.id: each.phone for each in clinicians if each.id})
        rules = self._part("money.yaml", read_money) or MONEY_BLANK
        for name in filter(core_language, sorted(self.files)):
            self._part(name, read_core)
        return Practice(
            **{entry.name: getattr(profile or BLANK, entry.name) for entry in fields(Profile)},
            **{entry.name: getattr(rules, entry.name) for entry in fields(MoneyRules)},
            visit_kinds=visits or (),
            insurers=insurers or (),
            clinicians=clinicians or (),
            ladder=self._part("ladder.yaml", lambda section: read_ladder(section, known)) or NO_LADDER,
            answers=Answers(self._answers()),
            referrals=self._part("referrals.yaml", lambda section: read_referrals(section, known)) or (),
            parties=self._part("parties.yaml", read_parties) or (),
            reminders=self._part("reminders.yaml", lambda section: read_reminders(section, known))
            or Reminders(),
            waitlist=self._part("waitlist.yaml", read_waitlist) or WaitlistRules(),
            day_of_visit=self._part("day_of_visit.yaml", lambda section: read_day_of_visit(section, known))
            or DayOfVisit(),
            eligibility=self._part("eligibility.yaml", lambda section: read_eligibility(section, known))
            or Eligibility(),
            authorizations=self._part(
                "authorizations.yaml", lambda section: read_authorizations(section, known)
            )
            or AuthorizationRules(),
            packet=self._packet(known),
            billing=self._part("billing.yaml", read_billing),
            outage=self._part("outage.yaml", read_outage),
        )

    def _packet(self, known: Known) -> Packet:
        pieces = self._part("packet.yaml", lambda section: read_packet(section, known)) or ()
        by_name = {name: packet_language(name) for name in sorted(self.files)}
        words = {
            language: found
            for name, language in by_name.items()
            if language and (found := self._part(name, read_packet_words)) is not None
        }
        return Packet(pieces, words)

    def _answers(self) -> dict[str, dict[str, str]]:
        by_name = {name: _answers_language(name) for name in sorted(self.files)}
        return {
            language: self._part(name, read_answers) or {} for name, language in by_name.items() if language
        }

    def _part(self, name: str, read: Callable[[Section], T]) -> T | None:
        if name not in self.files:
            return None
        value, found = parse(name, self.files[name], read)
        self.problems += found
        return value


def _strangers(files: Mapping[str, bytes], unread: Collection[str]) -> list[Problem]:
    """Files that are missing, and files nobody reads (a name with a slip in it would be both)."""
    absent = [name for name in NEEDED if name not in files and name not in unread]
    problems = [
        Problem(
            name, 0, "the file is missing", "Copy it from a folder that `lamplighter practice new` makes."
        )
        for name in absent
    ]
    for name in files:
        if name not in (*NEEDED, *OPTIONAL) and not any(each(name) for each in BY_LANGUAGE):
            meant = _meant(name)
            remedy = (
                f'Rename it to "{meant}"?'
                if meant
                else "Take it out of the folder, or give it another ending."
            )
            problems.append(Problem(name, 0, "nothing reads a file of this name", remedy))
    return problems


def _answers_language(name: str) -> str | None:
    return language_of(name, "answers")


BY_LANGUAGE: Final = (_answers_language, packet_language, core_language)


def _meant(name: str) -> str | None:
    """By what stands before the ending, which is the same in all of them."""
    known = {
        each.removesuffix(".yaml"): each for each in (*NEEDED, *OPTIONAL, "answers.en.yaml", "packet.en.yaml")
    }
    near = nearest(name.rpartition(".")[0] or name, known)
    return known[near] if near is not None else None

"""Reads a practice's folder. Every mistake is found in one go, with its file, its line and what to do about it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Final, TypeVar

from lamplighter.practice.across import across_files
from lamplighter.practice.files.answers import read_answers
from lamplighter.practice.files.insurance import read_insurance
from lamplighter.practice.files.known import Known, ids
from lamplighter.practice.files.ladder import read_ladder
from lamplighter.practice.files.money import BLANK as MONEY_BLANK
from lamplighter.practice.files.money import MoneyRules, read_money
from lamplighter.practice.files.people import read_people
from lamplighter.practice.files.practice import BLANK, Profile, read_practice
from lamplighter.practice.files.referrals import read_referrals
from lamplighter.practice.files.visits import read_visits
from lamplighter.practice.model import Answers, Clinician, Insurer, Ladder, Practice, Referral, VisitKind
from lamplighter.practice.problems import PracticeProblems, Problem
from lamplighter.practice.reading import LARGEST_FILE, Section, parse
from lamplighter.practice.values import LANGUAGE, Unreadable, nearest

T = TypeVar("T")
NEEDED: Final = ("practice.yaml", "visits.yaml", "insurance.yaml", "people.yaml", "money.yaml", "ladder.yaml")
OPTIONAL: Final = ("referrals.yaml",)
NO_LADDER: Final = Ladder({}, {})


def load(folder: Path, phrasebooks: Collection[str] | None = None) -> Practice:
    """The practice in `folder`. Raises PracticeProblems.

    `phrasebooks` are the languages there is a phrasebook for; given, a language signed without one is a problem.
    """
    files, unread = read_folder(folder)
    return _or_raise(*_read(files, unread, phrasebooks))


def load_files(files: Mapping[str, bytes], phrasebooks: Collection[str] | None = None) -> Practice:
    """The practice in files that are already in memory, name to content. Raises PracticeProblems."""
    return _or_raise(*_read(files, [], phrasebooks))


def check(folder: Path, phrasebooks: Collection[str] | None = None) -> list[Problem]:
    """Every mistake in the folder, in order of file and line; empty when it can be loaded."""
    files, unread = read_folder(folder)
    return _read(files, unread, phrasebooks)[1]


def read_folder(folder: Path) -> tuple[dict[str, bytes], list[Problem]]:
    """The folder's YAML files, name to content, and a problem for each that could not be read."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".yml"))
    except (OSError, ValueError):
        return {}, [
            Problem(str(folder), 0, "there is no such folder", "`lamplighter practice new` makes one.")
        ]
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
    problems = list(unread)
    if unread and not unread[0].file.endswith((".yaml", ".yml")):
        return _practice(BLANK, (), (), (), MONEY_BLANK, NO_LADDER, Answers(), ()), problems
    problems += _strangers(files, {problem.file for problem in unread})

    def part(name: str, read: Callable[[Section], T], blank: T) -> T:
        if name not in files:
            return blank
        value, found = parse(name, files[name], read, blank)
        problems.extend(found)
        return value

    profile = part("practice.yaml", read_practice, BLANK)
    visits = part("visits.yaml", read_visits, ())
    insurers = part("insurance.yaml", read_insurance, ())
    known = Known(
        sites=ids(site.id for site in profile.sites),
        visit_kinds=ids(kind.id for kind in visits),
        insurers=ids(insurer.id for insurer in insurers),
        hours=profile.hours,
    )
    clinicians = part("people.yaml", lambda section: read_people(section, known), ())
    known = replace(known, clinicians={c.id: c.phone for c in clinicians if c.id} or None)
    rules = part("money.yaml", read_money, MONEY_BLANK)
    ladder = part("ladder.yaml", lambda section: read_ladder(section, known), NO_LADDER)
    referrals = part("referrals.yaml", lambda section: read_referrals(section, known), ())
    answers = {}
    for name in sorted(files):
        if language := _answers_language(name):
            answers[language] = part(name, read_answers, {})
    practice = _practice(profile, visits, insurers, clinicians, rules, ladder, Answers(answers), referrals)
    problems += across_files(practice, phrasebooks)
    return practice, sorted(dict.fromkeys(problems))


def _practice(
    profile: Profile,
    visits: tuple[VisitKind, ...],
    insurers: tuple[Insurer, ...],
    clinicians: tuple[Clinician, ...],
    rules: MoneyRules,
    ladder: Ladder,
    answers: Answers,
    referrals: tuple[Referral, ...],
) -> Practice:
    return Practice(
        **{entry.name: getattr(profile, entry.name) for entry in fields(profile)},
        **{entry.name: getattr(rules, entry.name) for entry in fields(rules)},
        visit_kinds=visits,
        insurers=insurers,
        clinicians=clinicians,
        ladder=ladder,
        answers=answers,
        referrals=referrals,
    )


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
        if name not in (*NEEDED, *OPTIONAL) and _answers_language(name) is None:
            meant = nearest(name, (*NEEDED, *OPTIONAL, "answers.en.yaml"))
            remedy = (
                f'Rename it to "{meant}"?'
                if meant
                else "Take it out of the folder, or give it another ending."
            )
            problems.append(Problem(name, 0, "nothing reads a file of this name", remedy))
    return problems


def _answers_language(name: str) -> str | None:
    """`es` for answers.es.yaml."""
    start, _, rest = name.partition(".")
    tag, _, ending = rest.rpartition(".")
    if start != "answers" or ending != "yaml":
        return None
    try:
        return LANGUAGE.read(tag) if LANGUAGE.read(tag) == tag else None
    except Unreadable:
        return None
